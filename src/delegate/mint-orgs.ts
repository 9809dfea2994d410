// Where a key may act and its minter may not. The permissions of the key do not matter: its organizations have to be
// within each of the minter's lists.
import type { Ceiling } from '../request/ceiling.js'
import type { OrgList } from '../request/org-list.js'

/** The entries of a key's list that some list of its minter lacks; a key without a list may act everywhere. */
export function orgsOutside(held: readonly Ceiling[], requested: OrgList | undefined): readonly string[] {
  const lists = held.flatMap(({ orgs }) => (orgs === undefined || orgs.isEverywhere ? [] : [orgs]))
  if (lists.length === 0) return []
  if (requested === undefined || requested.isEverywhere) return ['*']
  const isOutside = (entry: string): boolean => lists.some(({ entries }) => !entries.includes(entry))
  return [...new Set(requested.entries)].filter(isOutside)
}
