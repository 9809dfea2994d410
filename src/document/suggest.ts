// The words of an error: the nearest valid name, a path, a value in backticks. Bounded work on hostile input, and
// nothing imported: the small runtime bundle takes this file alone.

/** Longer names are not compared: nobody mistypes them, and an attacker would send them. */
const longestName = 64
/** More edits than this are another name, not a typo. */
const mostEdits = 4
const longestSegment = 120
const longestValue = 80

/**
 * The candidate that `value` most likely means, by edit distance without regard to case, a swap of neighbours
 * counted as one edit; the first of equals. `undefined` where none is within two fifths of the name's length, or
 * where the name is longer than 64 characters.
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

/** The edits from `a` to `b`; any number above `limit` once there are more than that. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    let best = row
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1]
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1)
      )
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1)
      }
      current.push(cost)
      best = Math.min(best, cost)
    }
    if (best > limit) return best
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}

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
    else if (!/^[\w$*-]+$/.test(segment))
      path += `["${printable(segment, longestSegment).replaceAll('"', '\\"')}"]`
    else path += (path === '' ? '' : '.') + cut(segment, longestSegment)
  }
  return path
}

/**
 * A value as an error shows it: in backticks, at most 80 characters, control and invisible characters escaped. A
 * text that reads like another value (`"true"`, `"7"`, `""`) is quoted; of a list or a record only the kind is said.
 */
export function quoteValue(value: unknown): string {
  return `\`${describe(value)}\``
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
  return cut(text, length).replace(/[\p{C}\p{Zl}\p{Zp}`]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16)
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
  })
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
