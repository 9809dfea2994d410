// Whether an ACL entry grants: the subject's own, one of its groups', or the entry for the whole organization.
// Entries are own properties looked up by exact id; only those that the decision reads are checked.
import type { CompiledAcl } from '../compile/acl-settings.js'
import { requiredFor, type CompiledPermission } from '../compile/catalogue.js'
import { ownField } from '../problems/own-fields.js'
import { isPlainObject } from '../problems/plain.js'
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import type { ReadContainers } from '../request/object-fields.js'
import { checkAclEntry, indexOfNoText } from '../request/question.js'
import type { SubjectState } from '../request/state.js'
import type { AclEntry } from '../types.js'
import { countingOrgs } from './counting-orgs.js'
import { rolesSay } from './roles-say.js'

/** An object as far as its ACL is concerned. */
export interface SharedObject {
  readonly acl: unknown
  readonly org: string | undefined
  readonly anyOrg: boolean
  readonly containers: ReadContainers
  readonly isOwner: boolean
}

/**
 * The first entry that grants the permission: users, then groups in the order given, then that of the organization.
 *
 * @throws RequestError `invalid_request` for an ACL, map or entry of the wrong type.
 */
export function grantingEntry(
  state: SubjectState,
  permission: CompiledPermission,
  object: SharedObject
): AclEntry | undefined {
  if (state.id === '') return undefined
  const { acl, org, anyOrg } = object
  const lists = readLists(acl)
  if (!permission.definition.sharing.isNarrowed) {
    const isMember = org === undefined ? anyOrg && countingOrgs(state).length > 0 : state.orgs.has(org)
    return entryIn(state, lists, permission, { org, isMember, countsUser: true })
  }
  const orgs = anyOrg ? countingOrgs(state) : [org]
  for (const one of orgs) {
    const entry = narrowedEntry(state, lists, permission, { ...object, org: one })
    if (entry !== undefined) return entry
  }
  return undefined
}

/** The entry that grants in one organization, where the resource's settings say what counts. */
function narrowedEntry(
  state: SubjectState,
  lists: Lists,
  permission: CompiledPermission,
  object: SharedObject
): AclEntry | undefined {
  const { members, requires, overridesDeny } = permission.definition.sharing
  const { org, anyOrg, containers, isOwner } = object
  const isMember = org !== undefined && state.orgs.has(org)
  const place = { org: anyOrg ? undefined : org, isMember, countsUser: isMember || !members }
  const entry = entryIn(state, lists, permission, place)
  if (entry === undefined) return undefined
  if (!overridesDeny && rolesSay(state, permission.index, org, containers, isOwner) === 'deny')
    return undefined
  if (requires === undefined) return entry
  const gate = requiredFor(permission)
  if (gate === undefined) return undefined
  return rolesSay(state, gate.index, org, containers, isOwner) === 'allow' ? entry : undefined
}

interface Place {
  /** The organization whose entry for everyone counts. */
  readonly org: string | undefined
  /** Whether entries for groups count. */
  readonly isMember: boolean
  /** Whether an entry for the subject itself counts. */
  readonly countsUser: boolean
}

function entryIn(
  state: SubjectState,
  lists: Lists,
  permission: CompiledPermission,
  { org, isMember, countsUser }: Place
): AclEntry | undefined {
  if (countsUser) {
    const own = entryFor(ownField(lists, 'users'), 'users', state.id, permission)
    if (own !== undefined) return own
  }
  if (!isMember) return undefined
  const groups = ownField(lists, 'groups')
  for (const group of state.groups) {
    const entry = entryFor(groups, 'groups', group, permission)
    if (entry !== undefined) return entry
  }
  return org === undefined ? undefined : entryFor(groups, 'groups', org, permission)
}

type Lists = Readonly<Record<string, unknown>>

function readLists(acl: unknown): Lists {
  if (isPlainObject(acl)) return acl
  throw shapeError(['object', 'acl'], 'an ACL, `{ users, groups }`', acl)
}

function entryFor(
  list: unknown,
  name: 'users' | 'groups',
  id: string,
  { action, definition }: CompiledPermission
): AclEntry | undefined {
  if (list === undefined) return undefined
  if (!isPlainObject(list)) throw shapeError(['object', 'acl', name], 'a record from id to actions', list)
  if (!Object.hasOwn(list, id)) return undefined
  const entry = list[id]
  if (isActionList(entry)) {
    const written = grantingWord(entry, action, definition.sharing.words)
    return written === undefined ? undefined : { list: name, id, action: written }
  }
  const problems = new RequestProblems()
  checkAclEntry(entry, ['object', 'acl', name, id], problems)
  problems.throwFirst()
  return undefined
}

/**
 * The word of an entry that grants an action: the action, else one that means it, else `*`. By index, because the list
 * is the caller's, and its methods may be the caller's own.
 */
function grantingWord(
  entry: readonly string[],
  action: string,
  words: CompiledAcl['words']
): string | undefined {
  let meaning: string | undefined
  let every: string | undefined
  for (let i = 0; i < entry.length; i++) {
    const word = entry[i] ?? ''
    if (word === action) return action
    if (word === '*') every = word
    else if (meaning === undefined && words.size > 0 && words.get(action)?.has(word) === true) meaning = word
  }
  return meaning ?? every
}

/** Whether `checkAclEntry` would accept it. */
function isActionList(entry: unknown): entry is readonly string[] {
  return Array.isArray(entry) && indexOfNoText(entry) < 0
}
