// The seed of every property in one run: CASEMATE_SEED, or a fixed one, so that two runs of the same
// code agree. As vitest's global setup it prints the seed once per run.

const fixedSeed = 20_260_101

/** Reads the seed from CASEMATE_SEED; anything but a 32-bit integer is an error, never another seed. */
export function readSeed(): number {
  const text = process.env['CASEMATE_SEED']
  if (text === undefined || text === '') return fixedSeed
  const seed = Number(text)
  // fast-check keeps 32 bits of a seed: a larger one would be printed as another than it used.
  if (!/^-?\d+$/.test(text) || seed !== (seed | 0)) {
    throw new Error(`CASEMATE_SEED: \`${text}\` is not a 32-bit integer`)
  }
  return seed
}

/** Whether this run has the project's own seed. */
export const isOwnSeed: boolean = readSeed() === fixedSeed

export default function printSeed(): void {
  console.error(`fast-check seed: ${readSeed()} (CASEMATE_SEED=${readSeed()} replays it)`)
}
