// A new, empty database for one test, and a client that is connected to it.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

/** Runs `use` in a database of its own, by a client or by its address, which is gone afterwards. */
export async function withDatabase(use: (client: pg.Client, url: string) => Promise<void>): Promise<void> {
  const url = new URL(inject('databaseUrl'))
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const admin = await connect(url)
  try {
    await admin.query(`CREATE DATABASE ${name}`)
    url.pathname = `/${name}`
    const client = await connect(url)
    try {
      await use(client, url.href)
    } finally {
      await client.end()
    }
    await admin.query(`DROP DATABASE ${name}`)
  } finally {
    await admin.end()
  }
}

async function connect(url: URL): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  return client
}
