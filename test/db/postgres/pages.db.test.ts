// Many roles are read in pages. Together they are the roles of one moment, whatever is written between two of them.
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { pgDatabase, storeMigration, type PgPool } from 'casemate/postgres'
import { withDatabase } from '../database.js'

const many = 1700

/** A pool that does something before each statement after the first that reads roles. */
function interrupted(pool: pg.Pool, between: (page: number) => Promise<unknown>): PgPool {
  let pages = 0
  return {
    connect: async () => {
      const client = await pool.connect()
      return {
        query: async (text, values) => {
          if (text.includes('ORDER BY revision')) await between(pages++)
          return client.query(text, values)
        },
        release: (isBroken) => {
          client.release(isBroken)
        },
        on: (event, listener) => client.on(event as 'error', listener),
        removeListener: (event, listener) => client.removeListener(event, listener)
      }
    }
  }
}

async function withRoles(
  ids: 'text' | 'uuid',
  use: (client: pg.Client, pool: pg.Pool) => Promise<void>
): Promise<void> {
  await withDatabase(async (client, url) => {
    await client.query(storeMigration({ ids }))
    const place = ids === 'uuid' ? `'00000000-0000-0000-0000-00000000000' || n % 7` : `'o' || n % 7`
    // One statement is one revision: pages have to go on in the middle of it.
    await client.query(`INSERT INTO casemate_roles (place_kind, place_id, name, document)
      SELECT 'org', (${place})::${ids}, 'r' || n, '{"title": "old"}' FROM generate_series(1, ${many}) AS n`)
    const pool = new pg.Pool({ connectionString: url })
    try {
      await use(client, pool)
    } finally {
      await pool.end()
    }
  })
}

const namesOf = (roles: readonly { readonly name: string }[]): string[] =>
  roles.map(({ name }) => name).sort()
const all = Array.from({ length: many }, (_, n) => `r${n + 1}`)

describe('more roles than a page has', () => {
  it.each(['text', 'uuid'] as const)('are read each once, with ids as %s', async (ids) => {
    await withRoles(ids, async (_client, pool) => {
      let pages = 0
      const database = await pgDatabase({ pool: interrupted(pool, () => Promise.resolve((pages += 1))) })
      const { revision, roles } = await database.readChanges(0)
      expect(namesOf(roles)).toEqual([...all].sort())
      expect(pages).toBeGreaterThan(2)
      expect((await database.readChanges(revision)).roles).toEqual([])
    })
  })

  it('are those of the moment of the last page: changed, removed and added ones too', async () => {
    await withRoles('text', async (client, pool) => {
      const changes = [
        '',
        `UPDATE casemate_roles SET document = '{"title": "new"}' WHERE name IN ('r1', 'r7', 'r1699')`,
        `UPDATE casemate_roles SET document = NULL WHERE name = 'r7'`,
        `INSERT INTO casemate_roles (place_kind, place_id, name, document) VALUES ('site', '', 'added', '{}')`
      ]
      const database = await pgDatabase({
        pool: interrupted(pool, (page) => client.query(changes[page] ?? ''))
      })
      const { revision, roles } = await database.readChanges(0)
      const found = new Map(roles.map(({ name, document }) => [name, document]))
      expect(namesOf(roles)).toEqual([...all, 'added'].sort())
      expect(['r1', 'r7', 'r1699', 'r2'].map((name) => found.get(name))).toEqual([
        '{"title": "new"}',
        null,
        '{"title": "new"}',
        '{"title": "old"}'
      ])
      const { rows } = await client.query<{ now: string }>('SELECT revision AS now FROM casemate_revision')
      expect(revision).toBe(Number(rows[0]?.now))
    })
  })

  it('are refused where a later page is of an older database', async () => {
    await withRoles('text', async (client, pool) => {
      const database = await pgDatabase({
        pool: interrupted(pool, (page) =>
          client.query(page === 1 ? 'UPDATE casemate_revision SET revision = 0' : '')
        )
      })
      await expect(database.readChanges(0)).rejects.toMatchObject({ code: 'older_revision' })
    })
  })
})
