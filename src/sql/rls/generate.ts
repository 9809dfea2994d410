// Tables with the actions behind their commands → row-level security of PostgreSQL, and the way back. Both may run inside
// a transaction, and more than once.
import type { Names } from '../../document/index.js'
import type { Policy } from '../../policy/types/index.js'
import { compiledOf } from '../../compile/compile.js'
import { quoteValue } from '../../problems/quote.js'
import { settingsError } from '../../problems/settings-error.js'
import { tableName } from '../dialect/postgres-columns.js'
import { quoteBody, quoteIdentifier, quoteLiteral } from '../dialect/postgres-quote.js'
import { protectedIn, type Command, type ProtectedParts, type ProtectedTable } from './bindings.js'
import { functionNames, readingFunctions } from './functions.js'
import { problemsFunction, refuseProblems } from './problems.js'

/** What row policies are made of. */
export interface RlsSettings {
  /** The tables, each of `protect`. */
  readonly tables: readonly ProtectedTable[]
  /** The role as which the application connects: no superuser, without BYPASSRLS, and not the owner of the tables. */
  readonly appRole: string
  /**
   * Whether facts have to be signed. Without it, whoever can have the application run SQL of their own can say that they
   * are anybody.
   */
  readonly signed?: boolean
  /** The schema of the functions; `casemate` if it is not given. */
  readonly schema?: string
  /**
   * With `false`, new connections of the role to this database do not compile conditions (`jit = off`): for long ones
   * that takes longer than to ask them. Who runs the migration must be allowed to alter the role; else it fails, and
   * changes nothing.
   */
  readonly jit?: boolean
}

/** Row policies as SQL. */
export interface RlsMigration {
  /** Makes them, or brings them up to date. It fails, and changes nothing, where they would not hold. */
  readonly up: string
  /** Takes them back: then the privileges of roles alone say who reads and changes what. */
  readonly down: string
}

const names = ['select', 'insert', 'update', 'delete'] as const

/**
 * Row-level security for tables: the same rows as `can` allows and `whereFor` finds, held by PostgreSQL against whatever
 * statement the application sends. A net under the filter, not in its place: each statement has its own `whereFor`.
 *
 * @throws CasemateError `invalid_settings`; `not_expressible` for a name that PostgreSQL cannot hold.
 *
 * @example
 * const { up, down } = generateRls(policy, { tables, appRole: 'app', signed: true })
 */
export function generateRls<N extends Names>(policy: Policy<N>, settings: RlsSettings): RlsMigration {
  const tables = protectedIn(settings.tables)
  const { catalogue } = compiledOf(policy)
  tables.forEach(({ rows }, at) => {
    if (rows.catalogue !== catalogue)
      throw settingsError(`tables[${at}]`, 'a table of another policy', undefined)
  })
  refuseTwice(tables)
  const { appRole, signed = false, schema: schemaName = 'casemate', jit = true } = settings
  if (typeof signed !== 'boolean') throw settingsError('signed', 'expected true or false', signed)
  if (typeof jit !== 'boolean') throw settingsError('jit', 'expected true or false', jit)
  const [role, schema] = [readName('appRole', appRole), readName('schema', schemaName)]
  const down = [
    ...tables.flatMap((table) => [
      ...dropPolicies(table),
      `ALTER TABLE ${tableName(table.name)} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;`
    ]),
    ...functionNames.map((name) => `DROP FUNCTION IF EXISTS ${schema}.${name};`),
    `DROP TABLE IF EXISTS ${schema}.keys;`,
    ...(jit ? [] : [alterRole(appRole, 'RESET jit')]),
    dropEmptySchema(schema)
  ]
  const up = [
    `CREATE SCHEMA IF NOT EXISTS ${schema};`,
    ...readingFunctions(schema, role, signed),
    ...tables.flatMap((table) => [
      `ALTER TABLE ${tableName(table.name)} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;`,
      ...dropPolicies(table),
      ...createPolicies(table, schema, role)
    ]),
    problemsFunction(schema, appRole),
    `REVOKE ALL ON FUNCTION ${schema}.problems() FROM PUBLIC;`,
    ...(jit ? [] : [alterRole(appRole, 'SET jit = off')]),
    refuseProblems(schema)
  ]
  return Object.freeze({ up: `${up.join('\n')}\n`, down: `${down.join('\n')}\n` })
}

function readName(setting: string, given: unknown): string {
  if (typeof given !== 'string' || given === '')
    throw settingsError(setting, `expected a name, not ${quoteValue(given)}`, given)
  return quoteIdentifier(given)
}

function refuseTwice(tables: readonly ProtectedParts[]): void {
  const known = new Set<string>()
  tables.forEach(({ name }, at) => {
    const text = tableName(name)
    if (known.has(text))
      throw settingsError(`tables[${at}]`, `the table ${quoteValue(text)} is there twice`, text)
    known.add(text)
  })
}

function dropPolicies({ name }: ProtectedParts): readonly string[] {
  return names.map((command) => `DROP POLICY IF EXISTS casemate_${command} ON ${tableName(name)};`)
}

/** A command without an action gets no policy: nobody may do it. */
function createPolicies(table: ProtectedParts, schema: string, role: string): readonly string[] {
  const condition = (command: Command): string | undefined => {
    const actions = table.actions.get(command)
    if (actions === undefined) return undefined
    return actions.map((action) => table.conditionOf(action).text(schema)).join(' OR ')
  }
  return names.flatMap((command) => {
    const asked = condition(command)
    if (asked === undefined) return []
    const updated = command === 'update' ? condition('updated') : undefined
    const using = command === 'insert' ? `WITH CHECK (${asked})` : `USING (${asked})`
    const check = updated === undefined ? '' : `\n  WITH CHECK (${updated})`
    return [
      `CREATE POLICY casemate_${command} ON ${tableName(table.name)} FOR ${command.toUpperCase()} TO ${role}\n  ${using}${check};`
    ]
  })
}

/** In this database alone: whoever has the role elsewhere keeps what they have there. */
function alterRole(role: string, what: string): string {
  return `DO ${quoteBody(`BEGIN
  EXECUTE format('ALTER ROLE %I IN DATABASE %I ${what}', ${quoteLiteral(role)}, current_database());
END`)};`
}

/** The schema stays where something else is in it. */
function dropEmptySchema(schema: string): string {
  return `DO ${quoteBody(`BEGIN
  DROP SCHEMA IF EXISTS ${schema};
EXCEPTION WHEN dependent_objects_still_exist THEN
  NULL;
END`)};`
}
