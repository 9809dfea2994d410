// How deep generated tests look, by CASEMATE_DEEP. Nothing: a quick look, at every change. `ci`: several times as many
// cases, as CI has them with a seed of its own each time. `1`: as many as the project promises, without a limit of time.

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

export const isDeep: boolean = depth === 'deep'

/** A quick look has one case of so many of CI, and no fewer than a handful. */
const share = 3
const handful = 4

/**
 * How many cases a property has: the number for CI, a part of it for a quick look. A deep run has a number of its own,
 * or that for CI.
 */
export function runs(forCi: number, forDeep: number = forCi): number {
  if (depth === 'quick') return Math.max(Math.ceil(forCi / share), Math.min(forCi, handful))
  return depth === 'deep' ? forDeep : forCi
}

/** What is counted in such cases and has to be more than this, in CI, has to be more than the same part of it. */
export function floor(forCi: number): number {
  return depth === 'quick' ? Math.floor(forCi / share) : forCi
}
