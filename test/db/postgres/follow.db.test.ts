// How a process follows the database: what it sees and when, what it does when the database is gone, behind a network that
// drops everything, behind a pooler, or shows less than before. Real servers, a real proxy, real time.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import pg from 'pg'
import {
  openRoles,
  storeMigration,
  type RoleStore,
  type StoreProblem,
  type StoreSettings
} from 'casemate/postgres'
import type { PgPool, PgQueryable } from 'casemate/postgres'
import { startServer, type RestartableServer } from '../server.js'
import { startProxy, type Proxy } from './proxy.js'
import { codeOf, orgRole, policy, withStore, writeRow } from './world.js'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until something holds, for at most ten seconds. */
async function until(holds: () => boolean): Promise<number> {
  const began = performance.now()
  while (!holds()) {
    if (performance.now() - began > 10_000) throw new Error('it never holds')
    await sleep(2)
  }
  return performance.now() - began
}

const has = (store: RoleStore, name: string): boolean => store.policy().roles.get(name, 'o1') !== undefined

describe('a change', () => {
  it('is announced: another store sees it though it would not look for a minute', async () => {
    await withStore(
      async ({ store, client, open }) => {
        const other = await open()
        const revision = await writeRow(client, { name: 'a', document: orgRole('read') })
        await until(() => has(store, 'a') && has(other, 'a'))
        expect([store.revision, other.revision]).toEqual([revision, revision])
        // It is one policy until then, and a new one after it.
        const before = store.policy()
        expect(store.policy()).toBe(before)
        await writeRow(client, { name: 'a', document: null })
        await until(() => !has(store, 'a'))
        expect(before.roles.get('a', 'o1')?.isCustom).toBe(true)
      },
      { pollEvery: 60_000 }
    )
  })

  it('is found by looking, without listening', async () => {
    await withStore(
      async ({ store, client }) => {
        await writeRow(client, { name: 'a', document: orgRole('read') })
        await until(() => has(store, 'a'))
      },
      { listen: false }
    )
  })

  it('is waited for by its revision, and only for so long', async () => {
    await withStore(
      async ({ store, client }) => {
        const revision = await writeRow(client, { name: 'a', document: orgRole('read') })
        expect((await store.at(revision)).roles.get('a', 'o1')?.isCustom).toBe(true)
        expect(await codeOf(store.at(revision + 1, { timeout: 50 }))).toBe('stale_roles')
        expect(await codeOf(store.at(1.5))).toBe('invalid_request')
        const later = store.at(revision + 1)
        await writeRow(client, { name: 'b', document: orgRole('read') })
        // Nobody announces it and nobody looks for a minute, but whoever waits looks.
        void store.at(revision + 1)
        expect((await later).roles.get('b', 'o1')?.isCustom).toBe(true)
      },
      { listen: false, pollEvery: 60_000, maxStale: 120_000 }
    )
  })

  it('of a thousand is one of few: announcements are joined', async () => {
    await withStore(async ({ store, client }) => {
      const seen = new Set([store.policy()])
      const watch = setInterval(() => seen.add(store.policy()), 0)
      for (let i = 0; i < 300; i++)
        await writeRow(client, { name: `r${i % 3}`, document: orgRole(i % 2 ? 'read' : 'update') })
      await until(() => store.revision === 300)
      clearInterval(watch)
      expect(seen.size).toBeLessThan(300)
    })
  })

  it('is not seen by who closed the store', async () => {
    await withStore(async ({ store, client, pool }) => {
      store.close()
      expect(() => store.policy()).toThrow('the store is closed')
      expect(await codeOf(store.at(1))).toBe('store_closed')
      expect(await codeOf(store.subjectOf('ada'))).toBe('store_closed')
      await writeRow(client, { name: 'a', document: orgRole('read') })
      // The listening connection was given back.
      await until(() => pool.totalCount === pool.idleCount)
    })
  })
})

describe('a lower revision', () => {
  it('is refused, is stale after a while, and what comes after it is read from the beginning', async () => {
    await withStore(
      async ({ store, client, problems }) => {
        for (const name of ['a', 'b', 'c']) await writeRow(client, { name, document: orgRole('read') })
        await store.at(3)
        // A backup of revision 1 is restored: `b` and `c` never were, and `a` is another one.
        await client.query('BEGIN')
        await client.query('ALTER TABLE casemate_roles DISABLE TRIGGER USER')
        await client.query(`DELETE FROM casemate_roles WHERE name <> 'a'`)
        await client.query('UPDATE casemate_roles SET revision = 1')
        await client.query('UPDATE casemate_revision SET revision = 1')
        await client.query('ALTER TABLE casemate_roles ENABLE TRIGGER USER')
        await client.query('COMMIT')
        await until(() => problems.some(({ code }) => code === 'older_revision'))
        expect(has(store, 'b')).toBe(true)
        expect(await codeOf(store.subjectOf('ada'))).toBe('older_revision')
        await client.query('BEGIN')
        const save = store.save(client, store.policy().systemSubject('setup'), {
          place: 'o1',
          name: 'd',
          document: orgRole('read')
        })
        expect(await codeOf(save)).toBe('older_revision')
        await client.query('ROLLBACK')
        await sleep(700)
        expect(() => store.policy()).toThrow('the roles were last seen')
        expect(await codeOf(store.at(3))).toBe('stale_roles')
        // Its own history goes on beyond what was seen: 2, 3, 4 mean something else now.
        for (const name of ['x', 'y', 'z']) await writeRow(client, { name, document: orgRole('update') })
        await store.at(4)
        expect(
          store
            .policy()
            .roles.list()
            .filter(({ isCustom }) => isCustom)
            .map(({ name }) => name)
        ).toEqual(['a', 'x', 'y', 'z'])
        expect(problems.filter(({ code }) => code === 'older_revision')).toHaveLength(1)
      },
      { pollEvery: 50, maxStale: 600 }
    )
  })
})

describe('a pooler', () => {
  it('that takes LISTEN and delivers nothing is noticed, and changes are looked for', async () => {
    await withStore(async ({ client, pool, open, problems }) => {
      // As in transaction mode: every statement goes to some session, and none is the one that listens.
      const deaf: PgPool = {
        connect: async () => {
          const real = await pool.connect()
          return {
            query: (text: string, values?: unknown[]) =>
              real.query(text.startsWith('LISTEN') ? 'SELECT 1' : text, values),
            release: (isBroken?: boolean) => {
              real.release(isBroken)
            },
            on: (event: string, listener: (what?: unknown) => void) => real.on(event as 'error', listener),
            removeListener: (event: string, listener: (what?: unknown) => void) =>
              real.removeListener(event, listener)
          }
        }
      }
      const store = await open({ pollEvery: 400, ...{ pool: deaf } })
      await writeRow(client, { name: 'a', document: orgRole('read') })
      await until(() => has(store, 'a'))
      await until(() => problems.some(({ code }) => code === 'not_listening'))
      await writeRow(client, { name: 'b', document: orgRole('read') })
      const took = await until(() => has(store, 'b'))
      expect(took).toBeLessThan(5000)
    })
  })

  it('or a server that ends the session that listens is listened to again', async () => {
    await withStore(
      async ({ store, client, problems }) => {
        const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`
        expect((await client.query(end)).rowCount).toBe(1)
        await until(() => problems.some(({ code }) => code === 'not_listening'))
        await writeRow(client, { name: 'a', document: orgRole('read') })
        await until(() => has(store, 'a'))
        await sleep(600)
        expect((await client.query(end.replace('pg_terminate_backend(pid)', '1'))).rowCount).toBe(1)
      },
      { pollEvery: 300 }
    )
  })
})

describe('a server of its own', () => {
  let server: RestartableServer
  let proxy: Proxy
  const opened: { store: RoleStore; pool: pg.Pool }[] = []
  const problems: StoreProblem[] = []

  async function openThrough(
    settings: Partial<StoreSettings<PgQueryable>> & { timeout?: number }
  ): Promise<RoleStore> {
    const pool = new pg.Pool({ connectionString: proxy.url, max: 4, connectionTimeoutMillis: 400 })
    pool.on('error', () => undefined)
    const store = await openRoles(policy, {
      pool,
      onProblem: (problem) => problems.push(problem),
      ...settings
    })
    opened.push({ store, pool })
    return store
  }

  async function onServer<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: server.url })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return await run(client)
    } finally {
      await client.end()
    }
  }

  beforeAll(async () => {
    server = await startServer()
    proxy = await startProxy(server.url)
    await onServer((client) => client.query(storeMigration()))
  })
  afterAll(async () => {
    for (const { store, pool } of opened) {
      store.close()
      void pool.end()
    }
    await proxy.close()
    await server.stop()
  })

  it('that is stopped leaves the last policy, then none; that is started again is caught up with', async () => {
    await onServer((client) => writeRow(client, { name: 'a', document: orgRole('read') }))
    const store = await openThrough({ pollEvery: 100, maxStale: 1500, timeout: 500 })
    expect(has(store, 'a')).toBe(true)
    await server.pause()
    await sleep(300)
    expect(has(store, 'a')).toBe(true)
    expect(await codeOf(store.subjectOf('ada'))).not.toHaveProperty('id')
    await until(() => problems.some(({ code }) => code === 'database_failed'))
    await sleep(1500)
    expect(() => store.policy()).toThrow('the roles were last seen')
    // Who starts now never saw anything.
    await expect(openThrough({ timeout: 500 })).rejects.toThrow()
    await server.resume()
    const revision = await onServer((client) => writeRow(client, { name: 'b', document: orgRole('read') }))
    await store.at(revision, { timeout: 10_000 })
    expect(has(store, 'b')).toBe(true)
    // And is listened to again.
    await sleep(800)
    await onServer((client) => writeRow(client, { name: 'c', document: orgRole('read') }))
    await until(() => has(store, 'c'))
  })

  it('behind a network that drops everything is as one that is stopped, and comes back', async () => {
    const store = await openThrough({ pollEvery: 100, maxStale: 1500, timeout: 400 })
    proxy.drop(true)
    await onServer((client) => writeRow(client, { name: 'd', document: orgRole('read') }))
    await sleep(300)
    expect(has(store, 'd')).toBe(false)
    await sleep(1700)
    expect(() => store.policy()).toThrow('the roles were last seen')
    proxy.drop(false)
    await until(() => {
      try {
        return has(store, 'd')
      } catch {
        return false
      }
    })
    await onServer((client) => writeRow(client, { name: 'e', document: orgRole('read') }))
    await until(() => has(store, 'e'))
  })
})
