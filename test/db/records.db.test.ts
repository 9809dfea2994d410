// The log of a recorder in a real table: every text comes back as it was written, a batch is there whole or not at all,
// and nothing that happens to a connection reaches the process.
import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy } from 'casemate'
import { createRecorder, pgSink, recordsMigration, replay, type Sink } from 'casemate/records'
import { logOf } from '../records/support.js'
import { runs } from '../support/depth.js'
import { withDatabase } from './database.js'

const table = 'audit.the "log"'
const name = '"audit"."the ""log"""'

interface Opened {
  readonly sink: Sink
  readonly client: pg.Client
  readonly pool: pg.Pool
  readonly stored: () => Promise<string[]>
}

/** A table with a name that has to be quoted, and a pool before it. */
async function withTable(use: (opened: Opened) => Promise<void>, timeout?: number): Promise<void> {
  await withDatabase(async (client, url) => {
    await client.query(`CREATE SCHEMA audit; ${recordsMigration({ table })}`)
    const pool = new pg.Pool({ connectionString: url, max: 2 })
    pool.on('error', () => undefined)
    const stored = async (): Promise<string[]> => {
      const { rows } = await client.query<{ line: string }>(`SELECT line FROM ${name} ORDER BY id`)
      return rows.map(({ line }) => line)
    }
    try {
      await use({ sink: pgSink(pool, { table, timeout }), client, pool, stored })
    } finally {
      await pool.end()
    }
  })
}

const noHeads = (): string[] => []

describe('lines in a table of PostgreSQL', () => {
  it('are what was written, whatever is in them', async () => {
    const hostile = ['', '\\', '\\.', '\\N', '\\t\t\\n', 'a\r\nb', '\u0001\u007f', '\u2028💡é', "');--", '"']
    await withTable(async ({ sink, stored }) => {
      await sink(hostile, noHeads)
      expect(await stored()).toEqual(hostile)
    })
  })

  it('are what was written, for any text', async () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('\\', '\t', '\n', '\r', '.', 'N', 'b', '0', 'x') }),
      fc.string({ unit: 'binary' }).filter((one) => !one.includes('\0'))
    )
    await withTable(async ({ sink, client, stored }) => {
      await fc.assert(
        fc.asyncProperty(fc.array(text, { maxLength: 50 }), async (lines) => {
          await sink(lines, noHeads)
          expect(await stored()).toEqual(lines)
          await client.query(`DELETE FROM ${name}`)
        }),
        { numRuns: runs(60, 1_000) }
      )
    })
  })

  it('are sent in pieces where there are many', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${i}${'\\é'.repeat(500)}`)
    const long = 'x'.repeat(1024 * 1024)
    await withTable(async ({ sink, stored }) => {
      await sink([...lines, long, ...lines], noHeads)
      expect(await stored()).toEqual([...lines, long, ...lines])
    })
  })

  it('lack those with a null character, which are counted and named', async () => {
    await withTable(async ({ sink, stored }) => {
      expect(await sink(['a', 'b\0c', '\0', 'd'], noHeads)).toEqual({
        dropped: 2,
        reason: new Error('PostgreSQL cannot hold the character U+0000 of `b\\u0000c`')
      })
      expect(await sink(['\0'], noHeads)).toMatchObject({ dropped: 1 })
      expect(await stored()).toEqual(['a', 'd'])
    })
  })
})

describe('a batch', () => {
  it('is there whole or not at all, and the next one is taken', async () => {
    await withTable(async ({ sink, client, pool, stored }) => {
      await client.query(`ALTER TABLE ${name} ADD CHECK (line <> 'refused')`)
      await expect(sink(['a', 'refused', 'b'], noHeads)).rejects.toThrow('check constraint')
      expect(await stored()).toEqual([])
      await sink(['a', 'b'], noHeads)
      expect(await stored()).toEqual(['a', 'b'])
      await client.query(`DROP TABLE ${name}`)
      await expect(sink(['c'], noHeads)).rejects.toThrow('does not exist')
      expect({ waiting: pool.waitingCount, busy: pool.totalCount - pool.idleCount }).toEqual({
        waiting: 0,
        busy: 0
      })
    })
  })

  it.each([
    ['takes too long', 300, 'PostgreSQL did not take a batch within 300 ms'],
    ['loses its connection', undefined, 'terminating connection']
  ])('that %s is lost, and the next one is taken', async (_, timeout, message) => {
    await withTable(async ({ sink, client, pool, stored }) => {
      await client.query(`BEGIN; LOCK TABLE ${name}`)
      const [failed] = await Promise.allSettled([
        sink(['a'], noHeads),
        timeout === undefined ? endWaiting(pool) : undefined
      ])
      expect(failed).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringContaining(message) as string }
      })
      await client.query('COMMIT')
      await sink(['b'], noHeads)
      expect(await stored()).toEqual(['b'])
    }, timeout)
  })

  it('is lost without a server', async () => {
    const pool = new pg.Pool({ connectionString: 'postgres://127.0.0.1:1/none' })
    await expect(pgSink(pool)(['a'], noHeads)).rejects.toThrow('ECONNREFUSED')
    await pool.end()
  })
})

/** Ends the connection that waits for a lock, as soon as there is one. */
async function endWaiting(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`
    )
    if ((rowCount ?? 0) > 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('a recorder', () => {
  const policy: Policy = compile(
    parsePolicy({
      name: 'notes',
      resources: { note: { actions: { read: 'see it', write: 'change it' } } },
      roles: { owner: { kind: 'site', grants: { user: { allow: { note: '*' } } } } }
    })
  )

  it('has its log in a table, which replays to its answers, and hears of what is lost', async () => {
    await withTable(async ({ sink, client, stored }) => {
      const problems: unknown[] = []
      const recorder = createRecorder({
        policy,
        allowed: 1,
        write: sink,
        onProblem: (error, dropped) => problems.push([String(error), dropped])
      })
      const ids = ['\0', '\t\\', '\\.', 'a\nb', "'", '💡', '\ufffd']
      for (const id of ids) {
        const subject = recorder.of(policy.subject({ id, roles: ['owner'] }))
        for (const owner of ids) subject.can('write', { type: 'note', owner })
      }
      expect(await recorder.flush()).toMatchObject({ allowed: 7, denied: 42, dropped: 0 })
      const report = await replay(policy, [logOf(await stored())])
      expect(report).toMatchObject({ decisions: 49, same: 49, problems: [], isSampled: false })

      await client.query(`ALTER TABLE ${name} RENAME TO gone`)
      recorder.of(policy.subject({ id: 'ada', roles: [] })).can('write', { type: 'note' })
      const { dropped } = await recorder.flush()
      expect(problems).toEqual([[expect.stringContaining('does not exist'), dropped]])
      await client.query(`ALTER TABLE audit.gone RENAME TO "the ""log"""`)
      await recorder.close()
      expect(await replay(policy, [logOf(await stored())])).toMatchObject({ dropped, damaged: 0 })
    })
  })
})
