// The handler: it routes a request, asks, and makes the one response. It looks at everything a caller sends in an order
// that costs little before a token is known, and it never rejects: what goes wrong inside is a 500 without details, and a
// store that may answer again a 503.
import type { Names } from '../document/index.js'
import { isCasemateError, type ErrorCode } from '../errors.js'
import { authenticator, rateLimit } from './callers.js'
import { evaluate, evaluateAll, textOf, type Evaluations } from './evaluate.js'
import { metadataOf } from './metadata.js'
import { Metrics } from './metrics.js'
import { openApi } from './openapi.js'
import { readBody } from './read-body.js'
import { Refusal } from './refusal.js'
import { asked, router, type Route } from './routes.js'
import { searchActions, searchResources, searchSubjects, type SearchRequest } from './search.js'
import { readSettings, type ReadySettings } from './settings.js'
import { sourceReader, type ReadySource } from './source.js'
import type { DecisionSource, Handler, HandlerSettings, MaybePromise, SourceOf } from './types.js'

/** What is sent: all headers are known before the response is made. */
interface Reply {
  readonly status: number
  readonly body: string
  readonly type: string
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/**
 * A decision server: AuthZEN Authorization API 1.0 as one function, for any framework that speaks `Request` and
 * `Response`. `source` is what it answers from, or a function that gives it for each request and tenant.
 *
 * Beside the five endpoints of the API it answers `/.well-known/authzen-configuration`, `/openapi.json`, `/healthz`,
 * `/readyz` and `/metrics`. A question that the policy cannot answer is `false` with `context.error`; a malformed
 * request is 400, one without a valid token 401.
 *
 * @throws CasemateError `invalid_settings`.
 */
export function createHandler<N extends Names>(
  source: DecisionSource<N> | SourceOf<N>,
  settings?: HandlerSettings
): Handler
export function createHandler(source: DecisionSource | SourceOf, settings: HandlerSettings = {}): Handler {
  const ready = readSettings(settings)
  const { clock, report } = ready
  const routeOf = router(ready.base)
  const metrics = new Metrics()
  const answer = answerer(source, ready, metrics)
  return async (request) => {
    const start = clock()
    metrics.begin()
    const route = routeOf(request.url)
    let reply: Reply
    try {
      reply = await answer(request, route)
    } catch (error) {
      if (!(error instanceof Refusal)) report(error)
      reply = refused(error)
    }
    metrics.end(route?.endpoint ?? 'none', reply.status, clock() - start)
    return responseOf(request, reply)
  }
}

function responseOf(request: Request, { status, body, type, headers: more }: Reply): Response {
  const headers: Record<string, string> =
    more === undefined ? { 'content-type': type } : { 'content-type': type, ...more }
  const id = request.headers.get('x-request-id')
  if (id !== null) headers['x-request-id'] = id
  return new Response(request.method === 'HEAD' ? null : body, { status, headers })
}

function refused(error: unknown): Reply {
  if (isCasemateError(error) && unavailable.has(error.code))
    return { ...plain(503, 'cannot decide now'), headers: { 'retry-after': '1' } }
  if (!(error instanceof Refusal)) return plain(500, 'internal error')
  return { ...plain(error.status, error.message), headers: error.headers }
}

/** What a store throws that may answer again. */
const unavailable: ReadonlySet<ErrorCode> = new Set([
  'unavailable',
  'stale_roles',
  'older_revision',
  'store_closed'
])

function plain(status: number, body: string): Reply {
  return { status, body, type: 'text/plain; charset=utf-8' }
}

function metricsOf(body: string): Reply {
  return { status: 200, body, type: 'text/plain; version=0.0.4; charset=utf-8' }
}

function json(value: unknown, headers?: Reply['headers']): Reply {
  return { ...jsonText(JSON.stringify(value)), headers }
}

function jsonText(body: string): Reply {
  return { status: 200, body, type: 'application/json' }
}

type Answer = (request: Request, route: Route | undefined) => Promise<Reply>

function answerer(source: DecisionSource | SourceOf, ready: ReadySettings, metrics: Metrics): Answer {
  const authenticate = authenticator(ready.tokens)
  const limit = rateLimit(ready.rate, ready.clock)
  const readSource = sourceReader(ready.report)
  const readFound = (found: DecisionSource | undefined): ReadySource => {
    if (found === undefined) throw notFound()
    return readSource(found)
  }
  const sourceOf = (tenant: string | undefined): MaybePromise<ReadySource> => {
    const given = typeof source === 'function' ? source(tenant) : tenant === undefined ? source : undefined
    return given instanceof Promise ? given.then(readFound) : readFound(given)
  }
  return async (request, route) => {
    if (route === undefined) throw notFound()
    const { endpoint, tenant } = route
    requireMethod(request, asked.includes(endpoint) ? toAsk : toRead)
    if (endpoint === 'healthz') return plain(200, 'ok')
    if (endpoint === 'readyz') return ready.isReady() ? plain(200, 'ready') : plain(503, 'not ready')
    if (endpoint === 'metadata') return await metadata(ready, tenant, sourceOf)
    // Waiting for what is there would cost more than finding it: nothing is waited for that is not a promise.
    const calling = authenticate(request, tenant)
    const caller = calling instanceof Promise ? await calling : calling
    if (endpoint === 'metrics') return metricsOf(`${metrics.text()}${ready.moreMetrics()}`)
    limit(caller)
    if (endpoint === 'openapi') return json(openApi(ready.identifier))
    const giving = sourceOf(tenant)
    const from = giving instanceof Promise ? await giving : giving
    const search = searchOf(from, endpoint)
    const body = await readBody(request, ready.maxBody)
    if (search !== undefined) return json(await search({ body, tenant, paging: ready.paging }))
    const answering =
      endpoint === 'evaluation' ? evaluate(from, body) : evaluateAll(from, body, ready.maxEvaluations)
    const answered = answering instanceof Promise ? await answering : answering
    countAll(metrics, answered)
    return jsonText(textOf(answered))
  }
}

function notFound(): Refusal {
  return new Refusal(404, 'not found')
}

const toAsk = ['POST']
const toRead = ['GET', 'HEAD']

function requireMethod({ method }: Request, methods: readonly string[]): void {
  if (!methods.includes(method)) throw new Refusal(405, 'method not allowed', { allow: methods.join(', ') })
}

async function metadata(
  { identifier }: ReadySettings,
  tenant: string | undefined,
  sourceOf: (tenant: string | undefined) => MaybePromise<ReadySource>
): Promise<Reply> {
  if (identifier === undefined) throw notFound()
  const from = await sourceOf(tenant)
  return json(metadataOf(identifier, tenant, from), { 'cache-control': 'public, max-age=3600' })
}

/** The search of an endpoint; `undefined` for an evaluation. @throws Refusal for a search that the source lacks. */
function searchOf(
  source: ReadySource,
  endpoint: Route['endpoint']
): ((request: SearchRequest) => Promise<unknown>) | undefined {
  const { listSubjects, listResources } = source
  if (endpoint === 'search/action') return (request) => searchActions(source, request)
  if (endpoint === 'search/subject') {
    if (listSubjects === undefined) throw notFound()
    return (request) => searchSubjects(source, request, listSubjects)
  }
  if (endpoint !== 'search/resource') return undefined
  if (listResources === undefined) throw notFound()
  return (request) => searchResources(source, request, listResources)
}

function countAll(metrics: Metrics, answered: Evaluations): void {
  if ('evaluations' in answered) for (const evaluation of answered.evaluations) metrics.count(evaluation)
  else metrics.count(answered)
}
