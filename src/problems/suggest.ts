// The nearest valid name for a misspelt one. Bounded work on hostile input. Imports nothing, to keep the runtime bundle
// small.

/** Longer names are not compared: they are rarely typos, and an attacker could send them. */
const longestName = 64
/** With more edits than this it is another name, not a typo. */
const mostEdits = 4

/**
 * The candidate that `value` most likely means: the one with the smallest edit distance, ignoring case and counting a
 * swap of two neighbours as one edit; the first of several. `undefined` where none is within four edits and two fifths
 * of the longer name, or where `value` is longer than 64 characters.
 */
export function suggest(value: string, candidates: Iterable<string>): string | undefined {
  if (value.length === 0 || value.length > longestName) return undefined
  const wanted = value.toLowerCase()
  let nearest: string | undefined
  let allowed = mostEdits
  for (const candidate of candidates) {
    const limit = Math.min(allowed, Math.floor(Math.max(value.length, candidate.length) * 0.4))
    if (Math.abs(candidate.length - value.length) > limit) continue
    const distance = editDistance(wanted, candidate.toLowerCase(), limit)
    if (distance > limit) continue
    nearest = candidate
    allowed = distance - 1
    if (allowed < 0) break
  }
  return nearest
}

/** The edit distance of `a` and `b`, a swap of neighbours being one edit; above `limit` any larger number. */
export function editDistance(a: string, b: string, limit: number): number {
  const start = commonStart(a, b)
  return distanceWithin(a.slice(start), b.slice(start), limit)
}

function commonStart(a: string, b: string): number {
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  return start
}

/** Fills the table row by row, in each row only the columns that `limit` edits can reach. */
function distanceWithin(a: string, b: string, limit: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: Math.min(b.length, limit) + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current: number[] = []
    const end = Math.min(b.length, row + limit)
    let best = Number.POSITIVE_INFINITY
    for (let column = Math.max(0, row - limit); column <= end; column++) {
      const substituted = column === 0 ? row : at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1)
      let cost = Math.min(substituted, at(last, column) + 1, at(current, column - 1) + 1)
      if (column > 1 && row > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1)
      }
      current[column] = cost
      best = Math.min(best, cost)
    }
    if (best > limit) return best
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}

/** A column that was not filled is farther than any limit. */
function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
