// What a caller's object says itself. A key that stands on a prototype is nobody's word: a `__proto__` in JSON, or code
// that wrote to `Object.prototype`, must not give anyone a role, an owner or an entry in an ACL.

type Fields = Readonly<Record<string, unknown>>

/** Whether a value has fields: an object of any kind, a list and a function too. */
export function hasFields(value: unknown): value is Fields {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}

/** An own value; `undefined` for a key that is missing or inherited. */
export function ownField(fields: object, key: string): unknown {
  const value: unknown = Reflect.get(fields, key)
  return value === undefined || Object.hasOwn(fields, key) ? value : undefined
}

/**
 * A value of a row that is asked about, which may be an object of a class with accessors: everything counts but what
 * stands on `Object.prototype`.
 */
export function rowField(row: object, key: string): unknown {
  const value: unknown = Reflect.get(row, key)
  return value === undefined || Object.hasOwn(row, key) || !isRoot(holderOf(row, key)) ? value : undefined
}

/** A value that a row says itself, or that its class gives by an accessor. */
export function rowOwnField(row: object, key: string): unknown {
  const holder = holderOf(row, key)
  if (!hasFields(holder) || isRoot(holder)) return undefined
  const isGiven = holder === row || Object.getOwnPropertyDescriptor(holder, key)?.get !== undefined
  return isGiven ? Reflect.get(row, key) : undefined
}

/** The first of the keys that a class or another object gives the value; keys of `Object.prototype` are nobody's. */
export function inheritedKey(value: object, keys: Iterable<string>): string | undefined {
  if (isRoot(Object.getPrototypeOf(value))) return undefined
  for (const key of keys)
    if (!Object.hasOwn(value, key) && key in value && !isRoot(holderOf(value, key))) return key
  return undefined
}

/** The object on the prototype chain whose own key it is; `undefined` where none admits to it, as behind a proxy. */
function holderOf(value: unknown, key: string): unknown {
  if (!hasFields(value)) return undefined
  return Object.hasOwn(value, key) ? value : holderOf(Object.getPrototypeOf(value), key)
}

/** Whether this is `Object.prototype`, of any realm. */
function isRoot(prototype: unknown): boolean {
  return (
    prototype === Object.prototype ||
    (typeof prototype === 'object' &&
      prototype !== null &&
      Object.getPrototypeOf(prototype) === null &&
      Object.hasOwn(prototype, 'hasOwnProperty'))
  )
}

/** What should not be on `Object.prototype`. */
type Strays = { readonly [K in ObjectKey | SubjectKey]?: unknown } & object
type ObjectKey = 'type' | 'owner' | 'org' | 'anyOrg' | 'acl' | 'id'
type SubjectKey = 'role' | 'roles' | 'groups' | 'orgOptions' | 'scopes' | 'allowList' | 'template' | 'params'

/**
 * Whether something wrote a field of objects to `Object.prototype`. Asked before each quick answer, so it is written for
 * a compiler, which knows that object and folds the loads away for as long as none of them finds anything.
 */
export function areObjectsPolluted(): boolean {
  const root: Strays = Object.prototype
  return (
    root.type !== undefined ||
    root.owner !== undefined ||
    root.org !== undefined ||
    root.anyOrg !== undefined ||
    root.acl !== undefined ||
    root.id !== undefined
  )
}

/** The same of the fields of subjects, their roles, ceilings and templates; `org` and `id` are among those of objects. */
function areSubjectsPolluted(): boolean {
  const root: Strays = Object.prototype
  return (
    root.role !== undefined ||
    root.roles !== undefined ||
    root.groups !== undefined ||
    root.orgOptions !== undefined ||
    root.scopes !== undefined ||
    root.allowList !== undefined ||
    root.template !== undefined ||
    root.params !== undefined
  )
}

/** What a value says itself of the keys, to be read without asking again: the value, if it is a plain record. */
export function ownFields(value: Fields, keys: Iterable<string>): Fields {
  if (Object.getPrototypeOf(value) === Object.prototype && !areObjectsPolluted() && !areSubjectsPolluted())
    return value
  const own = Object.create(null) as Record<string, unknown>
  for (const key of keys) if (Object.hasOwn(value, key)) own[key] = value[key]
  return own
}

/** A frozen copy of plain data; its records have no prototype, so that a key which is missing is missing. */
export function withoutPrototypes<T>(data: T): T {
  const isDone = hasFields(data) && Object.getPrototypeOf(data) === null && Object.isFrozen(data)
  return isDone ? data : copyData(data, null)
}

/** A frozen copy of plain data, to be given away: its records are ordinary ones. */
export function plainCopy<T>(data: T): T {
  return copyData(data, Object.prototype)
}

function copyData<T>(data: T, prototype: object | null): T
function copyData(data: unknown, prototype: object | null): unknown {
  if (!hasFields(data)) return data
  if (Array.isArray(data)) return Object.freeze(data.map((item: unknown) => copyData(item, prototype)))
  const copy: unknown = Object.create(prototype)
  for (const key of Object.keys(data))
    Object.defineProperty(copy, key, { value: copyData(data[key], prototype), enumerable: true })
  return Object.freeze(copy)
}
