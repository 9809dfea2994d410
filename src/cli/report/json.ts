// The report as one JSON value.
import { jsonText } from '../../output/json.js'
import type { Run } from './run.js'

export function writeJson({ policy, result, coverage }: Run): string {
  const { ok, passed, failed, problems, statements, leftOut } = result
  const measured = coverage && {
    cells: coverage.cells,
    covered: coverage.covered,
    percent: coverage.percent,
    threshold: coverage.threshold,
    ...(coverage.isDetailed ? { uncovered: coverage.uncovered } : {})
  }
  return jsonText({ policy, ok, passed, failed, problems, statements, leftOut, coverage: measured })
}
