// What row policies let a connection do is what `can` says. A deep run makes 500,000 decisions.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withDatabase } from '../database.js'
import { isDeep } from '../../support/depth.js'
import { createTables } from '../sql/postgres.js'
import { drawnWorlds } from './drawn.js'
import { decisionsIn, noFigures } from './figures.js'
import { faultInTable, prepareTables, visitTables } from './law.js'

/** Long conditions are planned for each statement; zero means no limit. */
const timeout = isDeep ? 0 : 300_000

/** To ask about a further row is cheap beside the policies, the plans and the transactions that each world takes. */
const [rows, worlds] = isDeep ? [1000, 100] : [50, 5]

describe('row policies', () => {
  it(
    'let a connection read, change, move, delete and add what can allows',
    async () => {
      const figures = noFigures()
      await withDatabase(async (client) => {
        await createTables(client)
        await prepareTables(client)
        const law = fc.asyncProperty(drawnWorlds(rows), async (drawn) => {
          const fault = await visitTables(client, drawn, rows, (filled) => faultInTable(filled, figures))
          expect(fault).toBeUndefined()
          if (isDeep) console.error(`row policies: ${decisionsIn(figures)} decisions so far`)
        })
        // A smaller world is no easier to read, and each has to be stored.
        await fc.assert(law, { numRuns: worlds, endOnFailure: true })
      })
      for (const what of ['select', 'update', 'delete', 'insert', 'move'] as const)
        expect(figures[what][1]).toBeGreaterThan(0)
      if (isDeep) expect(decisionsIn(figures)).toBeGreaterThan(500_000)
      if (isDeep) console.error(`row policies: ${decisionsIn(figures)} decisions, ${JSON.stringify(figures)}`)
    },
    timeout
  )
})
