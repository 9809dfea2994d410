// Custom roles, who holds them, and keys in PostgreSQL: what one process writes, all others decide by. The tables are those
// of `casemate generate store`.
import pg from 'pg'
import type { CustomRoleOf, PolicyOf, SubjectOf } from 'casemate'
import { openRoles } from 'casemate/postgres'
import { policy } from './shared.js'

const day = 86_400e9

/** Somebody whose roles may have any name. */
export type AppSubject = SubjectOf<PolicyOf<typeof policy, 'custom'>>
type CustomRole = CustomRoleOf<typeof policy>

export async function createApp(connectionString: string) {
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 2000 })
  pool.on('error', (error) => console.error(error.message))
  const store = await openRoles(policy, { pool, onProblem: ({ message }) => console.error(message) })

  /** Runs one change in a transaction. The store holds the lock of all changes from its call on: make it the last step. */
  async function inTransaction<T>(change: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
    const tx = await pool.connect()
    try {
      await tx.query('BEGIN')
      const result = await change(tx)
      await tx.query('COMMIT')
      return result
    } catch (error) {
      await tx.query('ROLLBACK')
      throw error
    } finally {
      tx.release()
    }
  }

  return {
    /** A new customer. Nobody gives the first role, so it is written as it is. */
    signUp: (user: string, tenant: string) =>
      pool.query(
        `INSERT INTO casemate_assignments (user_id, place_kind, place_id, role) VALUES ($1, 'org', $2, 'owner')`,
        [user, tenant]
      ),

    /** Who asks: by a key, else by the user of a session. Once a request; it is as current as the database. */
    subjectFor: async (request: { readonly key?: string; readonly user?: string }) =>
      request.key === undefined
        ? request.user === undefined
          ? undefined
          : await store.subjectOf(request.user)
        : (await store.authenticate(request.key))?.subject,

    /** Who runs the people of a tenant may edit its roles, each within what they hold themselves. */
    saveRole: async (editor: AppSubject, tenant: string, name: string, document: CustomRole | null) => {
      editor.authorize('create', { type: 'membership', org: tenant })
      return inTransaction((tx) => store.save(tx, editor, { place: tenant, name, document }))
    },

    /** The roles of a tenant, not older than the revision that `saveRole` gave: whichever process answers. */
    rolesOf: async (tenant: string, revision = 0) =>
      (await store.at(revision)).roles.list().filter(({ org }) => org === tenant),

    invite: (giver: AppSubject, tenant: string, user: string, role: string, expiresAt?: Date) =>
      inTransaction((tx) => store.assign(tx, giver, { user, role, place: tenant, expiresAt })),

    mintKey: (minter: AppSubject, tenant: string) =>
      inTransaction((tx) =>
        store.mint(tx, minter, { scopes: ['documents.view'], onlyOrgs: [tenant], lifetime: 30 * day })
      ),

    close: async () => {
      store.close()
      await pool.end()
    }
  }
}
