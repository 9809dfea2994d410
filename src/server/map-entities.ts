// Entities → subjects and objects of the policy. What is stored is never told to a caller; what the request says is.
import type { Parsed } from '../policy/parse.js'
import { parseJsonObject, parseObject, parseSubject } from '../policy/parse.js'
import { provenStateOf } from '../policy/internals.js'
import type { Policy, Subject } from '../policy/types/index.js'
import { compiledOf } from '../compile/compile.js'
import { isCasemateError, RequestError, type ErrorCode } from '../errors.js'
import type { ObjectRef } from '../types.js'
import { Unanswerable } from './refusal.js'
import type { ReadySource } from './source.js'
import type { AskedSubject, Entity, Find, MaybePromise, Properties } from './types.js'

/**
 * Who asks; a promise only where the store gives one, since waiting costs more than deciding.
 *
 * @throws Unanswerable for one who is not known, or whose data says nothing under this policy.
 */
export function subjectOf(
  source: ReadySource,
  entity: Entity,
  context: Properties
): MaybePromise<AskedSubject> {
  const { policy, findSubject } = source
  if (entity.type === 'system' && source.systems.has(entity.id))
    return recorded(source, policy.systemSubject(entity.id))
  if (findSubject === undefined) return recorded(source, subjectOfProperties(policy, entity))
  const data = lookUp(source, 'subject', findSubject, entity, context)
  return data instanceof Promise
    ? data.then((found) => recorded(source, storedSubject(source, entity, found)))
    : recorded(source, storedSubject(source, entity, data))
}

function recorded({ record }: ReadySource, subject: Subject): AskedSubject {
  return record === undefined ? subject : record(subject)
}

function storedSubject(source: ReadySource, entity: Entity, data: Found): Subject {
  const { policy } = source
  if (data === undefined || data === null) throw unknownSubject
  const state = provenStateOf(policy, data)
  if (state !== undefined) {
    if (state.compiled.catalogue !== compiledOf(policy).catalogue)
      throw new TypeError('the store gave a subject of another policy')
    // Proven: what has a state is a subject.
    return data as Subject
  }
  const parsed = parseSubject(policy, data)
  if (parsed.ok) return parsed.value
  throw storedFault(source, 'subject', entity, parsed.problems)
}

/** A subject that the request itself describes. A system subject cannot be described. */
function subjectOfProperties(policy: Policy, { type, id, properties }: Entity): Subject {
  if (type !== 'user') throw unknownSubject
  refuseKeys(properties, 'subject', ['id', 'system'])
  return told('subject.properties', parseSubject(policy, { id, ...properties }))
}

/** What is asked about. @throws Unanswerable for what is not known, or is no object of this policy. */
export function objectOf(source: ReadySource, entity: Entity, context: Properties): MaybePromise<ObjectRef> {
  const { policy, findResource } = source
  if (findResource === undefined) {
    refuseKeys(entity.properties, 'resource', ['type', 'id'])
    // In this order: it is eight times as fast as a spread that comes first, and no property has these names.
    const data = { type: entity.type, id: entity.id, ...entity.properties }
    return told('resource', parseJsonObject(policy, data))
  }
  const data = lookUp(source, 'resource', findResource, entity, context)
  return data instanceof Promise
    ? data.then((found) => storedObject(source, entity, found))
    : storedObject(source, entity, data)
}

function storedObject(source: ReadySource, entity: Entity, data: Found): ObjectRef {
  if (data === undefined || data === null) throw unknownObject
  const parsed = parseObject(source.policy, data)
  if (parsed.ok) return parsed.value
  throw storedFault(source, 'resource', entity, parsed.problems)
}

type Found = object | null | undefined

/** What the store says; that it cannot read what it has is a fault of one entity, everything else one of the store. */
function lookUp(
  source: ReadySource,
  what: 'subject' | 'resource',
  find: Find,
  entity: Entity,
  context: Properties
): MaybePromise<Found> {
  const fail = (error: unknown): never => {
    if (!isCasemateError(error) || !(error instanceof RequestError || unreadable.has(error.code))) throw error
    throw storedFault(source, what, entity, [error])
  }
  try {
    const found = find(entity, context)
    return found instanceof Promise ? found.catch(fail) : found
  } catch (error) {
    return fail(error)
  }
}

const unreadable: ReadonlySet<ErrorCode> = new Set(['unreadable_role', 'unreadable_key'])

const unknownSubject = new Unanswerable({ status: 404, code: 'unknown_subject', message: 'unknown subject' })
const unknownObject = new Unanswerable({ status: 404, code: 'unknown_object', message: 'unknown resource' })

/** A property must not take the place of what stands beside `properties`. */
function refuseKeys(properties: Properties, where: string, keys: readonly string[]): void {
  for (const key of keys)
    if (Object.hasOwn(properties, key))
      throw new Unanswerable({
        status: 400,
        code: 'invalid_request',
        message: `${where}.properties.${key}: not a property here`
      })
}

interface Fault {
  readonly code: ErrorCode
  readonly path: string
  readonly message: string
  readonly hint?: string | undefined
}

function told<T>(where: string, parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value
  const [{ code, message, hint } = noFault] = parsed.problems
  throw new Unanswerable({
    status: 400,
    code,
    message: `${where}: ${message}`,
    ...(hint === undefined ? {} : { hint })
  })
}

const noFault: Fault = { code: 'invalid_request', path: '', message: 'malformed' }

/** A caller hears that stored data is wrong, the operator hears what is. */
function storedFault(
  source: ReadySource,
  what: 'subject' | 'resource',
  { type, id }: Entity,
  [{ code, message } = noFault]: readonly Fault[]
): Unanswerable {
  source.report(new Error(`${what} ${JSON.stringify({ type, id })}: ${message}`))
  return new Unanswerable({ status: 500, code, message: `the stored ${what} cannot be read` })
}
