// Lists of ids in rules: organizations of a subject, objects that a ceiling lists. A list, its condition and its set
// are made once per ability and shared by all its rules.

/** Ids without duplicates. Lists of one ability with equal keys are the same list. */
export interface IdList {
  readonly key: number
  readonly ids: readonly string[]
  /** The Mongo condition of a field that must be one of the ids. Frozen. */
  readonly condition: { readonly $eq: string } | { readonly $in: readonly string[] }
  /** The id of a list of one. */
  readonly only: string | undefined
  /** The ids as a set, made when first needed, so that a thousand organizations cost one lookup. */
  toSet(): ReadonlySet<unknown>
}

/** Returns the list of this name; makes it at the first call. */
export type IdLists = (name: string, list: () => readonly string[]) => IdList

export function createIdLists(): IdLists {
  const known = new Map<string, IdList>()
  return (name, list) => {
    const found = known.get(name)
    if (found !== undefined) return found
    const made = makeIdList(known.size, Object.freeze(list()))
    known.set(name, made)
    return made
  }
}

function makeIdList(key: number, ids: readonly string[]): IdList {
  const only = ids.length === 1 ? ids[0] : undefined
  // Never a bare value: `rulesToFields` would copy it into new objects.
  const condition = Object.freeze(only === undefined ? { $in: ids } : { $eq: only })
  let set: ReadonlySet<unknown> | undefined
  return { key, ids, condition, only, toSet: () => (set ??= new Set(ids)) }
}
