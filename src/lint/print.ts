// Findings as text: a line for each, in a form that editors can read, and one line that counts them.
import { count } from '../output/words.js'
import { terminalLine } from '../output/terminal.js'
import type { LintResult } from './lint.js'
import type { Finding, Severity } from './types.js'

/** Where something is in a file, both from 1. */
export interface Position {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/** Finds the position of a finding in its file; `undefined` if it is not known. */
export type Locate = (finding: Finding) => Position | undefined

/** How findings are printed. */
export interface PrintLintOptions {
  /** What each line begins with. */
  readonly file?: string | undefined
  /** Finds the line of a finding; without it, a line begins with the file alone. */
  readonly locate?: Locate | undefined
  /** Print suppressed findings too, with their reasons. */
  readonly showSuppressed?: boolean | undefined
  /** Colour severities for a terminal. */
  readonly colour?: boolean | undefined
}

const colours: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36 }

/** `FILE:LINE:COLUMN: warning: PATH: what is wrong (rule)` for each finding, then how many there are. */
export function printLint(result: LintResult, options: PrintLintOptions = {}): string {
  const { findings, suppressed } = result
  const lines = findings.map(
    (finding) => `${lineStart(finding, options)}${terminalLine(`${finding.message} (${finding.rule})`)}`
  )
  if (options.showSuppressed === true)
    for (const finding of suppressed)
      lines.push(
        terminalLine(`${place(finding, options)}suppressed: ${finding.message} (${finding.rule})`),
        terminalLine(`    ${finding.reason}`)
      )
  return [...lines, summary(result)].join('\n')
}

function lineStart(finding: Finding, options: PrintLintOptions): string {
  const { severity } = finding
  const word = options.colour === true ? `\u001B[${colours[severity]}m${severity}\u001B[0m` : severity
  return `${terminalLine(place(finding, options))}${word}: `
}

function place(finding: Finding, { file, locate }: PrintLintOptions): string {
  if (file === undefined) return ''
  const position = locate?.(finding)
  return position === undefined ? `${file}: ` : `${file}:${position.line}:${position.column}: `
}

function summary({ counts, suppressed }: LintResult): string {
  const said = [
    count(counts.error, 'error'),
    count(counts.warning, 'warning'),
    ...(counts.info > 0 ? [`${counts.info} to look at`] : [])
  ]
  const found = counts.error + counts.warning + counts.info > 0 ? said.join(', ') : 'nothing found'
  return suppressed.length > 0 ? `${found}; ${suppressed.length} suppressed` : found
}
