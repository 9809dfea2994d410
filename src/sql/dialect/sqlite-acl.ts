// Entries of an ACL, as SQLite asks for them: in a table of their own, or in columns with JSON as text. Functions for JSON
// get nothing but valid JSON: an error in one row would be an error of the whole statement, and the order in which the
// parts of a condition are asked is not given. CASE has an order.
import type { Column } from '../columns.js'
import { fragment, type Fragment } from '../fragment.js'
import type { WriteContext } from './dialect.js'
import type { EntryTexts } from './entry-row.js'
import { entryAt, type At, type ColumnAcl, type EntryCondition } from './leaf-texts.js'
import {
  columnAt,
  equalsOne,
  hasNoNul,
  isAmong,
  isIn,
  isOne,
  isTyped,
  operandAt,
  tableName,
  textAt
} from './sqlite-columns.js'
import { quoteText } from './sqlite-quote.js'

const text = (name: string): Pick<Column, 'name' | 'kind'> => ({ name, kind: 'text' })

/** An entry in a table. Its object and its grantee are of their types, and so is its word. */
export const entryTexts: EntryTexts = {
  anything: '1 ',
  operandAt,
  isOne,
  isIn,
  entries: ({ from, object, list, grantee }, name) =>
    `FROM ${tableName(from)} AS ${entryAt.alias} WHERE ${operandAt(entryAt, text(list))} = '${name}'` +
    ` AND ${isTyped(entryAt, object)} AND ${isTyped(entryAt, grantee)}`,
  hasWord: ({ action }, words) =>
    `${operandAt(entryAt, text(action))} IN (${words.map(quoteText).join(', ')})` +
    ` AND ${isTyped(entryAt, text(action))}`,
  among: (context, id, object, query) => {
    const select = `SELECT ${columnAt(entryAt, object.name)} `
    return fragment(`${operandAt(context, id)} IN (${select}`, query, ')')
  },
  isInEither: (at, column, slot, other) =>
    fragment('(', isIn(at, column, slot), ' OR ', isIn(at, column, other), ')'),
  isSame: (at, column, otherAt, other) => `${textAt(at, column)} = ${textAt(otherAt, other)}`
}

// --- columns of JSON ------------------------------------------------------------------------------------------------

/** The entries of a column; none where it has no JSON. */
const entriesOf = (column: string): string =>
  `json_each(CASE WHEN typeof(${column}) = 'text' AND json_valid(${column}) THEN ${column} END) AS casemate_e`

/** The words of an entry; none where it has no list. */
const wordsOf = `json_each(CASE WHEN casemate_e.type = 'array' THEN casemate_e.value END) AS casemate_w`

/** Rows with a malformed half are left out elsewhere; here they are only no error. */
export function inColumn(
  condition: EntryCondition,
  half: Column,
  _: ColumnAcl,
  context: WriteContext
): Fragment {
  const words = condition.words.map(quoteText).join(', ')
  const key = { text: 'casemate_e.key COLLATE BINARY', kind: 'text' } as const
  const { org } = context.columns
  const isMeant =
    condition.kind === 'userEntry'
      ? equalsOne(key, condition.user)
      : org === undefined
        ? isAmong(key, condition.groups)
        : fragment('(', isAmong(key, condition.groups), ` OR ${key.text} = ${textAt(context, org)})`)
  return fragment(
    `EXISTS (SELECT 1 FROM ${entriesOf(columnAt(context, half.name))} CROSS JOIN ${wordsOf} WHERE `,
    isMeant,
    ` AND casemate_w.type = 'text' AND casemate_w.value COLLATE BINARY IN (${words}))`
  )
}

/**
 * A half of the ACL is a record of lists of texts, each key once, or none. Escapes for NUL and for halves of surrogate
 * pairs are refused: readers of JSON differ about them.
 */
export function isAclColumn(at: At, column: Column): string {
  const name = columnAt(at, column.name)
  const entries = entriesOf(name)
  return (
    `CASE WHEN ${name} IS NULL THEN 1 WHEN typeof(${name}) <> 'text' THEN 0` +
    ` WHEN NOT (${hasNoNul(name)} AND json_valid(${name})) THEN 0 WHEN json_type(${name}) = 'null' THEN 1` +
    ` WHEN json_type(${name}) <> 'object' THEN 0` +
    ` WHEN instr(${name}, '\\u0000') > 0 OR lower(${name}) GLOB '*\\ud[89a-f]*' THEN 0` +
    ` ELSE (SELECT count(*) = count(DISTINCT casemate_e.key) AND ifnull(min(casemate_e.type = 'array'), 1) FROM ${entries})` +
    ` AND NOT EXISTS (SELECT 1 FROM ${entries} CROSS JOIN ${wordsOf} WHERE casemate_w.type <> 'text') END`
  )
}
