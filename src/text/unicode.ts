// Whether UTF-8 can hold a text. It cannot hold half of a surrogate pair: two different halves would both become the
// replacement character, and two different names would become the same.

// With the flag `u` a pair counts as one character, so this matches only halves.
const half = /[\uD800-\uDFFF]/u

/** The message for a text that UTF-8 cannot hold, and for bytes that are not UTF-8. */
export const notUtf8 = 'not a UTF-8 text'

/** The index of the first unpaired surrogate; -1 where there is none. */
export function loneSurrogateIn(text: string): number {
  return text.search(half)
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of bytes, a byte order mark included; `undefined` for bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}
