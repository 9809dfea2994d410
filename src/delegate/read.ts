// Reads and checks what questions about delegation name: an organization, a role. A malformed one is an error, not a
// refusal.
import type { CompiledPolicy } from '../compile/compile.js'
import { entriesOf, getIn } from '../compile/persistent-map.js'
import { findRole, type RoleIndex } from '../compile/role-index.js'
import type { CompiledRole } from '../compile/roles.js'
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import { quoteValue } from '../problems/quote.js'

/**
 * The organization that is meant; `undefined` (given as `undefined`, `null` or empty) for the site.
 *
 * @throws RequestError `invalid_request` for anything but a text.
 */
export function readOrg(org: unknown): string | undefined {
  if (org === undefined || org === null || org === '') return undefined
  if (typeof org === 'string') return org
  throw shapeError(['org'], 'an organization', org)
}

/**
 * The role that a name means at the site, or in an organization.
 *
 * @throws RequestError `unknown_role`, `role_needs_org`, `role_takes_no_org`; `invalid_request` for anything but a
 * text.
 */
export function readRole(compiled: CompiledPolicy, name: unknown, org: string | undefined): CompiledRole {
  if (typeof name !== 'string') throw shapeError(['role'], 'the name of a role', name)
  const problems = new RequestProblems()
  const role = findRole(compiled.roles, name, org)
  if (role !== undefined && (role.kind === 'org') === (org !== undefined)) return role
  if (role === undefined) problems.addUnknown('unknown_role', ['role'], 'role', name, compiled.roles.shipped)
  else if (org === undefined)
    problems.add(
      'role_needs_org',
      ['role'],
      `${quoteValue(name)} is an organization role; give its organization`,
      name
    )
  else problems.add('role_takes_no_org', ['role'], `${quoteValue(name)} is a site role`, name)
  throw problems.toError()
}

/**
 * The roles that are held at the site, or in an organization: shipped ones in document order, then custom ones by name.
 */
export function rolesAt(index: RoleIndex, org: string | undefined): readonly CompiledRole[] {
  const kind = org === undefined ? 'site' : 'org'
  const shipped = [...index.shipped.values()].filter((role) => role.kind === kind)
  const added = org === undefined ? index.customSite : index.customOrg && getIn(index.customOrg, org)
  const custom = [...entriesOf(added)].sort(([a], [b]) => (a < b ? -1 : 1))
  return [...shipped, ...custom.map(([, role]) => role)]
}
