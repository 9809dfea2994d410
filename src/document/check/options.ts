// Checks declared options and the conditions that read them: values that can be told apart, a default that is one of
// them, and only declared options in conditions.
import type { Problems } from '../../problems/problems.js'
import { entriesOf, fieldOf, itemsOf } from '../read.js'
import { isKind, type Context } from './context.js'
import { isOptionValue, type OptionFacts } from './facts.js'
import { roleOf } from './role-kinds.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

/** Checks `options` and `orgOptions`. */
export function checkOptions(context: Context): void {
  for (const key of ['options', 'orgOptions'] as const) {
    for (const [name, option] of entriesOf(fieldOf(context.document, key))) {
      const path = [key, name]
      if (key === 'orgOptions' && context.options.has(name)) {
        const message = `${quoteValue(name)} is also a deployment option: a condition could mean either`
        context.problems.add('duplicate_name', path, message, name)
      }
      checkValues(fieldOf(option, 'values'), [...path, 'values'], context)
      checkDefault(
        'option',
        fieldOf(option, 'default'),
        context[key].get(name),
        [...path, 'default'],
        context
      )
    }
  }
}

function checkValues(values: unknown, path: Path, { problems }: Context): void {
  const seen = new Map<string, unknown>()
  for (const [index, value] of itemsOf(values)) {
    if (!isOptionValue(value)) continue
    const text = String(value)
    const earlier = seen.get(text)
    if (earlier === value)
      problems.add('duplicate_value', [...path, index], `${quoteValue(value)} is there twice`, value)
    else if (earlier !== undefined) {
      const message = `${quoteValue(value)} has the same text as ${quoteValue(earlier)}: a command line cannot tell them apart`
      problems.add('duplicate_value', [...path, index], message, value)
    }
    seen.set(text, value)
  }
  if (Array.isArray(values) && values.length === 0) {
    problems.add('invalid_value', path, 'the option has no value', values)
  }
}

/** Checks that a default is one of the values of its option or attribute. */
export function checkDefault(
  kind: 'option' | 'attribute',
  value: unknown,
  option: OptionFacts | undefined,
  path: Path,
  { problems }: Context
): void {
  if (!isOptionValue(value) || option === undefined || option.values.has(value)) return
  const message = `the default ${quoteValue(value)} is none of the ${kind}'s values`
  problems.add('invalid_default', path, message, value, problems.suggestValue(value, option.byText))
}

/** Checks a condition of a role of this kind (`undefined` if the kind has a wrong shape). */
export function checkWhen(when: unknown, path: Path, kind: unknown, context: Context): void {
  const { problems, options, settings } = context
  const isInOrg = kind === 'org' || !isKind(kind, context)
  for (const [name, value] of entriesOf(when)) {
    const at = [...path, name]
    if (!settings.has(name)) {
      problems.addUnknown('unknown_option', at, 'option', name, isInOrg ? settings : options)
    } else if (!isInOrg && !options.has(name)) {
      const message = `${quoteValue(name)} is a setting of one organization, and ${roleOf(kind)} is held in none`
      const code = kind === 'site' ? 'org_option_in_site_role' : 'org_option_in_container_role'
      problems.add(code, at, message, name)
    } else checkCondition(name, value, settings.get(name), at, problems)
  }
}

function checkCondition(
  name: string,
  value: unknown,
  option: OptionFacts | undefined,
  path: Path,
  problems: Problems
): void {
  if (!isOptionValue(value) || option === undefined || option.values.has(value)) return
  const message = `option ${quoteValue(name)} has no value ${quoteValue(value)}`
  problems.add('unknown_option_value', path, message, value, problems.suggestValue(value, option.byText))
}
