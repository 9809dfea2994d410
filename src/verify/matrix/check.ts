// Checks a page of matrices against a policy. Every cell is checked for every class of objects that it is about, so a
// cell that holds is proved. A cell that cannot be read is a problem and never counts as one that holds.
import { requireProvable } from '../../compile/provable.js'
import type { Policy } from '../../policy/types/index.js'
import { type CompiledPolicy, compiledOf } from '../../compile/compile.js'
import type { CompiledResource } from '../../compile/catalogue.js'
import { RequestProblems } from '../../problems/request-problems.js'
import type { Names } from '../../document/index.js'
import { vocabularyOf, writeRelation } from '../space/relations.js'
import { findHeaded, readCell, readColumn, splitHeader, type Column, type Expectation } from './cell.js'
import { checkCell, ClassMemory, type CellFailure } from './check-cell.js'
import { isSubjectTable, readSubjectTable, type DefinedSubject } from './defined.js'
import { noText } from './cell-text.js'
import { readPage, type PageTable } from './page.js'
import { cite, PageProblems, type MatrixProblem } from './problem.js'
import { everyoneElse, SubjectDirectory, type MatrixSubject } from './subjects.js'

/** Settings that a page does not contain. */
export interface MatrixOptions {
  /** The resource of tables without a heading that names one in backticks; for example the name of the file. */
  readonly resource?: string | undefined
}

/** One cell of a matrix, checked. */
export interface CheckedCell {
  /** As written. */
  readonly text: string
  /** `resource:action`. */
  readonly permission: string
  /** The column's relation, `all` where it has none. */
  readonly relation: string
  /** `undefined` where the cell is a problem. */
  readonly expectation: Expectation | undefined
  /** Whether it holds for every object that it is about. */
  readonly ok: boolean
  /** Why it does not hold; `undefined` where it does, and where it is a problem. */
  readonly failure: CellFailure | undefined
}

/** One row of a matrix, checked. */
export interface CheckedRow {
  /** From 1. */
  readonly line: number
  /** As written. */
  readonly text: string
  /** The subjects of the row: more than one for `everyone else` and where a setting has no value. */
  readonly subjects: readonly MatrixSubject[]
  /** Its cells without the first one, which is the subject. */
  readonly cells: readonly CheckedCell[]
}

/** One matrix of a page, checked. */
export interface CheckedTable {
  /** Of its header, from 1. */
  readonly line: number
  /** The nearest heading, without marks; empty where there is none. */
  readonly heading: string
  /** The header cells, as written. */
  readonly header: readonly string[]
  /** In the order of the page. */
  readonly rows: readonly CheckedRow[]
}

/** The result for a page. */
export interface MatrixResult {
  /** Whether the page has at least one cell, every cell holds and nothing in the page is a problem. */
  readonly ok: boolean
  /** Its matrices, in the order of the page. */
  readonly tables: readonly CheckedTable[]
  /** What could not be read. With a problem the page is not ok. */
  readonly problems: readonly MatrixProblem[]
  /** How many cells there are. */
  readonly cells: number
  /** How many cells were checked and do not hold. */
  readonly wrong: number
  /** The lines of tables that are no matrices: no column is an action and no cell is `yes` or `no`. */
  readonly otherTables: readonly number[]
}

/**
 * Checks every matrix of a Markdown page. Objects have no ACL; deployment options are those that the policy was
 * compiled with and settings have their defaults, unless the page says otherwise. A page without any matrix is a
 * problem.
 *
 * @throws RequestError `unknown_resource` for `options.resource`.
 */
export function checkMatrix<N extends Names>(
  policy: Policy<N>,
  markdown: string,
  options: MatrixOptions = {}
): MatrixResult {
  const compiled = compiledOf(policy)
  requireProvable(compiled)
  const problems = new PageProblems()
  const page = readPage(markdown, problems)
  const fallback = options.resource === undefined ? undefined : resourceNamed(compiled, options.resource)
  const defined = readDefined(compiled, page.tables, problems)
  const directory = new SubjectDirectory(compiled, defined)
  const tables: CheckedTable[] = []
  const otherTables: number[] = []
  for (const table of page.tables) {
    if (isSubjectTable(table)) continue
    const about = resourceOf(compiled, table, fallback)
    if (isMatrix(compiled, table, about.resource))
      tables.push(checkTable(compiled, table, about, directory, problems))
    else otherTables.push(table.header.line)
  }
  const cells = tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells))
  if (cells.length > 0 || page.hasHtmlMatrix)
    for (const line of new Set(page.htmlTables))
      problems.add('html_table', line, 'a table in HTML is not checked; write it in Markdown')
  if (cells.length === 0 && problems.list().length === 0)
    problems.add('page_without_matrix', 1, 'there is no matrix on this page')
  const wrong = cells.filter(({ failure }) => failure !== undefined).length
  const found = problems.list()
  return {
    ok: wrong === 0 && found.length === 0,
    tables,
    problems: found,
    cells: cells.length,
    wrong,
    otherTables
  }
}

function resourceNamed(compiled: CompiledPolicy, name: string): CompiledResource {
  const { resources } = compiled.catalogue
  const found = resources.get(name)
  if (found !== undefined) return found
  const problems = new RequestProblems()
  problems.addUnknown('unknown_resource', ['resource'], 'resource', name, resources)
  throw problems.toError()
}

function readDefined(
  compiled: CompiledPolicy,
  page: readonly PageTable[],
  problems: PageProblems
): DefinedSubject[] {
  const defined = page.filter(isSubjectTable).flatMap((table) => {
    refuseMarkup(table, problems)
    return readSubjectTable(compiled, table, problems)
  })
  const taken = new Set<string>([...compiled.roles.shipped.keys(), everyoneElse])
  for (const { name, line } of defined) {
    if (taken.has(name))
      problems.add('duplicate_subject', line, `${cite(name)} already means something else`, name)
    taken.add(name)
  }
  return defined
}

interface About {
  readonly resource: CompiledResource | undefined
  /** The heading that names one. */
  readonly unknown?: { readonly line: number; readonly name: string }
}

/** The resource in backticks of the nearest heading that has something in backticks. */
function resourceOf(
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

/** Whether a table is a matrix: a `Subject` or `Role` column first, an action in the header, or a `yes` or `no`. */
function isMatrix(
  compiled: CompiledPolicy,
  { header, rows }: PageTable,
  resource: CompiledResource | undefined
): boolean {
  const [first, ...columns] = header.cells
  return (
    /^(?:subjects?|roles?)$/i.test(first?.text ?? '') ||
    columns.some(({ text }) => findHeaded(compiled, splitHeader(text).name, resource) !== undefined) ||
    rows.some(({ cells }) => cells.some(({ text, markup = '' }) => isAnswer(text) || isAnswer(markup)))
  )
}

/** Whether a text reads as `yes` or `no`, with any punctuation around it. */
function isAnswer(text: string): boolean {
  return /^[^\p{L}\p{N}(]*(?:yes|no)[^\p{L}\p{N}(]*(?:\(.*)?$/isu.test(text)
}

/** Adds a problem for each cell with an image or HTML: what these show cannot be read. */
function refuseMarkup({ header, rows }: PageTable, problems: PageProblems): void {
  for (const { cells, line } of [header, ...rows])
    for (const { markup } of cells)
      if (markup !== undefined)
        problems.add('invalid_cell', line, `HTML or an image in a cell of a matrix: ${cite(markup)}`)
}

function checkTable(
  compiled: CompiledPolicy,
  table: PageTable,
  { resource, unknown }: About,
  directory: SubjectDirectory,
  problems: PageProblems
): CheckedTable {
  const { header, rows, headings } = table
  if (unknown !== undefined) {
    const message = `unknown resource ${cite(unknown.name)} in the heading of the table in line ${header.line}`
    problems.add('unknown_resource', unknown.line, message, unknown.name, compiled.catalogue.resources.keys())
  }
  refuseMarkup(table, problems)
  const columns =
    unknown === undefined
      ? header.cells.slice(1).map(({ text }) => readColumn(compiled, text, resource, header.line, problems))
      : []
  if (header.cells.length < 2)
    problems.add('malformed_table', header.line, 'this table has no column of actions')
  checkColumns(compiled, columns, header.line, problems)
  const names = new Set(rows.map(({ cells }) => cells[0]?.text ?? ''))
  return {
    line: header.line,
    heading: headings[0]?.text.text ?? '',
    header: header.cells.map(({ text }) => text),
    rows: rows.map(({ line, cells: [subject = noText, ...cells] }): CheckedRow => {
      const subjects = directory.find(subject, line, names, problems)
      const classes = new ClassMemory()
      return {
        line,
        text: subject.text,
        subjects: subjects ?? [],
        cells: cells.flatMap((said, index) => {
          const column = columns[index]
          if (column === undefined) return []
          const expectation = readCell(compiled, said, column, line, problems)
          const failure =
            expectation === undefined ? undefined : checkCell(expectation, column, subjects ?? [], classes)
          return {
            text: said.text,
            permission: column.permission.name,
            relation: writeRelation(column.relation, vocabularyOf(compiled.catalogue)),
            expectation,
            ok: expectation !== undefined && subjects !== undefined && failure === undefined,
            failure
          }
        })
      }
    })
  }
}

function checkColumns(
  compiled: CompiledPolicy,
  columns: readonly (Column | undefined)[],
  line: number,
  problems: PageProblems
): void {
  const seen = new Set<string>()
  for (const column of columns) {
    if (column === undefined) continue
    const key = `${column.permission.name} ${writeRelation(column.relation, vocabularyOf(compiled.catalogue))}`
    if (seen.has(key)) problems.add('duplicate_column', line, `two columns are about ${cite(column.text)}`)
    seen.add(key)
  }
}
