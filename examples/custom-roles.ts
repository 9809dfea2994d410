// Custom roles, who holds them, and keys in PostgreSQL: what one process writes, all others decide by. The tables are those
// of `casemate generate store`.
import pg from 'pg'
import type { CustomRoleOf, PolicyOf, SubjectOf } from 'casemate'
import { openRoles, type MintedKey, type RoleStoreOf } from 'casemate/postgres'
import { policy } from './shared.js'

/** Somebody whose roles may have any name. */
export type AppSubject = SubjectOf<PolicyOf<typeof policy, 'custom'>>

const day = 86_400e9

export interface App {
  readonly pool: pg.Pool
  readonly store: RoleStoreOf<typeof policy>
}

export async function openApp(connectionString: string): Promise<App> {
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 2000 })
  pool.on('error', console.error)
  return { pool, store: await openRoles(policy, { pool, onProblem: console.error }) }
}

/** A change in a transaction. The store holds the lock of all changes from its call on: make it the last step. */
async function change<T>({ pool }: App, run: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const tx = await pool.connect()
  try {
    await tx.query('BEGIN')
    const result = await run(tx)
    await tx.query('COMMIT')
    return result
  } catch (error) {
    await tx.query('ROLLBACK')
    throw error
  } finally {
    tx.release()
  }
}

/** Who asks, by a key or by the user of a session. Once a request: it is as current as the database. */
export async function subjectFor(
  { store }: App,
  who: { key: string } | { user: string }
): Promise<AppSubject | undefined> {
  return 'key' in who ? (await store.authenticate(who.key))?.subject : store.subjectOf(who.user)
}

/** Who may invite people to a tenant may edit its roles, within what they hold themselves. Gives the revision. */
export async function saveRole(
  app: App,
  editor: AppSubject,
  tenant: string,
  name: string,
  document: CustomRoleOf<typeof policy>
): Promise<number> {
  editor.authorize('create', { type: 'membership', org: tenant })
  return change(app, (tx) => app.store.save(tx, editor, { place: tenant, name, document }))
}

/** The roles of a tenant, not older than a revision that somebody wrote: whichever process answers. */
export async function rolesOf({ store }: App, tenant: string, revision: number): Promise<string[]> {
  return (await store.at(revision)).roles.list().flatMap(({ name, org }) => (org === tenant ? [name] : []))
}

export async function invite(
  app: App,
  giver: AppSubject,
  tenant: string,
  user: string,
  role: string
): Promise<void> {
  await change(app, (tx) => app.store.assign(tx, giver, { user, role, place: tenant }))
}

export async function mintKey(app: App, minter: AppSubject, tenant: string): Promise<MintedKey> {
  const key = { scopes: ['documents.view'], onlyOrgs: [tenant], lifetime: 30 * day } as const
  return change(app, (tx) => app.store.mint(tx, minter, key))
}
