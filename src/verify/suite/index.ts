// The tests of a policy as one run: pages of matrices, expectation files and the invariants of its document. It gets
// the texts and reads no files. A run without any statement is never a success.
import type { Policy } from '../../policy/types/index.js'
import { type CompiledPolicy, compiledOf } from '../../compile/compile.js'
import type { Names } from '../../document/index.js'
import { measureCoverage } from './coverage/index.js'
import { isKept } from './filter.js'
import { readSuite, type ReadSuite } from './read.js'
import type { SuiteFile, SuiteOptions, SuiteResult } from './types.js'

/**
 * Checks every statement about a policy. A matrix is about the resource that its nearest heading names, or that its
 * file is called after. Coverage counts the cells of the filter's subject, resource and action that statements which
 * hold look at.
 */
export function runSuite<N extends Names>(
  policy: Policy<N>,
  files: readonly SuiteFile[],
  options?: SuiteOptions
): SuiteResult
export function runSuite(
  policy: Policy,
  files: readonly SuiteFile[],
  options: SuiteOptions = {}
): SuiteResult {
  return resultOf(compiledOf(policy), readSuite(policy, files, options.onProgress), options)
}

/** The result of a suite whose statements were read and checked already. */
export function resultOf(
  compiled: CompiledPolicy,
  { sourced, problems, leftOut }: ReadSuite,
  { filter = {}, coverage = false }: SuiteOptions = {}
): SuiteResult {
  const kept = sourced.filter(({ statement }) => isKept(statement, filter))
  const statements = kept.map(({ statement }) => statement)
  const passed = statements.filter(({ ok }) => ok).length
  const failed = statements.length - passed
  return {
    ok: passed > 0 && failed === 0 && problems.length === 0,
    statements,
    passed,
    failed,
    problems,
    leftOut,
    coverage: coverage ? measureCoverage(compiled, kept, filter) : undefined
  }
}
