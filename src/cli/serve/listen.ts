// Listens on a port, and stops without dropping an answer: first it says that it is not ready, so that no new request is
// sent here, then it takes no more connections, and what is being answered has some seconds to end.
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { CasemateError } from '../../errors.js'
import type { Handler } from '../../server/index.js'

/** Where to listen. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** A server that listens. */
export interface Listening {
  readonly url: string
  /** Ends when every request is answered, or after ten seconds. */
  close(): Promise<void>
}

/** How long a request may take to arrive, and an answer to be made once the server is stopping. In milliseconds. */
const longestRequest = 30_000
const longestStop = 10_000
/** A connection that was busy when the server stopped is closed so soon after its answer, in milliseconds. */
const lookForIdle = 50

/** What is used of the package, which may not be there. */
interface NodeServer {
  readonly serve: (
    options: { fetch: Handler; port: number; hostname: string; serverOptions: object },
    listening: (info: AddressInfo) => void
  ) => unknown
}

/** @throws CasemateError `invalid_settings` without the package, and for an address that cannot be listened on. */
export async function listen(fetch: Handler, { host, port }: Address): Promise<Listening> {
  const { serve } = await loadNodeServer()
  return await new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch,
        port,
        hostname: host,
        serverOptions: {
          requestTimeout: longestRequest,
          headersTimeout: longestRequest,
          keepAliveTimeout: 65_000
        }
      },
      (info) => {
        const name = info.family === 'IPv6' ? `[${info.address}]` : info.address
        resolve({ url: `http://${name}:${info.port}`, close: () => close(server) })
      }
    ) as Server
    server.once('error', (error) => {
      reject(new CasemateError('invalid_settings', `cannot listen on ${host}:${port}: ${error.message}`))
    })
  })
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections()
    }, longestStop)
    // A caller keeps its connection after the answer, for as long as it likes.
    const looking = setInterval(() => {
      server.closeIdleConnections()
    }, lookForIdle)
    server.close(() => {
      clearTimeout(timer)
      clearInterval(looking)
      resolve()
    })
  })
}

async function loadNodeServer(): Promise<NodeServer> {
  try {
    return await import('@hono/node-server')
  } catch {
    const message = 'the package @hono/node-server is not installed: npm install hono @hono/node-server'
    throw new CasemateError('invalid_settings', message)
  }
}

/** Whether an address is one of this machine alone; it may have a port, as in the header `host`. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])(?::\d+)?$/i.test(host)
}
