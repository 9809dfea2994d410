// Which ids the scopes and lists of a subject's ceilings leave of a permission's objects.
import type { CompiledPermission } from '../compile/catalogue.js'
import { ceilingKey, isWithin, listedIds } from '../decide/ceilings.js'
import type { SubjectState } from '../request/state.js'

/** The ids that are left, frozen; or every object, with and without id. */
export type AdmittedIds = readonly string[] | 'all'

/**
 * Reads what the ceilings of a subject leave. Ceilings that leave an object without id leave every id, because only `*`
 * matches it. Permissions of one resource that are left the same ids get the same list.
 */
export function createAdmittedReader({
  ceilings
}: SubjectState): (permission: CompiledPermission) => AdmittedIds {
  const listed = new Map<string, readonly string[]>()
  const byKey = new Map<string, readonly string[]>()
  return (permission) => {
    const { resource } = permission
    if (isWithin(ceilings, permission, undefined)) return 'all'
    const key = `${resource} ${ceilingKey(ceilings, permission)}`
    const found = byKey.get(key)
    if (found !== undefined) return found
    const named = listed.get(resource) ?? listedIds(ceilings, resource)
    listed.set(resource, named)
    const ids = Object.freeze(named.filter((id) => isWithin(ceilings, permission, id)))
    byKey.set(key, ids)
    return ids
  }
}
