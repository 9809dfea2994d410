// The laws of databases on PostgreSQL.
import pg from 'pg'
import { describe, it } from 'vitest'
import {
  databaseLaws,
  pgDatabase,
  storeMigration,
  type OpenDatabase,
  type PgQueryable
} from 'casemate/postgres'
import { withDatabase } from '../database.js'
import { inTransaction } from './world.js'

/** A database that is there until it is closed. */
async function openPostgres(): Promise<OpenDatabase<PgQueryable>> {
  let close = (): void => undefined
  const isClosed = new Promise<void>((resolve) => {
    close = resolve
  })
  const opened = await new Promise<{ client: pg.Client; url: string; done: Promise<void> }>(
    (resolve, reject) => {
      const done: Promise<void> = withDatabase(async (client, url) => {
        resolve({ client, url, done })
        await isClosed
      })
      done.catch(reject)
    }
  )
  await opened.client.query(storeMigration())
  const pool = new pg.Pool({ connectionString: opened.url, max: 8 })
  return {
    database: await pgDatabase({ pool }),
    transaction: (run) => inTransaction(pool, run),
    close: async () => {
      await pool.end()
      close()
      await opened.done
    }
  }
}

describe('PostgreSQL', () => {
  for (const { name, run } of databaseLaws(openPostgres)) it(name, run)
})
