// Measures `casemate/postgres` on a server of its own: from a commit until another process decides by it, with and without
// LISTEN, and how long opening ten thousand roles holds up the event loop. `npm run measure:store`, or the latter alone
// with `-- opening`.
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import pg from 'pg'
import { compile, parsePolicy } from '../src/index.js'
import { openRoles, storeMigration } from '../src/postgres/index.js'
import { startServer } from '../test/db/server.js'
import { bundleWorker, startWorker } from '../test/db/postgres/start-worker.js'

const edits = 500
const schedule = `/proc/self/task/${process.pid}/schedstat`
const policy = {
  name: 'measured',
  resources: { page: { actions: { read: 'r', update: 'u', remove: 'd' } } },
  roles: {},
  systemSubjects: { setup: { assigns: ['*'], grants: { site: { allow: { '*': '*' } } } } }
}

const [server, program] = await Promise.all([startServer(), bundleWorker()])
try {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(storeMigration())
  const ways = [
    ['with LISTEN', true, 1000],
    ['without, looking every 250 ms', false, 250]
  ] as const
  for (const [how, listen, pollEvery] of process.argv[2] === 'opening' ? [] : ways)
    await measureDelay(client, how, listen, pollEvery)
  await measureOpening(client)
  await client.end()
} finally {
  await server.stop()
  await rm(dirname(program), { recursive: true, force: true })
}

async function measureDelay(
  client: pg.Client,
  how: string,
  listen: boolean,
  pollEvery: number
): Promise<void> {
  const task = { url: server.url, policy, listen, pollEvery, maxStale: 60_000, edits: 0, mark: '', roles: 10 }
  const worker = await startWorker(program, task)
  const commits: { revision: number; at: number }[] = []
  for (let i = 0; i < edits; i++) {
    const revision = await writeRole(client, i)
    commits.push({ revision, at: performance.timeOrigin + performance.now() })
    // At any moment between two looks.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * (listen ? 20 : 60)))
  }
  const { seen } = await worker.ask({ end: commits.at(-1)?.revision ?? 0 }, 'end')
  const delays = commits.map(
    ({ revision, at }) => (seen.find((one) => one.revision >= revision)?.at ?? Infinity) - at
  )
  delays.sort((a, b) => a - b)
  const [median = 0, most = 0] = [delays[delays.length >> 1], delays.at(-1)]
  console.log(
    `${how}: commit to visible elsewhere over ${edits} edits: median ${median.toFixed(1)} ms, most ${most.toFixed(1)} ms`
  )
}

async function writeRole(client: pg.Client, i: number): Promise<number> {
  const document = JSON.stringify({
    kind: 'org',
    title: String(i),
    grants: { org: { allow: { page: ['read'] } } }
  })
  const name = `role-${i % 10}`
  const update = 'UPDATE casemate_roles SET document = $2 WHERE name = $1 RETURNING revision'
  const insert = `INSERT INTO casemate_roles (place_kind, place_id, name, document) VALUES ('org', 'o1', $1, $2) RETURNING revision`
  const isThere = (await client.query('SELECT FROM casemate_roles WHERE name = $1', [name])).rowCount === 1
  const { rows } = await client.query<{ revision: string }>(isThere ? update : insert, [name, document])
  return Number(rows[0]?.revision)
}

async function measureOpening(client: pg.Client): Promise<void> {
  await client.query(`INSERT INTO casemate_roles (place_kind, place_id, name, document)
    SELECT 'org', 'big' || n / 100, 'many-' || n, jsonb_build_object('kind', 'org', 'grants', jsonb_build_object('org',
      jsonb_build_object('allow', jsonb_build_object('page', jsonb_build_array('read', 'update')))))
    FROM generate_series(1, 10000) AS n`)
  const compiled = compile(parsePolicy(policy))
  for (let round = 1; round <= 5; round++) {
    const pool = new pg.Pool({ connectionString: server.url })
    // What this thread computes between two turns of the loop: on a busy machine a clock on the wall also counts others.
    let [longest, last] = [0, cpu()]
    const beat = setInterval(() => {
      longest = Math.max(longest, cpu() - last)
      last = cpu()
    }, 1)
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const [began, used] = [performance.now(), cpu()]
    const store = await openRoles(compiled, { pool })
    const took = performance.now() - began
    const computed = cpu() - used
    await new Promise((resolve) => setTimeout(resolve, 5))
    clearInterval(beat)
    delay.disable()
    const count = store.policy().roles.list().length
    console.log(
      `open ${count} roles: ${took.toFixed(0)} ms, CPU ${computed.toFixed(0)} ms, longest turn of the event loop ${longest.toFixed(1)} ms of CPU, longest delay ${(delay.max / 1e6).toFixed(1)} ms by the clock`
    )
    store.close()
    await pool.end()
  }
}

/** Milliseconds that this thread has computed; where no such clock is, all threads of the process. */
function cpu(): number {
  if (existsSync(schedule)) return Number(readFileSync(schedule, 'utf8').split(' ')[0]) / 1e6
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
