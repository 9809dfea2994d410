// Starts the service, on the PostgreSQL that DATABASE_URL names or on one of its own that is gone afterwards, and
// prints requests to try. The purge runs beside it.
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { startServer } from '../../../test/db/server.js'
import { createApp } from './app.js'
import { authenticate } from './authenticate.js'
import { appUrl, connect, migrate } from './database.js'
import { addDemo, type Demo } from './demo.js'
import { startPurge } from './purge.js'
import { actOn } from './rules.js'
import { enterAs } from './second-line.js'
import { createStore } from './store.js'

const port = Number(process.env['PORT'] ?? 3000)
const keptDays = Number(process.env['KEPT_DAYS'] ?? 30)

const given = process.env['DATABASE_URL']
if (given === undefined) {
  const database = await startServer()
  await runService(database.url).finally(() => database.stop())
} else await runService(given)

/** Serves until it is interrupted. */
async function runService(url: string): Promise<void> {
  const owner = connect(url)
  await migrate(owner)
  const pool = connect(appUrl(url))
  const act = actOn((subject) => createStore(pool, enterAs(subject)))
  const app = createApp({ act, authenticate: (authorization) => authenticate(pool, authorization) })
  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const stopPurge = startPurge(act, keptDays)
  console.log(`The service listens on port ${port}; end it with Ctrl-C.`)
  const { rowCount } = await pool.query('SELECT FROM users LIMIT 1')
  // Tokens are seen once: a database that has people already has theirs.
  if (rowCount === 0) console.log(requestsToTry(await addDemo(owner)))
  await owner.end()
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  stopPurge()
  server.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await pool.end()
}

function requestsToTry({ auditor, ada, eve }: Demo): string {
  const request = (token: string, path: string, more = ''): string =>
    `  curl -i -H 'Authorization: Bearer ${token}'${more} localhost:${port}${path}`
  const logs = ` -d '{"logs":[{"allowed":false,"method":"GET","url":"https://example.com/"}]}'`
  return `
Ada's agent writes a log for Ada:
${request(ada.agentToken, `/agents/${ada.agentId}/boundary-logs`, logs)}
and cannot write one for Eve:
${request(ada.agentToken, `/agents/${eve.agentId}/boundary-logs`, logs)}
An auditor reads it:
${request(auditor.token, '/boundary-logs')}
and Ada's agent does not:
${request(ada.agentToken, '/boundary-logs')}`
}
