// Compares one set of roles: the objects on which one policy allows what the other refuses, described by the fewest
// relations, each with a request that shows it.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { DecidingSubject } from '../decide/subject.js'
import type { RoleCase, Comparing } from './role-cases.js'
import type { Compared } from './limits.js'
import { placesOf, relate, type Place, type Related } from './objects.js'
import type { Report, Who } from './report.js'
import { differs, type AskedPermission, type OldNew, type Direction } from './sides.js'
import { dataOf, optionsOf, subjectsWith } from './role-set.js'
import { askBoth, type Witness } from './witness.js'
import { orgsOf, type RoleSet } from '../verify/space/role-set.js'
import { withOneMore } from '../verify/space/role-sets.js'
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
  /** Role cases held in an organization: one of each kind, those without votes first. */
  joining(): readonly RoleCase[]
  /** A cache: whether a role set shows any difference, by the votes of its members. */
  readonly shown: Map<string, boolean>
  readonly report: Report
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
  const found = placesShown(search, roleSet, { parts, byAcl: false }).some.length > 0
  search.shown.set(key, found)
  return found
}

/**
 * Reports where a role set is allowed by one policy but not by the other. `reported` has the keys of places that were
 * already reported for these roles, and gets the new ones. What one of the `parts` shows too is left out.
 */
export function compareRoleSet(
  search: Search,
  who: Who,
  roleSet: RoleSet<RoleCase>,
  reported: Set<string>,
  {
    parts = [],
    byAcl = false
  }: { readonly parts?: readonly RoleSet<RoleCase>[]; readonly byAcl?: boolean } = {}
): void {
  const { asked, direction } = search
  const held = orgsOf(roleSet)
  const shown = placesShown(search, roleSet, { parts, byAcl })
  const some = shown.some.filter(({ key }) => !reported.has(key))
  for (const place of some) reported.add(place.key)
  for (const related of relate(some, shown.all)) {
    const witness =
      witnessOf(search, roleSet, related, held.length === 0) ?? witnessWithin(search, roleSet, related, held)
    if (witness !== undefined)
      search.report({ who, asked, direction, relation: related.relation, byAcl, ...witness })
    // No role lets the subject belong to the organization under these options; under other options one may.
    else for (const place of related.places) reported.delete(place.key)
  }
}

interface Shown {
  readonly all: readonly Place[]
  /** Those at which the role set shows a difference and none of its parts does. */
  readonly some: readonly Place[]
}

function placesShown(
  { comparing, asked, direction, permission }: Search,
  roleSet: RoleSet<RoleCase>,
  { parts, byAcl }: { readonly parts: readonly RoleSet<RoleCase>[]; readonly byAcl: boolean }
): Shown {
  comparing.work.spend(3_000 * (1 + parts.length), () => tellOf(asked))
  const held = orgsOf(roleSet)
  // Without an organization role the subject may still belong to one, by a role without votes on this permission.
  const orgs = held.length > 0 ? held : [comparing.orgs[1]]
  const subjects = subjectsWith(comparing, roleSet, orgs)
  const subjectsOfParts = parts.map((part) => subjectsWith(comparing, part, orgs))
  const isShown = (one: OldNew<DecidingSubject>, { object }: Place): boolean =>
    differs(one, asked, direction, object)
  const all = placesOf(subjects[direction.allowing], permission, byAcl, ['u1'])
  const some = all.filter(
    (place) => isShown(subjects, place) && !subjectsOfParts.some((part) => isShown(part, place))
  )
  return { all, some }
}

/** Names the permission in an error about too many cases. */
export function tellOf({ name }: AskedPermission): Compared {
  return { about: `permission ${quoteValue(name)}`, names: [] }
}

function witnessOf(
  { comparing, asked, direction }: Search,
  roleSet: RoleSet<RoleCase>,
  { places }: Related,
  isGuest: boolean
): Witness | undefined {
  const real = places.find(({ org }) => !isGuest || org !== 'own')
  if (real === undefined) return undefined
  const subject = dataOf(comparing, roleSet, direction.allowing)
  const witness = askBoth(comparing, asked, direction, {
    subject,
    object: real.object,
    options: optionsOf(roleSet)
  })
  // A difference is never reported without a witness, and never dropped silently.
  if (witness === undefined) throw new Error(`no request shows what differs in ${asked.name}`)
  return witness
}

/** A witness with one role more, so that the subject belongs to an organization. */
function witnessWithin(
  search: Search,
  roleSet: RoleSet<RoleCase>,
  { places }: Related,
  held: readonly string[]
): Witness | undefined {
  if (held.length > 0) return undefined
  const { comparing, asked, direction } = search
  for (const all of withOneMore(comparing.rules, roleSet, search.joining())) {
    const [org] = orgsOf(all)
    for (const { object } of places) {
      const witness = askBoth(comparing, asked, direction, {
        subject: dataOf(comparing, all, direction.allowing),
        object: { ...object, org },
        options: optionsOf(all)
      })
      if (witness !== undefined) return witness
    }
  }
  return undefined
}
