// 50 clients ask examples/platform for a minute over the loopback, and it counts what casemate takes of it:
// `npm run load -- 60` prints how many requests there were, their times, and the share of a request that is authorization.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Profiler } from 'node:inspector'
import { Session } from 'node:inspector/promises'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import pg from 'pg'
import { startServer } from '../test/db/server.js'
import { appUrl } from '../examples/platform/src/database/connection.js'
import { migrate } from '../examples/platform/src/database/migrate.js'
import { createService } from '../examples/platform/src/service.js'
import { addPeople } from '../examples/platform/test/people.js'
import { ask, type Load } from './load-platform-client.js'

const seconds = Number(process.argv[2] ?? 60)

/** Where the built package is, which the example imports. */
const built = new URL('../dist/', import.meta.url).pathname

/** What the clients measured: of every request its status, and how many milliseconds it took. */
export interface Measured {
  readonly statuses: Readonly<Record<number, number>>
  readonly times: readonly number[]
}

const database = await startServer()
try {
  const sql = new pg.Client({ connectionString: database.url })
  await sql.connect()
  await migrate(sql)
  const people = await addPeople(sql)
  await sql.end()
  await measure({
    clients: 50,
    seconds,
    tokens: [people.owner.token, people.auditor.token, people.ada.token, people.eve.token],
    agent: { id: people.ada.agentId, token: people.ada.agentToken }
  })
} finally {
  await database.stop()
}

async function measure(load: Omit<Load, 'url'>): Promise<void> {
  const service = await createService({
    url: appUrl(database.url),
    accessUrl: new URL('http://127.0.0.1'),
    signIn: { oidc: undefined, github: undefined }
  })
  const server = createAdaptorServer({ fetch: service.app.fetch }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`
  // The first requests compile what the others only run.
  await ask({ ...load, url, clients: 10, seconds: Math.min(5, seconds) })
  const profiler = new Session()
  profiler.connect()
  await profiler.post('Profiler.enable')
  await profiler.post('Profiler.setSamplingInterval', { interval: 500 })
  await profiler.post('Profiler.start')
  const client = fork('node_modules/jiti/lib/jiti-cli.mjs', ['scripts/load-platform-client.ts'])
  client.send({ ...load, url })
  const [{ statuses, times }] = (await once(client, 'message')) as [Measured]
  const { profile } = await profiler.post('Profiler.stop')
  print(statuses, times, shareOf(profile))
  server.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await service.close()
}

/** How many milliseconds the process worked, and how many of them in the code of casemate. */
function shareOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): {
  readonly all: number
  readonly own: number
} {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const sum = { all: 0, own: 0 }
  for (const [i, sample] of samples.entries()) {
    const frame = frames.get(sample)
    const time = (timeDeltas[i] ?? 0) / 1000
    if (frame === undefined || frame.functionName === '(idle)') continue
    sum.all += time
    if (frame.url.includes(built)) sum.own += time
  }
  return sum
}

function print(
  statuses: Measured['statuses'],
  times: readonly number[],
  { all, own }: { readonly all: number; readonly own: number }
): void {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)
  const mean = sorted.reduce((sum, time) => sum + time, 0) / sorted.length
  const each = own / sorted.length
  console.log(`${sorted.length} requests in ${seconds} s: ${JSON.stringify(statuses)}`)
  console.log(`p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, mean ${mean.toFixed(1)} ms`)
  console.log(
    `casemate: ${(each * 1000).toFixed(0)} µs a request, ${((100 * own) / all).toFixed(1)} % of what the process works, ` +
      `${((100 * each) / mean).toFixed(2)} % of the time of a request`
  )
}
