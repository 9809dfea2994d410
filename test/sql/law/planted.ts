// Planting bugs: which of them the law does not notice.
import fc from 'fast-check'
import { partsOf } from '../../../src/sql/table.js'
import { filterOf, planFor } from '../../../src/sql/where.js'
import type { Bug } from './bugs.js'
import type { TestDatabase } from './database.js'
import { drawnWorlds } from './drawn.js'
import { answerFault, asName, statementOf, visitWorld, type Asked } from './law.js'

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

/** The names of the bugs that no world shows. They are always the same worlds: what they show depends on no run. */
export async function unnoticed(bugs: readonly Bug[], database: TestDatabase): Promise<readonly string[]> {
  const open = new Set(bugs)
  for (const drawn of fc.sample(drawnWorlds, { seed: 1, numRuns: 400 })) {
    await visitWorld(database, drawn, 40, {
      asked: async (asked) => {
        for (const bug of open) if (await isNoticed(bug, asked, asked.dice.chance(30))) open.delete(bug)
        return undefined
      }
    })
    if (open.size === 0) break
  }
  return [...open].map(({ name }) => name)
}
