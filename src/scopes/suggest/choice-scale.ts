// Weighs a set of declared scopes without making the whole choice: it counts the cost of the low-level scopes that
// complete it, resource by resource, for groups of equal positions. It must count exactly what `completeChoice`
// chooses.
import type { Candidates } from './candidates.js'

/** Compared in this order; less is better. */
export interface Weight {
  readonly uncovered: number
  readonly excess: number
  readonly scopes: number
}

export interface Scale {
  /** The weight of the declared scopes with these numbers and the low-level ones that complete them. */
  readonly weigh: (chosen: ReadonlySet<number>) => Weight
  /** The number of positions that one weighing reads. */
  readonly size: number
}

/** Positions of one wildcard that the same declared scopes have. */
interface Alike {
  readonly by: readonly number[]
  /** The numbers of needed positions, of those with a low-level scope of their own, and of the others. */
  needed: number
  single: number
  other: number
}

/** The positions of one wildcard, or of none. */
interface Part {
  readonly hasWildcard: boolean
  readonly alike: Map<string, Alike>
}

export function createScale({ declared, single, wildcard }: Candidates, needed: readonly number[]): Scale {
  const isNeeded = new Set(needed)
  const having = new Map<number, number[]>()
  for (const [index, { places }] of declared.entries())
    for (const place of places) {
      const by = having.get(place)
      if (by === undefined) having.set(place, [index])
      else by.push(index)
    }
  const parts: Part[] = []
  const counted = new Set<number>()
  const count = (part: Part, place: number): void => {
    counted.add(place)
    const by = having.get(place) ?? []
    const key = by.join()
    const alike = part.alike.get(key) ?? { by, needed: 0, single: 0, other: 0 }
    part.alike.set(key, alike)
    if (!isNeeded.has(place)) alike.other++
    else {
      alike.needed++
      if (single.has(place)) alike.single++
    }
  }
  const addPart = (hasWildcard: boolean, places: Iterable<number>): void => {
    const part: Part = { hasWildcard, alike: new Map() }
    for (const place of places) if (!counted.has(place)) count(part, place)
    if (part.alike.size > 0) parts.push(part)
  }
  // A resource's wildcard is one candidate, the same for all its places.
  for (const all of new Set(wildcard.values())) addPart(true, all.places)
  addPart(false, [...needed, ...having.keys()])
  const lists = parts.map(({ hasWildcard, alike }) => ({ hasWildcard, alike: [...alike.values()] }))
  const size = lists.reduce((sum, { alike }) => sum + alike.reduce((of, { by }) => of + 1 + by.length, 0), 0)
  return { weigh: (chosen) => weighParts(lists, chosen), size }
}

function weighParts(
  parts: readonly { readonly hasWildcard: boolean; readonly alike: readonly Alike[] }[],
  chosen: ReadonlySet<number>
): Weight {
  const weight = { uncovered: 0, excess: 0, scopes: chosen.size }
  for (const { hasWildcard, alike } of parts) {
    let [rest, singles, unneeded] = [0, 0, 0]
    for (const { by, needed, single, other } of alike)
      if (by.some((scope) => chosen.has(scope))) weight.excess += other
      else {
        rest += needed
        singles += single
        unneeded += other
      }
    if (hasWildcard && rest > 0 && (singles < rest || (unneeded === 0 && singles > 1))) {
      weight.scopes++
      weight.excess += unneeded
    } else {
      weight.scopes += singles
      weight.uncovered += rest - singles
    }
  }
  return weight
}
