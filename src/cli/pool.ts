// A pool of `pg` for the commands that ask a database. The package is a peer, and may not be there.
import { CasemateError } from '../errors.js'
import type { PgPool } from '../postgres/index.js'

/** What a command uses of a pool. */
export interface Pool extends PgPool {
  on(event: 'error', listener: (error: Error) => void): unknown
  end(): Promise<void>
}

/** What is used of the package. */
interface PgModule {
  readonly default: { readonly Pool: new (settings: object) => Pool }
}

/** @throws CasemateError `invalid_settings` without the package, and for what is no address; it never shows the address. */
export async function openPool(url: string, max: number): Promise<Pool> {
  const { default: pg } = await loadPg()
  try {
    const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 10_000 })
    // A connection that is lost while nobody uses it: the next question gets another one, or fails.
    pool.on('error', () => undefined)
    return pool
  } catch (error) {
    throw databaseFault(error)
  }
}

/** A driver's error would come with its stack: it is about the database, and not about this program. */
export function databaseFault(error: unknown): unknown {
  if (error instanceof CasemateError || !(error instanceof Error)) return error
  return new CasemateError('invalid_settings', `--database: ${reasonOf(error)}`, { path: '--database' })
}

/** What a driver's error says; where several addresses were tried, it has a code alone. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message !== '') return error.message
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

async function loadPg(): Promise<PgModule> {
  try {
    return await import('pg')
  } catch {
    throw new CasemateError('invalid_settings', 'the package pg is not installed: npm install pg')
  }
}
