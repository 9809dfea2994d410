// The oracle: the spec's section 2, word by word. It walks roles and grants straight from the document for every
// question, keeps no tables and shares no code with the engine; where the two disagree, one of them has a bug.
// It must stay slow and obvious: no shortcut that needs an argument.
import {
  grantsNaming,
  ModelError,
  own,
  type ErrorCode,
  type ListEntry,
  type World
} from './model/document.js'
import { checkQuestion, checkSubjectAndObject, type CheckedSubject, type HeldRole } from './model/request.js'
import type { CheckedObject, Question } from './model/shape.js'
import type { Level } from '../src/types.js'

export { ModelError } from './model/document.js'
export type { ErrorCode, World } from './model/document.js'
export type { Question } from './model/shape.js'

export type Reason =
  'granted' | 'granted_by_acl' | 'denied' | 'not_granted' | 'outside_scope' | 'outside_allow_list'

/** A role (or `system:NAME`) whose grant cast a vote, with the permission as the document has it. */
export interface Voter {
  readonly role: string
  readonly org?: string
  readonly level: Level
  readonly permission: string
}

export interface Vote {
  readonly level: Level
  readonly org?: string
  readonly vote: 'allow' | 'deny' | 'abstain'
  readonly by: readonly Voter[]
}

/** An ACL entry that grants, with the action as the entry has it. */
export interface AclGrant {
  readonly list: 'users' | 'groups'
  readonly id: string
  readonly action: string
}

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
    const { subject, object, action } = checkQuestion(world, question)
    return judge(subject, object, action)
  })
}

/** The actions allowed on the object, in catalogue order. */
export function modelActionsOn(
  world: World,
  question: Omit<Question, 'action'>
): readonly string[] | ErrorAnswer {
  return orError(() => {
    const { subject, object, actions } = checkSubjectAndObject(world, question)
    return actions.filter((action) => judge(subject, object, action).allowed)
  })
}

/** "True exactly if `can` is true for some object of that type (any id, owner, organization, permitted ACL)." */
export function modelCanSome(
  world: World,
  question: Pick<Question, 'subject' | 'within' | 'action'> & { readonly type: string }
): boolean | ErrorAnswer {
  return orError(() => {
    const resource = own(world.document.resources, question.type)
    const placement = resource?.org ?? 'optional'
    const bare = { type: question.type, ...(placement === 'required' ? { anyOrg: true } : {}) }
    const { subject, action } = checkQuestion(world, { ...question, object: bare })

    // An id that a list names, or one that none does; the subject's own or somebody else's; every organization it
    // belongs to, or another, or none; an ACL that gives it everything, or none.
    const lists = subject.ceilings.flatMap(({ scopes = [], allowList = [] }) => [
      ...scopes.flatMap((scope) => scope.list ?? []),
      ...allowList
    ])
    const ids = [undefined, unlike(lists.map(({ id }) => id)), ...lists.map(({ id }) => id)]
    const owners = [undefined, subject.id, unlike([subject.id])]
    const orgs = placement === 'never' ? [] : [...orgsOf(subject), unlike(orgsOf(subject))]
    const acls =
      resource?.acl === true && subject.id !== undefined ? [{ users: { [subject.id]: ['*'] } }] : []
    return ids.some((id) =>
      owners.some((owner) =>
        [...orgs, ...(placement === 'required' ? [] : [undefined])].some((org) =>
          [{}, ...acls.map((acl) => ({ acl }))].some(
            (acl) =>
              judge(subject, { type: question.type, id, owner, org, anyOrg: false, ...acl }, action).allowed
          )
        )
      )
    )
  })
}

/** `allowed = (roleAllows OR aclAllows) AND withinScope AND withinAllowList`, for a question without errors. */
function judge(subject: CheckedSubject, object: CheckedObject, action: string): Judgement {
  const votes = votesOn(subject, object, action)
  const roles = decideByRoles(subject, object, votes)
  const acl = aclGrants(subject, object, action)
  const because = (allowed: boolean, reason: Reason): Judgement => {
    return { allowed, reason, deciding: roles.by, votes, acl }
  }
  // "Asked in that order: roles, ACL, scopes, lists."
  if (roles.says !== 'allow' && acl.length === 0) {
    return because(false, roles.says === 'deny' ? 'denied' : 'not_granted')
  }
  const covering = subject.ceilings.map(({ scopes }) =>
    scopes?.filter(({ allow }) => grantsNaming(allow, 'allow', object.type, action).length > 0)
  )
  // "No scopes → no ceiling. Else some scope has the permission and, where that scope carries an allow list of its
  // own, its list matches the object."
  if (covering.some((scopes) => scopes?.length === 0)) return because(false, 'outside_scope')
  const isOutsideScopeLists = covering.some(
    (scopes) => scopes !== undefined && !scopes.some(({ list }) => isListed(list, object))
  )
  const isOutsideOwnList = subject.ceilings.some(({ allowList }) => !isListed(allowList, object))
  if (isOutsideScopeLists || isOutsideOwnList) return because(false, 'outside_allow_list')
  return because(true, roles.says === 'allow' ? 'granted' : 'granted_by_acl')
}

/** The votes of every level that applies to the object, widest first; under `anyOrg`, of every organization held. */
function votesOn(subject: CheckedSubject, object: CheckedObject, action: string): Vote[] {
  const isOwn = object.owner !== undefined && object.owner === subject.id
  const { type } = object
  const site = vote(subject.held, 'site', type, action)
  const inOrgs = object.anyOrg ? orgsOf(subject) : object.org === undefined ? [] : [object.org]
  const orgVotes = inOrgs.flatMap((org) => {
    // "The roles held in that organization vote."
    const heldThere = subject.held.filter((role) => role.org === org)
    return [
      { ...vote(heldThere, 'org', type, action), org },
      ...(isOwn ? [{ ...vote(heldThere, 'orgMember', type, action), org }] : [])
    ]
  })
  // "`user`: applies where `object.org` is none, `anyOrg` is not set and `object.owner` is the subject's id."
  const isUserLevel = object.org === undefined && !object.anyOrg && isOwn
  return [site, ...orgVotes, ...(isUserLevel ? [vote(subject.held, 'user', type, action)] : [])]
}

/** "Over all roles held: any matching deny → deny; else any matching allow → allow; else abstain." */
function vote(voters: readonly HeldRole[], level: Level, resource: string, action: string): Vote {
  for (const effect of ['deny', 'allow'] as const) {
    const by = voters.flatMap(({ role, org, grants }) =>
      grantsNaming(grants(level, effect), effect, resource, action).map((permission) => {
        return { role, ...(org === undefined ? {} : { org }), level, permission }
      })
    )
    if (by.length > 0) return { level, vote: effect, by }
  }
  return { level, vote: 'abstain', by: [] }
}

interface RoleDecision {
  readonly says: 'allow' | 'deny' | 'nothing'
  readonly by: readonly Voter[]
}

/** roleAllows: "the first of these that does not abstain decides". */
function decideByRoles(subject: CheckedSubject, object: CheckedObject, votes: readonly Vote[]): RoleDecision {
  if (!object.anyOrg) return firstToDecide(votes)
  // "For some organization where the subject holds a role, the same object with `org` set to it would be
  // role-allowed, or the subject's site vote allows." The site vote is the same in all of them.
  const site = firstToDecide(votes.filter(({ level }) => level === 'site'))
  if (site.says !== 'nothing') return site
  const allowing = orgsOf(subject)
    .map((org) => firstToDecide(votes.filter((vote) => vote.org === org)))
    .filter(({ says }) => says === 'allow')
  // "Under `anyOrg` a refusal is `denied` only where the site level denies, else `not_granted`."
  if (allowing.length === 0) return { says: 'nothing', by: [] }
  // The level of the decision is the widest that allows somewhere, whatever the order of the organizations.
  const voters = allowing.flatMap(({ by }) => by)
  const isWide = ({ level }: Voter): boolean => level === 'org'
  return { says: 'allow', by: [...voters.filter(isWide), ...voters.filter((voter) => !isWide(voter))] }
}

function firstToDecide(votes: readonly Vote[]): RoleDecision {
  for (const { vote, by } of votes) {
    if (vote !== 'abstain') return { says: vote, by }
  }
  return { says: 'nothing', by: [] }
}

/** aclAllows, with every entry that does. */
function aclGrants(subject: CheckedSubject, object: CheckedObject, action: string): AclGrant[] {
  const grantsFrom = (list: 'users' | 'groups', id: string): AclGrant[] =>
    (own(object.acl?.[list], id) ?? [])
      .filter((given) => given === action || given === '*')
      .map((given) => ({ list, id, action: given }))

  const byUser = subject.id === undefined ? [] : grantsFrom('users', subject.id)
  const orgs = orgsOf(subject)
  const isMember = object.org !== undefined && orgs.includes(object.org)
  // "With `anyOrg`, `acl.groups[g]` counts if the subject belongs to any organization; the entry for everyone does
  // not count."
  const byGroup =
    isMember || (object.anyOrg && orgs.length > 0)
      ? subject.groups.flatMap((group) => grantsFrom('groups', group))
      : []
  const byEveryone = isMember ? grantsFrom('groups', object.org) : []
  return [...byUser, ...byGroup, ...byEveryone]
}

/** "No list → no limit. Else an entry matches: type equal or `*`, and id equal or `*`." */
function isListed(list: readonly ListEntry[] | undefined, object: CheckedObject): boolean {
  if (list === undefined) return true
  // "An object without id matches only `type:*` and `*:*`", also where its id is written as an empty string.
  return list.some(
    ({ type, id }) => (type === '*' || type === object.type) && (id === '*' || id === object.id)
  )
}

/** "It belongs to the organizations in which it holds a role." */
function orgsOf(subject: CheckedSubject): string[] {
  return [...new Set(subject.held.flatMap(({ org }) => (org === undefined ? [] : [org])))]
}

/** A text that is none of these. */
function unlike(texts: readonly (string | undefined)[]): string {
  let text = 'another'
  while (texts.includes(text)) text += '!'
  return text
}

function orError<T>(ask: () => T): T | ErrorAnswer {
  try {
    return ask()
  } catch (error) {
    if (error instanceof ModelError) return { error: error.code }
    throw error
  }
}
