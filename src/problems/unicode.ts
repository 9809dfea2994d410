// Whether UTF-8 can hold a text. It cannot hold half of a surrogate pair: two different halves would both become the
// replacement character, and two different names would become the same.
import { quoteValue } from './quote.js'

// With the flag `u` a pair counts as one character, so this matches only halves.
const half = /[\uD800-\uDFFF]/u

/** The message for a text that UTF-8 cannot hold, and for bytes that are not UTF-8. */
export const notUtf8 = 'not a UTF-8 text'

/** The index of the first unpaired surrogate; -1 where there is none. */
export function loneSurrogateIn(text: string): number {
  return text.search(half)
}

/** What is wrong with a value or a key; `undefined` if UTF-8 can hold it. */
export function faultOfText(text: string): string | undefined {
  return loneSurrogateIn(text) < 0 ? undefined : `half of a surrogate pair in ${quoteValue(text)}: ${notUtf8}`
}
