// A new, empty database for one test, and a client that is connected to it.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

/** Runs `use` in a database of its own, by a client or by its address, which is gone afterwards. */
export async function withDatabase(use: (client: pg.Client, url: string) => Promise<void>): Promise<void> {
  const { client, url, drop } = await openDatabase()
  // What failed is what is reported, and its database may still be in use.
  await use(client, url).catch(async (error: unknown) => {
    await client.end()
    throw error
  })
  await drop()
}

/** A database that is there until `drop` is called. */
export interface TestDatabase {
  readonly client: pg.Client
  readonly url: string
  readonly drop: () => Promise<void>
}

/** Opens an empty database, or a copy of `template`, the name of one that nobody is connected to. */
export async function openDatabase(template = 'template1'): Promise<TestDatabase> {
  const url = new URL(inject('databaseUrl'))
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  url.pathname = `/${name}`
  const client = await connect(url)
  return {
    client,
    url: url.href,
    drop: async () => {
      await client.end()
      await asAdmin(`DROP DATABASE ${name}`)
    }
  }
}

async function asAdmin(statement: string): Promise<void> {
  const admin = await connect(new URL(inject('databaseUrl')))
  try {
    await admin.query(statement)
  } finally {
    await admin.end()
  }
}

async function connect(url: URL): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  return client
}
