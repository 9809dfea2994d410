// Lifetimes of tokens are in nanoseconds, but a caller who writes 86400 means seconds. A token of less than a minute is
// rarely useful, so such a number is taken for a mistake unless the settings allow it.

/** A minute, in nanoseconds. */
export const shortestLifetime = 60_000_000_000

/** The usual units of lifetimes in nanoseconds, the likeliest first. */
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

/** The message for a lifetime that is too short. */
export function tooShort(given: number, meant: ReturnType<typeof meantLifetime>): string {
  const text = `${given} nanosecond${given === 1 ? ' is' : 's are'} less than a minute`
  return meant === undefined ? text : `${text}, and ${given} ${meant.unit} are ${meant.lifetime} nanoseconds`
}

/** The shortest lifetime as JSON Schema; 0 means the default lifetime. */
export function leastLifetime({ allowShortLifetimes }: { readonly allowShortLifetimes: boolean }): {
  readonly minimum: number
  readonly anyOf?: readonly ({ readonly const: number } | { readonly minimum: number })[]
} {
  return {
    minimum: 0,
    ...(allowShortLifetimes ? {} : { anyOf: [{ const: 0 }, { minimum: shortestLifetime }] })
  }
}
