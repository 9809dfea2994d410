// An object as the rules of an ability look at it: plain fields, none of them empty, its ACL a list of entries. Rules
// name ids as values and never in paths, so that an id may have a dot. Imports nothing: it runs in browsers.
import type { ObjectRef } from '../../types.js'

/** One entry of an ACL: whom it names, and the actions and levels that it gives. */
export interface AbilityAclEntry {
  /** `user:ID`, `group:NAME`, or `everyone` for all who belong to the object's organization. */
  readonly who: string
  /** As the object has them; `*` for every action. */
  readonly may: readonly string[]
}

declare const converted: unique symbol

/** What `toAbilityObject` returns: what an ability from a copy of the rules is asked about. */
export interface AbilityObject<R extends string = string> {
  /** Only a type: nothing has this field. */
  readonly [converted]: true
  /** The resource. */
  readonly type: R
  /** Its id; absent where it has none. */
  readonly id?: string
  /** Who owns it; absent where nobody does. */
  readonly owner?: string
  /** The organization that it is in; absent where it is in none. */
  readonly org?: string
  /** Present where it asks about any organization of the subject. */
  readonly anyOrg?: true
  /** The entries of its ACL, each with whom it names and what it grants. */
  readonly acl?: readonly AbilityAclEntry[]
  /** Containers, attributes, and whatever else the object has. */
  readonly [field: string]: unknown
}

/**
 * The object as rules look at it, a new one of plain data: a field that is missing, null, an empty text or an empty
 * list is left out; the ACL is a list of entries `{ who, may }`, in which an entry for the object's own organization is
 * one for `everyone`. Fields that a class gives by accessors are written down too. What went through it once comes out
 * the same. An ability from `abilityFor` takes objects as they are, and these too.
 */
export function toAbilityObject<R extends string>(
  object: (ObjectRef & { readonly type: R }) | AbilityObject<R>
): AbilityObject<R>
export function toAbilityObject(object: object): object {
  const fields = [...namesOf(object)].map((name) => [name, fieldOf(object, name)] as const)
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined && typeof value !== 'function'))
}

/** One field of what `toAbilityObject` returns; `undefined` where that leaves it out. */
export function fieldOf(object: object, name: string): unknown {
  const value = read(object, name)
  if (name === 'acl') return entriesOf(value, object)
  // Beside an organization it is an error, and asks nothing.
  if (name === 'anyOrg') return value === true && isNone(read(object, 'org')) ? true : undefined
  return isNone(value) ? undefined : value
}

/** A field that is the object's own or one of its class; fields of `Object.prototype` are nobody's. */
function read(object: object, name: string): unknown {
  const value: unknown = Reflect.get(object, name)
  if (value === undefined || Object.hasOwn(object, name)) return value
  let holder = parentOf(object)
  while (holder !== null && !Object.hasOwn(holder, name)) holder = parentOf(holder)
  return holder !== null && isRoot(holder) ? undefined : value
}

function namesOf(object: object): ReadonlySet<string> {
  const names = new Set<string>()
  for (let at: object | null = object; at !== null && !isRoot(at); at = parentOf(at))
    for (const name of Object.getOwnPropertyNames(at)) names.add(name)
  return names
}

function parentOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null
}

/** Whether this is `Object.prototype`, of any realm. */
function isRoot(object: object): boolean {
  return parentOf(object) === null && Object.hasOwn(object, 'hasOwnProperty')
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function entriesOf(acl: unknown, object: object): unknown {
  if (Array.isArray(acl)) return isNone(acl) ? undefined : acl
  const users = mayOf(acl, 'users')
  const groups = mayOf(acl, 'groups')
  const org = read(object, 'org')
  const entries = [
    ...users.map(([id, may]) => ({ who: `user:${id}`, may })),
    ...groups.map(([name, may]) => ({ who: `group:${name}`, may })),
    ...groups.filter(([name]) => name === org && !isNone(org)).map(([, may]) => ({ who: 'everyone', may }))
  ]
  return isNone(entries) ? undefined : entries
}

/** The own entries of one half of an ACL. */
function mayOf(acl: unknown, half: string): (readonly [string, unknown])[] {
  const list: unknown = isRecord(acl) && Object.hasOwn(acl, half) ? Reflect.get(acl, half) : undefined
  return isRecord(list) ? Object.entries(list).filter(([, may]) => Array.isArray(may)) : []
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
