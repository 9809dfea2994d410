// Checks declared attributes: values that a matrix can write down and a text can hold, a default that is one of them,
// and not more combinations than tables can be made for.
import { entriesOf, fieldOf, itemsOf } from '../read.js'
import type { Context } from './context.js'
import { isAttributeValue } from './facts.js'
import { checkFieldName } from './names.js'
import { checkDefault } from './options.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

const fewestValues = 2
const mostValues = 16
const longestValue = 64
const mostCombinations = 64

/** Checks the `attributes` of every resource. */
export function checkAttributes(context: Context): void {
  const { document, problems, containers, resources } = context
  for (const [resource, facts] of entriesOf(fieldOf(document, 'resources'))) {
    const path = ['resources', resource, 'attributes']
    let combinations = 1
    for (const [name, attribute] of entriesOf(fieldOf(facts, 'attributes'))) {
      const at = [...path, name]
      checkFieldName('attribute', name, at, context)
      if (containers.includes(name)) {
        problems.add('duplicate_name', at, `${quoteValue(name)} is also a container`, name)
      }
      checkValues(fieldOf(attribute, 'values'), [...at, 'values'], context)
      const known = resources.get(resource)?.attributes.get(name)
      checkDefault('attribute', fieldOf(attribute, 'default'), known, [...at, 'default'], context)
      combinations *= Math.max(1, known?.values.size ?? 1)
    }
    if (combinations > mostCombinations) {
      const message = `more than ${mostCombinations} combinations of values`
      problems.add('too_many_combinations', path, message, combinations)
    }
  }
}

function checkValues(values: unknown, path: Path, { problems }: Context): void {
  const seen = new Set<unknown>()
  const types = new Set<string>()
  for (const [index, value] of itemsOf(values)) {
    if (!isAttributeValue(value)) continue
    const at = [...path, index]
    if (seen.has(value)) problems.add('duplicate_value', at, `${quoteValue(value)} is there twice`, value)
    seen.add(value)
    types.add(typeof value)
    const fault = typeof value === 'string' ? valueFault(value) : undefined
    if (fault !== undefined) problems.add('invalid_value', at, fault, value)
  }
  if (!Array.isArray(values)) return
  if (types.size > 1) {
    problems.add('invalid_value', path, 'expected texts, or true and false, not both', values)
  } else if (values.length < fewestValues || values.length > mostValues) {
    const message = `expected ${fewestValues} to ${mostValues} values, not ${values.length}`
    problems.add('invalid_value', path, message, values)
  }
}

function valueFault(value: string): string | undefined {
  if (value === '') return 'the value is empty'
  const character = /[,()|=`]/.exec(value)?.[0]
  if (character !== undefined) {
    return `${quoteValue(value)} has ${character === '`' ? 'a backtick' : `a \`${character}\``}`
  }
  if (/\p{Cc}/u.test(value)) return `${quoteValue(value)} has a control character`
  const isLong = value.length > longestValue && Array.from(value).length > longestValue
  return isLong ? `${quoteValue(value)} is longer than ${longestValue} characters` : undefined
}
