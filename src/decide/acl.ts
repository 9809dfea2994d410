// Whether an ACL entry grants: the subject's own, one of its groups', or the entry for the whole organization.
// Entries are own properties looked up by exact id; only those that the decision reads are checked.
import { ownField } from '../problems/own-fields.js'
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import type { AclEntry } from '../types.js'
import { checkAclEntry } from '../request/question.js'
import type { SubjectState } from '../request/state.js'
import { isPlainObject } from '../problems/plain.js'

/**
 * The first entry that grants the action: users, then groups in the order given, then that of the organization.
 *
 * @throws RequestError `invalid_request` for an ACL, map or entry of the wrong type.
 */
export function grantingEntry(
  state: SubjectState,
  acl: unknown,
  action: string,
  org: string | undefined,
  anyOrg: boolean
): AclEntry | undefined {
  if (state.id === '') return undefined
  const lists = readLists(acl)
  const own = entryFor(ownField(lists, 'users'), 'users', state.id, action)
  if (own !== undefined) return own
  const isMember = org === undefined ? anyOrg && state.orgs.size > 0 : state.orgs.has(org)
  if (!isMember) return undefined
  for (const group of state.groups) {
    const entry = entryFor(ownField(lists, 'groups'), 'groups', group, action)
    if (entry !== undefined) return entry
  }
  return org === undefined ? undefined : entryFor(ownField(lists, 'groups'), 'groups', org, action)
}

function readLists(acl: unknown): Readonly<Record<string, unknown>> {
  if (isPlainObject(acl)) return acl
  throw shapeError(['object', 'acl'], 'an ACL, `{ users, groups }`', acl)
}

function entryFor(list: unknown, name: 'users' | 'groups', id: string, action: string): AclEntry | undefined {
  if (list === undefined) return undefined
  if (!isPlainObject(list)) throw shapeError(['object', 'acl', name], 'a record from id to actions', list)
  if (!Object.hasOwn(list, id)) return undefined
  const entry = list[id]
  if (isActionList(entry)) {
    const written = entry.includes(action) ? action : entry.includes('*') ? '*' : undefined
    return written === undefined ? undefined : { list: name, id, action: written }
  }
  const problems = new RequestProblems()
  checkAclEntry(entry, ['object', 'acl', name, id], problems)
  problems.throwFirst()
  return undefined
}

/** Whether `checkAclEntry` would accept it. Uses `findIndex`, which also visits holes. */
function isActionList(entry: unknown): entry is readonly string[] {
  return Array.isArray(entry) && entry.findIndex((item) => typeof item !== 'string') < 0
}
