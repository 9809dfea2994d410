// Subjects with a set of roles as both policies see them, and the request that the policies answer differently. Every
// request that this file returns was asked of both policies again, from its data and under its options.
import type { CompiledPolicy } from '../compile/compile.js'
import { addRoles, findRole, type RoleIndex } from '../compile/role-index.js'
import { compileRole, type RoleTable, type CompiledRole } from '../compile/roles.js'
import { createUnions } from '../compile/tables.js'
import type { DecidingSubject } from '../decide/subject.js'
import type { ObjectRef, TemplateScope, OptionValue } from '../types.js'
import {
  readSubjectData,
  type RequestData,
  type RoleData,
  type SubjectData
} from '../verify/space/requests.js'
import { valueIn, type Values } from '../verify/space/settings.js'
import type { RoleCase, Comparing } from './role-cases.js'
import { chosenOf, valuesIn } from './choices.js'
import {
  both,
  isAllowed,
  type AskedPermission,
  type OldNew,
  type Direction,
  type Seen,
  type Side
} from './sides.js'
import { Unread } from './unread.js'
import { canBoth, joinWays, plainestOf } from './ways.js'

/** A role and the organization in which it is held. */
export interface HeldRole {
  readonly roleCase: RoleCase
  readonly org: string | undefined
}

export type RoleSet = readonly HeldRole[]

/** The subject with a role set, which also belongs to `orgs`. Roles that a policy does not have are left out there. */
export function seeRoleSet(
  { policies, unions, seen }: Comparing,
  roleSet: RoleSet,
  orgs: readonly string[]
): OldNew<DecidingSubject> {
  return both((side) => {
    const { unite, empty } = unions[side]
    let site = empty
    const held = new Map(orgs.map((org) => [org, empty]))
    for (const { roleCase, org } of roleSet) {
      const roleTable = roleCase.roleTables[side]
      if (roleTable === undefined) continue
      if (org === undefined || roleTable.reachesSite) site = unite(site, roleTable)
      if (org !== undefined) held.set(org, unite(held.get(org) ?? empty, roleTable))
    }
    return seen[side].subjectOf(policies[side], site, held)
  })
}

/** The deployment's options of a role set, as keys of choices. */
export function optionsOfRoleSet(roleSet: RoleSet): Values {
  return plainestOf(joinWays(roleSet.map(({ roleCase }) => roleCase.options)))
}

/** The role set as request data, with the names of one policy. */
export function roleSetData(comparing: Comparing, roleSet: RoleSet, side: Side): SubjectData {
  const roles = roleSet.map(({ roleCase: { holding }, org }): RoleData =>
    org === undefined ? holding.names[side] : { role: holding.names[side], org }
  )
  const settings = settingsOf(comparing, roleSet, side)
  return { id: 'u1', roles, ...(settings.size === 0 ? {} : { orgOptions: Object.fromEntries(settings) }) }
}

/** The settings of a role set's organizations: the chosen ones, and those without default that a role needs. */
function settingsOf(comparing: Comparing, roleSet: RoleSet, side: Side): ReadonlyMap<string, Values> {
  const settings = new Map<string, Map<string, OptionValue>>()
  const settingsIn = (org: string): Map<string, OptionValue> => {
    const values = settings.get(org) ?? new Map<string, OptionValue>()
    settings.set(org, values)
    return values
  }
  for (const org of new Set(roleSet.flatMap((member) => member.org ?? []))) {
    const held = roleSet.filter((member) => member.org === org)
    const set = plainestOf(joinWays(held.map(({ roleCase }) => roleCase.settings)))
    for (const [name, { given }] of chosenOf(set, comparing.settings))
      if (given !== undefined) settingsIn(org).set(name, given)
  }
  const { orgOptions } = comparing.policies[side].context
  for (const { roleCase, org } of roleSet) {
    if (org === undefined) continue
    for (const name of roleCase.holding.roles[side]?.reads ?? []) {
      const option = orgOptions.get(name)
      const [first] = option?.values ?? []
      if (option?.default === undefined && first !== undefined && !settingsIn(org).has(name))
        settingsIn(org).set(name, first)
    }
  }
  const given = [...settings].filter(([, values]) => values.size > 0)
  return new Map(given.map(([org, values]) => [org, Object.fromEntries(values)]))
}

/** A request and the options under which it is asked. */
export interface Witness {
  readonly witness: RequestData
  readonly options: Values
}

export interface Asking {
  readonly subject: SubjectData
  readonly object: ObjectRef
  /** Keys of choices. */
  readonly options: Values
  /** The scopes of a key, where the subject has one. */
  readonly scopes?: readonly (string | TemplateScope)[]
  readonly allowList?: readonly string[]
}

/** Asks both policies a request and returns it; `undefined` if they do not answer differently. */
export function askBoth(
  comparing: Comparing,
  asked: AskedPermission,
  direction: Direction,
  { subject, object, options, scopes, allowList }: Asking
): Witness | undefined {
  const data: SubjectData = {
    ...subject,
    ...(scopes === undefined ? {} : { scopes }),
    ...(allowList === undefined ? {} : { allowList })
  }
  const seen: Seen = both((side) => readUnder(comparing, side, data, options))
  const permission = asked.in[direction.allowing]
  if (
    permission === undefined ||
    !isAllowed(seen[direction.allowing], permission, object) ||
    isAllowed(seen[direction.refusing], asked.in[direction.refusing], object)
  )
    return undefined
  const given = chosenOf(options, comparing.options).flatMap(([name, { given: value }]) =>
    value === undefined ? [] : [[name, value] as const]
  )
  return {
    witness: { subject: data, action: permission.action, object },
    options: Object.fromEntries(given)
  }
}

/** The subject as a policy reads it from data, under the deployment's options; none where it is an error there. */
function readUnder(
  { policies, options, work }: Comparing,
  side: Side,
  data: SubjectData,
  chosen: Values
): DecidingSubject | undefined {
  const values = valuesIn(side, chosen, options)
  const held = 'roles' in data ? data.roles : []
  work.spend(500 + 500 * held.length, () => ({ about: 'the policies', names: [] }))
  return readSubjectData(compiledFor(policies[side], values, held), data, new Unread())
}

/** The policy under other options, with only the roles that a subject holds compiled. */
function compiledFor(compiled: CompiledPolicy, values: Values, held: readonly RoleData[]): CompiledPolicy {
  if (Object.entries(values).every(([name, value]) => compiled.options.get(name) === value)) return compiled
  const found = held.flatMap((data) => {
    const [name, org] = typeof data === 'string' ? [data, undefined] : [data.role, data.org]
    return findRole(compiled.roles, name, org) ?? []
  })
  // These are the only options that matter.
  const read = found.flatMap(({ document }) =>
    (document.variants ?? []).flatMap(({ when }) => Object.keys(when))
  )
  const options = new Map<string, OptionValue>()
  for (const name of read) {
    const value = valueIn(values, name) ?? compiled.options.get(name)
    if (value !== undefined) options.set(name, value)
  }
  const context = { ...compiled.context, options }
  const shipped = new Map<string, CompiledRole>()
  let roles: RoleIndex = { shipped, customSite: undefined, customOrg: undefined }
  for (const { name, document, place, isCustom } of found)
    if (isCustom) roles = addRoles(roles, { [name]: document }, place, context)
    else shipped.set(name, compileRole(name, document, ['roles', name], context))
  const roleTables = createUnions<RoleTable>(compiled.catalogue.permissions.length)
  return { ...compiled, options, context, roles, roleTables }
}

/** Whether two members can be in one role set: their options agree, and in one organization their settings. */
export function canJoin(a: HeldRole, b: HeldRole): boolean {
  return (
    canBoth(a.roleCase.options, b.roleCase.options) &&
    (a.org === undefined || a.org !== b.org || canBoth(a.roleCase.settings, b.roleCase.settings))
  )
}
