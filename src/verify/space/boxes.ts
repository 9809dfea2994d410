// The widest relations that cover what is allowed and nothing else. What tells objects apart are a few dimensions (their
// owner, organization, containers, attributes), so objects are cells, and a relation is a box: in each dimension one
// value or all of them. Pure counting: nothing here knows about policies.

/** By dimension, the number of a value. */
export type Cell = readonly number[]

/** By dimension, the number of a value, or `all`. */
export type Box = readonly number[]

export const all = -1

/** What boxes there can be. */
export interface BoxRules {
  /** Whether a box can be written. */
  readonly canBe: (box: Box) => boolean
  /** Whether a box that has the cell's values has the cell too. */
  readonly isMeant: (box: Box, cell: Cell) => boolean
  /** The dimensions in which a box is widened, in this order. */
  readonly order: readonly number[]
}

/**
 * Boxes that together cover every allowed cell, as far as boxes can, and no refused one. Each is as wide as it can be,
 * and none is covered by the others. They begin at the allowed cells in the order given, so that the same cells in the
 * same order have the same boxes.
 */
export function coverAllowed(
  allowed: readonly Cell[],
  refused: readonly Cell[],
  rules: BoxRules
): readonly Box[] {
  const has = (box: Box, cell: Cell): boolean =>
    box.every((value, at) => value === all || value === cell[at]) && rules.isMeant(box, cell)
  const isSound = (box: Box): boolean => rules.canBe(box) && !refused.some((cell) => has(box, cell))
  const found: Box[] = []
  for (const cell of allowed) {
    if (found.some((box) => has(box, cell))) continue
    let box: Box = cell
    if (!isSound(box)) continue
    for (const dimension of rules.order) {
      const wider = box.map((value, at) => (at === dimension ? all : value))
      if (isSound(wider)) box = wider
    }
    found.push(box)
  }
  return found.reduce<readonly Box[]>((left, box) => {
    const others = left.filter((one) => one !== box)
    const isCovered = allowed.every((cell) => !has(box, cell) || others.some((one) => has(one, cell)))
    return isCovered ? others : left
  }, found)
}
