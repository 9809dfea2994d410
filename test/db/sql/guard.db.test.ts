// A guarded store whose lists are paged by the database: pages are full, and hold only what the subject may see.
import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, type NamesOf } from 'casemate'
import { guard, type Guard, type Rules } from 'casemate/guard'
import { defineTable, whereFor, type RowFilter, type SqlCondition } from 'casemate/sql'
import { withDatabase } from '../database.js'

const policy = compile(
  definePolicy({
    name: 'x',
    resources: { document: { org: 'required', acl: true, actions: { read: '', purge: '' } } },
    roles: {
      auditor: { kind: 'site', grants: { site: { allow: { document: ['read'] } } } },
      member: { kind: 'org', grants: { org: { allow: { document: ['read'] } } } }
    }
  })
)

const documents = defineTable(policy, 'document', {
  id: { column: 'id', as: 'int4', property: 'id' },
  owner: { column: 'owner_id', property: 'ownerId' },
  org: { column: 'org_id', property: 'orgId' },
  acl: { table: 'document_acl', object: 'document_id', list: 'list', grantee: 'grantee', action: 'action' }
})

interface Document {
  readonly id: number
  readonly ownerId: string
  readonly orgId: string
  readonly acl: readonly object[]
}

interface Store {
  page(where: RowFilter, after: number, size: number): Promise<Document[]>
  count(where: SqlCondition): Promise<number>
  forgetful(where: RowFilter): Promise<Document[]>
}

function storeOn(client: pg.Client): Store {
  const ask = async (condition: string, values: readonly unknown[]): Promise<Document[]> => {
    const { rows } = await client.query<Document>(
      `SELECT d.id, d.owner_id AS "ownerId", d.org_id AS "orgId",
         (SELECT coalesce(jsonb_agg(a), '[]') FROM document_acl AS a WHERE a.document_id = d.id) AS acl
       FROM documents AS d WHERE ${condition}`,
      [...values]
    )
    return rows
  }
  return {
    page(where, after, size) {
      const { text, values } = where.toPg(3)
      return ask(`d.id > $1 AND ${text} ORDER BY d.id LIMIT $2`, [after, size, ...values])
    },
    async count(where) {
      const { text, values } = where.toPg()
      const { rows } = await client.query<{ count: string }>(
        `SELECT count(*) FROM documents AS d WHERE ${text}`,
        [...values]
      )
      return Number(rows[0]?.count)
    },
    forgetful: () => ask('TRUE', [])
  }
}

type AppNames = NamesOf<typeof policy>

const check = {
  action: 'read',
  where: documents,
  as: 'd',
  rows: (row: Document) => documents.toObject(row, { acl: row.acl })
} as const
const rules: Rules<AppNames, Store> = {
  page: check,
  count: { action: 'read', where: documents, as: 'd' },
  forgetful: check
}

/** 3,000 documents of ten organizations; each hundredth is shared with ada. */
async function fill(client: pg.Client): Promise<void> {
  await client.query(`
    CREATE TABLE documents (id int PRIMARY KEY, owner_id text, org_id text);
    CREATE TABLE document_acl (document_id int, list text, grantee text, action text);
    INSERT INTO documents SELECT n, 'u' || n, 'o' || n / 300 FROM generate_series(0, 2999) AS n;
    INSERT INTO document_acl SELECT n, 'user', 'ada', 'read' FROM generate_series(0, 2999, 100) AS n`)
}

const ada = policy.subject({ id: 'ada', roles: [{ role: 'member', org: 'o9' }] })
const eve = policy.subject({ id: 'eve', roles: [] })
const auditor = policy.subject({ id: 'max', roles: ['auditor'] })

async function withStore(
  use: (guarded: Guard<AppNames, Store>, client: pg.Client) => Promise<void>
): Promise<void> {
  await withDatabase(async (client) => {
    await fill(client)
    await use(guard(policy, storeOn(client), rules), client)
  })
}

describe('a guarded store on a database', () => {
  it('fills each page, and misses and repeats nothing', async () => {
    await withStore(async (guarded) => {
      const store = guarded.as(ada)
      const seen: number[] = []
      const sizes: number[] = []
      for (;;) {
        const page = await store.page(seen.at(-1) ?? -1, 50)
        if (page.length === 0) break
        sizes.push(page.length)
        seen.push(...page.map(({ id }) => id))
      }
      const shared = Array.from({ length: 27 }, (_, n) => 100 * n)
      const own = Array.from({ length: 300 }, (_, n) => 2_700 + n)
      expect(seen).toEqual([...shared, ...own])
      expect(sizes).toEqual([50, 50, 50, 50, 50, 50, 27])
      expect(await store.count()).toBe(327)
      expect(await guarded.as(auditor).count()).toBe(3_000)
      expect(await guarded.as(eve).page(-1, 50)).toEqual([])
    })
  })

  it('checks what comes back of a method that forgot its condition', async () => {
    await withStore(async (guarded) => {
      expect(await guarded.as(ada).forgetful()).toHaveLength(327)
      expect(await guarded.as(eve).forgetful()).toEqual([])
    })
  })

  it('takes no condition from a caller', async () => {
    await withStore(async (guarded) => {
      const everything = whereFor(auditor, 'read', documents, { as: 'd' })
      const store = guarded.as(eve) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
      await expect(store['count']?.(everything)).resolves.toBe(0)
      // The row to begin after is then what the caller gave, and no number.
      await expect(store['page']?.(everything, 50)).rejects.toThrow()
    })
  })
})
