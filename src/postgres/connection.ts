// One statement on a connection of a pool, answered in bounded time. A connection whose answer did not come in time may
// be behind a network that drops everything: it is closed, not given back.
import { StoreError } from './store-error.js'
import type { PgAnswer, PgClient, PgPool, PgQueryable } from './pg-types.js'

/** Runs one statement on a connection of its own. */
export async function runOnce(
  pool: PgPool,
  timeout: number,
  text: string,
  values: unknown[]
): Promise<PgAnswer> {
  const client = await connectInTime(pool, timeout)
  // A connection that is lost says so twice: the statement fails, and an event would end the process if nobody heard it.
  client.on('error', hear)
  let isBroken = true
  try {
    const answer = await inTime(timeout, run(client, text, values))
    isBroken = false
    return answer
  } catch (error) {
    // What the server answered came over a connection that works.
    isBroken = !isServerError(error)
    throw error
  } finally {
    if (!isBroken) client.removeListener('error', hear)
    client.release(isBroken)
  }
}

function hear(): void {
  // The statement has failed with the same error.
}

/** A connection; one that comes too late is given back. */
export async function connectInTime(pool: PgPool, timeout: number): Promise<PgClient> {
  const connecting = pool.connect()
  let isLate = false
  const late = (client: PgClient): void => {
    if (isLate) client.release()
  }
  connecting.then(late, () => undefined)
  try {
    return await inTime(timeout, connecting)
  } catch (error) {
    isLate = true
    throw error
  }
}

/** Runs a statement. @throws StoreError `missing_tables` where a table is not there. */
export async function run(client: PgQueryable, text: string, values: unknown[]): Promise<PgAnswer> {
  try {
    return await client.query(text, values)
  } catch (error) {
    if (codeOf(error) !== '42P01') throw error
    const said = error instanceof Error ? error.message : 'a table is not there'
    throw new StoreError('missing_tables', `${said}: run the migration of \`casemate generate store\``, {
      cause: error
    })
  }
}

/** The answer, or an error after so many milliseconds. What comes later is dropped. */
export async function inTime<T>(timeout: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer of the database within ${timeout} ms`))
    }, timeout)
  })
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/** Whether PostgreSQL itself answered with this error, over a connection that it keeps. */
function isServerError(error: unknown): boolean {
  if (error instanceof StoreError) return true
  const code = codeOf(error)
  // Classes 08 and 57: the connection is lost, or the server ends it.
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57)/.test(code)
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
