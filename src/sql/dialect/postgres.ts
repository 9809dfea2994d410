// Conditions as PostgreSQL asks them, from version 12 on.
import type { Column } from '../columns.js'
import { isText as hasTexts } from '../columns.js'
import { fragment } from '../fragment.js'
import type { Dialect } from './dialect.js'
import { entryRow } from './entry-row.js'
import { joinAt, type At, type LeafTexts } from './leaf-texts.js'
import { isAny, isGiven, writeLeaf, writeNegated } from './leaves.js'
import { plainReader } from './plain-reader.js'
import { entryTexts, inColumn, isAclColumn } from './postgres-acl.js'
import { columnAt, isIn, isOne, listOf, operandAt, tableName } from './postgres-columns.js'
import { quoteIdentifier, quoteLiteral } from './postgres-quote.js'

const isEmpty = (at: At, column: Column): string => `${operandAt(at, column)} = ''`
const isFull = (at: At, column: Column): string => `${operandAt(at, column)} <> ''`
const cardinality = (at: At, { name }: Column): string => `cardinality(${columnAt(at, name)})`

const texts: LeafTexts = {
  columnAt,
  hasTexts,
  isOne,
  isIn,
  isEmpty,
  isFull,
  isAny: (at, column, values) =>
    isAny(
      operandAt(at, column),
      values.map((value) =>
        typeof value === 'string' ? quoteLiteral(value) : value === true ? 'TRUE' : 'FALSE'
      )
    ),
  joined: {
    isIn,
    isGiven: (at, column) => isGiven({ columnAt, hasTexts, isFull }, column, at),
    has: (context, id, { from, object }, condition) => {
      const isOfRow = `${operandAt(joinAt, object)} = ${operandAt(context, id)}`
      const rows = `FROM ${tableName(from)} AS ${joinAt.alias} WHERE ${isOfRow} AND `
      return fragment(`EXISTS (SELECT ${rows}`, condition, ')')
    },
    hasNot: (has) => fragment('NOT ', has)
  },
  inTable: (condition, acl, id, context) => entryRow(entryTexts, condition, acl, id, context),
  inColumn,
  lists: {
    // A list of `varchar` is compared with no list of `text`; the cast of a column that has one is free.
    overlaps: (at, { name, kind }, slot) =>
      fragment(`${columnAt(at, name)}${kind === 'text' ? '::text[]' : ''} && `, listOf(slot, kind)),
    isEmpty: (at, column) => `${cardinality(at, column)} = 0`,
    isFull: (at, column) => `${cardinality(at, column)} > 0`,
    isReadable: isList
  },
  isAclColumn
}

/** The column has a list without NULL and without an empty text, or none. */
function isList(at: At, { name, kind }: Column): string {
  const column = columnAt(at, name)
  const hasEmpty = hasTexts(kind) ? ` AND ('' = ANY(${column})) IS NOT TRUE` : ''
  // The order of AND is not given, and the position in a list of lists is an error.
  return `CASE WHEN array_ndims(${column}) > 1 THEN FALSE ELSE array_position(${column}, NULL) IS NULL${hasEmpty} END`
}

const dialect: Dialect = {
  name: 'PostgreSQL',
  columns: {
    kinds: ['text', 'uuid', 'int4', 'int8', 'cast', 'enum', 'boolean', 'json'],
    hasArrays: true,
    hasAclColumns: true,
    hasCheckedAcls: true,
    isLoose: false
  },
  reader: plainReader,
  leaf: (leaf, context) => writeLeaf(texts, leaf, context),
  negatedLeaf: (leaf, context) => writeNegated(texts, leaf, context),
  isNotTrue: (condition) => fragment('(', condition, ') IS NOT TRUE'),
  isTrue: (condition) => fragment('(', condition, ') IS TRUE'),
  constant: (value) => (value ? 'TRUE' : 'FALSE'),
  hasNumbers: true,
  hasHalves: true,
  parameter: (number, { type }) => `$${number}::${type}`,
  castAfter: ({ type }) => `::${type}`,
  quoteName: quoteIdentifier,
  tableName,
  addCheck: (table, condition) => `ALTER TABLE ${table} ADD CHECK ${condition}`,
  quoteText: quoteLiteral
}

/** PostgreSQL, from version 12 on. */
export const postgres: Dialect = Object.freeze(dialect)
