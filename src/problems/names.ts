// Names as texts: how they are sorted, and how `resource:action` and `type:id` are split.

/** Compares by code units, so that the order does not depend on the locale of the machine. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Splits a text at its first colon: a permission into resource and action, an entry into type and id (an id may have
 * colons). Without a colon the whole text is the second part, and the first is `undefined`.
 */
export function splitName(text: string): readonly [before: string | undefined, after: string] {
  const colon = text.indexOf(':')
  return colon < 0 ? [undefined, text] : [text.slice(0, colon), text.slice(colon + 1)]
}
