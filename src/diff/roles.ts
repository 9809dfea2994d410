// Finds the roles that are allowed in one policy what the other refuses: every role alone, and pairs of roles where
// neither role alone shows the difference. verify/space/role-sets.ts says why no larger sets are needed.
import type { RoleCaseHolding } from './role-case-holding.js'
import {
  gateVotesOf,
  heldIn,
  nameOf,
  votesOf,
  type RoleCase,
  type Comparing,
  type Holding
} from './role-cases.js'
import type { Report } from './report.js'
import type { AskedPermission, OldNew, Direction } from './sides.js'
import { compareRoleSet, isTelling, tellOf, type Search } from './search.js'
import type { Ways } from './ways.js'
import type { HeldPlace } from '../verify/space/role-set.js'
import { pairsOf, placeFirst, type Pair } from '../verify/space/role-sets.js'
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
  let joining: ReadonlyMap<string, readonly RoleCase[]> | undefined
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
    joining: (kind) => (joining ??= joiningOf(roleCases(), asked)).get(kind) ?? [],
    shown: new Map(),
    report
  }
}

/**
 * By kind, the role cases that can make a subject belong to an organization or a container: one of each sort, those
 * without votes first.
 */
function joiningOf(
  roleCases: readonly RoleCase[],
  asked: AskedPermission
): ReadonlyMap<string, readonly RoleCase[]> {
  const byKind = new Map<string, { silent: Map<string, RoleCase>; voting: Map<string, RoleCase> }>()
  for (const roleCase of roleCases) {
    const { kind } = roleCase.holding
    if (kind === 'site') continue
    const groups = byKind.get(kind) ?? {
      silent: new Map<string, RoleCase>(),
      voting: new Map<string, RoleCase>()
    }
    byKind.set(kind, groups)
    const [votes, gates] = [votesOf(roleCase, asked), gateVotesOf(roleCase, asked)]
    const numbers = [votes.old, votes.new, gates.old, gates.new]
    const group = numbers.every((number) => number === 0) ? groups.silent : groups.voting
    const key = `${numbers.join(' ')} ${waysText(roleCase.options)} ${waysText(roleCase.settings)}`
    if (!group.has(key)) group.set(key, roleCase)
  }
  return new Map(
    [...byKind].map(([kind, { silent, voting }]) => [kind, [...silent.values(), ...voting.values()]])
  )
}

function waysText(ways: Ways): string {
  return ways.size === 0 ? '' : JSON.stringify([...ways])
}

/** A role case with its votes in both policies and the number of its holding. */
export interface Voter {
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
  const voters = votersOf(search, holdings)
  const allowing = voters.filter(({ votes }) => (votes[direction.allowing] & anyAllow) !== 0)
  compareAlone(
    search,
    allowing.filter(({ isChanged }) => isChanged)
  )
  if (asked.in[direction.refusing] === undefined) return
  const denying = voters.filter(({ votes }) => (votes[direction.refusing] & anyDeny) !== 0)
  comparePairs(search, tellingPairs(search, allowing, denying), holdings.length)
}

export function votersOf(search: Search, holdings: readonly RoleCaseHolding[]): Voter[] {
  const { asked } = search
  const numbers = new Map(holdings.map(({ holding }, number) => [holding, number]))
  return search.roleCases().map((roleCase): Voter => {
    const votes = votesOf(roleCase, asked)
    const isChanged = votes.old !== votes.new || !asked.isPlacedAlike
    const { kind } = roleCase.holding
    const key = `${kind} ${votes.old} ${votes.new}`
    return { roleCase, number: numbers.get(roleCase.holding) ?? 0, votes, isChanged, key }
  })
}

/** Every pair that shows a difference which neither shows alone, ordered by the first and then by the second. */
function* tellingPairs(
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

/** Whether two voters with these votes show a difference, in one place of their kind or in two. */
function isTellingPair(search: Search, voter: Voter, other: Voter): boolean {
  if (!voter.isChanged && !other.isChanged) return false
  const { placeIds } = search.comparing.rules
  const placeIn = ({ roleCase: { holding } }: Voter, number: 0 | 1): HeldPlace | undefined =>
    holding.kind === 'site' ? undefined : { kind: holding.kind, id: placeIds(holding.kind)[number] }
  return ([0, 1] as const).some((number) => {
    const roleSet = [
      { roleCase: voter.roleCase, place: placeIn(voter, 0) },
      { roleCase: other.roleCase, place: placeIn(other, number) }
    ]
    const parts = roleSet.map((member) => [member])
    return isTelling(search, `${voter.key} + ${other.key} ${number}`, roleSet, parts)
  })
}

function compareAlone(search: Search, voters: readonly Voter[]): void {
  const reported = new Map<Holding, Set<string>>()
  const { rules } = search.comparing
  for (const { roleCase, number, key } of voters) {
    const { holding } = roleCase
    const places = reported.get(holding) ?? new Set()
    reported.set(holding, places)
    const roleSet = [placeFirst(rules, roleCase)]
    if (!isTelling(search, key, roleSet)) continue
    const who = { kind: 'role', subject: nameOf(holding, search.direction.allowing), order: number } as const
    compareRoleSet(search, who, roleSet, places)
  }
}

function comparePairs(search: Search, pairs: Iterable<readonly [Voter, Voter]>, count: number): void {
  const reported = new Map<string, Set<string>>()
  const told = new Set<string>()
  for (const [voter, other] of pairs)
    for (const { roleSet, isApart } of waysToHold(search, voter, other)) {
      const sorted = [voter, other].toSorted((a, b) => a.number - b.number)
      const [first = voter, second = other] = sorted
      const names = sorted
        .map(({ roleCase }) => nameOf(roleCase.holding, search.direction.allowing))
        .join(' + ')
      // The names of roles that are held in two containers say so themselves.
      const isInTwo = isApart && first.roleCase.holding.kind === 'org'
      const subject = isInTwo ? `${names} in another organization` : names
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
      const inOrder = other.number < voter.number ? roleSet.toReversed() : roleSet
      const parts = inOrder.map((member) => [member])
      compareRoleSet({ ...search, report }, { kind: 'roles', subject, order }, inOrder, places, { parts })
    }
}

/** The ways to hold two roles together; in two organizations only where the second reaches from one into the other. */
function waysToHold(
  { comparing, direction }: Search,
  { roleCase: one }: Voter,
  { roleCase: other, votes }: Voter
): readonly Pair<RoleCase>[] {
  const reachesFar = (votes[direction.refusing] & (SITE_DENY | USER_DENY)) !== 0
  return pairsOf(comparing.rules, one, other, reachesFar)
}
