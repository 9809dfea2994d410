// The choices of options under which something holds: for each option that matters, the choices that remain, plainest
// first. These are sets and not single values, so that "any but this one" is one case and not a thousand.
import type { Values } from '../verify/space/settings.js'
import type { OptionValue } from '../types.js'

/** By option, the keys of its choices that remain, in order and never none; an option that is not here has them all. */
export type Ways = ReadonlyMap<string, readonly OptionValue[]>

export const anyWay: Ways = new Map()

/** Whether the two have a choice in common, for each option that both limit. */
export function canBoth(a: Ways, b: Ways): boolean {
  for (const [name, keys] of a) {
    const others = b.get(name)
    if (others !== undefined && others !== keys && !keys.some((key) => others.includes(key))) return false
  }
  return true
}

/** The choices that are in all of them; `canBoth` has to hold for any two. */
export function joinWays(all: Iterable<Ways>): Ways {
  const joined = new Map<string, readonly OptionValue[]>()
  for (const ways of all)
    for (const [name, keys] of ways) {
      const left = joined.get(name)
      joined.set(name, left === undefined ? keys : left.filter((key) => keys.includes(key)))
    }
  return joined
}

/** The plainest choice of each option. */
export function plainestOf(ways: Ways): Values {
  return Object.fromEntries([...ways].flatMap(([name, [key]]) => (key === undefined ? [] : [[name, key]])))
}
