// The drivers and query builders of MySQL, each as a user calls it.
import { drizzle } from 'drizzle-orm/mysql2'
import { Kysely, MysqlDialect } from 'kysely'
import { createPool } from 'mysql2'
import type { Pool } from 'mysql2/promise'
import {
  numbersOf,
  throughDrizzle,
  throughKysely,
  throughPrisma,
  type Ask,
  type Driver,
  type NumberedRow
} from '../../sql/law/drivers.js'
import { ask, type How } from './server.js'

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** Runs `use` with every driver, each connected to the same server. */
export async function withDrivers(
  port: number,
  use: (drivers: readonly Driver[]) => Promise<void>
): Promise<void> {
  const pool = createPool({ host: '127.0.0.1', port, user: 'root', connectionLimit: 1 })
  const promised = pool.promise()
  const kysely = new Kysely<object>({ dialect: new MysqlDialect({ pool }) })
  const db = drizzle(pool)
  const ofPrisma = throughPrisma(quote, ({ sql, values }) =>
    ask(promised, 'execute', sql, values as (string | number | null)[])
  )
  try {
    await use([
      { name: 'mysql2 query', ask: throughMysql2(promised, 'query') },
      { name: 'mysql2 execute', ask: throughMysql2(promised, 'execute') },
      { name: 'Kysely', ask: throughKysely(kysely) },
      {
        name: 'Drizzle',
        ask: throughDrizzle((fields, from, where) => db.select(fields).from(from).where(where))
      },
      { name: 'Prisma.sql', ask: ofPrisma }
    ])
  } finally {
    await promised.end()
  }
}

function throughMysql2(pool: Pool, how: How): Ask {
  return async (condition, { schema, table, alias }, most) => {
    const { text, values } = condition.toSql()
    const from = `FROM ${quote(schema)}.${quote(table)} AS ${quote(alias)}`
    const query = `SELECT n ${from} WHERE n >= ? AND (${text}) AND n <= ?`
    return numbersOf(await ask<NumberedRow>(pool, how, query, [0, ...values, most]))
  }
}
