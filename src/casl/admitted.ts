// Which ids the scopes and lists of a subject's ceilings leave of a permission's objects.
import type { CompiledPermission } from '../compile/catalogue.js'
import { ceilingKey, isWithin, listedIds } from '../decide/ceilings.js'
import type { SubjectState } from '../request/state.js'
import { valuePart, type Part } from './parts.js'

/** A condition on the id; none for every object, with and without id; or that no object is left. */
export type Admitted = Part | 'all' | 'nothing'

/**
 * Reads what the ceilings of a subject leave. Ceilings that leave an object without id leave every id, because only `*`
 * matches it.
 */
export function createAdmittedReader({
  ceilings
}: SubjectState): (permission: CompiledPermission) => Admitted {
  const listed = new Map<string, readonly string[]>()
  const byKey = new Map<string, Admitted>()
  return (permission) => {
    const { resource } = permission
    if (isWithin(ceilings, permission, undefined)) return 'all'
    const key = `${resource} ${ceilingKey(ceilings, permission)}`
    const found = byKey.get(key)
    if (found !== undefined) return found
    const named = listed.get(resource) ?? listedIds(ceilings, resource)
    listed.set(resource, named)
    const ids = named.filter((id) => isWithin(ceilings, permission, id))
    const admitted = ids.length === 0 ? 'nothing' : valuePart('id', ids, true)
    byKey.set(key, admitted)
    return admitted
  }
}
