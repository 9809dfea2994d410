// The rows that a subject may act on, as a condition of a statement.
import { CasemateError } from '../errors.js'
import type { Names } from '../document/index.js'
import { provenStateOf } from '../policy/internals.js'
import type { Subject } from '../policy/types/index.js'
import { quoteValue } from '../problems/quote.js'
import { noLists } from '../reach/id-sets.js'
import { shapeError } from '../problems/request-problems.js'
import { settingsError } from '../problems/settings-error.js'
import { hasOtherTables, type Columns } from './columns.js'
import { postgres } from './dialect/postgres.js'
import { writeFilter } from './dialect/write.js'
import { fragment, type Fragment, type Hole } from './fragment.js'
import { alwaysOf, type RowPlan } from './plan/plan.js'
import { prismaWhere, type PrismaWhere } from './prisma.js'
import type { PrismaFields } from './prisma-fields.js'
import type { Statement } from './statements.js'
import { partsOf, type Table, type TableParts } from './table.js'

/** A value of a parameter: a text, whatever the column's type is, or NULL. */
export type SqlValue = string | null

/** A template tag of a driver or query builder, as the `sql` of postgres.js, Kysely and Drizzle. */
export type SqlTag<T> = (strings: TemplateStringsArray, ...values: SqlValue[]) => T

/** A condition for whatever runs it. */
export interface SqlCondition {
  /**
   * Text with the placeholders of the table's database, and their values. Where parameters have numbers (`$1` of
   * PostgreSQL, `?1` of SQLite), the first is `first`, 1 if it is not given; else there is one value for each place.
   *
   * @throws CasemateError `invalid_settings` for a `first` that is no number of a parameter.
   */
  toSql(first?: number): Statement
  /**
   * The same for `pg`: parameters from `$first`.
   *
   * @throws CasemateError `not_expressible` for a table of another database, and as `toSql`.
   */
  toPg(first?: number): Statement
  /** What a template tag makes of it: a fragment to put into a statement. */
  into<T>(tag: SqlTag<T>): T
}

/** The rows that a subject may act on. */
export interface RowFilter extends SqlCondition {
  /**
   * `true` where it holds of every row of the table and `false` where it holds of none, so that nobody has to be asked;
   * `undefined` where the database finds out.
   */
  readonly always: boolean | undefined
  /** The same as a value, true or false and never NULL: to be selected, or negated. */
  asValue(): SqlCondition

  /**
   * The same rows for `where` of a Prisma client, on PostgreSQL. Join it with conditions of your own by `AND: [it, …]`, and
   * never by spreading. `fields` has the names of the schema's fields, by the field of the resource, where they differ from
   * the columns' names; a column is NOT NULL to the mapping where its field has no `?`.
   *
   * @throws CasemateError `not_expressible` where Prisma cannot ask it exactly: ACLs, columns to be cast, lists without
   * `checked`, more than 30,000 ids, a table of another database; `invalid_settings` for a field that is not named, or a
   * name that no field has.
   */
  toPrisma(fields?: PrismaFields): PrismaWhere
}

/** How a statement calls the table. */
export interface WhereSettings {
  /**
   * The alias or the name by which the statement calls the table. Without it the columns stand alone, which is possible
   * only where the mapping names no other table.
   */
  readonly as?: string
}

/**
 * The rows on which `can` allows the subject an action, as a condition for a statement. Rows about which `can` throws are
 * left out; the table's `problems` lists them.
 *
 * Its text depends on the policy, the action and the table, and on what kind of subject asks: one whom the site's roles
 * allow or deny it everywhere, one with a ceiling, or any other. It never depends on ids, or on how many organizations,
 * containers, groups and roles a subject has. Ids that a column cannot hold are not sent.
 *
 * @throws RequestError `unknown_action`; `invalid_request` unless it is a subject of the table's policy, or of one that
 * `withRoles` made from it.
 * @throws CasemateError `invalid_settings` for a missing or unusable `as`.
 */
export function whereFor<N extends Names, R extends keyof N['resources'] & string>(
  subject: Subject<N>,
  action: N['resources'][R]['actions'],
  table: Table<N, R>,
  settings: WhereSettings = {}
): RowFilter {
  const parts = partsOf(table)
  return filterOf(planFor(subject, action, parts), readAlias(settings.as, parts.columns), parts)
}

/** The filter of a plan, for a statement that calls the table by this name. */
export function filterOf(plan: RowPlan, alias: string | undefined, parts: TableParts): RowFilter {
  const written = writtenOf(plan, alias, parts)
  return Object.freeze({
    get always() {
      return alwaysOf(plan)
    },
    ...conditionOf(written, plan, parts),
    asValue: () => Object.freeze(conditionOf(parts.dialect.isTrue(written), plan, parts)),
    toPrisma: (fields = {}) => {
      requirePostgres(parts.dialect, 'toPrisma')
      return prismaWhere(plan, parts.columns, fields)
    }
  })
}

/**
 * Which rows of a table a subject may act on, without any SQL.
 *
 * @throws RequestError as `whereFor`.
 */
export function planFor(subject: unknown, action: string, { policy, catalogue, plan }: TableParts): RowPlan {
  const state = provenStateOf(policy, subject)
  // Checked at run time too: this subject decides about every row.
  if (state?.compiled.catalogue !== catalogue)
    throw shapeError(['subject'], 'a subject of the policy of this table', subject)
  return plan(state, action)
}

/** Names inside a condition begin with this; a statement's own must not. */
const reserved = 'casemate_'

function readAlias(given: string | undefined, columns: Columns): string | undefined {
  const fault = aliasFault(given, columns)
  if (fault !== undefined) throw settingsError('as', `${fault} ${quoteValue(given)}`, given)
  return given
}

/** What is wrong with the name by which a statement calls the table, before that name is quoted. */
export function aliasFault(given: unknown, columns: Columns): string | undefined {
  if (given === undefined)
    return hasOtherTables(columns)
      ? 'expected the name by which the statement calls the table, because the mapping names another table too; not'
      : undefined
  const isName = typeof given === 'string' && given !== '' && !given.toLowerCase().startsWith(reserved)
  return isName ? undefined : 'expected a name, not'
}

/** Aliases and kinds of subjects for which the text of one condition is kept. */
const mostKept = 64
/** The text of a plan: the same for the same flags. */
function writtenOf(
  plan: RowPlan,
  alias: string | undefined,
  { columns, dialect, kept }: TableParts
): Fragment {
  const { condition, isSet } = plan
  const key = `${isSet.map(Number).join('')} ${alias ?? ''}`
  const known = kept.get(condition)
  const found = known?.get(key)
  if (found !== undefined) return found
  const written = writeFilter(plan, dialect, { columns, alias })
  const made = typeof written === 'boolean' ? fragment(dialect.constant(written)) : written
  if (known === undefined) kept.set(condition, new Map([[key, made]]))
  else if (known.size < mostKept) known.set(key, made)
  return made
}

function conditionOf(
  written: Fragment,
  { ids, senders }: RowPlan,
  { dialect, numbered }: TableParts
): SqlCondition {
  const send = senders.of(dialect)
  const valueOf = (hole: Hole): SqlValue => send(ids[hole.slot] ?? noLists, hole)
  const toSql = (first = 1): Statement => {
    if (!Number.isSafeInteger(first) || first < 1)
      throw settingsError('first', `expected the number of a parameter, not ${quoteValue(first)}`, first)
    const { text, sent } = numbered(written, first)
    return { text, values: sent.map(valueOf) }
  }
  return {
    toSql,
    toPg: (first) => {
      requirePostgres(dialect, 'toPg')
      return toSql(first)
    },
    into: (tag) => {
      const { strings, holes } = written
      const texts = strings.map((text, at) => {
        const hole = holes[at - 1]
        return hole === undefined ? text : dialect.castAfter(hole) + text
      })
      return tag(Object.assign(texts, { raw: texts }), ...holes.map(valueOf))
    }
  }
}

/** @throws CasemateError `not_expressible` for another database. */
function requirePostgres({ name }: TableParts['dialect'], method: string): void {
  if (name !== postgres.name)
    throw new CasemateError('not_expressible', `${method}: the table is in ${name}; use \`toSql\``)
}
