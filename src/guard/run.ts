// Runs one call through a guard: derive the object, decide, and only then call the method; or call the method and
// decide about its result before the caller sees it. With a check before it, a refused call never reaches the method.
import { CasemateError } from '../errors.js'
import { hasFields } from '../problems/own-fields.js'
import type { ObjectRef } from '../types.js'
import { copyArguments } from './copy-arguments.js'
import { guardError } from './read-fields.js'
import type { ObjectCheck, ReadRule } from './read-rules.js'
import { quoteValue } from '../problems/quote.js'

/** The part of a subject that a guard asks. */
export interface Asker {
  can(action: string, object: ObjectRef): boolean
  authorize(action: string, object: ObjectRef): void
  filter<T>(action: string, rows: readonly T[], toObject: (row: T) => ObjectRef): T[]
}

/** Called with each decision about a call: see `auditGuard` in `casemate/testing`. */
export type Watch = (method: string, outcome: 'allowed' | 'denied') => void

export interface Session {
  readonly subject: Asker
  readonly notFound?: ((method: string, args: readonly unknown[]) => unknown) | undefined
  readonly watch?: Watch | undefined
}

type Rules = ReadonlyMap<string, ReadRule>
type GuardedMethods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>

/** The methods of a store that have a rule, and nothing else of it. */
export function guardStore(store: object, rules: Rules, session: Session): GuardedMethods {
  const entries = [...rules].map(([name, rule]) => [
    name,
    (...args: readonly unknown[]) => callGuarded({ store, name, args }, rule, rules, session)
  ])
  return Object.freeze(Object.assign(Object.create(null), Object.fromEntries(entries)) as GuardedMethods)
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
  if (isRefused && first !== undefined) return refuse(call, first, rule.notFound, session)
  session.watch?.(call.name, 'allowed')
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
    return refuse(call, [rule.action, object], rule.notFound, session)
  session.watch?.(call.name, 'allowed')
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
  const kept = session.subject.filter<unknown>(rule.action, rows, rule.derive)
  if (kept.length > 0) session.watch?.(call.name, 'allowed')
  if (kept.length < rows.length) session.watch?.(call.name, 'denied')
  return kept
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
    session.watch?.(call.name, Number(found) === 0 ? 'denied' : 'allowed')
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
  const kept = session.subject.filter<unknown>(rule.action, found, rule.derive)
  if (kept.length > 0) session.watch?.(call.name, 'allowed')
  if (kept.length === 0 || kept.length < found.length) session.watch?.(call.name, 'denied')
  return kept
}

function derive({ store, args }: Call, check: ObjectCheck): unknown {
  return check.object(store, ...args)
}

async function refuse(
  call: Call,
  [action, object]: readonly [string, ObjectRef],
  notFound: boolean,
  session: Session
): Promise<unknown> {
  session.watch?.(call.name, 'denied')
  if (notFound) return answerNotFound(call, session)
  session.subject.authorize(action, object)
  throw new CasemateError('invalid_guard', `${call.name}: refused, and then allowed`)
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
