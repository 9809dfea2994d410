// The error for a wrong setting of a function. It is a mistake in the calling program, found before any data is read.
import { CasemateError } from '../errors.js'
import type { OptionValue } from '../types.js'
import { quoteValue } from './quote.js'

/** The error for an invalid setting; `fault` says what is wrong, without the name and the hint. */
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
