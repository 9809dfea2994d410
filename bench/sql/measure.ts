// How a statement is timed: prepared under a name, in rounds in which all ways take turns, each round in another order.
import type pg from 'pg'
import type { Way } from './ways.js'

/** Which plans a connection takes: one for each execution, what PostgreSQL finds better after five, or one for all. */
export type Mode = 'custom' | 'default' | 'generic'

const settings = { custom: 'force_custom_plan', default: 'auto', generic: 'force_generic_plan' }

export interface Timed {
  readonly way: Way
  /** Milliseconds of the quickest run: whatever else the machine does adds to the others. */
  readonly time: number
  /** What the plan reads, in short. */
  readonly plan: string
  /** Rows, or the count. */
  readonly found: number
}

/** Past these milliseconds one or two times say enough, and past the limit a statement is ended. */
const slow = 400
const limit = 15_000
let names = 0

/** Milliseconds, and how many rows it found; NaN where it takes longer than the limit. */
async function run(
  client: pg.Client,
  name: string,
  { text, values }: Way
): Promise<readonly [number, number]> {
  const began = performance.now()
  try {
    const { rows } = await client.query<{ n?: number }>({ name, text, values: [...values] })
    return [performance.now() - began, rows[0]?.n ?? rows.length]
  } catch (error) {
    if (!String(error).includes('statement timeout')) throw error
    return [limit, NaN]
  }
}

/** Sets which plans the connection takes from now on. */
export async function usePlans(client: pg.Client, mode: Mode): Promise<void> {
  await client.query(`SET plan_cache_mode = ${settings[mode]}; SET statement_timeout = ${limit}`)
}

/**
 * Times ways of asking the same, each prepared under its own name and run six times before: PostgreSQL tries five custom
 * plans before it thinks of a generic one. An error where two of them find different numbers of rows.
 */
export async function compare(
  client: pg.Client,
  ways: readonly Way[],
  rounds = 7
): Promise<readonly Timed[]> {
  const lanes = ways.map((way) => ({ way, name: `s${names++}`, times: [] as number[], found: NaN }))
  for (const lane of lanes)
    for (let i = 0; i < 6; i++) {
      const [time, found] = await run(client, lane.name, lane.way)
      lane.found = found
      if (time > 2 * slow) lane.times.push(time)
      if (lane.times.length === 2) break
    }
  const [first] = lanes
  const different = lanes.find(({ found }) => !Number.isNaN(found) && found !== first?.found)
  if (different !== undefined)
    throw new Error(`${different.found} and ${first?.found} rows:\n${different.way.text}\n${first?.way.text}`)
  for (let round = 0; round < rounds; round++)
    for (let at = 0; at < lanes.length; at++) {
      const { way, name, times } = lanes[(at + round) % lanes.length]!
      if (times.length > 1 && times.some((time) => time > slow)) continue
      times.push((await run(client, name, way))[0])
    }
  const timed: Timed[] = []
  for (const { name, way, times, found } of lanes)
    timed.push({ way, found, time: Math.min(...times), plan: await planOf(client, name, way) })
  await client.query('DEALLOCATE ALL')
  return timed
}

/** The time of one person after others have run the same statement six times. */
export async function afterOthers(client: pg.Client, others: Way, way: Way): Promise<number> {
  const name = `s${names++}`
  for (let i = 0; i < 6; i++) await run(client, name, others)
  const times: number[] = []
  for (let i = 0; i < 3; i++) times.push((await run(client, name, way))[0])
  return Math.min(...times)
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Index Name'?: string
  readonly Plans?: readonly PlanNode[]
}

async function planOf(client: pg.Client, name: string, { values }: Way): Promise<string> {
  const literals = values.map((value) => {
    const text = Array.isArray(value) ? `{${value.join(',')}}` : String(value)
    return value === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`
  })
  const args = literals.length === 0 ? '' : `(${literals.join(', ')})`
  const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
    `EXPLAIN (FORMAT JSON) EXECUTE ${name}${args}`
  )
  const reads = (node: PlanNode): readonly string[] => [
    ...(node['Index Name'] === undefined ? [] : [node['Index Name']]),
    ...(node['Node Type'] === 'Seq Scan' ? ['the whole table'] : []),
    ...(node.Plans ?? []).flatMap(reads)
  ]
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
  return plan === undefined ? '' : [...new Set(reads(plan))].join(', ')
}
