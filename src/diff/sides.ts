// The two policies of a comparison, and permissions as both have them. A policy without a permission allows it to
// nobody; a request that is an error in a policy counts as refused there.
import type { Catalogue, CompiledPermission, CompiledResource } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { DecidingSubject } from '../decide/subject.js'
import { isCasemateError } from '../errors.js'
import { splitName } from '../problems/names.js'
import { stateOf } from '../request/state.js'
import type { AttributeValue, ObjectRef } from '../types.js'
import { combinationsToldApart, permissionWith, type ToldApart } from './attributes.js'

export type Side = 'old' | 'new'

/** One thing of each policy. */
export type OldNew<T> = Readonly<Record<Side, T>>

/** Which policy allows what the other does not. */
export interface Direction {
  readonly allowing: Side
  readonly refusing: Side
}

export const gaining: Direction = { allowing: 'new', refusing: 'old' }
export const losing: Direction = { allowing: 'old', refusing: 'new' }

export function both<T>(make: (side: Side) => T): OldNew<T> {
  return { old: make('old'), new: make('new') }
}

/** A permission as each policy has it, or does not, on the objects with some attributes. */
export interface AskedPermission {
  readonly name: string
  /** Of both policies. A policy ignores those that it does not have. */
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** Those of them that an object has to give. */
  readonly given: Readonly<Record<string, AttributeValue>>
  /** None where a policy has no such action, or does not have the value of an attribute. */
  readonly in: OldNew<CompiledPermission | undefined>
  /** What roles have to allow there for an ACL entry to count, if anything. */
  readonly gates: OldNew<CompiledPermission | undefined>
  /** The containers in which its objects can be, in the order of each policy. */
  readonly containers: OldNew<readonly string[]>
  /** Whether both have it, for objects in the same places. */
  readonly isPlacedAlike: boolean
  /** Whether ACL entries count in both under the same settings, or in neither. */
  readonly isSharedAlike: boolean
}

/**
 * Every permission of either policy, in the new one's order, then those that are gone; one after the other for each
 * combination of attributes that the two policies together tell apart, the plainest first. With `within`, only those
 * of these names.
 */
export function askedPermissions(
  policies: OldNew<CompiledPolicy>,
  within?: ReadonlySet<string>
): AskedPermission[] {
  const catalogues = both((side) => policies[side].catalogue.resources)
  const types = new Map<string, AskedResource>()
  const about = (type: string): AskedResource => {
    const cached = types.get(type) ?? askedResource(policies, type)
    types.set(type, cached)
    return cached
  }
  const named = (side: Side): CompiledPermission[] =>
    within === undefined ? actionsOf(catalogues[side]) : actionsNamed(catalogues[side], within)
  const names = new Map(
    (['new', 'old'] as const).flatMap((side) => named(side).map((one) => [one.name, one] as const))
  )
  return [...names.values()].flatMap(({ name, resource: type, action }) => {
    const { resources, toldApart, gates, containers, isPlacedAlike, isSharedAlike } = about(type)
    return toldApart.map(({ attributes, given }): AskedPermission => {
      const inSide = (side: Side, what: string | undefined): CompiledPermission | undefined => {
        const resource = resources[side]
        return resource && what !== undefined ? permissionWith(resource, what, attributes) : undefined
      }
      const found = both((side) => inSide(side, action))
      return {
        name,
        attributes,
        given,
        in: found,
        gates: both((side) => inSide(side, gates[side])),
        containers,
        isPlacedAlike: isPlacedAlike && found.old !== undefined && found.new !== undefined,
        isSharedAlike
      }
    })
  })
}

/** The first permission of every action, in catalogue order. */
function actionsOf(resources: Catalogue['resources']): CompiledPermission[] {
  return [...resources.values()].flatMap(({ actions }) => [...actions.values()])
}

/** Those with these names, without a look at the others. */
function actionsNamed(resources: Catalogue['resources'], names: ReadonlySet<string>): CompiledPermission[] {
  return [...names]
    .flatMap((name) => {
      const [resource = '', action] = splitName(name)
      return resources.get(resource)?.actions.get(action) ?? []
    })
    .sort((a, b) => a.index - b.index)
}

/** What the permissions of a resource have in common. */
interface AskedResource {
  readonly resources: OldNew<CompiledResource | undefined>
  readonly toldApart: readonly ToldApart[]
  readonly gates: OldNew<string | undefined>
  readonly containers: OldNew<readonly string[]>
  readonly isPlacedAlike: boolean
  readonly isSharedAlike: boolean
}

function askedResource(policies: OldNew<CompiledPolicy>, type: string): AskedResource {
  const resources = both((side) => policies[side].catalogue.resources.get(type))
  const containers = both((side) => {
    const places = resources[side]?.places ?? []
    return policies[side].catalogue.containers.filter((_, number) => (places[number] ?? 'never') !== 'never')
  })
  return {
    resources,
    containers,
    toldApart: combinationsToldApart(policies, resources),
    gates: both((side) => (resources[side]?.acl === true ? resources[side].sharing.requires : undefined)),
    isPlacedAlike: arePlacedAlike(policies, resources),
    isSharedAlike: areSharedAlike(resources)
  }
}

/** The order of containers counts too: it is that in which their levels are asked. */
function arePlacedAlike(
  policies: OldNew<CompiledPolicy>,
  resources: OldNew<CompiledResource | undefined>
): boolean {
  const { old, new: current } = both((side) => {
    const resource = resources[side]
    return (
      resource &&
      [
        resource.org,
        ...policies[side].catalogue.containers.flatMap((kind, number) =>
          resource.places[number] === 'never' ? [] : [`${kind} ${resource.places[number] ?? ''}`]
        )
      ].join()
    )
  })
  return old !== undefined && old === current
}

function areSharedAlike(resources: OldNew<CompiledResource | undefined>): boolean {
  const { old, new: current } = both((side) => {
    const resource = resources[side]
    if (resource?.acl !== true) return 'no ACL'
    const { members, requires, overridesDeny } = resource.sharing
    return JSON.stringify([members, requires ?? null, overridesDeny])
  })
  return old === current
}

/** Whether ACL entries for a permission are narrowed by what roles say, in one of the policies at least. */
export function isSharingNarrowed({ in: { old, new: current } }: AskedPermission): boolean {
  return [old, current].some(
    (permission) =>
      permission !== undefined && permission.definition.acl && permission.definition.sharing.isNarrowed
  )
}

/** A subject as each policy sees it; `undefined` where a policy does not know it at all. */
export type OldNewSubject = OldNew<DecidingSubject | undefined>

/**
 * Whether one policy allows and the other does not. If the refusing policy has no ACLs for the resource, it is asked
 * without the ACL: a subject that is allowed there anyway gains nothing by an entry.
 */
export function differs(
  subjects: OldNewSubject,
  asked: AskedPermission,
  { allowing, refusing }: Direction,
  object: ObjectRef
): boolean {
  return (
    isAllowed(subjects[allowing], asked.in[allowing], object) &&
    !isAllowed(
      subjects[refusing],
      asked.in[refusing],
      asked.in[refusing]?.definition.acl === false ? { ...object, acl: null } : object
    )
  )
}

export function isAllowed(
  subject: DecidingSubject | undefined,
  permission: CompiledPermission | undefined,
  object: ObjectRef
): boolean {
  if (subject === undefined || permission === undefined) return false
  try {
    return subject.can(permission, knownOf(subject, permission, object))
  } catch (error) {
    if (isCasemateError(error)) return false
    throw error
  }
}

const ownFields = new Set(['type', 'id', 'owner', 'org', 'anyOrg', 'acl'])

/** The object without containers and attributes that the policy does not have: a strict one refuses others. */
function knownOf(subject: DecidingSubject, { definition }: CompiledPermission, object: ObjectRef): ObjectRef {
  const { compiled } = stateOf(subject)
  if (!compiled.isStrict) return object
  const known = Object.entries(object).filter(
    ([name]) =>
      ownFields.has(name) ||
      compiled.catalogue.containers.includes(name) ||
      definition.attributes.some((attribute) => attribute.name === name)
  )
  return { ...Object.fromEntries(known), type: object.type }
}
