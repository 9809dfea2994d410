// Whether two checked documents, or parts of them, are written alike.

/** Whether two pieces of plain data are equal; the order of keys does not count. A part that both share costs nothing. */
export function isWrittenAlike(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!hasParts(a) || !hasParts(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && isWrittenAlike(a[key], b[key]))
}

function hasParts(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null
}
