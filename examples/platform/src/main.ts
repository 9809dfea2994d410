// Starts the service, on the PostgreSQL that DATABASE_URL names or on one of its own that is gone afterwards, and prints
// its address and a session to try. The purge runs beside it.
import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { startServer } from '../../../test/db/server.js'
import { appUrl, connect } from './database/connection.js'
import { migrate } from './database/migrate.js'
import { firstSession } from './first-session.js'
import { startPurge } from './purge.js'
import { readSealingKey } from './secrets/sealed.js'
import { createService, type Service } from './service.js'
import { readSignInSettings } from './sign-in/settings.js'

const { env } = process
const port = Number(env['PORT'] ?? 3000)
const keptDays = Number(env['KEPT_DAYS'] ?? 30)

const given = env['DATABASE_URL']
if (given === undefined) {
  const database = await startServer()
  await runService(database.url).finally(() => database.stop())
} else await runService(given)

/** Serves until it is interrupted. */
async function runService(url: string): Promise<void> {
  await prepare(url)
  // The address is known only when the port is, and providers are told it: until then, nobody is served.
  const served: { service?: Service } = {}
  const server = createAdaptorServer({
    fetch: (request, bindings) =>
      served.service?.app.fetch(request, bindings) ?? new Response(null, { status: 503 })
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const listening = `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`
  const service = await createService({
    url: appUrl(url),
    accessUrl: new URL(env['ACCESS_URL'] ?? listening),
    signIn: readSignInSettings(env),
    sealingKey: sealingKey(),
    isBehindProxy: env['BEHIND_PROXY'] === 'true'
  })
  served.service = service
  const stopPurge = startPurge(service.act, keptDays, service.recorded)
  // Before the address is known to anybody, who may end the service at once.
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  console.log(
    `${listening} serves the API at /api/v2 and its description at /openapi.json; end it with Ctrl-C.`
  )
  console.log(await firstSession(listening))
  await ended
  stopPurge()
  server.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await service.close()
}

/** What secrets in the database are sealed under. Without one, those of today are lost tomorrow. */
function sealingKey(): Buffer | undefined {
  if (env['SEALING_KEY'] !== undefined) return readSealingKey('SEALING_KEY', env['SEALING_KEY'])
  if (given !== undefined)
    console.warn('SEALING_KEY is not set: keys for git are lost when the service ends.')
  return undefined
}

/** Brings the database to the schema, as its owner. */
async function prepare(url: string): Promise<void> {
  const owner = connect(url, 1)
  const client = await owner.connect()
  try {
    await migrate(client)
  } finally {
    client.release()
    await owner.end()
  }
}
