// Measures filters on a million rows of a PostgreSQL of its own, and writes what it finds into `bench/SQL.md`: `npm run
// bench:sql`, or with parts by their names (`filters`, `others`, `all`, `building`, `indexes`, `policies`). Figures are
// never asserted; that all ways find as many rows is.
import { readFile, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import pg from 'pg'
import { startServer } from '../../test/db/server.js'
import { buildingTable } from './building.js'
import { fetchAll, filterTables, sharedStatements } from './filters.js'
import { indexTable } from './index-costs.js'
import { connectAsApp, rowPolicyTable } from './row-policies.js'
import { fill } from './world.js'

const page = new URL('../SQL.md', import.meta.url)
const wanted = process.argv.slice(2)

const tell = (text: string): void => {
  console.error(text)
}

const server = await startServer()
try {
  const client = new pg.Client({ connectionString: server.url })
  // What ends the server ends the connection; the reason is told by whoever stopped.
  client.on('error', () => undefined)
  await client.connect()
  tell('filling')
  await fill(client)
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
  const version = rows[0]?.server_version ?? ''
  const parts: Readonly<Record<string, () => Promise<string> | string>> = {
    policies: async () => {
      const app = await connectAsApp(client, server.url)
      try {
        return await rowPolicyTable(client, app)
      } finally {
        await app.end()
      }
    },
    filters: () => filterTables(client, tell),
    others: () => sharedStatements(client),
    indexes: () => indexTable(client),
    all: () => fetchAll(client),
    // Last, as the server still tidies up what was filled into it while the first part runs.
    building: buildingTable
  }
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    tell(name)
    const before = loadavg()[0] ?? 0
    const table = await measure()
    const [now = 0] = loadavg()
    const load = `PostgreSQL ${version.split(' ')[0] ?? ''}, Node ${process.version}; load of the machine ${before.toFixed(1)} before and ${now.toFixed(1)} after.`
    await replace(name, `${table}\n\n${load}`)
    tell(table)
  }
  await client.end()
} finally {
  await server.stop()
}

/** Puts a table between the marks of its name. */
async function replace(name: string, table: string): Promise<void> {
  const text = await readFile(page, 'utf8')
  const [from, to] = [`<!-- ${name} -->`, `<!-- end ${name} -->`]
  const [begin, end] = [text.indexOf(from), text.indexOf(to)]
  if (begin < 0 || end < begin) throw new Error(`no place for ${name} in SQL.md`)
  await writeFile(page, `${text.slice(0, begin + from.length)}\n\n${table}\n\n${text.slice(end)}`)
}
