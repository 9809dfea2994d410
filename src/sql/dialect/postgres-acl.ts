// Entries of an ACL, as PostgreSQL asks for them: in columns of jsonb, or in a table of their own.
import type { AclSource, Column } from '../columns.js'
import { fragment, joined, type Fragment, type Piece } from '../fragment.js'
import type { LeafCondition } from '../plan/condition.js'
import type { WriteContext } from './dialect.js'
import { columnAt, entriesOf, isIn, listOf, oneOf, operandAt, tableName, textAt } from './postgres-columns.js'
import { quoteLiteral } from './postgres-quote.js'

export type EntryCondition = Extract<LeafCondition, { readonly kind: 'userEntry' | 'groupEntry' }>

type TableAcl = Extract<AclSource, { readonly form: 'table' }>
type ColumnAcl = Extract<AclSource, { readonly form: 'columns' }>

/** An entry of the row's ACL for the subject, or for its groups and organizations, has one of the words. */
export function entryCondition(condition: EntryCondition, context: WriteContext): Fragment | boolean {
  const { acl } = context.columns
  if (acl === undefined) return false
  return acl.form === 'table' ? inTable(condition, acl, context) : inColumns(condition, acl, context)
}

// --- a table --------------------------------------------------------------------------------------------------------

/** A name that no statement of a user has: `whereFor` refuses it. */
const entry = { alias: 'casemate_acl' }

/** First the objects that any such entry is about, once for the statement; then, for those few, which entry it is. */
function inTable(condition: EntryCondition, acl: TableAcl, context: WriteContext): Fragment | boolean {
  const { id, org } = context.columns
  if (id === undefined) return false
  const { grantee } = acl
  const words = condition.words.map(quoteLiteral).join(', ')
  const list = condition.kind === 'userEntry' ? 'user' : 'group'
  const from = `FROM ${tableName(acl.from)} AS ${entry.alias} WHERE ${columnAt(entry, acl.list)} = '${list}'`
  const hasWord = `${columnAt(entry, acl.action)} IN (${words})`
  const object = operandAt(entry, acl.object)
  const objects = (who: Fragment): Fragment =>
    fragment(`${operandAt(context, id)} = ANY(ARRAY(SELECT ${object} ${from} AND `, who, ` AND ${hasWord}))`)
  const named = operandAt(entry, grantee)
  if (condition.kind === 'userEntry')
    return objects(fragment(`${named} = `, oneOf(condition.user, grantee.kind)))
  const ofGroups = isIn(named, condition.groups, grantee.kind)
  if (org === undefined) return objects(ofGroups)
  const near = fragment('(', ofGroups, ' OR ', isIn(named, condition.orgs, grantee.kind), ')')
  const ofOrg = isSame(entry, grantee, context, org)
  const exactly = fragment(
    `EXISTS (SELECT ${from} AND ${object} = ${operandAt(context, id)} AND (`,
    ofGroups,
    ` OR ${ofOrg}) AND ${hasWord})`
  )
  return fragment('(', objects(near), ' AND ', exactly, ')')
}

type At = Pick<WriteContext, 'alias'>

/** Two columns have the same text. */
function isSame(at: At, column: Column, otherAt: At, other: Column): string {
  return column.kind === other.kind
    ? `${operandAt(at, column)} = ${operandAt(otherAt, other)}`
    : `${textAt(at, column)} = ${textAt(otherAt, other)}`
}

// --- columns of jsonb -----------------------------------------------------------------------------------------------

function inColumns(condition: EntryCondition, acl: ColumnAcl, context: WriteContext): Fragment | boolean {
  const half = condition.kind === 'userEntry' ? acl.users : acl.groups
  if (half === undefined) return false
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
export function isAclColumn(column: Column, context: Pick<WriteContext, 'alias'>): string {
  const name = columnAt(context, column.name)
  const types = (path: string): string => `jsonb_path_query_array(${name}, 'strict ${path}', '{}', TRUE)`
  return (
    `(${name} IS NULL OR jsonb_typeof(${name}) = 'null' OR (jsonb_typeof(${name}) = 'object'` +
    ` AND ${types('$.*.type()')} <@ '["array"]' AND ${types('$.*[*].type()')} <@ '["string"]'))`
  )
}
