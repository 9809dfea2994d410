// What checking a page of matrices gives: its tables, rows and cells, each with what was found.
import type { Expectation } from './cell.js'
import type { CellFailure } from './check-cell.js'
import type { MatrixProblem } from './problem.js'
import type { MatrixSubject } from './subjects.js'

/** Settings that a page does not contain. */
export interface MatrixOptions {
  /** The resource of tables without a heading that names one in backticks; for example the name of the file. */
  readonly resource?: string | undefined
}

/** One cell of a matrix, checked. */
export interface CheckedCell {
  /** As written. */
  readonly text: string
  /** `resource:action`; `undefined` where the cell says who may give a role. */
  readonly permission: string | undefined
  /** The role that may be given; only in such a cell. */
  readonly assigns?: string
  /** The column's relation, `all` where it has none; in a table whose columns are subjects, the row's. */
  readonly relation: string
  /** `undefined` where the cell is a problem. */
  readonly expectation: Expectation | undefined
  /** Whether it holds for every object that it is about. */
  readonly ok: boolean
  /** Why it does not hold; `undefined` where it does, and where it is a problem. */
  readonly failure: CellFailure | undefined
  /** In a table whose columns are subjects, those of its column. */
  readonly subjects?: readonly MatrixSubject[]
}

/** One row of a matrix, checked. */
export interface CheckedRow {
  /** From 1. */
  readonly line: number
  /** As written. */
  readonly text: string
  /**
   * The subjects of the row: more than one for `everyone else` and where a setting has no value. None in a table whose
   * columns are subjects: there each cell has its own.
   */
  readonly subjects: readonly MatrixSubject[]
  /** Its cells without the first one, which is the subject, or the permission where columns are subjects. */
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
