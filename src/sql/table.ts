// A resource as rows of a table.
import type { CompiledPolicy } from '../compile/compile.js'
import { compiledOf } from '../compile/compile.js'
import type { Names, ObjectOf } from '../document/index.js'
import type { Policy } from '../policy/types/index.js'
import { nameClass } from '../named-class.js'
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import type { Columns } from './columns.js'
import type { Dialect } from './dialect/dialect.js'
import { readDialect, type TableSettings } from './dialect/handle.js'
import { postgres } from './dialect/postgres.js'
import type { TableMapping } from './mapping.js'
import type { Fragment } from './fragment.js'
import type { Condition } from './plan/condition.js'
import { createNumberer, type Numberer } from './numbered.js'
import { createPlanner, type Planner } from './plan/plan.js'
import { readMapping, readTableName } from './read-mapping.js'
import { aclChecks, problemsOf, type AclCheck, type Statement } from './statements.js'
import { objectOf, type RelatedRows } from './to-object.js'

/** A table by its name, as it is, or with the schema that it is in. */
export type TableRef = string | { readonly table: string; readonly schema?: string }

/** What whoever asks about a table reads of it. Not for users: it changes between versions without notice. */
export interface TableParts {
  readonly policy: Policy
  readonly catalogue: CompiledPolicy['catalogue']
  readonly columns: Columns
  readonly dialect: Dialect
  readonly plan: Planner
  /** The texts that were written of a condition. */
  readonly kept: WeakMap<Condition, Map<string, Fragment>>
  /** The texts of conditions with their parameters numbered. */
  readonly numbered: Numberer
}

/** How a resource is stored: made by `defineTable`. Frozen. */
export interface Table<N extends Names = Names, R extends string = string> {
  /** The resource. */
  readonly resource: R

  /**
   * The object of a row, for `can`. The row has the columns that the mapping names, as a driver gives them; `related` has
   * the rows of other tables, where the mapping names some.
   *
   * @throws RequestError `invalid_request` for a column that was not selected, for rows of another table that are not
   * given, and for an integer above 2^53 that a driver gave as a number.
   */
  toObject(row: object, related?: RelatedRows): ObjectOf<Policy<N>, R & keyof N['resources'] & string>

  /**
   * The query for the rows about which `can` throws, for some subject at least: they are in no filter's result. Each has
   * the code of the error and the field as `casemate_problem` and `casemate_field` before its own columns.
   */
  problems(table: TableRef): Statement

  /**
   * A CHECK for each ACL in a column, so that no malformed entry can be stored. With them on the table the mapping may
   * say `checked: true`, and filters ask less.
   *
   * @throws CasemateError `not_expressible` where the database has no such CHECK.
   */
  checks(table: TableRef): readonly AclCheck[]
}

class DefinedTable<N extends Names, R extends string> implements Table<N, R> {
  static {
    nameClass(this, 'Table')
  }

  readonly resource: R
  readonly #parts: TableParts

  constructor(resource: R, parts: TableParts) {
    this.resource = resource
    this.#parts = parts
    Object.freeze(this)
  }

  /** The parts of a real table; `undefined` for what only looks like one. */
  static partsIn(value: object): TableParts | undefined {
    return #parts in value ? value.#parts : undefined
  }

  toObject(row: object, related: RelatedRows = {}): ObjectOf<Policy<N>, R & keyof N['resources'] & string> {
    // The mapping was checked against the resource, whose objects are these.
    return objectOf(this.#parts.columns, this.#parts.dialect.reader, row, related) as never
  }

  problems(table: TableRef): Statement {
    return problemsOf(readTableName(table, ['table']), this.#parts)
  }

  checks(table: TableRef): readonly AclCheck[] {
    return aclChecks(readTableName(table, ['table']), this.#parts)
  }
}

/** The parts of a table of `defineTable`; `undefined` for what is none. */
export function findParts(table: unknown): TableParts | undefined {
  return typeof table === 'object' && table !== null ? DefinedTable.partsIn(table) : undefined
}

/** The parts of a table. @throws RequestError `invalid_request` for what is none. */
export function partsOf(table: unknown): TableParts {
  const parts = findParts(table)
  if (parts !== undefined) return parts
  throw shapeError(['table'], 'a table of `defineTable`', table)
}

/**
 * Says how a resource is stored, so that the rows which a subject may act on can be asked for. Every field of the
 * resource is named, or is `null` where no row has it. The table is in PostgreSQL unless the settings name another
 * database.
 *
 * @throws CasemateError `invalid_settings` for a field that is not named, an unknown one, a wrong column, a kind of column
 * that the database does not have, and wrong settings.
 * @throws RequestError `unknown_resource`.
 *
 * @example
 * const documents = defineTable(policy, 'document', {
 *   id: { column: 'id', as: 'uuid', notNull: true },
 *   owner: 'owner_id',
 *   org: 'org_id',
 *   status: 'status',
 *   acl: { table: 'document_acl', object: 'document_id', list: 'list', grantee: 'grantee', action: 'action' }
 * })
 */
export function defineTable<N extends Names, R extends keyof N['resources'] & string>(
  policy: Policy<N>,
  resource: R,
  mapping: TableMapping<N, R>,
  settings: TableSettings = {}
): Table<N, R> {
  return tableFrom(policy, resource, mapping, settings)
}

/** The same with a mapping from data, which is read and checked as any. @throws as `defineTable`. */
export function tableFrom<N extends Names, R extends string>(
  policy: Policy<N>,
  resource: R,
  mapping: unknown,
  settings: TableSettings = {}
): Table<N, R> {
  const { catalogue } = compiledOf(policy)
  const found = catalogue.resources.get(resource)
  if (found === undefined) {
    const problems = new RequestProblems()
    problems.addUnknown('unknown_resource', ['resource'], 'resource', resource, catalogue.resources)
    throw problems.toError()
  }
  const dialect = readDialect(settings, postgres)
  const columns = readMapping(found, catalogue.containers, mapping, dialect)
  const plan = createPlanner(columns)
  return new DefinedTable<N, R>(resource, {
    // Only what every policy has is read of it.
    policy: policy,
    catalogue,
    columns,
    dialect,
    plan,
    kept: new WeakMap(),
    numbered: createNumberer(dialect)
  })
}
