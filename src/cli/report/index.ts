// What `casemate test` found, in the words of whoever reads it. A reporter only writes: what holds and what does not is
// decided before, and every reporter says the same.
import type { Coverage, SuiteResult } from '../../verify/index.js'
import { writeGithub } from './github.js'
import { writeHuman } from './human.js'
import { writeJson } from './json.js'
import { writeJunit } from './junit.js'

/** A run, with what reporters say beside its result. */
export interface Run {
  /** Where the policy is: invariants stand there. */
  readonly policy: string
  readonly result: SuiteResult
  readonly coverage: CoverageReport | undefined
  readonly colour: boolean
}

export interface CoverageReport extends Coverage {
  /** In percent; `undefined` where none was asked for. */
  readonly threshold: number | undefined
  /** Whether uncovered cells are listed. */
  readonly isDetailed: boolean
}

export const reporters: ReadonlyMap<string, (run: Run) => string> = new Map([
  ['human', writeHuman],
  ['junit', writeJunit],
  ['json', writeJson],
  ['github', writeGithub]
])
