// The two policies of a comparison, and permissions as both have them. A policy without a permission allows it to
// nobody; a request that is an error in a policy counts as refused there.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { DecidingSubject } from '../decide/subject.js'
import { isCasemateError } from '../errors.js'
import type { ObjectRef } from '../types.js'

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

/** A permission as each policy has it, or does not. */
export interface AskedPermission {
  readonly name: string
  readonly in: OldNew<CompiledPermission | undefined>
  /** Whether both have it, for objects in the same places. */
  readonly isPlacedAlike: boolean
}

/** Every permission of either policy: in the new one's order, then those that are gone. */
export function askedPermissions(policies: OldNew<CompiledPolicy>): AskedPermission[] {
  const named = both(
    (side) => new Map(policies[side].catalogue.permissions.map((permission) => [permission.name, permission]))
  )
  return [...new Set([...named.new.keys(), ...named.old.keys()])].map((name) => {
    const found = both((side) => named[side].get(name))
    const isPlacedAlike =
      found.old !== undefined &&
      found.new !== undefined &&
      found.old.definition.org === found.new.definition.org
    return { name, in: found, isPlacedAlike }
  })
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
    return subject.can(permission, object)
  } catch (error) {
    if (isCasemateError(error)) return false
    throw error
  }
}
