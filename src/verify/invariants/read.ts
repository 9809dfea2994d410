// The names in an invariant → what they stand for in the compiled policy. An unknown name is an error: an invariant
// about nothing must not count as one that holds.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { listRoles } from '../../compile/role-index.js'
import { RequestProblems } from '../../problems/request-problems.js'
import { permissionNamed } from '../space/who-can.js'

/** Who an invariant names: roles by name, and system subjects by theirs. */
export interface Holders {
  readonly roles: ReadonlySet<string>
  readonly systems: ReadonlySet<string>
}

/** @throws RequestError `unknown_role`, `unknown_system_subject`. */
export function readHolders(compiled: CompiledPolicy, names: readonly string[]): Holders {
  const known = new Set(listRoles(compiled.roles).map(({ name }) => name))
  const problems = new RequestProblems()
  const roles = new Set<string>()
  const systems = new Set<string>()
  for (const name of names) {
    const system = name.startsWith('system:') ? name.slice('system:'.length) : undefined
    if (system === undefined) roles.add(name)
    else systems.add(system)
    if (system === undefined && !known.has(name)) problems.addUnknown('unknown_role', [], 'role', name, known)
    if (system !== undefined && !compiled.systemSubjects.has(system))
      problems.addUnknown('unknown_system_subject', [], 'system subject', system, compiled.systemSubjects)
  }
  problems.throwFirst()
  return { roles, systems }
}

/**
 * The permissions that `resource:action` and `resource:*` name, each once.
 *
 * @throws RequestError `unknown_resource`, `unknown_action`.
 */
export function readPermissions(
  compiled: CompiledPolicy,
  names: readonly string[]
): readonly CompiledPermission[] {
  const found = new Set<CompiledPermission>()
  for (const name of names) {
    const resource = name.endsWith(':*') ? compiled.catalogue.resources.get(name.slice(0, -2)) : undefined
    if (resource === undefined) found.add(permissionNamed(compiled, name))
    else for (const permission of resource.actions.values()) found.add(permission)
  }
  return [...found]
}
