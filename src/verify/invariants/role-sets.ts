// The few sets of roles that an invariant has to be tried on, smallest first. space/role-sets.ts says why so few are
// enough.
import type { CompiledPermission } from '../../compile/catalogue.js'
import { agree, type RoleCase, type RoleCases } from '../space/role-cases.js'
import type { RoleSet } from '../space/role-set.js'
import { pairsOf, placeFirst, withAnother, withMembers, type HoldingRules } from '../space/role-sets.js'
import type { Work } from './work.js'

export const rules: HoldingRules<RoleCase> = {
  roleOf: ({ role }) => role,
  placeIds: (kind) => (kind === 'org' ? ['o1', 'o2', 'o3'] : [`${kind}1`, `${kind}2`]),
  canShareOptions: (a, b) => agree(a.options, b.options),
  canShareSettings: (a, b) => agree(a.settings, b.settings)
}

/** The first role case of each group of equal ones that `isMeant` accepts; in the order of the roles. */
export function firstOfEach(
  roleCases: RoleCases,
  permission: CompiledPermission,
  isMeant: (roleCase: RoleCase) => boolean
): RoleCase[] {
  return roleCases
    .alike(permission)
    .flatMap(({ roleCases: group }) => group.find(({ roleCase }) => isMeant(roleCase)) ?? [])
    .sort((a, b) => a.position - b.position)
    .map(({ roleCase }) => roleCase)
}

/**
 * Sets of roles to try `only` on, none of which holds a role of it: by size. The subject has to belong to a place of
 * each of `kinds`. With `canBelongTwice` a role of one organization may matter in another, to which the subject belongs
 * by a second role.
 */
export function* roleSetsOutside(
  roleCases: readonly RoleCase[],
  kinds: readonly string[],
  work: Work,
  canBelongTwice = false
): Generator<RoleSet<RoleCase>> {
  yield []
  for (const roleCase of roleCases) yield [placeFirst(rules, roleCase)]
  const joining = joiningOf(roleCases, work, roleCases)
  // A role of one of the kinds is a member itself. It is enough to begin with those of the first kind.
  const [first, ...others] = kinds
  if (first === undefined) return
  if (others.length > 0)
    for (const member of joining(first))
      yield* withMembers(rules, [placeFirst(rules, member)], kinds, joining)
  for (const roleCase of roleCases)
    if (!kinds.includes(roleCase.role.kind))
      yield* withMembers(rules, [placeFirst(rules, roleCase)], kinds, joining)
  if (!canBelongTwice) return
  for (const roleCase of joining('org'))
    for (const member of joining('org'))
      for (const { roleSet, isApart } of pairsOf(rules, roleCase, member))
        if (isApart) yield* withMembers(rules, roleSet, kinds, joining)
}

/**
 * Sets of roles to try `always` on, each of which begins with the holder's: by size. The subject has to belong to a
 * place of each of `kinds`. With `canBeRefusedTwice` one role can keep roles from allowing, and another an ACL entry.
 */
export function* roleSetsWith(
  holder: RoleCase,
  roleCases: readonly RoleCase[],
  kinds: readonly string[],
  work: Work,
  canBeRefusedTwice = false
): Generator<RoleSet<RoleCase>> {
  const all = [holder, ...roleCases]
  work.spend(roleCases.length, () => optionNames(all))
  yield [placeFirst(rules, holder)]
  const pairs = function* (): Generator<RoleSet<RoleCase>> {
    for (const roleCase of roleCases)
      for (const { roleSet } of pairsOf(rules, holder, roleCase)) yield roleSet
  }
  yield* pairs()
  const others = roleCases.filter((roleCase) => rules.canShareOptions(holder, roleCase))
  const joining = joiningOf(others, work, all)
  const sets = function* (): Generator<RoleSet<RoleCase>> {
    yield* pairs()
    if (!canBeRefusedTwice) return
    for (const pair of pairs()) {
      work.spend(others.length, () => optionNames(all))
      for (const third of others) yield* withAnother(rules, pair, third)
    }
  }
  if (canBeRefusedTwice) for (const roleSet of sets()) if (roleSet.length > 2) yield roleSet
  const lacking = (roleSet: RoleSet<RoleCase>): number =>
    kinds.filter((kind) => roleSet.every(({ place }) => place?.kind !== kind)).length
  if (lacking([placeFirst(rules, holder)]) === 0) return
  for (let missing = 1; missing <= kinds.length; missing++)
    for (const roleSet of sets())
      if (lacking(roleSet) === missing) yield* withMembers(rules, roleSet, kinds, joining)
}

/** Role cases that can make a subject belong to a place of a kind. */
function joiningOf(
  roleCases: readonly RoleCase[],
  work: Work,
  named: readonly RoleCase[]
): (kind: string) => readonly RoleCase[] {
  const cached = new Map<string, readonly RoleCase[]>()
  return (kind) => {
    const found = cached.get(kind) ?? roleCases.filter(({ role }) => role.kind === kind)
    cached.set(kind, found)
    work.spend(found.length, () => optionNames(named))
    return found
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
