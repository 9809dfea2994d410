// Finds the role of a name, at the site or in an organization. Shipped roles are one map for all; custom roles are
// persistent maps, so that adding one copies no other and does not change the policy that it was added to.
import { compareNames } from '../problems/names.js'
import type { RoleDocument } from '../document/types.js'
import { withoutPrototypes } from '../problems/own-fields.js'
import { entriesOf, getIn, removeIn, setIn, type PersistentMap } from './persistent-map.js'
import { compileRole, type CompiledRole, type RoleContext } from './roles.js'

type RolesByName = PersistentMap<CompiledRole>
/** By the id of an organization or container, then by name. */
type RolesByPlace = PersistentMap<RolesByName>

export interface RoleIndex {
  readonly shipped: ReadonlyMap<string, CompiledRole>
  readonly customSite: RolesByName
  readonly customOrg: RolesByPlace
  /** By container. */
  readonly customIn: ReadonlyMap<string, RolesByPlace>
}

/** Roles without custom ones. */
export function shippedRoles(shipped: ReadonlyMap<string, CompiledRole>): RoleIndex {
  return { shipped, customSite: undefined, customOrg: undefined, customIn: new Map() }
}

/**
 * The role of this name, held at the site or in a place: an organization or, with the container's name as `kind`, a
 * container. It may be of another kind; the caller checks that.
 */
export function findRole(
  index: RoleIndex,
  name: string,
  place: string | undefined,
  kind = 'org'
): CompiledRole | undefined {
  const shipped = index.shipped.get(name)
  if (shipped !== undefined) return shipped
  const there = place === undefined ? undefined : customRolesIn(index, place, kind)
  return (there && getIn(there, name)) ?? getIn(index.customSite, name)
}

/** What a role is called among all roles: with its place, if it is of one alone. No two are called the same. */
export function nameInFull({ name, kind, place }: Pick<CompiledRole, 'name' | 'kind' | 'place'>): string {
  if (place === undefined) return name
  // An organization may be called `project p1`, as no container's kind may.
  const where = kind === 'org' ? (place.includes(' ') ? JSON.stringify(place) : place) : `${kind} ${place}`
  return `${name} in ${where}`
}

/** The custom roles of a place alone; `undefined` where there are none. */
export function customRolesIn(index: RoleIndex, place: string, kind = 'org'): RolesByName {
  const byPlace = kind === 'org' ? index.customOrg : index.customIn.get(kind)
  return byPlace === undefined ? undefined : getIn(byPlace, place)
}

/** Adds checked role documents at the site or in one place; each replaces the one of the same name there. */
export function addRoles(
  index: RoleIndex,
  roles: Readonly<Record<string, RoleDocument>>,
  place: string | undefined,
  context: RoleContext,
  kind = 'org'
): RoleIndex {
  let added = place === undefined ? index.customSite : customRolesIn(index, place, kind)
  for (const [name, document] of Object.entries(withoutPrototypes(roles)))
    added = setIn(added, name, compileRole(name, document, [name], context, { place }))
  return withRolesOf(index, added, place, kind)
}

/** Takes custom roles of the site or of one place away. Names that are none there are left out. */
export function removeRoles(
  index: RoleIndex,
  names: Iterable<string>,
  place: string | undefined,
  kind = 'org'
): RoleIndex {
  let left = place === undefined ? index.customSite : customRolesIn(index, place, kind)
  for (const name of names) left = removeIn(left, name)
  return withRolesOf(index, left, place, kind)
}

/** The index with these as all custom roles of the site or of one place. */
function withRolesOf(
  index: RoleIndex,
  roles: RolesByName,
  place: string | undefined,
  kind: string
): RoleIndex {
  if (place === undefined) return { ...index, customSite: roles }
  const set = (byPlace: RolesByPlace): RolesByPlace =>
    roles === undefined ? removeIn(byPlace, place) : setIn(byPlace, place, roles)
  if (kind === 'org') return { ...index, customOrg: set(index.customOrg) }
  return { ...index, customIn: new Map(index.customIn).set(kind, set(index.customIn.get(kind))) }
}

/** Every role: the shipped ones in document order, then the custom ones by name and place. */
export function listRoles(index: RoleIndex): CompiledRole[] {
  return [...index.shipped.values(), ...listCustomRoles(index)]
}

/** The custom roles by name and place. */
export function listCustomRoles(index: RoleIndex): CompiledRole[] {
  const custom = [...entriesOf(index.customSite)].map(([, role]) => role)
  for (const places of [index.customOrg, ...index.customIn.values()])
    for (const [, roles] of entriesOf(places)) for (const [, role] of entriesOf(roles)) custom.push(role)
  return custom.sort(
    (a, b) =>
      compareNames(a.name, b.name) ||
      compareNames(a.place ?? '', b.place ?? '') ||
      compareNames(a.kind, b.kind)
  )
}
