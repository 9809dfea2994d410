// Conditions as SQLite asks them, from version 3.38 on. Its constants are 1 and 0: TRUE could be a column.
import type { Column, ColumnKind } from '../columns.js'
import { fragment } from '../fragment.js'
import { isStorable } from '../storable.js'
import type { Dialect } from './dialect.js'
import { entryRow } from './entry-row.js'
import { handleOf, type SqlDialect } from './handle.js'
import { joinAt, type At, type LeafTexts } from './leaf-texts.js'
import { isAny, writeLeaf, writeNegated } from './leaves.js'
import { entryTexts, inColumn, isAclColumn } from './sqlite-acl.js'
import {
  columnAt,
  hasNoNul,
  isIn,
  isInteger,
  isOne,
  isTyped,
  operandAt,
  tableName
} from './sqlite-columns.js'
import { quoteName, quoteText } from './sqlite-quote.js'
import { sqliteReader } from './sqlite-reader.js'

const isFull = (at: At, column: Column): string => `${operandAt(at, column)} <> ''`

const texts: LeafTexts = {
  columnAt,
  hasTexts: (kind: ColumnKind) => !isInteger(kind),
  isOne,
  isIn,
  isEmpty: (at, column) => `${operandAt(at, column)} = ''`,
  isFull,
  isAny: (at, column, values) =>
    isAny(
      operandAt(at, column),
      values.flatMap((value): string[] => {
        if (typeof value !== 'string') return [value === true ? '1' : '0']
        // One that no row can have is not asked for.
        return isStorable(value, 'text') ? [quoteText(value)] : []
      })
    ),
  joined: {
    isIn: (at, column, slot) => fragment(`${isTyped(at, column)} AND `, isIn(at, column, slot)),
    isGiven: (at, column) => {
      const isId = isTyped(at, column)
      if (isInteger(column.kind)) return isId
      return `${isId} AND ${isFull(at, column)} AND ${hasNoNul(columnAt(at, column.name))}`
    },
    has: (context, id, { from, object }, condition) => {
      const isOfRow = `${operandAt(joinAt, object)} = ${operandAt(context, id)} AND ${isTyped(joinAt, object)}`
      const rows = `FROM ${tableName(from)} AS ${joinAt.alias} WHERE ${isOfRow} AND `
      return fragment(`EXISTS (SELECT 1 ${rows}`, condition, ')')
    },
    hasNot: (has) => fragment('NOT ', has)
  },
  inTable: (condition, acl, id, context) => entryRow(entryTexts, condition, acl, id, context),
  inColumn,
  isReadable
}

/** The column has a value that a decision can be given: of its type, and a text without NUL. */
function isReadable(at: At, column: Column): string {
  const name = columnAt(at, column.name)
  const orNull = (condition: string): string =>
    column.isNotNull ? condition : `(${name} IS NULL OR ${condition})`
  const { kind } = column
  // Malformed ACLs are not readable.
  if (kind === 'json') return isAclColumn(at, column)
  if (kind === 'boolean') return orNull(`(typeof(${name}) = 'integer' AND ${name} IN (0, 1))`)
  if (isInteger(kind)) return orNull(isTyped(at, column))
  return orNull(`(${isTyped(at, column)} AND ${hasNoNul(name)})`)
}

/** What SQLite says for itself. */
export const sqliteDialect: Dialect = {
  name: 'SQLite',
  columns: {
    kinds: ['text', 'uuid', 'int4', 'int8', 'boolean', 'json'],
    hasArrays: false,
    hasAclColumns: true,
    hasCheckedAcls: false,
    isLoose: true
  },
  reader: sqliteReader,
  leaf: (leaf, context) => writeLeaf(texts, leaf, context),
  negatedLeaf: (leaf, context) => writeNegated(texts, leaf, context),
  isNotTrue: (condition) => fragment('NOT ifnull(', condition, ', 0)'),
  isTrue: (condition) => fragment('ifnull(', condition, ', 0)'),
  constant: (value) => (value ? '1' : '0'),
  hasNumbers: true,
  hasHalves: false,
  parameter: (number) => `?${number}`,
  castAfter: () => '',
  quoteName,
  tableName,
  addCheck: undefined,
  quoteText
}

/**
 * SQLite, from version 3.38 on, for the settings of `defineTable`. Columns are of the kinds `text`, `uuid` (a text: upper
 * case is another id), `int4` and `int8` (both any integer of 64 bits) and `boolean` (0 and 1); ACLs are in a table, or in
 * columns with JSON as text. A row with a value of another type is one that nobody can be asked about.
 *
 * @example
 * defineTable(policy, 'document', mapping, { dialect: sqlite })
 */
export const sqlite: SqlDialect = /* @__PURE__ */ handleOf(sqliteDialect)
