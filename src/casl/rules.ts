// A subject → CASL rules: plain data that only allows. Permissions with the same facts are handled once, and one rule
// names all permissions that share a clause, so that a thousand organizations are listed a few times and not once per
// permission.
import type { MongoQuery, SubjectRawRule } from '@casl/ability'

import type { CompiledPermission } from '../compile/catalogue.js'
import { ceilingKey, isWithin, listedIds } from '../decide/ceilings.js'
import type { SubjectState } from '../request/state.js'
import { clauseKey, toConditions, type Clause } from './clause.js'
import { aclClauses, aclSituation, roleClauses, type AclSituation, type Situation } from './clauses.js'
import { createIdLists, type IdList, type IdLists } from './id-list.js'
import { createReachReader } from './reach.js'

/** A rule of an ability. Frozen, with everything in it. */
export type AbilityRule = SubjectRawRule<string, string, MongoQuery>

/** A rule with the clause of its conditions. */
export interface MadeRule {
  readonly rule: AbilityRule
  readonly clause: Clause
}

type Permissions = readonly CompiledPermission[]

/**
 * The rules of a subject, in an order that does not change answers. CASL checks the last first, so those for roles are
 * last.
 *
 * @throws CasemateError `not_expressible` where an ACL entry counts whose id has a dot.
 */
export function makeRules(state: SubjectState): MadeRule[] {
  const lists = createIdLists()
  const byRole = new Grouping<Situation>()
  const byAcl = new Grouping<AclSituation>()
  const reachOf = createReachReader(state, lists)
  const admittedIds = createAdmittedReader(state, lists)
  for (const permission of state.compiled.catalogue.permissions) {
    const ids = admittedIds(permission)
    if (ids?.ids.length === 0) continue
    const { org: placement, acl } = permission.definition
    const situation: Situation = { reach: reachOf(permission), placement, ids }
    byRole.add(`${situation.reach.key} ${placement} ${ids?.key ?? ''}`, situation, [permission])
    const beside = acl ? aclSituation(state, situation, permission.action) : undefined
    if (beside !== undefined)
      byAcl.add(`${beside.action} ${beside.rest?.key ?? ''} ${ids?.key ?? ''}`, beside, [permission])
  }
  const rules: MadeRule[] = []
  for (const [situation, permissions] of byAcl.groups())
    writeRules(aclClauses(state, situation, lists), permissions, rules)
  const byClause = new Grouping<Clause>()
  for (const [situation, permissions] of byRole.groups())
    for (const clause of roleClauses(state, situation)) byClause.add(clauseKey(clause), clause, permissions)
  for (const [clause, permissions] of byClause.groups()) writeRules([clause], permissions, rules)
  return rules
}

/** Groups permissions by what they have in common. */
class Grouping<T> {
  readonly #groups = new Map<string, readonly [common: T, permissions: CompiledPermission[]]>()

  add(key: string, common: T, permissions: Permissions): void {
    const group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, [common, [...permissions]])
    else for (const permission of permissions) group[1].push(permission)
  }

  groups(): Iterable<readonly [common: T, permissions: Permissions]> {
    return this.#groups.values()
  }
}

/**
 * The ids that all ceilings admit, empty where they admit nothing; `undefined` for every object. Ceilings that admit an
 * object without id admit every id, because only `*` matches it.
 */
function createAdmittedReader(
  { ceilings }: SubjectState,
  lists: IdLists
): (permission: CompiledPermission) => IdList | undefined {
  const listed = new Map<string, readonly string[]>()
  const known = new Map<string, IdList>()
  return (permission) => {
    const { resource } = permission
    if (isWithin(ceilings, permission, undefined)) return undefined
    const key = `${resource} ${ceilingKey(ceilings, permission)}`
    const found = known.get(key)
    if (found !== undefined) return found
    const named = listed.get(resource) ?? listedIds(ceilings, resource)
    listed.set(resource, named)
    const ids = named.filter((id) => isWithin(ceilings, permission, id))
    const list = lists(`ids ${JSON.stringify(ids)}`, () => ids)
    known.set(key, list)
    return list
  }
}

/** Adds the rules for some clauses of the same permissions. */
function writeRules(clauses: Iterable<Clause>, permissions: Permissions, rules: MadeRule[]): void {
  const crossings = groupByActions(permissions)
  for (const given of clauses) {
    // Without a prototype, so that no key of `Object.prototype` becomes a part of the clause.
    const clause: Clause = Object.assign(Object.create(null) as object, given)
    const conditions = toConditions(clause)
    for (const { action, subject } of crossings) {
      const rule = conditions === undefined ? { action, subject } : { action, subject, conditions }
      rules.push({ rule: Object.freeze(rule), clause })
    }
  }
}

/** Actions and resources of one rule: it names each action of each resource. */
interface Crossing {
  readonly action: string | string[]
  readonly subject: string | string[]
}

/** The permissions as lists of actions, each with the resources that have exactly these. */
function groupByActions(permissions: Permissions): readonly Crossing[] {
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
