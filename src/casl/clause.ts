// The conditions of one rule on an object, and the same as Mongo conditions. Everything in a clause must hold; an empty
// clause holds for every object. The conditions use only operators that CASL's default matcher knows: it silently
// ignores `$or`, `$and`, `$nor` and `$not`.
import type { MongoQuery } from '@casl/ability'

import type { IdList } from './id-list.js'

export interface Clause {
  /** The object's owner. */
  readonly owner?: string | undefined
  /** Where the object is: in one of these organizations, or in none. */
  readonly org?: IdList | None | undefined
  /** Whether "in at least one organization?" is asked, of an object that is in none. */
  readonly anyOrg?: boolean | undefined
  /** The ACL entry that must hold the action or `*`. */
  readonly acl?: AclClause | undefined
  /** The object's id. */
  readonly ids?: IdList | undefined
}

/**
 * "No organization" needs two clauses, because no operator treats a missing field, null and the empty text alike both
 * in memory and in a database. `none` matches all three in memory, and the empty text in a database; `stored-none`
 * matches all three in a database, and null and the empty text in memory.
 */
export type None = 'none' | 'stored-none'

export interface AclClause {
  readonly list: 'users' | 'groups'
  /** Has no dot, because a Mongo path could not name it. */
  readonly id: string
  readonly entry: HeldAction
}

/** An action in an entry; one object is shared by all clauses about it. */
export interface HeldAction {
  readonly action: string
  /** The Mongo condition of the entry. Frozen. */
  readonly condition: object
}

/** A key that is equal for equal clauses without ACL, within one ability. */
export function clauseKey({ owner, org, anyOrg, ids }: Omit<Clause, 'acl'>): string {
  const place = typeof org === 'object' ? org.key : org
  return `${place ?? ''} ${owner === undefined ? '' : 'own'} ${anyOrg ?? ''} ${ids?.key ?? ''}`
}

/** The clause as frozen conditions; `undefined` for an empty one. */
export function toConditions({ owner, org, anyOrg, acl, ids }: Clause): MongoQuery | undefined {
  const conditions: MongoQuery = {}
  // A bare value, which `rulesToFields` copies into new objects: a new object may have this owner.
  if (owner !== undefined) conditions['owner'] = owner
  if (org !== undefined) conditions['org'] = typeof org === 'object' ? org.condition : noOrg[org]
  if (anyOrg !== undefined) conditions['anyOrg'] = anyOrg ? asksAnyOrg : asksNoAnyOrg
  if (ids !== undefined) conditions['id'] = ids.condition
  if (acl !== undefined) conditions[`acl.${acl.list}.${acl.id}`] = acl.entry.condition
  return Object.keys(conditions).length === 0 ? undefined : Object.freeze(conditions)
}

const noOrg: Readonly<Record<None, object>> = {
  none: Object.freeze({ $lte: '' }),
  'stored-none': Object.freeze({ $in: Object.freeze([null, '']) })
}
const asksAnyOrg = Object.freeze({ $eq: true })
const asksNoAnyOrg = Object.freeze({ $ne: true })

export function holds(action: string): HeldAction {
  // `$exists` asks for an own key: an entry is never read from a prototype.
  return { action, condition: Object.freeze({ $exists: true, $in: Object.freeze([action, '*']) }) }
}
