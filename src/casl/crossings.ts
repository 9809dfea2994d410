// Permissions → actions and resources as a rule names them: each action of each resource.
import type { CompiledPermission } from '../compile/catalogue.js'

/** Actions and resources of one rule, frozen; one of a kind stands alone, as CASL's own rules have it. */
export interface Crossing {
  readonly action: string | string[]
  readonly subject: string | string[]
}

/** The permissions as lists of actions, each with the resources that have exactly these. */
export function crossingsOf(permissions: readonly CompiledPermission[]): readonly Crossing[] {
  const actionsOf = new Map<string, string[]>()
  for (const { resource, action } of permissions.toSorted((a, b) => a.index - b.index)) {
    const actions = actionsOf.get(resource)
    if (actions === undefined) actionsOf.set(resource, [action])
    else actions.push(action)
  }
  const resourcesOf = new Map<string, { readonly actions: string[]; readonly resources: string[] }>()
  for (const [resource, actions] of actionsOf) {
    const crossing = resourcesOf.get(actions.join())
    if (crossing === undefined) resourcesOf.set(actions.join(), { actions, resources: [resource] })
    else crossing.resources.push(resource)
  }
  return [...resourcesOf.values()].map(({ actions, resources }) => ({
    action: oneOrMany(actions),
    subject: oneOrMany(resources)
  }))
}

function oneOrMany(names: string[]): string | string[] {
  const [first] = names
  if (names.length === 1 && first !== undefined) return first
  Object.freeze(names)
  return names
}
