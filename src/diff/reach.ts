// Whom a key can belong to: for one permission, on which objects anybody at all is allowed it, with somebody for each
// relation. A ceiling asks nothing about roles, so what a ceiling newly lets through is let through for them.
import type { Relation } from '../document/relation.js'
import { everyObject } from '../verify/space/relations.js'
import { votesOf } from './casts.js'
import { placesOf, relate, type Place } from './objects.js'
import { isAllowed } from './sides.js'
import type { Search } from './team.js'
import { canJoin, optionsOfTeam, seeTeam, teamData, type Asking, type Member, type Team } from './witness.js'

/** One relation on which somebody is allowed, and questions of such people, the plainest first. */
export interface Reach {
  readonly relation: Relation
  readonly byAcl: boolean
  readonly asking: Iterable<Asking>
}

/** Every relation on which somebody is allowed the permission by a role, and where that is not all, by an ACL entry. */
export function reachOfAnybody(search: Search): Reach[] {
  const { comparing } = search
  const alone = new Map<string, Team>()
  for (const cast of search.casts()) {
    const { kind, place } = cast.holding
    const key = `${kind} ${votesOf(cast, search.asked)[search.direction.allowing]}`
    // Whoever says the same is allowed the same.
    if (!alone.has(key))
      alone.set(key, [{ cast, org: kind === 'site' ? undefined : (place ?? comparing.orgs[0]) }])
  }
  const byRoles = reachOf(search, [...alone.values()], false)
  const isEverything = byRoles.some(({ relation }) => relation === everyObject)
  return isEverything || !search.permission.of.acl ? byRoles : [...byRoles, ...reachOf(search, [[]], true)]
}

interface Cell {
  readonly place: Place
  readonly team: Team
}

function reachOf(search: Search, teams: readonly Team[], byAcl: boolean): Reach[] {
  const { comparing, direction, permission } = search
  const cells = new Map<string, Cell>()
  const [, home] = comparing.orgs
  const keyed = (place: Place): Place => ({ ...place, key: `${place.org} ${place.owner}` })
  const placesFor = (team: Team): Place[] => {
    const held = team.flatMap(({ org }) => org ?? [])
    const subject = seeTeam(comparing, team, held.length > 0 ? held : [home])[direction.allowing]
    return placesOf(subject, permission, byAcl, ['u1'])
      .map(keyed)
      .filter((place) => isAllowed(subject, permission, place.object))
  }
  for (const team of teams)
    for (const place of placesFor(team)) {
      const known = cells.get(place.key)
      // Somebody who belongs to the organization is asked before somebody who would have to join it.
      const isBetter = known !== undefined && place.org === 'own' && isGuest(known.team) && !isGuest(team)
      if (known === undefined || isBetter) cells.set(place.key, { place, team })
    }
  const nobody = seeTeam(comparing, [], [home])[direction.allowing]
  const all = placesOf(nobody, permission, byAcl, ['u1']).map(keyed)
  const some = all.flatMap(({ key }) => cells.get(key)?.place ?? [])
  return relate(some, all).map(({ relation, places }) => {
    const found = places.flatMap((place) => cells.get(place.key) ?? [])
    const asking: Iterable<Asking> = {
      *[Symbol.iterator]() {
        for (const cell of found) yield* askingOf(search, cell)
      }
    }
    return { relation, byAcl, asking }
  })
}

function isGuest(team: Team): boolean {
  return team.every(({ org }) => org === undefined)
}

/** The question of a cell; with one role more where the organization has to be the subject's own. */
function* askingOf(search: Search, { place, team }: Cell): Generator<Asking> {
  const { comparing, direction } = search
  const ask = (members: Team, org?: string): Asking => ({
    subject: teamData(comparing, members, direction.allowing),
    object: org === undefined ? place.object : { ...place.object, org },
    options: optionsOfTeam(members)
  })
  if (place.org !== 'own' || !isGuest(team)) {
    yield ask(team)
    return
  }
  for (const cast of search.joining()) {
    const org = cast.holding.place ?? comparing.orgs[0]
    const member: Member = { cast, org }
    if (team.every((other) => canJoin(member, other))) yield ask([...team, member], org)
  }
}
