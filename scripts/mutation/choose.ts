// Which tests judge a mutant: those that come by it. First those that noticed others of the same file, then some that
// are cheap, then those about its file, those about its folder, and others, each as far as a budget goes, the cheapest first.
import { basename } from 'node:path'
import type { Mutant } from './instrument.js'
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
  readonly file: Covered
  readonly number: number
  readonly cost: number
  readonly hits: number
}

export class Chooser {
  readonly #files: readonly Covered[]

  constructor(files: readonly Covered[]) {
    this.#files = files
  }

  /**
   * Groups of tests of one file, in the order in which to run them; none where no test comes by. `likely` are tests by
   * their file and name.
   */
  choose({ id, file: source }: Mutant, likely: ReadonlySet<string>, limit: number): readonly Group[] {
    const cheapest = this.#candidates(id).toSorted((a, b) => costOf(a) - costOf(b))
    const taken = new Set<Candidate>()
    const take = (limit: number, wanted: (candidate: Candidate) => boolean): readonly Group[] => {
      const groups = new Map<Covered, Candidate[]>()
      let spent = 0
      for (const candidate of cheapest) {
        if (taken.has(candidate) || !wanted(candidate)) continue
        const { file, cost } = candidate
        const group = groups.get(file)
        const more = group === undefined ? costOf(candidate) : cost
        const isFirst = taken.size === 0
        if (!isFirst && spent + more > limit) continue
        spent += more
        taken.add(candidate)
        groups.set(file, [...(group ?? []), candidate])
      }
      return [...groups].map(toGroup).sort((a, b) => a.cost - b.cost)
    }
    return [
      ...take(limit, ({ file, number }) => likely.has(nameOf(file, number))),
      ...take(limit / 10, () => true),
      ...take(limit, ({ file }) => isAbout(file.file, source)),
      ...take(limit, ({ file }) => folderOf(file.file) === folderOf(source)),
      ...take(limit, () => true)
    ]
  }

  #candidates(mutant: string): readonly Candidate[] {
    return this.#files.flatMap((file) => {
      const { load, tests } = file.coverage
      // What a file computes when it is loaded, all of its tests may look at.
      const loaded = load[mutant] ?? 0
      return tests.flatMap(({ mutants, failure, time }, number): Candidate[] => {
        const own = mutants[mutant] ?? 0
        if (failure !== undefined || own + loaded === 0) return []
        // Those that only load it come after others.
        return [{ file, number, hits: own + loaded, cost: time + (own > 0 ? 0 : 1) }]
      })
    })
  }
}

// A file that is expensive to load is loaded last, however cheap its tests.
function costOf({ file, cost }: Candidate): number {
  return cost + file.coverage.loadTime
}

function toGroup([covered, chosen]: readonly [Covered, readonly Candidate[]]): Group {
  const tests = chosen.map(({ number }) => number)
  return {
    covered,
    tests,
    full: tests.filter((number) => covered.coverage.tests[number]?.isFull === true),
    hits: chosen.reduce((total, { hits }) => total + hits, 0),
    cost: chosen.reduce((total, { cost }) => total + cost, covered.coverage.loadTime)
  }
}

/** What a test is called among all. */
export function nameOf({ file, coverage }: Covered, number: number): string {
  return `${file} > ${coverage.tests[number]?.name ?? ''}`
}

/** Whether a test is called after a file of the source: `test/decide/can-some.test.ts` after `src/decide/can-some.ts`. */
function isAbout(test: string, source: string): boolean {
  return basename(test).startsWith(basename(source, '.ts'))
}

/** The folder in `src` or `test`. */
function folderOf(file: string): string {
  return file.split('/')[1] ?? ''
}
