// Checks a page of matrices against a policy. Every cell is checked for every class of objects that it is about, so a
// cell that holds is proved. A cell that cannot be read is a problem and never counts as one that holds.
import type { Policy } from '../../policy/types/index.js'
import { type CompiledPolicy, compiledOf } from '../../compile/compile.js'
import type { CompiledResource } from '../../compile/catalogue.js'
import { RequestProblems } from '../../problems/request-problems.js'
import type { Names } from '../../document/index.js'
import { vocabularyOf, writeRelation } from '../space/relations.js'
import { readCell } from './cell.js'
import { noText, type CellText } from './cell-text.js'
import { checkAssign } from './check-assign.js'
import { checkCell, ClassMemory } from './check-cell.js'
import { readColumn, type AskedColumn } from './column.js'
import { isSubjectTable, readSubjectTable, type DefinedSubject } from './defined.js'
import { withoutInvisible } from './as-seen.js'
import { isMatrix, isTransposed, resourceOf, type About } from './kind-of-table.js'
import { readPage, type PageTable } from './page.js'
import { cite, PageProblems } from './problem.js'
import { everyoneElse, SubjectDirectory, type MatrixSubject } from './subjects.js'
import type { CheckedCell, CheckedRow, CheckedTable, MatrixOptions, MatrixResult } from './types.js'

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
    if (isMatrix(compiled, table, about.resource, directory))
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
  const shown = new Map([...taken].map((name) => [withoutInvisible(name), name]))
  for (const { name, line } of defined) {
    const alike = shown.get(withoutInvisible(name))
    if (taken.has(name))
      problems.add('duplicate_subject', line, `${cite(name)} already means something else`, name)
    else if (alike !== undefined)
      problems.add('duplicate_subject', line, `${cite(name)} shows the same as ${cite(alike)}`, name)
    taken.add(name)
    shown.set(withoutInvisible(name), name)
  }
  return defined
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
  about: About,
  directory: SubjectDirectory,
  problems: PageProblems
): CheckedTable {
  const { header, headings } = table
  const { unknown } = about
  if (unknown !== undefined) {
    const message = `unknown resource ${cite(unknown.name)} in the heading of the table in line ${header.line}`
    problems.add('unknown_resource', unknown.line, message, unknown.name, compiled.catalogue.resources.keys())
  }
  refuseMarkup(table, problems)
  const isOther = isTransposed(table)
  if (header.cells.length < 2)
    problems.add(
      'malformed_table',
      header.line,
      `this table has no column of ${isOther ? 'subjects' : 'actions'}`
    )
  const checking = { compiled, table, about, directory, problems }
  return {
    line: header.line,
    heading: headings[0]?.text.text ?? '',
    header: header.cells.map(({ text }) => text),
    rows: isOther ? checkPermissions(checking) : checkSubjects(checking)
  }
}

interface Checking {
  readonly compiled: CompiledPolicy
  readonly table: PageTable
  readonly about: About
  readonly directory: SubjectDirectory
  readonly problems: PageProblems
}

/** The rows of a table whose rows are subjects. */
function checkSubjects({ compiled, table, about, directory, problems }: Checking): CheckedRow[] {
  const { header, rows } = table
  const columns = header.cells.slice(1).map((cell) => readAsked(compiled, cell, about, header.line, problems))
  checkRepeated(
    compiled,
    columns.map((column) => ({ column, line: header.line })),
    problems
  )
  const names = new Set(rows.map(({ cells }) => cells[0]?.text ?? ''))
  return rows.map(({ line, cells: [subject = noText, ...cells] }): CheckedRow => {
    const subjects = directory.find(subject, line, names, problems)
    const classes = new ClassMemory()
    return {
      line,
      text: subject.text,
      subjects: subjects ?? [],
      cells: cells.flatMap((said, index) => {
        const column = columns[index]
        return column === undefined
          ? []
          : [checkOne(compiled, said, column, subjects, classes, line, problems)]
      })
    }
  })
}

/** The rows of a table whose columns are subjects. */
function checkPermissions({ compiled, table, about, directory, problems }: Checking): CheckedRow[] {
  const { header, rows } = table
  const heads = header.cells.slice(1)
  const names = new Set(heads.map(({ text }) => text))
  const columns = heads.map((cell) => directory.find(cell, header.line, names, problems))
  const classes = new ClassMemory()
  const asked = rows.map(({ line, cells: [cell = noText] }) => ({
    column: readAsked(compiled, cell, about, line, problems),
    line
  }))
  checkRepeated(compiled, asked, problems)
  return rows.map(({ line, cells: [first = noText, ...cells] }, number): CheckedRow => {
    const column = asked[number]?.column
    return {
      line,
      text: first.text,
      subjects: [],
      cells: cells.flatMap((said, index) => {
        if (column === undefined) return []
        const subjects = columns[index]
        return [
          { ...checkOne(compiled, said, column, subjects, classes, line, problems), subjects: subjects ?? [] }
        ]
      })
    }
  })
}

function readAsked(
  compiled: CompiledPolicy,
  cell: CellText,
  { resource, unknown }: About,
  line: number,
  problems: PageProblems
): AskedColumn | undefined {
  return unknown === undefined ? readColumn(compiled, cell, resource, line, problems) : undefined
}

function checkOne(
  compiled: CompiledPolicy,
  said: CellText,
  column: AskedColumn,
  subjects: readonly MatrixSubject[] | undefined,
  classes: ClassMemory,
  line: number,
  problems: PageProblems
): CheckedCell {
  const expectation = readCell(compiled, said, column, line, problems)
  const failure =
    expectation === undefined
      ? undefined
      : 'role' in column
        ? checkAssign(expectation, column, subjects ?? [])
        : checkCell(expectation, column, subjects ?? [], classes)
  return {
    text: said.text,
    permission: 'role' in column ? undefined : column.permission.name,
    ...('role' in column ? { assigns: column.role } : {}),
    relation: writeRelation(column.relation, vocabularyOf(compiled.catalogue)),
    expectation,
    ok: expectation !== undefined && subjects !== undefined && failure === undefined,
    failure
  }
}

function checkRepeated(
  compiled: CompiledPolicy,
  columns: readonly { readonly column: AskedColumn | undefined; readonly line: number }[],
  problems: PageProblems
): void {
  const seen = new Set<string>()
  const lines = new Set(columns.map(({ line }) => line))
  const kind = lines.size > 1 ? 'rows' : 'columns'
  for (const { column, line } of columns) {
    if (column === undefined) continue
    const name = 'role' in column ? ['assign', column.role] : [column.permission.name]
    const key = JSON.stringify([...name, writeRelation(column.relation, vocabularyOf(compiled.catalogue))])
    if (seen.has(key)) problems.add('duplicate_column', line, `two ${kind} are about ${cite(column.text)}`)
    seen.add(key)
  }
}
