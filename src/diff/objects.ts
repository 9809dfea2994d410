// The objects that a comparison tries for one subject: every kind of place where an object can be in the policy that
// allows, once for each own organization and each own container, and every owner. And the fewest relations that
// describe those objects that differ.
import { stateOf } from '../request/state.js'
import type { DecidingSubject } from '../decide/subject.js'
import type { Relation } from '../document/relation.js'
import { canBeInOrg, canBeOutside } from '../levels.js'
import type { ObjectRef, OrgPlacement } from '../types.js'
import type { ContainerClass, OrgClass, OwnerClass } from '../verify/space/classes.js'
import { everyObject, isAbout, relationTo } from '../verify/space/relations.js'
import type { AskedPermission, Direction } from './sides.js'

/** A class of objects, with one of them. */
export interface Place {
  /** Equal for the same class, for subjects that hold roles in the same organizations and containers. */
  readonly key: string
  readonly org: OrgClass
  readonly owner: OwnerClass
  /** For each container in which objects can be. */
  readonly containers: Readonly<Record<string, ContainerClass>>
  readonly object: ObjectRef
  /** Whether the holder belongs to the object's organization by a further role alone. */
  readonly isAfar?: true
}

export interface PlaceSettings {
  /** Whether objects have an ACL with an entry for the subject; else they have none. */
  readonly byAcl: boolean
  /** The subject's ids in both policies. */
  readonly ids: readonly string[]
  /** By container, one of the subject's, where it holds roles in none of them. */
  readonly homes?: (kind: string) => string
}

/**
 * The classes of objects of a subject of the policy that allows, those whose object has the fewest fields first: without
 * ACL, or with an entry for the subject.
 */
export function placesOf(
  subject: DecidingSubject,
  asked: AskedPermission,
  { allowing }: Direction,
  { byAcl, ids, homes }: PlaceSettings
): Place[] {
  const { id, orgs, containers: held, compiled } = stateOf(subject)
  const permission = asked.in[allowing]
  if (permission === undefined || (byAcl && id === '')) return []
  const { definition, resource: type, action } = permission
  const other = ['u1', 'u2', 'u3'].find((name) => !ids.includes(name)) ?? 'u4'
  const owners: readonly (readonly [OwnerClass, object])[] = [
    ['none', {}],
    ...(id === '' ? [] : [['self', { owner: id }] as const]),
    ['other', { owner: other }]
  ]
  const insides = compiled.catalogue.containers.reduce<readonly Inside[]>(
    (all, kind, number) => {
      const placement = definition.places[number] ?? 'never'
      if (placement === 'never') return all
      const known = [...(held[number]?.keys() ?? [])]
      const own = known.length === 0 && homes !== undefined ? [homes(kind)] : known
      return all.flatMap((before) =>
        insideOf(kind, placement, own).map((more) => withKind(before, kind, more))
      )
    },
    [{ containers: {}, fields: {}, ids: [] }]
  )
  const acl = byAcl ? { acl: { users: Object.fromEntries([[id, [action]]]) } } : {}
  const places = orgsOf(definition.org, [...orgs.keys()]).flatMap(({ org, fields }) =>
    insides.flatMap((inside) =>
      owners.map(([owner, owned]): Place => ({
        key: JSON.stringify([org, org === 'own' ? fields.org : null, owner, byAcl, ...inside.ids]),
        org,
        owner,
        containers: inside.containers,
        object: { type, ...owned, ...fields, ...inside.fields, ...asked.given, ...acl }
      }))
    )
  )
  return places.sort((a, b) => Object.keys(a.object).length - Object.keys(b.object).length)
}

interface OrgPlace {
  readonly org: OrgClass
  readonly fields: { readonly org?: string; readonly anyOrg?: true }
}

function orgsOf(placement: OrgPlacement, own: readonly string[]): OrgPlace[] {
  const none: OrgPlace = { org: 'none', fields: {} }
  if (!canBeInOrg(placement)) return [none]
  return [
    ...(canBeOutside(placement) ? [none] : []),
    ...own.map((org): OrgPlace => ({ org: 'own', fields: { org } })),
    { org: 'foreign', fields: { org: unlike('o', own) } },
    { org: 'any', fields: { anyOrg: true } }
  ]
}

interface InKind {
  readonly place: ContainerClass
  readonly ids: readonly string[]
}

/** Of one kind of containers: in none, in some of the subject's own (their roles vote together), in another. */
function insideOf(kind: string, placement: OrgPlacement, own: readonly string[]): InKind[] {
  const sets = own.reduce<string[][]>((all, id) => [...all, ...all.map((set) => [...set, id])], [[]])
  return [
    ...(canBeOutside(placement) ? [{ place: 'none', ids: [] } as const] : []),
    ...sets.flatMap((ids): InKind[] => (ids.length === 0 ? [] : [{ place: 'own', ids }])),
    { place: 'foreign', ids: [unlike(kind, own)] }
  ]
}

interface Inside {
  readonly containers: Readonly<Record<string, ContainerClass>>
  readonly fields: Readonly<Record<string, string | readonly string[]>>
  readonly ids: readonly (readonly string[])[]
}

function withKind({ containers, fields, ids }: Inside, kind: string, more: InKind): Inside {
  const [first, ...others] = more.ids
  return {
    containers: { ...containers, [kind]: more.place },
    fields: first === undefined ? fields : { ...fields, [kind]: others.length === 0 ? first : more.ids },
    ids: [...ids, more.place === 'own' ? more.ids : [more.place]]
  }
}

function unlike(letter: string, taken: readonly string[]): string {
  let number = 1
  while (taken.includes(`${letter}${number}`)) number++
  return `${letter}${number}`
}

/** Places in one relation. */
export interface Related {
  readonly relation: Relation
  readonly places: readonly Place[]
}

/** Groups some of all places by relation. `anyOrg` places count for `all`; alone they are reported as `own org`. */
export function relate(some: readonly Place[], all: readonly Place[]): Related[] {
  const [first] = some
  if (first === undefined) return []
  if (some.length === all.length) return [{ relation: everyObject, places: some }]
  const kinds = Object.keys(first.containers)
  const shown = new Set(some.map(cellOf))
  const left = new Set(shown)
  const cells = new Map(all.map((place) => [cellOf(place), place]))
  // What is not shown stands first: most relations have something of it.
  const inOrder = [...cells].sort(([a], [b]) => Number(shown.has(a)) - Number(shown.has(b)))
  const related = relationsOver(kinds).flatMap((relation): Related[] => {
    if (left.size === 0) return []
    const here: string[] = []
    for (const [cell, place] of inOrder) {
      if (!isAbout(relation, place)) continue
      if (!shown.has(cell)) return []
      here.push(cell)
    }
    if (!here.some((cell) => left.has(cell))) return []
    for (const cell of here) left.delete(cell)
    return [{ relation, places: some.filter((place) => isAbout(relation, place)) }]
  })
  if (related.length > 0)
    return related.toSorted((a, b) => rankOf(a.relation, kinds) - rankOf(b.relation, kinds))
  if (kinds.length === 0) return [{ relation: relationTo('any', 'own'), places: some }]
  const asOwn = new Map<Place, Place>()
  for (const place of all) if (place.org === 'any') asOwn.set({ ...place, org: 'own' }, place)
  const shownAsOwn = [...asOwn].flatMap(([own, { key }]) =>
    some.some((one) => one.key === key) ? [own] : []
  )
  const elsewhere = all.filter(({ org }) => org === 'foreign')
  return relate(shownAsOwn, [...asOwn.keys(), ...elsewhere]).map(({ relation, places }) => ({
    relation,
    places: places.flatMap((place) => asOwn.get(place) ?? [])
  }))
}

/** Equal for places that relations do not tell apart. */
export function cellOf({ org, owner, containers }: Place): string {
  return [org, owner === 'self', ...Object.values(containers)].join()
}

const orgsInOrder = ['any', 'none', 'own', 'other'] as const
const insideInOrder = [undefined, 'none', 'own', 'other'] as const
const ownersInOrder = ['any', 'own', 'other'] as const

/** Every relation that has a place in it, those with the fewest parts first. */
function relationsOver(kinds: readonly string[]): readonly Relation[] {
  const insides = kinds.reduce<Relation['containers'][]>(
    (all, kind) =>
      all.flatMap((before) =>
        insideInOrder.map((place) => (place === undefined ? before : { ...before, [kind]: place }))
      ),
    [{}]
  )
  const partsOf = ({ owner, org, containers }: Relation): number =>
    Number(owner !== 'any') + Number(org !== 'any') + Object.keys(containers).length
  return ownersInOrder
    .flatMap((owner) =>
      orgsInOrder.flatMap((org) =>
        insides.map((containers): Relation => ({ ...everyObject, owner, org, containers }))
      )
    )
    .filter(({ org, containers }) => org !== 'any' || Object.keys(containers).length > 0)
    .sort((a, b) => partsOf(a) - partsOf(b))
}

/** By organization, then by container, then by owner. */
function rankOf({ owner, org, containers }: Relation, kinds: readonly string[]): number {
  const ranks = [
    orgsInOrder.indexOf(org),
    ...kinds.map((kind) => insideInOrder.indexOf(containers[kind])),
    ownersInOrder.indexOf(owner)
  ]
  return ranks.reduce((all, rank) => all * 4 + rank, 0)
}
