// Which tests judge a mutant: those that come by it, the cheapest first, as far as the budget goes.
import { budget } from './settings.js'
import type { Coverage } from './worker.js'

/** What the tests of one file come by. */
export interface Covered {
  readonly file: string
  readonly bundle: string
  readonly coverage: Coverage
}

/** Some tests of one file, to be run together. */
export interface Group {
  readonly covered: Covered
  readonly tests: readonly number[]
  readonly full: readonly number[]
  /** How often they come by the mutant. */
  readonly hits: number
  readonly cost: number
}

interface Candidate {
  readonly covered: Covered
  readonly number: number
  readonly cost: number
  readonly hits: number
}

export class Chooser {
  readonly #files: readonly (Covered & { readonly loadCost: number; readonly costs: readonly number[] })[]

  constructor(files: readonly Covered[]) {
    this.#files = files.map((covered) => ({
      ...covered,
      loadCost: sum(covered.coverage.load),
      costs: covered.coverage.tests.map(({ mutants }) => sum(mutants))
    }))
  }

  /** Groups by file, the cheapest first; none where no test comes by. The order is the same on every run. */
  choose(mutant: string, limit: number = budget): readonly Group[] {
    const candidates = this.#files.flatMap((file): Candidate[] => {
      const { load, tests } = file.coverage
      // What a file computes when it is loaded, all of its tests may look at.
      const loaded = load[mutant] ?? 0
      return tests.flatMap(({ mutants, failure }, number) => {
        const hits = (mutants[mutant] ?? 0) + loaded
        if (failure !== undefined || hits === 0) return []
        return [
          { covered: file, number, hits, cost: (file.costs[number] ?? 0) + (mutants[mutant] ? 0 : 1_000) }
        ]
      })
    })
    const groups = new Map<Covered, Candidate[]>()
    let spent = 0
    // A file that is expensive to load is loaded last, however cheap its tests.
    const costOf = ({ covered, cost }: Candidate): number => cost + this.#loadCostOf(covered)
    for (const candidate of candidates.toSorted((a, b) => costOf(a) - costOf(b))) {
      const group = groups.get(candidate.covered)
      const isFirst = groups.size === 0
      const cost = candidate.cost + (group === undefined ? this.#loadCostOf(candidate.covered) : 0)
      if (!isFirst && spent + cost > limit) continue
      spent += cost
      groups.set(candidate.covered, [...(group ?? []), candidate])
    }
    return [...groups]
      .map(([covered, chosen]) => this.#toGroup(covered, chosen))
      .sort((a, b) => a.cost - b.cost)
  }

  #toGroup(covered: Covered, chosen: readonly Candidate[]): Group {
    const tests = chosen.map(({ number }) => number)
    return {
      covered,
      tests,
      full: tests.filter((number) => covered.coverage.tests[number]?.isFull === true),
      hits: chosen.reduce((total, { hits }) => total + hits, 0),
      cost: chosen.reduce((total, { cost }) => total + cost, this.#loadCostOf(covered))
    }
  }

  #loadCostOf(covered: Covered): number {
    return this.#files.find(({ file }) => file === covered.file)?.loadCost ?? 0
  }
}

function sum(counts: Readonly<Record<string, number>>): number {
  // The loading of the modules itself is not counted, and costs as much as this.
  return Object.values(counts).reduce((total, count) => total + count, 2_000)
}
