// Differences by ACL entries, where a resource's settings let roles narrow which entries count: `members`, `requires`
// and `overridesDeny: false`. Without these, an entry counts for everybody alike (systems.ts).
//
// Take any set of roles that one policy allows by an entry on an object, and not by roles, and that the other refuses.
// - The policy that allows: at most one role `q` allows what `requires` names, and where an entry needs a member, one
//   organization role makes the subject belong to the object's organization. If a deny would beat the entry, all levels
//   abstain. So every subset with these two is allowed.
// - The other policy: if its roles allow a subset, or an entry counts there, then one role `t` denies the permission and
//   one role `s` denies what is required there.
// So it is enough to try no role, `q`, `q` with `t` or `s`, and `q` with both; with one organization role more where
// none of them is one, and, where an entry needs a member, also on an object in an organization where none of them is
// held: roles held elsewhere vote there at `site` alone. `t` and `s` may be the organization role.
import { gateVotesOf, nameOf, type RoleCase } from './role-cases.js'
import type { RoleCaseHolding } from './role-case-holding.js'
import type { Who } from './report.js'
import { votersOf, type Voter } from './roles.js'
import { cellOf, type Place } from './objects.js'
import { compareRoleSet, showsAny, tellOf, type Search } from './search.js'
import { isSharingNarrowed, type Side } from './sides.js'
import { anyAllow, anyDeny } from '../levels.js'
import { isSamePlace, type HeldRole, type RoleSet } from '../verify/space/role-set.js'

/** Reports what ACL entries grant in one policy but not in the other, to whoever holds some roles or none. */
export function compareShared(search: Search, holdings: readonly RoleCaseHolding[]): void {
  const { comparing, asked, permission } = search
  if (!permission.definition.acl || !isSharingNarrowed(asked)) return
  comparing.work.spend(10 * holdings.length, () => tellOf(asked))
  if (asked.isPlacedAlike && asked.isSharedAlike && holdings.every((one) => one.isSaidAlike(asked))) return
  const told = new Told()
  compareOutside(search, told)
  for (const groups of groupsTogether(search, votersOf(search, holdings)))
    if (isTellingGroup(search, groups, told))
      for (const voters of oneOfEach(groups))
        for (const roleSet of waysToHold(search, voters))
          compareHeld(search, voters, roleSet, holdings.length, told)
}

/**
 * Reports what differs for whoever belongs to no organization and asks about any: where roles narrow entries, one counts
 * in some organization or not at all.
 */
function compareOutside(search: Search, told: Told): void {
  const who = { kind: 'nobody', subject: 'no role', order: 0 } as const
  compareRoleSet(search, who, [], new Set(), {
    byAcl: true,
    orgs: [],
    isNew: ({ org }) => org === 'any',
    onReport: (places) => {
      told.add([], places)
    }
  })
}

/** Voters with the same votes in the same kind of role: one stands for all of them. */
type Group = readonly Voter[]

/** The groups whose members have to be tried together, the smallest sets first. */
function* groupsTogether(search: Search, voters: readonly Voter[]): Generator<readonly Group[]> {
  const { asked, direction } = search
  const { allowing, refusing } = direction
  const gateIn = (side: Side, { roleCase }: Voter): number => gateVotesOf(roleCase, asked)[side]
  const all = [
    ...groupBy(voters, ({ roleCase, key }) => {
      const { old, new: current } = gateVotesOf(roleCase, asked)
      return `${key} ${old} ${current}`
    }).values()
  ]
  const having = (test: (voter: Voter) => boolean): Group[] =>
    all.filter(([first]) => first !== undefined && test(first))
  const denying = having(({ votes }) => (votes[refusing] & anyDeny) !== 0)
  const closing = having((voter) => (gateIn(refusing, voter) & anyDeny) !== 0)
  const others = [...new Set([...denying, ...closing])]
  const isGated = asked.gates[allowing] !== undefined
  const opening = isGated ? having((voter) => (gateIn(allowing, voter) & anyAllow) !== 0) : others
  yield []
  for (const one of opening) yield [one]
  for (const one of opening) for (const other of others) yield [one, other]
  for (const one of isGated ? opening : [])
    for (const other of denying) for (const third of closing) yield [one, other, third]
}

function groupBy(voters: readonly Voter[], keyOf: (voter: Voter) => string): ReadonlyMap<string, Group> {
  const groups = new Map<string, Voter[]>()
  for (const voter of voters) {
    const group = groups.get(keyOf(voter))
    if (group === undefined) groups.set(keyOf(voter), [voter])
    else group.push(voter)
  }
  return groups
}

/** Whether some of each group show together what fewer do not; all of them have equal votes. */
function isTellingGroup(search: Search, groups: readonly Group[], told: Told): boolean {
  for (const voters of oneOfEach(groups)) {
    const roleSets = waysToHold(search, voters)
    // Which options the members share depends on the members: the next ones may be held together where these cannot.
    if (roleSets.length > 0)
      return roleSets.some((roleSet) =>
        showsAny(search, roleSet, { byAcl: true, parts: told.isLacking ? [] : partsOf(roleSet) })
      )
  }
  return false
}

/** Every set with one member less, and no role at all. */
function partsOf(roleSet: RoleSet<RoleCase>): RoleSet<RoleCase>[] {
  return roleSet.map((_, index) => roleSet.toSpliced(index, 1))
}

/** Every way to take one of each group. */
function* oneOfEach(groups: readonly Group[]): Generator<readonly Voter[]> {
  const [first, ...others] = groups
  if (first === undefined) yield []
  else
    for (const rest of oneOfEach(others))
      for (const voter of first) if (!rest.includes(voter)) yield [voter, ...rest]
}

/** Every way to hold some roles: at the site, in one container of each kind, in one organization or in two. */
function waysToHold({ comparing }: Search, voters: readonly Voter[]): readonly RoleSet<RoleCase>[] {
  const { roleOf, placeIds, canShareOptions, canShareSettings } = comparing.rules
  const canBoth = (a: HeldRole<RoleCase>, b: HeldRole<RoleCase>): boolean => {
    if (!canShareOptions(a.roleCase, b.roleCase)) return false
    if (!isSamePlace(a.place, b.place)) return true
    return (
      roleOf(a.roleCase) !== roleOf(b.roleCase) &&
      (a.place?.kind !== 'org' || canShareSettings(a.roleCase, b.roleCase))
    )
  }
  return voters.reduce<readonly RoleSet<RoleCase>[]>(
    (ways, { roleCase }) =>
      ways.flatMap((before) => {
        const { kind, place } = roleOf(roleCase)
        const [near, far] = placeIds(kind)
        const isFirst = before.every((member) => member.place?.kind !== kind)
        const ids = place !== undefined ? [place] : kind === 'org' && !isFirst ? [near, far] : [near]
        const held: HeldRole<RoleCase>[] =
          kind === 'site'
            ? [{ roleCase, place: undefined }]
            : ids.map((id) => ({ roleCase, place: { kind, id } }))
        return held.flatMap((member) =>
          before.every((one) => canBoth(one, member)) ? [[...before, member]] : []
        )
      }),
    [[]]
  )
}

function compareHeld(
  search: Search,
  voters: readonly Voter[],
  roleSet: RoleSet<RoleCase>,
  count: number,
  told: Told
): void {
  const sorted = [...new Set(voters.map(({ number }) => number))].sort((a, b) => a - b)
  const names = sorted.flatMap((number) => {
    const voter = voters.find((one) => one.number === number)
    return voter === undefined ? [] : [nameOf(voter.roleCase.holding, search.direction.allowing)]
  })
  const orgs = new Set(roleSet.flatMap(({ place }) => (place?.kind === 'org' ? place.id : [])))
  const kind = voters.length === 0 ? 'nobody' : voters.length === 1 ? 'role' : 'roles'
  const joined = names.join(' + ')
  const who: Who = {
    kind,
    subject: kind === 'nobody' ? 'no role' : orgs.size > 1 ? `${joined} in another organization` : joined,
    order: sorted.reduce((order, number) => order * count + number, 0)
  }
  const isNew = (place: Place): boolean => !told.has(sorted, place)
  const isWhole = compareRoleSet(search, who, roleSet, new Set(), {
    byAcl: true,
    isNew,
    onReport: (places) => {
      told.add(sorted, places)
    }
  })
  if (!isWhole) told.isLacking = true
}

/** Where what was told of which roles: it holds of whoever holds more as well. */
class Told {
  /** Whether something could not be told, since no role makes its holders belong to the place. */
  isLacking = false
  readonly #told: { readonly held: readonly number[]; readonly cells: ReadonlySet<string> }[] = []

  add(held: readonly number[], places: readonly Place[]): void {
    this.#told.push({ held, cells: new Set(places.map(cellOf)) })
  }

  has(held: readonly number[], place: Place): boolean {
    const cell = cellOf(place)
    return this.#told.some((one) => one.cells.has(cell) && one.held.every((number) => held.includes(number)))
  }
}
