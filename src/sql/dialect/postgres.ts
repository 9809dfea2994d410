// Conditions as PostgreSQL asks them, from version 12 on.
import type { AttributeSource, ContainerSource } from '../columns.js'
import { isText } from '../columns.js'
import { fragment, type Fragment } from '../fragment.js'
import type { LeafCondition } from '../plan/condition.js'
import type { Dialect, WriteContext } from './dialect.js'
import { entryCondition, isAclColumn } from './postgres-acl.js'
import { columnAt, isIn, listOf, oneOf, operandAt, tableName } from './postgres-columns.js'
import { quoteIdentifier, quoteLiteral } from './postgres-quote.js'

const dialect: Dialect = {
  name: 'postgres',
  leaf,
  negatedLeaf,
  isNotTrue: (condition) => fragment('(', condition, ') IS NOT TRUE'),
  isTrue: (condition) => fragment('(', condition, ') IS TRUE'),
  constant: (value) => (value ? 'TRUE' : 'FALSE'),
  parameter: (number, { type }) => `$${number}::${type}`,
  castAfter: ({ type }) => `::${type}`,
  quoteName: quoteIdentifier,
  tableName,
  quoteText: quoteLiteral
}

/** PostgreSQL, from version 12 on. */
export const postgres: Dialect = Object.freeze(dialect)

function leaf(condition: LeafCondition, context: WriteContext): Fragment | boolean {
  const { columns } = context
  switch (condition.kind) {
    case 'owner':
      return columns.owner === undefined
        ? false
        : fragment(`${operandAt(context, columns.owner)} = `, oneOf(condition.slot, columns.owner.kind))
    case 'id':
    case 'org': {
      const column = columns[condition.kind]
      return column === undefined ? false : isIn(operandAt(context, column), condition.slot, column.kind)
    }
    case 'noOrg':
      return isNone(columns.org, context)
    case 'container':
      return inContainer(columns.containers[condition.container], condition.slot, context)
    case 'noContainer':
      return inNoContainer(columns.containers[condition.container], context)
    case 'containerList':
      return isContainerList(columns.containers[condition.container], context)
    case 'attribute':
      return attributeIs(columns.attributes[condition.attribute], condition, context)
    case 'userEntry':
    case 'groupEntry':
      return entryCondition(condition, context)
    case 'aclColumn': {
      const half = columns.acl?.form === 'columns' ? columns.acl[condition.list] : undefined
      return half === undefined ? true : fragment(isAclColumn(half, context))
    }
  }
}

function negatedLeaf(condition: LeafCondition, context: WriteContext): Fragment | boolean | undefined {
  const { columns } = context
  if (condition.kind === 'noOrg') return isSome(columns.org, context)
  if (condition.kind !== 'noContainer') return undefined
  const source = columns.containers[condition.container]
  if (source === undefined) return false
  if (source.form === 'column') return isSome(source.column, context)
  return source.form === 'array'
    ? fragment(`cardinality(${columnAt(context, source.column.name)}) > 0`)
    : joinedRows(source, context, isGiven(source))
}

type JoinSource = Extract<ContainerSource, { readonly form: 'join' }>
type IdColumnRead = WriteContext['columns']['org']

/** The column has no id: it is NULL or, of a text, empty. */
function isNone(column: IdColumnRead, context: WriteContext): Fragment | boolean {
  if (column === undefined) return true
  const name = columnAt(context, column.name)
  if (!isText(column.kind)) return column.isNotNull ? false : fragment(`${name} IS NULL`)
  const isEmpty = `${operandAt(context, column)} = ''`
  return fragment(column.isNotNull ? isEmpty : `(${name} IS NULL OR ${isEmpty})`)
}

/** The column has an id. */
function isSome(column: IdColumnRead, context: WriteContext): Fragment | boolean {
  if (column === undefined) return false
  // Of NULL this is not true either.
  if (isText(column.kind)) return fragment(`${operandAt(context, column)} <> ''`)
  return column.isNotNull ? true : fragment(`${columnAt(context, column.name)} IS NOT NULL`)
}

function inContainer(
  source: ContainerSource | undefined,
  slot: number,
  context: WriteContext
): Fragment | boolean {
  if (source === undefined) return false
  const { column } = source
  if (source.form === 'column') return isIn(operandAt(context, column), slot, column.kind)
  if (source.form === 'array')
    return fragment(`${columnAt(context, column.name)} && `, listOf(slot, column.kind))
  return joinedRows(source, context, isIn(operandAt(joinAt, column), slot, column.kind))
}

function inNoContainer(source: ContainerSource | undefined, context: WriteContext): Fragment | boolean {
  if (source === undefined) return true
  const { column } = source
  if (source.form === 'column') return isNone(column, context)
  const name = columnAt(context, column.name)
  if (source.form === 'array') {
    const isEmpty = `cardinality(${name}) = 0`
    return fragment(column.isNotNull ? isEmpty : `(${name} IS NULL OR ${isEmpty})`)
  }
  return fragment('NOT ', joinedRows(source, context, isGiven(source)))
}

/** A name that no statement of a user has: `whereFor` refuses it. */
const joinAt = { alias: 'casemate_in' }

/** A row of the other table names a container. */
function isGiven({ column }: JoinSource): Fragment {
  return fragment(
    isText(column.kind)
      ? `${operandAt(joinAt, column)} <> ''`
      : `${columnAt(joinAt, column.name)} IS NOT NULL`
  )
}

/** The object has a row in the other table of which something holds. */
function joinedRows({ from, object }: JoinSource, context: WriteContext, condition: Fragment): Fragment {
  const { id } = context.columns
  if (id === undefined) return fragment('FALSE')
  return fragment(
    `EXISTS (SELECT FROM ${tableName(from)} AS ${joinAt.alias}`,
    ` WHERE ${operandAt(joinAt, object)} = ${operandAt(context, id)} AND `,
    condition,
    ')'
  )
}

/** The column has a list without NULL and without an empty text, or none. */
function isContainerList(source: ContainerSource | undefined, context: WriteContext): Fragment | boolean {
  if (source?.form !== 'array') return true
  const name = columnAt(context, source.column.name)
  const hasEmpty = isText(source.column.kind) ? ` AND ('' = ANY(${name})) IS NOT TRUE` : ''
  // The order of AND is not given, and the position in a list of lists is an error.
  return fragment(
    `CASE WHEN array_ndims(${name}) > 1 THEN FALSE ELSE array_position(${name}, NULL) IS NULL${hasEmpty} END`
  )
}

function attributeIs(
  source: AttributeSource | undefined,
  { values, orNone }: Extract<LeafCondition, { readonly kind: 'attribute' }>,
  context: WriteContext
): Fragment | boolean {
  const column = source?.column
  if (column === undefined) return false
  const name = columnAt(context, column.name)
  const isNull = orNone ? `${name} IS NULL` : undefined
  if (values.length === 0) return isNull === undefined ? false : fragment(isNull)
  if (column.kind === 'boolean' && values.length > 1)
    return orNone || column.isNotNull ? true : fragment(`${name} IS NOT NULL`)
  const literals = values.map((value) =>
    typeof value === 'string' ? quoteLiteral(value) : value === true ? 'TRUE' : 'FALSE'
  )
  const [only] = literals
  const operand = operandAt(context, column)
  const isOne =
    literals.length === 1 ? `${operand} = ${only ?? ''}` : `${operand} IN (${literals.join(', ')})`
  return fragment(isNull === undefined ? isOne : `(${isOne} OR ${isNull})`)
}
