// Whether a subject may itself do to an object what an ACL would let others do. Whether it may share at all is up to
// the policy, as an action of its own.
import { decideQuestion } from '../decide/explain.js'
import { checkAclEntry, readObject, toObjectRef } from '../request/question.js'
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
  for (const [action, entries] of byAction(named, [...resource.actions.keys()])) {
    const permission = resource.actions.get(action)
    if (permission === undefined) {
      gaps.push({ action, reason: 'unknown_action', entries })
      continue
    }
    const decision = decideQuestion(state, { permission, ...read })
    if (!decision.allowed) gaps.push({ action, reason: decision.reason, entries, decision })
  }
  const isShareable = gaps.length === 0
  return {
    allowed: isShareable,
    reason: isShareable ? 'shareable' : 'not_shareable',
    object: toObjectRef(read, resource.name),
    gaps
  }
}

/** From each action that entries name to those entries; `*` names every action of the resource. */
function byAction(
  entries: readonly AclEntry[],
  actions: readonly string[]
): ReadonlyMap<string, readonly AclEntry[]> {
  const named = new Map<string, AclEntry[]>()
  for (const entry of entries)
    for (const action of entry.action === '*' ? actions : [entry.action]) {
      const naming = named.get(action)
      if (naming === undefined) named.set(action, [entry])
      else naming.push(entry)
    }
  return named
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
