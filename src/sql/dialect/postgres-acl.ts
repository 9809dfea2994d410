// Entries of an ACL, as PostgreSQL asks for them: in a table of their own, or in columns of jsonb.
import type { Column } from '../columns.js'
import { fragment, joined, type Fragment, type Piece } from '../fragment.js'
import type { WriteContext } from './dialect.js'
import type { EntryTexts } from './entry-row.js'
import { entryAt, type At, type ColumnAcl, type EntryCondition } from './leaf-texts.js'
import {
  columnAt,
  entriesOf,
  isIn,
  isOne,
  isSame,
  listOf,
  oneOf,
  operandAt,
  tableName,
  textAt
} from './postgres-columns.js'
import { quoteLiteral } from './postgres-quote.js'

/** An entry in a table. */
export const entryTexts: EntryTexts = {
  anything: '',
  operandAt,
  isOne,
  isIn,
  entries: ({ from, list }, name) =>
    `FROM ${tableName(from)} AS ${entryAt.alias} WHERE ${columnAt(entryAt, list)} = '${name}'`,
  hasWord: ({ action }, words) => `${columnAt(entryAt, action)} IN (${words.map(quoteLiteral).join(', ')})`,
  among: (context, id, object, query) => {
    const [operand, select] = [operandAt(context, id), `SELECT ${operandAt(entryAt, object)} `]
    return context.half === 'check'
      ? fragment(`${operand} IN (${select}`, query, ')')
      : fragment(`${operand} = ANY(ARRAY(${select}`, query, '))')
  },
  // One list: two of them, of a hundred ids or less each, are compared with each other id by id by the planner.
  isInEither: (at, column, slot, other) => {
    const [ids, others] = [listOf(slot, column.kind), listOf(other, column.kind)]
    return fragment(`${operandAt(at, column)} = ANY((`, ids, ' || ', others, '))')
  },
  isSame
}

// --- columns of jsonb -----------------------------------------------------------------------------------------------

/** The entry in a half of the ACL. */
export function inColumn(
  condition: EntryCondition,
  half: Column,
  acl: ColumnAcl,
  context: WriteContext
): Fragment {
  const column = columnAt(context, half.name)
  const lists = `ARRAY[${condition.words.map((word) => quoteLiteral(JSON.stringify([word]))).join(', ')}]::jsonb[]`
  if (condition.kind === 'userEntry') {
    const granted = fragment(`${column} @> ANY(`, entriesOf(condition.user, condition.words), ')')
    const own = fragment(`(${column} -> `, oneOf(condition.user, 'text'), ')')
    return acl.isChecked ? granted : and(granted, isList(own))
  }
  const { org } = context.columns
  const ofGroups = fragment(`${column} @> ANY(`, entriesOf(condition.groups, condition.words), ')')
  const ofOrg = org && `(${column} -> ${textAt(context, org)}) @> ANY(${lists})`
  const granted = ofOrg === undefined ? ofGroups : fragment('(', ofGroups, ` OR ${ofOrg})`)
  if (acl.isChecked) return granted
  // Only of rows that have such an entry: whether a decision reads a malformed one before it.
  const isRead = firstEntry(column, condition.groups, org && textAt(context, org), lists)
  const isUserRead = acl.users && canReadUser(columnAt(context, acl.users.name), condition.user)
  return isUserRead === undefined ? and(granted, isRead) : and(granted, isUserRead, isRead)
}

function and(...parts: readonly Piece[]): Fragment {
  return fragment('(', joined(parts, ' AND '), ')')
}

/** A value of jsonb is a list of texts. */
function isList(value: Fragment): Fragment {
  return and(
    fragment('jsonb_typeof(', value, `) = 'array'`),
    fragment(`jsonb_path_query_array(`, value, `, 'strict $[*].type()', '{}', TRUE) <@ '["string"]'`)
  )
}

/** A decision can read the entry for a user: the column is a record, or none, and the entry a list, or not there. */
function canReadUser(column: string, user: number): Fragment {
  const own = fragment(`(${column} -> `, oneOf(user, 'text'), ')')
  return fragment(
    `(${column} IS NULL OR jsonb_typeof(${column}) = 'null' OR (jsonb_typeof(${column}) = 'object' AND (`,
    own,
    ' IS NULL OR ',
    isList(own),
    ')))'
  )
}

/** Of the entries for groups, in the order in which a decision reads them, the first that grants or is malformed grants. */
function firstEntry(column: string, groups: number, org: string | undefined, lists: string): Fragment {
  const names = listOf(groups, 'text')
  const value = fragment('casemate_e.entry')
  const grants = and(isList(value), `casemate_e.entry @> ANY(${lists})`)
  return fragment(
    'COALESCE((SELECT ',
    grants,
    ' FROM unnest(',
    ...(org === undefined ? [names] : ['array_append(', names, `, ${org})`]),
    `) WITH ORDINALITY AS casemate_g (name, place) CROSS JOIN LATERAL (SELECT ${column} -> casemate_g.name AS entry) AS casemate_e`,
    ' WHERE casemate_e.entry IS NOT NULL AND (NOT ',
    isList(value),
    ` OR casemate_e.entry @> ANY(${lists})) ORDER BY casemate_g.place LIMIT 1), FALSE)`
  )
}

/** A half of the ACL is a record of lists of texts, or none: the body of a CHECK. */
export function isAclColumn(at: At, column: Column): string {
  const name = columnAt(at, column.name)
  const types = (path: string): string => `jsonb_path_query_array(${name}, 'strict ${path}', '{}', TRUE)`
  return (
    `(${name} IS NULL OR jsonb_typeof(${name}) = 'null' OR (jsonb_typeof(${name}) = 'object'` +
    ` AND ${types('$.*.type()')} <@ '["array"]' AND ${types('$.*[*].type()')} <@ '["string"]'))`
  )
}
