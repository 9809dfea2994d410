// Stand-ins for permissions that may be added to the catalogue, which written lines include too. One is enough for each
// way in which a line can distinguish added permissions: an action that something names or nothing, one that a present
// action implies, a value that no condition names. An added container needs none: no line is about it, and permissions
// of the catalogue are compared whether or not objects are in it. No decision is made about stand-ins.
import type { Combination, CompiledAttribute } from '../compile/attributes.js'
import {
  compileResource,
  type Catalogue,
  type CompiledPermission,
  type CompiledResource
} from '../compile/catalogue.js'
import type { WrittenNames } from './written-names.js'

/** No resource, no action and no value can have this name. */
const added = '(added)'

/** A stand-in; it is in no table, and only written lines match it. */
export interface FuturePermission extends CompiledPermission {
  readonly index: -1
  /** Every combination of attributes that has a stand-in for this action. */
  readonly combinations: readonly Combination[]
  /** Whether it stands for what a present action comes to imply. Without denies, who has that action has this one. */
  readonly isImplied: boolean
}

/**
 * Stand-ins for every permission that may be added to a catalogue. For each resource, and for one added resource: each
 * of the actions of `names` that it does not have, and an action that nothing names, under every combination of
 * attributes that lines distinguish; and its present actions under those with an added value.
 */
export function futurePermissions(catalogue: Catalogue, names: WrittenNames): readonly FuturePermission[] {
  const { resources, containers, signature } = catalogue
  const anImplying = [...resources.values()].some(hasImplied)
  const newResource = compileResource(added, { actions: {} }, containers, -1, signature)
  return [...resources.values(), newResource].flatMap((resource) => {
    const combinations = combinationsToTell(resource.attributes, names.attributes.get(resource.name))
    const isImplying = resource === newResource ? anImplying : hasImplied(resource)
    return [
      ...addedActions(resource, names.actions, isImplying).flatMap(([action, definition]) =>
        standIns(definition, action, combinations, definition !== resource)
      ),
      ...[...resource.actions.keys()].flatMap((action) =>
        standIns(resource, action, combinations.filter(hasAdded))
      )
    ]
  })
}

function hasImplied({ implying }: CompiledResource): boolean {
  return implying.size > 0
}

/** Actions that a resource does not have, each with the resource as it would be; those that nothing implies first. */
function addedActions(
  resource: CompiledResource,
  named: ReadonlySet<string>,
  isImplying: boolean
): readonly (readonly [action: string, definition: CompiledResource])[] {
  const actions = [...named, added].filter((action) => !resource.actions.has(action))
  const impliers = isImplying ? [...new Set([...resource.actions.keys(), ...named])] : []
  return [
    ...actions.map((action) => [action, resource] as const),
    ...impliers.flatMap((implier) =>
      actions.flatMap((action) =>
        action === implier ? [] : [[action, implyingToo(resource, implier, action)] as const]
      )
    )
  ]
}

/** The resource with an action that another one, and all that imply that one, imply. */
function implyingToo(resource: CompiledResource, implier: string, action: string): CompiledResource {
  const all = [implier, ...(resource.implying.get(implier) ?? [])]
  return { ...resource, implying: new Map(resource.implying).set(action, all) }
}

function standIns(
  definition: CompiledResource,
  action: string,
  combinations: readonly Combination[],
  isImplied = false
): FuturePermission[] {
  const name = `${star(definition.name)}:${star(action)}`
  return combinations.map((attributes) => ({
    name,
    action,
    resource: definition.name,
    index: -1,
    definition,
    attributes,
    combinations,
    isImplied
  }))
}

/** Every combination of the attributes that conditions name, an added value among theirs; the others at one value. */
function combinationsToTell(
  attributes: readonly CompiledAttribute[],
  named: ReadonlySet<string> | undefined
): readonly Combination[] {
  return attributes.reduce<readonly Combination[]>(
    (made, { name, values }) => {
      // `true` and `false` are all values that there can be.
      const isText = values.some((value) => typeof value === 'string')
      const told = named?.has(name) === true ? (isText ? [...values, added] : values) : values.slice(0, 1)
      return made.flatMap((one) => told.map((value) => new Map([...one, [name, value]])))
    },
    [new Map()]
  )
}

/** Whether a combination has a value that is added. */
export function hasAdded(combination: Combination): boolean {
  return [...combination.values()].includes(added)
}

/** Whether a permission is a stand-in of `futurePermissions`. */
export function isFuture(permission: CompiledPermission): permission is FuturePermission {
  return permission.index < 0
}

/** The permissions without those that present actions come to imply; all of them, where there are no others. */
export function withoutImplied<P extends CompiledPermission>(permissions: readonly P[]): readonly P[] {
  const others = permissions.filter((permission) => !isFuture(permission) || !permission.isImplied)
  return others.length === 0 ? permissions : others
}

/** A name or value as answers show it: `*` for one that is added. */
export function star(name: string): string {
  return name === added ? '*' : name
}
