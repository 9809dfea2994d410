// Grants as tables with one row for each resource, so that a resource that is added or removed changes one row. A row
// says whether the policy names the resource or the wildcard reaches it.
import { listHas } from '../../compile/permission-set.js'
import type { ResourceInfo } from '../../policy/types/index.js'
import type { ActionList, Grants, PermissionSet } from '../../document/types.js'
import { cellCode, cellCodes, table, type Block } from './markdown.js'
import type { Effect, FixedLevel } from '../../types.js'

export const levels: readonly (readonly [FixedLevel, string])[] = [
  ['site', 'every object'],
  ['org', 'every object in the organization'],
  ['orgMember', 'what they own in the organization'],
  ['user', 'what they own outside any organization']
]
export const effects: readonly (readonly [Effect, string])[] = [
  ['allow', 'may'],
  ['deny', 'may not']
]

/** A table for every level and effect that has grants, each under a line that names them. */
export function grantTables(resources: readonly ResourceInfo[], grants: Grants): Block[] {
  return levels.flatMap(([level, reach]) =>
    effects.flatMap(([effect, verb]): Block[] => {
      const set = grants[level]?.[effect]
      if (set === undefined) return []
      const rows = setRows(resources, set, effect)
      return rows.length === 0
        ? []
        : [`To ${reach}, they ${verb}:`, table(['Resource', 'Actions', 'From'], rows)]
    })
  )
}

/**
 * The rows of a permission set, `resources` being all in the order of their names: resource, actions, and the line of
 * the policy that says so.
 */
export function setRows(resources: readonly ResourceInfo[], set: PermissionSet, effect: Effect): string[][] {
  const reached = Object.hasOwn(set, '*')
    ? resources
    : resources.filter(({ name }) => Object.hasOwn(set, name))
  return reached.flatMap(({ name, actions }) => {
    const all = actions.map((action) => action.name)
    const own = Object.hasOwn(set, name) ? set[name] : undefined
    const wildcard = set['*']
    const named = selected(own, all)
    // In a deny the wildcard adds to a resource's own line; in an allow that line stands alone.
    const from = own !== undefined && effect === 'allow' ? new Set<string>() : selected(wildcard, all)
    const found = all.filter((action) => named.has(action) || from.has(action))
    if (found.length === 0) return []
    const source = found.every((action) => named.has(action)) ? 'its own line' : 'everything else'
    return [
      [cellCode(name), found.length === all.length ? `all: ${cellCodes(found)}` : cellCodes(found), source]
    ]
  })
}

function selected(list: ActionList | undefined, all: readonly string[]): ReadonlySet<string> {
  return new Set(list === undefined ? [] : all.filter((action) => listHas(list, action)))
}
