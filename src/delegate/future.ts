// Stand-ins for permissions that may be added to the catalogue, which a wildcard includes too. One is enough for each
// way in which a written line can distinguish added permissions. No decision is made about them.
import type { Catalogue, CompiledPermission, CompiledResource } from '../compile/catalogue.js'
import type { PermissionSet } from '../document/types.js'

/** No resource and no action can have this name. */
const added = '(added)'

/** The actions that lines of the key `'*'` name. Other lines name only existing actions of their resource. */
export function wildcardActions(sets: Iterable<PermissionSet | undefined>): Set<string> {
  const actions = new Set<string>()
  for (const set of sets) {
    const list = set !== undefined && Object.hasOwn(set, '*') ? set['*'] : undefined
    if (list === undefined || list === '*') continue
    for (const action of 'except' in list ? list.except : list) actions.add(action)
  }
  return actions
}

/**
 * Stand-ins for every permission that may be added to a catalogue, as lines of permission sets match them. For each
 * resource, and for one added resource: each of `actions` that it does not have, and an action that nothing names.
 */
export function permissionsToCome(
  catalogue: Catalogue,
  actions: ReadonlySet<string>
): readonly CompiledPermission[] {
  const newResource: CompiledResource = {
    name: added,
    description: undefined,
    org: 'optional',
    acl: false,
    actions: new Map()
  }
  return [...catalogue.resources.values(), newResource].flatMap((resource) =>
    [...actions, added]
      .filter((action) => !resource.actions.has(action))
      .map((action) => ({
        name: `${star(resource.name)}:${star(action)}`,
        action,
        resource: resource.name,
        // Not in any table; only written lines match it.
        index: -1,
        definition: resource
      }))
  )
}

/** Whether a permission is a stand-in of `permissionsToCome`. */
export function isToCome(permission: CompiledPermission): boolean {
  return permission.index < 0
}

function star(name: string): string {
  return name === added ? '*' : name
}
