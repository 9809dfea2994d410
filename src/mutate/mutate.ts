// Mutation testing of a policy's tests: changes the document a little and checks whether a statement notices. A change
// that no statement notices is a gap in the tests, unless it is proved to change no decision.
import { compareNames } from '../problems/names.js'
import type { Policy } from '../policy/types/index.js'
import { type CompiledPolicy, compiledOf } from '../compile/compile.js'
import type { Names } from '../document/index.js'
import { createPolicy } from '../policy/create.js'
import { decideAlike } from '../diff/diff-policies.js'
import { Work } from '../diff/limits.js'
import { Likeness } from '../diff/representatives.js'
import { tooManyCases } from '../verify/space/settings.js'
import { resultOf } from '../verify/suite/index.js'
import { readSuite } from '../verify/suite/read.js'
import type { SuiteFile, SuiteResult } from '../verify/suite/types.js'
import { applyPart } from './apply.js'
import { Budget } from './budget.js'
import { givesAlike } from './giving.js'
import { StatementFinder, type Mutant } from './statement-finder.js'
import { mutationsOf } from './mutations.js'
import { takeTurns } from './sample.js'
import { Comparison, type Touched } from './touched.js'
import {
  givingKinds,
  mutationKinds,
  unstatedKinds,
  type KindCount,
  type Mutation,
  type MutationKind,
  type MutationReport,
  type Survivor
} from './types.js'

/** Which mutants are tried. */
export interface MutateOptions {
  /** Which kinds of changes; by default all. */
  readonly kinds?: readonly MutationKind[] | undefined
  /** How many mutants to try at most, those proved equivalent not counted; by default all. */
  readonly max?: number | undefined
  /** Chooses the mutants if not all are tried: the same seed gives the same mutants. By default 1. */
  readonly seed?: number | undefined
  /** Called after each mutant with how many are done, of how many at most. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** The results of the tests on the policy and on its mutants. */
export interface MutationRun {
  /** The results on the policy itself. */
  readonly tests: SuiteResult
  /** `undefined` if the tests do not hold: a mutant can only break what holds. */
  readonly report: MutationReport | undefined
}

/** Tries a policy's tests on mutants of its document. Its custom roles stay as they are. */
export function mutate<N extends Names>(
  policy: Policy<N>,
  files: readonly SuiteFile[],
  options?: MutateOptions
): MutationRun
export function mutate(
  policy: Policy,
  files: readonly SuiteFile[],
  { kinds = allKinds, max = Infinity, seed = 1, onProgress }: MutateOptions = {}
): MutationRun {
  const compiled = compiledOf(policy)
  const suite = readSuite(policy, files)
  const tests = resultOf(compiled, suite)
  if (!tests.ok) return { tests, report: undefined }
  const finder = new StatementFinder(compiled, suite.sourced)
  const comparison = new Comparison(compiled)
  const work = new Work(undefined, mostCompared)
  const likeness = new Likeness()
  const groups = groupByKind(
    compiled,
    kinds.filter((kind) => !unstatedKinds.has(kind))
  )
  const unstated = groupByKind(
    compiled,
    kinds.filter((kind) => unstatedKinds.has(kind))
  )
    .flat()
    .map(({ kind, path, change }) => ({ kind, path, change }))
  const possible = groups.reduce((sum, group) => sum + group.length, 0)
  const counts = new Map<MutationKind, { killed: number; survived: number; equivalent: number }>()
  const survived: Survivor[] = []
  const budget = new Budget(compiled, Math.min(max, possible))
  let tried = 0
  for (const mutation of takeTurns(groups, seed)) {
    if (tried >= max) break
    const count = counts.get(mutation.kind) ?? { killed: 0, survived: 0, equivalent: 0 }
    counts.set(mutation.kind, count)
    budget.spend(mutation)
    const mutant = mutantOf(compiled, mutation, comparison)
    if (mutant === undefined) {
      count.equivalent++
      continue
    }
    if (finder.brokenBy(mutant) !== undefined) count.killed++
    else if (
      !givingKinds.has(mutation.kind) &&
      decideAlike(policy, createPolicy(mutant.compiled), namesOf(mutant), work, likeness)
    ) {
      count.equivalent++
      continue
    } else {
      count.survived++
      survived.push(survivorOf(mutant))
    }
    tried++
    onProgress?.(tried, Math.min(max, possible))
  }
  survived.sort((a, b) => compareNames(a.path, b.path) || compareNames(a.change, b.change))
  return { tests, report: summarize({ seed, possible, survived, unstated }, counts) }
}

/** The most mutants that are listed before any is tried. */
const mostMutants = 200_000
/** The most steps to compare all mutants that no statement notices, of about ten nanoseconds each. */
const mostCompared = 400_000_000

const allKinds = Object.keys(mutationKinds).filter(isMutationKind)

/** Whether a text names a kind of mutation. */
export function isMutationKind(text: string): text is MutationKind {
  return Object.hasOwn(mutationKinds, text)
}

function groupByKind(compiled: CompiledPolicy, kinds: readonly MutationKind[]): Mutation[][] {
  const groups = new Map<MutationKind, Mutation[]>(
    allKinds.filter((kind) => kinds.includes(kind)).map((kind) => [kind, []])
  )
  let count = 0
  for (const mutation of mutationsOf(compiled)) {
    const group = groups.get(mutation.kind)
    if (group === undefined) continue
    group.push(mutation)
    if (++count > mostMutants)
      throw tooManyCases(
        'the policy',
        [],
        'mutants to choose from, so that kinds have to be named',
        mostMutants
      )
  }
  return [...groups.values()]
}

/** The mutant, compiled; `undefined` if its tables decide every question as those of the policy do. */
export function mutantOf(
  compiled: CompiledPolicy,
  mutation: Mutation,
  comparison: Comparison
): Mutant | undefined {
  const mutated = applyPart(compiled, mutation.part, mutation.document(), comparison.including)
  const { kind, name } = mutation.part
  if (givingKinds.has(mutation.kind)) {
    const isAlike = kind === 'systemSubject' && givesAlike(compiled, mutated, name)
    return isAlike ? undefined : { mutation, compiled: mutated, touched: nothing }
  }
  const touched = comparison.touched(mutated, mutation.part)
  return touched.decided.length === 0 ? undefined : { mutation, compiled: mutated, touched }
}

/** Who may give a role is no decision about a permission. */
const nothing: Touched = { decided: [], reasoned: [] }

/** The permissions that a mutant can decide differently. */
function namesOf({ touched }: Mutant): ReadonlySet<string> {
  return new Set(touched.decided.map(({ name }) => name))
}

function survivorOf({ mutation: { kind, path, change }, touched }: Mutant): Survivor {
  return { kind, path, change, permissions: [...new Set(touched.decided.map(({ name }) => name))] }
}

function summarize(
  { seed, possible, survived, unstated }: Omit<MutationReport, 'killed' | 'equivalent' | 'percent' | 'kinds'>,
  counts: ReadonlyMap<MutationKind, Omit<KindCount, 'kind'>>
): MutationReport {
  const kinds = allKinds.flatMap((kind) => {
    const count = counts.get(kind)
    return count === undefined ? [] : [{ kind, ...count }]
  })
  const killed = kinds.reduce((sum, count) => sum + count.killed, 0)
  const equivalent = kinds.reduce((sum, count) => sum + count.equivalent, 0)
  const counted = killed + survived.length
  const percent = counted === 0 ? 100 : (killed / counted) * 100
  return { seed, possible, killed, survived, equivalent, unstated, percent, kinds }
}
