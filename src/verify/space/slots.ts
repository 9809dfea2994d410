// Slots: the places in a role's grants that can name a permission, as bits. There are two for each level and effect:
// the key of the permission's resource, and `*`.
import type { Effect } from '../../types.js'
import { levels } from '../../levels.js'

const effects: readonly Effect[] = ['allow', 'deny']

/** Every level and effect. */
export const sets = levels.flatMap((level) => effects.map((effect) => ({ level, effect })))

/** The positions of the two keys that can name a permission: its resource (`own`) and the wildcard. */
export const own = 0

export const wildcard = 1

/** The bit of one of two keys in a set. */
export function slotOf(set: number, position: number): number {
  return 1 << (set * 2 + position)
}
