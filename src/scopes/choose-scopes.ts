// The choice of scopes that covers what is needed with the least excess: first as little as possible uncovered, then
// as little as possible beyond what is needed (tomorrow's included), then as few names as possible. For each set of
// declared scopes the best low-level ones follow resource by resource, so trying every such set is exact.
import type { Candidate, Candidates } from './candidates.js'

/** How many competing declared scopes are tried in every combination. */
const mostTriedAll = 12

export interface Choice {
  /** Declared scopes in document order, then low-level ones in catalogue order. */
  readonly scopes: readonly string[]
  /** Places that are let through and not needed. */
  readonly excess: readonly number[]
  /** Places that are needed and that no candidate has. */
  readonly uncovered: readonly number[]
}

export interface BestChoice extends Choice {
  /** Whether no other choice is better; otherwise it is the best that was found. */
  readonly isExact: boolean
}

/** The best choice for the needed places, in catalogue order. */
export function chooseScopes(candidates: Candidates, needed: readonly number[]): BestChoice {
  const { declared } = candidates
  const complete = (chosen: readonly Candidate[]): Choice => completeChoice(candidates, needed, chosen)
  if (declared.length > mostTriedAll) return { ...climb(declared, complete), isExact: false }
  let best = complete([])
  for (let subset = 1; subset < 1 << declared.length; subset++)
    best = better(best, complete(declared.filter((_, index) => (subset & (1 << index)) !== 0)))
  return { ...best, isExact: true }
}

/** From none, adds, removes or exchanges one declared scope at a time for as long as that is better. */
function climb(declared: readonly Candidate[], complete: (chosen: readonly Candidate[]) => Choice): Choice {
  let chosen: ReadonlySet<Candidate> = new Set()
  let best = complete([])
  for (;;) {
    const before = best
    let next = chosen
    for (const tried of neighbours(declared, chosen)) {
      const choice = complete(declared.filter((scope) => tried.has(scope)))
      if (better(best, choice) === best) continue
      best = choice
      next = tried
    }
    if (best === before) return best
    chosen = next
  }
}

function* neighbours(
  declared: readonly Candidate[],
  chosen: ReadonlySet<Candidate>
): Generator<ReadonlySet<Candidate>> {
  for (const scope of chosen) yield without(chosen, scope)
  for (const scope of declared) {
    if (chosen.has(scope)) continue
    yield new Set([...chosen, scope])
    for (const old of chosen) yield new Set([...without(chosen, old), scope])
  }
}

function without(chosen: ReadonlySet<Candidate>, scope: Candidate): Set<Candidate> {
  return new Set([...chosen].filter((one) => one !== scope))
}

/** The better of two choices; the first where they are equally good. */
function better(a: Choice, b: Choice): Choice {
  const difference =
    b.uncovered.length - a.uncovered.length ||
    b.excess.length - a.excess.length ||
    b.scopes.length - a.scopes.length
  return difference < 0 ? b : a
}

/** Declared scopes, with the low-level ones that cover the rest best: for each resource either names or its wildcard. */
function completeChoice(
  { single, wildcard }: Candidates,
  needed: readonly number[],
  chosen: readonly Candidate[]
): Choice {
  const isNeeded = new Set(needed)
  const covered = new Set(chosen.flatMap(({ places }) => places))
  const names = chosen.map(({ name }) => name)
  const add = (candidate: Candidate): void => {
    names.push(candidate.name)
    for (const place of candidate.places) covered.add(place)
  }
  for (const place of needed) {
    if (covered.has(place)) continue
    const all = wildcard.get(place)
    const rest = needed.filter(
      (other) => !covered.has(other) && (all?.places.includes(other) ?? other === place)
    )
    const singles = rest.flatMap((other) => single.get(other) ?? [])
    // Names cost no excess, so a wildcard is better only where one of them may not be chosen, or as one for many.
    const isFree = all?.places.every((other) => isNeeded.has(other) || covered.has(other)) === true
    if (all !== undefined && (singles.length < rest.length || (isFree && singles.length > 1))) add(all)
    else singles.forEach(add)
  }
  return {
    scopes: names,
    excess: [...covered].filter((place) => !isNeeded.has(place)).sort((a, b) => a - b),
    uncovered: needed.filter((place) => !covered.has(place))
  }
}
