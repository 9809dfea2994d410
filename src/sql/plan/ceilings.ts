// What the ceilings of a subject leave, as conditions on the id and the organization. For a subject without ceilings
// they are flags that hold.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { listNames } from '../../compile/permission-set.js'
import { hasOrgLimit, isWithinOrgs } from '../../decide/counting-orgs.js'
import type { PermissionSet } from '../../document/types.js'
import { noLists } from '../../reach/id-sets.js'
import { combinationsCondition } from './attributes.js'
import { all, any, type Condition } from './condition.js'
import type { Facts } from './facts.js'
import type { Places } from './places.js'

/** The rows that the ceilings leave of an action; `permissions` are those of its combinations of attributes. */
export function ceilingCondition(
  policy: CompiledPolicy,
  places: Places,
  permissions: readonly CompiledPermission[]
): Condition {
  return all(idsLeft(policy, places, permissions), orgsLeft(places))
}

function idsLeft(
  policy: CompiledPolicy,
  places: Places,
  permissions: readonly CompiledPermission[]
): Condition {
  const { columns, slots } = places
  const everyId = slots.flag('ids.all', ({ admittedOf }) =>
    permissions.every((one) => admittedOf(one) === 'all')
  )
  const groups = alikeInScopes(policy, permissions)
  const parts = groups.map((group, number): Condition => {
    const [first] = group
    const admitted = ({ admittedOf }: Facts): readonly string[] | 'all' =>
      first === undefined ? [] : admittedOf(first)
    const anyId = slots.flag(`ids.all.${number}`, (facts) => admitted(facts) === 'all')
    const slot = slots.slot(`ids.${number}`, true, (facts) => {
      const ids = admitted(facts)
      return ids === 'all' ? noLists : [ids]
    })
    const listed: Condition | undefined = columns.id === undefined ? undefined : { kind: 'id', slot }
    return all(combinationsCondition(columns, group), any({ kind: 'flag', flag: anyId }, listed))
  })
  return any({ kind: 'flag', flag: everyId }, ...parts)
}

/** The permissions that every scope of the policy treats alike, together. */
function alikeInScopes(
  { document }: CompiledPolicy,
  permissions: readonly CompiledPermission[]
): readonly (readonly CompiledPermission[])[] {
  const templates = Object.values(document.scopeTemplates ?? {})
  const sets: readonly PermissionSet[] = [
    ...Object.values(document.scopes ?? {}).map(({ allow }) => allow),
    ...templates.flatMap(({ allow, variants = [] }) => [allow, ...variants.map((one) => one.allow)])
  ]
  const groups = new Map<string, CompiledPermission[]>()
  for (const permission of permissions) {
    const { resource } = permission
    const key = sets
      .map((set) => {
        const list = Object.hasOwn(set, resource) ? set[resource] : undefined
        return list !== undefined && listNames(list, 'allow', permission) ? '1' : '0'
      })
      .join('')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [permission])
    else group.push(permission)
  }
  return [...groups.values()]
}

function orgsLeft(places: Places): Condition {
  const { slots } = places
  const flag = (name: string, read: (facts: Facts) => boolean): Condition => ({
    kind: 'flag',
    flag: slots.flag(name, read)
  })
  return any(
    flag('orgs.all', ({ state }) => !hasOrgLimit(state.ceilings)),
    places.inOrg('orgs.listed', ({ state: { ceilings } }) => {
      const listed = ceilings.flatMap(({ orgs }) => [...(orgs?.ids ?? [])])
      return hasOrgLimit(ceilings)
        ? [[...new Set(listed)].filter((org) => isWithinOrgs(ceilings, org))]
        : noLists
    }),
    all(
      flag('orgs.none', ({ ground }) => ground.admitsNone),
      places.noOrg
    )
  )
}
