// The law of filters: the rows that a database finds are those on which `can` says yes, for every subject and action of a
// world, in every kind of column.
import type { Policy, Subject } from '../../../src/index.js'
import { parseObject } from '../../../src/index.js'
import { defineTable, whereFor, type Table } from '../../../src/sql/index.js'
import { partsOf } from '../../../src/sql/table.js'
import { planFor } from '../../../src/sql/where.js'
import type { Dice } from '../../arbitraries/index.js'
import type { World } from '../../model.js'
import { isDeep } from '../../support/depth.js'
import { asGiven, orFailure } from '../../support/engine.js'
import type { TestDatabase } from './database.js'
import { schema, type Storage } from './rows.js'
import {
  answerOf,
  fillTables,
  formWorld,
  readTables,
  rollHolder,
  type DrawnWorld,
  type Fault
} from './worlds.js'

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
  readonly database: TestDatabase
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

/** A name that has to be quoted. */
const alias = 'd; "x'

/** Fills a table for each resource of a world; the first fault that a visitor finds. */
async function visitTables(
  database: TestDatabase,
  drawn: DrawnWorld,
  count: number,
  store: Visitor['store'],
  visit: (filled: Filled) => Promise<Fault>
): Promise<Fault> {
  const formed = formWorld(database, drawn, rollMixed)
  const { policy, subjects } = formed
  return fillTables(database, formed, drawn.rows, count, async (rolled) => {
    const storage = (await store?.(rolled)) ?? rolled
    const table = defineTable(policy, storage.type, asGiven(storage.mapping), database.settings)
    const stored = await readRows(database, policy, table, storage)
    return visit({ table, storage, stored, subjects })
  })
}

/** A subject of a question; often with the roles of another one too, so that those of several places meet. */
function rollMixed(dice: Dice, world: World): ReturnType<typeof rollHolder> {
  const question = rollHolder(dice, world)
  if (!Object.hasOwn(question.subject, 'id') || !dice.chance(60)) return question
  const { subject: other } = rollHolder(dice, world)
  const [roles, more] = [question.subject['roles'] ?? [], other['roles'] ?? []] as unknown[][]
  const settings = { ...Object(other['orgOptions']), ...Object(question.subject['orgOptions']) } as unknown
  return {
    ...question,
    subject: { ...question.subject, roles: [...(roles ?? []), ...(more ?? [])], orgOptions: settings }
  }
}

/** Who looks at a world. */
export interface Visitor {
  /** Sees each subject, action and table. */
  readonly asked: (asked: Asked) => Promise<Fault>
  /** Sees each table once. */
  readonly filled?: (filled: Filled) => Promise<Fault>
  /** Changes what is stored, and how the mapping says so. */
  readonly store?: (storage: Storage) => Promise<Storage>
}

/** Asks for every subject and action of a world. */
export async function visitWorld(
  database: TestDatabase,
  drawn: DrawnWorld,
  count: number,
  visitor: Visitor
): Promise<Fault> {
  return visitTables(database, drawn, count, visitor.store, async (filled) => {
    const fault = await visitor.filled?.(filled)
    if (fault !== undefined) return fault
    for (const subject of filled.subjects)
      for (const action of Object.keys(filled.storage.resource.actions)) {
        const found = await visitor.asked({ database, subject, action, ...filled, dice: drawn.rows })
        if (found !== undefined) return `${action} by ${subject.id}: ${found}`
      }
    return undefined
  })
}

/** What is wrong with the filters of a world, if anything. */
export async function faultIn(
  database: TestDatabase,
  drawn: DrawnWorld,
  count: number,
  figures: Figures
): Promise<Fault> {
  let texts = new Map<string, string>()
  const fault = await visitWorld(database, drawn, count, {
    asked: async (asked) => {
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
    filled: async ({ table, stored, storage }) => {
      texts = new Map()
      return problemsFault(database, table, stored, storage)
    }
  })
  if (isDeep) console.error(`rows of filters so far: ${JSON.stringify(figures)}`)
  return fault
}

export type Filter = ReturnType<typeof whereFor>
type SqlStatement = ReturnType<Filter['toSql']>

export const asName = alias

function filterFor({ subject, action, table }: Asked): Filter {
  return whereFor(subject, asGiven(action), table, { as: alias })
}

/** The query for the rows of a filter: as a condition, or as a value that is never NULL. */
export function statementOf(
  { database: { quoted, tableOf }, storage }: Asked,
  filter: Filter,
  isValue: boolean
): SqlStatement {
  const name = tableOf(storage.form)
  const { text, values } = (isValue ? filter.asValue() : filter).toSql()
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
  filter: Pick<Filter, 'always'>,
  { text, values }: SqlStatement,
  figures: Figures = noFigures()
): Promise<Fault> {
  const statement = `${text}\n${JSON.stringify(values)}`
  try {
    const found = new Set(await asked.database.find(text, values))
    return compareFault(asked, filter, found, statement, figures)
  } catch (error) {
    return `${String(error)}\n${statement}`
  }
}

/** Compares rows that were found, by whatever `text`, with what `can` says. */
export function compareFault(
  { subject, action, stored }: Asked,
  { always }: Pick<Filter, 'always'>,
  found: ReadonlySet<number>,
  text: string,
  figures: Figures
): Fault {
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
        `can says ${String(answer)}, the database ${String(found.has(n))}: ${JSON.stringify(object)}\n` + text
      )
  }
  return undefined
}

/** The rows as a driver gives them, as objects. */
async function readRows(
  database: TestDatabase,
  policy: Policy,
  table: Table,
  storage: Storage
): Promise<readonly Stored[]> {
  const { rows, relatedTo } = await readTables(database, storage)
  return rows.map((row) => {
    const made = orFailure(() => ({ value: table.toObject(row, relatedTo(row)) }))
    const n = Number(row['n'])
    // Nobody can be asked about a row that is no object.
    if ('error' in made) return { n, object: undefined, isMalformed: true }
    return { n, object: made.value, isMalformed: !parseObject(policy, made.value).ok }
  })
}

/** Compares the rows that `problems` lists with those about which `can` throws. */
async function problemsFault(
  database: TestDatabase,
  table: Table,
  stored: readonly Stored[],
  { form }: Storage
): Promise<Fault> {
  const { text } = table.problems({ schema, table: `${form.name} rows` })
  const found = new Set(await database.find(text, []))
  const wrong = stored.find(({ n, isMalformed }) => found.has(n) !== isMalformed)
  return wrong && `problems: ${JSON.stringify(wrong)}\n${text}`
}
