// Statements about a whole table: which rows no decision can be asked about, and what keeps some of them out.
import { CasemateError } from '../errors.js'
import type { Columns, TableName } from './columns.js'
import type { Dialect } from './dialect/dialect.js'
import { writeCondition } from './dialect/write.js'
import { aclFaultsOf, faultsOf } from './plan/well-formed.js'

/** A statement and the values of its parameters. */
export interface Statement {
  /** The text, with the parameters of the database. */
  readonly text: string
  /** The values of the parameters, in their order: texts, also for other types and for lists. */
  readonly values: readonly (string | null)[]
}

/** What keeps malformed ACLs out of a column. */
export interface AclCheck {
  /** The column. */
  readonly column: string
  /** What the CHECK asks, for a statement of your own. */
  readonly condition: string
  /** The statement that adds it to the table; it fails while the table has malformed ACLs. */
  readonly statement: string
}

interface Parts {
  readonly columns: Columns
  readonly dialect: Dialect
}

const row = 'casemate_row'

/** The query for the rows about which a decision throws, each with the first of its faults. */
export function problemsOf(table: TableName, { columns, dialect }: Parts): Statement {
  const context = { columns, alias: row }
  const faults = [...faultsOf(columns), ...aclFaultsOf(columns)].flatMap(({ code, field, condition }) => {
    const written = writeCondition(condition, [], dialect, context)
    return typeof written === 'boolean' ? [] : [{ code, field, text: written.strings.join('') }]
  })
  const first = (what: 'code' | 'field'): string => {
    const cases = faults.map((fault) => `WHEN ${fault.text} THEN ${dialect.quoteText(fault[what])}`)
    return `CASE ${cases.length === 0 ? `WHEN ${dialect.constant(false)} THEN ''` : cases.join(' ')} END`
  }
  const where = faults.map(({ text }) => text).join(' OR ')
  const text =
    `SELECT ${first('code')} AS casemate_problem, ${first('field')} AS casemate_field, ${row}.*` +
    ` FROM ${dialect.tableName(table)} AS ${row} WHERE ${where === '' ? dialect.constant(false) : where}`
  return Object.freeze({ text, values: Object.freeze([]) })
}

/** A CHECK for each ACL in a column. @throws CasemateError `not_expressible` where the database has no such CHECK. */
export function aclChecks(table: TableName, { columns, dialect }: Parts): readonly AclCheck[] {
  const { acl } = columns
  if (acl?.form !== 'columns') return []
  const { addCheck } = dialect
  if (addCheck === undefined)
    throw new CasemateError('not_expressible', `${dialect.name} has no CHECK for an ACL in a column`)
  const lists = ['users', 'groups'] as const
  return lists.flatMap((list) => {
    const column = acl[list]?.name
    const written = dialect.leaf({ kind: 'aclColumn', list }, { columns, alias: undefined })
    if (column === undefined || typeof written === 'boolean') return []
    const condition = written.strings.join('')
    const statement = addCheck(dialect.tableName(table), condition)
    return [Object.freeze({ column, condition, statement })]
  })
}
