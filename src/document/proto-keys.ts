// Renames `__proto__` keys for a reader that would drop them, and back. Here it is an ordinary key: a role may have
// that name, and a grant that names it must be reported.

const renamed = /^\0+__proto__$/

/**
 * A copy in which every key `__proto__` is `\0__proto__` (and that one `\0\0__proto__`, so that none is lost). Its
 * records have no prototype, so that the reader does not take keys of `Object.prototype` for keys of the document.
 */
export function renameProtoKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renameProtoKeys)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.create(null) as Record<string, unknown>
  for (const [key, inner] of Object.entries(value))
    copy[key === '__proto__' || renamed.test(key) ? `\0${key}` : key] = renameProtoKeys(inner)
  return copy
}

/** The name that a key had before it was renamed. */
export function originalKey(key: string): string {
  return renamed.test(key) ? key.slice(1) : key
}
