// The servers that `measures/served.mjs` asks: a fixed answer and a decision, both of one framework, in one process.
import { serve } from '../node_modules/@hono/node-server/dist/index.mjs'

import { entryPoint } from './setup.mjs'
import { servedPolicy } from './served-policy.mjs'

const { compile } = await entryPoint('index')
const { createHandler, storedSubjects } = await entryPoint('server/index')
const { document, subjects } = servedPolicy
const policy = compile(document)
const handler = createHandler({ policy, subjects: storedSubjects(policy, subjects) })

/** It reads the body, as every handler does, and gives the request's id back. */
async function fixed(request) {
  await request.text()
  const headers = { 'content-type': 'application/json', 'x-request-id': request.headers.get('x-request-id') }
  return new Response('{"decision":true}', { headers })
}

// A connection waits while the other server is measured.
const serverOptions = { keepAliveTimeout: 600_000 }
const ports = []
for (const fetch of [fixed, handler])
  ports.push(
    await new Promise((resolve) =>
      serve({ fetch, port: 0, hostname: '127.0.0.1', serverOptions }, ({ port }) => resolve(port))
    )
  )
process.send({ ports })
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send({ cpu: (user + system) * 1000 })
})
process.on('disconnect', () => process.exit())
