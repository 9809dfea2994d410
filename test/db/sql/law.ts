// The law of filters: the rows that a database finds are those on which `can` says yes, for every subject and action of a
// world, in every kind of column.
import type pg from 'pg'
import type { Policy, Subject } from '../../../src/index.js'
import { isCasemateError, parseObject } from '../../../src/index.js'
import { defineTable, whereFor } from '../../../src/sql/index.js'
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

/** What was seen. */
export interface Figures {
  decisions: number
  allowed: number
  queries: number
  malformed: number
}

export const noFigures = (): Figures => ({ decisions: 0, allowed: 0, queries: 0, malformed: 0 })

interface Stored {
  readonly n: number
  readonly object: unknown
  readonly isMalformed: boolean
}

/** What is wrong in one world, if anything. */
export async function faultIn(
  client: pg.Client,
  world: World,
  dice: Dice,
  rest: readonly Dice[],
  figures: Figures
): Promise<string | undefined> {
  const form = dice.pick(forms)
  const there = worldIn(form.name, world)
  const policy = policyOf(there)
  const subjects = rest.flatMap((one): Subject[] => {
    const question: RolledQuestion = rollQuestion(one, world, { v2: true })
    const made = orFailure(() => subjectOf(policy, subjectIn(form.name, world.document.ids, question)))
    return 'error' in made ? [] : [made]
  })
  const kinds = (world.document.containers ?? []).map(({ name }) => name)
  for (const [type, resource] of Object.entries(world.document.resources)) {
    const storage = rollStorage(dice, form, type, resource, kinds)
    await loadRows(client, storage, rollRows(dice, storage, 60 + dice.below(60)))
    const fault = await faultInTable(client, policy, subjects, storage, dice, figures)
    if (fault !== undefined) return `${type} ${JSON.stringify(storage.mapping)}\n${fault}`
  }
  return undefined
}

async function faultInTable(
  client: pg.Client,
  policy: Policy,
  subjects: readonly Subject[],
  storage: Storage,
  dice: Dice,
  figures: Figures
): Promise<string | undefined> {
  const { form, type, resource } = storage
  const table = defineTable(policy, type, asGiven(storage.mapping))
  const stored = await readRows(client, policy, table, storage)
  const fault = await problemsFault(client, table, stored, storage)
  if (fault !== undefined) return fault
  const texts = new Map<string, string>()
  for (const subject of subjects)
    for (const action of Object.keys(resource.actions)) {
      const alias = 'd; "x'
      const filter = whereFor(subject, asGiven(action), table, { as: alias })
      const asked = dice.chance(30) ? filter.asValue() : filter
      const isValue = asked !== filter
      const { text, values } = asked.toPg()
      const { isSet } = planFor(subject, action, partsOf(table))
      const key = `${action} ${String(isValue)} ${isSet.join()}`
      if ((texts.get(key) ?? text) !== text)
        return `two texts of one kind of subject:\n${text}\n${texts.get(key) ?? ''}`
      texts.set(key, text)
      const statement = isValue
        ? `SELECT n FROM (SELECT n, ${text} AS v FROM ${tableOf(form)} AS ${quoted(alias)}) AS t WHERE v IS NULL OR v`
        : `SELECT n FROM ${tableOf(form)} AS ${quoted(alias)} WHERE ${text}`
      const what = (): string =>
        `${action} by ${JSON.stringify(subject.id)}\n${statement}\n${JSON.stringify(values)}`
      figures.queries++
      let found: ReadonlySet<number>
      try {
        const { rows } = await client.query<{ n: number }>(statement, [...values])
        found = new Set(rows.map(({ n }) => n))
      } catch (error) {
        return `${String(error)}: ${what()}`
      }
      if (filter.always === false && found.size > 0) return `always false, but rows: ${what()}`
      if (filter.always === true && found.size < stored.length) return `always true, but not all: ${what()}`
      for (const { n, object, isMalformed } of stored) {
        const answer = answerOf(subject, action, object)
        if (answer === undefined) figures.malformed++
        else figures.decisions++
        if (answer === true) figures.allowed++
        if (answer === undefined && !isMalformed)
          return `can throws, but no problem: ${JSON.stringify(object)}`
        if (found.has(n) !== (answer ?? false))
          return `can says ${String(answer)}, the database ${String(found.has(n))}: ${JSON.stringify(object)}\n${what()}`
      }
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

type AnyTable = ReturnType<typeof defineTable>

/** The rows as a driver gives them, as objects. */
async function readRows(
  client: pg.Client,
  policy: Policy,
  table: AnyTable,
  storage: Storage
): Promise<readonly Stored[]> {
  const { form, kinds } = storage
  const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM ${tableOf(form)} ORDER BY n`)
  const related = new Map<string, { acl: object[] } & Record<string, unknown[]>>()
  const of = (id: unknown): { acl: object[] } & Record<string, unknown[]> => {
    const key = String(id)
    const found = related.get(key)
    if (found !== undefined) return found
    const made = { acl: [], ...Object.fromEntries(kinds.map((kind) => [kind, []])) } as never
    related.set(key, made)
    return made
  }
  const acl = await client.query<Record<string, unknown>>(`SELECT * FROM ${tableOf(form, 'acl')}`)
  // The object and the action have columns of one name in two tables: the ACL's rows are read with its own.
  for (const row of acl.rows) of(row[columns.object]).acl.push(row)
  for (const [k, kind] of kinds.entries()) {
    const inside = await client.query<Record<string, unknown>>(`SELECT * FROM ${tableOf(form, `in ${k}`)}`)
    for (const row of inside.rows) of(row[columns.object])[kind]?.push(row['inside'])
  }
  return rows.map((row) => {
    const object: unknown = table.toObject(row, of(row[columns.id]))
    return { n: Number(row['n']), object, isMalformed: !parseObject(policy, object).ok }
  })
}

async function problemsFault(
  client: pg.Client,
  table: AnyTable,
  stored: readonly Stored[],
  { form }: Storage
): Promise<string | undefined> {
  const { text } = table.problems({ schema, table: `${form.name} rows` })
  const { rows } = await client.query<{ n: number }>(text)
  const found = new Set(rows.map(({ n }) => n))
  const wrong = stored.find(({ n, isMalformed }) => found.has(n) !== isMalformed)
  return wrong && `problems: ${JSON.stringify(wrong)}\n${text}`
}
