// Runs one call through a guard: derive the object, decide, and only then call the method; or call the method and
// decide about its result before the caller sees it. With a check before it, a refused call never reaches the method.
import { CasemateError, ForbiddenError } from '../errors.js'
import { hasFields } from '../problems/own-fields.js'
import type { ObjectRef } from '../types.js'
import { copyArguments } from './copy-arguments.js'
import { guardError } from './read-fields.js'
import type { Hiding } from './read-not-found.js'
import type { ObjectCheck, ReadRule } from './read-rules.js'
import { explain } from '../decide/explain.js'
import type { Subject } from '../policy/types/index.js'
import { quoteValue } from '../problems/quote.js'
import type { SubjectState } from '../request/state.js'

/** What a decision about a call was asked. */
export interface Asked {
  /** Who called, as `as` got it. */
  readonly subject: Subject
  /** `resource:action`. */
  readonly permission: string
  /**
   * The object that decided: of several checks the first that was refused or, where the call is allowed, the first that was
   * allowed; of a list the first row that is kept or left out. Absent where no row came back.
   */
  readonly object?: ObjectRef
}

/** Called with each decision about a call: see `auditGuard` in `casemate/testing`. */
export type Watch = (method: string, outcome: 'allowed' | 'denied', asked: Asked) => void

export interface Session {
  readonly subject: Subject
  /** What its decisions read. */
  readonly state: SubjectState
  readonly notFound?: ((method: string, args: readonly unknown[]) => unknown) | undefined
  readonly watch?: Watch | undefined
}

type Rules = ReadonlyMap<string, ReadRule>
type GuardedMethods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>

/** The methods of a store that have a rule, and nothing else of it. */
export function guardStore(store: object, rules: Rules, session: Session): GuardedMethods {
  // Made for every subject and every transaction, so without a list on the way.
  const methods = Object.create(null) as Record<string, GuardedMethods[string]>
  for (const [name, rule] of rules)
    methods[name] = (...args) => callGuarded({ store, name, args }, rule, rules, session)
  return Object.freeze(methods)
}

interface Call {
  readonly store: object
  readonly name: string
  readonly args: readonly unknown[]
}

async function callGuarded(call: Call, rule: ReadRule, rules: Rules, session: Session): Promise<unknown> {
  if (rule.kind === 'public') return invoke(call)
  if (rule.kind === 'transaction') return runTransaction(call, rules, session)
  if (rule.kind === 'rows') return listRows(call, rule, session)
  if (rule.kind === 'where') return askWhere(call, rule, session)
  if (rule.kind === 'result') return checkResult(call, rule, session)
  return checkObjects(call, rule, session)
}

function invoke({ store, name, args }: Call): unknown {
  const method: unknown = Reflect.get(store, name)
  if (typeof method !== 'function')
    throw new CasemateError('invalid_guard', `${name}: the store has no such method`)
  return Reflect.apply(method, store, args)
}

/**
 * The callback gets only the inner store, behind the same rules and for the same subject, and nothing else that the
 * store passes. The answer is what the last run of the callback returned, not what the store returns.
 */
async function runTransaction(call: Call, rules: Rules, session: Session): Promise<unknown> {
  const [run, ...rest] = call.args
  if (typeof run !== 'function')
    throw new CasemateError(
      'invalid_guard',
      `${call.name}: expected a function as first argument, not ${quoteValue(run)}`
    )
  let outcome: { readonly result: unknown } | undefined
  const guarded = async (inner: unknown): Promise<unknown> => {
    outcome = undefined
    if (!hasFields(inner))
      throw new CasemateError(
        'invalid_guard',
        `${call.name}: expected the store of the transaction, not ${quoteValue(inner)}`
      )
    const result: unknown = await Reflect.apply(run, undefined, [guardStore(inner, rules, session)])
    outcome = { result }
    return result
  }
  await invoke({ ...call, args: [guarded, ...rest] })
  return resultOf(outcome, call)
}

function resultOf(outcome: { readonly result: unknown } | undefined, { name }: Call): unknown {
  if (outcome === undefined)
    throw new CasemateError('invalid_guard', `${name}: the transaction ended before its callback`)
  return outcome.result
}

async function checkObjects(
  given: Call,
  rule: ReadRule & { readonly kind: 'object' },
  session: Session
): Promise<unknown> {
  const call = rule.copiesArguments ? { ...given, args: copyArguments(given.name, given.args) } : given
  const asked: (readonly [action: string, object: ObjectRef])[] = []
  for (const check of rule.checks) {
    const derived = derive(call, check)
    // Awaits only a promise: without an await the caller cannot run between check and method.
    const object: unknown = isPromise(derived) ? await derived : derived
    if (isMissing(object) && rule.notFound) return answerNotFound(call, session)
    // The decision refuses a derived value that is no object.
    asked.push([check.action, object as ObjectRef])
  }
  const refused = asked.filter(([action, object]) => !session.subject.can(action, object))
  const [first] = refused
  const isRefused = rule.need === 'all' || refused.length === asked.length
  if (isRefused && first !== undefined) return refuse(call, first, isHidden(rule, asked, session), session)
  const allowed = asked.find((one) => !refused.includes(one))
  if (allowed !== undefined) watch(session, call, 'allowed', ...allowed)
  return invoke(call)
}

async function checkResult(
  call: Call,
  rule: ReadRule & { readonly kind: 'result' },
  session: Session
): Promise<unknown> {
  const result = await invoke(call)
  if (isMissing(result)) return rule.notFound ? answerNotFound(call, session) : result
  const object = (await rule.derive(result)) as ObjectRef
  if (!session.subject.can(rule.action, object))
    return refuse(call, [rule.action, object], isHidden(rule, [[rule.action, object]], session), session)
  watch(session, call, 'allowed', rule.action, object)
  return result
}

async function listRows(
  call: Call,
  rule: ReadRule & { readonly kind: 'rows' },
  session: Session
): Promise<unknown> {
  const rows = await invoke(call)
  if (!Array.isArray(rows))
    throw new CasemateError('invalid_guard', `${call.name}: expected the method to return a list`)
  return keepRows(call, rows, rule.action, rule.derive, session)
}

/**
 * The method asks the database with the condition for this subject. Each row that comes back is checked all the same: a
 * query that forgot the condition shows nothing more.
 */
async function askWhere(
  call: Call,
  rule: ReadRule & { readonly kind: 'where' },
  session: Session
): Promise<unknown> {
  const found = await invoke({ ...call, args: [rule.condition(session.subject), ...call.args] })
  // Where nothing is left, the condition refused every row, as far as a guard can tell.
  if (typeof found === 'number' || typeof found === 'bigint') {
    const { subject } = session
    const permission = `${rule.resource}:${rule.action}`
    session.watch?.(call.name, Number(found) === 0 ? 'denied' : 'allowed', { subject, permission })
    return found
  }
  if (!Array.isArray(found))
    throw new CasemateError('invalid_guard', `${call.name}: expected the method to return a list or a count`)
  if (rule.derive === undefined)
    throw guardError(
      [call.name, 'rows'],
      'expected how a row is read with those of the other tables, not',
      undefined
    )
  const { subject } = session
  if (found.length === 0)
    session.watch?.(call.name, 'denied', { subject, permission: `${rule.resource}:${rule.action}` })
  return keepRows(call, found, rule.action, rule.derive, session)
}

/** The rows that the subject may act on. The first of each outcome is what a watcher hears of. */
function keepRows(
  call: Call,
  rows: readonly unknown[],
  action: string,
  derive: (row: unknown) => ObjectRef,
  session: Session
): unknown[] {
  const firsts = new Map<'allowed' | 'denied', ObjectRef>()
  const objects: ObjectRef[] = []
  const toObject = (row: unknown): ObjectRef => {
    const object = derive(row)
    if (session.watch !== undefined) objects.push(object)
    return object
  }
  const kept = session.subject.filter<string, unknown>(action, rows, toObject)
  if (session.watch === undefined) return kept
  // Kept are the same values in the same order, so each row is the next one that is kept, or was left out.
  let next = 0
  for (const [i, row] of rows.entries()) {
    const isKept = next < kept.length && Object.is(kept[next], row)
    if (isKept) next++
    const object = objects[i]
    const outcome = isKept ? 'allowed' : 'denied'
    if (object !== undefined && !firsts.has(outcome)) firsts.set(outcome, object)
  }
  for (const outcome of ['allowed', 'denied'] as const) {
    const object = firsts.get(outcome)
    if (object !== undefined) watch(session, call, outcome, action, object)
  }
  return kept
}

function watch(
  { subject, watch: told }: Session,
  { name }: Call,
  outcome: 'allowed' | 'denied',
  action: string,
  object: ObjectRef
): void {
  told?.(name, outcome, { subject, permission: `${object.type}:${action}`, object })
}

function derive({ store, args }: Call, check: ObjectCheck): unknown {
  return check.object(store, ...args)
}

async function refuse(
  call: Call,
  [action, object]: readonly [string, ObjectRef],
  hidden: boolean,
  session: Session
): Promise<unknown> {
  watch(session, call, 'denied', action, object)
  if (hidden) return answerNotFound(call, session)
  // Not by the subject itself: one that writes down what it is asked would write the refusal twice.
  const decision = explain(session.state, action, object)
  if (decision.allowed) throw new CasemateError('invalid_guard', `${call.name}: refused, and then allowed`)
  throw new ForbiddenError(decision)
}

/**
 * Whether a refusal is answered like a missing row. Every object counts, also one about which the call was allowed: who
 * may not see it must not learn from a refusal about another that it is there.
 */
function isHidden(
  { notFound, reading }: Hiding,
  asked: readonly (readonly [action: string, object: ObjectRef])[],
  { state }: Session
): boolean {
  // By the state, as in `refuse`: nobody asked for the row to be read.
  const isReadable = ([, object]: readonly [string, ObjectRef]): boolean =>
    reading !== undefined && explain(state, reading, object).allowed
  return notFound && !asked.every(isReadable)
}

/** The same answer for a missing row and for one that the subject must not know about. */
async function answerNotFound({ name, args }: Call, { notFound }: Session): Promise<unknown> {
  const answer = await notFound?.(name, args)
  if (isError(answer)) throw answer
  return answer
}

/**
 * Whether this is an error of any realm. An error of a `vm` context or another window is no `instanceof` of ours, and
 * must not be returned as if the call had succeeded.
 */
function isError(value: unknown): boolean {
  for (let at = value; hasFields(at); at = Object.getPrototypeOf(at))
    if (['name', 'message', 'toString'].every((key) => Object.hasOwn(at as object, key))) return true
  return Object.prototype.toString.call(value) === '[object Error]'
}

function isPromise(value: unknown): boolean {
  return hasFields(value) && typeof value['then'] === 'function'
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined
}
