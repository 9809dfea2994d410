// One condition through every driver and query builder, as a user writes it: in a query of their own, with parameters
// before and after it.
import { sqltag } from '@prisma/client/runtime/client'
import { sql as drizzleTag } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Kysely, PostgresDialect, sql as kyselyTag } from 'kysely'
import pg from 'pg'
import postgres from 'postgres'
import type { SqlCondition } from '../../../src/sql/index.js'

/** Asks for the numbers, up to a largest one, of the rows of a condition. */
export type Ask = (condition: SqlCondition, table: TableName, most: number) => Promise<readonly number[]>

interface TableName {
  readonly schema: string
  readonly table: string
  readonly alias: string
}

export interface Driver {
  readonly name: string
  readonly ask: Ask
}

interface Row {
  readonly n: number
}

const numbers = (rows: readonly Row[]): readonly number[] => rows.map(({ n }) => n)

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
  try {
    await use([
      { name: 'pg', ask: throughPg(pool) },
      { name: 'postgres.js', ask: throughPostgresJs(sql) },
      { name: 'Kysely', ask: throughKysely(kysely) },
      { name: 'Drizzle', ask: throughDrizzle(db) },
      { name: 'Prisma.sql', ask: throughPrisma(pool) }
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
    return numbers((await pool.query<Row>(query, [0, ...values, most])).rows)
  }
}

function throughPostgresJs(sql: postgres.Sql): Ask {
  return async (condition, { schema, table, alias }, most) => {
    const from = sql`FROM ${sql(schema)}.${sql(table)} AS ${sql(alias)}`
    return numbers(
      await sql<Row[]>`SELECT n ${from} WHERE n >= ${0} AND (${condition.into(sql)}) AND n <= ${most}`
    )
  }
}

function throughKysely(db: Kysely<object>): Ask {
  return async (condition, { schema, table, alias }, most) => {
    const from = kyselyTag<Row>`${kyselyTag.id(schema, table)}`.as(kyselyTag.ref(alias))
    const n = kyselyTag.ref<number>('n')
    const query = db
      .selectFrom(from)
      .select(n.as('n'))
      .where(n, '>=', 0)
      .where(condition.into(kyselyTag<boolean>))
      .where(n, '<=', most)
    return numbers(await query.execute())
  }
}

function throughDrizzle(db: ReturnType<typeof drizzle>): Ask {
  return async (condition, { schema, table, alias }, most) => {
    const [inSchema, name, as] = [schema, table, alias].map((one) => drizzleTag.identifier(one))
    const query = db
      .select({ n: drizzleTag<number>`n` })
      .from(drizzleTag`${inSchema}.${name} AS ${as}`)
      .where(drizzleTag`n >= ${0} AND (${condition.into(drizzleTag)}) AND n <= ${most}`)
    return numbers(await query)
  }
}

/** What Prisma sends of `Prisma.sql`; its client, which has to be generated for a schema, is left out. */
function throughPrisma(pool: pg.Pool): Ask {
  return async (condition, { schema, table, alias }, most) => {
    const [inSchema, name, as] = [schema, table, alias].map((one) => sqltag([pg.escapeIdentifier(one)]))
    const { text, values } = sqltag`SELECT n FROM ${inSchema}.${name} AS ${as}
      WHERE n >= ${0} AND (${condition.into(sqltag)}) AND n <= ${most}`
    return numbers((await pool.query<Row>(text, values)).rows)
  }
}
