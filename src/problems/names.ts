// Names as texts: in which order they are listed, and the two parts of those that have two.

/** By code units, the same on every machine; a locale would order otherwise. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * A text in two at its first colon: the resource and the action of a permission, the type and the id of an entry (an id
 * may have colons). Where there is none, all of it is the second part, and the first is `undefined`.
 */
export function splitName(text: string): readonly [before: string | undefined, after: string] {
  const colon = text.indexOf(':')
  return colon < 0 ? [undefined, text] : [text.slice(0, colon), text.slice(colon + 1)]
}
