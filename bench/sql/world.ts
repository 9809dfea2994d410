// A million documents in PostgreSQL, who may read them, and the indexes that the guide names.
import type pg from 'pg'
import { compile, definePolicy } from '../../src/index.js'
import { defineTable } from '../../src/sql/index.js'

export const rows = 1_000_000
export const organizations = 20_000
const owners = 50_000
export const counts = [1, 100, 1000] as const

const id = (kind: number, n: number): string =>
  `${String(kind).padStart(8, '0')}-0000-4000-a000-${String(n).padStart(12, '0')}`
const sqlId = (kind: number, n: string): string =>
  `('${String(kind).padStart(8, '0')}-0000-4000-a000-' || lpad((${n})::text, 12, '0'))::uuid`

const actions = { read: 'see it', create: 'add it', update: 'edit it', delete: 'remove it' }

export const policy = compile(
  definePolicy({
    name: 'bench',
    resources: {
      plain: { actions },
      shared: { acl: { levels: { viewer: ['read'], editor: ['read', 'update'] } }, actions }
    },
    roles: {
      base: { kind: 'site', grants: { user: { allow: { '*': '*' } } } },
      auditor: { kind: 'site', grants: { site: { allow: { '*': ['read'] } } } },
      admin: { kind: 'org', grants: { org: { allow: { '*': '*' } } } },
      member: { kind: 'org', grants: { orgMember: { allow: { '*': '*' } } } }
    }
  })
)

const columns = {
  id: { column: 'id', as: 'uuid', notNull: true },
  owner: { column: 'owner_id', as: 'uuid', notNull: true },
  org: { column: 'org_id', as: 'uuid' }
} as const

export const plain = defineTable(policy, 'plain', columns)
export const shared = defineTable(policy, 'shared', {
  ...columns,
  acl: {
    table: 'document_acl',
    object: 'document_id',
    list: 'list',
    grantee: 'grantee',
    action: 'action'
  }
})

export type Person = ReturnType<typeof policy.subject>
export const groups: readonly string[] = Array.from({ length: 5 }, (_, n) => id(4, n * 11))
export const orgsOf = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => id(2, n))
export const userOf = (role: 'admin' | 'member', count: number): string =>
  id(3, 100 + counts.findIndex((one) => one === count) * 2 + (role === 'admin' ? 0 : 1))

/** One who has a role in so many organizations, and what is their own outside. */
export function person(role: 'admin' | 'member', count: number): Person {
  const held = orgsOf(count).map((org) => ({ role, org }) as const)
  return policy.subject({ id: userOf(role, count), roles: ['base', ...held], groups })
}

export const auditor = policy.subject({ id: id(3, 99), roles: ['auditor'] })

export const indexes = {
  documents_created: 'ON documents (created_at DESC)',
  documents_org: 'ON documents (org_id, created_at DESC)',
  documents_owner: 'ON documents (owner_id, org_id)',
  document_acl_grantee: 'ON document_acl (list, grantee, action, document_id)',
  document_acl_document: 'ON document_acl (document_id)'
} as const

/** Fifty rows for each organization, one in a hundred in none, one in forty shared with a user or a group. */
export async function fill(client: pg.Client): Promise<void> {
  await client.query(`
    CREATE TABLE documents (id uuid PRIMARY KEY, org_id uuid, owner_id uuid NOT NULL, created_at timestamptz NOT NULL, title text NOT NULL);
    CREATE TABLE document_acl (document_id uuid NOT NULL, list text NOT NULL, grantee text NOT NULL, action text NOT NULL);
    CREATE TABLE memberships (user_id uuid, org_id uuid, role text, PRIMARY KEY (user_id, org_id, role));
    SELECT setseed(0.42);
    INSERT INTO documents
      SELECT ${sqlId(1, 'n')}, CASE WHEN n % 100 = 0 THEN NULL ELSE ${sqlId(2, 'o')} END, ${sqlId(3, 'u')},
        timestamptz '2026-01-01' + n * interval '7 seconds' + random() * interval '30 days', 'document ' || n
      FROM (SELECT n, floor(random() * ${organizations})::int AS o, floor(random() * ${owners})::int AS u
        FROM generate_series(1, ${rows}) AS n) AS r;
    INSERT INTO document_acl
      SELECT ${sqlId(1, 'n')}, 'user', (${sqlId(3, `n / 50 % ${owners}`)})::text, 'read' FROM generate_series(7, ${rows}, 50) AS n
      UNION ALL SELECT id, 'group', org_id::text, 'viewer' FROM documents WHERE right(title, 3) IN ('009', '209') AND org_id IS NOT NULL
      UNION ALL SELECT ${sqlId(1, 'n')}, 'group', (${sqlId(4, 'n / 40 % 2000')})::text, 'editor' FROM generate_series(3, ${rows}, 40) AS n;
    INSERT INTO memberships SELECT ${sqlId(3, '1000 + n % 40000')}, ${sqlId(2, `n * 7919 % ${organizations}`)}, 'member'
      FROM generate_series(1, 200000) AS n ON CONFLICT DO NOTHING`)
  for (const count of counts)
    for (const role of ['admin', 'member'] as const)
      await client.query(
        `INSERT INTO memberships SELECT $1::uuid, ${sqlId(2, 'n')}, $2 FROM generate_series(0, $3::int - 1) AS n`,
        [userOf(role, count), role, count]
      )
  for (const [name, on] of Object.entries(indexes)) await client.query(`CREATE INDEX ${name} ${on}`)
  await client.query('VACUUM ANALYZE documents')
  await client.query('VACUUM ANALYZE document_acl')
  await client.query('VACUUM ANALYZE memberships')
}
