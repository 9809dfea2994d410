// PostgreSQL: the pool, and transactions.
import pg from 'pg'

/** What runs a query: the pool, or the one connection of a transaction. */
export type Database = Pick<pg.ClientBase, 'query'>

/** A statement with the values of its parameters. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** Connections to a database. */
export function connect(url: string, max = 20): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 10_000 })
  // A connection that breaks while nobody uses it; the pool makes a new one.
  pool.on('error', (error) => {
    console.error(`a connection was lost: ${error.message}`)
  })
  return pool
}

/** The same database as the role of the service, for which row policies count. */
export function appUrl(url: string): string {
  const app = new URL(url)
  app.username = 'platform_app'
  app.password = process.env['APP_PASSWORD'] ?? 'platform_app'
  return app.href
}

/** Runs all of `work` on one connection, after the statement `first`, and keeps what it did only if it succeeds. */
export async function inTransaction<T>(
  pool: pg.Pool,
  first: Statement | undefined,
  work: (database: pg.PoolClient) => Promise<T>
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
