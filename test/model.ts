// The oracle: the spec's section 2, word by word. It walks roles and grants straight from the document for every
// question, keeps no tables and shares no code with the engine; where the two disagree, one of them has a bug.
// It must stay slow and obvious: no shortcut that needs an argument.
import { aclGrants, type AclGrant } from './model/acl.js'
import { isWithinOrgs, orgsThatCount, refusalByKey } from './model/ceilings.js'
import { ModelError, type ErrorCode, type World } from './model/document.js'
import { checkQuestion, checkSubjectAndObject, type Asked } from './model/request.js'
import type { Question } from './model/shape.js'
import { fieldsGiven, idsToTry, objectsWith, someObject } from './model/some.js'
import { decideByRoles, orgsOf, votesOn, type Vote, type Voter } from './model/votes.js'
import { untraced } from './support/untraced.js'

export { ModelError } from './model/document.js'
export type { AclGrant } from './model/acl.js'
export type { ErrorCode, World } from './model/document.js'
export type { Question } from './model/shape.js'
export type { Vote, Voter } from './model/votes.js'

export type Reason =
  | 'granted'
  | 'granted_by_acl'
  | 'denied'
  | 'not_granted'
  | 'outside_scope'
  | 'outside_allow_list'
  | 'outside_org'

/** The whole judgement on one question. */
export interface Judgement {
  readonly allowed: boolean
  readonly reason: Reason
  /** Who decided about the roles: the votes that allowed or denied; none where every level abstained. */
  readonly deciding: readonly Voter[]
  readonly votes: readonly Vote[]
  /** Every ACL entry that grants, whether or not a role does too. */
  readonly acl: readonly AclGrant[]
}

export interface ErrorAnswer {
  readonly error: ErrorCode
}

/** Allowed or not and the reason's code, or the code of the error. */
export function modelAnswer(
  world: World,
  question: Question
): { readonly allowed: boolean; readonly reason: Reason } | ErrorAnswer {
  const judgement = modelExplain(world, question)
  return 'error' in judgement ? judgement : { allowed: judgement.allowed, reason: judgement.reason }
}

/** The same answer with every vote. */
export function modelExplain(world: World, question: Question): Judgement | ErrorAnswer {
  return orError(() => {
    const { action, ...asked } = checkQuestion(world, question)
    return judge(asked, action)
  })
}

/** The actions allowed on the object, in catalogue order. */
export function modelActionsOn(
  world: World,
  question: Omit<Question, 'action'>
): readonly string[] | ErrorAnswer {
  return orError(() => {
    const asked = checkSubjectAndObject(world, question)
    return asked.actions.filter((action) => judge(asked, action).allowed)
  })
}

/**
 * "True exactly if `can` is true for some object of that type (any id, owner, organization, container, attributes,
 * permitted ACL) that has the given fields." What is wrong with the fields themselves is an error.
 */
export function modelCanSome(
  world: World,
  question: Pick<Question, 'subject' | 'within' | 'action'> & {
    readonly type: string
    readonly fields?: unknown
  }
): boolean | ErrorAnswer {
  return orError(() => {
    const fields = fieldsGiven(question.fields)
    const object = someObject(world, question.type, fields)
    const { action, ...asked } = checkQuestion(world, { ...question, object })
    // A ceiling only limits: what is denied without one need not be tried with it, id by id.
    const unlimited = { ...asked, subject: { ...asked.subject, ceilings: [] } }
    for (const object of objectsWith(asked, fields)) {
      if (!judge({ ...unlimited, object }, action).allowed) continue
      for (const id of idsToTry(asked, fields)) {
        if (judge({ ...asked, object: { ...object, id } }, action).allowed) return true
      }
    }
    return false
  })
}

/** `allowed = (roleAllows OR aclAllows) AND withinScope AND withinAllowList AND withinOrgs`, without errors. */
function judge(asked: Asked, action: string): Judgement {
  const { subject } = asked
  // Under `anyOrg`, "of another [set], no other organization counts".
  const judgement = judgeIn(asked, action, orgsThatCount(subject))
  if (judgement.allowed && isWithinOrgs(asked)) return judgement
  // "Where the answer without the lists would have been yes and is now no, the reason is `outside_org`."
  const withoutLists = judgeIn(asked, action, orgsOf(subject))
  return withoutLists.allowed ? { ...withoutLists, allowed: false, reason: 'outside_org' } : judgement
}

/** The judgement but for `onlyOrgs`; under `anyOrg`, only these organizations count. */
function judgeIn(asked: Asked, action: string, orgs: readonly string[]): Judgement {
  const votes = votesOn(asked, action, orgs)
  const roles = decideByRoles(asked, votes, orgs)
  const acl = aclGrants(asked, action, orgs)
  const because = (allowed: boolean, reason: Reason): Judgement => {
    return { allowed, reason, deciding: roles.by, votes, acl }
  }
  // "Asked in that order: roles, ACL, scopes, lists, organizations."
  if (roles.says !== 'allow' && acl.length === 0) {
    return because(false, roles.says === 'deny' ? 'denied' : 'not_granted')
  }
  const refusal = refusalByKey(asked, action)
  if (refusal !== undefined) return because(false, refusal)
  return because(true, roles.says === 'allow' ? 'granted' : 'granted_by_acl')
}

function orError<T>(ask: () => T): T | ErrorAnswer {
  try {
    return untraced(ask)
  } catch (error) {
    if (error instanceof ModelError) return { error: error.code }
    throw error
  }
}
