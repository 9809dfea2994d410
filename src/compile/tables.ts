// A table is one byte a permission; uniting tables is OR. A role's byte is its ballot: an allow and a deny bit for
// each level, so the ballot of many roles is the union of theirs and a decision reads one byte per holding.
import type { Effect, Level } from '../document/types.js'

/** Widest first: the order in which levels are asked. */
export const levels: readonly Level[] = ['site', 'org', 'orgMember', 'user']

export const SITE_ALLOW = 1
export const SITE_DENY = 2
export const USER_ALLOW = 4
export const USER_DENY = 8
export const ORG_ALLOW = 16
export const ORG_DENY = 32
export const MEMBER_ALLOW = 64
export const MEMBER_DENY = 128

/** Both bits of a level. */
export const levelBits: Readonly<Record<Level, Readonly<Record<Effect, number>>>> = {
  site: { allow: SITE_ALLOW, deny: SITE_DENY },
  org: { allow: ORG_ALLOW, deny: ORG_DENY },
  orgMember: { allow: MEMBER_ALLOW, deny: MEMBER_DENY },
  user: { allow: USER_ALLOW, deny: USER_DENY }
}

/** Something with a table: a role under its settings, a scope. */
export interface Tabled {
  readonly table: Uint8Array
}

/** The union of the tables of some members, in the order in which they joined. Shared by all who have the same. */
export interface Union<T extends Tabled> {
  readonly members: readonly T[]
  readonly table: Uint8Array
  /** The unions with one member more, once asked for. */
  readonly next: Map<T, Union<T>>
}

/** Adds a member; the same union for the same members in the same order. */
export type Unite<T extends Tabled> = (union: Union<T>, member: T) => Union<T>

export interface Unions<T extends Tabled> {
  readonly empty: Union<T>
  readonly unite: Unite<T>
}

/** How many unions one policy remembers; past that they are made anew each time, so memory stays bounded. */
const mostRemembered = 10_000

/** The interned unions of one policy over tables of `size` permissions. */
export function createUnions<T extends Tabled>(size: number): Unions<T> {
  const empty: Union<T> = { members: [], table: new Uint8Array(size), next: new Map() }
  let remembered = 0
  const unite: Unite<T> = (union, member) => {
    const known = union.next.get(member)
    if (known !== undefined) return known
    const made = union.members.includes(member) ? union : uniteAnew(union, member)
    if (remembered < mostRemembered) {
      remembered++
      union.next.set(member, made)
    }
    return made
  }
  return { empty, unite }
}

function uniteAnew<T extends Tabled>(union: Union<T>, member: T): Union<T> {
  const members = [...union.members, member]
  if (members.length === 1) return { members, table: member.table, next: new Map() }
  const table = union.table.slice()
  member.table.forEach((byte, index) => {
    table[index] = (table[index] ?? 0) | byte
  })
  return { members, table, next: new Map() }
}
