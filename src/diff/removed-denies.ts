// Roles with a deny that are gone. No request can show this, because one that names the role is an error; so they are
// listed for a reviewer.
import type { CompiledPolicy } from '../compile/compile.js'
import { findRole, listRoles, nameInFull } from '../compile/role-index.js'
import { includedRoles } from '../compile/roles.js'
import type { Effects, RoleDocument, RoleKind } from '../document/types.js'
import type { OldNew } from './sides.js'
import type { Rename } from './types.js'

/** The old policy's roles with a deny, under any setting, that the new one has under no name. */
export function removedDenyRoles(policies: OldNew<CompiledPolicy>, renamed: readonly Rename[]): string[] {
  const keyOf = (name: string, id: string | undefined, container?: string): string =>
    JSON.stringify([name, id ?? null, container ?? null])
  const renamedKeys = new Set(
    renamed.flatMap(({ kind, from, org, container }) =>
      kind === 'role' ? [keyOf(from, org ?? container?.id, container?.kind)] : []
    )
  )
  const { shipped } = policies.old.context
  return listRoles(policies.old.roles)
    .filter(({ name, kind, place, document }) => {
      const container = kind === 'site' || kind === 'org' || place === undefined ? undefined : kind
      const left = findRole(policies.new.roles, name, place, container)
      return (
        !renamedKeys.has(keyOf(name, place, container)) &&
        (left === undefined || (left.kind !== kind && isContainer(left.kind, kind))) &&
        [document, ...includedRoles(document, shipped).values()].some(hasDeny)
      )
    })
    .map(nameInFull)
}

/** Whether one of two kinds of roles is a container's. */
function isContainer(...kinds: readonly RoleKind[]): boolean {
  return kinds.some((kind) => kind !== 'site' && kind !== 'org')
}

function hasDeny({ grants, variants = [] }: RoleDocument): boolean {
  const all = [grants, ...variants.map((variant) => variant.grants)]
  return all.some((levels) => Object.values(levels ?? {}).some(isDenying))
}

function isDenying(effects: Effects | undefined): boolean {
  return Object.values(effects?.deny ?? {}).some((actions) => !Array.isArray(actions) || actions.length > 0)
}
