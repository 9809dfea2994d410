// The report as GitHub's workflow commands: each statement that does not hold is an annotation on its line. A command is
// one line, so everything that comes from a policy or a page is escaped.
import type { Run } from './index.js'
import { counterexampleText, coverageText, summaryText, uncoveredLines } from './words.js'

export function writeGithub(run: Run): string {
  const { result, policy, coverage } = run
  const failures = result.statements
    .filter(({ ok }) => !ok)
    .map(({ file = policy, line, name, message = '', counterexample }) => {
      const shown = counterexample === undefined ? '' : `\n${counterexampleText(counterexample)}`
      return errorCommand(file, line, name, `${message}${shown}`)
    })
  const problems = result.problems.map(({ file, line, code, message }) =>
    errorCommand(file, line, code, message)
  )
  const isBelow = coverage?.threshold !== undefined && coverage.percent < coverage.threshold
  const measured = coverage === undefined ? [] : [escapeData(coverageText(coverage))]
  return [
    ...failures,
    ...problems,
    ...(isBelow ? [errorCommand(policy, undefined, 'coverage', coverageText(coverage))] : measured),
    ...(coverage?.isDetailed === true ? uncoveredLines(coverage).map((line) => `  ${escapeData(line)}`) : []),
    summaryText(result)
  ].join('\n')
}

function errorCommand(file: string, line: number | undefined, title: string, message: string): string {
  const where = line === undefined ? '' : `,line=${line}`
  return `::error file=${escapeProperty(file)}${where},title=${escapeProperty(title)}::${escapeData(message)}`
}

/** A command's message, control characters in words; `%` before line breaks, so that nothing is escaped twice. */
function escapeData(text: string): string {
  return text
    .replace(
      /[^\P{Cc}\r\n\t]/gu,
      (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
    )
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
}

/** A property of a command, which also ends at a comma and a colon. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
