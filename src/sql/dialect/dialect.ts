// What a database has to say for itself: how it writes what is asked about a row, and its parameters. What is built of
// that (AND, OR, NOT, flags that are known) is written in one place for all.
import type { Column, ColumnKind, Columns, TableName } from '../columns.js'
import type { Fragment, Hole } from '../fragment.js'
import type { LeafCondition } from '../plan/condition.js'

/** Where a leaf is written. */
export interface WriteContext {
  readonly columns: Columns
  /** The name by which the statement calls the table; without one, columns stand alone. */
  readonly alias: string | undefined
  /** Which half of a condition in two is written: what indexes answer, or what is asked of each row that they found. */
  readonly half?: 'wider' | 'check'
}

/** What drivers give for a column → what decisions take. */
export interface ColumnReader {
  /**
   * An id; a value of another type as it is, so that a decision refuses it.
   *
   * @throws RequestError `invalid_request` for what is not exact.
   */
  readonly id: (value: unknown, column: Column) => unknown
  /** An id in a row of another table. Where it is no text that is not empty, the row counts for nothing. */
  readonly relatedId: (value: unknown, column: Column) => unknown
  /** The value of an attribute. */
  readonly attribute: (value: unknown, column: Column) => unknown
  /** A half of an ACL: a record, or NULL for no entries. */
  readonly acl: (value: unknown, column: Column) => unknown
}

/** The columns that a database has, of those that a mapping may name. */
export interface KnownColumns {
  readonly kinds: readonly ColumnKind[]
  /** Whether a column can have a list of ids. */
  readonly hasArrays: boolean
  /** Whether an ACL can be in columns; else it is in a table. */
  readonly hasAclColumns: boolean
  /** Whether `checked` can be said of an ACL in columns: that nothing is asked about malformed entries. */
  readonly hasCheckedAcls: boolean
  /**
   * Whether a column can have values of other types than its own, or such that nothing exact can be asked about: then the
   * dialect is asked for the leaf `readable` of every column.
   */
  readonly isLoose: boolean
}

export interface Dialect {
  /** As messages call the database. */
  readonly name: string
  readonly columns: KnownColumns
  readonly reader: ColumnReader
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
  /**
   * Whether parameters have numbers, so that one value can serve several places; else each place has a value of its own,
   * in the order of the text.
   */
  readonly hasNumbers: boolean
  /** Whether conditions are written in two halves, as `candidatesOf` makes them. */
  readonly hasHalves: boolean
  /** A parameter, by its number from 1, with the cast that every driver needs. */
  readonly parameter: (number: number, hole: Hole) => string
  /** The cast after a value that a template tag writes as a parameter. */
  readonly castAfter: (hole: Hole) => string
  /** A name of a table, column or alias, quoted. @throws CasemateError for one that the database cannot have. */
  readonly quoteName: (name: string) => string
  readonly tableName: (table: TableName) => string
  /** The statement that adds a CHECK to a table; `undefined` where the database cannot check what is asked. */
  readonly addCheck: ((table: string, condition: string) => string) | undefined
  /** A text of the policy as a literal. */
  readonly quoteText: (text: string) => string
}
