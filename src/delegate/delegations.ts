// Which entries of `assigns` reach a role in a place: those of roles held everywhere, in its organization and in its
// container. A role's own place is as far as its entries go.
import type { CompiledRole } from '../compile/roles.js'
import { formatPath } from '../problems/path.js'
import type { SubjectState } from '../request/state.js'
import type { Place } from './place.js'
import type { Delegation } from './types.js'

/** An entry of `assigns` in a role of the subject, and its position among all of them. */
interface HeldEntry {
  readonly position: number
  readonly delegation: Delegation
}

/** Where a role that delegates is held. */
type HeldAt = Pick<Delegation, 'org' | 'container'>

/**
 * Reads the entries of `assigns` in the roles that a subject holds at the site and in the parts of a place. The result
 * finds all entries that reach a role there.
 */
export function readDelegations(
  { system, site, orgs, containers }: SubjectState,
  { org, container }: Place
): (role: CompiledRole) => readonly Delegation[] {
  const byEntry = new Map<string, HeldEntry[]>()
  let position = 0
  const add = (
    holder: string,
    assigns: readonly string[] | undefined,
    at: readonly string[],
    heldAt: HeldAt = {}
  ): void => {
    for (const [index, entry] of (assigns ?? []).entries()) {
      const path = formatPath([...at, 'assigns', index])
      const delegation = { role: holder, ...heldAt, assigns: entry, path }
      const alike = byEntry.get(entry)
      if (alike === undefined) byEntry.set(entry, [{ position, delegation }])
      else alike.push({ position, delegation })
      position++
    }
  }
  if (system !== undefined)
    add(`system:${system.name}`, system.document.assigns, ['systemSubjects', system.name])
  // `site` also has organization roles that vote at the site; they delegate only where they are held.
  for (const { role: holder, document } of site.members)
    if (document?.kind === 'site') add(holder, document.assigns, ['roles', holder])
  for (const { role: holder, document } of (org === undefined ? undefined : orgs.get(org)?.members) ?? [])
    add(holder, document?.assigns, ['roles', holder], org === undefined ? {} : { org })
  const inside = container && containers[container.number]?.get(container.id)
  for (const { role: holder, document } of inside?.members ?? [])
    add(holder, document?.assigns, ['roles', holder], container && { container: container.id })

  const byKey = new Map<string, readonly Delegation[]>()
  return (role) => {
    // All roles that no entry names have the same entries.
    const entries = entriesFor(role).filter((entry) => byEntry.has(entry))
    const key = JSON.stringify(entries)
    const found = byKey.get(key) ?? inOrder(entries.flatMap((entry) => byEntry.get(entry) ?? []))
    byKey.set(key, found)
    return found
  }
}

function inOrder(held: HeldEntry[]): readonly Delegation[] {
  return held.sort((a, b) => a.position - b.position).map(({ delegation }) => delegation)
}

/** The entries of `assigns` that reach a role. A name is always that of a shipped role; custom roles cannot have it. */
function entriesFor(role: CompiledRole): readonly string[] {
  const own = role.isCustom ? `custom:${role.kind}` : role.name
  return role.document.assignable === false ? [own] : ['*', own]
}
