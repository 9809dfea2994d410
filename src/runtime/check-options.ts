// Checks the options of a compiled file: values that can be told apart, and a default that is one of them.
import { isOptionValue } from '../document/check/facts.js'
import type { Path } from '../problems/path.js'
import { visibleName } from './check-names.js'
import type { Known } from './known.js'
import { readFields, readList, readName, readOneOf, refuse, type Visit } from './read-content.js'

/** Options of the deployment, each with the value that was chosen. */
export function checkOptions({ options }: Known): Visit {
  return (option, path, name) => {
    readName(name, path, visibleName)
    if (checkOption(option, path).default === undefined)
      refuse([...path, 'default'], 'the chosen value', undefined)
    options.add(name)
  }
}

/** Options of one organization. */
export function checkOrgOptions({ options, orgOptions }: Known): Visit {
  return (option, path, name) => {
    readName(name, path, visibleName)
    if (options.has(name)) refuse(path, 'another name than an option of the deployment has', name)
    orgOptions.set(name, checkOption(option, path).values)
  }
}

function checkOption(
  option: unknown,
  path: Path
): { readonly values: readonly unknown[]; readonly default: unknown } {
  const fields = readFields(option, path, ['values', 'default'])
  const values = readList(fields['values'], [...path, 'values'])
  // A command line tells values apart by their text.
  if (!values.every(isOptionValue) || values.length === 0 || new Set(values.map(String)).size < values.length)
    refuse([...path, 'values'], 'values that can be told apart', values)
  readOneOf(fields['default'], [...path, 'default'], [undefined, ...values])
  return { values, default: fields['default'] }
}

/** Checks what a variant asks for; of the options of an organization there are none where `orgOptions` is missing. */
export function checkCondition({ options }: Known, orgOptions: Known['orgOptions'] | undefined): Visit {
  return (value, path, option) => {
    // The file has only the chosen value of a deployment option, so the condition may name another one.
    if (options.has(option)) {
      if (!isOptionValue(value)) refuse(path, 'a value of an option', value)
    } else {
      const values = orgOptions?.get(option)
      readOneOf(value, path, values ?? refuse(path, 'an option that the role can read', option))
    }
  }
}
