// The words of an error: the nearest valid name, a path, a value in backticks. Bounded work on hostile input, and
// nothing imported but the characters that are seen: the small runtime bundle takes these two files alone.
import { commandSign, visible } from '../output/visible.js'

/** Longer names are not compared: nobody mistypes them, and an attacker would send them. */
const longestName = 64
/** More edits than this are another name, not a typo. */
const mostEdits = 4
const longestSegment = 120
const longestValue = 80
const longestForeign = 400
const mostListed = 10

/**
 * The candidate that `value` most likely means, by edit distance without regard to case, a swap of neighbours
 * counted as one edit; the first of equals. `undefined` where none is within four edits and two fifths of the longer
 * name, or where the name is longer than 64 characters.
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

/** The edits from `a` to `b`, a swap of neighbours being one; any number above `limit` once there are more than that. */
export function editDistance(a: string, b: string, limit: number): number {
  const start = commonStart(a, b)
  return distanceWithin(a.slice(start), b.slice(start), limit)
}

function commonStart(a: string, b: string): number {
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  return start
}

/** Row by row, and in each only the columns that `limit` edits can reach. */
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

/** What lies outside the columns that are reached is farther than any limit. */
function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}

/**
 * Where something is, as `roles.owner.grants.site.allow.boundary_log` or `variants[0]`. A key with other characters
 * than word characters, `$`, `*` and `-` is quoted: `scopes["coder:all"]`. Empty for the whole value. Keys longer
 * than 120 characters are cut.
 */
export function formatPath(segments: readonly (string | number)[]): string {
  let path = ''
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`
    else if (isPlainKey(segment)) path += (path === '' ? '' : '.') + cut(segment, longestSegment)
    else path += `["${printable(segment.replaceAll('\\', '\\\\'), longestSegment).replaceAll('"', '\\"')}"]`
  }
  return path
}

/** Whether a key needs no quotes: only the part of it that is shown counts. */
function isPlainKey(key: string): boolean {
  return /^[\w$*-]+$/.test(key.slice(0, longestSegment))
}

/**
 * A value as an error shows it: in backticks, at most 80 characters, control and invisible characters escaped. A
 * text that reads like another value (`"true"`, `"7"`, `""`) is quoted; of a list or a record only the kind is said.
 */
export function quoteValue(value: unknown): string {
  return `\`${describe(value)}\``
}

/** Values as an error lists them: the first ten, and how many more there are. */
export function quoteValues(values: readonly unknown[]): string {
  const more = values.length - mostListed
  const listed = values.slice(0, mostListed).map(quoteValue).join(', ')
  return more > 0 ? `${listed} and ${more} more` : listed
}

/** Words of somebody else's program as part of an error: one line, cut, in characters that are seen. */
export function foreignWords(text: string): string {
  return visible(cut(text, longestForeign)).replace(commandSign, '\\u0023')
}

function describe(value: unknown): string {
  if (typeof value === 'string') {
    const text = printable(value, longestValue)
    return /^(?:true|false|null|undefined|-?[\d.]+(?:e[+-]?\d+)?|\s.*|.*\s|)$/s.test(value)
      ? `"${text}"`
      : text
  }
  if (typeof value === 'bigint') return `${cut(value.toString(), longestValue)}n`
  if (typeof value === 'symbol') return printable(value.toString(), longestValue)
  if (typeof value === 'function') return 'function'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}'
  return String(value)
}

function printable(text: string, length: number): string {
  return visible(cut(text, length)).replaceAll('`', '\\u0060').replace(commandSign, '\\u0023')
}

/** At most so many characters, and no half of one. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const code = text.charCodeAt(length - 1)
  return `${text.slice(0, code >= 0xd800 && code < 0xdc00 ? length - 1 : length)}…`
}
