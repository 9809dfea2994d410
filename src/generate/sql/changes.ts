// Two policies → what has to happen to the values of the database's scope type between them. Nothing here is SQL.
import type { Policy } from '../../policy/types/index.js'
import { listScopes } from '../names.js'

export interface Rename {
  readonly from: string
  readonly to: string
}

export interface RemovedValue {
  readonly value: string
  /**
   * The value that its keys can be stored with before the change, where its scope lives on in another: the one of which
   * it is an alias now, by the name that this had before.
   */
  readonly nowIn?: string
}

/** Each list in the order of the scopes; a value is in one of them at most. */
export interface EnumChanges {
  readonly renamed: readonly Rename[]
  readonly added: readonly string[]
  readonly removed: readonly RemovedValue[]
}

/** The values of the type: the canonical name of every scope, as a server stores them. */
export function enumValues(policy: Policy): string[] {
  return listScopes(policy).map(({ name }) => name)
}

/** An alias of the new policy that was a name in the old is a renaming, unless the scope had its new name already. */
export function enumChanges(before: Policy, after: Policy): EnumChanges {
  const old = new Set(enumValues(before))
  const current = new Set(enumValues(after))
  const renamed: Rename[] = []
  const removed: RemovedValue[] = []
  const renamedTo = new Map<string, string>()
  for (const value of old) {
    if (current.has(value)) continue
    const to = after.scopes.get(value)?.name
    if (to === undefined) removed.push({ value })
    else if (old.has(to) || renamedTo.has(to)) removed.push({ value, nowIn: renamedTo.get(to) ?? to })
    else {
      renamed.push({ from: value, to })
      renamedTo.set(to, value)
    }
  }
  const added = [...current].filter((value) => !old.has(value) && !renamedTo.has(value))
  return { renamed, added, removed }
}

/** The changes that lead back. What was merged into another value comes back as a value that no key has. */
export function invertChanges({ renamed, added, removed }: EnumChanges): EnumChanges {
  return {
    renamed: renamed.map(({ from, to }) => ({ from: to, to: from })),
    added: removed.map(({ value }) => value),
    removed: added.map((value) => ({ value }))
  }
}
