// UUIDs, and the longest allow list.

/** The most entries that an allow list may have, counted as given. */
export const longestAllowList = 128

const hyphen = 45
const hyphens = [8, 13, 18, 23]

/** By character code: 1 for a hexadecimal digit, 2 for one that is a capital letter. */
const digits = new Uint8Array(128)
for (const digit of '0123456789abcdef') digits[digit.charCodeAt(0)] = 1
for (const digit of 'ABCDEF') digits[digit.charCodeAt(0)] = 2

/** Whether a text is a UUID of any version, in either case. */
export function isUuid(text: string): boolean {
  return uuidAt(text, 0) !== undefined
}

/**
 * The case of the UUID from `start` to the end of the text; `undefined` where there is none. A hand-written loop over
 * the text in place: the lists of a key are read again with every request, and a regular expression takes twice as
 * long.
 */
export function uuidAt(text: string, start: number): 'lower' | 'mixed' | undefined {
  if (text.length !== start + 36) return undefined
  for (const place of hyphens) if (text.charCodeAt(start + place) !== hyphen) return undefined
  let count = 0
  let seen = 0
  for (let i = start; i < text.length; i++) {
    const kind = digits[text.charCodeAt(i)] ?? 0
    if (kind > 0) count++
    seen |= kind
  }
  if (count !== 32) return undefined
  return seen > 1 ? 'mixed' : 'lower'
}
