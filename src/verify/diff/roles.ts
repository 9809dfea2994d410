// Who of those that hold roles is allowed what the other policy refuses: every role alone, and of roles together those
// pairs whose parts do not show it.
//
// Why pairs are enough. Call a policy's answer to a set of roles its answer to those of them that it knows. Take any
// set that the one policy allows on an object and the other refuses. Ballots of one level are united by OR, a deny
// beats an allow, and the first level that does not abstain decides. So in the policy that allows there is one role
// `r` with an allow at the deciding level: nobody in the set denies there, and the levels above abstain in every
// subset. Whoever holds `r` is therefore allowed in every subset that has `r`.
// - If the other policy does not know `r`, or refuses whoever holds `r` alone, then `r` alone shows the difference.
// - Else it allows `r` alone and refuses the set, which takes a deny: at the first level of the set that does not
//   abstain some role `t` denies, the levels above abstain in every subset, and so `r` and `t` together are refused:
//   `r` and `t` show the difference.
// - `anyOrg`: the organization that allows has such an `r` (or the site has). The other policy refuses `r` alone, or
//   there is a deny of that organization or of the site against it: again `r` and one `t`, which may be held in
//   another organization if it denies at the site.
// - An object in an organization of one's own that a site role decides needs one role more, which makes it one's own
//   and may say nothing: relations are told as if it did, and a witness that needs such a role gets one.
// - What an ACL entry grants needs no role (systems.ts), for in both policies it is the same entry for everybody.
// Which organization another role is in matters only to what it says at the site and at `user`.
//
// The tests compare this with every set of roles on small generated policies and edits of them.
import {
  MEMBER_ALLOW,
  MEMBER_DENY,
  ORG_ALLOW,
  ORG_DENY,
  SITE_ALLOW,
  SITE_DENY,
  USER_ALLOW,
  USER_DENY
} from '../../compile/tables.js'
import {
  isHeldIn,
  isSaidAlike,
  relevantCasts,
  votesOf,
  type Cast,
  type Comparing,
  type Holding
} from './casts.js'
import type { Report } from './report.js'
import type { Asked, Both, Direction } from './sides.js'
import { compareTeam, type Search } from './team.js'
import { canJoin, type Member, type Team } from './witness.js'

const anyAllow = SITE_ALLOW | USER_ALLOW | ORG_ALLOW | MEMBER_ALLOW
const anyDeny = SITE_DENY | USER_DENY | ORG_DENY | MEMBER_DENY

/** One permission compared one way, with the casts of every holding that can be held where it is allowed. */
export function searchFor(
  comparing: Comparing,
  casts: readonly (readonly Cast[])[],
  asked: Asked,
  direction: Direction,
  report: Report
): Search | undefined {
  const permission = asked.in[direction.allowing]
  if (permission === undefined) return undefined
  let held: readonly Cast[] | undefined
  const heldCasts = (): readonly Cast[] =>
    (held ??= casts.flatMap((ofRole) =>
      relevantCasts(ofRole, asked).filter((cast) => isHeldIn(direction.allowing, cast, comparing))
    ))
  return { comparing, asked, direction, permission, casts: heldCasts, report }
}

/** What a cast says in both policies, and which of the holdings it is. */
interface Voter {
  readonly cast: Cast
  readonly number: number
  readonly votes: Both<number>
  readonly isChanged: boolean
}

/** Reports what those who hold roles are allowed in one policy alone. */
export function compareRoles(
  search: Search,
  holdings: readonly Holding[],
  casts: readonly (readonly Cast[])[]
): void {
  const { asked, direction } = search
  if (asked.isPlacedAlike && casts.every((ofRole) => ofRole.every((cast) => isSaidAlike(cast, asked)))) return
  const voters = search.casts().map((cast): Voter => {
    const votes = votesOf(cast, asked)
    const isChanged = votes.old !== votes.new || !asked.isPlacedAlike
    return { cast, number: holdings.indexOf(cast.holding), votes, isChanged }
  })
  const allowing = voters.filter(({ votes }) => (votes[direction.allowing] & anyAllow) !== 0)
  compareAlone(
    search,
    allowing.filter(({ isChanged }) => isChanged)
  )
  if (asked.in[direction.refusing] === undefined) return
  const denying = voters.filter(({ votes }) => (votes[direction.refusing] & anyDeny) !== 0)
  const pairs = allowing.flatMap((voter) =>
    denying.filter((other) => voter.isChanged || other.isChanged).map((other) => [voter, other] as const)
  )
  comparePairs(search, pairs, holdings.length)
}

function compareAlone(search: Search, voters: readonly Voter[]): void {
  const known = new Map<Holding, Set<string>>()
  for (const { cast, number } of voters) {
    const { holding } = cast
    const places = known.get(holding) ?? new Set()
    known.set(holding, places)
    const who = { kind: 'role', subject: nameOf(holding, search), order: number } as const
    compareTeam(search, who, [placeFirst(search, cast)], places)
  }
}

function comparePairs(search: Search, pairs: readonly (readonly [Voter, Voter])[], count: number): void {
  const known = new Map<string, Set<string>>()
  const told = new Set<string>()
  for (const [voter, other] of pairs)
    for (const { team, isApart } of teamsOf(search, voter, other)) {
      const sorted = [voter, other].toSorted((a, b) => a.number - b.number)
      const [first = voter, second = other] = sorted
      const names = sorted.map(({ cast }) => nameOf(cast.holding, search)).join(' + ')
      const subject = isApart ? `${names} in another organization` : names
      const order = first.number * count + second.number
      // Apart, it matters which of the two is held in the first organization.
      const key = isApart ? `${subject} ${voter.number}` : subject
      const places = known.get(key) ?? new Set()
      known.set(key, places)
      const report: Report = (finding) => {
        const what = JSON.stringify([names, finding.relation])
        // Two roles that show it in one organization need not be told of in two.
        if (isApart && told.has(what)) return
        told.add(what)
        search.report(finding)
      }
      const parts = team.map((member) => [member])
      compareTeam({ ...search, report }, { kind: 'roles', subject, order }, team, places, { parts })
    }
}

interface Placed {
  readonly team: Team
  /** Whether the two are held in different organizations. */
  readonly isApart: boolean
}

/** Two roles together: at the site, in one organization, and in two where the second reaches from one into the other. */
function teamsOf(search: Search, voter: Voter, { cast: other, votes, number }: Voter): Placed[] {
  const { cast: one } = voter
  const isSame = one.holding === other.holding
  const first = placeFirst(search, one)
  const second = placeFirst(search, other)
  const teams: Placed[] = []
  const add = (a: Member, b: Member, isApart: boolean): void => {
    const team = number < voter.number ? [b, a] : [a, b]
    if (canJoin(a, b)) teams.push({ team, isApart })
  }
  if (first.org === undefined || second.org === undefined) {
    if (!isSame) add(first, second, false)
    return teams
  }
  const [places, denial] = [
    new Set([one.holding.place, other.holding.place]),
    votes[search.direction.refusing]
  ]
  places.delete(undefined)
  const [place = search.comparing.orgs[0]] = places
  if (!isSame && places.size < 2) add({ cast: one, org: place }, { cast: other, org: place }, false)
  if ((denial & (SITE_DENY | USER_DENY)) === 0) return teams
  const elsewhere = other.holding.place ?? search.comparing.orgs.find((org) => org !== first.org) ?? ''
  if (elsewhere !== first.org) add(first, { cast: other, org: elsewhere }, true)
  return teams
}

function placeFirst({ comparing }: Search, cast: Cast): Member {
  const { kind, place } = cast.holding
  return { cast, org: kind === 'site' ? undefined : (place ?? comparing.orgs[0]) }
}

function nameOf({ names, place }: Holding, { direction }: Search): string {
  const name = names[direction.allowing]
  return place === undefined ? name : `${name} in ${place}`
}
