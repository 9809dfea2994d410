// The report for a terminal: the statements that do not hold, file by file, each with the reason and the smallest
// request that shows it; then one line for each file and a summary.
import { count } from '../../output/words.js'
import { terminalLine } from '../../output/terminal.js'
import type { Statement } from '../../verify/index.js'
import { counterexampleText, coverageText, isWrong, summaryText, whyText, uncoveredLines } from './words.js'
import type { Run } from './run.js'

export function writeHuman(run: Run): string {
  const { result, coverage, policy } = run
  const red = (text: string): string => (run.colour ? `\u001B[31m${text}\u001B[0m` : text)
  const files = new Map<string, Statement[]>()
  for (const statement of result.statements) {
    const file = terminalLine(statement.file ?? `${policy} (invariants)`)
    const group = files.get(file)
    if (group === undefined) files.set(file, [statement])
    else group.push(statement)
  }
  const failures = [...files].flatMap(([file, statements]) => {
    const wrong = statements.filter(isWrong)
    return wrong.length === 0 ? [] : [file, ...wrong.flatMap((one) => failureLines(one, red)), '']
  })
  const counts = [...files].map(([file, statements]) => {
    const wrong = statements.filter(isWrong).length
    const mark = wrong === 0 ? '✓' : red('✗')
    return `${mark} ${file}: ${count(statements.length, 'statement')}${wrong === 0 ? '' : `, ${wrong} wrong`}`
  })
  return [
    ...failures,
    ...counts,
    ...result.leftOut.map((file) => terminalLine(`- ${file}: states nothing, left out`)),
    ...(coverage === undefined ? [] : [coverageText(coverage)]),
    ...(coverage?.isDetailed === true
      ? uncoveredLines(coverage).map((line) => terminalLine(`  ${line}`))
      : []),
    summaryText(result)
  ].join('\n')
}

function failureLines(statement: Statement, red: (text: string) => string): string[] {
  const { line, heading, name, counterexample } = statement
  const why = whyText(statement)
  const where = [...(line === undefined ? [] : [`line ${line}`]), ...(heading === '' ? [] : [heading])]
  return [
    `  ${red('✗')} ${terminalLine([...where, name].join(', '))}`,
    ...(why === '' ? [] : [`      ${terminalLine(why)}`]),
    ...(counterexample === undefined ? [] : [terminalLine(`      ${counterexampleText(counterexample)}`)])
  ]
}
