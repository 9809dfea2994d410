// What row policies let a connection do is what `can` says. A deep run makes 500,000 decisions.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { questionTapeV2, rollWorldV2, worldTapeV2 } from '../../arbitraries/index.js'
import { rolledMany } from '../../arbitraries/dice.js'
import { withDatabase } from '../database.js'
import { createTables } from '../sql/rows.js'
import { decisionsIn, faultIn, noFigures, prepareTables } from './law.js'

const isDeep = process.env['CASEMATE_DEEP'] === '1'
/** Long conditions are planned for each statement; zero means no limit. */
const timeout = isDeep ? 0 : 300_000

/** Worlds, each with a tape that is long enough for its rows, and subjects. */
const drawn = rolledMany(worldTapeV2 + 40_000, questionTapeV2, 6, (first, rest) => ({
  world: rollWorldV2(first),
  first,
  rest
}))

describe('row policies', () => {
  it(
    'let a connection read, change, move, delete and add what can allows',
    async () => {
      const figures = noFigures()
      await withDatabase(async (client) => {
        await createTables(client)
        await prepareTables(client)
        const law = fc.asyncProperty(drawn, async ({ world, first, rest }) => {
          expect(await faultIn(client, world, first, rest, isDeep ? 200 : 50, figures)).toBeUndefined()
        })
        // A smaller world is no easier to read, and each has to be stored.
        await fc.assert(law, { numRuns: isDeep ? 170 : 5, endOnFailure: true })
      })
      for (const what of ['select', 'update', 'delete', 'insert', 'move'] as const)
        expect(figures[what][1]).toBeGreaterThan(0)
      if (isDeep) expect(decisionsIn(figures)).toBeGreaterThan(500_000)
      if (isDeep) console.error(`row policies: ${decisionsIn(figures)} decisions, ${JSON.stringify(figures)}`)
    },
    timeout
  )
})
