// Permissions as answers name them: once for each action, with the attributes that matter. Which attributes do is told
// from the permissions themselves: where they have every value of one, it is left out.
import type { Combination } from '../compile/attributes.js'
import type { CompiledPermission, CompiledResource } from '../compile/catalogue.js'
import { isFuture, star } from './future.js'

/** The names of permissions, each once, in their order. */
export function namePermissions(permissions: readonly CompiledPermission[]): string[] {
  const groups = new Map<CompiledResource, Map<string, CompiledPermission[]>>()
  for (const permission of permissions) {
    const { definition, action } = permission
    const actions = groups.get(definition) ?? new Map<string, CompiledPermission[]>()
    const alike = actions.get(action)
    if (alike === undefined) actions.set(action, [permission])
    else alike.push(permission)
    groups.set(definition, actions)
  }
  const names = new Map<CompiledPermission, string>()
  for (const actions of groups.values())
    for (const alike of actions.values()) {
      const told = tellingAttributes(alike)
      for (const permission of alike) names.set(permission, nameOf(permission, told))
    }
  return [...new Set(permissions.flatMap((permission) => names.get(permission) ?? []))]
}

function nameOf({ name, attributes }: CompiledPermission, told: ReadonlySet<string>): string {
  const values = [...attributes].flatMap(([attribute, value]) => {
    const text = star(String(value))
    return told.has(attribute) || text !== String(value) ? [`${attribute} = ${text}`] : []
  })
  return values.length === 0 ? name : `${name} where ${values.join(', ')}`
}

/** The attributes by which some permissions of one action differ from the others of that action. */
function tellingAttributes(alike: readonly CompiledPermission[]): ReadonlySet<string> {
  const [first] = alike
  if (first === undefined || first.attributes.size === 0) return new Set()
  const all = isFuture(first)
    ? first.combinations
    : first.definition.permissions.flatMap((one) => (one.action === first.action ? [one.attributes] : []))
  const telling = [...first.attributes.keys()].filter((attribute) => {
    const key = (combination: Combination): string =>
      JSON.stringify([...combination].filter(([name]) => name !== attribute))
    const counts = new Map<string, number>()
    for (const combination of all) counts.set(key(combination), (counts.get(key(combination)) ?? 0) + 1)
    for (const { attributes } of alike) counts.set(key(attributes), (counts.get(key(attributes)) ?? 0) - 1)
    // All that differ in this attribute alone are there.
    return alike.some(({ attributes }) => counts.get(key(attributes)) !== 0)
  })
  return new Set(telling)
}
