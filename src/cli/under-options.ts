// Policies under those options of the command line that they have. It reads no file: the page that edits asks it too.
import type { PolicyDocument } from '../document/index.js'
import { compile } from '../policy/create.js'
import type { Policy } from '../policy/types/index.js'
import type { OptionValue } from '../types.js'

/** The given options as values: for each text the value with that text that either policy declares. */
export function fixedOptions(
  documents: readonly PolicyDocument[],
  given: ReadonlyMap<string, string> = new Map()
): Record<string, OptionValue> {
  return Object.fromEntries(
    [...given].map(([name, text]): [string, OptionValue] => {
      const values = documents.flatMap(({ options = {} }) =>
        Object.entries(options).flatMap(([known, option]) => (known === name ? option.values : []))
      )
      return [name, values.find((value) => String(value) === text) ?? text]
    })
  )
}

/**
 * Compiles with the given options that the policy has. The comparison tries all values of the others, so any will do.
 */
export function compileUnder(document: PolicyDocument, fixed: Readonly<Record<string, OptionValue>>): Policy {
  const values = Object.entries(document.options ?? {}).flatMap(([name, option]) => {
    const wanted = Object.hasOwn(fixed, name) ? fixed[name] : undefined
    const value = option.values.find((one) => one === wanted) ?? option.default ?? option.values[0]
    return value === undefined ? [] : [[name, value] as const]
  })
  return compile(document, { options: Object.fromEntries(values) })
}
