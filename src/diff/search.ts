// Compares one set of roles: the objects on which one policy allows what the other refuses, described by the fewest
// relations, each with a request that shows it.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { DecidingSubject } from '../decide/subject.js'
import type { RoleCase, Comparing } from './role-cases.js'
import type { Compared } from './limits.js'
import { placesOf, relate, type Place } from './objects.js'
import type { Report, Who } from './report.js'
import { differs, type AskedPermission, type OldNew, type Direction } from './sides.js'
import { dataOf, optionsOf, subjectsWith } from './role-set.js'
import { askBoth, type Asking, type Witness } from './witness.js'
import { orgsOf, placesIn, type RoleSet } from '../verify/space/role-set.js'
import { withAnother, withMembers } from '../verify/space/role-sets.js'
import { quoteValue } from '../problems/quote.js'

/** One permission, compared in one direction. */
export interface Search {
  readonly comparing: Comparing
  readonly asked: AskedPermission
  readonly direction: Direction
  /** The permission as the allowing policy has it. */
  readonly permission: CompiledPermission
  /** The role cases that can be held there, under the choices that matter to the permission. */
  roleCases(): readonly RoleCase[]
  /** Role cases held in organizations, or in containers of a kind: one of each sort, those without votes first. */
  joining(kind: string): readonly RoleCase[]
  /** A cache: whether a role set shows any difference, by the votes of its members. */
  readonly shown: Map<string, boolean>
  readonly report: Report
}

/** What is told of a role set. */
export interface SetSettings {
  /** What one of these shows too is left out. */
  readonly parts?: readonly RoleSet<RoleCase>[]
  /** Whether an ACL entry is needed; else objects have no ACL. */
  readonly byAcl?: boolean
  /** The organizations to which the holder belongs, if not those of its roles or one in which they say nothing. */
  readonly orgs?: readonly string[]
}

/** What is reported of a role set. */
interface ReportSettings extends SetSettings {
  /** Whether a place was not reported yet. */
  readonly isNew?: (place: Place) => boolean
  /** Called with the places of each finding. */
  readonly onReport?: (places: readonly Place[]) => void
}

/** Whether a role set shows any difference that none of its parts shows. */
export function showsAny(search: Search, roleSet: RoleSet<RoleCase>, settings: SetSettings): boolean {
  return placesShown(search, roleSet, settings).some.length > 0
}

/** Whether a role set shows a difference that none of its parts shows. Role sets with equal keys have equal votes. */
export function isTelling(
  search: Search,
  key: string,
  roleSet: RoleSet<RoleCase>,
  parts: readonly RoleSet<RoleCase>[] = []
): boolean {
  const cached = search.shown.get(key)
  if (cached !== undefined) return cached
  const found = showsAny(search, roleSet, { parts })
  search.shown.set(key, found)
  return found
}

/**
 * Reports where a role set is allowed by one policy but not by the other. `reported` has the keys of places that were
 * already reported for these roles, and gets the new ones. Returns whether there was a request for each of them.
 */
export function compareRoleSet(
  search: Search,
  who: Who,
  roleSet: RoleSet<RoleCase>,
  reported: Set<string>,
  settings: ReportSettings = {}
): boolean {
  const { asked, direction } = search
  const { byAcl = false, isNew, onReport } = settings
  const shown = placesShown(search, roleSet, settings)
  const some = shown.some.filter((place) => !reported.has(place.key) && isNew?.(place) !== false)
  let isWhole = true
  for (const place of some) reported.add(place.key)
  for (const related of relate(some, shown.all)) {
    const witness = witnessOf(search, roleSet, related.places)
    if (witness !== undefined) {
      search.report({ who, asked, direction, relation: related.relation, byAcl, ...witness })
      onReport?.(related.places)
      continue
    }
    // No role lets the subject belong there under these options; under other options one may.
    isWhole = false
    for (const place of related.places) reported.delete(place.key)
  }
  return isWhole
}

interface Shown {
  readonly all: readonly Place[]
  /** Those at which the role set shows a difference and none of its parts does. */
  readonly some: readonly Place[]
}

function placesShown(search: Search, roleSet: RoleSet<RoleCase>, settings: SetSettings): Shown {
  const { byAcl = false, orgs = orgsWith(search, roleSet) } = settings
  const near = shownTo(search, roleSet, settings, orgs)
  const far = byAcl ? farOrg(search, roleSet) : undefined
  if (far === undefined) return near
  const beyond = shownTo(search, roleSet, settings, [...orgs, far])
  // Of an organization in which no role of the set is held: an entry counts only if one more is held there.
  const withFar = (places: readonly Place[], others: readonly Place[]): Place[] => [
    ...places.filter(({ org }) => org !== 'foreign'),
    ...placesAt(far, others).map((place): Place => ({ ...place, org: 'foreign' }))
  ]
  return { all: withFar(near.all, beyond.all), some: withFar(near.some, beyond.some) }
}

function shownTo(
  search: Search,
  roleSet: RoleSet<RoleCase>,
  { parts = [], byAcl = false }: SetSettings,
  orgs: readonly string[]
): Shown {
  const { comparing, asked, direction } = search
  const subjects = subjectsWith(comparing, roleSet, orgs)
  const subjectsOfParts = parts.map((part) => subjectsWith(comparing, part, orgs))
  const isShown = (one: OldNew<DecidingSubject>, { object }: Place): boolean =>
    differs(one, asked, direction, object)
  const all = placesFor(search, subjects[direction.allowing], byAcl)
  comparing.work.spend(200 * Math.max(15, all.length) * (1 + parts.length), () => tellOf(asked))
  // What the roles alone show is no matter of an ACL.
  const isByRoles = (place: Place): boolean =>
    byAcl && differs(subjects, asked, direction, { ...place.object, acl: null })
  const some = all.filter(
    (place) =>
      isShown(subjects, place) && !isByRoles(place) && !subjectsOfParts.some((part) => isShown(part, place))
  )
  return { all, some }
}

/**
 * An organization in which no role of a set is held, where the holder of an organization role may belong to one more and
 * ACL entries count for members alone.
 */
export function farOrg({ comparing, permission }: Search, roleSet: RoleSet<RoleCase>): string | undefined {
  const held = orgsOf(roleSet)
  if (held.length === 0 || !permission.definition.sharing.members) return undefined
  return comparing.rules.placeIds('org').find((id) => !held.includes(id))
}

/** Those of some places that are in such an organization. */
export function placesAt(far: string, places: readonly Place[]): Place[] {
  return places.flatMap((place) => (place.object.org === far ? [{ ...place, isAfar: true } as const] : []))
}

/**
 * The organizations to which the holder of a role set belongs. Without an organization role it may still belong to one,
 * by a role without votes on this permission.
 */
export function orgsWith({ comparing }: Search, roleSet: RoleSet<RoleCase>): readonly string[] {
  const held = orgsOf(roleSet)
  return held.length > 0 ? held : [comparing.rules.placeIds('org')[1]]
}

/** The classes of objects of a user; it may also belong to containers of each kind by a role without votes. */
export function placesFor(
  { comparing, asked, direction }: Search,
  subject: DecidingSubject,
  byAcl: boolean
): Place[] {
  const homes = (kind: string): string => comparing.rules.placeIds(kind)[1]
  return placesOf(subject, asked, direction, { byAcl, ids: ['u1'], homes })
}

/** Names the permission in an error about too many cases. */
export function tellOf({ name }: AskedPermission): Compared {
  return { about: `permission ${quoteValue(name)}`, names: [] }
}

function witnessOf(
  search: Search,
  roleSet: RoleSet<RoleCase>,
  places: readonly Place[]
): Witness | undefined {
  const { comparing, asked, direction } = search
  const real = places.find((place) => place.isAfar !== true && kindsToJoin(place, roleSet).length === 0)
  const first = real === undefined ? undefined : askingOf(search, roleSet, real)
  const witness = first && askBoth(comparing, asked, direction, first)
  if (witness !== undefined) return witness
  // A difference is never reported without a witness, and never dropped silently.
  if (real !== undefined && !isAnywhere(real))
    throw new Error(`no request shows what differs in ${asked.name}`)
  for (const place of places)
    for (const asking of askingWithin(search, roleSet, place)) {
      const found = askBoth(comparing, asked, direction, asking)
      if (found !== undefined) return found
    }
  return undefined
}

/** Whether an object is asked about in any organization, to which a role in a container alone does not belong. */
function isAnywhere({ org }: Place): boolean {
  return org === 'any'
}

/** The kinds of places in which a role set has to have one member more to belong to those of the object. */
function kindsToJoin({ org, containers }: Place, roleSet: RoleSet<RoleCase>): string[] {
  const own = Object.entries(containers).flatMap(([kind, place]) => (place === 'own' ? [kind] : []))
  return [...(org === 'own' ? ['org'] : []), ...own].filter((kind) => placesIn(roleSet, kind).length === 0)
}

/** The request of a role set about the object of a place. */
export function askingOf(
  { comparing, direction }: Search,
  roleSet: RoleSet<RoleCase>,
  { object }: Place
): Asking {
  return { subject: dataOf(comparing, roleSet, direction.allowing), object, options: optionsOf(roleSet) }
}

/** The requests of a role set with one member more of each kind of places to which it has to belong. */
export function* askingWithin(search: Search, roleSet: RoleSet<RoleCase>, place: Place): Generator<Asking> {
  if (place.isAfar !== true) {
    yield* askingJoined(search, roleSet, place)
    return
  }
  const held = orgsOf(roleSet)
  for (const roleCase of search.joining('org'))
    for (const all of withAnother(search.comparing.rules, roleSet, roleCase)) {
      const org = all.at(-1)?.place?.id
      if (org !== undefined && !held.includes(org))
        yield* askingJoined(search, all, { ...place, object: { ...place.object, org } })
    }
}

function* askingJoined(search: Search, roleSet: RoleSet<RoleCase>, place: Place): Generator<Asking> {
  const { comparing, asked } = search
  const kinds = kindsToJoin(place, roleSet)
  const needed = place.org === 'any' && placesIn(roleSet, 'org').length === 0 ? ['org', ...kinds] : kinds
  for (const all of withMembers(comparing.rules, roleSet, needed, (kind) => search.joining(kind))) {
    comparing.work.spend(20, () => tellOf(asked))
    const moved = kinds.flatMap((kind) => {
      const [id] = placesIn(all, kind)
      return id === undefined ? [] : [[kind, id] as const]
    })
    yield askingOf(search, all, { ...place, object: { ...place.object, ...Object.fromEntries(moved) } })
  }
}
