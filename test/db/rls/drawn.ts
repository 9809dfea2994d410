// Worlds with their rows and subjects, drawn from tapes.
import type fc from 'fast-check'
import { rolledMany } from '../../arbitraries/dice.js'
import { questionTapeV2, rollWorldV2, worldTapeV2 } from '../../arbitraries/index.js'
import type { DrawnWorld } from '../../sql/law/worlds.js'

/** Numbers on the tape for one row of each table. */
const rowTape = 200

/** Worlds, each with a tape that is long enough for its rows, and subjects: fewer than filters have, as each does more. */
export function drawnWorlds(rows: number): fc.Arbitrary<DrawnWorld> {
  return rolledMany(worldTapeV2 + rows * rowTape, questionTapeV2, 6, (first, subjects) => ({
    world: rollWorldV2(first),
    rows: first,
    subjects
  }))
}
