// PostgreSQL: the pool, the schema with its row policies, and transactions. The type of stored scopes is the file that casemate generates
// from the policy, so a scope that the policy does not have cannot be stored.
import { readFile } from 'node:fs/promises'
import pg from 'pg'

/** What runs a query: the pool, or the one connection of a transaction. */
export type Database = Pick<pg.ClientBase, 'query'>

/** A statement with the values of its parameters. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

const migrations = [
  '../../../policies/coder/generated/api_key_scope.sql',
  '../schema.sql',
  '../app-role.sql',
  '../rls.sql'
]

/** Connections to a database. */
export function connect(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 20 })
  // A connection that breaks while nobody uses it; the pool makes a new one.
  pool.on('error', (error) => {
    console.error(`a connection was lost: ${error.message}`)
  })
  return pool
}

/** The same database as the role of the service, for which row policies count. */
export function appUrl(url: string): string {
  const app = new URL(url)
  app.username = 'boundary_logs_app'
  app.password = process.env['APP_PASSWORD'] ?? 'boundary_logs_app'
  return app.href
}

/** Brings an empty database to the schema, and leaves one that has it as it is. */
export async function migrate(database: Database): Promise<void> {
  for (const file of migrations) await database.query(await readFile(new URL(file, import.meta.url), 'utf8'))
}

/** Runs all of `work` on one connection, after the statement `first`, and keeps what it did only if it succeeds. */
export async function inTransaction<T>(
  pool: pg.Pool,
  first: Statement | undefined,
  work: (database: Database) => Promise<T>
): Promise<T> {
  const client = await pool.connect()
  let isEnded = false
  try {
    await client.query('BEGIN')
    if (first !== undefined) await client.query(first.text, [...first.values])
    const result = await work(client)
    await client.query('COMMIT')
    isEnded = true
    return result
  } catch (error) {
    await client.query('ROLLBACK')
    isEnded = true
    throw error
  } finally {
    // A connection whose transaction could not be ended is not used again.
    client.release(!isEnded)
  }
}
