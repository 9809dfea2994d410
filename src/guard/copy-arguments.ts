// Makes one frozen copy of a call's arguments before anything is awaited, so that the rule and the method read the same
// data, whatever the caller changes meanwhile. A value that cannot be copied is an error and is never passed on.
import { hasFields } from '../problems/own-fields.js'
import { shapeError } from '../problems/request-problems.js'
import { isPlainObject } from '../problems/plain.js'

/** Deeper than any stored data, and far below the limit of the call stack. */
const maxDepth = 500

interface Copying {
  readonly copies: Map<object, object>
  readonly path: (string | number)[]
}

/**
 * Records and lists become frozen copies of their own enumerable properties, getters read once; dates, maps and sets
 * become copies. Values that occur twice, or that contain themselves, do so in the copy.
 *
 * @throws RequestError `invalid_request` for other objects: a function, a class instance, a record with a symbol as
 * key; and for data deeper than 500 levels.
 */
export function copyArguments(method: string, args: readonly unknown[]): readonly unknown[] {
  const copying: Copying = { copies: new Map(), path: [method, 'arguments'] }
  return Object.freeze(args.map((arg, i) => copyAt(i, arg, copying)))
}

function copyAt(key: string | number, value: unknown, copying: Copying): unknown {
  if (!hasFields(value)) return value
  const earlier = copying.copies.get(value)
  if (earlier !== undefined) return earlier
  copying.path.push(key)
  if (copying.path.length > maxDepth) throw shapeError(copying.path, 'data of at most 500 levels', value)
  const copy = copyObject(value, copying)
  copying.path.pop()
  return copy
}

function copyObject(value: object, copying: Copying): object {
  const { copies } = copying
  // Registers each copy before it is filled, for values that contain themselves.
  const register = <T extends object>(copy: T): T => {
    copies.set(value, copy)
    return copy
  }
  if (Array.isArray(value)) {
    const copy = register<unknown[]>([])
    for (const [i, item] of value.entries()) copy.push(copyAt(i, item, copying))
    return Object.freeze(copy)
  }
  if (value instanceof Date) return register(new Date(value.getTime()))
  if (value instanceof Map) {
    const copy = register(new Map<unknown, unknown>())
    for (const [key, item] of value) copy.set(copyAt('key', key, copying), copyAt('value', item, copying))
    return copy
  }
  if (value instanceof Set) {
    const copy = register(new Set<unknown>())
    for (const item of value) copy.add(copyAt('item', item, copying))
    return copy
  }
  if (!isPlainObject(value) || Object.getOwnPropertySymbols(value).length > 0)
    throw shapeError(copying.path, 'data, which can be copied', value)
  const copy = register({})
  for (const [key, item] of Object.entries(value))
    // An assignment would lose `__proto__`.
    Object.defineProperty(copy, key, { value: copyAt(key, item, copying), enumerable: true })
  return Object.freeze(copy)
}
