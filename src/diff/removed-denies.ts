// Roles with a deny that are gone. No request can show this, because one that names the role is an error; so they are
// listed for a reviewer.
import type { CompiledPolicy } from '../compile/compile.js'
import { findRole, listRoles } from '../compile/role-index.js'
import type { Effects, RoleDocument } from '../document/types.js'
import type { OldNew } from './sides.js'
import type { Rename } from './types.js'

/** The old policy's roles with a deny, under any setting, that the new one has under no name. */
export function removedDenyRoles(policies: OldNew<CompiledPolicy>, renamed: readonly Rename[]): string[] {
  const keyOf = (name: string, place: string | undefined): string => JSON.stringify([name, place ?? null])
  const renamedKeys = new Set(
    renamed.flatMap(({ kind, from, org }) => (kind === 'role' ? [keyOf(from, org)] : []))
  )
  return listRoles(policies.old.roles)
    .filter(
      ({ name, place, document }) =>
        !renamedKeys.has(keyOf(name, place)) &&
        findRole(policies.new.roles, name, place) === undefined &&
        hasDeny(document)
    )
    .map(({ name, place }) => (place === undefined ? name : `${name} in ${place}`))
}

function hasDeny({ grants, variants = [] }: RoleDocument): boolean {
  const all = [grants, ...variants.map((variant) => variant.grants)]
  return all.some((levels) => Object.values(levels ?? {}).some(isDenying))
}

function isDenying(effects: Effects | undefined): boolean {
  return Object.values(effects?.deny ?? {}).some((actions) => !Array.isArray(actions) || actions.length > 0)
}
