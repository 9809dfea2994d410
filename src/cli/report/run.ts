// What a reporter writes about.
import type { Coverage, SuiteResult } from '../../verify/index.js'

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
