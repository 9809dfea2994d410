// A clause as a function, for `can`: it does not split paths or search lists. It must answer as CASL does from the
// conditions of the same clause.
import { areObjectsPolluted, ownField, rowField } from '../problems/own-fields.js'
import type { AclClause, Clause, None } from './clause.js'
import { isRecord } from '../problems/plain.js'

/** The objects that CASL asks about. */
type Row = Readonly<Record<PropertyKey, unknown>>

/**
 * The clause as a function. It agrees with CASL's reading of its conditions on every object that `subject.can` accepts.
 * Where that throws, this matches less: not a list in place of a text, not an organization together with `anyOrg`.
 */
export function toMatcher({ owner, org, anyOrg, acl, ids }: Clause): (object: Row) => boolean {
  const none = typeof org === 'string' ? org : anyOrg === true ? 'none' : undefined
  const orgs = typeof org === 'object' ? org : undefined
  const onlyOrg = orgs?.only
  const orgSet = onlyOrg === undefined ? orgs?.toSet() : undefined
  const listed = ids?.toSet()
  // One function for every clause, so that the call site stays monomorphic. The cheapest check comes first, and a part
  // that the clause lacks costs one comparison. Most objects have no ACL, and members of many organizations have many
  // ACL rules.
  return (row) => {
    const object = areObjectsPolluted() ? withoutStrays(row) : row
    return (
      (acl === undefined || isRecord(object['acl'])) &&
      (anyOrg === undefined || (object['anyOrg'] === true) === anyOrg) &&
      (none === undefined || isNone(object['org'], none)) &&
      (owner === undefined || object['owner'] === owner) &&
      (onlyOrg === undefined || object['org'] === onlyOrg) &&
      (orgSet === undefined || orgSet.has(object['org'])) &&
      (listed === undefined || listed.has(object['id'])) &&
      (acl === undefined || hasEntry(object['acl'], acl))
    )
  }
}

/** The fields of a row without those of `Object.prototype`, which `can` does not read either. */
function withoutStrays(row: Row): Row {
  return Object.fromEntries(['org', 'anyOrg', 'owner', 'acl', 'id'].map((key) => [key, rowField(row, key)]))
}

function isNone(org: unknown, none: None): boolean {
  return org === '' || org === null || (org === undefined && none === 'none')
}

function hasEntry(acl: unknown, { list, id, entry }: AclClause): boolean {
  const entries: unknown = isRecord(acl) ? ownField(acl, list) : undefined
  if (!isRecord(entries) || !Object.hasOwn(entries, id)) return false
  const held = entries[id]
  return Array.isArray(held) && (held.includes(entry.action) || held.includes('*'))
}
