// How deep generated tests look, by CASEMATE_DEEP. Nothing: a quick look, at every change. `ci`: twice as many
// cases, as CI has them with a seed of its own each time. `1`: as many as the project promises, without a limit of time.

import { isOwnSeed } from '../seed.js'

type Depth = 'quick' | 'ci' | 'deep'

const depths: Readonly<Record<string, Depth>> = { '': 'quick', ci: 'ci', '1': 'deep' }

/** Reads the depth from CASEMATE_DEEP; what is no depth is an error, never a quick look. */
function readDepth(): Depth {
  const text = process.env['CASEMATE_DEEP'] ?? ''
  const depth = Object.hasOwn(depths, text) ? depths[text] : undefined
  if (depth === undefined) throw new Error(`CASEMATE_DEEP: \`${text}\` is neither \`1\` nor \`ci\``)
  return depth
}

const depth = readDepth()

export const isQuick: boolean = depth === 'quick'
export const isDeep: boolean = depth === 'deep'

/** A quick look has one of so many cases, and no fewer than a handful; CI has one of so many. */
const share = 8
const shareOfCi = 4
const handful = 4

/**
 * How many cases a property has: all of these, or another number, in a deep run, a quarter of them in CI, and a part of them in
 * a quick look.
 */
export function runs(all: number, forDeep: number = all): number {
  if (depth === 'deep') return forDeep
  return Math.max(Math.ceil(all / (depth === 'quick' ? share : shareOfCi)), Math.min(all, handful))
}

/**
 * What a count of generated cases has to be more than, under the project's own seed. The count says that a law looks at
 * what it is about, which is a fact of the generators; under another seed chance may give few of it, and nothing is asked.
 */
export function least(count: number): number {
  return isOwnSeed ? count : -1
}

/**
 * What was seen in generated cases, sorted. Under another seed than the project's own, a rare one of `all` may be missing by
 * chance, and counts as seen; what is none of them never does.
 */
export function seenOf(all: readonly string[], found: ReadonlySet<string>): readonly string[] {
  return [...(isOwnSeed ? found : new Set([...found, ...all]))].toSorted()
}

/** The same for the cases of a quick look, given what all cases have. */
export function floor(ofAll: number): number {
  return least(Math.floor(ofAll / share))
}
