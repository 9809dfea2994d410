// What a database has to say for itself: how it writes what is asked about a row, and its parameters. What is built of
// that (AND, OR, NOT, flags that are known) is written in one place for all.
import type { Columns, TableName } from '../columns.js'
import type { Fragment, Hole } from '../fragment.js'
import type { LeafCondition } from '../plan/condition.js'

/** Where a leaf is written. */
export interface WriteContext {
  readonly columns: Columns
  /** The name by which the statement calls the table; without one, columns stand alone. */
  readonly alias: string | undefined
}

export interface Dialect {
  readonly name: string
  /**
   * What a leaf asks, as SQL that is true, false or NULL, and never an error, whatever is in the row and in the slots;
   * a boolean where it is known beforehand. An operand of AND, OR and `isNotTrue`: with parentheses where it needs them.
   *
   * @throws CasemateError `not_expressible` where the database cannot ask it exactly.
   */
  readonly leaf: (condition: LeafCondition, context: WriteContext) => Fragment | boolean
  /** What is true where a leaf is false or NULL, where there is a shorter text than `isNotTrue` gives. */
  readonly negatedLeaf: (condition: LeafCondition, context: WriteContext) => Fragment | boolean | undefined
  /** What is true where the SQL is false or NULL, and false elsewhere. */
  readonly isNotTrue: (condition: Fragment) => Fragment
  /** What is false where the SQL is NULL, and never NULL. */
  readonly isTrue: (condition: Fragment) => Fragment
  readonly constant: (value: boolean) => string
  /** A parameter, by its number from 1, with the cast that every driver needs. */
  readonly parameter: (number: number, hole: Hole) => string
  /** The cast after a value that a template tag writes as a parameter. */
  readonly castAfter: (hole: Hole) => string
  /** A name of a table, column or alias, quoted. @throws CasemateError for one that the database cannot have. */
  readonly quoteName: (name: string) => string
  readonly tableName: (table: TableName) => string
  /** A text of the policy as a literal. */
  readonly quoteText: (text: string) => string
}
