// The drivers and query builders of PostgreSQL, each as a user calls it.
import { drizzle } from 'drizzle-orm/node-postgres'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import postgres from 'postgres'
import {
  numbersOf,
  throughDrizzle,
  throughKysely,
  throughPrisma,
  type Ask,
  type Driver,
  type NumberedRow
} from '../../sql/law/drivers.js'

/** Runs `use` with every driver, each connected to the same database. */
export async function withDrivers(
  url: string,
  use: (drivers: readonly Driver[]) => Promise<void>
): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  // It prepares each text by itself; with one connection, later queries run what earlier ones prepared.
  const sql = postgres(url, { max: 1 })
  const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool }) })
  const db = drizzle(pool)
  const ofPrisma = throughPrisma(
    pg.escapeIdentifier,
    async ({ text, values }) => (await pool.query<NumberedRow>(text, values)).rows
  )
  try {
    await use([
      { name: 'pg', ask: throughPg(pool) },
      { name: 'postgres.js', ask: throughPostgresJs(sql) },
      { name: 'Kysely', ask: throughKysely(kysely) },
      {
        name: 'Drizzle',
        ask: throughDrizzle((fields, from, where) => db.select(fields).from(from).where(where))
      },
      { name: 'Prisma.sql', ask: ofPrisma }
    ])
  } finally {
    await Promise.all([pool.end(), sql.end()])
  }
}

function throughPg(pool: pg.Pool): Ask {
  return async (condition, { schema, table, alias }, most) => {
    const { text, values } = condition.toPg(2)
    const name = [schema, table].map(pg.escapeIdentifier).join('.')
    const from = `FROM ${name} AS ${pg.escapeIdentifier(alias)}`
    const query = `SELECT n ${from} WHERE n >= $1 AND (${text}) AND n <= $${2 + values.length}`
    return numbersOf((await pool.query<NumberedRow>(query, [0, ...values, most])).rows)
  }
}

function throughPostgresJs(sql: postgres.Sql): Ask {
  return async (condition, { schema, table, alias }, most) => {
    const from = sql`FROM ${sql(schema)}.${sql(table)} AS ${sql(alias)}`
    return numbersOf(
      await sql<NumberedRow[]>`SELECT n ${from} WHERE n >= ${0} AND (${condition.into(sql)}) AND n <= ${most}`
    )
  }
}
