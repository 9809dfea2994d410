// Where a permission can be named: under two keys, in the set of each level and effect.
import type { Effect } from '../../types.js'
import { levels } from '../../levels.js'

const effects: readonly Effect[] = ['allow', 'deny']

/** Every level and effect. */
export const sets = levels.flatMap((level) => effects.map((effect) => ({ level, effect })))

/** The keys that a permission is looked up under: its resource, and the wildcard. */
export const own = 0

export const wildcard = 1

/** The bit of one of two keys in a set. */
export function slotOf(set: number, position: number): number {
  return 1 << (set * 2 + position)
}
