// Reads own keys only. A key from a prototype is ignored: a `__proto__` in JSON, or code that wrote to
// `Object.prototype`, must not give anyone a role, an owner or an entry in an ACL.

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

/** The own fields that are given: `{ org: undefined }` says nothing of `org`. */
export function givenFields(fields: object): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/**
 * A value of a row that is asked about. The row may be an object of a class with accessors, so keys of its prototypes
 * count too, except those of `Object.prototype`.
 */
export function rowField(row: object, key: string): unknown {
  const value: unknown = Reflect.get(row, key)
  return value === undefined || Object.hasOwn(row, key) || !isRoot(holderOf(row, key)) ? value : undefined
}

/** A value that is an own key of a row, or that an accessor of its class gives. */
export function rowOwnField(row: object, key: string): unknown {
  const holder = holderOf(row, key)
  if (!hasFields(holder) || isRoot(holder)) return undefined
  const isGiven = holder === row || Object.getOwnPropertyDescriptor(holder, key)?.get !== undefined
  return isGiven ? Reflect.get(row, key) : undefined
}

/** The first of the keys that the value inherits; keys of `Object.prototype` do not count. */
export function inheritedKey(value: object, keys: Iterable<string>): string | undefined {
  if (isRoot(Object.getPrototypeOf(value))) return undefined
  for (const key of keys)
    if (!Object.hasOwn(value, key) && key in value && !isRoot(holderOf(value, key))) return key
  return undefined
}

/** The object on the prototype chain that has the key; `undefined` where none shows it, as with a proxy. */
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

const noNames: readonly string[] = Object.freeze([])

/** What should not be on `Object.prototype`. */
type Strays = { readonly [K in ObjectKey | SubjectKey]?: unknown } & object
type ObjectKey = 'type' | 'owner' | 'org' | 'anyOrg' | 'acl' | 'id'
type SubjectKey =
  'role' | 'roles' | 'groups' | 'orgOptions' | 'scopes' | 'allowList' | 'onlyOrgs' | 'template' | 'params'

/**
 * Whether something wrote a field of objects to `Object.prototype`. It runs before each quick answer, so it reads fixed
 * keys of one known object: a JIT compiler can then drop the loads for as long as none of them finds anything.
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

/**
 * The same for the fields of subjects, their roles, ceilings and templates; `areObjectsPolluted` has `org` and `id`.
 */
function areSubjectsPolluted(): boolean {
  const root: Strays = Object.prototype
  return (
    root.role !== undefined ||
    root.roles !== undefined ||
    root.groups !== undefined ||
    root.orgOptions !== undefined ||
    root.scopes !== undefined ||
    root.allowList !== undefined ||
    root.onlyOrgs !== undefined ||
    root.template !== undefined ||
    root.params !== undefined
  )
}

/** Whether something wrote one of these names to `Object.prototype`: names that a policy declares, such as containers. */
function areStrays(names: readonly string[]): boolean {
  for (const name of names) if (name in Object.prototype) return true
  return false
}

/**
 * The own values of the keys, safe to read without a check: the value itself, if it is a plain record. Keys that a
 * policy declares are also given as `declared`.
 */
export function ownFields(
  value: Fields,
  keys: Iterable<string>,
  declared: readonly string[] = noNames
): Fields {
  if (
    Object.getPrototypeOf(value) === Object.prototype &&
    !areObjectsPolluted() &&
    !areSubjectsPolluted() &&
    !areStrays(declared)
  )
    return value
  const own = Object.create(null) as Record<string, unknown>
  for (const key of keys) if (Object.hasOwn(value, key)) own[key] = value[key]
  return own
}

/** A frozen copy of plain data. Its records have no prototype, so that no missing key can be inherited. */
export function withoutPrototypes<T>(data: T): T {
  const isDone = hasFields(data) && Object.getPrototypeOf(data) === null && Object.isFrozen(data)
  return isDone ? data : copyData(data, null)
}

/** A frozen copy of plain data for callers: its records have the ordinary prototype. */
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
