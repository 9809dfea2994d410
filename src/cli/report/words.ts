// Words and numbers that the reporters share.
import { count } from '../../output/words.js'
import type { Counterexample, Statement, SuiteResult } from '../../verify/index.js'
import { requestText } from '../../verify/space/words.js'
import type { CoverageReport } from './run.js'

/** Whether a statement fails a run: it does not hold, or it is about no object and so says nothing. */
export function isWrong({ ok, isEmpty }: Statement): boolean {
  return !ok || isEmpty === true
}

/** Why a statement is wrong; empty if there is no reason to give. */
export function whyText({ message, isEmpty }: Statement): string {
  return message ?? (isEmpty === true ? 'about no object, so it says nothing' : '')
}

/** A percentage rounded down to a tenth, so that `100 %` means all. */
export function percentText(percent: number): string {
  return `${(Math.floor(percent * 10) / 10).toString()} %`
}

/** A request that shows a failure, with the deployment's options under which it does. */
export function counterexampleText({ request, options }: Counterexample): string {
  return requestText(request, options)
}

/** The summary of a run on one line. */
export function summaryText({ statements, problems }: SuiteResult): string {
  const failed = statements.filter(isWrong).length
  const passed = statements.length - failed
  const held =
    failed > 0
      ? `${failed} of ${count(statements.length, 'statement')} ${failed === 1 ? 'does' : 'do'} not hold`
      : passed === 1
        ? 'the one statement holds'
        : `all ${count(passed, 'statement')} hold`
  const said = statements.length === 0 ? [] : [held]
  return [...said, ...(problems.length === 0 ? [] : [count(problems.length, 'problem')])].join('; ')
}

export function coverageText({ cells, covered, percent, threshold }: CoverageReport): string {
  const isBelow = threshold !== undefined && percent < threshold
  return `coverage ${percentText(percent)} (${covered} of ${count(cells, 'cell')})${isBelow ? `: below ${threshold} %` : ''}`
}

/** The uncovered cells, those of one subject, level and outcome on one line. */
export function uncoveredLines({ uncovered }: CoverageReport): string[] {
  const groups = new Map<string, string[]>()
  for (const { subject, level, outcome, permission, where } of uncovered) {
    const key = `${subject}: ${outcome} at ${level}`
    const text = where === undefined ? permission : `${permission} where ${where}`
    groups.set(key, [...(groups.get(key) ?? []), text])
  }
  return [...groups].map(([key, permissions]) => `${key}: ${permissions.join(', ')}`)
}
