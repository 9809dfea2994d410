// Who could own a key: for one permission, the objects on which anybody is allowed it, with an example subject for each
// relation. What a ceiling newly lets through is new access for these subjects, because a ceiling ignores roles.
import type { Relation } from '../document/relation.js'
import { everyObject } from '../verify/space/relations.js'
import { votesOf, type RoleCase } from './role-cases.js'
import { placesOf, relate, type Place } from './objects.js'
import { isAllowed } from './sides.js'
import type { Search } from './search.js'
import { dataOf, optionsOf, subjectsWith } from './role-set.js'
import type { Asking } from './witness.js'
import { orgsOf, type RoleSet } from '../verify/space/role-set.js'
import { placeFirst, withOneMore } from '../verify/space/role-sets.js'

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
  for (const roleCase of search.roleCases()) {
    const key = `${roleCase.holding.kind} ${votesOf(roleCase, search.asked)[search.direction.allowing]}`
    // Role cases with equal votes are allowed the same.
    if (!alone.has(key)) alone.set(key, [placeFirst(comparing.rules, roleCase)])
  }
  const byRoles = reachOf(search, [...alone.values()], false)
  const isEverything = byRoles.some(({ relation }) => relation === everyObject)
  return isEverything || !search.permission.definition.acl
    ? byRoles
    : [...byRoles, ...reachOf(search, [[]], true)]
}

interface Cell {
  readonly place: Place
  readonly roleSet: RoleSet<RoleCase>
}

function reachOf(search: Search, roleSets: readonly RoleSet<RoleCase>[], byAcl: boolean): Reach[] {
  const { comparing, direction, permission } = search
  const cells = new Map<string, Cell>()
  const [, home] = comparing.orgs
  const keyed = (place: Place): Place => ({ ...place, key: `${place.org} ${place.owner}` })
  const placesFor = (roleSet: RoleSet<RoleCase>): Place[] => {
    const held = orgsOf(roleSet)
    const subject = subjectsWith(comparing, roleSet, held.length > 0 ? held : [home])[direction.allowing]
    return placesOf(subject, permission, byAcl, ['u1'])
      .map(keyed)
      .filter((place) => isAllowed(subject, permission, place.object))
  }
  for (const roleSet of roleSets)
    for (const place of placesFor(roleSet)) {
      const before = cells.get(place.key)
      // A subject that belongs to the organization is better than one that needs another role to belong to it.
      const isBetter =
        before !== undefined && place.org === 'own' && isGuest(before.roleSet) && !isGuest(roleSet)
      if (before === undefined || isBetter) cells.set(place.key, { place, roleSet })
    }
  const nobody = subjectsWith(comparing, [], [home])[direction.allowing]
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

function isGuest(roleSet: RoleSet<RoleCase>): boolean {
  return orgsOf(roleSet).length === 0
}

/** The requests for a cell; with one role more where the subject has to belong to the organization. */
function* askingOf(search: Search, { place, roleSet }: Cell): Generator<Asking> {
  const { comparing, direction } = search
  const ask = (members: RoleSet<RoleCase>, org?: string): Asking => ({
    subject: dataOf(comparing, members, direction.allowing),
    object: org === undefined ? place.object : { ...place.object, org },
    options: optionsOf(members)
  })
  if (place.org !== 'own' || !isGuest(roleSet)) {
    yield ask(roleSet)
    return
  }
  for (const all of withOneMore(comparing.rules, roleSet, search.joining())) {
    const [org] = orgsOf(all)
    yield ask(all, org)
  }
}
