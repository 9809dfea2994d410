// Rows that a filter finds are those on which `can` says yes.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { questionTapeV2, rollWorldV2, worldTapeV2 } from '../../arbitraries/index.js'
import { rolledMany } from '../../arbitraries/dice.js'
import { withDatabase } from '../database.js'
import { faultIn, noFigures } from './law.js'
import { createTables } from './rows.js'

describe('rows of a filter', () => {
  it('are those on which can says yes, in every kind of column', async () => {
    const figures = noFigures()
    await withDatabase(async (client) => {
      await createTables(client)
      const worlds = rolledMany(worldTapeV2 + 20_000, questionTapeV2, 8, (first, rest) => ({
        world: rollWorldV2(first),
        first,
        rest
      }))
      const law = fc.asyncProperty(worlds, async ({ world, first, rest }) => {
        const t0 = performance.now()
        const q0 = figures.queries
        const f = await faultIn(client, world, first, rest, figures)
        console.error('world', Math.round(performance.now() - t0), figures.queries - q0)
        expect(f).toBeUndefined()
      })
      await fc.assert(law, { numRuns: Number(process.env['RUNS'] ?? 6), endOnFailure: true })
    })
    console.error(`rows of a filter: ${JSON.stringify(figures)}`)
    expect(figures.allowed).toBeGreaterThan(0)
  }, 400_000)
})
