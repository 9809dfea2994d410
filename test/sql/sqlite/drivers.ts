// SQLite in memory, by the drivers that tests use: sql.js, which is always there, and better-sqlite3 where
// CASEMATE_SQLITE names the module.
import { createRequire } from 'node:module'
import initSqlJs, { type SqlValue as Cell } from 'sql.js'
import type { DriverRow } from '../law/database.js'

type Values = readonly (string | null)[]

export interface Connection {
  readonly run: (text: string) => void
  readonly insert: (text: string, rows: readonly (readonly Cell[])[]) => void
  readonly all: (text: string, values: Values) => readonly DriverRow[]
  /** Every row of a table, with texts and integers as they are stored. */
  readonly read: (table: string) => readonly DriverRow[]
  readonly close: () => void
}

export interface Driver {
  readonly name: string
  readonly connect: () => Promise<Connection>
}

const sqlJs: Driver = {
  name: 'sql.js',
  connect: async () => {
    const { Database } = await initSqlJs()
    const db = new Database()
    const all = (text: string, values: Values = []): DriverRow[] => {
      const statement = db.prepare(text, [...values])
      const rows: DriverRow[] = []
      while (statement.step()) rows.push(statement.getAsObject())
      statement.free()
      return rows
    }
    const namesOf = (table: string): string[] => {
      const statement = db.prepare(`SELECT * FROM ${table}`)
      const found = statement.getColumnNames()
      statement.free()
      return found
    }
    return {
      run: (text) => void db.run(text),
      insert: (text, rows) => {
        const statement = db.prepare(text)
        for (const row of rows) statement.run([...row])
        statement.free()
      },
      all,
      // It cuts texts at NUL and gives integers as doubles: they are read by way of their type and digits.
      read: (table) => {
        const columns = namesOf(table).map((name) => {
          const column = `"${name.replaceAll('"', '""')}"`
          return `typeof(${column}) || ' ' || CASE WHEN typeof(${column}) IN ('text', 'blob') THEN hex(${column}) ELSE ifnull(${column}, '') END AS ${column}`
        })
        return all(`SELECT ${columns.join(', ')} FROM ${table}`).map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, decode(String(cell))]))
        )
      },
      close: () => {
        db.close()
      }
    }
  }
}

function decode(cell: string): unknown {
  const [type, digits = ''] = cell.split(' ')
  if (type === 'null') return null
  if (type === 'text') return Buffer.from(digits, 'hex').toString('utf8')
  if (type === 'blob') return Buffer.from(digits, 'hex')
  const number = Number(digits)
  return type === 'integer' && !Number.isSafeInteger(number) ? BigInt(digits) : number
}

/** As much of better-sqlite3 as is used here. */
interface BetterStatement {
  all(values?: object): DriverRow[]
  run(...values: readonly unknown[]): unknown
  safeIntegers(): BetterStatement
}
type Better = new (file: string) => {
  exec(text: string): unknown
  prepare(text: string): BetterStatement
  close(): unknown
}

const betterSqlite = (module: string): Driver => ({
  name: 'better-sqlite3',
  connect: () => {
    const Database = createRequire(import.meta.url)(module) as Better
    const db = new Database(':memory:')
    return Promise.resolve({
      run: (text) => void db.exec(text),
      insert: (text, rows) => {
        const statement = db.prepare(text)
        for (const row of rows) statement.run(...row)
      },
      // It takes the values of numbered parameters by their numbers.
      all: (text, values) =>
        db.prepare(text).all(Object.fromEntries(values.map((value, at) => [at + 1, value]))),
      read: (table) => db.prepare(`SELECT * FROM ${table}`).safeIntegers().all(),
      close: () => void db.close()
    })
  }
})

const given = process.env['CASEMATE_SQLITE']

/** The drivers that are there. */
export const drivers: readonly Driver[] = [
  sqlJs,
  ...(given === undefined || given === '' ? [] : [betterSqlite(given)])
]
