// Bugs that are planted into row policies are noticed by their law: something is let through or refused against what `can`
// says, or PostgreSQL refuses the statement.
import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { withDatabase } from '../database.js'
import { createTables } from '../sql/postgres.js'
import { bugs } from './bugs.js'
import { drawnWorlds } from './drawn.js'
import { noFigures } from './figures.js'
import { faultInTable, prepareTables, visitTables, type Bug, type Filled } from './law.js'

async function isNoticed(bug: Bug, filled: Filled): Promise<boolean> {
  try {
    return (await faultInTable(filled, noFigures(), bug)) !== undefined
  } catch (error) {
    if (error instanceof pg.DatabaseError) return true
    throw error
  }
}

describe('the law of row policies', () => {
  it(`notices each of ${bugs.length} planted bugs`, async () => {
    const open = new Set(bugs)
    await withDatabase(async (client) => {
      await createTables(client)
      await prepareTables(client)
      // Always the same worlds: what they have to show does not depend on the run.
      for (const drawn of fc.sample(drawnWorlds(200), { seed: 1, numRuns: 60 })) {
        const few = { ...drawn, subjects: drawn.subjects.slice(0, 4) }
        await visitTables(client, few, 40, async (filled) => {
          for (const bug of open) if (await isNoticed(bug, filled)) open.delete(bug)
          return undefined
        })
        if (open.size === 0) break
      }
    })
    expect([...open].map(({ name }) => name)).toEqual([])
  }, 900_000)
})
