// Whether a column can hold an id as the exact text that a row has. An id that it cannot hold is the id of no row, so it
// is not sent: it would be an error of the database (`abc` as a uuid) or match a row that `can` refuses (an upper-case
// UUID, `01` for 1, half a surrogate pair, which drivers write as U+FFFD).
import { uuidAt } from '../document/ids.js'
import type { ColumnKind } from './columns.js'

/** Half of a surrogate pair. Alone in its class, it is looked for only where a text has characters above U+00FF. */
const broken = /\p{Cs}/u
const integer = /^(?:0|-?[1-9][0-9]{0,18})$/

/** The smallest and the largest integer of a column. */
const bounds = {
  int4: [-(2n ** 31n), 2n ** 31n - 1n],
  int8: [-(2n ** 63n), 2n ** 63n - 1n]
} as const

/** The fewest characters of an integer that is out of bounds. */
const shortest = { int4: 10, int8: 19 } as const

/** Whether a column of this kind can hold the id. */
export function isStorable(id: string, kind: ColumnKind): boolean {
  if (kind === 'uuid') return uuidAt(id, 0) === 'lower'
  if (kind === 'int4' || kind === 'int8') {
    if (!integer.test(id)) return false
    // So few digits need no larger numbers.
    if (id.length < shortest[kind]) return true
    const value = BigInt(id)
    return value >= bounds[kind][0] && value <= bounds[kind][1]
  }
  return !id.includes('\0') && !broken.test(id)
}
