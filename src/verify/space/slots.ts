// Slots: the places in a role's grants that can name a permission, as bits. There are two for each level and effect:
// the key of the permission's resource, and `*`. The two levels of a container have the slots of `org` and `orgMember`,
// as they have their bits in a table.
import type { RoleKind } from '../../document/types.js'
import type { Effect, Level } from '../../types.js'
import { bitsAt, levelBits, levels, levelsOfKind } from '../../levels.js'

const effects: readonly Effect[] = ['allow', 'deny']

/** Every level and effect. */
export const sets = levels.flatMap((level) => effects.map((effect) => ({ level, effect })))

/** A level and an effect at which a kind of role has grants, and the number of their set among `sets`. */
export interface SetOfKind {
  readonly level: Level
  readonly effect: Effect
  readonly set: number
}

/** Every level and effect at which a kind of role has grants. */
export function setsOfKind(kind: RoleKind): readonly SetOfKind[] {
  return levelsOfKind(kind).flatMap((level) =>
    effects.map((effect) => {
      const bit = bitsAt(level)[effect]
      return { level, effect, set: sets.findIndex((one) => levelBits[one.level][one.effect] === bit) }
    })
  )
}

/** The positions of the two keys that can name a permission: its resource (`own`) and the wildcard. */
export const own = 0

export const wildcard = 1

/** The bit of one of two keys in a set. */
export function slotOf(set: number, position: number): number {
  return 1 << (set * 2 + position)
}
