// How much work a comparison may do before it fails. Work is counted and not timed, so that the result is the same on
// every machine. Too much work is an error with a code; a comparison is never cut short.
import { CasemateError } from '../errors.js'
import { quoteValue } from '../problems/quote.js'

/** The most steps, of about ten nanoseconds each: some twenty seconds. */
const mostSteps = 2_000_000_000
/** Bytes of all role tables that are kept. */
const mostBytes = 128 * 1024 * 1024
/** Differences that are found, each with its request. */
const mostFindings = 50_000
/** Combinations of settings that one role or template tells apart about one resource. */
export const mostCases = 4_096
const mostNamed = 12

/** What is being compared, for an error, with the options, roles or parameters that make it large. */
export interface Compared {
  readonly about: string
  readonly names: readonly string[]
}

export function tooManyCases({ about, names }: Compared, what: string): CasemateError {
  const named = names.slice(0, mostNamed).map(quoteValue).join(', ')
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  const of = names.length === 0 ? '' : ` of ${named}${more}`
  return new CasemateError('too_many_cases', `${about}: too many cases to compare: ${what}${of}`, {
    value: names
  })
}

/** Counts the work of one comparison; several can be counted together. */
export class Work {
  readonly #most: number
  readonly #whole: Work | undefined
  #steps = 0
  #bytes = 0
  #findings = 0

  /** `whole` also counts the steps of the other comparisons that it is given to. */
  constructor(whole?: Work, most: number = mostSteps) {
    this.#whole = whole
    this.#most = most
  }

  /** @throws CasemateError `too_many_cases` once there were more steps than anybody would wait for. */
  spend(steps: number, tell: () => Compared): void {
    this.#whole?.spend(steps, tell)
    this.#steps += steps
    if (this.#steps > this.#most) throw tooManyCases(tell(), 'more than can be told apart in bounded time')
  }

  /** @throws CasemateError `too_many_cases` once more bytes are kept than allowed. */
  keep(bytes: number, tell: () => Compared): void {
    this.#bytes += bytes
    if (this.#bytes > mostBytes) throw tooManyCases(tell(), 'more than can be kept in bounded memory')
  }

  /** @throws CasemateError `too_many_cases` once there are more differences than anybody would read. */
  find(tell: () => Compared): void {
    if (++this.#findings > mostFindings) throw tooManyCases(tell(), `more than ${mostFindings} differences`)
  }
}
