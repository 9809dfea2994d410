// The law of row policies: what a connection reads, changes, deletes and adds is what `can` says of the actions behind
// the commands; of a row that is moved, what it says of the row before and after.
import type pg from 'pg'
import type { Policy, Subject } from '../../../src/index.js'
import { isCasemateError } from '../../../src/index.js'
import { defineTable, enter, generateRls, protect, type RowPolicySettings } from '../../../src/sql/index.js'
import type { Dice, RolledQuestion } from '../../arbitraries/index.js'
import { rollQuestion } from '../../arbitraries/index.js'
import type { World } from '../../model.js'
import { asGiven, orFailure, policyOf, subjectOf } from '../../support/engine.js'
import { subjectIn, worldIn } from '../sql/ids.js'
import {
  columns,
  forms,
  loadRows,
  quoted,
  rollRows,
  rollStorage,
  schema,
  tableOf,
  type Storage
} from '../sql/rows.js'

/** A hostile name, quoted everywhere. */
export const appRole = `My "App"; DROP TABLE x; --`
export const functionSchema = `Our "rules"; $casemate$ --`

/** Decisions, and how many of them were yes. */
export interface Figures {
  readonly select: [number, number]
  readonly update: [number, number]
  readonly delete: [number, number]
  readonly insert: [number, number]
  readonly move: [number, number]
  tables: number
}

export const noFigures = (): Figures => ({
  select: [0, 0],
  update: [0, 0],
  delete: [0, 0],
  insert: [0, 0],
  move: [0, 0],
  tables: 0
})

export function decisionsIn(figures: Figures): number {
  return (['select', 'update', 'delete', 'insert', 'move'] as const).reduce(
    (sum, what) => sum + figures[what][0],
    0
  )
}

type Command = 'select' | 'insert' | 'update' | 'updated' | 'delete'
type Actions = Readonly<Record<Command, readonly string[]>>

/** A row as the driver gives it, and whatever rows of other tables have its id. */
interface Rows {
  readonly all: readonly Readonly<Record<string, unknown>>[]
  readonly objectOf: (row: object) => unknown
}

const key = Buffer.alloc(40, 'k')

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

/** What is wrong in one world, if anything. */
export async function faultIn(
  client: pg.Client,
  world: World,
  dice: Dice,
  rest: readonly Dice[],
  rowCount: number,
  figures: Figures
): Promise<string | undefined> {
  const form = dice.pick(forms)
  const there = worldIn(form.name, world)
  const policy = policyOf(there)
  const hasCustomRoles = dice.chance(50)
  const bare = hasCustomRoles ? policyOf({ ...there, customRoles: { site: {}, orgs: {} } }) : policy
  const subjects = rest.flatMap((one): Subject[] => {
    const question: RolledQuestion = rollQuestion(one, world, { v2: true })
    const made = orFailure(() => subjectOf(policy, subjectIn(form.name, world.document.ids, question)))
    return 'error' in made ? [] : [made]
  })
  const kinds = (world.document.containers ?? []).map(({ name }) => name)
  for (const [type, resource] of Object.entries(world.document.resources)) {
    const storage = rollStorage(dice, form, type, resource, kinds)
    await loadRows(client, storage, rollRows(dice, storage, rowCount))
    const names = Object.keys(resource.actions)
    const some = (): string[] => dice.some(names, 1, 2)
    const update = some()
    const actions: Actions = {
      select: some(),
      insert: some(),
      update,
      updated: dice.chance(40) ? some() : update,
      delete: some()
    }
    const fault = await faultInTable(client, bare, subjects, storage, actions, hasCustomRoles, dice, figures)
    if (fault !== undefined)
      return `${type} ${JSON.stringify(storage.mapping)} ${JSON.stringify(actions)} custom ${String(hasCustomRoles)}\n${fault}`
  }
  return undefined
}

async function faultInTable(
  client: pg.Client,
  policy: Policy,
  subjects: readonly Subject[],
  storage: Storage,
  actions: Actions,
  customRoles: boolean,
  dice: Dice,
  figures: Figures
): Promise<string | undefined> {
  const { form, type } = storage
  const table = tableOf(form)
  const rows = defineTable(policy, type, asGiven(storage.mapping))
  const settings = { table: { schema, table: `${form.name} rows` }, ...actions, customRoles }
  const tables = [protect(rows, settings as RowPolicySettings as never)]
  const signed = dice.chance(30)
  const { up, down } = generateRls(policy, { tables, appRole, signed, schema: functionSchema })
  await client.query(
    `TRUNCATE ${tableOf(form, 'pool')}; INSERT INTO ${tableOf(form, 'pool')} SELECT * FROM ${table}`
  )
  await client.query(up)
  if (signed) await client.query(`SELECT ${quoted(functionSchema)}.set_key('now', $1)`, [key])
  await client.query(tryFunction(form, storage))
  figures.tables++
  try {
    const read = await readRows(client, rows, storage)
    for (const subject of subjects) {
      const { text, values } = enter(subject, tables, signed ? { key } : {})
      const allows = (command: Command, object: unknown): boolean =>
        actions[command].some((action) => answerOf(subject, action, object))
      const say = (what: string): string =>
        `${what} by ${JSON.stringify(subject.id)}\n${JSON.stringify(values)}`
      const inside = async <T>(work: () => Promise<T>): Promise<T> => {
        await client.query(`BEGIN; SET LOCAL ROLE ${quoted(appRole)}`)
        try {
          await client.query(text, [...values])
          return await work()
        } finally {
          await client.query('ROLLBACK')
        }
      }
      const numbersOf = async (statement: string): Promise<ReadonlySet<number>> => {
        const found = await client.query<{ n: number }>(statement)
        return new Set(found.rows.map(({ n }) => n))
      }
      const compare = (
        command: 'select' | 'update' | 'delete',
        found: ReadonlySet<number>,
        expected: (object: unknown) => boolean
      ): string | undefined => {
        for (const row of read.all) {
          const object = read.objectOf(row)
          const isAllowed = expected(object)
          count(figures[command], isAllowed)
          if (found.has(Number(row['n'])) !== isAllowed)
            return say(`${command}: can says ${String(isAllowed)}: ${JSON.stringify(object)}`)
        }
        return undefined
      }
      const select = await inside(() => numbersOf(`SELECT n FROM ${table}`))
      const fault =
        compare('select', select, (object) => allows('select', object)) ??
        (actions.update === actions.updated
          ? compare(
              'update',
              await inside(async () => {
                await client.query(`UPDATE ${table} SET touched = 1; RESET ROLE`)
                return await numbersOf(`SELECT n FROM ${table} WHERE touched = 1`)
              }),
              (object) => allows('update', object)
            )
          : undefined) ??
        compare(
          'delete',
          await inside(async () => {
            await client.query(`DELETE FROM ${table}; RESET ROLE`)
            const left = await numbersOf(`SELECT n FROM ${table}`)
            return new Set(read.all.map(({ n }) => Number(n)).filter((n) => !left.has(n)))
          }),
          (object) => allows('delete', object)
        ) ??
        (await inside(() => faultInMoves(client, read, allows, dice, storage, figures)))
      if (fault !== undefined) return fault.includes('\n') ? fault : say(fault)
    }
    return undefined
  } finally {
    await client.query('DROP FUNCTION try_rows(int[], int[])')
    await client.query(down)
  }
}

/** Which fields of a row change when it is moved. */
const movedColumns = ({ kinds, resource }: Storage): readonly string[] => [
  columns.owner,
  columns.org,
  columns.users,
  columns.groups,
  ...kinds.flatMap((_, k) => [`c${k}`, `l${k}`]),
  ...Object.values(resource.attributes ?? {}).map(
    ({ values }, k) => `${typeof values[0] === 'boolean' ? 'b' : 'a'}${k}`
  )
]

/** Adds rows like others, or moves rows to where others are, each alone and undone: `y` or `n`, or `-` for unseen. */
function tryFunction(form: Storage['form'], storage: Storage): string {
  const moved = movedColumns(storage).map(quoted).join(', ')
  const table = tableOf(form)
  const pool = tableOf(form, 'pool')
  return `CREATE FUNCTION try_rows(old int[], new int[]) RETURNS text LANGUAGE plpgsql SECURITY INVOKER AS $f$
  DECLARE outcome text := ''; count int; one ${pool};
  BEGIN
    FOR i IN 1..cardinality(new) LOOP
      BEGIN
        SELECT * INTO one FROM ${pool} WHERE n = new[i];
        IF old[i] IS NULL THEN
          one.n := 100000 + i;
          INSERT INTO ${table} SELECT (one).*;
          count := 1;
        ELSE
          UPDATE ${table} AS t SET (${moved}) = (SELECT ${moved} FROM ${pool} AS p WHERE p.n = new[i]) WHERE t.n = old[i];
          GET DIAGNOSTICS count = ROW_COUNT;
        END IF;
        RAISE EXCEPTION 'undo' USING ERRCODE = CASE count WHEN 1 THEN 'UNDO1' ELSE 'UNDO0' END;
      EXCEPTION
        WHEN insufficient_privilege THEN
          IF sqlerrm LIKE 'casemate%' THEN RAISE; END IF;
          outcome := outcome || 'n';
        WHEN SQLSTATE 'UNDO1' THEN outcome := outcome || 'y';
        WHEN SQLSTATE 'UNDO0' THEN outcome := outcome || '-';
      END;
    END LOOP;
    RETURN outcome;
  END $f$`
}

async function faultInMoves(
  client: pg.Client,
  { all, objectOf }: Rows,
  allows: (command: Command, object: unknown) => boolean,
  dice: Dice,
  storage: Storage,
  figures: Figures
): Promise<string | undefined> {
  const some = Array.from({ length: 24 }, (_, i) => ({
    old: i < 8 ? undefined : dice.pick(all),
    new: dice.pick(all)
  }))
  const { rows } = await client.query<{ outcome: string }>('SELECT try_rows($1, $2) AS outcome', [
    some.map(({ old }) => old?.['n'] ?? null),
    some.map((one) => one.new['n'])
  ])
  const outcome = rows[0]?.outcome ?? ''
  for (const [i, { old, new: target }] of some.entries()) {
    let expected: string
    if (old === undefined) {
      expected = allows('insert', objectOf(target)) ? 'y' : 'n'
      count(figures.insert, expected === 'y')
    } else {
      const moved = {
        ...old,
        ...Object.fromEntries(movedColumns(storage).map((name) => [name, target[name]]))
      }
      const [before, after] = [objectOf(old), objectOf(moved)]
      // A condition reads the row, so that the row has to be one that is read, before and after.
      const isSeen = allows('select', before) && allows('update', before)
      expected = !isSeen ? '-' : allows('select', after) && allows('updated', after) ? 'y' : 'n'
      count(figures.move, expected === 'y')
    }
    if (outcome[i] !== expected)
      return `${old === undefined ? 'insert' : 'move'}: ${expected} expected, ${outcome[i] ?? ''}: ${JSON.stringify(old && objectOf(old))} → ${JSON.stringify(objectOf(target))}`
  }
  return undefined
}

function count(figure: [number, number], isAllowed: boolean): void {
  figure[0]++
  if (isAllowed) figure[1]++
}

/** Whether `can` allows it; what it throws about is nobody's. */
function answerOf(subject: Subject, action: string, object: unknown): boolean {
  try {
    return subject.can(asGiven(action), asGiven(object))
  } catch (error) {
    if (isCasemateError(error)) return false
    throw error
  }
}

/** The rows as a driver gives them, and their objects. */
async function readRows(
  client: pg.Client,
  table: ReturnType<typeof defineTable>,
  { form, kinds }: Storage
): Promise<Rows> {
  const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM ${tableOf(form)} ORDER BY n`)
  const related = new Map<string, { acl: object[] } & Record<string, unknown[]>>()
  const of = (id: unknown): { acl: object[] } & Record<string, unknown[]> => {
    const name = String(id)
    const found = related.get(name)
    if (found !== undefined) return found
    const made = { acl: [], ...Object.fromEntries(kinds.map((kind) => [kind, []])) } as never
    related.set(name, made)
    return made
  }
  const acl = await client.query<Record<string, unknown>>(`SELECT * FROM ${tableOf(form, 'acl')}`)
  for (const row of acl.rows) of(row[columns.object]).acl.push(row)
  for (const [k, kind] of kinds.entries()) {
    const inside = await client.query<Record<string, unknown>>(`SELECT * FROM ${tableOf(form, `in ${k}`)}`)
    for (const row of inside.rows) of(row[columns.object])[kind]?.push(row['inside'])
  }
  return {
    all: rows,
    objectOf: (row) => table.toObject(row, of((row as Record<string, unknown>)[columns.id]))
  }
}
