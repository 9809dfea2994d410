// The permission that a policy names for giving or taking away roles of a kind, and the decision about it in a place.
import { partOf, usualOrFirst } from '../compile/attributes.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { CompiledRole } from '../compile/roles.js'
import { decideQuestion } from '../decide/explain.js'
import { canBeInOrg, canBeOutside } from '../levels.js'
import { splitName } from '../problems/names.js'
import { permissionAt } from '../request/question.js'
import type { SubjectState } from '../request/state.js'
import type { AttributeValue, Decision } from '../types.js'
import type { Place } from './place.js'

/** Which permissions of the policy are needed: those to give a role, or those to take one away. */
export type AssignKind = 'assignPermissions' | 'unassignPermissions'

/** The permission that the policy names for roles of this kind; where it names none, none is needed. */
export function neededPermission(
  compiled: CompiledPolicy,
  kind: AssignKind,
  role: CompiledRole
): CompiledPermission | undefined {
  const named = Object.hasOwn(compiled.document, kind) ? compiled.document[kind] : undefined
  const name = named !== undefined && Object.hasOwn(named, role.kind) ? named[role.kind] : undefined
  if (name === undefined) return undefined
  const [resource = '', action] = splitName(name)
  const permission = compiled.catalogue.resources.get(resource)?.actions.get(action)
  if (permission === undefined)
    throw new TypeError('a checked policy names a permission that it does not have')
  return permission
}

/** Whether the permission's resource has objects in exactly this place. */
export function hasObjectThere({ definition }: CompiledPermission, { org, container }: Place): boolean {
  const isIn = org === undefined ? canBeOutside : canBeInOrg
  return (
    isIn(definition.org) &&
    definition.places.every((placement, number) =>
      (number === container?.number ? canBeInOrg : canBeOutside)(placement)
    )
  )
}

/** The permission on an object that has every attribute at its default, else at its first value. */
export function permissionThere(any: CompiledPermission): CompiledPermission {
  const { definition } = any
  const combination = definition.attributes.reduce(
    (sum, attribute) => sum + (partOf(attribute, usualOrFirst(attribute)) ?? 0),
    0
  )
  return permissionAt(definition, any, combination)
}

/**
 * The decision about an object in exactly this place that has no owner and no id, and every attribute at its default,
 * else at its first value.
 */
export function decideThere(
  state: SubjectState,
  first: CompiledPermission,
  { org, container }: Place
): Decision {
  const { definition } = first
  // The object need not give what is its default anyway.
  const given = definition.attributes.flatMap((attribute): [string, AttributeValue][] => {
    const value = attribute.usual === undefined ? usualOrFirst(attribute) : undefined
    return value === undefined ? [] : [[attribute.name, value]]
  })
  return decideQuestion(state, {
    permission: permissionThere(first),
    id: undefined,
    owner: undefined,
    org,
    anyOrg: false,
    acl: undefined,
    containers: definition.places.map((_, number) =>
      container !== undefined && number === container.number ? [container.id] : []
    ),
    attributes: new Map(given)
  })
}
