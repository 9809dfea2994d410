// The data that a reporter gets.
import type { Coverage, SuiteResult } from '../../verify/index.js'

/** A run of the tests, with everything that reporters need. */
export interface Run {
  /** The file of the policy, which is also the file of the invariants. */
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
