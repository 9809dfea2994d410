// A subject → CASL rules: plain data that only allows. Permissions with the same facts are handled once, and one rule
// names all permissions that share its conditions, so that a thousand organizations are listed a few times and not once
// per permission.
import type { MongoQuery, SubjectRawRule } from '@casl/ability'

import type { CompiledPermission } from '../compile/catalogue.js'
import type { SubjectState } from '../request/state.js'
import { sharedWhere } from './acl-clauses.js'
import { createAdmittedPartReader } from './admitted.js'
import { attributeParts } from './attributes.js'
import { restrict, type Clause } from './clause.js'
import { createConditions, type Conditions } from './conditions.js'
import { crossingsOf } from './crossings.js'
import { readGround, type Ground } from '../reach/ground.js'
import { Grouping } from './grouping.js'
import type { Part } from './parts.js'
import { createReachReader, type Reach } from '../reach/votes.js'
import { allowedWhere } from './role-clauses.js'

/** A rule of an ability. Frozen, with everything in it. */
export type AbilityRule = SubjectRawRule<string, string, MongoQuery>

type Parts = readonly Part[]
type ReadReach = (permission: CompiledPermission) => Reach

/**
 * The rules of a subject, in an order that does not change answers. CASL checks the last first, so those for roles are
 * last.
 */
export function makeRules(state: SubjectState): AbilityRule[] {
  const ground = readGround(state)
  const reachOf = createReachReader(state, ground)
  const conditions = createConditions(ground, state.compiled.catalogue.containers)
  const admittedOf = createAdmittedPartReader(state)
  const [byAcl, byRole] = [new Grouping<Parts>(), new Grouping<Parts>()]
  const write = new Writer(ground, conditions, reachOf)
  for (const permission of state.compiled.catalogue.permissions) {
    const admitted = admittedOf(permission)
    if (admitted === 'nothing') continue
    const ids = admitted === 'all' ? [] : [admitted]
    if (permission.definition.acl)
      for (const parts of write.shared(permission))
        byAcl.add(keyOf(parts, ids), [...parts, ...ids], permission)
    for (const parts of write.allowed(permission))
      byRole.add(keyOf(parts, ids), [...parts, ...ids], permission)
  }
  return [...byAcl.groups(), ...byRole.groups()].flatMap(([parts, permissions]) =>
    rulesOf(parts, permissions)
  )
}

function keyOf(...parts: readonly Parts[]): string {
  return JSON.stringify(parts.flat().map(({ key }) => key))
}

/** Writes the conditions of permissions; those with the same facts get the same ones, made once. */
class Writer {
  readonly #ground: Ground
  readonly #conditions: Conditions
  readonly #reachOf: ReadReach
  readonly #written = new Map<string, readonly Parts[]>()

  constructor(ground: Ground, conditions: Conditions, reachOf: ReadReach) {
    this.#ground = ground
    this.#conditions = conditions
    this.#reachOf = reachOf
  }

  /** What the roles allow. */
  allowed(permission: CompiledPermission): readonly Parts[] {
    const reach = this.#reachOf(permission)
    return this.#once(`roles ${reach.key}`, permission, () =>
      allowedWhere(this.#ground, reach).flatMap((clause) => this.#partsOf(clause, permission))
    )
  }

  /** What entries of an ACL allow. */
  shared(permission: CompiledPermission): readonly Parts[] {
    const { action, definition } = permission
    const { words, members, overridesDeny, requires } = definition.sharing
    const reach = this.#reachOf(permission)
    const gate = gateOf(permission, requires)
    const gateReach = gate && this.#reachOf(gate)
    const named = [...(words.get(action) ?? [action]), '*']
    const key = `acl ${reach.key} ${gateReach?.key} ${members} ${overridesDeny} ${requires} ${named.join()}`
    return this.#once(key, permission, () =>
      sharedWhere(this.#ground, reach, definition.sharing, gateReach).flatMap(({ clause, named: whom }) =>
        this.#partsOf(clause, permission).map((parts) => [...parts, this.#conditions.shared(whom, named)])
      )
    )
  }

  #partsOf(clause: Clause, { definition }: CompiledPermission): readonly Parts[] {
    const there = restrict(this.#ground, definition, clause)
    return there === undefined ? [] : this.#conditions.of(there, definition)
  }

  /** Resources whose objects may be in the same places share what was made. */
  #once(key: string, { definition }: CompiledPermission, make: () => readonly Parts[]): readonly Parts[] {
    const name = `${key} ${definition.org} ${definition.places.join()}`
    const found = this.#written.get(name)
    if (found !== undefined) return found
    const made = make()
    this.#written.set(name, made)
    return made
  }
}

/** The permission that an ACL entry requires, on objects with the same attributes. */
function gateOf(
  { definition, attributes }: CompiledPermission,
  requires: string | undefined
): CompiledPermission | undefined {
  if (requires === undefined) return undefined
  return definition.permissions.find((one) => one.action === requires && one.attributes === attributes)
}

/** The rules for permissions whose objects are asked the same, but for their attributes. */
function rulesOf(parts: Parts, permissions: readonly CompiledPermission[]): readonly AbilityRule[] {
  const byAction = new Grouping<CompiledPermission>()
  for (const permission of permissions) byAction.add(permission.name, permission, permission)
  const byAttributes = new Grouping<Parts>()
  for (const [first, some] of byAction.groups())
    for (const asked of attributeParts(
      first.definition,
      some.map(({ attributes }) => attributes)
    ))
      byAttributes.add(keyOf(asked), asked, first)
  return [...byAttributes.groups()].flatMap(([asked, some]) => {
    const conditions = conditionsOf([...parts, ...asked])
    return crossingsOf(some).map((crossing) =>
      Object.freeze(conditions === undefined ? crossing : { ...crossing, conditions })
    )
  })
}

function conditionsOf(parts: Parts): MongoQuery | undefined {
  if (parts.length === 0) return undefined
  // An ACL costs most to look at.
  const sorted = [
    ...parts.filter(({ field }) => field !== 'acl'),
    ...parts.filter(({ field }) => field === 'acl')
  ]
  return Object.freeze(Object.fromEntries(sorted.map(({ field, condition }) => [field, condition])))
}
