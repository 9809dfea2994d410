// Whether a subject may do something to some object of a type at all: any id, owner, organization, permitted ACL.
// Exactly the disjunction of `can` over all those objects, without walking them.
import { IN_SOME_ORG, OWNED_IN_SOME_ORG, uniteOrgs } from './any-org.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import { findPermission } from '../request/ask.js'
import { isWithinSomewhere } from './ceilings.js'
import type { SubjectState } from '../request/state.js'
import { voteOf } from './votes.js'
import { canBeInOrg, canBeOutside } from '../levels.js'

/**
 * Whether `can(action, object)` is true for some object of the type.
 *
 * @throws RequestError `unknown_resource`, `unknown_action`.
 */
export function canSome(state: SubjectState, action: string, type: string): boolean {
  const permission = findPermission(state.compiled, action, type)
  const hasAcl = permission.definition.acl && state.id !== ''
  return (hasAcl || rolesAllowSome(state, permission)) && isWithinSomewhere(state.ceilings, permission)
}

function rolesAllowSome(state: SubjectState, permission: CompiledPermission): boolean {
  const site = voteOf(state.site.table, 'site', permission)
  if (site !== 'abstain') return site === 'allow'
  const { org } = permission.definition
  // The owner may always be the subject itself: without an id it has no grants that ask for one.
  if (canBeOutside(org) && voteOf(state.site.table, 'user', permission) === 'allow') return true
  if (!canBeInOrg(org)) return false
  const some = uniteOrgs(state)[permission.index] ?? 0
  return (some & (IN_SOME_ORG | OWNED_IN_SOME_ORG)) !== 0
}
