// Finds the role of a name, at the site or in an organization. Shipped roles are one map for all; custom roles are
// persistent maps, so that adding one copies no other and does not change the policy that it was added to.
import { compareNames } from '../problems/names.js'
import type { RoleDocument } from '../document/types.js'
import { withoutPrototypes } from '../problems/own-fields.js'
import { entriesOf, getIn, setIn, type PersistentMap } from './persistent-map.js'
import { compileRole, type CompiledRole, type RoleContext } from './roles.js'

export interface RoleIndex {
  readonly shipped: ReadonlyMap<string, CompiledRole>
  readonly customSite: PersistentMap<CompiledRole>
  /** By organization, then by name. */
  readonly customOrg: PersistentMap<PersistentMap<CompiledRole>>
}

/** The role of this name, held at the site or in `org`. It may be of either kind; the caller checks that. */
export function findRole(index: RoleIndex, name: string, org: string | undefined): CompiledRole | undefined {
  const shipped = index.shipped.get(name)
  if (shipped !== undefined) return shipped
  const inOrg = org === undefined || index.customOrg === undefined ? undefined : getIn(index.customOrg, org)
  return (inOrg && getIn(inOrg, name)) ?? getIn(index.customSite, name)
}

/** Adds checked role documents at the site or in one organization; each replaces the one of the same name there. */
export function addRoles(
  index: RoleIndex,
  roles: Readonly<Record<string, RoleDocument>>,
  org: string | undefined,
  context: RoleContext
): RoleIndex {
  const place = org
  let added = org === undefined ? index.customSite : getIn(index.customOrg, org)
  for (const [name, document] of Object.entries(withoutPrototypes(roles)))
    added = setIn(added, name, compileRole(name, document, [name], context, { place }))
  if (org === undefined) return { ...index, customSite: added }
  return { ...index, customOrg: setIn(index.customOrg, org, added) }
}

/** Every role: the shipped ones in document order, then the custom ones by name and organization. */
export function listRoles(index: RoleIndex): CompiledRole[] {
  const custom = [...entriesOf(index.customSite)].map(([, role]) => role)
  for (const [, roles] of entriesOf(index.customOrg))
    for (const [, role] of entriesOf(roles)) custom.push(role)
  custom.sort((a, b) => compareNames(a.name, b.name) || compareNames(a.place ?? '', b.place ?? ''))
  return [...index.shipped.values(), ...custom]
}
