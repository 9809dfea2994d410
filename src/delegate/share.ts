// Whether a subject may itself do to an object what an ACL would let others do. Whether it may share at all is up to
// the policy, as an action of its own.
import type { CompiledResource } from '../compile/catalogue.js'
import { decideQuestion } from '../decide/explain.js'
import { checkAclEntry, permissionAt, readObject, toObjectRef } from '../request/question.js'
import type { SubjectState } from '../request/state.js'
import { RequestProblems } from '../problems/request-problems.js'
import type { AclEntry } from '../types.js'
import type { ShareDecision, ShareGap } from './types.js'
import { quoteValue } from '../problems/quote.js'
import { isPlainObject } from '../problems/plain.js'

/**
 * @throws RequestError `acl_not_supported`; `invalid_request` for an ACL with anything wrong in it (all of it is
 * checked); and whatever `can` throws about the object.
 */
export function explainShare(state: SubjectState, object: unknown, acl: unknown): ShareDecision {
  const problems = new RequestProblems()
  const mode = {
    objectPath: ['object'],
    actionPath: [],
    isOutside: false,
    readsId: state.ceilings.length > 0
  }
  const read = readObject(state.compiled, object, mode, problems)
  const named = readAcl(acl, problems)
  if (read?.resource.acl === false)
    problems.add(
      'acl_not_supported',
      ['acl'],
      `${quoteValue(read.resource.name)} has no ACL`,
      read.resource.name
    )
  problems.throwFirst()
  if (read === undefined) throw new TypeError('an object without problems was not read')

  const { resource } = read
  const gaps: ShareGap[] = []
  for (const [action, entries] of byAction(named, resource, levelsOf(state, resource))) {
    const permission = resource.actions.get(action)
    if (permission === undefined) {
      gaps.push({ action, reason: 'unknown_action', entries })
      continue
    }
    const decision = decideQuestion(state, {
      ...read,
      permission: permissionAt(resource, permission, read.combination)
    })
    if (!decision.allowed) gaps.push({ action, reason: decision.reason, entries, decision })
  }
  const isShareable = gaps.length === 0
  return {
    allowed: isShareable,
    reason: isShareable ? 'shareable' : 'not_shareable',
    object: toObjectRef(state.compiled, read, resource.name),
    gaps
  }
}

/** From each action that entries name to those entries; a word that means nothing there is an action of its own. */
function byAction(
  entries: readonly AclEntry[],
  resource: CompiledResource,
  levels: ReadonlySet<string>
): ReadonlyMap<string, readonly AclEntry[]> {
  const named = new Map<string, AclEntry[]>()
  for (const entry of entries)
    for (const action of meaningOf(entry.action, resource, levels)) {
      const naming = named.get(action)
      if (naming === undefined) named.set(action, [entry])
      else naming.push(entry)
    }
  return named
}

/** The levels of a resource's ACLs; one that names no action may be shared by anybody. */
export function levelsOf(
  { compiled }: SubjectState,
  { name }: Pick<CompiledResource, 'name'>
): ReadonlySet<string> {
  const acl = Object.hasOwn(compiled.document.resources, name)
    ? compiled.document.resources[name]?.acl
    : undefined
  return new Set(typeof acl === 'object' ? Object.keys(acl.levels ?? {}) : [])
}

/** The actions that an entry's word grants: `*` every one, else itself, those of a level, and what these imply. */
export function meaningOf(
  word: string,
  { actions, sharing }: CompiledResource,
  levels: ReadonlySet<string>
): readonly string[] {
  const all = [...actions.keys()]
  if (word === '*') return all
  const meant = all.filter((action) => action === word || sharing.words.get(action)?.has(word) === true)
  return meant.length > 0 || levels.has(word) ? meant : [word]
}

const aclLists = ['users', 'groups'] as const
const aclKeys: ReadonlySet<string> = new Set(aclLists)

/**
 * The entries of an ACL, one per action. Checks all of it, so that a misspelt key is a problem and not an empty ACL.
 */
function readAcl(acl: unknown, problems: RequestProblems): readonly AclEntry[] {
  if (!isPlainObject(acl)) {
    problems.addShape(['acl'], 'an ACL, `{ users, groups }`', acl)
    return []
  }
  for (const key of Object.keys(acl)) if (!aclKeys.has(key)) problems.addUnknownKey(['acl'], key, aclKeys)
  problems.addInherited(['acl'], acl, aclKeys)
  return aclLists.flatMap((list) =>
    Object.hasOwn(acl, list) && acl[list] !== undefined ? readList(acl[list], list, problems) : []
  )
}

function readList(given: unknown, list: AclEntry['list'], problems: RequestProblems): readonly AclEntry[] {
  if (!isPlainObject(given)) {
    problems.addShape(['acl', list], 'a record from id to actions', given)
    return []
  }
  return Object.entries(given).flatMap(([id, actions]) =>
    checkAclEntry(actions, ['acl', list, id], problems) ? actions.map((action) => ({ list, id, action })) : []
  )
}
