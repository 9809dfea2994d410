// Finds the roles that are allowed in one policy what the other refuses: every role alone, and pairs of roles where
// neither role alone shows the difference.
//
// Why pairs are enough. A policy's answer to a set of roles is its answer to those of them that it knows. Take any set
// that one policy allows on an object and the other refuses. The votes of all roles on one level are united by OR, a
// deny beats an allow, and the first level that does not abstain decides. So in the policy that allows there is one
// role `r` with an allow at the deciding level: no role in the set denies there, and the levels above abstain in every
// subset. So every subset that has `r` is allowed there.
// - If the other policy does not know `r`, or refuses `r` alone, then `r` alone shows the difference.
// - Otherwise it allows `r` alone and refuses the set, which takes a deny: at the first level of the set that does not
//   abstain, some role `t` denies. The levels above abstain in every subset, so `r` and `t` together are refused, and
//   this pair shows the difference.
// - `anyOrg`: the organization that allows has such an `r` (or the site has). The other policy refuses `r` alone, or
//   there is a deny of that organization or of the site against it: again `r` and one `t`, which may be held in
//   another organization if it denies at the site.
// - Where a site role decides about an object in an own organization, the subject needs one role more to belong to that
//   organization. It may have no votes: relations are reported as if it had none, and a witness that needs it gets one.
// - What an ACL entry grants needs no role (systems.ts): in both policies it is the same entry for everybody.
// A second role in another organization matters only by its votes at `site` and `user`.
//
// The tests compare this with every set of roles on small generated policies and edits of them.
import type { RoleCaseHolding } from './role-case-holding.js'
import { heldIn, votesOf, type RoleCase, type Comparing, type Holding } from './role-cases.js'
import type { Report } from './report.js'
import type { AskedPermission, OldNew, Direction } from './sides.js'
import { compareRoleSet, isTelling, tellOf, type Search } from './search.js'
import type { Ways } from './ways.js'
import { canJoin } from './role-set.js'
import type { HeldRole, RoleSet } from '../verify/space/role-set.js'
import { SITE_DENY, USER_DENY, anyAllow, anyDeny } from '../levels.js'

/** Prepares to compare one permission in one direction, with the role cases that the allowing policy has. */
export function searchFor(
  comparing: Comparing,
  holdings: readonly RoleCaseHolding[],
  asked: AskedPermission,
  direction: Direction,
  report: Report
): Search | undefined {
  const permission = asked.in[direction.allowing]
  if (permission === undefined) return undefined
  let held: readonly RoleCase[] | undefined
  let joining: readonly RoleCase[] | undefined
  const roleCases = (): readonly RoleCase[] => {
    comparing.work.spend(held === undefined ? 30 * holdings.length : 0, () => tellOf(asked))
    return (held ??= holdings.flatMap((one) =>
      one.roleCasesFor(asked).flatMap((roleCase) => heldIn(direction.allowing, roleCase, comparing) ?? [])
    ))
  }
  return {
    comparing,
    asked,
    direction,
    permission,
    roleCases,
    joining: () => (joining ??= joiningOf(roleCases(), asked)),
    shown: new Map(),
    report
  }
}

/** Role cases that can make a subject belong to an organization: one of each kind, those without votes first. */
function joiningOf(roleCases: readonly RoleCase[], asked: AskedPermission): readonly RoleCase[] {
  const silent = new Map<string, RoleCase>()
  const voting = new Map<string, RoleCase>()
  for (const roleCase of roleCases) {
    if (roleCase.holding.kind !== 'org') continue
    const { old, new: current } = votesOf(roleCase, asked)
    const group = old === 0 && current === 0 ? silent : voting
    const key = `${old} ${current} ${waysText(roleCase.options)} ${waysText(roleCase.settings)}`
    if (!group.has(key)) group.set(key, roleCase)
  }
  return [...silent.values(), ...voting.values()]
}

function waysText(ways: Ways): string {
  return ways.size === 0 ? '' : JSON.stringify([...ways])
}

/** A role case with its votes in both policies and the number of its holding. */
interface Voter {
  readonly roleCase: RoleCase
  readonly number: number
  readonly votes: OldNew<number>
  readonly isChanged: boolean
  /** Equal for voters with the same votes and the same kind of role. */
  readonly key: string
}

/** Reports what roles and pairs of roles are allowed in one policy but not in the other. */
export function compareRoles(search: Search, holdings: readonly RoleCaseHolding[]): void {
  const { comparing, asked, direction } = search
  comparing.work.spend(4 * holdings.length, () => tellOf(asked))
  if (asked.isPlacedAlike && holdings.every((one) => one.isSaidAlike(asked))) return
  const numbers = new Map(holdings.map(({ holding }, number) => [holding, number]))
  const voters = search.roleCases().map((roleCase): Voter => {
    const votes = votesOf(roleCase, asked)
    const isChanged = votes.old !== votes.new || !asked.isPlacedAlike
    const { kind } = roleCase.holding
    const key = `${kind} ${votes.old} ${votes.new}`
    return { roleCase, number: numbers.get(roleCase.holding) ?? 0, votes, isChanged, key }
  })
  const allowing = voters.filter(({ votes }) => (votes[direction.allowing] & anyAllow) !== 0)
  compareAlone(
    search,
    allowing.filter(({ isChanged }) => isChanged)
  )
  if (asked.in[direction.refusing] === undefined) return
  const denying = voters.filter(({ votes }) => (votes[direction.refusing] & anyDeny) !== 0)
  comparePairs(search, pairsOf(search, allowing, denying), holdings.length)
}

/** Every pair that shows a difference which neither shows alone, ordered by the first and then by the second. */
function* pairsOf(
  search: Search,
  allowing: readonly Voter[],
  denying: readonly Voter[]
): Generator<readonly [Voter, Voter]> {
  const groups = byKey(denying)
  const order = new Map(denying.map((voter, index) => [voter, index]))
  const telling = new Map<string, readonly Voter[]>()
  for (const voter of allowing) {
    const cached = telling.get(voter.key)
    const others =
      cached ??
      [...groups.values()]
        .filter(([other]) => other !== undefined && isTellingPair(search, voter, other))
        .flat()
        .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
    telling.set(voter.key, others)
    search.comparing.work.spend(20 * others.length, () => tellOf(search.asked))
    for (const other of others) yield [voter, other]
  }
}

function byKey(voters: readonly Voter[]): ReadonlyMap<string, readonly Voter[]> {
  const groups = new Map<string, Voter[]>()
  for (const voter of voters) {
    const group = groups.get(voter.key)
    if (group === undefined) groups.set(voter.key, [voter])
    else group.push(voter)
  }
  return groups
}

/** Whether two voters with these votes show a difference, in one organization or in two. */
function isTellingPair(search: Search, voter: Voter, other: Voter): boolean {
  if (!voter.isChanged && !other.isChanged) return false
  const orgOf = ({ roleCase }: Voter, org: string): string | undefined =>
    roleCase.holding.kind === 'site' ? undefined : org
  const [near, far] = search.comparing.orgs
  return [near, far].some((org) => {
    const roleSet = [
      { roleCase: voter.roleCase, org: orgOf(voter, near) },
      { roleCase: other.roleCase, org: orgOf(other, org) }
    ]
    const parts = roleSet.map((member) => [member])
    return isTelling(search, `${voter.key} + ${other.key} ${org}`, roleSet, parts)
  })
}

function compareAlone(search: Search, voters: readonly Voter[]): void {
  const reported = new Map<Holding, Set<string>>()
  for (const { roleCase, number, key } of voters) {
    const { holding } = roleCase
    const places = reported.get(holding) ?? new Set()
    reported.set(holding, places)
    const roleSet = [placeFirst(search, roleCase)]
    if (!isTelling(search, key, roleSet)) continue
    const who = { kind: 'role', subject: nameOf(holding, search), order: number } as const
    compareRoleSet(search, who, roleSet, places)
  }
}

function comparePairs(search: Search, pairs: Iterable<readonly [Voter, Voter]>, count: number): void {
  const reported = new Map<string, Set<string>>()
  const told = new Set<string>()
  for (const [voter, other] of pairs)
    for (const { roleSet, isApart } of roleSetsOf(search, voter, other)) {
      const sorted = [voter, other].toSorted((a, b) => a.number - b.number)
      const [first = voter, second = other] = sorted
      const names = sorted.map(({ roleCase }) => nameOf(roleCase.holding, search)).join(' + ')
      const subject = isApart ? `${names} in another organization` : names
      const order = first.number * count + second.number
      // In two organizations, it matters which of the two is held in the first.
      const key = isApart ? `${subject} ${voter.number}` : subject
      const places = reported.get(key) ?? new Set()
      reported.set(key, places)
      const report: Report = (finding) => {
        const what = JSON.stringify([names, finding.relation])
        // If the two roles show it in one organization, it is not reported again for two.
        if (isApart && told.has(what)) return
        told.add(what)
        search.report(finding)
      }
      const parts = roleSet.map((member) => [member])
      compareRoleSet({ ...search, report }, { kind: 'roles', subject, order }, roleSet, places, { parts })
    }
}

interface Pair {
  readonly roleSet: RoleSet<RoleCase>
  /** Whether the two are held in different organizations. */
  readonly isApart: boolean
}

/**
 * Two roles together: at the site, in one organization, and in two where the second reaches from one into the other.
 */
function roleSetsOf(search: Search, voter: Voter, { roleCase: other, votes, number }: Voter): Pair[] {
  const { roleCase: one } = voter
  const isSame = one.holding === other.holding
  const first = placeFirst(search, one)
  const second = placeFirst(search, other)
  const roleSets: Pair[] = []
  const add = (a: HeldRole<RoleCase>, b: HeldRole<RoleCase>, isApart: boolean): void => {
    const roleSet = number < voter.number ? [b, a] : [a, b]
    if (canJoin(a, b)) roleSets.push({ roleSet, isApart })
  }
  if (first.org === undefined || second.org === undefined) {
    if (!isSame) add(first, second, false)
    return roleSets
  }
  const [places, denial] = [
    new Set([one.holding.place, other.holding.place]),
    votes[search.direction.refusing]
  ]
  places.delete(undefined)
  const [place = search.comparing.orgs[0]] = places
  if (!isSame && places.size < 2) add({ roleCase: one, org: place }, { roleCase: other, org: place }, false)
  if ((denial & (SITE_DENY | USER_DENY)) === 0) return roleSets
  const elsewhere = other.holding.place ?? search.comparing.orgs.find((org) => org !== first.org) ?? ''
  if (elsewhere !== first.org) add(first, { roleCase: other, org: elsewhere }, true)
  return roleSets
}

function placeFirst({ comparing }: Search, roleCase: RoleCase): HeldRole<RoleCase> {
  const { kind, place } = roleCase.holding
  return { roleCase, org: kind === 'site' ? undefined : (place ?? comparing.orgs[0]) }
}

function nameOf({ names, place }: Holding, { direction }: Search): string {
  const name = names[direction.allowing]
  return place === undefined ? name : `${name} in ${place}`
}
