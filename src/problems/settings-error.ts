// What is wrong with a setting of a function: a mistake of the program, found before anything is read.
import { CasemateError } from '../errors.js'
import type { OptionValue } from '../types.js'
import { quoteValue } from './quote.js'

/** The error for a setting that cannot be; `fault` is what is wrong, without its name and the hint. */
export function settingsError(
  name: string,
  fault: string,
  value: unknown,
  hint?: OptionValue
): CasemateError {
  const meant = hint === undefined ? '' : `; did you mean ${quoteValue(hint)}?`
  const details = { path: name, value, hint: hint === undefined ? undefined : String(hint) }
  return new CasemateError('invalid_settings', `${name}: ${fault}${meant}`, details)
}
