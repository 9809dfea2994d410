// Who may give which role to others, or take it away, by declared delegation. It does not compare grants, with one
// exception: a custom role must also be covered, because nobody declared its delegation by name.
import { splitName } from '../problems/names.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { CompiledRole } from '../compile/roles.js'
import { decideQuestion } from '../decide/explain.js'
import type { SubjectState } from '../request/state.js'
import { holdingsOf, type Holdings } from './cover.js'
import { explainChange } from './grant.js'
import { readOrg, readRole, rolesAt } from './read.js'
import type { AssignDecision, Delegation, GrantDecision } from './types.js'
import { formatPath } from '../problems/path.js'
import { canBeInOrg, canBeOutside } from '../levels.js'

/** Which permissions of the policy are needed: those to give a role, or those to take one away. */
export type AssignKind = 'assignPermissions' | 'unassignPermissions'

/**
 * @throws RequestError `unknown_role`, `role_needs_org`, `role_takes_no_org`; `invalid_request` for a role or an
 * organization that is not a text.
 */
export function explainAssign(
  state: SubjectState,
  kind: AssignKind,
  name: unknown,
  org: unknown
): AssignDecision {
  const place = readOrg(org)
  const role = readRole(state.compiled, name, place)
  return decideAssign(askThere(state, kind, place), role)
}

/** The names of the roles that a subject may assign there: shipped ones in document order, then custom ones by name. */
export function assignableRoles(state: SubjectState, org: unknown): readonly string[] {
  const place = readOrg(org)
  const asked = askThere(state, 'assignPermissions', place)
  return rolesAt(state.compiled.roles, place)
    .filter((role) => decideAssign(asked, role).allowed)
    .map(({ name }) => name)
}

/** The subject, the place and what is asked there, shared by questions about several roles. */
interface AskedPermission {
  readonly state: SubjectState
  readonly org: string | undefined
  readonly kind: AssignKind
  readonly coverOf: (role: CompiledRole) => GrantDecision
  readonly delegationsOf: (role: CompiledRole) => readonly Delegation[]
}

function askThere(state: SubjectState, kind: AssignKind, org: string | undefined): AskedPermission {
  return { state, org, kind, coverOf: coverThere(state, org), delegationsOf: readDelegations(state, org) }
}

/** Answers as `explainGrant` does for roles there; reads what the subject holds once, when first needed. */
function coverThere(state: SubjectState, org: string | undefined): AskedPermission['coverOf'] {
  let holdings: Holdings | undefined
  return (role) => explainChange((holdings ??= holdingsOf(state, org)), undefined, role)
}

function decideAssign(
  { state, org, kind, coverOf, delegationsOf }: AskedPermission,
  role: CompiledRole
): AssignDecision {
  const { compiled } = state
  const delegations = delegationsOf(role)
  const about = { role: role.name, ...(org === undefined ? {} : { org }), delegations }
  const refuse = (reason: AssignDecision['reason']): AssignDecision => ({ allowed: false, reason, ...about })
  if (role.document.assignable === false) return refuse('not_assignable')
  if (delegations.length === 0) return refuse('not_delegated')
  const needed = neededPermission(compiled, kind, role)
  if (needed === undefined && state.ceilings.length > 0) return refuse('no_permission_named')
  if (needed !== undefined && !hasObjectThere(needed, org)) return refuse('permission_has_no_object')
  const permission = needed && decideThere(state, needed, org)
  const asked = permission === undefined ? {} : { permission }
  if (permission?.allowed === false) return { ...refuse('permission_refused'), ...asked }
  const cover = role.isCustom ? coverOf(role) : undefined
  const covered = cover === undefined ? {} : { cover }
  if (cover?.allowed === false) return { ...refuse('not_covered'), ...asked, ...covered }
  return { allowed: true, reason: 'delegated', ...about, ...asked, ...covered }
}

/** An entry of `assigns` in a role of the subject, and its position among all of them. */
interface HeldEntry {
  readonly place: number
  readonly delegation: Delegation
}

/**
 * Reads the entries of `assigns` in the roles that a subject holds at the site and in `org`. The result finds all
 * entries that reach a role.
 */
function readDelegations(
  state: SubjectState,
  org: string | undefined
): (role: CompiledRole) => readonly Delegation[] {
  const byEntry = new Map<string, HeldEntry[]>()
  let place = 0
  const add = (
    holder: string,
    assigns: readonly string[] | undefined,
    at: readonly string[],
    heldIn?: string
  ): void => {
    for (const [index, entry] of (assigns ?? []).entries()) {
      const path = formatPath([...at, 'assigns', index])
      const delegation = {
        role: holder,
        ...(heldIn === undefined ? {} : { org: heldIn }),
        assigns: entry,
        path
      }
      const alike = byEntry.get(entry)
      if (alike === undefined) byEntry.set(entry, [{ place, delegation }])
      else alike.push({ place, delegation })
      place++
    }
  }
  const { system } = state
  if (system !== undefined)
    add(`system:${system.name}`, system.document.assigns, ['systemSubjects', system.name])
  // `site` also has organization roles that vote at the site; they delegate only where they are held.
  for (const { role: holder, document } of state.site.members)
    if (document?.kind === 'site') add(holder, document.assigns, ['roles', holder])
  for (const { role: holder, document } of (org === undefined ? undefined : state.orgs.get(org)?.members) ??
    [])
    add(holder, document?.assigns, ['roles', holder], org)

  const known = new Map<string, readonly Delegation[]>()
  return (role) => {
    // All roles that no entry names have the same entries.
    const entries = entriesFor(role).filter((entry) => byEntry.has(entry))
    const key = JSON.stringify(entries)
    const found = known.get(key) ?? inOrder(entries.flatMap((entry) => byEntry.get(entry) ?? []))
    known.set(key, found)
    return found
  }
}

function inOrder(held: HeldEntry[]): readonly Delegation[] {
  return held.sort((a, b) => a.place - b.place).map(({ delegation }) => delegation)
}

/** The entries of `assigns` that reach a role. A name is always that of a shipped role; custom roles cannot have it. */
function entriesFor(role: CompiledRole): readonly string[] {
  const own = role.isCustom ? `custom:${role.kind}` : role.name
  return role.document.assignable === false ? [own] : ['*', own]
}

/** The permission that the policy names for roles of this kind. */
function neededPermission(
  compiled: CompiledPolicy,
  kind: AssignKind,
  role: CompiledRole
): CompiledPermission | undefined {
  const named = Object.hasOwn(compiled.document, kind) ? compiled.document[kind] : undefined
  const name = named !== undefined && Object.hasOwn(named, role.kind) ? named[role.kind] : undefined
  if (name === undefined) return undefined
  const [resource = '', action] = splitName(name)
  const permission = compiled.catalogue.resources.get(resource)?.actions.get(action)
  if (permission === undefined)
    throw new TypeError('a checked policy names a permission that it does not have')
  return permission
}

/** Whether the permission's resource has objects in an organization (or outside of any if `org` is `undefined`). */
function hasObjectThere(permission: CompiledPermission, org: string | undefined): boolean {
  const { org: placement } = permission.definition
  return org === undefined ? canBeOutside(placement) : canBeInOrg(placement)
}

/** The decision about an object there that has no owner and no id. */
function decideThere(
  state: SubjectState,
  permission: CompiledPermission,
  org: string | undefined
): NonNullable<AssignDecision['permission']> {
  const object = { id: undefined, owner: undefined, org, anyOrg: false, acl: undefined }
  return decideQuestion(state, { permission, ...object })
}
