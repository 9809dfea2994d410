// The answer with its reasons, in the order roles, ACL, scopes, lists. It reads the same tables as `can`, and answers
// everything that the fast path of `can` does not.
import type { Permission } from '../compile/catalogue.js'
import { RequestProblems } from '../problems/request-problems.js'
import type { Decision, LevelVote, ObjectRef, Reason } from '../types.js'
import { grantingEntry } from './acl.js'
import { ceilingRefusal, orgRefusal } from './ceilings.js'
import { hasOrgLimit, isWithinOrgs, leavesSomeOrg, withoutOrgLimits } from './counting-orgs.js'
import { readQuestion, toObjectRef, type Question } from '../request/question.js'
import type { SubjectState } from '../request/state.js'
import { decidingVotes, votesOn } from './votes.js'

/**
 * Decides and says why.
 *
 * @throws RequestError for a malformed question.
 */
export function explain(state: SubjectState, action: string | Permission, object: ObjectRef): Decision {
  const problems = new RequestProblems()
  const mode = {
    objectPath: ['object'],
    actionPath: ['action'],
    isOutside: false,
    readsId: state.ceilings.length > 0
  }
  const question = readQuestion(state.compiled, action, object, mode, problems)
  problems.throwFirst()
  if (question === undefined) throw new TypeError('a question without problems was not read')
  return decideQuestion(state, question)
}

/** Decides a question after reading. */
export function decideQuestion(state: SubjectState, question: Question): Decision {
  const { org, anyOrg } = question
  const decision = decideWithin(state, question)
  if (!hasOrgLimit(state.ceilings)) return decision
  if (decision.allowed && (anyOrg ? leavesSomeOrg(state.ceilings) : isWithinOrgs(state.ceilings, org)))
    return decision
  // Where the answer would be yes but for the lists of organizations, they are the reason.
  const free = anyOrg ? decideWithin(withoutOrgLimits(state), question) : decision
  const ceiling = orgRefusal(state.ceilings, org, anyOrg)
  if (!free.allowed || ceiling === undefined) return decision
  return { ...free, allowed: false, reason: 'outside_org', ceiling }
}

/** One that is being written. */
type Draft<T> = { -readonly [K in keyof T]: T[K] }

/** The decision without the lists of organizations, except that they say which organizations count. */
function decideWithin(state: SubjectState, question: Question): Decision {
  const { permission, acl, org, anyOrg, id, owner, containers } = question
  const votes = votesOn(state, question)
  const deciding = decidingVotes(votes, anyOrg)
  const [first] = deciding
  const isGranted = first?.vote === 'allow'
  const isOwner = owner !== undefined && owner === state.id
  const entry =
    isGranted || acl === undefined
      ? undefined
      : grantingEntry(state, permission, { acl, org, anyOrg, containers, isOwner })
  const answer = (allowed: boolean, reason: Reason): Decision => {
    const { action, name } = permission
    const object = toObjectRef(state.compiled, question, permission.resource)
    const decision: Draft<Decision> =
      first === undefined
        ? { allowed, reason, action, object, permission: name, roles: [], votes }
        : {
            allowed,
            reason,
            action,
            object,
            permission: name,
            level: first.level,
            roles: deciding.flatMap(({ by }) => by),
            votes
          }
    if (entry !== undefined) decision.acl = entry
    return decision
  }
  if (!isGranted && entry === undefined) return answer(false, refusalReason(first, anyOrg))
  const ceiling = ceilingRefusal(state.ceilings, permission, id)
  if (ceiling === undefined) return answer(true, entry === undefined ? 'granted' : 'granted_by_acl')
  return { ...answer(false, ceiling.by === 'scopes' ? 'outside_scope' : 'outside_allow_list'), ceiling }
}

function refusalReason(first: LevelVote | undefined, anyOrg: boolean): Reason {
  return first?.vote === 'deny' && (!anyOrg || first.level === 'site') ? 'denied' : 'not_granted'
}
