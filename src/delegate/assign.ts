// Who may give which role to others, or take it away, by declared delegation. It does not compare grants, with one
// exception: a custom role must also be covered, because nobody declared its delegation by name.
import type { CompiledRole } from '../compile/roles.js'
import type { SubjectState } from '../request/state.js'
import { holdingsOf, type Holdings } from './cover.js'
import { explainChange } from './grant.js'
import { readDelegations } from './delegations.js'
import { decideThere, hasObjectThere, neededPermission, type AssignKind } from './needed.js'
import { placeParts, type Place } from './place.js'
import { readPlace, readRole, rolesAt } from './read.js'
import type { AssignDecision, Delegation, GrantDecision } from './types.js'

/**
 * @throws RequestError `unknown_role`, `role_needs_org`, `role_takes_no_org`, `role_needs_container`,
 * `role_takes_no_container`; `invalid_request` for a role that is not a text or a place that is none.
 */
export function explainAssign(
  state: SubjectState,
  kind: AssignKind,
  name: unknown,
  given: unknown
): AssignDecision {
  const place = readPlace(state.compiled, given)
  const role = readRole(state.compiled, name, place)
  return decideAssign(askThere(state, kind, place), role)
}

/** The names of the roles that a subject may assign there: shipped ones in document order, then custom ones by name. */
export function assignableRoles(state: SubjectState, given: unknown): readonly string[] {
  const place = readPlace(state.compiled, given)
  const asked = askThere(state, 'assignPermissions', place)
  return rolesAt(state.compiled.roles, place)
    .filter((role) => decideAssign(asked, role).allowed)
    .map(({ name }) => name)
}

/** The subject, the place and what is asked there, shared by questions about several roles. */
interface AskedPermission {
  readonly state: SubjectState
  readonly place: Place
  readonly kind: AssignKind
  readonly coverOf: (role: CompiledRole) => GrantDecision
  readonly delegationsOf: (role: CompiledRole) => readonly Delegation[]
}

function askThere(state: SubjectState, kind: AssignKind, place: Place): AskedPermission {
  return {
    state,
    place,
    kind,
    coverOf: coverThere(state, place),
    delegationsOf: readDelegations(state, place)
  }
}

/** Answers as `explainGrant` does for roles there; reads what the subject holds once, when first needed. */
function coverThere(state: SubjectState, place: Place): AskedPermission['coverOf'] {
  let holdings: Holdings | undefined
  return (role) => explainChange((holdings ??= holdingsOf(state, place)), undefined, role)
}

function decideAssign(
  { state, place, kind, coverOf, delegationsOf }: AskedPermission,
  role: CompiledRole
): AssignDecision {
  const { compiled } = state
  const delegations = delegationsOf(role)
  const about = { role: role.name, ...placeParts(place), delegations }
  const refuse = (reason: AssignDecision['reason']): AssignDecision => ({ allowed: false, reason, ...about })
  if (role.document.assignable === false) return refuse('not_assignable')
  if (delegations.length === 0) return refuse('not_delegated')
  const needed = neededPermission(compiled, kind, role)
  if (needed === undefined && state.ceilings.length > 0) return refuse('no_permission_named')
  if (needed !== undefined && !hasObjectThere(needed, place)) return refuse('permission_has_no_object')
  const permission = needed && decideThere(state, needed, place)
  const asked = permission === undefined ? {} : { permission }
  if (permission?.allowed === false) return { ...refuse('permission_refused'), ...asked }
  const cover = role.isCustom ? coverOf(role) : undefined
  const covered = cover === undefined ? {} : { cover }
  if (cover?.allowed === false) return { ...refuse('not_covered'), ...asked, ...covered }
  return { allowed: true, reason: 'delegated', ...about, ...asked, ...covered }
}
