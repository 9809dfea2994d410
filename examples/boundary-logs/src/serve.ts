// Node's HTTP server in front of an app that speaks `Request` and `Response`. It knows nothing of what the app does.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/** What answers requests: a Hono app, for one. */
export interface Fetcher {
  fetch(request: Request): Response | Promise<Response>
}

/** A server that is not listening yet. */
export function createHttpServer(app: Fetcher): Server {
  return createServer((incoming, outgoing) => {
    answer(app, incoming, outgoing).catch((error: unknown) => {
      console.error(error)
      outgoing.destroy()
    })
  })
}

async function answer(app: Fetcher, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const response = await app.fetch(toRequest(incoming))
  const body = Buffer.from(await response.arrayBuffer())
  outgoing.statusCode = response.status
  outgoing.setHeaders(response.headers)
  // Nobody reads the rest of a body that was refused.
  if (!incoming.complete) outgoing.setHeader('connection', 'close')
  outgoing.end(body)
}

function toRequest(incoming: IncomingMessage): Request {
  const { method = 'GET', url = '/', headers } = incoming
  const sent = new Headers()
  for (const [name, value] of Object.entries(headers))
    for (const one of Array.isArray(value) ? value : [value ?? '']) sent.append(name, one)
  const hasBody = method !== 'GET' && method !== 'HEAD'
  return new Request(new URL(`http://localhost${url}`), {
    method,
    headers: sent,
    ...(hasBody ? { body: Readable.toWeb(incoming), duplex: 'half' } : {})
  })
}
