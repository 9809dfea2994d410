// Two policies → the changes of the values of the database's scope type between them. Nothing here is SQL.
import type { Policy } from '../../policy/types/index.js'
import { listScopes } from '../names.js'

export interface Rename {
  readonly from: string
  readonly to: string
}

export interface RemovedValue {
  readonly value: string
  /**
   * If the value is now an alias of another scope: the old name of that scope, under which its keys can be stored
   * before the change.
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

/** A name of the old policy that is an alias in the new one is a rename, unless the scope already had its new name. */
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

/** The reverse changes. A value that was merged into another comes back, but no key has it. */
export function invertChanges({ renamed, added, removed }: EnumChanges): EnumChanges {
  return {
    renamed: renamed.map(({ from, to }) => ({ from: to, to: from })),
    added: removed.map(({ value }) => value),
    removed: added.map((value) => ({ value }))
  }
}
