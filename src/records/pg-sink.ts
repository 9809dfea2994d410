// Lines → rows of a PostgreSQL table, one COPY for a batch: all of it or none.
import { quoteValue } from '../problems/quote.js'
import { settingsError } from '../problems/settings-error.js'
import { PgCopy, type PgCopyClient } from './pg-copy.js'
import type { Sink, SinkLoss } from './types.js'

/** A pool of `pg`, or anything of that form. */
export interface PgCopyPool {
  /** A connection of its own. */
  connect(): Promise<PgCopyClient>
}

/** Which table, and how long to wait. */
export interface PgSinkSettings {
  /** Its name, with its schema if it has one: `audit.decisions`. Default: `casemate_records`. */
  readonly table?: string | undefined
  /** After so many milliseconds a batch is lost, and its connection closed. Default: 30,000. */
  readonly timeout?: number | undefined
}

/** What makes the table. The column `line` is a text: a document type would change what is written, and refuse some of it. */
export function recordsMigration(settings: Pick<PgSinkSettings, 'table'> = {}): string {
  return `CREATE TABLE IF NOT EXISTS ${tableOf(settings)} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written_at timestamptz NOT NULL DEFAULT now(),
  line text NOT NULL
);
`
}

/**
 * A sink that copies each batch into a table with one COPY. Give it a pool of its own, or one that can spare a
 * connection. `SELECT line FROM casemate_records ORDER BY id` gives the log. A line with the character U+0000, which
 * PostgreSQL cannot hold, is dropped alone; a recorder writes none. A batch whose answer is lost counts as dropped, and may
 * be there.
 *
 * @throws CasemateError `invalid_settings`.
 */
export function pgSink(pool: PgCopyPool, settings: PgSinkSettings = {}): Sink {
  const { timeout = 30_000 } = settings
  if (typeof timeout !== 'number' || !(timeout > 0))
    throw settingsError(
      'timeout',
      `expected a number of milliseconds above 0, not ${quoteValue(timeout)}`,
      timeout
    )
  const statement = `COPY ${tableOf(settings)} (line) FROM STDIN WITH (FORMAT text, ENCODING 'UTF8')`
  return async (lines) => {
    const held = lines.filter((line) => !line.includes('\0'))
    if (held.length > 0) await copy(pool, new PgCopy(statement, held), timeout)
    return held.length === lines.length ? undefined : lossOf(lines)
  }
}

async function copy(pool: PgCopyPool, batch: PgCopy, timeout: number): Promise<void> {
  const connecting = pool.connect()
  const state = { isLate: false }
  connecting.then(
    (client) => {
      if (state.isLate) client.release()
    },
    () => undefined
  )
  const { late, stop } = timer(timeout)
  try {
    const client = await Promise.race([connecting, late]).catch((error: unknown) => {
      state.isLate = true
      throw error
    })
    await on(client, batch, late)
  } finally {
    stop()
  }
}

/** Runs a copy, and closes a connection on which it failed. */
async function on(client: PgCopyClient, batch: PgCopy, late: Promise<never>): Promise<void> {
  // A connection that is lost says so twice: the copy fails, and an event would end the process if nobody heard it.
  client.on('error', ignore)
  let isBroken = true
  try {
    client.query(batch)
    await Promise.race([batch.done, late])
    isBroken = false
  } finally {
    // What comes after a time that is over fails without anybody who waits for it.
    batch.done.catch(ignore)
    if (!isBroken) client.removeListener('error', ignore)
    client.release(isBroken)
  }
}

function timer(timeout: number): { readonly late: Promise<never>; readonly stop: () => void } {
  let handle: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    handle = setTimeout(() => {
      reject(new Error(`PostgreSQL did not take a batch within ${timeout} ms`))
    }, timeout)
  })
  return {
    late,
    stop: () => {
      clearTimeout(handle)
    }
  }
}

function lossOf(lines: readonly string[]): SinkLoss {
  const lost = lines.filter((line) => line.includes('\0'))
  const message = `PostgreSQL cannot hold the character U+0000 of ${quoteValue(lost[0])}`
  return { dropped: lost.length, reason: new Error(message) }
}

/** The table's name in quotes, part by part. */
function tableOf({ table = 'casemate_records' }: PgSinkSettings): string {
  return table
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
}

function ignore(): void {
  // The copy has failed with the same error.
}
