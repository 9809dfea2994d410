// One evaluation, and many in one request. Whatever is wrong with one question is its own `false` with an error.
import { RequestError } from '../errors.js'
import type { ObjectRef } from '../types.js'
import { objectOf, subjectOf } from './map-entities.js'
import { missing, nothing, objectAt, readAction, readEntity } from './read-entities.js'
import { badRequest, Refusal, Unanswerable, type QuestionError } from './refusal.js'
import { isPlainObject } from '../problems/plain.js'
import type { ReadySource } from './source.js'
import type { Action, AskedSubject, Entity, MaybePromise, Properties } from './types.js'

/** The answer to one question. */
export interface Evaluation {
  readonly decision: boolean
  readonly context?: { readonly reason: string } | { readonly error: QuestionError }
}

/** The answer to a request for several evaluations; to one without any, that of a single one. */
export type Evaluations = Evaluation | { readonly evaluations: readonly Evaluation[] }

/** The question that a body asks, each part of it whole. */
interface Question {
  readonly subject: Properties
  readonly action: Properties
  readonly resource: Properties
  readonly context: Properties
}

/** The parts that stand for every item. All keys are its own, so that none is looked for on `Object.prototype`. */
type Defaults = { readonly [K in keyof Question]: Question[K] | undefined }

const noDefaults: Defaults = {
  subject: undefined,
  action: undefined,
  resource: undefined,
  context: undefined
}

/** What a question lacks, it has from the defaults, each part whole. */
function readQuestion(from: Properties, defaults: Defaults): Question {
  return {
    subject: objectAt(from, 'subject') ?? defaults.subject ?? missing('subject'),
    action: objectAt(from, 'action') ?? defaults.action ?? missing('action'),
    resource: objectAt(from, 'resource') ?? defaults.resource ?? missing('resource'),
    context: objectAt(from, 'context') ?? defaults.context ?? nothing
  }
}

/** @throws Refusal for a malformed request; Error for what a store throws. */
export function evaluate(source: ReadySource, body: Properties): MaybePromise<Evaluation> {
  return answer(source, readQuestion(body, noDefaults), undefined)
}

/** What the subject of a whole request was found to be, so that it is read and looked up once. */
interface Shared {
  subject: MaybePromise<AskedSubject> | undefined
}

/** A promise only where a store gives one, since waiting costs more than deciding. */
function answer(
  source: ReadySource,
  question: Question,
  shared: Shared | undefined
): MaybePromise<Evaluation> {
  const known = shared?.subject
  const who = known === undefined ? readEntity(question.subject, 'subject') : undefined
  const action = readAction(question.action)
  const resource = readEntity(question.resource, 'resource')
  const { context } = question
  try {
    const subject = known ?? (who && subjectOf(source, who, context))
    if (subject === undefined) throw new TypeError('no subject was looked for')
    if (shared !== undefined) shared.subject = subject
    if (subject instanceof Promise) return answerLater(source, subject, action, resource, context)
    const object = objectOf(source, resource, context)
    return object instanceof Promise
      ? object.then((found) => ask(source, subject, action, resource, found)).catch(withoutAnswer)
      : ask(source, subject, action, resource, object)
  } catch (error) {
    return withoutAnswer(error)
  }
}

async function answerLater(
  source: ReadySource,
  finding: Promise<AskedSubject>,
  action: Action,
  resource: Entity,
  context: Properties
): Promise<Evaluation> {
  try {
    const subject = await finding
    return ask(source, subject, action, resource, await objectOf(source, resource, context))
  } catch (error) {
    return withoutAnswer(error)
  }
}

function ask(
  source: ReadySource,
  subject: AskedSubject,
  action: Action,
  resource: Entity,
  object: ObjectRef
): Evaluation {
  const name = source.nameOf(action, resource)
  if (!source.reasons) return subject.can(name, object) ? permitted : refused
  const { allowed, reason } = subject.explain(name, object)
  return { decision: allowed, context: { reason } }
}

const permitted: Evaluation = Object.freeze({ decision: true })
const refused: Evaluation = Object.freeze({ decision: false })

/** The JSON of an answer. Most are one of two. */
export function textOf(answered: Evaluations): string {
  if (answered === permitted) return '{"decision":true}'
  return answered === refused ? '{"decision":false}' : JSON.stringify(answered)
}

/** `false`, for what is wrong with the question; anything else is thrown on. */
function withoutAnswer(thrown: unknown): Evaluation {
  const error = questionErrorOf(thrown)
  if (error === undefined) throw thrown
  return { decision: false, context: { error } }
}

/** What is wrong with a question; `undefined` for every other error. */
export function questionErrorOf(thrown: unknown): QuestionError | undefined {
  if (thrown instanceof Unanswerable) return thrown.error
  if (thrown instanceof Refusal)
    return { status: thrown.status, code: 'invalid_request', message: thrown.message }
  if (!(thrown instanceof RequestError)) return undefined
  const { code, message, hint } = thrown
  return { status: 400, code, message, ...(hint === undefined ? {} : { hint }) }
}

const semantics = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const
type Semantic = (typeof semantics)[number]

/**
 * Every item of a request in order; what an item lacks, it has from the request. Without items it is one question.
 *
 * @throws Refusal for a request whose own parts are malformed.
 */
export async function evaluateAll(
  source: ReadySource,
  body: Properties,
  mostItems: number
): Promise<Evaluations> {
  const items = Object.hasOwn(body, 'evaluations') ? body['evaluations'] : []
  if (!Array.isArray(items)) throw badRequest('evaluations: expected a list')
  if (items.length === 0) return await evaluate(source, body)
  if (items.length > mostItems) throw badRequest(`evaluations: ${items.length} items, more than ${mostItems}`)
  const semantic = readSemantic(body)
  const defaults = readDefaults(body)
  const shared: Shared = { subject: undefined }
  if (semantic === 'execute_all') return { evaluations: await answerAll(source, items, defaults, shared) }
  const evaluations: Evaluation[] = []
  for (const item of items as readonly unknown[]) {
    const evaluation = await answerItem(source, item, defaults, shared)
    evaluations.push(evaluation)
    if (evaluation.decision === (semantic === 'permit_on_first_permit')) break
  }
  return { evaluations }
}

/** How many items are looked up at the same time. */
const atOnce = 20

async function answerAll(
  source: ReadySource,
  items: readonly unknown[],
  defaults: Defaults,
  shared: Shared
): Promise<Evaluation[]> {
  const evaluations: Evaluation[] = []
  for (let start = 0; start < items.length; start += atOnce) {
    const group = items.slice(start, start + atOnce).map((item) => answerItem(source, item, defaults, shared))
    for (const one of group.every(isReady) ? group : await Promise.all(group.map(async (one) => await one)))
      evaluations.push(one)
  }
  return evaluations
}

function isReady(evaluation: MaybePromise<Evaluation>): evaluation is Evaluation {
  return !(evaluation instanceof Promise)
}

function answerItem(
  source: ReadySource,
  item: unknown,
  defaults: Defaults,
  shared: Shared
): MaybePromise<Evaluation> {
  try {
    if (!isPlainObject(item)) throw badRequest('expected an object')
    const isShared = !Object.hasOwn(item, 'subject') && !Object.hasOwn(item, 'context')
    return answer(source, readQuestion(item, defaults), isShared ? shared : undefined)
  } catch (error) {
    if (error instanceof Refusal) return withoutAnswer(error)
    // Later: others of the same request may be waiting, and must not fail unheard.
    return Promise.resolve().then(() => {
      throw error
    })
  }
}

function readSemantic(body: Properties): Semantic {
  const options = objectAt(body, 'options')
  if (options === undefined || !Object.hasOwn(options, 'evaluations_semantic')) return 'execute_all'
  const given = options['evaluations_semantic']
  const known = semantics.find((name) => name === given)
  if (known === undefined)
    throw badRequest(`options.evaluations_semantic: expected one of ${semantics.join(', ')}`)
  return known
}

/** The defaults are read here, so that a malformed one is an error of the request. */
function readDefaults(body: Properties): Defaults {
  return {
    subject: objectAt(body, 'subject'),
    action: objectAt(body, 'action'),
    resource: objectAt(body, 'resource'),
    context: objectAt(body, 'context')
  }
}
