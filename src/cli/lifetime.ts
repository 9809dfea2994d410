// A lifetime on the command line, in nanoseconds as tokens have it.
import { InvalidArgumentError } from 'commander'

const units: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['ns', 1],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3_600e9],
  ['d', 86_400e9]
])

/** Reads `30d`, `24h`, `90m`, `45s`, or a plain number of nanoseconds; more than a number can hold is no lifetime. */
export function readLifetime(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([a-z]*)$/.exec(text) ?? []
  const lifetime = Number(digits) * (units.get(unit) ?? Number.NaN)
  if (digits !== '' && Number.isSafeInteger(lifetime) && lifetime > 0) return lifetime
  throw new InvalidArgumentError('expected a time above 0, as 30d, 24h, 90m, 45s or a number of nanoseconds')
}
