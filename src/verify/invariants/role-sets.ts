// The few sets of roles that an invariant has to be tried on, smallest first.
//
// Why so few are enough. Role tables of one level are united by OR, a deny beats an allow, and the first level that
// does not abstain decides; so a level's vote has a single role behind it, and the levels above it abstain in every
// subset.
//
// `only` (nobody outside a set of roles is allowed). Take any set of such roles that is allowed on an object.
// - Allowed at `site`, `user`, `org` or `orgMember`: one role holds the allow, no role denies at that level and all
//   abstain at the levels above, so that role alone is allowed too. An organization role that allows at `site` may be
//   held in the object's organization; a custom one never reaches `site`.
// - For an object in an organization of one's own that a site role decides, one organization role more makes it one's
//   own; the site level has decided before it is asked. So one role is enough, or one of the site and one of the
//   organization. `anyOrg` is allowed by the site level or in one of the organizations: again one role.
// - An ACL entry for the subject needs no role at all, or the one that makes the organization its own.
//
// `always` (whoever holds `r` is allowed). Take any set with `r` that is refused on an object.
// - Refused by a deny: one role `t` holds it, and `r` and `t` together are refused, for the levels above abstain in
//   every subset. Where the object's organization must be one's own and both are site roles, one organization role
//   more is needed, and cannot change what the site level decided.
// - Refused because nobody allows: `r` alone is, or `r` with the role that makes the organization its own.
// - `anyOrg` is refused where the site level denies (`r` and `t`) or where no organization allows; without the roles
//   of other organizations than that of `r` there are only fewer that could allow.
// So `r`, `r` and one role more in the same organization or in another, or `r` with two. What `own org` means to an
// organization role that an `always` names is the organization in which that role is held.
//
// Options of the deployment are one choice for all roles of a set, settings one for all roles of an organization: a
// set whose role tables do not agree on them is no set. An ACL entry only ever allows, so that `always` needs none.
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
): Generator<RoleSet> {
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
): Generator<RoleSet> {
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

/** What makes role cases so many: the options and settings that they are under. */
function optionsOf(roleCases: readonly RoleCase[]): string[] {
  return [
    ...new Set(
      roleCases.flatMap(({ options, settings }) => [...Object.keys(options), ...Object.keys(settings)])
    )
  ]
}

/** The holder with a second role: at the site, in the holder's organization, in another. */
function pairsOf(holder: RoleCase, second: RoleCase): RoleSet[] {
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

function placeFirst(roleCase: RoleCase): HeldRole {
  return { roleCase, org: roleCase.role.kind === 'org' ? (roleCase.role.place ?? 'o1') : undefined }
}
