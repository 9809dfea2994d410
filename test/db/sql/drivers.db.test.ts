// All drivers and query builders find the same rows, which are those on which `can` says yes.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { whereFor } from '../../../src/sql/index.js'
import { asGiven } from '../../support/engine.js'
import { withDatabase } from '../database.js'
import { drawnWorlds } from './drawn.js'
import { withDrivers } from './drivers.js'
import { answerFault, asName, statementOf, visitWorld } from './law.js'
import { createTables, schema } from './rows.js'

const isDeep = process.env['CASEMATE_DEEP'] === '1'

describe('the drivers', () => {
  it('all find the rows on which can says yes', async () => {
    let found = 0
    const asked = new Set<string>()
    await withDatabase(async (client, url) => {
      await createTables(client)
      await withDrivers(url, async (drivers) => {
        const law = fc.asyncProperty(drawnWorlds, async (drawn) => {
          const fault = await visitWorld(client, drawn, 30, async (one) => {
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
          })
          expect(fault).toBeUndefined()
        })
        await fc.assert(law, { numRuns: isDeep ? 40 : 3, endOnFailure: true })
      })
    })
    expect([...asked]).toEqual(['pg', 'postgres.js', 'Kysely', 'Drizzle', 'Prisma.sql'])
    expect(found).toBeGreaterThan(0)
  })
})
