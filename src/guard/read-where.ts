// A rule with `where`: which table it asks about, checked when the guard is made, so that a call has nothing left to
// find out but the rows.
import type { Catalogue } from '../compile/catalogue.js'
import { quoteValue } from '../problems/quote.js'
import { suggest } from '../problems/suggest.js'
import { hasOtherTables } from '../sql/columns.js'
import { findParts, type Table } from '../sql/table.js'
import { aliasFault, filterOf, planFor, type SqlCondition } from '../sql/where.js'
import type { ObjectRef } from '../types.js'
import { guardError, own, readRows, type Fields } from './read-fields.js'

/** The condition of a subject, and the object of a row. */
export interface WhereParts {
  /** The resource of the table. */
  readonly resource: string
  readonly condition: (subject: unknown) => SqlCondition
  readonly derive: ((row: unknown) => ObjectRef) | undefined
}

/** @throws CasemateError `invalid_guard` for what is no table of the guard's policy. */
export function readWhere(rule: Fields, name: string, action: string, catalogue: Catalogue): WhereParts {
  const table = own(rule, 'where')
  const parts = findParts(table)
  if (parts?.catalogue !== catalogue)
    throw guardError([name, 'where'], 'expected a table that `defineTable` made of this policy, not', table)
  const { columns, dialect } = parts
  const { actions, name: type } = columns.resource
  if (!actions.has(action)) {
    const hint = suggest(action, actions.keys())
    throw guardError([name, 'action'], `${quoteValue(type)} has no action`, action, hint)
  }
  const alias = own(rule, 'as')
  const fault = aliasFault(alias, columns)
  if (fault !== undefined) throw guardError([name, 'as'], fault, alias)
  const as = typeof alias === 'string' ? alias : undefined
  if (as !== undefined) dialect.quoteName(as)
  const hasRows = own(rule, 'rows') !== undefined
  // A real table, as its parts show.
  const ofTable = (row: unknown): ObjectRef => (table as Table).toObject(row as object)
  return {
    resource: type,
    condition: (subject) => filterOf(planFor(subject, action, parts), as, parts),
    derive: hasRows ? readRows(rule, name) : hasOtherTables(columns) ? undefined : ofTable
  }
}
