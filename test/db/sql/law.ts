// The law of filters: the rows that a database finds are those on which `can` says yes, for every subject and action of a
// world, in every kind of column.
import type pg from 'pg'
import type { Policy, Subject } from '../../../src/index.js'
import { isCasemateError, parseObject } from '../../../src/index.js'
import { defineTable, whereFor, type Table } from '../../../src/sql/index.js'
import { partsOf } from '../../../src/sql/table.js'
import { planFor } from '../../../src/sql/where.js'
import type { Dice, RolledQuestion } from '../../arbitraries/index.js'
import { rollQuestion } from '../../arbitraries/index.js'
import type { World } from '../../model.js'
import { asGiven, orFailure, policyOf, subjectOf } from '../../support/engine.js'
import { subjectIn, worldIn } from './ids.js'
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
} from './rows.js'

/** A world with what is drawn for its rows and subjects. */
export interface DrawnWorld {
  readonly world: World
  readonly rows: Dice
  readonly subjects: readonly Dice[]
}

/** What was seen. */
export interface Figures {
  decisions: number
  allowed: number
  queries: number
  malformed: number
}

export const noFigures = (): Figures => ({ decisions: 0, allowed: 0, queries: 0, malformed: 0 })

/** One row, with the object that it is to decisions. */
interface Stored {
  readonly n: number
  readonly object: unknown
  /** Whether `can` throws for some subject. */
  readonly isMalformed: boolean
}

/** One subject, one action and a table full of rows. */
export interface Asked {
  readonly client: pg.Client
  readonly subject: Subject
  readonly action: string
  readonly table: Table
  readonly storage: Storage
  readonly stored: readonly Stored[]
  readonly dice: Dice
}

/** A table with its rows, and who asks about them. */
interface Filled {
  readonly table: Table
  readonly storage: Storage
  readonly stored: readonly Stored[]
  readonly subjects: readonly Subject[]
}

export type Fault = string | undefined

/** A name that has to be quoted. */
const alias = 'd; "x'

/** Fills a table for each resource of a world; the first fault that a visitor finds. */
async function visitTables(
  client: pg.Client,
  { world, rows: dice, subjects: drawn }: DrawnWorld,
  count: number,
  visit: (filled: Filled) => Promise<Fault>
): Promise<Fault> {
  const form = dice.pick(forms)
  const policy = policyOf(worldIn(form.name, world))
  const subjects = drawn.flatMap((one): Subject[] => {
    const question = subjectIn(form.name, world.document.ids, rollHolder(one, world))
    const made = orFailure(() => subjectOf(policy, question))
    return 'error' in made ? [] : [made]
  })
  const kinds = (world.document.containers ?? []).map(({ name }) => name)
  for (const [type, resource] of Object.entries(world.document.resources)) {
    const storage = rollStorage(dice, form, type, resource, kinds)
    await loadRows(client, storage, rollRows(dice, storage, count))
    const table = defineTable(policy, type, asGiven(storage.mapping))
    const stored = await readRows(client, policy, table, storage)
    const fault = await visit({ table, storage, stored, subjects })
    if (fault !== undefined) return `${type} ${JSON.stringify(storage.mapping)}\n${fault}`
  }
  return undefined
}

/** A subject of a question; often with the roles of another one too, so that those of several places meet. */
function rollHolder(dice: Dice, world: World): Pick<RolledQuestion, 'subject' | 'within'> {
  const question = rollQuestion(dice, world, { v2: true })
  if (!Object.hasOwn(question.subject, 'id') || !dice.chance(60)) return question
  const { subject: other } = rollQuestion(dice, world, { v2: true })
  const [roles, more] = [question.subject['roles'] ?? [], other['roles'] ?? []] as unknown[][]
  const settings = { ...Object(other['orgOptions']), ...Object(question.subject['orgOptions']) } as unknown
  return {
    ...question,
    subject: { ...question.subject, roles: [...(roles ?? []), ...(more ?? [])], orgOptions: settings }
  }
}

/** Asks for every subject and action of a world. */
export async function visitWorld(
  client: pg.Client,
  drawn: DrawnWorld,
  count: number,
  visit: (asked: Asked) => Promise<Fault>,
  visitTable: (filled: Filled) => Promise<Fault> = () => Promise.resolve(undefined)
): Promise<Fault> {
  return visitTables(client, drawn, count, async (filled) => {
    const fault = await visitTable(filled)
    if (fault !== undefined) return fault
    for (const subject of filled.subjects)
      for (const action of Object.keys(filled.storage.resource.actions)) {
        const found = await visit({ client, subject, action, ...filled, dice: drawn.rows })
        if (found !== undefined) return `${action} by ${subject.id}: ${found}`
      }
    return undefined
  })
}

/** What is wrong with the filters of a world, if anything. */
export async function faultIn(
  client: pg.Client,
  drawn: DrawnWorld,
  count: number,
  figures: Figures
): Promise<Fault> {
  let texts = new Map<string, string>()
  return visitWorld(
    client,
    drawn,
    count,
    async (asked) => {
      const filter = filterFor(asked)
      const isValue = asked.dice.chance(30)
      const statement = statementOf(asked, filter, isValue)
      const { isSet } = planFor(asked.subject, asked.action, partsOf(asked.table))
      const kind = `${asked.action} ${String(isValue)} ${isSet.join()}`
      const before = texts.get(kind) ?? statement.text
      if (before !== statement.text) return `two texts of one kind:\n${before}\n${statement.text}`
      texts.set(kind, statement.text)
      figures.queries++
      return answerFault(asked, filter, statement, figures)
    },
    async ({ table, stored, storage }) => {
      texts = new Map()
      return problemsFault(client, table, stored, storage)
    }
  )
}

export type Filter = ReturnType<typeof whereFor>
type SqlStatement = ReturnType<Filter['toPg']>

export const asName = alias

function filterFor({ subject, action, table }: Asked): Filter {
  return whereFor(subject, asGiven(action), table, { as: alias })
}

/** The query for the rows of a filter: as a condition, or as a value that is never NULL. */
export function statementOf({ storage }: Asked, filter: Filter, isValue: boolean): SqlStatement {
  const name = tableOf(storage.form)
  const { text, values } = (isValue ? filter.asValue() : filter).toPg()
  return {
    text: isValue
      ? `SELECT n FROM (SELECT n, ${text} AS v FROM ${name} AS ${quoted(alias)}) AS t WHERE v IS NULL OR v`
      : `SELECT n FROM ${name} AS ${quoted(alias)} WHERE ${text}`,
    values
  }
}

/** Compares the rows that a query finds with what `can` says. */
export async function answerFault(
  asked: Asked,
  { always }: Pick<Filter, 'always'>,
  { text, values }: SqlStatement,
  figures: Figures = noFigures()
): Promise<Fault> {
  const { client, subject, action, stored } = asked
  let found: ReadonlySet<number>
  try {
    const { rows } = await client.query<{ n: number }>(text, [...values])
    found = new Set(rows.map(({ n }) => n))
  } catch (error) {
    return `${String(error)}\n${text}\n${JSON.stringify(values)}`
  }
  if (always === false && found.size > 0) return `always false, but it finds rows\n${text}`
  if (always === true && found.size < stored.length) return `always true, but it misses rows\n${text}`
  for (const { n, object, isMalformed } of stored) {
    const answer = answerOf(subject, action, object)
    if (answer === undefined) figures.malformed++
    else figures.decisions++
    if (answer === true) figures.allowed++
    if (answer === undefined && !isMalformed) return `can throws about no problem: ${JSON.stringify(object)}`
    if (found.has(n) !== (answer ?? false))
      return (
        `can says ${String(answer)}, the database ${String(found.has(n))}: ${JSON.stringify(object)}\n` +
        `${text}\n${JSON.stringify(values)}`
      )
  }
  return undefined
}

/** The answer of `can`; `undefined` where it throws. */
function answerOf(subject: Subject, action: string, object: unknown): boolean | undefined {
  try {
    return subject.can(asGiven(action), asGiven(object))
  } catch (error) {
    if (isCasemateError(error)) return undefined
    throw error
  }
}

interface Related extends Record<string, unknown[]> {
  acl: object[]
}

/** The rows as a driver gives them, as objects. */
async function readRows(
  client: pg.Client,
  policy: Policy,
  table: Table,
  { form, kinds }: Storage
): Promise<readonly Stored[]> {
  const all = async (name: string): Promise<Record<string, unknown>[]> =>
    (await client.query<Record<string, unknown>>(`SELECT * FROM ${name}`)).rows
  const related = new Map<string, Related>()
  const relatedTo = (id: unknown): Related => {
    const found = related.get(String(id))
    if (found !== undefined) return found
    const made: Related = { ...Object.fromEntries(kinds.map((kind) => [kind, []])), acl: [] }
    related.set(String(id), made)
    return made
  }
  for (const row of await all(tableOf(form, 'acl'))) relatedTo(row[columns.object]).acl.push(row)
  for (const [k, kind] of kinds.entries())
    for (const row of await all(tableOf(form, `in ${k}`)))
      relatedTo(row[columns.object])[kind]?.push(row['inside'])
  const rows = await all(tableOf(form))
  return rows.map((row) => {
    const object: unknown = table.toObject(row, relatedTo(row[columns.id]))
    return { n: Number(row['n']), object, isMalformed: !parseObject(policy, object).ok }
  })
}

/** Compares the rows that `problems` lists with those about which `can` throws. */
async function problemsFault(
  client: pg.Client,
  table: Table,
  stored: readonly Stored[],
  { form }: Storage
): Promise<Fault> {
  const { text } = table.problems({ schema, table: `${form.name} rows` })
  const { rows } = await client.query<{ n: number }>(text)
  const found = new Set(rows.map(({ n }) => n))
  const wrong = stored.find(({ n, isMalformed }) => found.has(n) !== isMalformed)
  return wrong && `problems: ${JSON.stringify(wrong)}\n${text}`
}
