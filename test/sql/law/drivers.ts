// One condition through drivers and query builders, as a user writes it: in a query of their own, with parameters before
// and after it. All find the same rows, which are those on which `can` says yes.
import fc from 'fast-check'
import { sqltag } from '@prisma/client/runtime/client'
import { sql as drizzleTag, type SQL } from 'drizzle-orm'
import { sql as kyselyTag, type Kysely } from 'kysely'
import { expect } from 'vitest'
import { whereFor, type SqlCondition } from '../../../src/sql/index.js'
import { asGiven } from '../../support/engine.js'
import type { TestDatabase } from './database.js'
import { drawnWorlds } from './drawn.js'
import { answerFault, asName, statementOf, visitWorld } from './law.js'
import { schema } from './rows.js'

/** Asks for the numbers, up to a largest one, of the rows of a condition. */
export type Ask = (condition: SqlCondition, table: NamedTable, most: number) => Promise<readonly number[]>

interface NamedTable {
  readonly schema: string
  readonly table: string
  readonly alias: string
}

export interface Driver {
  readonly name: string
  readonly ask: Ask
}

export interface NumberedRow {
  readonly n: number
}

export const numbersOf = (rows: readonly NumberedRow[]): readonly number[] => rows.map(({ n }) => n)

export function throughKysely(db: Kysely<object>): Ask {
  return async (condition, { schema, table, alias }, most) => {
    const from = kyselyTag<NumberedRow>`${kyselyTag.id(schema, table)}`.as(kyselyTag.ref(alias))
    const n = kyselyTag.ref<number>('n')
    const query = db
      .selectFrom(from)
      .select(n.as('n'))
      .where(n, '>=', 0)
      .where(condition.into(kyselyTag<boolean>))
      .where(n, '<=', most)
    return numbersOf(await query.execute())
  }
}

/** `find` selects the numbers of rows. */
export function throughDrizzle(
  find: (fields: { n: SQL<number> }, from: SQL, where: SQL) => PromiseLike<readonly NumberedRow[]>
): Ask {
  return async (condition, { schema, table, alias }, most) => {
    const [inSchema, name, as] = [schema, table, alias].map((one) => drizzleTag.identifier(one))
    const from = drizzleTag`${inSchema}.${name} AS ${as}`
    const where = drizzleTag`n >= ${0} AND (${condition.into(drizzleTag)}) AND n <= ${most}`
    return numbersOf(await find({ n: drizzleTag<number>`n` }, from, where))
  }
}

/** What Prisma sends of `Prisma.sql`; its client, which has to be generated for a schema, is left out. */
export function throughPrisma(
  quote: (name: string) => string,
  send: (query: ReturnType<typeof sqltag>) => Promise<readonly NumberedRow[]>
): Ask {
  return async (condition, { schema, table, alias }, most) => {
    const [inSchema, name, as] = [schema, table, alias].map((one) => sqltag([quote(one)]))
    const query = sqltag`SELECT n FROM ${inSchema}.${name} AS ${as}
      WHERE n >= ${0} AND (${condition.into(sqltag)}) AND n <= ${most}`
    return numbersOf(await send(query))
  }
}

/** Fails unless all drivers find the same rows, and these are the right ones. */
export async function expectAlike(
  database: TestDatabase,
  drivers: readonly Driver[],
  numRuns: number
): Promise<void> {
  let found = 0
  const asked = new Set<string>()
  const law = fc.asyncProperty(drawnWorlds, async (drawn) => {
    const fault = await visitWorld(database, drawn, 30, {
      asked: async (one) => {
        const filter = whereFor(one.subject, asGiven(one.action), one.table, { as: asName })
        const fault = await answerFault(one, filter, statementOf(one, filter, false))
        if (fault !== undefined) return fault
        const condition = one.dice.chance(30) ? filter.asValue() : filter
        const table = { schema, table: `${one.storage.form.name} rows`, alias: asName }
        const rows = new Map<string, readonly string[]>()
        for (const { name, ask } of drivers) {
          const numbers = await ask(condition, table, 20)
          const key = numbers.toSorted((a, b) => a - b).join()
          rows.set(key, [...(rows.get(key) ?? []), name])
          found += numbers.length
          asked.add(name)
        }
        return rows.size === 1 ? undefined : JSON.stringify([...rows])
      }
    })
    expect(fault).toBeUndefined()
  })
  await fc.assert(law, { numRuns, endOnFailure: true })
  expect([...asked]).toEqual(drivers.map(({ name }) => name))
  expect(found).toBeGreaterThan(0)
}
