// The whole service for one test: a database of its own, the people of the demo, and a real HTTP server. The purge has
// no key, so the tests' server knows one word for it, to ask it what the keys are asked.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import pg from 'pg'
import { withDatabase } from '../../../test/db/database.js'
import { createApp } from '../src/app.js'
import { authenticate } from '../src/authenticate.js'
import { appUrl, connect, migrate } from '../src/database.js'
import { addDemo, type Demo } from '../src/demo.js'
import { policy } from '../src/policy.js'
import { actOn, type Act } from '../src/rules.js'
import { enterAs } from '../src/second-line.js'
import { createStore, type Store } from '../src/store.js'

/** In place of a token: the purge. */
export const purgeToken = 'purge'

export interface Answer {
  readonly status: number
  /** Without `date` and those of the connection. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface Service {
  /** One request with a token; `body` is sent as JSON. */
  readonly send: (token: string, method: string, path: string, body?: unknown) => Promise<Answer>
  readonly people: Demo
  readonly sql: pg.Client
  /** For rules alone: as the owner of everything, without row policies. */
  readonly store: Store
  /** As the service connects. */
  readonly pool: pg.Pool
  readonly act: Act
  /** One more connection, for whatever happens at the same time. */
  readonly connect: () => Promise<pg.Client>
  /** How many logs there are, of one owner or of all. */
  readonly countLogs: (ownerId?: string) => Promise<number>
}

/** Runs `use` on a service that is gone afterwards. */
export async function withService(use: (service: Service) => Promise<void>): Promise<void> {
  await withDatabase(async (sql, url) => {
    await migrate(sql)
    const people = await addDemo(sql)
    const [owner, pool] = [connect(url), connect(appUrl(url))]
    const store = createStore(owner)
    const act = actOn((subject) => createStore(pool, enterAs(subject)))
    const app = createApp({
      act,
      authenticate: async (header) =>
        header === `Bearer ${purgeToken}` ? policy.systemSubject('dbpurge') : authenticate(pool, header)
    })
    const server = createAdaptorServer({ fetch: app.fetch }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const others: pg.Client[] = []
    try {
      await use({
        send: (token, method, path, body) => send(`http://127.0.0.1:${port}${path}`, token, method, body),
        people,
        sql,
        store,
        pool,
        act,
        connect: async () => {
          const other = new pg.Client({ connectionString: url })
          others.push(other)
          await other.connect()
          return other
        },
        countLogs: async (ownerId) => {
          const { rowCount } = await sql.query(
            'SELECT FROM boundary_logs WHERE $1::uuid IS NULL OR owner_id = $1',
            [ownerId]
          )
          return rowCount ?? 0
        }
      })
    } finally {
      // First, since what they lock the service may be waiting for.
      for (const other of others) await other.end()
      if ('closeAllConnections' in server) server.closeAllConnections()
      server.close()
      await pool.end()
      await owner.end()
    }
  })
}

async function send(url: string, token: string, method: string, body: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const headers = [...response.headers].filter(
    ([name]) => !['date', 'connection', 'keep-alive'].includes(name)
  )
  return { status: response.status, headers: Object.fromEntries(headers), body: await response.json() }
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
