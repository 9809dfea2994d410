// Markdown → the tables on a page, with the headings above them and the line of each row. It knows tables of GitHub's
// kind and headings, passes over fenced code and comments, and knows nothing of policies.
import type { PageProblems } from './problem.js'

export interface Row {
  /** From 1. */
  readonly line: number
  readonly cells: readonly string[]
}

export interface PageTable {
  readonly header: Row
  readonly rows: readonly Row[]
  /** The headings above, the nearest first. */
  readonly headings: readonly Heading[]
}

export interface Heading {
  readonly line: number
  readonly text: string
}

/** Every table of the page. What looks like one and is none, or has ragged rows, is a problem. */
export function readPage(markdown: string, problems: PageProblems): PageTable[] {
  const lines = blankOut(markdown.split(/\r\n|\n|\r/))
  const headings: Heading[] = []
  const tables: PageTable[] = []
  for (let at = 0; at < lines.length; at++) {
    const text = lines[at] ?? ''
    const heading = headingAt(lines, at)
    if (heading !== undefined) headings.unshift(heading)
    else if (isDelimiter(lines[at + 1]) && text.includes('|')) {
      const end = endOfTable(lines, at + 2)
      const table = readTable(lines, at, end, headings, problems)
      if (table !== undefined) tables.push(table)
      at = end - 1
    } else if (text.trimStart().startsWith('|')) {
      problems.add('malformed_table', at + 1, 'a table needs a header and a line of dashes under it')
      at = endOfTable(lines, at + 1) - 1
    }
  }
  return tables
}

/** The page with fenced code and comments emptied, line by line. */
function blankOut(lines: readonly string[]): string[] {
  let fence: string | undefined
  let isComment = false
  return lines.map((line) => {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line)
    if (fence !== undefined) {
      const [, marks = '', rest = ''] = mark ?? []
      if (marks.startsWith(fence) && rest.trim() === '') fence = undefined
      return ''
    }
    if (
      !isComment &&
      mark?.[1] !== undefined &&
      !(mark[1].startsWith('`') && mark[2]?.includes('`') === true)
    ) {
      fence = mark[1]
      return ''
    }
    let text = line
    let shown = ''
    for (;;) {
      const [before, after] = cutAt(text, isComment ? '-->' : '<!--')
      if (!isComment) shown += before
      if (after === undefined) return shown
      isComment = !isComment
      text = after
    }
  })
}

function cutAt(text: string, mark: string): readonly [before: string, after: string | undefined] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)]
}

function headingAt(lines: readonly string[], at: number): Heading | undefined {
  const text = lines[at] ?? ''
  const hashes = /^ {0,3}#{1,6}(?:\s+(.*?))?(?:\s+#+)?\s*$/.exec(text)
  if (hashes !== null) return { line: at + 1, text: hashes[1] ?? '' }
  const isUnderlined = /^ {0,3}(?:=+|-+)\s*$/.test(lines[at + 1] ?? '')
  return isUnderlined && text.trim() !== '' && !text.includes('|')
    ? { line: at + 1, text: text.trim() }
    : undefined
}

function isDelimiter(line: string | undefined): boolean {
  return (
    line !== undefined &&
    line.includes('|') &&
    /^\s*\|?(?:\s*:?-+:?\s*\|)*\s*(?::?-+:?\s*)?$/.test(line) &&
    line.includes('-')
  )
}

/** A table ends at a blank line or a heading; a line without bars before that belongs to it and is ragged. */
function endOfTable(lines: readonly string[], from: number): number {
  let at = from
  while (at < lines.length && lines[at]?.trim() !== '' && !/^ {0,3}#{1,6}\s/.test(lines[at] ?? '')) at++
  return at
}

function readTable(
  lines: readonly string[],
  start: number,
  end: number,
  headings: readonly Heading[],
  problems: PageProblems
): PageTable | undefined {
  const header: Row = { line: start + 1, cells: splitRow(lines[start] ?? '') }
  const width = header.cells.length
  if (splitRow(lines[start + 1] ?? '').length !== width) {
    problems.add('malformed_table', start + 2, `the line of dashes needs ${width} cells, as the header has`)
    return undefined
  }
  const rows: Row[] = []
  for (let at = start + 2; at < end; at++) {
    const row: Row = { line: at + 1, cells: splitRow(lines[at] ?? '') }
    if (row.cells.length === width) rows.push(row)
    else
      problems.add(
        'malformed_table',
        row.line,
        `this row has ${row.cells.length} cells, its table ${width} columns`
      )
  }
  if (end === start + 2) problems.add('table_without_rows', header.line, 'this table has no rows')
  return { header, rows, headings: [...headings] }
}

/** The cells of a row: split at bars that no backslash precedes, trimmed, without marks of emphasis and code. */
function splitRow(line: string): string[] {
  const text = line.trim().replace(/^\|/, '')
  const cells = text.split(/(?<!\\)\|/)
  if (/(?<!\\)\|$/.test(text)) cells.pop()
  return cells.map(plainText)
}

/**
 * A cell's text: `` `read` ``, `**yes**` and `a\_b` as `read`, `yes` and `a_b`. A cell that is code as a whole is taken
 * as it is, spaces and all, so that every name can be written.
 */
export function plainText(cell: string): string {
  const text = cell.trim()
  const [, marks = '', code] = /^(`+)(.*[^`])\1$/.exec(text) ?? []
  if (code !== undefined && !code.startsWith('`') && !new RegExp(`(?<!\`)${marks}(?!\`)`).test(code)) {
    const isPadded = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== ''
    return (isPadded ? code.slice(1, -1) : code).replaceAll('\\|', '|')
  }
  return text
    .replace(/`/g, '')
    .replace(/^(\*\*|__)(.*)\1$/, '$2')
    .replace(/^\*(.*)\*$/, '$1')
    .replace(/\\([\\|_*`+<>()[\]#-])/g, '$1')
    .trim()
}
