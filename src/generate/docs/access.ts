// Who may do what, proved once for every permission and read by more than one page.
import type { Policy } from '../../api/index.js'
import { whoCan, type Holder } from '../../verify/index.js'

/** By `resource:action`, who is allowed it on some object. */
export type Access = ReadonlyMap<string, readonly Holder[]>

export function accessOf(policy: Policy): Access {
  const permissions = policy.resources
    .list()
    .flatMap(({ name, actions }) => actions.map((action) => `${name}:${action.name}`))
  return new Map(permissions.map((permission) => [permission, whoCan(policy, permission)]))
}
