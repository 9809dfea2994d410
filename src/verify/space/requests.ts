// Requests as plain data (docs/semantics.md), in the form that statements read and print. A counterexample is such a
// request: asking the policy again, under the options given with it, gives the answer that the statement did not
// expect.
import type { CompiledPolicy } from '../../compile/compile.js'
import { readSystemSubject } from '../../request/ask.js'
import { readSubject } from '../../request/subject.js'
import { DecidingSubject } from '../../decide/subject.js'
import { RequestProblems } from '../../problems/request-problems.js'
import type { DecidingGrant, Decision, LevelVote, ObjectRef, OrgOptions, TemplateScope } from '../../types.js'
import type { Values } from './settings.js'

/** A role as a request has it; a container's role has the container's id under the container's name. */
export type RoleData =
  | string
  | { readonly role: string; readonly org: string }
  | { readonly role: string; readonly [container: string]: string }

/** A subject with roles, as plain data. */
export interface UserData {
  /** Who it is. */
  readonly id: string
  /** The roles held. */
  readonly roles: readonly RoleData[]
  /** The groups that ACL entries may name. */
  readonly groups?: readonly string[]
  /** Settings by organization. */
  readonly orgOptions?: OrgOptions
  /** The scopes of its ceiling; absent for none. */
  readonly scopes?: readonly (string | TemplateScope)[]
  /** The allow list of its ceiling; absent for none. */
  readonly allowList?: readonly string[]
  /** The organizations of its ceiling; absent for none. */
  readonly onlyOrgs?: readonly string[]
}

/** A system subject, as plain data. */
export interface SystemData {
  /** Its name. */
  readonly system: string
}

/** Who asks, as plain data. */
export type SubjectData = UserData | SystemData

/** One request, as a line that `casemate decide` reads. */
export interface RequestData {
  /** Who asks. */
  readonly subject: SubjectData
  /** What for. */
  readonly action: string
  /** About what. */
  readonly object: ObjectRef
}

/** A request that the policy answers differently from what a statement says. */
export interface Counterexample {
  /** The request with the fewest fields. */
  readonly request: RequestData
  /** The deployment's options under which it does so; `casemate decide` takes them as `--option`. */
  readonly options: Values
  /** What the policy answers, and why. */
  readonly decision: Decision
  /** Of a ladder: the same question by one who holds only the role before, and the answer, which allows it. */
  readonly lower?: { readonly request: RequestData; readonly decision: Decision }
}

/** Reads a subject as untrusted input; `undefined` if it added to `problems`. */
export function readSubjectData(
  compiled: CompiledPolicy,
  data: SubjectData,
  problems: RequestProblems
): DecidingSubject | undefined {
  const before = problems.list.length
  const state =
    'system' in data
      ? readSystemSubject(compiled, data.system, [], problems)
      : readSubject(compiled, data, { path: [], isOutside: true }, problems)
  return state === undefined || problems.list.length > before ? undefined : new DecidingSubject(state)
}

/** @throws RequestError for a subject that the policy does not know. */
export function subjectOf(compiled: CompiledPolicy, data: SubjectData): DecidingSubject {
  const problems = new RequestProblems()
  const subject = readSubjectData(compiled, data, problems)
  problems.throwFirst()
  if (subject === undefined) throw new TypeError('a subject without problems was not read')
  return subject
}

/** Why a decision came out as it did, in one line. */
export function describeDecision(decision: Decision): string {
  const { reason, permission, roles, acl, ceiling, votes } = decision
  if (ceiling !== undefined) {
    const names = ceiling.by === 'scopes' ? ceiling.scopes : (ceiling.onlyOrgs ?? ceiling.allowList)
    const held = (names ?? []).join(', ')
    const what =
      ceiling.by === 'scopes' ? `none of its scopes has ${permission}` : 'no entry of its list matches'
    return `${reason}: ${what} (${held === '' ? 'empty' : held})`
  }
  if (acl !== undefined) return `${reason}: the ACL entry ${acl.list}.${acl.id} has ${acl.action}`
  if (roles.length > 0) return `${reason}: ${roles.map((grant) => describeGrant(grant)).join('; ')}`
  return `${reason}: ${votes.map(describeVote).join(', ')}`
}

function describeGrant({ role, included, org, container, level, permission, path }: DecidingGrant): string {
  const through = included === undefined ? '' : `, which includes ${included},`
  const place = container ?? org
  const where = place === undefined ? '' : ` in ${place}`
  return `${role}${through}${where} at ${level} by ${permission} (${path})`
}

const verbs = { allow: 'allows', deny: 'denies', abstain: 'abstains' } as const

function describeVote({ level, org, vote, by }: LevelVote): string {
  const who = by.map(({ role }) => role).join(', ')
  return `${level}${org === undefined ? '' : ` in ${org}`} ${verbs[vote]}${who === '' ? '' : ` (${who})`}`
}
