// The report as GitHub workflow commands: each statement that does not hold is an annotation on its line. A command is
// one line, so text from policies and pages is escaped.
import { terminalLine } from '../../output/terminal.js'
import { workflowCommand } from '../../output/workflow.js'
import { counterexampleText, coverageText, isWrong, summaryText, uncoveredLines, whyText } from './words.js'
import type { Run } from './run.js'

export function writeGithub(run: Run): string {
  const { result, policy, coverage } = run
  const failures = result.statements.filter(isWrong).map((statement) => {
    const { file = policy, line, name, counterexample } = statement
    const shown = counterexample === undefined ? '' : `\n${counterexampleText(counterexample)}`
    return errorCommand(file, line, name, `${whyText(statement)}${shown}`)
  })
  const problems = result.problems.map(({ file, line, code, message }) =>
    errorCommand(file, line, code, message)
  )
  const isBelow = coverage?.threshold !== undefined && coverage.percent < coverage.threshold
  const measured = coverage === undefined ? [] : [terminalLine(coverageText(coverage))]
  return [
    ...failures,
    ...problems,
    ...(isBelow ? [errorCommand(policy, undefined, 'coverage', coverageText(coverage))] : measured),
    ...(coverage?.isDetailed === true
      ? uncoveredLines(coverage).map((line) => terminalLine(`  ${line}`))
      : []),
    summaryText(result)
  ].join('\n')
}

function errorCommand(file: string, line: number | undefined, title: string, message: string): string {
  return workflowCommand('error', { file, line, title }, message)
}
