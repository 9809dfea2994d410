// The whole service as it runs, on a database of its own, for tests that ask it over HTTP. When a test is over, the log of
// its decisions is asked again of the policy: none may come out otherwise.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { replay } from 'casemate/records'
import pg from 'pg'
import { expect } from 'vitest'
import { openDatabase } from '../../../test/db/database.js'
import { appUrl, connect } from '../src/database/connection.js'
import { migrate } from '../src/database/migrate.js'
import { createApp } from '../src/http/app.js'
import { policy } from '../src/policy.js'
import type { Act } from '../src/rules/index.js'
import { createService, type Service as AppService } from '../src/service.js'
import type { SignInSettings } from '../src/sign-in/settings.js'
import { createStore, type Store } from '../src/store/index.js'
import { addPeople, type People } from './people.js'
import { startProcess, type Running } from './support/process.js'

/** In place of a token: the purge. */
export const purgeToken = 'purge'

export interface Answer {
  readonly status: number
  /** Without `date` and those of the connection. */
  readonly headers: Readonly<Record<string, string>>
  /** What its JSON is; `undefined` for an empty body. */
  readonly body: unknown
}

export type Send = (
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>
) => Promise<Answer>

export interface Service {
  readonly url: string
  /** One request below `/api/v2` with a token; `body` is sent as JSON. */
  readonly send: Send
  readonly people: People
  readonly sql: pg.Client
  /** For rules alone: as the owner of everything, without row policies. */
  readonly store: Store
  /** As the service connects. */
  readonly pool: pg.Pool
  readonly act: Act
  readonly app: AppService
  /** One more connection, for whatever happens at the same time. */
  readonly connect: () => Promise<pg.Client>
  /** A further process of the service, on the same database. */
  readonly another: () => Promise<Send>
  /** How many logs there are, of one owner or of all. */
  readonly countLogs: (ownerId?: string) => Promise<number>
}

interface ServiceOptions {
  /** Whether nobody is there yet. */
  readonly isEmpty?: boolean
  /** The identity providers of a service at this address. */
  readonly signIn?: (address: string) => Promise<SignInSettings>
  readonly isBehindProxy?: boolean
}

/** Runs `use` on a service that is gone afterwards. */
export async function withService(
  use: (service: Service) => Promise<void>,
  options: ServiceOptions = {}
): Promise<void> {
  const { service, close } = await openService(options)
  await use(service).finally(close)
}

/** A service that is there until it is closed, which asks the log of its decisions again. */
export async function openService({ isEmpty = false, ...options }: ServiceOptions = {}): Promise<{
  readonly service: Service
  readonly close: () => Promise<void>
}> {
  const { name, people } = await (isEmpty ? emptyTemplate : peopleTemplate)()
  const database = await openDatabase(name)
  const { client: sql, url } = database
  const [owner, pool] = [connect(url), connect(appUrl(url))]
  const lines: string[] = []
  const others: pg.Client[] = []
  const processes: Running[] = []
  const started = await listen(appUrl(url), lines, options)
  const { app, url: address } = started
  const service: Service = {
    url: address,
    send: sendTo(address),
    people,
    sql,
    store: createStore({
      pool: owner,
      service: policy.systemSubject('system'),
      roles: app.roles,
      sealingKey: Buffer.alloc(32)
    }),
    pool,
    act: app.act,
    app,
    connect: async () => {
      const other = new pg.Client({ connectionString: url })
      others.push(other)
      await other.connect()
      return other
    },
    another: async () => {
      const running = await startProcess(url)
      processes.push(running)
      return sendTo(running.url)
    },
    countLogs: async (ownerId) => {
      const { rowCount } = await sql.query(
        'SELECT FROM boundary_logs WHERE $1::uuid IS NULL OR owner_id = $1',
        [ownerId]
      )
      return rowCount ?? 0
    }
  }
  return {
    service,
    close: async () => {
      // First, since what they lock the service may be waiting for.
      for (const other of others) await other.end()
      for (const { stop } of processes) await stop()
      await started.close()
      await pool.end()
      await owner.end()
      await database.drop()
      expect(await flipsIn(lines)).toEqual([])
    }
  }
}

interface Template {
  readonly name: string
  readonly people: People
}

/** Databases to copy, each made once: applying every migration takes longer than most tests. */
const emptyTemplate = memoized(async (): Promise<Template> =>
  createTemplate(() => Promise.resolve({} as People))
)
const peopleTemplate = memoized(async (): Promise<Template> => createTemplate(addPeople))

async function createTemplate(fill: (sql: pg.Client) => Promise<People>): Promise<Template> {
  const { client, url } = await openDatabase()
  await migrate(client)
  const people = await fill(client)
  await client.end()
  return { name: new URL(url).pathname.slice(1), people }
}

function memoized<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

interface Started {
  readonly app: AppService
  readonly url: string
  readonly close: () => Promise<void>
}

async function listen(
  url: string,
  lines: string[],
  {
    signIn = () => Promise.resolve({ oidc: undefined, github: undefined }),
    isBehindProxy = false
  }: Omit<ServiceOptions, 'isEmpty'>
): Promise<Started> {
  const served: { fetch?: AppService['app']['fetch'] } = {}
  const server = createAdaptorServer({
    fetch: (request, bindings) => served.fetch?.(request, bindings) ?? new Response(null, { status: 503 })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const address = `http://127.0.0.1:${port}`
  const app = await createService({
    url,
    accessUrl: new URL(address),
    signIn: await signIn(address),
    isBehindProxy,
    records: (batch) => {
      lines.push(...batch)
    }
  })
  const dbpurge = app.recorded({ subject: policy.systemSubject('dbpurge') })
  served.fetch = createApp({
    ...app.parts,
    authenticate: async (token) => (token === purgeToken ? dbpurge : app.parts.authenticate(token))
  }).fetch
  return {
    app,
    url: address,
    close: async () => {
      if ('closeAllConnections' in server) server.closeAllConnections()
      server.close()
      await app.close()
    }
  }
}

async function flipsIn(lines: readonly string[]): Promise<unknown[]> {
  // eslint-disable-next-line @typescript-eslint/require-await -- it is read as a file is
  async function* input(): AsyncGenerator<string> {
    yield lines.map((line) => `${line}\n`).join('')
  }
  const { flips, lost, gained } = await replay(policy, [{ name: 'test', input: input() }])
  return lost + gained === 0 ? [] : [...flips]
}

export function sendTo(address: string): Send {
  return async (token, method, path, body, headers = {}) => {
    const response = await fetch(`${address}/api/v2${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === '' ? {} : { 'coder-session-token': token }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    const shown = [...response.headers].filter(
      ([name]) => !['date', 'connection', 'keep-alive', 'transfer-encoding'].includes(name)
    )
    const text = await response.text()
    return {
      status: response.status,
      headers: Object.fromEntries(shown),
      body: text === '' ? undefined : (JSON.parse(text) as unknown)
    }
  }
}

/** A body for an agent's logs. */
export function someLogs(count = 1): { logs: Record<string, unknown>[] } {
  return {
    logs: Array.from({ length: count }, (_, i) => ({
      allowed: i % 2 === 0,
      method: 'GET',
      url: `https://example.com/${i}`
    }))
  }
}

/** Stores a log of an agent for its owner, some days old; the answer is its id. */
export async function addLog(
  { sql }: Service,
  { agentId, id }: { readonly agentId: string; readonly id: string },
  days = 0
): Promise<string> {
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO boundary_logs (agent_id, owner_id, at, allowed, method, url)
     VALUES ($1, $2, now() - make_interval(days => $3), true, 'GET', 'https://example.com/') RETURNING id`,
    [agentId, id, days]
  )
  return rows[0]?.id ?? ''
}
