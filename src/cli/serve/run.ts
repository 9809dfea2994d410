// Runs `casemate serve`: reads everything, listens, follows its files, and ends at a signal without dropping an answer or
// a line of its log.
import { CasemateError, isCasemateError } from '../../errors.js'
import { count } from '../../output/words.js'
import { createHandler, type DecisionSource, type Handler } from '../../server/index.js'
import { print, tell } from '../io.js'
import { openPool, type Pool } from '../pool.js'
import { readDatabaseUrl, type DatabaseOptions } from '../database-url.js'
import type { StoreOptions } from './database.js'
import { isLoopback, listen, type Listening } from './listen.js'
import { readMaskKey } from './mask-key.js'
import { openRecords, type Records } from './records.js'
import { Retired } from './retired.js'
import { loadSource, type Served } from './source.js'
import { loadTokens, type Tokens } from './tokens.js'
import { watch, type Watched, type WatchSettings } from './watched.js'

/** What the command line says. */
export interface ServeOptions extends StoreOptions, DatabaseOptions {
  readonly subjects?: string
  readonly host: string
  readonly port: number
  readonly tokenFile?: string
  readonly identifier?: string
  readonly rate?: number
  readonly records?: string
  readonly recordsAllowed?: number
  readonly maskKeyFile?: string
  readonly drain: number
  readonly check?: boolean
}

/** Milliseconds between looks at the files. */
const lookEvery = 1000
/** To the database: one listens for each version of the policy that is in use, the others are asked. */
const mostConnections = 20
/** Subjects that are looked up in a database for one page of a search: each is a question to it. */
const mostLookedUp = 500

/** @throws CasemateError for what is wrong before it listens. */
export async function serve(options: ServeOptions): Promise<void> {
  const { tokenFile, host, records: path, maskKeyFile } = options
  if (tokenFile === undefined && !isLoopback(host))
    throw new CasemateError(
      'invalid_settings',
      `--host: without --token-file only loopback is listened on, not ${host}`
    )
  if (path === undefined) refuseWithoutRecords(options)
  if (options.check === true && maskKeyFile !== undefined) await readMaskKey(maskKeyFile)
  const records =
    path === undefined || options.check === true
      ? undefined
      : await openRecords({ ...options, records: path }, tellLine)
  const { load, paths, end } = await loader(options, records)
  try {
    if (options.check === true) await check(options, load)
    else await follow(options, { load, paths, records })
  } finally {
    await end()
  }
}

/** Who gives the key of a log expects one. */
function refuseWithoutRecords({ maskKeyFile }: ServeOptions): void {
  if (maskKeyFile !== undefined)
    throw new CasemateError('invalid_settings', '--mask-key-file: there is no log without --records')
}

/** How one version of what is answered from is read. */
interface Loader {
  readonly load: () => Promise<Served>
  /** The files that it is made of. */
  readonly paths: readonly string[]
  /** Ends what all versions share. */
  readonly end: () => Promise<void>
}

/** @throws CasemateError unless subjects come from one place. */
async function loader(options: ServeOptions, records: Records | undefined): Promise<Loader> {
  const { policy, subjects, database, databaseFile } = options
  const places = [subjects, database, databaseFile].filter((place) => place !== undefined)
  if (places.length !== 1)
    throw new CasemateError('invalid_settings', 'expected one of --subjects, --database and --database-file')
  if (subjects !== undefined) {
    const load = (): Promise<Served> => loadSource({ ...options, subjects }, records)
    return { load, paths: [policy, subjects], end: () => Promise.resolve() }
  }
  const { loadStored } = await import('./database.js')
  const pool: Pool = await openPool(await readDatabaseUrl(options), mostConnections)
  return {
    load: () => loadStored(options, { pool, records, tell: tellLine }),
    paths: [policy],
    end: () => pool.end()
  }
}

/** Serves until a signal, and follows the files. */
async function follow(
  options: ServeOptions,
  { load, paths, records }: Omit<Loader, 'end'> & { readonly records: Records | undefined }
): Promise<void> {
  const { tokenFile } = options
  const retired = new Retired()
  const source = await watch(load, {
    ...watchSettings<Served>(paths),
    replaced: (before) => {
      retired.add(before)
    }
  })
  try {
    const tokens =
      tokenFile === undefined
        ? undefined
        : await watch(() => loadTokens(tokenFile), watchSettings<Tokens>([tokenFile]))
    await run(options, { source, tokens, records })
  } finally {
    await source.stop()
    // In the order in which they came, so that the log is in order too.
    await retired.close()
    await source.value.close()
  }
  print('stopped')
}

async function check(options: ServeOptions, load: Loader['load']): Promise<void> {
  const source = await load()
  try {
    const tokens = options.tokenFile === undefined ? undefined : await loadTokens(options.tokenFile)
    describe(source, options, tokens)
  } finally {
    await source.close()
  }
}

function watchSettings<T>(paths: readonly string[]): WatchSettings<T> {
  return {
    paths,
    every: lookEvery,
    tell: (message, error) => {
      tell([message, ...(error === undefined ? [] : linesOf(error))])
    }
  }
}

interface Parts {
  readonly source: Watched<Served>
  readonly tokens: Watched<Tokens> | undefined
  readonly records: Records | undefined
}

/** Listens until a signal ends it. */
async function run(options: ServeOptions, { source, tokens, records }: Parts): Promise<void> {
  const state = { isStopping: false }
  // The handler needs the address for its metadata, and the address is known once it is listened on.
  const served: { handler: Handler | undefined } = { handler: undefined }
  const isOpen = tokens === undefined
  const listening = await listen((request) => {
    // A page of another site could have its name lead here, and then ask from a browser of this machine.
    if (isOpen && !isLoopback(request.headers.get('host') ?? '')) return respond(403, 'not this host')
    return served.handler?.(request) ?? respond(503, 'not ready')
  }, options)
  // There is one policy: a path of a tenant is a path that there is not.
  const sourceOf = (tenant: string | undefined): DecisionSource | undefined =>
    tenant === undefined ? source.value.source() : undefined
  served.handler = createHandler(sourceOf, {
    identifier: options.identifier ?? listening.url,
    ...(tokens === undefined ? {} : { tokens: (token) => tokens.value.has(token) }),
    ...(options.rate === undefined ? {} : { rate: { perSecond: options.rate } }),
    ...(options.subjects === undefined ? { maxScanned: mostLookedUp } : {}),
    isReady: () => !state.isStopping && source.value.isReady(),
    moreMetrics: () => metricsOf(source, records),
    onError: (error) => {
      // That the database does not answer is said once, and not at each request.
      if (!(isCasemateError(error) && error.code === 'unavailable')) tell(linesOf(error))
    }
  })
  const reload = (): void => {
    void source.reload()
    void tokens?.reload()
  }
  // Before it says that it listens: whoever reads that may send a signal at once.
  process.on('SIGHUP', reload)
  const stopped = untilStopped()
  describe(source.value, options, tokens?.value)
  print(`listening on ${listening.url}`)
  await stopped
  state.isStopping = true
  print('stopping')
  await stop(listening, options.drain)
  process.off('SIGHUP', reload)
  await tokens?.stop()
}

async function respond(status: number, body: string): Promise<Response> {
  return await Promise.resolve(new Response(body, { status }))
}

/** Until the first signal. The next one finds nobody who listens, and ends the process at once. */
async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      process.off('SIGTERM', stop)
      process.off('SIGINT', stop)
      resolve()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}

async function stop(listening: Listening, drain: number): Promise<void> {
  if (drain > 0) await new Promise((resolve) => setTimeout(resolve, drain * 1000))
  await listening.close()
}

function describe({ policy, who }: Served, { system }: ServeOptions, tokens: Tokens | undefined): void {
  const services = system === undefined ? '' : ` and ${system.join(', ')}`
  const callers = tokens === undefined ? 'no token' : count(tokens.count, 'token')
  print(`${policy.name}: ${count(policy.resources.list().length, 'resource')}, ${who}${services}, ${callers}`)
}

function metricsOf({ value, counts }: Watched<Served>, records: Records | undefined): string {
  const log = records?.counts()
  return [
    '# HELP casemate_reloads_total How often what is answered from was read.',
    '# TYPE casemate_reloads_total counter',
    `casemate_reloads_total{result="read"} ${counts.loaded}`,
    `casemate_reloads_total{result="refused"} ${counts.failed}`,
    ...value.metrics(),
    ...(log === undefined
      ? []
      : [
          '# HELP casemate_records_total Lines of the log.',
          '# TYPE casemate_records_total counter',
          `casemate_records_total{result="written"} ${log.written}`,
          `casemate_records_total{result="dropped"} ${log.dropped}`
        ]),
    ''
  ].join('\n')
}

function tellLine(line: string): void {
  tell([line])
}

/** What an operator is told of an error; the stack of one that was not expected. */
function linesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)]
  return (isCasemateError(error) ? error.message : (error.stack ?? error.message)).split('\n')
}
