// Who could own a key: for one permission, the objects on which anybody is allowed it, with an example subject for each
// relation. What a ceiling newly lets through is new access for these subjects, because a ceiling ignores roles.
import type { Relation } from '../document/relation.js'
import { everyObject } from '../verify/space/relations.js'
import { gateVotesOf, votesOf, type RoleCase } from './role-cases.js'
import { relate, type Place } from './objects.js'
import { isAllowed, isSharingNarrowed } from './sides.js'
import { askingOf, askingWithin, farOrg, orgsWith, placesAt, placesFor, type Search } from './search.js'
import { subjectsWith } from './role-set.js'
import type { Asking } from './witness.js'
import { placesIn, type RoleSet } from '../verify/space/role-set.js'
import { placeFirst } from '../verify/space/role-sets.js'

/** One relation on which somebody is allowed, and requests that show it, the plainest first. */
export interface Reach {
  readonly relation: Relation
  readonly byAcl: boolean
  readonly asking: Iterable<Asking>
}

/** Every relation on which somebody is allowed the permission by a role, and where that is not all, by an ACL entry. */
export function reachOfAnybody(search: Search): Reach[] {
  const { comparing } = search
  const alone = new Map<string, RoleSet<RoleCase>>()
  const { allowing } = search.direction
  for (const roleCase of search.roleCases()) {
    const votes = [votesOf(roleCase, search.asked)[allowing], gateVotesOf(roleCase, search.asked)[allowing]]
    const key = `${roleCase.holding.kind} ${votes.join(' ')}`
    // Role cases with equal votes are allowed the same.
    if (!alone.has(key)) alone.set(key, [placeFirst(comparing.rules, roleCase)])
  }
  const byRoles = reachOf(search, [...alone.values()], false)
  const isEverything = byRoles.some(({ relation }) => relation === everyObject)
  return isEverything || !search.permission.definition.acl
    ? byRoles
    : [...byRoles, ...reachOf(search, [[], ...(isSharingNarrowed(search.asked) ? alone.values() : [])], true)]
}

interface Cell {
  readonly place: Place
  readonly roleSet: RoleSet<RoleCase>
}

function reachOf(search: Search, roleSets: readonly RoleSet<RoleCase>[], byAcl: boolean): Reach[] {
  const { comparing, direction, permission } = search
  const cells = new Map<string, Cell>()
  const keyed = (place: Place): Place => ({
    ...place,
    key: [place.org, place.owner, ...Object.values(place.containers)].join(' ')
  })
  const allPlaces = (roleSet: RoleSet<RoleCase>): { place: Place; isReached: boolean }[] => {
    const orgs = orgsWith(search, roleSet)
    const far = byAcl ? farOrg(search, roleSet) : undefined
    const placesWith = (belonging: readonly string[], only: (places: Place[]) => Place[]) => {
      const subject = subjectsWith(comparing, roleSet, belonging)[direction.allowing]
      return only(placesFor(search, subject, byAcl)).map((place) => ({
        place: keyed(place),
        isReached: isAllowed(subject, permission, place.object)
      }))
    }
    const near = placesWith(orgs, (places) => places)
    return far === undefined ? near : [...near, ...placesWith([...orgs, far], (all) => placesAt(far, all))]
  }
  for (const roleSet of roleSets)
    for (const { place, isReached } of allPlaces(roleSet)) {
      if (!isReached) continue
      const before = cells.get(place.key)
      // A subject that belongs to the place is better than one that needs another role to belong to it.
      const isBetter =
        before !== undefined &&
        place.isAfar !== true &&
        (before.place.isAfar === true ||
          ownKinds(place).some((kind) => isGuest(before.roleSet, kind) && !isGuest(roleSet, kind)))
      if (before === undefined || isBetter) cells.set(place.key, { place, roleSet })
    }
  const all = allPlaces([]).map(({ place }) => place)
  const some = all.flatMap(({ key }) => cells.get(key)?.place ?? [])
  return relate(some, all).map(({ relation, places }) => {
    const found = places.flatMap((place) => cells.get(place.key) ?? [])
    const asking: Iterable<Asking> = {
      *[Symbol.iterator]() {
        for (const cell of found) yield* askingOfCell(search, cell)
      }
    }
    return { relation, byAcl, asking }
  })
}

function isGuest(roleSet: RoleSet<RoleCase>, kind: string): boolean {
  return placesIn(roleSet, kind).length === 0
}

/** The kinds of places of which the object's is the subject's own. */
function ownKinds({ org, containers }: Place): string[] {
  const inside = Object.entries(containers).flatMap(([kind, place]) => (place === 'own' ? [kind] : []))
  return org === 'own' ? ['org', ...inside] : inside
}

/** The requests for a cell; with one role more where the subject has to belong to a place. */
function* askingOfCell(search: Search, { place, roleSet }: Cell): Generator<Asking> {
  const isReal = place.isAfar !== true && ownKinds(place).every((kind) => !isGuest(roleSet, kind))
  if (isReal) yield askingOf(search, roleSet, place)
  if (!isReal || (place.org === 'any' && isGuest(roleSet, 'org'))) yield* askingWithin(search, roleSet, place)
}
