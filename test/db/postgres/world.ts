// A policy with every kind of place, a database with the tables of a store, and what tests do in it.
import pg from 'pg'
import { compile, parsePolicy, type Policy, type RoleDocument, type Subject } from 'casemate'
import { openRoles, storeMigration, type RoleStore, type StoreProblem } from 'casemate/postgres'
import type { StoreMigrationSettings, StoreSettings, PgQueryable } from 'casemate/postgres'
import { withDatabase } from '../database.js'

export const document = {
  name: 'wiki',
  containers: [{ name: 'project' }],
  resources: {
    page: {
      acl: true,
      in: { project: 'optional' },
      attributes: { status: { values: ['draft', 'final'], default: 'draft' } },
      actions: { read: 'see it', update: 'change it', remove: 'throw it away' }
    },
    role: { actions: { update: 'change roles', assign: 'give and take roles' } }
  },
  orgOptions: { plan: { values: ['free', 'paid'], default: 'free' } },
  roles: {
    admin: {
      kind: 'org',
      assigns: ['*'],
      grants: { org: { allow: { page: '*', role: '*' } } }
    },
    editor: {
      kind: 'org',
      assigns: ['custom:org'],
      grants: { org: { allow: { page: ['read', 'update'], role: '*' } } }
    },
    member: { kind: 'org', grants: { org: { allow: { page: ['read'] } } } },
    lead: {
      kind: 'project',
      assigns: ['custom:project'],
      grants: { project: { allow: { page: '*' } } }
    },
    auditor: { kind: 'site', assigns: ['custom:site'], grants: { site: { allow: { page: ['read'] } } } }
  },
  systemSubjects: { setup: { assigns: ['*'], grants: { site: { allow: { '*': '*' } } } } },
  scopes: { 'pages.read': { allow: { page: ['read'] }, public: true } },
  scopeTemplates: {
    one: { params: { page: 'required' }, allow: { page: ['read'] }, allowList: ['page:{page}'] }
  }
}
export const policy: Policy = compile(parsePolicy(document))

/** A role of an organization that allows some actions on pages. */
export function orgRole(...actions: string[]): RoleDocument {
  return { kind: 'org', grants: { org: { allow: { page: actions } } } }
}

export interface Opened {
  readonly store: RoleStore
  readonly client: pg.Client
  readonly pool: pg.Pool
  readonly url: string
  readonly problems: StoreProblem[]
  /** Runs something in a transaction, and gives what it gives once it is committed. */
  readonly change: <T>(run: (tx: PgQueryable) => Promise<T>) => Promise<T>
  /** A subject that may give everything. */
  readonly setup: () => Subject
  /** Opens one more store, which is closed at the end. */
  readonly open: (settings?: Partial<StoreSettings<PgQueryable>>, of?: Policy) => Promise<RoleStore>
}

/** A store in a database of its own, closed afterwards. */
export async function withStore(
  use: (opened: Opened) => Promise<void>,
  settings: Partial<StoreSettings<PgQueryable>> & StoreMigrationSettings = {}
): Promise<void> {
  await withDatabase(async (client, url) => {
    await client.query(settings.schema === undefined ? '' : `CREATE SCHEMA "${settings.schema}"`)
    await client.query(storeMigration(settings))
    const pool = new pg.Pool({ connectionString: url, max: 10 })
    pool.on('error', () => undefined)
    const problems: StoreProblem[] = []
    const stores: RoleStore[] = []
    const { schema, prefix } = settings
    const open: Opened['open'] = async (more = {}, of = policy) => {
      const store = await openRoles(of, {
        pool,
        onProblem: (problem) => problems.push(problem),
        ...(schema === undefined ? {} : { schema }),
        ...(prefix === undefined ? {} : { prefix }),
        ...settings,
        ...more
      })
      stores.push(store)
      return store
    }
    const store = await open()
    try {
      await use({
        store,
        client,
        pool,
        url,
        problems,
        open,
        change: (run) => inTransaction(pool, run),
        setup: () => store.policy().systemSubject('setup')
      })
    } finally {
      for (const one of stores) one.close()
      await pool.end()
    }
  })
}

/** Runs something in a transaction of a pool. */
export async function inTransaction<T>(pool: pg.Pool, run: (tx: PgQueryable) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await run(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

export interface RowToWrite {
  readonly kind?: string
  readonly id?: string
  readonly name: string
  readonly document: unknown
}

/** Writes roles by plain SQL, as another program would, and gives the revision. */
export async function writeRow(client: pg.ClientBase, row: RowToWrite): Promise<number> {
  const { kind = 'org', id = 'o1', name, document } = row
  const at = 'place_kind = $1 AND place_id = $2 AND name = $3'
  const isThere = await client.query(`SELECT FROM casemate_roles WHERE ${at}`, [kind, id, name])
  const { rows } = await client.query<{ revision: string }>(
    isThere.rowCount === 0
      ? 'INSERT INTO casemate_roles (place_kind, place_id, name, document) VALUES ($1, $2, $3, $4) RETURNING revision'
      : `UPDATE casemate_roles SET document = $4 WHERE ${at} RETURNING revision`,
    [kind, id, name, document === null ? null : JSON.stringify(document)]
  )
  return Number(rows[0]?.revision)
}

/** Gives a role by plain SQL. */
export async function give(
  client: pg.ClientBase,
  user: string,
  role: string,
  place: { readonly kind: string; readonly id: string } = { kind: 'org', id: 'o1' }
): Promise<void> {
  await client.query(
    `INSERT INTO casemate_assignments (user_id, role, place_kind, place_id) VALUES ($1, $2, $3, $4)`,
    [user, role, place.kind, place.id]
  )
}

/** The code of what is thrown; what it gives otherwise. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise
  } catch (error) {
    return (error as { code?: unknown }).code ?? error
  }
}

/** The roles of the policy without `member`. */
export function withoutMember(): object {
  return Object.fromEntries(Object.entries(document.roles).filter(([name]) => name !== 'member'))
}
