// Which actions stand behind the commands of a table: read and checked once, so that the row policies and the facts of a
// transaction are made from the same.
import type { CompiledPolicy } from '../../compile/compile.js'
import { compiledOf } from '../../compile/compile.js'
import { CasemateError } from '../../errors.js'
import type { Names } from '../../document/index.js'
import { nameClass } from '../../named-class.js'
import type { Policy } from '../../policy/types/index.js'
import { isPlainObject } from '../../problems/plain.js'
import { quoteValue } from '../../problems/quote.js'
import { settingsError } from '../../problems/settings-error.js'
import { suggest } from '../../problems/suggest.js'
import type { TableName } from '../columns.js'
import { postgres } from '../dialect/postgres.js'
import { readTableName } from '../read-mapping.js'
import { partsOf, tableFrom, type Table, type TableParts, type TableRef } from '../table.js'
import { conditionFor, type ActionCondition } from './condition.js'

/** An action, or several of which any one is enough. */
export type ActionsFor<Action extends string> = Action | readonly [Action, ...Action[]]

/** Which actions stand behind the commands of a table. A command without an action is nobody's. */
export interface RowPolicySettings<Action extends string = string> {
  /** The table, as it is called in the database. */
  readonly table: TableRef
  /** Of a row that is read: by SELECT, by RETURNING, and by an UPDATE or DELETE that names columns. */
  readonly select: ActionsFor<Action>
  /** Of a new row. */
  readonly insert?: ActionsFor<Action>
  /** Of a row as it is before it is changed. */
  readonly update?: ActionsFor<Action>
  /** Of the same row after it, in its new place and with its new owner. If it is not given: those of `update`. */
  readonly updated?: ActionsFor<Action>
  /** Of a row that is deleted. */
  readonly delete?: ActionsFor<Action>
  /**
   * Whether roles are added to the policy at run time (`withRoles`). The row policies then have an answer to whatever
   * such a role may say, and ask more; without it, a subject who may hold one is an error.
   */
  readonly customRoles?: boolean
}

/** A command, and whether the row that it is asked about is the one before or after it. */
export type Command = 'select' | 'insert' | 'update' | 'updated' | 'delete'

const commands: readonly Command[] = ['select', 'insert', 'update', 'updated', 'delete']

/** What a table's row policies are made of. Not for users: it changes between versions without notice. */
export interface ProtectedParts {
  readonly name: TableName
  readonly rows: TableParts
  readonly hasCustomRoles: boolean
  /** By command; none for what is nobody's. */
  readonly actions: ReadonlyMap<Command, readonly string[]>
  /** The condition of an action, as the row policies have it. */
  readonly conditionOf: (action: string) => ActionCondition
  /** What `enter` sent of a subject, for tables of which this is the first. */
  readonly sent: WeakMap<object, { readonly tables: readonly ProtectedParts[]; readonly text: string }>
  /** The key that it would have for a policy with other custom roles. */
  readonly keyIn: (policy: CompiledPolicy, action: string) => string
}

/** A table with the actions behind its commands: made by `protect`. Frozen. */
export interface ProtectedTable {
  /** The resource. */
  readonly resource: string
}

class Protected implements ProtectedTable {
  static {
    nameClass(this, 'ProtectedTable')
  }

  readonly resource: string
  readonly #parts: ProtectedParts

  constructor(parts: ProtectedParts) {
    this.resource = parts.rows.columns.resource.name
    this.#parts = parts
    Object.freeze(this)
  }

  static partsIn(value: object): ProtectedParts | undefined {
    return #parts in value ? value.#parts : undefined
  }
}

/** The parts of protected tables. @throws CasemateError `invalid_settings` for what is no list of them. */
export function protectedIn(tables: unknown): readonly ProtectedParts[] {
  if (!Array.isArray(tables)) throw settingsError('tables', 'expected a list of tables', tables)
  return tables.map((table: unknown, at) => {
    const parts = typeof table === 'object' && table !== null ? Protected.partsIn(table) : undefined
    if (parts === undefined) throw settingsError(`tables[${at}]`, 'expected a table of `protect`', table)
    return parts
  })
}

/**
 * Says which actions stand behind the commands of a table, for row-level security.
 *
 * @throws CasemateError `invalid_settings` for an unknown field or a wrong one; `not_expressible` for a table of another
 * database than PostgreSQL.
 * @throws RequestError `unknown_action`.
 *
 * @example
 * const tables = [
 *   protect(documents, { table: 'documents', select: 'read', insert: 'create', update: 'update', delete: 'delete' })
 * ]
 */
export function protect<N extends Names, R extends keyof N['resources'] & string>(
  rows: Table<N, R>,
  settings: RowPolicySettings<N['resources'][R]['actions']>
): ProtectedTable {
  return protectAt(rows, settings, 'settings')
}

function protectAt(rows: unknown, given: unknown, path: string): ProtectedTable {
  const parts = partsOf(rows)
  if (parts.dialect.name !== postgres.name)
    throw new CasemateError(
      'not_expressible',
      `${path}: row-level security is PostgreSQL's; this table is in ${parts.dialect.name}`
    )
  const settings = readRecord(given, path, ['table', ...commands, 'customRoles'])
  const hasCustomRoles = settings['customRoles'] ?? false
  if (typeof hasCustomRoles !== 'boolean')
    throw settingsError(`${path}.customRoles`, 'expected true or false', hasCustomRoles)
  const name = readTableName(settings['table'], [path, 'table'])
  if (name.table.toLowerCase().startsWith('casemate_'))
    throw settingsError(
      `${path}.table`,
      `a name that row policies use themselves, ${quoteValue(name.table)}`,
      name.table
    )
  const policy = compiledOf(parts.policy)
  const made = new WeakMap<CompiledPolicy, Map<string, ActionCondition>>()
  const conditionIn = (compiled: CompiledPolicy, action: string): ActionCondition => {
    const known = made.get(compiled) ?? new Map<string, ActionCondition>()
    made.set(compiled, known)
    const condition =
      known.get(action) ?? conditionFor(parts, compiled, action, { alias: name.table, hasCustomRoles })
    known.set(action, condition)
    return condition
  }
  const conditionOf = (action: string): ActionCondition => conditionIn(policy, action)
  const actions = new Map(
    commands.flatMap((command) => {
      const list = readActions(settings[command], `${path}.${command}`)
      return list === undefined ? [] : [[command, list] as const]
    })
  )
  if (!actions.has('select'))
    throw settingsError(`${path}.select`, 'missing: the action of a row that is read', undefined)
  const update = actions.get('update')
  if (update === undefined && actions.has('updated'))
    throw settingsError(`${path}.update`, 'missing: the action of a row before it is changed', undefined)
  if (update !== undefined && !actions.has('updated')) actions.set('updated', update)
  // An unknown action is an error now.
  for (const list of actions.values()) list.forEach(conditionOf)
  return new Protected({
    name,
    rows: parts,
    hasCustomRoles,
    actions,
    conditionOf,
    sent: new WeakMap(),
    keyIn: (compiled, action) => conditionIn(compiled, action).key
  })
}

function readActions(given: unknown, path: string): readonly string[] | undefined {
  if (given === undefined) return undefined
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (list.length === 0) throw settingsError(path, 'expected an action, or several', given)
  return [
    ...new Set(
      list.map((action) => {
        if (typeof action !== 'string') throw settingsError(path, 'expected an action, or several', given)
        return action
      })
    )
  ]
}

/** A record with no other fields than these. */
export function readRecord(
  given: unknown,
  path: string,
  known: readonly string[]
): Readonly<Record<string, unknown>> {
  if (!isPlainObject(given)) throw settingsError(path, `expected a record, not ${quoteValue(given)}`, given)
  for (const key of Object.keys(given))
    if (!known.includes(key))
      throw settingsError(`${path}.${key}`, `unknown field ${quoteValue(key)}`, key, suggest(key, known))
  return given
}

/** A table of a file: its resource, its mapping as `defineTable` takes it, and its settings as `protect` takes them. */
export interface RowPolicyData extends RowPolicySettings {
  /** The name of the resource whose objects the rows are. */
  readonly resource: string
  /** The mapping of its columns, as `defineTable` takes it. */
  readonly columns: object
}

/**
 * The same from data, as a file has it: the resource and the mapping of each table beside its actions, so that
 * `casemate generate rls` and the application read one list.
 *
 * @throws CasemateError `invalid_settings`, and RequestError, as `defineTable` and `protect`.
 */
export function protectAll(policy: Policy, tables: readonly RowPolicyData[]): readonly ProtectedTable[] {
  const list: unknown = tables
  if (!Array.isArray(list)) throw settingsError('tables', 'expected a list of tables', tables)
  return Object.freeze(
    list.map((given: unknown, at) => {
      const path = `tables[${at}]`
      const { resource, columns, ...settings } = readRecord(given, path, [
        'resource',
        'columns',
        'table',
        ...commands,
        'customRoles'
      ])
      if (typeof resource !== 'string')
        throw settingsError(`${path}.resource`, 'expected the name of a resource', resource)
      return protectAt(tableFrom(policy, resource, columns), settings, path)
    })
  )
}
