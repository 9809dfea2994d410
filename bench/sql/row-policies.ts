// Row-level security beside the filter: the filter alone, both, and row policies alone; and what JIT costs there.
import pg from 'pg'
import { compile, definePolicy } from '../../src/index.js'
import {
  defineTable,
  enter,
  generateRls,
  protect,
  whereFor,
  type ProtectedTable
} from '../../src/sql/index.js'
import { markdown, ms } from './report.js'
import { queries, statementFor } from './ways.js'
import { auditor, person, plain, policy, type Person } from './world.js'

const appRole = 'bench_app'
const tables = [protect(plain, { table: 'documents', select: 'read', update: 'update' })]

const people: readonly (readonly [string, Person])[] = [
  ['in 1 organization', person('admin', 1)],
  ['in 100 organizations', person('admin', 100)],
  ['in 1,000 organizations', person('admin', 1000)],
  ['everywhere, by a site role', auditor]
]

export async function connectAsApp(owner: pg.Client, address: string): Promise<pg.Client> {
  await owner.query(`CREATE ROLE ${appRole} LOGIN; GRANT SELECT, UPDATE ON documents TO ${appRole}`)
  const url = new URL(address)
  url.username = appRole
  const app = new pg.Client({ connectionString: url.href })
  await app.connect()
  await app.query(`SET statement_timeout = '60s'`)
  return app
}

interface Run {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
  readonly facts: readonly unknown[] | undefined
}

let names = 0

/** The quickest of some runs, each a transaction of its own, of which only the statement is timed. */
async function quickest(
  app: pg.Client,
  { text, values, facts }: Omit<Run, 'name'>,
  runs = 9
): Promise<number> {
  const name = `r${names++}`
  let least = Infinity
  for (let i = 0; i < runs; i++) {
    await app.query('BEGIN')
    if (facts !== undefined) await app.query(`SELECT set_config('casemate.facts', $1, true)`, [...facts])
    const began = performance.now()
    await app.query({ name, text, values: [...values] })
    // The first six are those after which a plan for all may be taken.
    if (i >= 6 || performance.now() - began > 1000) least = Math.min(least, performance.now() - began)
    await app.query('COMMIT')
    if (least > 1000 && least < Infinity) break
  }
  return least
}

const factsFor = (subject: Person, protectedTables: readonly ProtectedTable[]): readonly unknown[] =>
  enter(subject, protectedTables).values

export async function rowPolicyTable(owner: pg.Client, app: pg.Client): Promise<string> {
  const { up, down } = generateRls(policy, { tables, appRole })
  await app.query('SET jit = off')
  const cells = new Map<string, number[]>()
  const measure = async (isProtected: boolean): Promise<void> => {
    for (const [who, subject] of people)
      for (const query of queries) {
        const { text, values } = whereFor(subject, 'read', plain, { as: 'd' }).toPg()
        const facts = isProtected ? factsFor(subject, tables) : undefined
        const row = cells.get(`${who} | ${query}`) ?? []
        cells.set(`${who} | ${query}`, row)
        row.push(await quickest(app, { text: statementFor(query, text), values, facts }))
        if (isProtected)
          row.push(await quickest(app, { text: statementFor(query, 'TRUE'), values: [], facts }))
      }
  }
  await measure(false)
  await owner.query(up)
  await measure(true)
  const sending = people.map(([who, subject]) => {
    const spent = Array.from({ length: 50 }, () => {
      const began = performance.now()
      factsFor(subject, tables)
      return performance.now() - began
    })
    const [facts] = factsFor(subject, tables)
    return [who, ms(Math.min(...spent)), `${(String(facts).length / 1000).toFixed(1)} kB`]
  })
  const jit = await jitTable(owner, app)
  await owner.query(down)
  const rows = [...cells].map(([name, row]) => [...name.split(' | '), ...row.map(ms)])
  return [
    markdown(['subject', '', '`whereFor` alone', 'both', 'row policies alone'], rows),
    markdown(['subject', '`enter`', 'facts'], sending),
    jit
  ].join('\n\n')
}

const wide = compile(
  definePolicy({
    name: 'wide',
    resources: {
      note: {
        attributes: {
          status: { values: ['draft', 'review', 'published', 'archived'] },
          kind: { values: ['text', 'image', 'sheet', 'slides'] },
          tier: { values: ['free', 'team', 'paid', 'internal'] }
        },
        actions: { read: 'see it' }
      }
    },
    roles: { member: { kind: 'org', grants: { org: { allow: { note: ['read'] } } } } }
  })
)
const notes = defineTable(wide, 'note', {
  id: { column: 'id', as: 'uuid', notNull: true },
  owner: { column: 'owner_id', as: 'uuid' },
  org: { column: 'org_id', as: 'uuid' },
  status: 'status',
  kind: 'kind',
  tier: 'tier'
})

/** With and without JIT: the documents, and a table with three attributes whose policies have to serve custom roles. */
async function jitTable(owner: pg.Client, app: pg.Client): Promise<string> {
  const wideTables = [protect(notes, { table: 'notes', select: 'read', customRoles: true })]
  await owner.query(`
    CREATE TABLE notes AS SELECT id, owner_id, org_id,
      (ARRAY['draft', 'review', 'published', 'archived'])[1 + n % 4] AS status,
      (ARRAY['text', 'image', 'sheet', 'slides'])[1 + n / 4 % 4] AS kind,
      (ARRAY['free', 'team', 'paid', 'internal'])[1 + n / 16 % 4] AS tier
      FROM (SELECT *, row_number() OVER () AS n FROM documents LIMIT 50000) AS d;
    ALTER TABLE notes ADD PRIMARY KEY (id);
    ANALYZE notes;
    GRANT SELECT ON notes TO ${appRole}`)
  await owner.query(generateRls(wide, { tables: [...wideTables], appRole, schema: 'wide' }).up)
  const member = wide.subject({ id: person('admin', 1).id, roles: [{ role: 'member', org: 'x' }] })
  const [, one] = people[0]!
  const asked = [
    ['the documents (1,000,000), count', statementFor('count', 'TRUE'), factsFor(one, tables)],
    [
      'three attributes and `customRoles` (50,000), count',
      'SELECT count(*)::int AS n FROM notes',
      enter(member, wideTables).values
    ]
  ] as const
  const rows: string[][] = []
  for (const [what, text, facts] of asked) {
    const cells: string[] = []
    for (const jit of ['on', 'off']) {
      await app.query(`SET jit = ${jit}`)
      cells.push(ms(await quickest(app, { text, values: [], facts }, 8)))
    }
    rows.push([what, ...cells])
  }
  await owner.query(generateRls(wide, { tables: wideTables, appRole, schema: 'wide' }).down)
  return markdown(['row policies alone', '`jit = on`, the default', '`jit = off`'], rows)
}
