// Parses data from outside: subjects, objects and requests as JSON. It checks everything and returns all problems at
// once, those of shape first. It never throws, and never ignores a part.
import type { Policy, Subject } from './types/index.js'
import { subjectFrom } from './internals.js'
import { type CompiledPolicy, compiledOf } from '../compile/compile.js'
import { readSystemSubject } from '../request/ask.js'
import { readObject, readQuestion, toObjectRef, type QuestionMode } from '../request/question.js'
import { readSubject } from '../request/subject.js'
import { readWithin } from '../request/narrow.js'
import { noCeilings, type SubjectState } from '../request/state.js'
import type { ActionOf, Names, ObjectOf, ResourceOf } from '../document/index.js'
import type { Problem, RequestErrorCode } from '../errors.js'
import { ownField } from '../problems/own-fields.js'
import { RequestProblems } from '../problems/request-problems.js'
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

/** A request that was parsed: `subject.can(action, object)` answers it. */
export interface ParsedRequest<N extends Names = Names> {
  /** Who asks. */
  readonly subject: Subject<N>
  /** The action. */
  readonly action: ActionOf<Policy<N>, ResourceOf<Policy<N>>>
  /** The object. */
  readonly object: ObjectOf<Policy<N>, ResourceOf<Policy<N>>>
}

/** A subject from outside. An unknown role is a problem and never ignored, since it may be a role that denies. */
export function parseSubject<N extends Names>(
  policy: Policy<N>,
  data: unknown,
  settings?: ParseSettings
): Parsed<Subject<N>>
export function parseSubject(policy: Policy, data: unknown, settings: ParseSettings = {}): Parsed<Subject> {
  const problems = new RequestProblems()
  const state = readOutsideSubject(compiledOf(policy), data, [], settings, problems)
  return parsed(problems, state && subjectFrom(policy, state))
}

/** An object from outside, with the fields that casemate knows and nothing else. */
export function parseObject<N extends Names>(
  policy: Policy<N>,
  data: unknown
): Parsed<ObjectOf<Policy<N>, ResourceOf<Policy<N>>>>
export function parseObject(policy: Policy, data: unknown): Parsed<ObjectRef> {
  const problems = new RequestProblems()
  const read = readObject(compiledOf(policy), data, outside([], []), problems)
  return parsed(problems, read && toObjectRef(compiledOf(policy), read, read.resource.name))
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
