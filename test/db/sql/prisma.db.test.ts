// The rows that Prisma itself finds are those on which `can` says yes, or `toPrisma` says that it cannot ask for them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDeep } from '../../support/depth.js'
import { withDatabase } from '../database.js'
import { drawnWorlds } from '../../sql/law/drawn.js'
import { compareFault, noFigures } from '../../sql/law/law.js'
import { createTables } from './postgres.js'
import { amongOthers, createViews, textOf, visitForPrisma, withPrisma } from './prisma.js'

describe('the rows that Prisma finds', () => {
  it(
    'are those on which can says yes',
    async () => {
      const figures = noFigures()
      await withDatabase(async (client, url) => {
        await createTables(client)
        await createViews(client)
        await withPrisma(url, async (find) => {
          const law = fc.asyncProperty(drawnWorlds, async (drawn) => {
            const fault = await visitForPrisma(
              client,
              drawn,
              isDeep ? 100 : 40,
              async (one, filter, where) => {
                const asked: unknown = one.dice.chance(50) ? where : amongOthers(where)
                const found = await find(one.storage.form, asked)
                return compareFault(one, filter, found, textOf(asked), figures)
              }
            )
            expect(fault).toBeUndefined()
          })
          await fc.assert(law, { numRuns: isDeep ? 200 : 8, endOnFailure: true })
        })
      })
      expect(figures.allowed).toBeGreaterThan(0)
      expect(figures.decisions).toBeGreaterThan(figures.allowed)
      if (isDeep) expect(figures.decisions).toBeGreaterThan(200_000)
    },
    isDeep ? 0 : 300_000
  )
})
