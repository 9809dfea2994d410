// The three searches. Each asks `can` about one entity after the other, so a search never finds what an evaluation would
// refuse. The work for one page is bounded: where many are refused, a page is short and has a token for the rest.
import { questionErrorOf } from './evaluate.js'
import { objectOf, subjectOf } from './map-entities.js'
import { writePageToken, readPageToken, type AskedPage, type PageEnd } from './page-token.js'
import { objectAt, readAction, readContext, readEntity, readTarget, required } from './read-entities.js'
import { badRequest, Unanswerable, type QuestionError } from './refusal.js'
import type { ReadySource } from './source.js'
import type { Entity, List, Listed, Properties } from './types.js'

/** A page of results; empty, with the error beside it, where the question has no answer. */
export interface SearchAnswer {
  readonly results: readonly ({ readonly type: string; readonly id: string } | { readonly name: string })[]
  readonly page: { readonly next_token: string; readonly count: number }
  readonly context?: { readonly error: QuestionError }
}

/** The limits of pages, and what signs their tokens. */
export interface Paging {
  readonly secret: string
  readonly pageSize: number
  readonly maxScanned: number
}

/** One request for a search. */
export interface SearchRequest {
  readonly body: Properties
  readonly tenant: string | undefined
  readonly paging: Paging
}

export async function searchSubjects(
  source: ReadySource,
  request: SearchRequest,
  list: List
): Promise<SearchAnswer> {
  const { body } = request
  const target = readTarget(required(body, 'subject'), 'subject')
  const action = readAction(required(body, 'action'))
  const resource = readEntity(required(body, 'resource'), 'resource')
  const context = readContext(body)
  return await orNone(async () => {
    const object = await objectOf(source, resource, context)
    const name = source.nameOf(action, resource)
    return await pageOfEntities('subject', request, { target, list }, async (who) =>
      (await subjectOf(source, who, context)).can(name, object)
    )
  })
}

export async function searchResources(
  source: ReadySource,
  request: SearchRequest,
  list: List
): Promise<SearchAnswer> {
  const { body } = request
  const who = readEntity(required(body, 'subject'), 'subject')
  const action = readAction(required(body, 'action'))
  const target = readTarget(required(body, 'resource'), 'resource')
  const context = readContext(body)
  return await orNone(async () => {
    const subject = await subjectOf(source, who, context)
    return await pageOfEntities('resource', request, { target, list }, async (resource) => {
      const object = await objectOf(source, resource, context)
      return subject.can(source.nameOf(action, resource), object)
    })
  })
}

export async function searchActions(source: ReadySource, request: SearchRequest): Promise<SearchAnswer> {
  const { body } = request
  const who = readEntity(required(body, 'subject'), 'subject')
  const resource = readEntity(required(body, 'resource'), 'resource')
  const context = readContext(body)
  return await orNone(async () => {
    const subject = await subjectOf(source, who, context)
    const object = await objectOf(source, resource, context)
    const names = namesOf(source, subject.actionsOn(object), resource)
    return await pageOf('action', request, {
      list: (after) => (after === undefined ? names : names.slice(names.indexOf(after) + 1)),
      idOf: (name) => name,
      passes: () => Promise.resolve(true),
      show: (name) => ({ name })
    })
  })
}

/** The names of actions outside; several actions of the policy may have one. */
function namesOf(source: ReadySource, actions: readonly string[], resource: Entity): string[] {
  const names = actions.map((action) => source.actionName(action, resource))
  return [...new Set(names.filter((name) => name !== undefined))]
}

function idOfListed(listed: Listed): string {
  return typeof listed === 'string' ? listed : listed.id
}

/** An entity that was listed, with what the list says of it, or else what the request says of all of them. */
function entityOf({ type, properties }: Omit<Entity, 'id'>, listed: Listed): Entity {
  if (typeof listed === 'string') return { type, id: listed, properties }
  return { type, id: listed.id, properties: listed.properties ?? properties }
}

/** Who or what is not known is found by nobody. */
async function orNone(search: () => Promise<SearchAnswer>): Promise<SearchAnswer> {
  try {
    return await search()
  } catch (thrown) {
    // A malformed page is a refusal of the request, and thrown on.
    const error = thrown instanceof Unanswerable ? thrown.error : undefined
    if (error === undefined) throw thrown
    return { results: [], page: { next_token: '', count: 0 }, context: { error } }
  }
}

/** Entities of one type. */
interface ListedEntities {
  readonly target: Omit<Entity, 'id'>
  readonly list: List
}

/** The listed entities of which it is true. */
function pageOfEntities(
  search: string,
  request: SearchRequest,
  { target, list }: ListedEntities,
  isAllowed: (entity: Entity) => Promise<boolean>
): Promise<SearchAnswer> {
  return pageOf(search, request, {
    list: (after) => list(target.type, after),
    idOf: idOfListed,
    passes: (listed) => isAllowed(entityOf(target, listed)),
    show: (listed) => ({ type: target.type, id: idOfListed(listed) })
  })
}

interface Candidates<T> {
  readonly list: (after: string | undefined) => Iterable<T> | AsyncIterable<T>
  readonly idOf: (candidate: T) => string
  readonly passes: (candidate: T) => Promise<boolean>
  readonly show: (candidate: T) => SearchAnswer['results'][number]
}

async function pageOf<T>(
  search: string,
  { body, tenant, paging }: SearchRequest,
  { list, idOf, passes, show }: Candidates<T>
): Promise<SearchAnswer> {
  const question = Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'page'))
  const asked: AskedPage = { search, tenant, question }
  const begun = readPage(objectAt(body, 'page'), asked, paging)
  const results: SearchAnswer['results'][number][] = []
  const upTo = (after: string): SearchAnswer => ({
    results,
    page: {
      next_token: writePageToken(paging.secret, asked, { after, limit: begun.limit }),
      count: results.length
    }
  })
  let scanned = 0
  let last = ''
  let lastShown = ''
  for await (const candidate of list(begun.after)) {
    if (scanned === paging.maxScanned) return upTo(results.length === begun.limit ? lastShown : last)
    scanned++
    last = idOf(candidate)
    if (!(await isFound(candidate, passes))) continue
    if (results.length === begun.limit) return upTo(lastShown)
    results.push(show(candidate))
    lastShown = last
  }
  return { results, page: { next_token: '', count: results.length } }
}

/** One whose question has no answer is not found, as an evaluation of it would be `false`. */
async function isFound<T>(candidate: T, passes: (candidate: T) => Promise<boolean>): Promise<boolean> {
  try {
    return await passes(candidate)
  } catch (error) {
    if (questionErrorOf(error) === undefined) throw error
    return false
  }
}

interface BegunPage {
  readonly after: string | undefined
  readonly limit: number
}

function readPage(page: Properties | undefined, asked: AskedPage, paging: Paging): BegunPage {
  const token = page !== undefined && Object.hasOwn(page, 'token') ? page['token'] : ''
  const begun: PageEnd | undefined = token === '' ? undefined : readPageToken(paging.secret, asked, token)
  const given = page !== undefined && Object.hasOwn(page, 'limit') ? page['limit'] : (begun?.limit ?? 0)
  if (typeof given !== 'number' || !Number.isSafeInteger(given) || given < 0)
    throw badRequest('page.limit: expected a whole number from 0')
  // Zero leaves the length to the server.
  const limit = given === 0 ? paging.pageSize : Math.min(given, paging.pageSize)
  return { after: begun?.after, limit }
}
