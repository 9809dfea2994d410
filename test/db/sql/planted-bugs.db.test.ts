// Bugs that are planted into filters are noticed by the law: rows that differ from what `can` says, or an error.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../src/sql/table.js'
import { filterOf, planFor } from '../../../src/sql/where.js'
import { withDatabase } from '../database.js'
import { bugs, type Bug } from './bugs.js'
import { drawnWorlds } from './drawn.js'
import { answerFault, asName, statementOf, visitWorld, type Asked } from './law.js'
import { createTables } from './rows.js'

/** Whether the law notices a bug in one filter; a filter that the bug does not change is not asked. */
async function isNoticed(bug: Bug, asked: Asked, isValue: boolean): Promise<boolean> {
  const given = partsOf(asked.table)
  const right = planFor(asked.subject, asked.action, given)
  const parts = bug.parts?.(given) ?? given
  const plan = bug.plan?.(right, parts) ?? right
  const filter = filterOf(plan, asName, parts)
  const written = statementOf(asked, filter, isValue)
  const statement = { ...written, text: bug.text?.(written.text) ?? written.text }
  const original = statementOf(asked, filterOf(right, asName, given), isValue)
  if (JSON.stringify(statement) === JSON.stringify(original)) return false
  return (await answerFault(asked, { always: undefined }, statement)) !== undefined
}

describe('the law of filters', () => {
  it(`notices each of ${bugs.length} planted bugs`, async () => {
    const open = new Set(bugs)
    await withDatabase(async (client) => {
      await createTables(client)
      // Always the same worlds: what they have to show does not depend on the run.
      for (const drawn of fc.sample(drawnWorlds, { seed: 1, numRuns: 120 })) {
        await visitWorld(client, drawn, 40, async (asked) => {
          for (const bug of open) if (await isNoticed(bug, asked, asked.dice.chance(30))) open.delete(bug)
          return undefined
        })
        if (open.size === 0) break
      }
    })
    expect([...open].map(({ name }) => name)).toEqual([])
  }, 600_000)
})
