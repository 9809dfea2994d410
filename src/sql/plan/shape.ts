// The condition of an action on the rows of a table, as it is for every subject. It depends on the policy, the action
// and the table alone; a part that no role of the policy can need is left out.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { requiredFor } from '../../compile/catalogue.js'
import type { Columns } from '../columns.js'
import { combinationsCondition } from './attributes.js'
import { ceilingCondition } from './ceilings.js'
import { all, any, type Condition } from './condition.js'
import { rolesAllow, rolesDoNotDeny, siteAllowsAll, type Group } from './roles.js'
import { sharedWith } from './shared.js'
import { alikePermissions, possibleVotes } from './possible.js'
import { Places } from './places.js'
import { Slots, type Flag, type Slot } from './slots.js'
import { wellFormed } from './well-formed.js'

/** The condition of an action on a table, and what it knows of a subject. */
export interface RowShape {
  readonly condition: Condition
  readonly slots: readonly Slot[]
  readonly flags: readonly Flag[]
}

/**
 * `(roles OR acl) AND ceilings`, of rows that a decision can be asked about. `first` is the action's permission on rows
 * of any attributes.
 */
export function shapeOf(policy: CompiledPolicy, first: CompiledPermission, columns: Columns): RowShape {
  const { resource } = columns
  const slots = new Slots()
  const places = new Places(columns, slots)
  const permissions = resource.permissions.filter(({ action }) => action === first.action)
  const gates = permissions.map(requiredFor)
  const groups = alikePermissions(policy, permissions, gates).map(
    ({ permissions: some, votes }, number): Group => ({ name: String(number), permissions: some, votes })
  )
  const { requires, overridesDeny } = resource.sharing
  const entries = resource.acl && columns.acl !== undefined ? sharedWith(places, first) : undefined
  // Of rows of any attributes alike, unless the settings ask the roles about each row.
  const isAskedByGroup = requires !== undefined || !overridesDeny
  const parts = groups.map((group): Condition => {
    const having = combinationsCondition(columns, group.permissions)
    if (entries === undefined || !isAskedByGroup) return all(having, rolesAllow(places, group))
    const open = overridesDeny ? undefined : rolesDoNotDeny(places, group)
    const gate = requires === undefined ? undefined : gateOf(policy, places, group)
    return all(having, any(rolesAllow(places, group), all(entries, gate, open)))
  })
  const shared = isAskedByGroup ? undefined : entries
  const everywhere = groups.length > 1 ? siteAllowsAll(places, groups) : undefined
  return Object.freeze({
    condition: all(
      any(everywhere, ...parts, shared),
      ceilingCondition(policy, places, permissions),
      wellFormed(columns)
    ),
    slots: slots.list,
    flags: slots.flags
  })
}

/** Whether the roles allow the action that the ACL settings require. */
function gateOf(policy: CompiledPolicy, places: Places, { name, permissions }: Group): Condition | undefined {
  const gates = permissions.flatMap((permission) => requiredFor(permission) ?? [])
  const [votes] = possibleVotes(policy, gates)
  return votes && rolesAllow(places, { name: `${name}.required`, permissions: gates, votes })
}
