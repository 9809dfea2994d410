// A condition → SQL. A part that a known flag decides is not there at all.
import { fragment, joined, type Fragment } from '../fragment.js'
import { candidatesOf } from '../plan/candidates.js'
import { decided, type Condition, type LeafCondition } from '../plan/condition.js'
import type { RowPlan } from '../plan/plan.js'
import type { Dialect, WriteContext } from './dialect.js'

/**
 * The SQL of a condition; a boolean where nothing has to be asked of a row. `flags` has, by the number of a flag, whether
 * it is set, or the SQL that says so where that is known later.
 */
export function writeCondition(
  condition: Condition,
  flags: readonly (Fragment | boolean)[],
  dialect: Dialect,
  context: WriteContext
): Fragment | boolean {
  const write = (part: Condition): Fragment | boolean => {
    if (isLeaf(part)) return dialect.leaf(part, context)
    switch (part.kind) {
      case 'constant':
        return part.value
      case 'flag':
        return flags[part.flag] ?? false
      case 'all':
        return combine(part.parts.map(write), ' AND ', true)
      case 'any':
        return combine(part.parts.map(write), ' OR ', false)
      case 'not':
        return negate(part.part)
    }
  }
  const negate = (part: Condition): Fragment | boolean => {
    if (isLeaf(part)) {
      const short = dialect.negatedLeaf(part, context)
      if (short !== undefined) return short
    }
    const written = write(part)
    return typeof written === 'boolean' ? !written : dialect.isNotTrue(written)
  }
  return write(condition)
}

/**
 * The same, for a statement, with flags that are known: where the dialect asks in two halves, each part that all rows must
 * fulfil is so written.
 */
export function writeFilter(
  { condition, isSet, slots }: RowPlan,
  dialect: Dialect,
  context: WriteContext
): Fragment | boolean {
  if (!dialect.hasHalves) return writeCondition(condition, isSet, dialect, context)
  const write = (part: Condition, half?: 'wider' | 'check'): Fragment | boolean =>
    writeCondition(part, [], dialect, half === undefined ? context : { ...context, half })
  const known = decided(condition, isSet)
  const written = (known.kind === 'all' ? known.parts : [known]).flatMap((part) => {
    const halves = candidatesOf(part, context.columns, slots)
    return halves === undefined ? [write(part)] : [write(halves.wider, 'wider'), write(halves.check, 'check')]
  })
  return combine(written, ' AND ', true)
}

const inner: ReadonlySet<string> = new Set(['constant', 'flag', 'all', 'any', 'not'])

function isLeaf(part: Condition): part is LeafCondition {
  return !inner.has(part.kind)
}

/** `empty` is what no parts say, and what a part says that makes no difference. */
function combine(
  parts: readonly (Fragment | boolean)[],
  between: string,
  empty: boolean
): Fragment | boolean {
  if (parts.includes(!empty)) return !empty
  const asked = parts.filter((part) => typeof part !== 'boolean')
  const [only] = asked
  if (only === undefined) return empty
  return asked.length === 1 ? only : fragment('(', joined(asked, between), ')')
}
