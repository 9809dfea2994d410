// The law of row policies: what a connection reads, changes, deletes and adds is what `can` says of the actions behind
// the commands; of a row that is moved, what it says of the row before and after. Without facts that count there is an
// error.
import { createHmac } from 'node:crypto'
import pg from 'pg'
import type { Policy, Subject } from '../../../src/index.js'
import {
  defineTable,
  enter,
  generateRls,
  protect,
  type ProtectedTable,
  type RowPolicySettings
} from '../../../src/sql/index.js'
import type { Dice } from '../../arbitraries/index.js'
import { asGiven, policyOf } from '../../support/engine.js'
import { schema, type Storage } from '../../sql/law/rows.js'
import {
  answerOf,
  fillTables,
  formWorld,
  rollHolder,
  type DrawnWorld,
  type Fault
} from '../../sql/law/worlds.js'
import { databaseOf, forms, quoted, tableOf } from '../sql/postgres.js'
import { count, readRows, type Command, type Figures, type Rows } from './figures.js'
import { faultInMoves, tryFunction } from './moves.js'

/** A hostile name, quoted everywhere. */
export const appRole = `My "App"; DROP TABLE x; --`
export const functionSchema = `Our "rules"; $casemate$ --`

export type Actions = Readonly<Record<Command, readonly string[]>>

/** What is sent of a subject, as `enter` writes it. */
export interface SentFacts {
  readonly facts: Readonly<Record<string, readonly (number | true | null)[]>>
  readonly texts: readonly string[]
}

/** A bug that could be in row policies or in what is sent to them. */
export interface Bug {
  readonly name: string
  /** Changes which actions stand behind the commands. */
  readonly actions?: (actions: Actions) => Actions
  /** Changes the migration. */
  readonly up?: (sql: string) => string
  /** Changes what is sent of a subject; `before` is what was sent of the one before. */
  readonly sent?: (facts: SentFacts, before: SentFacts) => SentFacts
}

/** A table full of rows, the actions behind its commands, and who asks. */
export interface Filled {
  readonly client: pg.Client
  readonly policy: Policy
  readonly subjects: readonly Subject[]
  readonly storage: Storage
  readonly actions: Actions
  readonly customRoles: boolean
  readonly signed: boolean
  readonly dice: Dice
}

const key = Buffer.alloc(40, 'k')
const otherKey = Buffer.alloc(40, 'o')

/** Creates the role, which is there for all databases of the server. */
export async function createRole(client: pg.Client, name: string): Promise<void> {
  await client.query(`DO $do$ BEGIN CREATE ROLE ${quoted(name)} LOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$`)
}

/** Prepares the tables that `createTables` made: a counter, a copy to move rows to, and what the application may do. */
export async function prepareTables(client: pg.Client): Promise<void> {
  await createRole(client, appRole)
  // To compile the long conditions of worlds with many attributes takes longer than to ask them.
  await client.query('SET jit = off')
  await client.query(`GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(appRole)}`)
  for (const form of forms) {
    await client.query(`
      ALTER TABLE ${tableOf(form)} ADD COLUMN touched int;
      CREATE TABLE ${tableOf(form, 'pool')} (LIKE ${tableOf(form)});
      GRANT SELECT, INSERT, UPDATE, DELETE ON ${tableOf(form)} TO ${quoted(appRole)}`)
  }
  await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${quoted(schema)} TO ${quoted(appRole)}`)
}

/** Fills a table for each resource of a world; the first fault that a visitor finds. */
export async function visitTables(
  client: pg.Client,
  drawn: DrawnWorld,
  rowCount: number,
  visit: (filled: Filled) => Promise<Fault>
): Promise<Fault> {
  const database = databaseOf(client)
  const formed = formWorld(database, drawn, rollHolder)
  const { world, subjects } = formed
  const { rows: dice } = drawn
  const customRoles = dice.chance(50)
  const policy = customRoles ? policyOf({ ...world, customRoles: { site: {}, orgs: {} } }) : formed.policy
  return fillTables(database, formed, dice, rowCount, async (storage) => {
    const names = Object.keys(storage.resource.actions)
    const some = (): string[] => dice.some(names, 1, 2)
    const update = some()
    const actions: Actions = {
      select: some(),
      insert: some(),
      update,
      updated: dice.chance(40) ? some() : update,
      delete: some()
    }
    const signed = dice.chance(30)
    const fault = await visit({ client, policy, subjects, storage, actions, customRoles, signed, dice })
    return fault && `${JSON.stringify(actions)} custom ${String(customRoles)}\n${fault}`
  })
}

/** What is wrong in a table, if anything; with a bug that is planted, whether it is noticed. */
export async function faultInTable(filled: Filled, figures: Figures, bug?: Bug): Promise<Fault> {
  const { client, policy, storage, customRoles, signed } = filled
  const { form, type } = storage
  const table = tableOf(form)
  const rows = defineTable(policy, type, asGiven(storage.mapping))
  const changed = bug?.actions?.(filled.actions)
  const isChanged = changed !== undefined && JSON.stringify(changed) !== JSON.stringify(filled.actions)
  const actions = isChanged ? changed : filled.actions
  const settings = { table: { schema, table: `${form.name} rows` }, ...actions, customRoles }
  const tables = [protect(rows, settings as RowPolicySettings as never)]
  const { up, down } = generateRls(policy, { tables, appRole, signed, schema: functionSchema })
  const migration = bug?.up?.(up) ?? up
  const given = filled.subjects.map((subject) => ({
    subject,
    facts: enter(subject, tables, signed ? { key } : {}).values[0] ?? ''
  }))
  const asked = bug?.sent === undefined ? given : withBug(bug.sent, filled, tables)
  // A bug that changes nothing here is not noticed here.
  if (bug !== undefined && migration === up && !isChanged && (bug.sent === undefined || asked.length === 0))
    return undefined
  await client.query(
    `TRUNCATE ${tableOf(form, 'pool')}; INSERT INTO ${tableOf(form, 'pool')} SELECT * FROM ${table}`
  )
  await client.query(migration)
  if (signed) await client.query(`SELECT ${quoted(functionSchema)}.set_key('now', $1)`, [key])
  await client.query(tryFunction(form, storage))
  figures.tables++
  try {
    const read = await readRows(client, rows, storage)
    const [first] = filled.subjects
    if (first !== undefined && read.all.length > 0) {
      const until = Date.now() - 60_000
      const refused: readonly (readonly [string, string | undefined])[] = [
        ['no subject', undefined],
        ...(signed
          ? ([
              ['facts without signature', enter(first, tables).values[0]!],
              ['a signature of another key', enter(first, tables, { key: otherKey }).values[0]!],
              ['facts that have expired', enter(first, tables, { key, until }).values[0]!]
            ] as const)
          : [])
      ]
      // Where nobody may do it, PostgreSQL looks at no row.
      const isNever = up.includes(' AND FALSE)')
      for (const [what, facts] of refused) {
        const found = await inside(client, facts, () => attempt(client, `SELECT n FROM ${table}`))
        if (found !== 'refused' && !(isNever && found === 'no rows')) return `${what}: ${found}`
      }
    }
    for (const { subject, facts } of asked) {
      const fault = await faultFor(subject, facts, read, filled, figures)
      if (fault !== undefined) return `${fault} by ${JSON.stringify(subject.id)}\n${facts}`
    }
    return undefined
  } finally {
    await client.query('DROP FUNCTION try_rows(int[], int[])')
    await client.query(down)
  }
}

/** The subjects of whom a bug sends something else, with what it sends. */
function withBug(
  change: NonNullable<Bug['sent']>,
  { subjects, signed }: Filled,
  tables: readonly ProtectedTable[]
): readonly { readonly subject: Subject; readonly facts: string }[] {
  let before: SentFacts | undefined
  return subjects.flatMap((subject) => {
    const right = enter(subject, tables).values[0] ?? ''
    const facts = JSON.parse(right) as SentFacts
    const text = JSON.stringify(change(facts, before ?? facts))
    before = facts
    if (text === right) return []
    return [
      { subject, facts: signed ? `${createHmac('sha256', key).update(text).digest('hex')}.${text}` : text }
    ]
  })
}

/** Works in a transaction as the application, with facts if there are some, and takes it back. */
async function inside<T>(client: pg.Client, facts: string | undefined, work: () => Promise<T>): Promise<T> {
  await client.query(`BEGIN; SET LOCAL ROLE ${quoted(appRole)}`)
  try {
    if (facts !== undefined) await client.query(`SELECT set_config('casemate.facts', $1, true)`, [facts])
    return await work()
  } finally {
    await client.query('ROLLBACK')
  }
}

/** Whether a query is refused by the row policies. */
async function attempt(client: pg.Client, text: string): Promise<'refused' | 'no rows' | 'rows'> {
  try {
    const { rowCount } = await client.query(text)
    return rowCount === 0 ? 'no rows' : 'rows'
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.message.startsWith('casemate')) return 'refused'
    throw error
  }
}

/** Compares what one subject may do with what `can` says. */
async function faultFor(
  subject: Subject,
  facts: string,
  read: Rows,
  { client, storage, actions, dice }: Filled,
  figures: Figures
): Promise<Fault> {
  const table = tableOf(storage.form)
  const allows = (command: Command, object: unknown): boolean =>
    // What `can` throws about is nobody's.
    actions[command].some((action) => answerOf(subject, action, object) === true)
  const numbersOf = async (statement: string): Promise<ReadonlySet<number>> => {
    const found = await client.query<{ n: number }>(statement)
    return new Set(found.rows.map(({ n }) => n))
  }
  const compare = async (
    command: 'select' | 'update' | 'delete',
    work: () => Promise<ReadonlySet<number>>
  ): Promise<Fault> => {
    const found = await inside(client, facts, work)
    for (const row of read.all) {
      const object = read.objectOf(row)
      const isAllowed = allows(command, object)
      count(figures[command], isAllowed)
      if (found.has(Number(row['n'])) !== isAllowed)
        return `${command}: can says ${String(isAllowed)}: ${JSON.stringify(object)}`
    }
    return undefined
  }
  const whileUpdated = async (): Promise<ReadonlySet<number>> => {
    await client.query(`UPDATE ${table} SET touched = 1; RESET ROLE`)
    return numbersOf(`SELECT n FROM ${table} WHERE touched = 1`)
  }
  const whileDeleted = async (): Promise<ReadonlySet<number>> => {
    await client.query(`DELETE FROM ${table}; RESET ROLE`)
    const left = await numbersOf(`SELECT n FROM ${table}`)
    return new Set(read.all.map(({ n }) => Number(n)).filter((n) => !left.has(n)))
  }
  const isSame = actions.update.join() === actions.updated.join()
  return (
    (await compare('select', () => numbersOf(`SELECT n FROM ${table}`))) ??
    (isSame ? await compare('update', whileUpdated) : undefined) ??
    (await compare('delete', whileDeleted)) ??
    (await inside(client, facts, () => faultInMoves(client, read, allows, dice, storage, figures)))
  )
}
