// The few sets of roles that an invariant has to be tried on, smallest first. space/role-sets.ts says why so few are
// enough.
import { agree, type RoleCase } from '../space/role-cases.js'
import type { RoleSet } from '../space/role-set.js'
import { pairsOf, placeFirst, withOneMore, type HoldingRules } from '../space/role-sets.js'
import type { Work } from './work.js'

const rules: HoldingRules<RoleCase> = {
  roleOf: ({ role }) => role,
  placeIds: (kind) => (kind === 'org' ? ['o1', 'o2'] : [`${kind}1`, `${kind}2`]),
  canShareOptions: (a, b) => agree(a.options, b.options),
  canShareSettings: (a, b) => agree(a.settings, b.settings)
}

/** Sets of roles to try `only` on, none of which holds a role of it: by size. */
export function* roleSetsOutside(
  roleCases: readonly RoleCase[],
  isAboutOwnOrg: boolean,
  work: Work
): Generator<RoleSet<RoleCase>> {
  yield []
  for (const roleCase of roleCases) yield [placeFirst(rules, roleCase)]
  if (!isAboutOwnOrg) return
  const inOrg = roleCases.filter(({ role }) => role.kind === 'org')
  for (const site of roleCases) {
    if (site.role.kind !== 'site') continue
    work.spend(inOrg.length, () => optionNames(roleCases))
    yield* withOneMore(rules, [placeFirst(rules, site)], inOrg)
  }
}

/** Sets of roles to try `always` on, each of which begins with the holder's: by size. */
export function* roleSetsWith(
  holder: RoleCase,
  roleCases: readonly RoleCase[],
  isAboutOwnOrg: boolean,
  work: Work
): Generator<RoleSet<RoleCase>> {
  work.spend(roleCases.length, () => optionNames([holder, ...roleCases]))
  const first = placeFirst(rules, holder)
  yield [first]
  for (const roleCase of roleCases) for (const { roleSet } of pairsOf(rules, holder, roleCase)) yield roleSet
  if (!isAboutOwnOrg || holder.role.kind === 'org') return
  const others = roleCases.filter((roleCase) => rules.canShareOptions(holder, roleCase))
  const joining = others.filter(({ role }) => role.kind === 'org')
  for (const second of others) {
    if (second.role.kind !== 'site' || second.role === holder.role) continue
    work.spend(joining.length, () => optionNames([holder, ...roleCases]))
    yield* withOneMore(rules, [first, placeFirst(rules, second)], joining)
  }
}

/** The options and settings that the role cases are under, for the error about too many. */
function optionNames(roleCases: readonly RoleCase[]): string[] {
  return [
    ...new Set(
      roleCases.flatMap(({ options, settings }) => [...Object.keys(options), ...Object.keys(settings)])
    )
  ]
}
