// Whether a permission on an object id is within every ceiling of a subject. Checked last; a ceiling never grants.
import type { Ceiling, ScopeCeiling } from '../request/ceiling.js'
import { idsMatch, listMatches, type IdsByType } from '../request/allow-list.js'
import { orgListMatches } from '../request/org-list.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import type { CeilingRefusal } from '../types.js'

/** Whether every ceiling lets the permission through on an object with this id; `undefined` or empty for none. */
export function isWithin(
  ceilings: readonly Ceiling[],
  permission: CompiledPermission,
  id: string | undefined
): boolean {
  for (const { scopes, list } of ceilings) {
    if (scopes !== undefined && !isWithinScopes(scopes, permission, id)) return false
    if (list !== undefined && !listMatches(list, permission.resource, id)) return false
  }
  return true
}

/** More templates than this are looked up in their index. */
const mostWalked = 8

/** Whether one ceiling's scopes let the permission through on an object with this id. */
export function isWithinScopes(
  scopes: ScopeCeiling,
  permission: CompiledPermission,
  id: string | undefined
): boolean {
  if (scopes.named.table[permission.index] !== 0) return true
  if (scopes.templates.length > mostWalked)
    return scopes.united.some(
      ({ table, ids }) =>
        table[permission.index] !== 0 && (ids === undefined || idsMatch(ids, permission.resource, id))
    )
  for (const { table, list } of scopes.templates)
    if (table[permission.index] !== 0 && (list === undefined || listMatches(list, permission.resource, id)))
      return true
  return false
}

/** The ceiling whose list of organizations refuses, with the list. */
export function orgRefusal(
  ceilings: readonly Ceiling[],
  org: string | undefined,
  anyOrg: boolean
): CeilingRefusal | undefined {
  for (const [ceiling, { orgs }] of ceilings.entries()) {
    if (orgs === undefined || orgs.isEverywhere) continue
    // Under `anyOrg` it is all lists together that leave too little; the first is named.
    if (anyOrg || !orgListMatches(orgs, org)) return { ceiling, by: 'organizations', onlyOrgs: orgs.entries }
  }
  return undefined
}

/** The ceiling that refuses, scopes of all ceilings before lists; `undefined` where none does. */
export function ceilingRefusal(
  ceilings: readonly Ceiling[],
  permission: CompiledPermission,
  id: string | undefined
): CeilingRefusal | undefined {
  const outside = ceilings.findIndex(
    ({ scopes }) => scopes !== undefined && !hasPermission(scopes, permission)
  )
  const outsideScopes = ceilings[outside]?.scopes
  if (outsideScopes !== undefined)
    return { ceiling: outside, by: 'scopes', scopes: scopeNames(outsideScopes) }
  for (const [ceiling, { scopes, list }] of ceilings.entries()) {
    if (scopes !== undefined && !isWithinScopes(scopes, permission, id)) {
      const refusing = scopes.templates.filter(({ table }) => table[permission.index] !== 0)
      const allowList = refusing.flatMap((scope) => scope.list?.entries ?? [])
      return { ceiling, by: 'scope_list', scopes: refusing.map(({ template }) => template), allowList }
    }
    if (list !== undefined && !listMatches(list, permission.resource, id))
      return { ceiling, by: 'allow_list', allowList: list.entries }
  }
  return undefined
}

function hasPermission(scopes: ScopeCeiling, permission: CompiledPermission): boolean {
  return [scopes.named, ...scopes.templates].some(({ table }) => table[permission.index] !== 0)
}

function scopeNames(scopes: ScopeCeiling): readonly string[] {
  return [
    ...scopes.named.members.map(({ name }) => name),
    ...scopes.templates.map(({ template }) => template)
  ]
}

/** Whether the ceilings let the permission through on some object of its type: any id, or none. */
export function isWithinSomewhere(ceilings: readonly Ceiling[], permission: CompiledPermission): boolean {
  if (isWithin(ceilings, permission, undefined)) return true
  return listedIds(ceilings, permission.resource).some((id) => isWithin(ceilings, permission, id))
}

/** Every id that some list names for a type. Any other id gets the same answer as no id. */
export function listedIds(ceilings: readonly Ceiling[], type: string): readonly string[] {
  const ids = new Set<string>()
  const add = (listed: IdsByType | undefined): void => {
    for (const key of [type, '*']) for (const id of listed?.get(key) ?? []) ids.add(id)
  }
  for (const { scopes, list } of ceilings) {
    add(list?.ids)
    for (const { list: own } of scopes?.templates ?? []) add(own?.ids)
  }
  ids.delete('*')
  return [...ids]
}

/** A key that is equal for permissions of one resource that the ceilings let through on the same ids. */
export function ceilingKey(ceilings: readonly Ceiling[], { index }: CompiledPermission): string {
  return ceilings
    .map(({ scopes }) =>
      scopes === undefined
        ? ''
        : [scopes.named, ...scopes.united].map(({ table }) => (table[index] === 0 ? 0 : 1)).join('')
    )
    .join()
}
