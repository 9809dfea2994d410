// What laws about rows of a database have in common: a world with ids that the columns can hold, its tables with their
// rows, and what `can` says of them.
import type { Policy, Subject } from '../../../src/index.js'
import { isCasemateError } from '../../../src/index.js'
import type { RelatedRows } from '../../../src/sql/to-object.js'
import type { Dice, RolledQuestion } from '../../arbitraries/index.js'
import { rollQuestion } from '../../arbitraries/index.js'
import type { World } from '../../model.js'
import { asGiven, orFailure, policyOf, subjectOf } from '../../support/engine.js'
import type { DriverRow, TestDatabase } from './database.js'
import { subjectIn, worldIn } from './ids.js'
import { columns, rollRows, rollStorage, type Form, type Storage } from './rows.js'

/** A world with what is drawn for its rows and subjects. */
export interface DrawnWorld {
  readonly world: World
  readonly rows: Dice
  readonly subjects: readonly Dice[]
}

/** What is wrong, if anything. */
export type Fault = string | undefined

/** A world in ids of one form. */
export interface FormedWorld {
  readonly form: Form
  readonly world: World
  readonly policy: Policy
  readonly subjects: readonly Subject[]
}

type Holder = Pick<RolledQuestion, 'subject' | 'within'>

/** Who asks, as questions of generated worlds have it. */
export function rollHolder(dice: Dice, world: World): Holder {
  return rollQuestion(dice, world, { v2: true })
}

/** A world in the ids of one of the database's forms, with the subjects that it can have. */
export function formWorld(
  { forms }: TestDatabase,
  { world, rows: dice, subjects: drawn }: DrawnWorld,
  roll: (dice: Dice, world: World) => Holder
): FormedWorld {
  const form = dice.pick(forms)
  const there = worldIn(form.name, world)
  const policy = policyOf(there)
  const subjects = drawn.flatMap((one): Subject[] => {
    const question = subjectIn(form.name, world.document.ids, roll(one, world))
    const made = orFailure(() => subjectOf(policy, question))
    return 'error' in made ? [] : [made]
  })
  return { form, world: there, policy, subjects }
}

/** Fills the tables of each resource of a world with rows; the first fault that a visitor finds. */
export async function fillTables(
  database: TestDatabase,
  { form, world: { document } }: FormedWorld,
  dice: Dice,
  count: number,
  visit: (storage: Storage) => Promise<Fault>
): Promise<Fault> {
  const kinds = (document.containers ?? []).map(({ name }) => name)
  for (const [type, resource] of Object.entries(document.resources)) {
    const storage = rollStorage(database.traits, dice, form, type, resource, kinds)
    await database.load(storage, rollRows(database.traits, dice, storage, count))
    const fault = await visit(storage)
    if (fault !== undefined) return `${type} ${JSON.stringify(storage.mapping)}\n${fault}`
  }
  return undefined
}

interface Related extends Record<string, unknown[]> {
  acl: object[]
}

/** The rows of a table as a driver gives them, and what other tables have of the id of a row. */
export async function readTables(
  { read, tableOf }: TestDatabase,
  { form, kinds }: Storage
): Promise<{ readonly rows: readonly DriverRow[]; readonly relatedTo: (row: DriverRow) => RelatedRows }> {
  const related = new Map<string, Related>()
  const ofId = (id: unknown): Related => {
    const found = related.get(String(id))
    if (found !== undefined) return found
    const made: Related = { ...Object.fromEntries(kinds.map((kind) => [kind, []])), acl: [] }
    related.set(String(id), made)
    return made
  }
  for (const row of await read(tableOf(form, 'acl'))) ofId(row[columns.object]).acl.push(row)
  for (const [k, kind] of kinds.entries())
    for (const row of await read(tableOf(form, `in ${k}`)))
      ofId(row[columns.object])[kind]?.push(row['inside'])
  return { rows: await read(tableOf(form)), relatedTo: (row) => ofId(row[columns.id]) }
}

/** The answer of `can`; `undefined` where it throws. */
export function answerOf(subject: Subject, action: string, object: unknown): boolean | undefined {
  try {
    return subject.can(asGiven(action), asGiven(object))
  } catch (error) {
    if (isCasemateError(error)) return undefined
    throw error
  }
}
