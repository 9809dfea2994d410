// Which roles reach further than the organization or container in which they are held, includes counted.
import { entriesOf, fieldOf, itemsOf, textsOf } from '../read.js'

/** The names of the roles that have grants at `site` or `user`, their own or those of roles that they include. */
export function rolesReachingFurther(roles: unknown): ReadonlySet<string> {
  const includedBy = new Map<string, string[]>()
  const reached = new Set<string>()
  for (const [name, role] of entriesOf(roles)) {
    if (reachesFurther(role)) reached.add(name)
    for (const [, included] of textsOf(fieldOf(role, 'includes'))) {
      const names = includedBy.get(included)
      if (names === undefined) includedBy.set(included, [name])
      else names.push(name)
    }
  }
  // A set is visited in the order in which it grows.
  for (const name of reached) for (const including of includedBy.get(name) ?? []) reached.add(including)
  return reached
}

function reachesFurther(role: unknown): boolean {
  const variants = itemsOf(fieldOf(role, 'variants')).map(([, variant]) => variant)
  return [role, ...variants].some((part) => {
    const grants = fieldOf(part, 'grants')
    return ['site', 'user'].some((level) =>
      ['allow', 'deny'].some((effect) => hasGrant(fieldOf(fieldOf(grants, level), effect)))
    )
  })
}

/** Whether a set grants anything. Empty lists grant nothing: they only exclude a resource from `*`. */
export function hasGrant(set: unknown): boolean {
  return entriesOf(set).some(([, actions]) => !isEmptyList(actions))
}

/** Whether these are no actions, for objects with whatever attributes. */
export function isEmptyList(actions: unknown): boolean {
  const list = fieldOf(actions, 'actions') ?? actions
  return Array.isArray(list) && list.every((item) => isEmpty(fieldOf(item, 'actions')))
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0
}
