// Reads a lifetime on the command line into nanoseconds, the unit of tokens.
import { InvalidArgumentError } from 'commander'
import { shortestLifetime } from '../scopes/lifetime.js'

const units: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['ns', 1],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3_600e9],
  ['d', 86_400e9]
])

/**
 * Reads `30d`, `24h`, `90m`, `45s`, or a plain number of nanoseconds; fails above the largest safe integer. A plain
 * number below a minute is refused, because somebody who writes `86400` means seconds.
 */
export function readLifetime(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([a-z]*)$/.exec(text) ?? []
  const lifetime = Number(digits) * (units.get(unit) ?? Number.NaN)
  if (unit === '' && lifetime > 0 && lifetime < shortestLifetime)
    throw new InvalidArgumentError(
      `${digits} nanoseconds are less than a minute; did you mean \`${digits}s\`? (\`${digits}ns\` says that you do not)`
    )
  if (digits !== '' && Number.isSafeInteger(lifetime) && lifetime > 0) return lifetime
  throw new InvalidArgumentError('expected a time above 0, as 30d, 24h, 90m, 45s or a number of nanoseconds')
}
