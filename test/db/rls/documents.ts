// One table of documents with row policies, and people who ask for them: what the traps of row-level security are tried
// on.
import pg from 'pg'
import { compile, definePolicy } from '../../../src/index.js'
import { defineTable, enter, generateRls, protect } from '../../../src/sql/index.js'
import { withDatabase } from '../database.js'
import { createRole } from './law.js'

export const policy = compile(
  definePolicy({
    name: 'traps',
    resources: {
      doc: {
        org: 'required',
        acl: true,
        actions: { create: 'Add', read: 'Read', update: 'Change', delete: 'Delete' }
      }
    },
    roles: {
      member: { kind: 'org', grants: { org: { allow: { doc: ['create', 'read', 'update'] } } } },
      writer: { kind: 'org', grants: { org: { allow: { doc: ['create'] } } } },
      root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } }
    }
  })
)

export const documents = defineTable(policy, 'doc', {
  id: { column: 'id', notNull: true },
  owner: 'owner',
  org: 'org',
  acl: { table: 'doc_acl', object: 'doc', list: 'list', grantee: 'grantee', action: 'action' }
})

export const tables = [
  protect(documents, { table: 'docs', select: 'read', insert: 'create', update: 'update', delete: 'delete' })
]

export type Person = ReturnType<typeof policy.subject>

export const eve = policy.subject({ id: 'eve', roles: [{ role: 'member', org: 'o1' }] })
export const writer = policy.subject({ id: 'w', roles: [{ role: 'writer', org: 'o1' }] })
export const root = policy.subject({ id: 'root', roles: ['root'] })
export const reader = policy.subject({ id: 'sharee', roles: [] })

export const key = Buffer.alloc(32, 'k')
export const role = 'trap_app'

/** A result in short: the rows' first values, or how the statement failed. */
export type Outcome =
  { readonly rows: readonly unknown[]; readonly count: number | null } | { readonly error: string }

export interface Ground {
  /** As the owner of everything, a superuser. */
  readonly admin: pg.Client
  /** As the application. */
  readonly app: pg.Client
  /** One more connection as some role. */
  readonly login: (name: string) => Promise<pg.Client>
  /** Runs statements of one transaction for a subject, and takes them back. */
  readonly as: (subject: Person | undefined, ...statements: readonly string[]) => Promise<readonly Outcome[]>
}

/** What a statement gives, never an exception. */
export async function attempt(
  client: pg.Client,
  text: string,
  values: readonly unknown[] = []
): Promise<Outcome> {
  try {
    const { rows, rowCount } = await client.query<Record<string, unknown>>(text, [...values])
    return { rows: rows.map((row) => Object.values(row)[0]), count: rowCount }
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    return { error: `${error.code ?? ''} ${error.message}` }
  }
}

/** Ten documents in two organizations, one of each shared with `sharee`; row policies unless `up` is false. */
export async function withDocuments(
  use: (ground: Ground) => Promise<void>,
  { signed = false, up: isUp = true }: { readonly signed?: boolean; readonly up?: boolean } = {}
): Promise<void> {
  await withDatabase(async (admin, address) => {
    for (const name of [role, 'trap_owner']) await createRole(admin, name)
    await admin.query(`
      CREATE TABLE docs (id text PRIMARY KEY, owner text, org text NOT NULL, body text);
      CREATE TABLE doc_acl (doc text, list text, grantee text, action text);
      ALTER TABLE docs OWNER TO trap_owner;
      INSERT INTO docs SELECT 'd' || n, 'u' || n % 3, 'o' || n % 2, 'text ' || n FROM generate_series(1, 10) AS n;
      INSERT INTO doc_acl VALUES ('d1', 'user', 'sharee', 'read'), ('d2', 'user', 'sharee', '*');
      GRANT SELECT, INSERT, UPDATE, DELETE ON docs TO ${role};
      GRANT SELECT ON doc_acl TO ${role}`)
    if (isUp) await admin.query(generateRls(policy, { tables, appRole: role, signed }).up)
    if (isUp && signed) await admin.query(`SELECT casemate.set_key('now', $1)`, [key])
    const others: pg.Client[] = []
    const login = async (name: string): Promise<pg.Client> => {
      const url = new URL(address)
      url.username = name
      // A server of the tests asks for no password, or has none for these roles.
      const client = new pg.Client({ connectionString: url.href })
      others.push(client)
      await client.connect()
      return client
    }
    try {
      const app = await login(role)
      await use({
        admin,
        app,
        login,
        as: async (subject, ...statements) => {
          await app.query('BEGIN')
          try {
            if (subject !== undefined) {
              const { text, values } = enter(subject, tables, signed ? { key } : {})
              await app.query(text, [...values])
            }
            const outcomes: Outcome[] = []
            for (const statement of statements) outcomes.push(await attempt(app, statement))
            return outcomes
          } finally {
            await app.query('ROLLBACK')
          }
        }
      })
    } finally {
      for (const client of others) await client.end()
      await admin.query(`DROP OWNED BY ${role}, trap_owner CASCADE`)
    }
  })
}
