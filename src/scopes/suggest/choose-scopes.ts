// Chooses scopes that cover what is needed with the least excess: first as little as possible uncovered, then as little
// as possible beyond what is needed (including future permissions), then as few names as possible. For each set of
// declared scopes the best low-level ones are found resource by resource, so trying every set is exact.
import type { Candidate, Candidates } from './candidates.js'
import { createScale, type Weight } from './choice-scale.js'

/** How many competing declared scopes are tried in every combination. */
const mostTriedAll = 12

/** The most positions that a hill climb may weigh, over all choices that it tries. */
const mostWeighed = 50_000_000

export interface Choice {
  /** Declared scopes in document order, then low-level ones in catalogue order. */
  readonly scopes: readonly string[]
  /** Positions that are let through and not needed. */
  readonly excess: readonly number[]
  /** Needed positions that no candidate has. */
  readonly uncovered: readonly number[]
}

export interface BestChoice extends Choice {
  /** Whether no other choice is better; if false, it is the best one that was found. */
  readonly isExact: boolean
}

/** The best choice for the needed positions, in catalogue order. */
export function chooseScopes(candidates: Candidates, needed: readonly number[]): BestChoice {
  const { declared } = candidates
  const canTryAll = declared.length <= mostTriedAll
  const chosen = canTryAll ? tryAll(candidates, needed) : climb(candidates, needed)
  const scopes = declared.filter((_, index) => chosen.has(index))
  // The scale takes a low-level name for one position: with attributes and implied actions it weighs about right.
  const isExact = canTryAll && [...candidates.single.values()].every(({ places }) => places.length === 1)
  return { ...completeChoice(candidates, needed, scopes), isExact }
}

/** Declared scopes by their index among the candidates. */
type Chosen = ReadonlySet<number>

function tryAll(candidates: Candidates, needed: readonly number[]): Chosen {
  const { declared } = candidates
  const { weigh } = createScale(candidates, needed)
  let best: Chosen = new Set()
  let least = weigh(best)
  for (let subset = 1; subset < 1 << declared.length; subset++) {
    const chosen = new Set(declared.flatMap((_, index) => ((subset & (1 << index)) === 0 ? [] : [index])))
    const weight = weigh(chosen)
    if (!isLess(weight, least)) continue
    best = chosen
    least = weight
  }
  return best
}

/** Starts from none; adds, removes or replaces one declared scope at a time, as long as that improves the choice. */
function climb(candidates: Candidates, needed: readonly number[]): Chosen {
  const { weigh, size } = createScale(candidates, needed)
  let left = mostWeighed
  let best: Chosen = new Set()
  let least = weigh(best)
  for (;;) {
    const from = best
    for (const chosen of neighbours(candidates.declared.length, from)) {
      if ((left -= size) < 0) return best
      const weight = weigh(chosen)
      if (!isLess(weight, least)) continue
      best = chosen
      least = weight
    }
    if (best === from) return best
  }
}

function* neighbours(count: number, chosen: Chosen): Generator<Chosen> {
  for (const scope of chosen) yield without(chosen, scope)
  for (let scope = 0; scope < count; scope++) {
    if (chosen.has(scope)) continue
    yield new Set([...chosen, scope])
    for (const old of chosen) yield without(chosen, old).add(scope)
  }
}

function without(chosen: Chosen, scope: number): Set<number> {
  const rest = new Set(chosen)
  rest.delete(scope)
  return rest
}

function isLess(a: Weight, b: Weight): boolean {
  return (a.uncovered - b.uncovered || a.excess - b.excess || a.scopes - b.scopes) < 0
}

/**
 * Adds to declared scopes the low-level ones that best cover the rest: for each resource its wildcard or single names.
 */
function completeChoice(
  { single, wildcard }: Candidates,
  needed: readonly number[],
  chosen: readonly Candidate[]
): Choice {
  const isNeeded = new Set(needed)
  const covered = new Set(chosen.flatMap(({ places }) => places))
  const added: Candidate[] = [...chosen]
  const add = (candidate: Candidate): void => {
    added.push(candidate)
    for (const place of candidate.places) covered.add(place)
  }
  for (const place of needed) {
    if (covered.has(place)) continue
    const all = wildcard.get(place)
    const rest = (all?.places ?? [place]).filter((other) => isNeeded.has(other) && !covered.has(other))
    const named = rest.filter((other) => single.has(other))
    const singles = [...new Set(named.flatMap((other) => single.get(other) ?? []))]
    // Single names have no excess but what their actions imply. A wildcard is better only if a name may not be chosen, or if it replaces several
    // names.
    const isFree = all?.places.every((other) => isNeeded.has(other) || covered.has(other)) === true
    if (all !== undefined && (named.length < rest.length || (isFree && singles.length > 1))) add(all)
    else singles.forEach(add)
  }
  const kept = dropUnneeded(added, isNeeded)
  const through = new Set(kept.flatMap(({ places }) => places))
  return {
    scopes: kept.map(({ name }) => name),
    excess: [...through].filter((place) => !isNeeded.has(place)).sort((a, b) => a - b),
    uncovered: needed.filter((place) => !covered.has(place))
  }
}

/** The candidates without those that let nothing needed through that no other one does; the last ones go first. */
function dropUnneeded(candidates: readonly Candidate[], isNeeded: ReadonlySet<number>): readonly Candidate[] {
  const times = new Map<number, number>()
  for (const { places } of candidates)
    for (const place of places) times.set(place, (times.get(place) ?? 0) + 1)
  const kept: Candidate[] = []
  for (const candidate of candidates.toReversed()) {
    const { places } = candidate
    if (places.some((place) => isNeeded.has(place) && times.get(place) === 1)) kept.push(candidate)
    else for (const place of places) times.set(place, (times.get(place) ?? 0) - 1)
  }
  return kept.reverse()
}
