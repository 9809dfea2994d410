// Whether a subject may do something to at least one possible object of a type, with any id, owner, organization and
// permitted ACL. The same as `can` on some such object, computed without trying them.
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
  // Some object is owned by the subject. A subject without an id has no grants for own objects.
  if (canBeOutside(org) && voteOf(state.site.table, 'user', permission) === 'allow') return true
  if (!canBeInOrg(org)) return false
  const some = uniteOrgs(state)[permission.index] ?? 0
  return (some & (IN_SOME_ORG | OWNED_IN_SOME_ORG)) !== 0
}
