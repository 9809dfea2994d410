// Who may give which role to others: a declared delegation, the spec's section 7. It does not compare grants, except
// that giving a custom role also needs cover.
import { findRole, listRoles } from '../compile/role-index.js'
import type { CompiledRole } from '../compile/roles.js'
import type { DecidingSubject } from '../decide/subject.js'

/** The names of the roles that a subject may assign at the site, or in an organization. */
export function assignableRoles(subject: DecidingSubject, org?: string): readonly string[] {
  const there = listRoles(subject.engine.roles).filter(({ place }) => place === undefined || place === org)
  return there.map(({ name }) => name).filter((name) => canAssign(subject, name, org))
}

/** Whether a subject may assign a role at the site, or in an organization. */
export function canAssign(subject: DecidingSubject, name: string, org?: string): boolean {
  const role = findRole(subject.engine.roles, name, org)
  if (role === undefined || (role.kind === 'org') !== (org !== undefined)) return false
  return delegatesTo(subject, role, org)
}

function delegatesTo(subject: DecidingSubject, role: CompiledRole, org: string | undefined): boolean {
  if (role.isCustom || role.document.assignable === false) return false
  const listed = (assigns: readonly string[] | undefined): boolean =>
    assigns !== undefined && (assigns.includes('*') || assigns.includes(role.name))
  if (listed(subject.system?.document.assigns)) return true
  if (subject.site.members.some(({ of }) => of?.kind === 'site' && listed(of.assigns))) return true
  if (org === undefined) return false
  return (subject.orgs.get(org)?.members ?? []).some(({ of }) => of?.kind === 'org' && listed(of.assigns))
}
