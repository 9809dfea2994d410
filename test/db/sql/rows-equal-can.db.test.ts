// Rows that a filter finds are those on which `can` says yes. A deep run makes a million decisions.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnWorlds } from '../../sql/law/drawn.js'
import { faultIn, noFigures } from '../../sql/law/law.js'
import { withDatabase } from '../database.js'
import { isDeep } from '../../support/depth.js'
import { createTables, databaseOf } from './postgres.js'

describe('the rows of a filter', () => {
  it(
    'are those on which can says yes, in every kind of column',
    async () => {
      const figures = noFigures()
      await withDatabase(async (client) => {
        await createTables(client)
        const database = databaseOf(client)
        const law = fc.asyncProperty(drawnWorlds, async (drawn) => {
          expect(await faultIn(database, drawn, isDeep ? 150 : 60, figures)).toBeUndefined()
        })
        // A smaller world is no easier to read, and each has to be stored.
        await fc.assert(law, { numRuns: isDeep ? 400 : 12, endOnFailure: true })
      })
      expect(figures.allowed).toBeGreaterThan(0)
      if (isDeep) expect(figures.decisions).toBeGreaterThan(1_000_000)
      // On a machine that does other work too, a minute is not enough; a deep run takes what it takes.
    },
    isDeep ? 0 : 300_000
  )
})
