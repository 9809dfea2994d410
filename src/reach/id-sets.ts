// Sets of ids of places, of organizations or of containers of one kind. Places in which the same roles are held are one
// class, so that a set is a few digits and a thousand organizations are read once. What a set has no class for is one
// more: every other id.

/** Ids of which decisions know the same. */
export interface IdClass {
  readonly ids: readonly string[]
  /** The votes of the roles held there; of no roles in a class of foreign ids. */
  readonly table: Uint8Array | undefined
}

/** Ids, list by list: those of one class are one list, which is the same in every set that has them. */
export type IdLists = readonly (readonly string[])[]

/** A digit for each class, `1` for one that is in the set; the last is that of all other ids. */
export type IdSet = string

/** The classes whose code fulfils a test; codes have a character for each class, and the last for all other ids. */
export function setWhere(codes: string, has: (code: string) => boolean): IdSet {
  let set = ''
  for (const code of codes) set += has(code) ? '1' : '0'
  return set
}

const nobody: readonly string[] = Object.freeze([])
/** No ids at all. */
export const noLists: IdLists = Object.freeze([])

export function noIds(classes: readonly IdClass[]): IdSet {
  return '0'.repeat(classes.length + 1)
}

export function allIds(classes: readonly IdClass[]): IdSet {
  return '1'.repeat(classes.length + 1)
}

export function union(a: IdSet, b: IdSet): IdSet {
  return a === b ? a : combine(a, b, (one, other) => one || other)
}

export function intersection(a: IdSet, b: IdSet): IdSet {
  return a === b ? a : combine(a, b, (one, other) => one && other)
}

export function without(a: IdSet, b: IdSet): IdSet {
  return combine(a, b, (one, other) => one && !other)
}

export function complement(a: IdSet): IdSet {
  return setWhere(a, (digit) => digit === '0')
}

export function isEmpty(set: IdSet): boolean {
  return !set.includes('1')
}

/** Whether the set has ids of no class; then it is named by those that it does not have. */
export function hasOthers(set: IdSet): boolean {
  return set.endsWith('1')
}

/** The ids of a set's classes; those of no class are not among them. Of one class it is the class's own list. */
export function idsIn(classes: readonly IdClass[], set: IdSet): readonly string[] {
  const lists = listsIn(classes, set)
  const [only = nobody] = lists
  return lists.length < 2 ? only : lists.flat()
}

function listsIn(classes: readonly IdClass[], set: IdSet): IdLists {
  const lists: (readonly string[])[] = []
  classes.forEach(({ ids }, i) => {
    if (set[i] === '1') lists.push(ids)
  })
  return lists
}

/** Reads the ids of sets of these classes as `idsIn`, class by class; of the same set they are the same object. */
export function createListReader(classes: readonly IdClass[]): (set: IdSet) => IdLists {
  const known = new Map<IdSet, IdLists>()
  return (set) => {
    const found = known.get(set)
    if (found !== undefined) return found
    const lists = Object.freeze(listsIn(classes, set))
    known.set(set, lists)
    return lists
  }
}

function combine(a: IdSet, b: IdSet, has: (one: boolean, other: boolean) => boolean): IdSet {
  return Array.from(a, (digit, i) => (has(digit === '1', b[i] === '1') ? '1' : '0')).join('')
}
