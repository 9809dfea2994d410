// The allow list for recorded objects: one entry per object, so that it matches nothing else. If that is more than a
// list may have, the types with the most objects get `type:*`.
import { targetFault } from '../../request/allow-list.js'
import { longestAllowList } from '../../document/ids.js'
import { normalEntries } from '../entries.js'
import { listedId, type AllowListContext } from '../../compile/list-context.js'

/** An object that was asked about; with `some`, any object of the type. */
export interface AskedObject {
  readonly type: string
  readonly id: string | undefined
  readonly some: boolean
}

/** Entries in normal form that match every object asked about. */
export function chooseEntries(objects: readonly AskedObject[], context: AllowListContext): readonly string[] {
  const ids = new Map<string, Set<string>>()
  for (const { type, id, some } of objects) {
    if (some) continue
    // Only `type:*` matches an object without id, or one with an id that no list can name.
    const isListable =
      id !== undefined && targetFault(type, id, context) === undefined && listedId(id, context) === id
    const listed = ids.get(type) ?? new Set()
    ids.set(type, listed.add(isListable ? id : '*'))
  }
  for (const { type, some } of objects) if (some && !ids.has(type)) ids.set(type, new Set(['*']))
  for (const [type, listed] of ids) if (listed.has('*')) ids.set(type, new Set(['*']))
  shorten(ids)
  return normalEntries(ids, context.catalogue.resources.keys())
}

/** Replaces the ids of as few types as needed by `*`, those with the most ids first. */
function shorten(ids: Map<string, Set<string>>): void {
  let length = [...ids.values()].reduce((sum, listed) => sum + listed.size, 0)
  const longestFirst = [...ids].sort(([, a], [, b]) => b.size - a.size)
  for (const [type, listed] of longestFirst) {
    if (length <= longestAllowList) return
    ids.set(type, new Set(['*']))
    length -= listed.size - 1
  }
  // With more than 128 types, each with `*` already, only `*:*` is short enough.
  if (length > longestAllowList) {
    ids.clear()
    ids.set('*', new Set(['*']))
  }
}
