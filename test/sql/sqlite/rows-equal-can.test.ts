// Rows that a filter for SQLite finds are those on which `can` says yes. A deep run makes 200,000 decisions.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDeep, least, runs } from '../../support/depth.js'
import { drawnWorlds } from '../law/drawn.js'
import { faultIn, noFigures } from '../law/law.js'
import { databaseOf } from './database.js'
import { drivers } from './drivers.js'

describe.each(drivers)('the rows of a filter, by $name', ({ connect }) => {
  it('are those on which can says yes, in every kind of column', async () => {
    const figures = noFigures()
    const connection = await connect()
    const database = databaseOf(connection)
    const law = fc.asyncProperty(drawnWorlds, async (drawn) => {
      expect(await faultIn(database, drawn, isDeep ? 150 : 60, figures)).toBeUndefined()
    })
    // A smaller world is no easier to read.
    await fc.assert(law, { numRuns: runs(12, 120), endOnFailure: true })
    connection.close()
    expect(figures.allowed).toBeGreaterThan(least(0))
    expect(figures.malformed).toBeGreaterThan(least(0))
    if (isDeep) expect(figures.decisions).toBeGreaterThan(200_000)
  })
})
