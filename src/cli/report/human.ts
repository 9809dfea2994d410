// The report for a person at a terminal: what does not hold, file by file, each with why and the smallest request that
// shows it; then one line a file and one that counts.
import type { Statement } from '../../verify/index.js'
import type { Run } from './index.js'
import { count, counterexampleText, coverageText, onOneLine, summaryText, uncoveredLines } from './words.js'

export function writeHuman(run: Run): string {
  const { result, coverage, policy } = run
  const red = (text: string): string => (run.colour ? `\u001B[31m${text}\u001B[0m` : text)
  const files = new Map<string, Statement[]>()
  for (const statement of result.statements) {
    const file = statement.file ?? `${policy} (invariants)`
    const known = files.get(file)
    if (known === undefined) files.set(file, [statement])
    else known.push(statement)
  }
  const failures = [...files].flatMap(([file, statements]) => {
    const wrong = statements.filter(({ ok }) => !ok)
    return wrong.length === 0 ? [] : [file, ...wrong.flatMap((one) => failureLines(one, red)), '']
  })
  const counts = [...files].map(([file, statements]) => {
    const wrong = statements.filter(({ ok }) => !ok).length
    const mark = wrong === 0 ? '✓' : red('✗')
    return `${mark} ${file}: ${count(statements.length, 'statement')}${wrong === 0 ? '' : `, ${wrong} wrong`}`
  })
  return [
    ...failures,
    ...counts,
    ...result.leftOut.map((file) => `- ${file}: states nothing, left out`),
    ...(coverage === undefined ? [] : [coverageText(coverage)]),
    ...(coverage?.isDetailed === true ? uncoveredLines(coverage).map((line) => `  ${line}`) : []),
    summaryText(result)
  ].join('\n')
}

function failureLines(
  { line, heading, name, message, counterexample }: Statement,
  red: (text: string) => string
): string[] {
  const where = [...(line === undefined ? [] : [`line ${line}`]), ...(heading === '' ? [] : [heading])]
  return [
    `  ${red('✗')} ${onOneLine([...where, name].join(', '))}`,
    ...(message === undefined ? [] : [`      ${onOneLine(message)}`]),
    ...(counterexample === undefined ? [] : [`      ${counterexampleText(counterexample)}`])
  ]
}
