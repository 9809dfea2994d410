// Newest 50 and count, by every way and under every kind of plan.
import type pg from 'pg'
import { afterOthers, compare, usePlans, type Mode, type Timed } from './measure.js'
import { markdown, ms, times } from './report.js'
import { kinds, ours, queries, statementFor, waysFor, type Kind, type Query, type Way } from './ways.js'
import { counts, person, plain } from './world.js'

const titles: Record<Mode, string> = {
  default: '**After the sixth execution, `plan_cache_mode` at its default**',
  custom: '**Custom plans, as the first five executions have them**',
  generic: '**Generic plans**'
}

const label = (kind: Kind, query: Query, count: number): string =>
  `${kind}, ${count.toLocaleString('en')}, ${query}`

const best = (timed: readonly Timed[]): Timed =>
  timed.filter(({ way }) => way.isByHand).reduce((a, b) => (b.time < a.time ? b : a))

const shortName = (way: Way): string => (way.name.includes('parameter') ? 'a parameter' : 'a subquery')

/** A table for each kind of plan. */
export async function filterTables(client: pg.Client, tell: (text: string) => void): Promise<string> {
  const parts: string[] = []
  for (const mode of ['default', 'custom', 'generic'] as const) {
    await usePlans(client, mode)
    const isDefault = mode === 'default'
    const rows: string[][] = []
    for (const kind of kinds)
      for (const query of queries)
        for (const count of counts) {
          const all = waysFor(kind, count, query)
          const timed = await compare(client, isDefault ? all : all.slice(0, 3))
          const [mine, , , inSubquery, ors] = timed
          const hand = best(timed)
          const ratio = mine!.time / hand.time
          tell(
            `${mode}: ${label(kind, query, count)}: ${ms(mine!.time)}, by hand ${ms(hand.time)} (${hand.way.name}), ${times(ratio)}; ${mine!.plan}`
          )
          rows.push([
            label(kind, query, count),
            ms(mine!.time),
            ms(hand.time),
            shortName(hand.way),
            times(ratio),
            ...(isDefault ? [ms(inSubquery!.time), ms(ors!.time)] : []),
            mine!.plan
          ])
        }
    const head = ['who, organizations, what', '`whereFor`', 'by hand', 'its list', '×']
    const more = isDefault ? ['`IN (SELECT …)`', 'one OR each'] : []
    parts.push(titles[mode], markdown([...head, ...more, 'the plan of `whereFor` reads'], rows))
  }
  return parts.join('\n\n')
}

/** A statement that has its plan from others: prepared and run by one, then by another with more or fewer organizations. */
export async function sharedStatements(client: pg.Client): Promise<string> {
  await usePlans(client, 'default')
  const rows: string[][] = []
  for (const kind of ['admin', 'admin, shared'] as const)
    for (const query of queries)
      for (const before of counts) {
        const of = (count: number, way: number): Way => waysFor(kind, count, query)[way]!
        const cells: string[] = []
        for (const count of counts) {
          const mine = await afterOthers(client, of(before, 0), of(count, 0))
          const hand = await afterOthers(client, of(before, 1), of(count, 1))
          cells.push(`${ms(mine)} (${ms(hand)})`)
        }
        rows.push([`${kind}, ${query}`, before.toLocaleString('en'), ...cells])
      }
  const head = ['', 'run six times by one of', 'then by one of 1', 'of 100', 'of 1,000']
  return markdown(head, rows)
}

/** Every row is read and asked about in the process. */
export async function fetchAll(client: pg.Client): Promise<string> {
  const rows: string[][] = []
  for (const count of counts) {
    const subject = person('admin', count)
    const began = performance.now()
    const all = await client.query<Record<string, unknown>>(
      'SELECT id, owner_id, org_id, created_at FROM documents'
    )
    const read = performance.now()
    const kept = all.rows.filter((row) => subject.can('read', plain.toObject(row)))
    const asked = performance.now()
    const [{ text, values }] = [ours('admin', count)]
    const { rows: found } = await client.query<{ n: number }>(statementFor('count', text), [...values])
    if (found[0]?.n !== kept.length)
      throw new Error(`${String(found[0]?.n)} rows, and can says ${kept.length}`)
    rows.push([
      count.toLocaleString('en'),
      ms(asked - began),
      ms(read - began),
      ms(asked - read),
      kept.length.toLocaleString('en')
    ])
  }
  return markdown(['organizations', 'fetch all and filter', 'to fetch', 'to ask `can`', 'rows kept'], rows)
}
