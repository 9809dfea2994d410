// Starts the service, on the PostgreSQL that DATABASE_URL names or on one of its own that is gone afterwards, and
// prints requests to try.
import { once } from 'node:events'
import { startServer, type Server } from '../../../test/db/server.js'
import { createApp } from './app.js'
import { authenticate } from './authenticate.js'
import { connect, migrate } from './database.js'
import { addDemo } from './demo.js'
import { startPurge } from './purge.js'
import { actOn } from './rules.js'
import { createHttpServer } from './serve.js'
import { createStore } from './store.js'

const port = Number(process.env['PORT'] ?? 3000)
const days = Number(process.env['KEEP_DAYS'] ?? 30)

const given = process.env['DATABASE_URL']
const database: Server =
  given === undefined ? await startServer() : { url: given, stop: () => Promise.resolve() }
const pool = connect(database.url)
await migrate(pool)
const act = actOn(createStore(pool))
const app = createApp({ act, authenticate: (authorization) => authenticate(pool, authorization) })
const server = createHttpServer(app).listen(port, '127.0.0.1')
await once(server, 'listening')
const stopPurge = startPurge(act, days)

const { auditor, ada, eve } = await addDemo(pool)
const log = '{"logs":[{"allowed":false,"method":"GET","url":"https://example.com/"}]}'
const post = (agentId: string): string =>
  `curl -i -H 'Authorization: Bearer ${ada.agentToken}' -d '${log}' localhost:${port}/agents/${agentId}/boundary-logs`
const read = (token: string): string =>
  `curl -i -H 'Authorization: Bearer ${token}' localhost:${port}/boundary-logs`
console.log(`The service listens on port ${port}; end it with Ctrl-C.

Ada's agent writes a log for Ada:
  ${post(ada.agentId)}
and cannot write one for Eve:
  ${post(eve.agentId)}
An auditor reads it:
  ${read(auditor.token)}
and Ada's agent does not:
  ${read(ada.agentToken)}`)

await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
stopPurge()
server.close()
server.closeAllConnections()
await pool.end()
await database.stop()
