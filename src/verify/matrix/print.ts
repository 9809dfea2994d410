// A checked page as text: each table with a mark on every cell, and below it, for each wrong cell, the smallest
// counterexample and why the policy answers so.
import { count } from '../../output/words.js'
import { terminalLine } from '../../output/terminal.js'
import { requestText } from '../space/words.js'
import type { Assignment } from './check-assign.js'
import type { CheckedCell, CheckedTable, MatrixResult } from './types.js'

/** How a checked page is printed. */
export interface PrintOptions {
  /** Leave out the tables whose every cell holds. */
  readonly wrongOnly?: boolean | undefined
  /** Colour wrong cells for a terminal, in addition to their marks. */
  readonly colour?: boolean | undefined
  /** False to only count the page's problems, where they are printed elsewhere. */
  readonly problems?: boolean | undefined
}

interface Wrong {
  readonly number: number
  readonly line: number
  readonly row: string
  readonly column: string
  readonly cell: CheckedCell
}

/** The tables, what is wrong with their cells, the page's problems, and one line that counts. */
export function printMatrix(result: MatrixResult, options: PrintOptions = {}): string {
  const parts: string[] = []
  let number = 0
  for (const table of result.tables) {
    const wrong = new Map<CheckedCell, Wrong>()
    for (const { cells, line, text: row } of table.rows)
      cells.forEach((cell, index) => {
        if (cell.failure !== undefined)
          wrong.set(cell, { number: ++number, line, row, column: table.header[index + 1] ?? '', cell })
      })
    if (wrong.size === 0 && options.wrongOnly === true) continue
    parts.push(
      [terminalLine(table.heading), tableText(table, wrong, options)]
        .filter((text) => text !== '')
        .join('\n\n')
    )
    for (const one of wrong.values()) parts.push(wrongText(one))
  }
  if (result.problems.length > 0 && options.problems !== false)
    parts.push(result.problems.map(({ message }) => terminalLine(message)).join('\n'))
  return [...parts, summary(result)].join('\n\n')
}

function summary({ tables, cells, wrong, problems, otherTables }: MatrixResult): string {
  const held = tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells)).filter(({ ok }) => ok).length
  const unchecked = cells - held - wrong
  const said = [
    ...(wrong > 0 ? [`${wrong} of ${count(cells, 'cell')} ${wrong === 1 ? 'is' : 'are'} wrong`] : []),
    ...(unchecked > 0 ? [`${unchecked} of ${count(cells, 'cell')} could not be checked`] : []),
    ...(cells > 0 && held === cells ? [cells === 1 ? 'the one cell holds' : `all ${cells} cells hold`] : []),
    ...(problems.length === 0 ? [] : [count(problems.length, 'problem')]),
    ...(otherTables.length === 0
      ? []
      : [`${count(otherTables.length, 'table')} about something else (line ${otherTables.join(', ')})`])
  ]
  return said.join('; ')
}

function tableText(
  { header, rows }: CheckedTable,
  wrong: ReadonlyMap<CheckedCell, Wrong>,
  options: PrintOptions
): string {
  const marks = rows.map(({ text, cells }) => [
    { text: terminalLine(text), isWrong: false },
    ...cells.map((cell) => {
      const found = wrong.get(cell)
      const shown = terminalLine(cell.text)
      if (found !== undefined) return { text: `✗ ${shown} [${found.number}]`, isWrong: true }
      return { text: `${cell.ok ? '✓' : '?'} ${shown}`, isWrong: false }
    })
  ])
  const titles = header.map(terminalLine)
  const widths = titles.map((text, index) =>
    Math.max(3, text.length, ...marks.map((row) => row[index]?.text.length ?? 0))
  )
  const line = (cells: readonly { text: string; isWrong: boolean }[]): string =>
    `| ${cells
      .map(({ text, isWrong }, index) => {
        const padded = text.padEnd(widths[index] ?? 0)
        return isWrong && options.colour === true ? `\u001B[31m${padded}\u001B[0m` : padded
      })
      .join(' | ')} |`
  return [
    line(titles.map((text) => ({ text, isWrong: false }))),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...marks.map(line)
  ].join('\n')
}

function assignmentText({ subject, role, place, options }: Assignment): string {
  return requestText(
    { subject, assign: role, ...(Object.keys(place).length === 0 ? {} : { place }) },
    options
  )
}

function wrongText({ number, line, row, column, cell: { text, failure } }: Wrong): string {
  const { counterexample, assignment } = failure ?? {}
  return [
    `[${number}] line ${line}: ${row}, ${column}, says \`${text}\``,
    `    ${failure?.message ?? ''}`,
    ...(counterexample === undefined
      ? []
      : [`    ${requestText(counterexample.request, counterexample.options)}`]),
    ...(assignment === undefined ? [] : [`    ${assignmentText(assignment)}`])
  ]
    .map(terminalLine)
    .join('\n')
}
