// A server that only a browser of this machine talks to. It listens on loopback, and answers nobody who does not know its
// address: a random token is the first part of every path. Another site's page cannot learn it, and is refused besides by
// the headers `host` (a name that leads to loopback only now and then) and `origin` (a page that sends a form).
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { CasemateError } from '../../errors.js'

/** Answers one request, whose address and origin have been checked. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** What is answered: `GET page.js` is the method and what stands after the token. */
export type Routes = ReadonlyMap<string, Route>

/** A server that listens. */
export interface Loopback {
  /** The address to open, token included. */
  readonly url: string
  /** Ends open answers and listens no more. */
  readonly close: () => Promise<void>
}

/** The one address that is listened on. */
const address = '127.0.0.1'

/** How long a request may take to arrive, in milliseconds. */
const longestRequest = 10_000

/** What no answer of this server may be used for: a frame, another site's script, a store. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff'
}

/**
 * Listens until it is closed.
 *
 * @throws CasemateError `invalid_settings` for a port that cannot be listened on.
 */
export async function listenOnLoopback(port: number, routes: Routes): Promise<Loopback> {
  const token = randomBytes(24).toString('base64url')
  const server = createServer({ requestTimeout: longestRequest, headersTimeout: longestRequest })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    answerOne(portOf(server), token, routes, request, response).catch(() => {
      if (response.headersSent) response.destroy()
      else answer(response, 500, 'text/plain', 'the server failed')
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `cannot listen on ${address}:${port}: ${error.message}`
      reject(new CasemateError('invalid_settings', message, { path: '--port' }))
    })
    server.listen(port, address, resolve)
  })
  return {
    url: `http://${address}:${portOf(server)}/${token}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      })
  }
}

async function answerOne(
  port: number,
  token: string,
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const { host, origin } = request.headers
  const { method = '', url = '' } = request
  if (host !== `${address}:${port}` && host !== `localhost:${port}`) {
    answer(response, 421, 'text/plain', 'this server has another name')
    return
  }
  const site = request.headers['sec-fetch-site']
  const isOwn = origin === `http://${host}` && (site === undefined || site === 'same-origin')
  if (method === 'GET' ? origin !== undefined && !isOwn : !isOwn) {
    answer(response, 403, 'text/plain', 'asked from another page')
    return
  }
  const [, given = '', path = ''] = /^\/([^/?]*)\/([^?]*)/.exec(url) ?? []
  if (!isSame(given, token)) {
    answer(response, 404, 'text/plain', 'nothing is here; open the address that the command printed')
    return
  }
  const route = routes.get(`${method} ${path}`)
  if (route === undefined) answer(response, 404, 'text/plain', 'nothing is here')
  else await route(request, response)
}

/** Answers with a text, whole. */
export function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` })
  response.end(text)
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function portOf(server: Server): number {
  const found = server.address()
  return typeof found === 'object' && found !== null ? found.port : 0
}
