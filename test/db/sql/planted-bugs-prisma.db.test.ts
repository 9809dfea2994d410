// Bugs that are planted into objects for Prisma are noticed by the law: rows that differ from what `can` says.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnWorlds } from '../../sql/law/drawn.js'
import { compareFault, noFigures } from '../../sql/law/law.js'
import { withDatabase } from '../database.js'
import { createTables } from './postgres.js'
import { bugs, withBug } from './prisma-bugs.js'
import { createViews, textOf, visitForPrisma, withPrisma } from './prisma.js'

describe('the law of objects for Prisma', () => {
  it(`notices each of ${bugs.length} planted bugs`, async () => {
    const open = new Set(bugs)
    await withDatabase(async (client, url) => {
      await createTables(client)
      await createViews(client)
      await withPrisma(url, async (find) => {
        // Always the same worlds: what they show depends on no run.
        for (const drawn of fc.sample(drawnWorlds, { seed: 1, numRuns: 120 })) {
          await visitForPrisma(client, drawn, 40, async (one, _, where) => {
            for (const bug of open) {
              const wrong = withBug(bug, where)
              if (textOf(wrong) === textOf(where)) continue
              const found = await find(one.storage.form, wrong)
              const text = textOf(wrong)
              if (compareFault(one, { always: undefined }, found, text, noFigures()) !== undefined)
                open.delete(bug)
            }
            return undefined
          })
          if (open.size === 0) break
        }
      })
    })
    expect([...open].map(({ name }) => name)).toEqual([])
  }, 600_000)
})
