// Which tables of a page are matrices, of which resource, and which way round.
import type { CompiledResource } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { asSeen } from './as-seen.js'
import { readGiving } from './assign-column.js'
import { noText, type CellText } from './cell-text.js'
import { findHeaded, splitHeader } from './column.js'
import type { PageTable } from './page.js'
import type { SubjectDirectory } from './subjects.js'

/** What a table is about. */
export interface About {
  readonly resource: CompiledResource | undefined
  /** The heading that names one. */
  readonly unknown?: { readonly line: number; readonly name: string }
}

/** The resource in backticks of the nearest heading that has something in backticks. */
export function resourceOf(
  compiled: CompiledPolicy,
  { headings }: PageTable,
  fallback: CompiledResource | undefined
): About {
  const { resources } = compiled.catalogue
  for (const { line, text } of headings) {
    const names = text.code.map(([from, to]) => text.text.slice(from, to).trim().split(':')[0] ?? '')
    const found = names.flatMap((name) => resources.get(name) ?? [])[0]
    if (found !== undefined) return { resource: found }
    if (names[0] !== undefined) return { resource: undefined, unknown: { line, name: names[0] } }
  }
  return { resource: fallback }
}

/** Whether a table is the other way round: its rows are permissions, and its other columns subjects. */
export function isTransposed({ header }: Pick<PageTable, 'header'>): boolean {
  return /^permissions?$/i.test(asSeen(header.cells[0]?.text ?? ''))
}

/**
 * Whether a table is a matrix: a `Subject` or `Role` column first, an action or `Assign ROLE` in the header, a `yes` or
 * `no`; or, where its first column is headed `Permission`, a subject in the header.
 */
export function isMatrix(
  compiled: CompiledPolicy,
  { header, rows }: PageTable,
  resource: CompiledResource | undefined,
  directory: SubjectDirectory
): boolean {
  const [first, ...columns] = header.cells
  const isNamed = (cell: CellText): boolean =>
    isTransposed({ header }) ? directory.isKnown(cell.text) : isAsked(compiled, cell, resource)
  return (
    /^(?:subjects?|roles?)$/i.test(asSeen(first?.text ?? '')) ||
    columns.some((cell) => isNamed(cell) || isNamed({ ...noText, text: asSeen(cell.text) })) ||
    rows.some(({ cells }) => cells.some(({ text, markup = '' }) => isAnswer(text) || isAnswer(markup)))
  )
}

/** Whether a header is an action, or gives a role. */
function isAsked(compiled: CompiledPolicy, cell: CellText, resource: CompiledResource | undefined): boolean {
  if (findHeaded(compiled, splitHeader(cell.text).name, resource) !== undefined) return true
  return (readGiving(compiled, cell)?.roles.length ?? 0) > 0
}

/** Whether a text reads as `yes` or `no`, with any punctuation around it. */
function isAnswer(text: string): boolean {
  return /^[^\p{L}\p{N}(]*(?:yes|no)[^\p{L}\p{N}(]*(?:\(.*)?$/isu.test(asSeen(text))
}
