// Whether a service may give the same roles in a mutant as in the policy: nobody else's permissions help it, so what it
// lists in `assigns` may be of no use to it.
import type { CompiledPolicy } from '../compile/compile.js'
import { listRoles } from '../compile/role-index.js'
import { explainAssign } from '../delegate/assign.js'
import { systemState } from '../request/state.js'

export function givesAlike(compiled: CompiledPolicy, mutant: CompiledPolicy, system: string): boolean {
  const [before, after] = [compiled, mutant].map((policy) => {
    const found = policy.systemSubjects.get(system)
    const state = found && systemState(policy, found)
    return listRoles(compiled.roles).map(({ name, kind, place }) => {
      const places = kind === 'site' ? [{}] : kind === 'org' ? [{ org: place ?? 'o1' }] : insides(kind, place)
      return places.map((one) => state && explainAssign(state, 'assignPermissions', name, one).allowed)
    })
  })
  return JSON.stringify(before) === JSON.stringify(after)
}

/** A container in no organization, and in one. */
function insides(kind: string, place = `${kind}1`): Readonly<Record<string, string>>[] {
  return [{ [kind]: place }, { [kind]: place, org: 'o1' }]
}
