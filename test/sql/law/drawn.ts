// Worlds with their rows and subjects, drawn from tapes.
import type fc from 'fast-check'
import { rolledMany } from '../../arbitraries/dice.js'
import { questionTapeV2, rollWorldV2, worldTapeV2 } from '../../arbitraries/index.js'
import type { DrawnWorld } from './worlds.js'

/** Numbers on the tape for the rows of one world. */
const rowsTape = 40_000

/** A world of either kind, with up to eight subjects. */
export const drawnWorlds: fc.Arbitrary<DrawnWorld> = rolledMany(
  worldTapeV2 + rowsTape,
  2 * questionTapeV2,
  8,
  (first, subjects) => ({ world: rollWorldV2(first), rows: first, subjects })
)
