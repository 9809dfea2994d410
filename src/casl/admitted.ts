// Which ids the scopes and lists of a subject's ceilings leave of a permission's objects, as a condition.
import type { CompiledPermission } from '../compile/catalogue.js'
import { createAdmittedReader, type AdmittedIds } from '../reach/admitted.js'
import type { SubjectState } from '../request/state.js'
import { valuePart, type Part } from './parts.js'

/** A condition on the id; none for every object, with and without id; or that no object is left. */
export type Admitted = Part | 'all' | 'nothing'

/** Reads what the ceilings of a subject leave; permissions that are left the same ids get the same condition. */
export function createAdmittedPartReader(state: SubjectState): (permission: CompiledPermission) => Admitted {
  const idsOf = createAdmittedReader(state)
  const made = new Map<AdmittedIds, Admitted>()
  return (permission) => {
    const ids = idsOf(permission)
    if (ids === 'all') return 'all'
    const found = made.get(ids)
    if (found !== undefined) return found
    const admitted = ids.length === 0 ? 'nothing' : valuePart('id', ids, true)
    made.set(ids, admitted)
    return admitted
  }
}
