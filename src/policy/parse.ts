// Parses data from outside: subjects, objects and requests as JSON. It checks everything and returns all problems at
// once, those of shape first. It never throws, and never ignores a part.
import type { Policy, Subject } from './types/index.js'
import { subjectFrom } from './internals.js'
import { type CompiledPolicy, compiledOf } from '../compile/compile.js'
import { readSystemSubject } from '../request/ask.js'
import { checkOutsideTexts } from '../request/outside-texts.js'
import { readObject, readQuestion, toObjectRef, type QuestionMode } from '../request/question.js'
import { readSubject } from '../request/subject.js'
import { narrow, readWithin } from '../request/narrow.js'
import { noCeilings, noContainers, noGroups, noOrgs, type SubjectState } from '../request/state.js'
import type { ActionOf, Names, ObjectOf, ResourceOf } from '../document/index.js'
import type { Problem, RequestErrorCode } from '../errors.js'
import { ownField } from '../problems/own-fields.js'
import { quoteValue } from '../problems/quote.js'
import { RequestProblems } from '../problems/request-problems.js'
import { settingsError } from '../problems/settings-error.js'
import type { ObjectRef } from '../types.js'
import { isPlainObject } from '../problems/plain.js'

/** The result of parsing: a value, or every problem of the data, those of shape first. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem<RequestErrorCode>[] }

/** What a subject from outside may be. */
export interface ParseSettings {
  /** Whether `{ system: NAME }` may be a subject. Without it, it is `invalid_request`. */
  readonly allowSystem?: boolean | undefined
}

/** What a subject alone may be, and what becomes of roles that the policy does not have. */
export interface ParseSubjectSettings extends ParseSettings {
  /**
   * With `'report'`, unknown roles that are the only problem give a subject that is denied everything, and the problems
   * beside it. Default `'refuse'`: they are problems like any other.
   */
  readonly unknownRoles?: 'refuse' | 'report' | undefined
}

/** The result of parsing with `unknownRoles: 'report'`. */
export type ReportedSubject<N extends Names = Names> =
  | {
      readonly ok: true
      /** The subject; denied everything, whatever else it holds, if there is a problem. */
      readonly value: Subject<N>
      /** The roles that the policy does not have. */
      readonly problems: readonly Problem<RequestErrorCode>[]
    }
  | { readonly ok: false; readonly problems: readonly Problem<RequestErrorCode>[] }

/** A request that was parsed: `subject.can(action, object)` answers it. */
export interface ParsedRequest<N extends Names = Names> {
  /** Who asks. */
  readonly subject: Subject<N>
  /** The action. */
  readonly action: ActionOf<Policy<N>, ResourceOf<Policy<N>>>
  /** The object. */
  readonly object: ObjectOf<Policy<N>, ResourceOf<Policy<N>>>
}

/**
 * A subject from outside. An unknown role is a problem and never ignored, since it may be a role that denies. With
 * `unknownRoles: 'report'` a subject of whom nothing else is wrong is given too: one that is denied everything.
 *
 * @throws CasemateError `invalid_settings` for another value of `unknownRoles`.
 */
export function parseSubject<N extends Names>(
  policy: Policy<N>,
  data: unknown,
  settings: ParseSubjectSettings & { readonly unknownRoles: 'report' }
): ReportedSubject<N>
export function parseSubject<N extends Names>(
  policy: Policy<N>,
  data: unknown,
  settings?: ParseSubjectSettings
): Parsed<Subject<N>>
export function parseSubject(
  policy: Policy,
  data: unknown,
  settings: ParseSubjectSettings = {}
): Parsed<Subject> | ReportedSubject {
  const isReported = readsReported(settings)
  const compiled = compiledOf(policy)
  const problems = new RequestProblems()
  checkOutsideTexts(data, problems)
  const state = readOutsideSubject(compiled, data, [], settings, problems)
  if (!isReported) return parsed(problems, state && subjectFrom(policy, state))
  const list = problems.inOrder()
  if (state === undefined || list.some(({ code }) => code !== 'unknown_role'))
    return { ok: false, problems: list }
  const value = list.length === 0 ? state : deniedEverything(state)
  return { ok: true, value: subjectFrom(policy, value), problems: list }
}

function readsReported(settings: ParseSubjectSettings): boolean {
  const unknownRoles = ownField(settings, 'unknownRoles') ?? 'refuse'
  if (unknownRoles !== 'refuse' && unknownRoles !== 'report') {
    const fault = `expected \`refuse\` or \`report\`, not ${quoteValue(unknownRoles)}`
    throw settingsError('unknownRoles', fault, unknownRoles)
  }
  return unknownRoles === 'report'
}

/** It holds no roles and is in no groups, and its ceilings let nothing through: not by an ACL either. */
function deniedEverything({ compiled, id }: SubjectState): SubjectState {
  return narrow(
    {
      compiled,
      id,
      system: undefined,
      site: compiled.roleTables.empty,
      orgs: noOrgs,
      containers: noContainers,
      groups: noGroups,
      ceilings: noCeilings
    },
    { scopes: [], allowList: [], onlyOrgs: [] }
  )
}

/** An object from outside, with the fields that casemate knows and nothing else. */
export function parseObject<N extends Names>(
  policy: Policy<N>,
  data: unknown
): Parsed<ObjectOf<Policy<N>, ResourceOf<Policy<N>>>>
export function parseObject(policy: Policy, data: unknown): Parsed<ObjectRef> {
  const problems = new RequestProblems()
  checkOutsideTexts(data, problems)
  return readOutsideObject(policy, data, problems)
}

/** The same for JSON that `parseJson` has read: it took no text that UTF-8 cannot hold. */
export function parseJsonObject(policy: Policy, data: unknown): Parsed<ObjectRef> {
  return readOutsideObject(policy, data, new RequestProblems())
}

function readOutsideObject(policy: Policy, data: unknown, problems: RequestProblems): Parsed<ObjectRef> {
  const compiled = compiledOf(policy)
  const read = readObject(compiled, data, objectAlone, problems)
  return parsed(problems, read && toObjectRef(compiled, read, read.resource.name))
}

/** A request from outside: `{ subject, within?, action, object }` as docs/semantics.md says under "Requests as data". */
export function parseRequest<N extends Names>(
  policy: Policy<N>,
  data: unknown,
  settings?: ParseSettings
): Parsed<ParsedRequest<N>>
export function parseRequest(
  policy: Policy,
  data: unknown,
  settings: ParseSettings = {}
): Parsed<ParsedRequest> {
  const compiled = compiledOf(policy)
  const problems = new RequestProblems()
  if (!isPlainObject(data)) {
    problems.addShape([], 'a request, `{ subject, action, object }`', data)
    return parsed<ParsedRequest>(problems, undefined)
  }
  checkOutsideTexts(data, problems)
  for (const key of Object.keys(data)) if (!requestKeys.has(key)) problems.addUnknownKey([], key, requestKeys)
  problems.addInherited([], data, requestKeys)
  const state = readOutsideSubject(compiled, ownField(data, 'subject'), ['subject'], settings, problems)
  const within = Object.hasOwn(data, 'within')
    ? readWithin(compiled, data['within'], ['within'], problems)
    : noCeilings
  const question = readQuestion(
    compiled,
    ownField(data, 'action'),
    ownField(data, 'object'),
    outside(['object'], ['action']),
    problems
  )
  const request = state &&
    question && {
      subject: subjectFrom(policy, { ...state, ceilings: [...state.ceilings, ...within] }),
      action: question.permission.action,
      object: toObjectRef(compiled, question, question.permission.resource)
    }
  return parsed<ParsedRequest>(problems, request)
}

const requestKeys = new Set(['subject', 'within', 'action', 'object'])
const systemKeys = new Set(['system'])

function outside(objectPath: readonly string[], actionPath: readonly string[]): QuestionMode {
  return { objectPath, actionPath, isOutside: true, readsId: true }
}

const objectAlone = outside([], [])

function parsed<T>(problems: RequestProblems, value: T | undefined): Parsed<T> {
  return value === undefined || problems.list.length > 0
    ? { ok: false, problems: problems.inOrder() }
    : { ok: true, value }
}

function readOutsideSubject(
  compiled: CompiledPolicy,
  data: unknown,
  path: readonly string[],
  settings: ParseSettings,
  problems: RequestProblems
): SubjectState | undefined {
  if (!isPlainObject(data) || !Object.hasOwn(data, 'system'))
    return readSubject(compiled, data, { path, isOutside: true }, problems)
  if (!Object.hasOwn(settings, 'allowSystem') || settings.allowSystem !== true) {
    problems.add(
      'invalid_request',
      [...path, 'system'],
      'system subjects are not allowed here',
      data['system']
    )
    return undefined
  }
  for (const key of Object.keys(data)) if (!systemKeys.has(key)) problems.addUnknownKey(path, key, systemKeys)
  return readSystemSubject(compiled, data['system'], [...path, 'system'], problems)
}
