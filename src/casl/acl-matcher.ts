// The condition that an ACL entry names the subject, as a function, for `can`: it looks the subject's names up in the
// ACL as the object has it. It must answer as CASL does about the list of entries that `toAbilityObject` makes of it.
import type { AbilityAclEntry } from './client/object.js'

/** Whom an entry may name, as a condition says it. */
interface Named {
  readonly who: ReadonlySet<string>
  readonly users: readonly string[]
  readonly groups: ReadonlySet<string>
  readonly hasEveryone: boolean
}

/** Whom the lists of conditions name, read once for all rules that have the list. */
export type NamedBy = WeakMap<object, Named>

/** An object that is asked about. */
interface Row {
  readonly org?: unknown
  readonly acl?: unknown
}

/** With more groups than this, those of the ACL are looked up instead. */
const mostWalked = 8

/**
 * The condition as a function; `undefined` for one that is not about an entry. The object's ACL may be a record, or a
 * list of entries.
 */
export function toAclMatcher(condition: unknown, cached: NamedBy): ((object: Row) => boolean) | undefined {
  const entry = fieldsOf(fieldsOf(condition)?.['$elemMatch'])
  const may = listOf(entry?.['may'])
  const names = listOf(entry?.['who'])
  if (may === undefined || names === undefined) return undefined
  const named = cached.get(names) ?? readNames(names)
  cached.set(names, named)
  const { who, users, groups, hasEveryone } = named
  return ({ acl, org }) => {
    if (typeof acl !== 'object' || acl === null) return false
    if (Array.isArray(acl))
      return (acl as AbilityAclEntry[]).some((one) => who.has(one.who) && hasSome(one.may, may))
    if (users.length > 0 && someGives(ownList(acl, 'users'), users, may)) return true
    const list = ownList(acl, 'groups')
    if (list === undefined) return false
    if (hasEveryone && typeof org === 'string' && org !== '' && gives(list, org, may)) return true
    if (groups.size <= mostWalked) return someGives(list, groups, may)
    return Object.keys(list).some((name) => groups.has(name) && gives(list, name, may))
  }
}

function readNames(names: readonly string[]): Named {
  const after = (prefix: string): readonly string[] =>
    names.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
  return {
    who: new Set(names),
    users: after('user:'),
    groups: new Set(after('group:')),
    hasEveryone: names.includes('everyone')
  }
}

/** The values that a condition asks for. */
function listOf(condition: unknown): readonly string[] | undefined {
  if (typeof condition === 'string') return [condition]
  const some = fieldsOf(condition)?.['$in']
  return Array.isArray(some) ? (some as readonly string[]) : undefined
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}

/** One half of an ACL, if it is a record. */
function ownList(acl: object, half: string): object | undefined {
  const list: unknown = Object.hasOwn(acl, half) ? Reflect.get(acl, half) : undefined
  return typeof list === 'object' && list !== null && !Array.isArray(list) ? list : undefined
}

function someGives(list: object | undefined, names: Iterable<string>, may: readonly string[]): boolean {
  if (list !== undefined) for (const name of names) if (gives(list, name, may)) return true
  return false
}

function gives(list: object, name: string, may: readonly string[]): boolean {
  return Object.hasOwn(list, name) && hasSome(Reflect.get(list, name), may)
}

function hasSome(words: unknown, may: readonly string[]): boolean {
  if (!Array.isArray(words)) return false
  for (let i = 0; i < words.length; i++) if (may.includes(words[i] as string)) return true
  return false
}
