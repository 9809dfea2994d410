// Checks conditions on the attributes of objects: declared attributes, with one or several of their values.
import { entriesOf, itemsOf } from '../read.js'
import type { Context } from './context.js'
import { isAttributeValue, type OptionFacts, type ResourceFacts } from './facts.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

/** A resource by its name; `undefined` under the key `*`. */
export type NamedResource = { readonly name: string; readonly facts: ResourceFacts } | undefined

/** Checks a `where`; what has a wrong shape is reported elsewhere. */
export function checkAttributesOf(
  where: unknown,
  resource: NamedResource,
  path: Path,
  { problems }: Context
): void {
  if (where === undefined) return
  if (resource === undefined) {
    const message = '`where` names attributes of one resource, and `*` stands for several'
    problems.add('invalid_where', path, message)
    return
  }
  const { name, facts } = resource
  for (const [attribute, value] of entriesOf(where)) {
    const at = [...path, attribute]
    const known = facts.attributes.get(attribute)
    if (!facts.attributes.has(attribute)) {
      const message = `${quoteValue(name)} has no attribute ${quoteValue(attribute)}`
      problems.add('unknown_attribute', at, message, attribute, problems.suggest(attribute, facts.attributes))
    } else if (known !== undefined) checkValues(attribute, value, known, at, problems)
  }
  if (isEmpty(where)) problems.add('invalid_where', path, 'the condition names no attribute', where)
}

function isEmpty(where: unknown): boolean {
  return (
    typeof where === 'object' && where !== null && !Array.isArray(where) && Object.keys(where).length === 0
  )
}

function checkValues(
  name: string,
  given: unknown,
  attribute: OptionFacts,
  path: Path,
  problems: Context['problems']
): void {
  if (!Array.isArray(given)) {
    checkValue(name, given, attribute, path, problems)
    return
  }
  const seen = new Set<unknown>()
  for (const [index, value] of itemsOf(given)) {
    const at = [...path, index]
    checkValue(name, value, attribute, at, problems)
    if (seen.has(value)) problems.add('duplicate_value', at, `${quoteValue(value)} is there twice`, value)
    seen.add(value)
  }
  if (given.length === 0) problems.add('invalid_where', path, 'the condition names no value', given)
}

function checkValue(
  name: string,
  value: unknown,
  attribute: OptionFacts,
  path: Path,
  problems: Context['problems']
): void {
  if (!isAttributeValue(value) || attribute.values.has(value)) return
  const message = `attribute ${quoteValue(name)} has no value ${quoteValue(value)}`
  problems.add(
    'unknown_attribute_value',
    path,
    message,
    value,
    problems.suggestValue(value, attribute.byText)
  )
}
