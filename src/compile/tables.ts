// A table has one byte per permission; two tables are united with OR. A role's byte is its votes: an allow and a deny
// bit for each level. So the table of many roles is the union of theirs, and a decision reads one byte for the site and
// one for the organization.

/** Something with a table: a role under its settings, a scope. */
export interface Tabled {
  readonly table: Uint8Array
  /** Adds the bits of its table to another one, without making its own. */
  addTo(table: Uint8Array): void
}

/**
 * The union of the tables of its members, in the order in which they were added. Shared by all with the same members.
 */
export interface Union<T extends Tabled> {
  readonly members: readonly T[]
  readonly table: Uint8Array
  /** The unions with one more member that were made so far. */
  readonly next: Map<T, Union<T>>
}

/** Adds a member; the same union for the same members in the same order. */
export type Unite<T extends Tabled> = (union: Union<T>, member: T) => Union<T>

export interface Unions<T extends Tabled> {
  readonly empty: Union<T>
  readonly unite: Unite<T>
  /**
   * Like `unite`, for adding members one by one: use what it returns in place of the given union, which must not be
   * used again. Above a number of members nothing is remembered, and each further member costs only its own bits.
   */
  readonly gather: Unite<T>
  /** New unions of tables of the same size, which remember nothing yet. */
  readonly anew: () => Unions<T>
}

/** How many bytes of unions one policy remembers. Above that it forgets all of them, so memory stays bounded. */
const mostRemembered = 32 * 1024 * 1024
/** About what a union takes in addition to its table and its members. */
const bytesBeside = 400
const bytesPerMember = 8
/** Larger unions are not remembered: hardly any two subjects hold the same hundred roles in the same order. */
const mostMembers = 64

/** The remembered unions of one policy over tables of `size` permissions. */
export function createUnions<T extends Tabled>(size: number): Unions<T> {
  return unionsOver<T>(new Uint8Array(size))
}

function unionsOver<T extends Tabled>(nothing: Uint8Array): Unions<T> {
  const empty: Union<T> = { members: [], table: nothing, next: new Map() }
  let parents: Union<T>[] = []
  let bytes = 0
  const remember = (union: Union<T>, member: T, made: Union<T>): Union<T> => {
    if (bytes > mostRemembered) {
      for (const { next } of parents) next.clear()
      parents = []
      bytes = 0
    }
    if (union.next.size === 0) parents.push(union)
    union.next.set(member, made)
    bytes += bytesBeside + (made === union ? 0 : nothing.length + bytesPerMember * made.members.length)
    return made
  }
  const unite: Unite<T> = (union, member) => {
    const remembered = union.next.get(member)
    if (remembered !== undefined) return remembered
    const made = union.members.includes(member) ? union : uniteAnew(union, member)
    return made.members.length > mostMembers ? made : remember(union, member, made)
  }
  const gather: Unite<T> = (union, member) => {
    const remembered = union.next.get(member)
    if (remembered !== undefined) return remembered
    if (union.members.length < mostMembers) return unite(union, member)
    const open = union instanceof OpenUnion ? (union as OpenUnion<T>) : new OpenUnion(union)
    open.add(member)
    return open
  }
  return { empty, unite, gather, anew: () => unionsOver(nothing) }
}

function uniteAnew<T extends Tabled>(union: Union<T>, member: T): Union<T> {
  const table = union.table.slice()
  member.addTo(table)
  return { members: [...union.members, member], table, next: new Map() }
}

/** A union of many members, changed in place by the one caller that builds it, and never remembered. */
class OpenUnion<T extends Tabled> implements Union<T> {
  readonly members: T[]
  readonly table: Uint8Array
  readonly next = new Map<T, Union<T>>()
  readonly #seen: Set<T>

  constructor({ members, table }: Union<T>) {
    this.members = [...members]
    this.table = table.slice()
    this.#seen = new Set(members)
  }

  add(member: T): void {
    if (this.#seen.has(member)) return
    this.#seen.add(member)
    this.members.push(member)
    member.addTo(this.table)
  }
}
