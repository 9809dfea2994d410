// The few sets of roles that an invariant has to be tried on, smallest first.
//
// Why so few are enough. The votes of all roles on one level are united by OR, a deny beats an allow, and the first
// level that does not abstain decides. So one role alone is enough to give a level's vote, and the levels above it
// abstain in every subset too.
//
// `only` (nobody outside a set of roles is allowed). Take any set of such roles that is allowed on an object.
// - Allowed at `site`, `user`, `org` or `orgMember`: one role holds the allow, no role denies at that level and all
//   abstain at the levels above, so that role alone is allowed too. An organization role that allows at `site` may be
//   held in the object's organization; a custom one never reaches `site`.
// - Where a site role decides about an object in the subject's own organization, the subject needs one organization
//   role more, to belong to that organization; its votes do not matter, because the site level decides first. So one
//   role is enough, or one site role and one organization role. `anyOrg` is allowed by the site level or in one of the
//   organizations: again one role.
// - An ACL entry for the subject needs no role at all, or one role that makes the subject belong to the organization.
//
// `always` (whoever holds `r` is allowed). Take any set with `r` that is refused on an object.
// - Refused by a deny: one role `t` holds it, and `r` and `t` together are refused, because the levels above abstain in
//   every subset. If the object has to be in an own organization and both are site roles, one organization role more is
//   needed; it cannot change what the site level decided.
// - Refused because nobody allows: `r` alone is refused, or `r` with the role that makes the subject belong there.
// - `anyOrg` is refused where the site level denies (`r` and `t`) or where no organization allows; leaving out roles in
//   other organizations than that of `r` only removes roles that could allow.
// So it is enough to try `r`, `r` and one role more in the same organization or in another, and `r` with two more. For
// an organization role that an `always` names, `own org` is the organization in which that role is held.
//
// All roles of a set share the options of the deployment, and all roles in an organization its settings: role cases
// that do not agree on them cannot be in one set. An ACL entry can only allow, so an `always` is not tried with one.
//
// The tests compare this with every set of roles on small generated policies.
import { agree, type RoleCase } from '../space/role-cases.js'
import type { Work } from './work.js'
import type { HeldRole, RoleSet } from '../space/role-set.js'

/** Sets of roles to try `only` on, none of which holds a role of it: by size. */
export function* roleSetsOutside(
  roleCases: readonly RoleCase[],
  isAboutOwnOrg: boolean,
  work: Work
): Generator<RoleSet<RoleCase>> {
  yield []
  for (const roleCase of roleCases) yield [placeFirst(roleCase)]
  if (!isAboutOwnOrg) return
  const inOrg = roleCases.filter(({ role }) => role.kind === 'org')
  for (const site of roleCases) {
    if (site.role.kind !== 'site') continue
    work.spend(inOrg.length, () => optionsOf(roleCases))
    for (const roleCase of inOrg)
      if (agree(site.options, roleCase.options)) yield [placeFirst(site), placeFirst(roleCase)]
  }
}

/** Sets of roles to try `always` on, each of which begins with the holder's: by size. */
export function* roleSetsWith(
  holder: RoleCase,
  roleCases: readonly RoleCase[],
  isAboutOwnOrg: boolean,
  work: Work
): Generator<RoleSet<RoleCase>> {
  work.spend(roleCases.length, () => optionsOf([holder, ...roleCases]))
  yield [placeFirst(holder)]
  const others = roleCases.filter((roleCase) => agree(holder.options, roleCase.options))
  for (const roleCase of others) yield* pairsOf(holder, roleCase)
  if (!isAboutOwnOrg || holder.role.kind === 'org') return
  const joining = others.filter(({ role }) => role.kind === 'org')
  for (const second of others) {
    if (second.role.kind !== 'site' || second.role === holder.role) continue
    work.spend(joining.length, () => optionsOf([holder, ...roleCases]))
    for (const roleCase of joining)
      if (agree(second.options, roleCase.options))
        yield [placeFirst(holder), placeFirst(second), placeFirst(roleCase)]
  }
}

/** The options and settings that the role cases are under, for the error about too many. */
function optionsOf(roleCases: readonly RoleCase[]): string[] {
  return [
    ...new Set(
      roleCases.flatMap(({ options, settings }) => [...Object.keys(options), ...Object.keys(settings)])
    )
  ]
}

/** The holder with a second role: at the site, in the holder's organization, in another. */
function pairsOf(holder: RoleCase, second: RoleCase): RoleSet<RoleCase>[] {
  const first = placeFirst(holder)
  if (second.role.kind === 'site' || first.org === undefined)
    return second.role === holder.role ? [] : [[first, placeFirst(second)]]
  const { place } = second.role
  const here = place ?? first.org
  const isHere =
    second.role !== holder.role &&
    agree(holder.settings, second.settings) &&
    (holder.role.place === undefined || holder.role.place === here)
  const elsewhere = place ?? (first.org === 'o2' ? 'o1' : 'o2')
  return [
    ...(isHere
      ? [
          [
            { roleCase: holder, org: here },
            { roleCase: second, org: here }
          ]
        ]
      : []),
    ...(elsewhere === first.org ? [] : [[first, { roleCase: second, org: elsewhere }]])
  ]
}

function placeFirst(roleCase: RoleCase): HeldRole<RoleCase> {
  return { roleCase, org: roleCase.role.kind === 'org' ? (roleCase.role.place ?? 'o1') : undefined }
}
