// Whether a text is one that UTF-8 can carry. Half of a surrogate pair cannot be written: two different halves would
// come out as the same replacement character, and two names as one.

// With the flag `u` a pair is one character, so that only a half of one is matched.
const half = /[\uD800-\uDFFF]/u

/** What is said of a text, or of bytes, that UTF-8 cannot carry or that are none. */
export const notUtf8 = 'not a UTF-8 text'

/** Where the first half of a surrogate pair stands that lacks its other half; -1 where there is none. */
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
