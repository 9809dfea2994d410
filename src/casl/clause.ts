// What one rule asks of an object, and the same as Mongo conditions. Everything named must hold; a clause that names
// nothing holds for every object. The conditions use operators that CASL's default matcher knows, and no other: it
// passes over `$or`, `$and`, `$nor` and `$not` in silence.
import type { MongoQuery } from '@casl/ability'

import type { IdList } from './id-list.js'

export interface Clause {
  /** The object's owner. */
  readonly owner?: string | undefined
  /** Where the object lives: in one of some organizations, or in none. */
  readonly org?: IdList | None | undefined
  /** Whether "in at least one organization?" is asked, of an object that is in none. */
  readonly anyOrg?: boolean | undefined
  /** The ACL entry that must hold the action or `*`. */
  readonly acl?: AclClause | undefined
  /** The object's id. */
  readonly ids?: IdList | undefined
}

/**
 * "No organization" takes two clauses, since no operator reads a missing field, null and the empty text alike both in
 * memory and in a database. `none` is all three in memory, the empty text in a database; `stored-none` is all three in
 * a database, null and the empty text in memory.
 */
export type None = 'none' | 'stored-none'

export interface AclClause {
  readonly list: 'users' | 'groups'
  /** Without a dot: a path could not name it. */
  readonly id: string
  readonly entry: HeldAction
}

/** An action that an entry may hold; made once for all clauses about it. */
export interface HeldAction {
  readonly action: string
  /** The Mongo condition of the entry. Frozen. */
  readonly condition: object
}

/** A text that is equal for equal clauses about no ACL; of the clauses of one ability. */
export function clauseKey({ owner, org, anyOrg, ids }: Omit<Clause, 'acl'>): string {
  const place = typeof org === 'object' ? org.key : org
  return `${place ?? ''} ${owner === undefined ? '' : 'own'} ${anyOrg ?? ''} ${ids?.key ?? ''}`
}

/** The clause as frozen conditions; `undefined` for one that names nothing. */
export function toConditions({ owner, org, anyOrg, acl, ids }: Clause): MongoQuery | undefined {
  const conditions: MongoQuery = {}
  // The one bare value: it is also what `rulesToFields` puts into a new object, and a new object may have this owner.
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
