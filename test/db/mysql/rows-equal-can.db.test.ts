// Rows that a filter finds in MariaDB are those on which `can` says yes. A deep run makes 200,000 decisions.
import fc from 'fast-check'
import { expect } from 'vitest'
import { drawnWorlds } from '../../sql/law/drawn.js'
import { faultIn, noFigures } from '../../sql/law/law.js'
import { isDeep } from '../../support/depth.js'
import { createTables, databaseOf } from './maria.js'
import { describeMaria } from './with-maria.js'

describeMaria('the rows of a filter in MariaDB', (withMaria) => {
  withMaria(
    'are those on which can says yes, in every kind of column',
    async (client) => {
      const figures = noFigures()
      await createTables(client)
      const database = databaseOf(client)
      const law = fc.asyncProperty(drawnWorlds, async (drawn) => {
        expect(await faultIn(database, drawn, isDeep ? 150 : 60, figures)).toBeUndefined()
      })
      // A smaller world is no easier to read, and each has to be stored.
      await fc.assert(law, { numRuns: isDeep ? 120 : 10, endOnFailure: true })
      expect(figures.allowed).toBeGreaterThan(0)
      if (isDeep) expect(figures.decisions).toBeGreaterThan(200_000)
    },
    isDeep ? 0 : 300_000
  )
})
