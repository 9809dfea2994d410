// Lifetimes of tokens are counted in nanoseconds, and who writes 86400 means a day of seconds. A token of less than a
// minute is of no use to anybody, so that such a number is taken for a mistake unless it is said not to be one.

/** A minute, in nanoseconds. */
export const shortestLifetime = 60_000_000_000

/** From nanoseconds to the units in which lifetimes are mostly counted elsewhere, the likeliest first. */
const units: readonly (readonly [name: string, nanoseconds: number])[] = [
  ['seconds', 1_000_000_000],
  ['milliseconds', 1_000_000],
  ['microseconds', 1_000]
]

/** What a number of nanoseconds under a minute most likely means, in nanoseconds; `undefined` where nothing fits. */
export function meantLifetime(
  given: number,
  longest: number
): { readonly unit: string; readonly lifetime: number } | undefined {
  for (const [unit, nanoseconds] of units) {
    const lifetime = given * nanoseconds
    if (lifetime >= shortestLifetime && lifetime <= longest) return { unit, lifetime }
  }
  return undefined
}

/** The words for a lifetime that is too short. */
export function tooShort(given: number, meant: ReturnType<typeof meantLifetime>): string {
  const text = `${given} nanosecond${given === 1 ? ' is' : 's are'} less than a minute`
  return meant === undefined ? text : `${text}, and ${given} ${meant.unit} are ${meant.lifetime} nanoseconds`
}

/** The least lifetime as JSON Schema; 0 is the default one. */
export function leastLifetime({ allowShortLifetimes }: { readonly allowShortLifetimes: boolean }): {
  readonly minimum: number
  readonly anyOf?: readonly ({ readonly const: number } | { readonly minimum: number })[]
} {
  return {
    minimum: 0,
    ...(allowShortLifetimes ? {} : { anyOf: [{ const: 0 }, { minimum: shortestLifetime }] })
  }
}
