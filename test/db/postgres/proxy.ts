// A TCP proxy before a server that can drop everything, as a network does that is cut: connections stay open, and nothing
// comes through.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Proxy {
  /** The address of the server, through the proxy. */
  readonly url: string
  /** Whether to drop what comes from now on. What was dropped is lost, and its connections with it. */
  drop(isCut: boolean): void
  close(): Promise<void>
}

/** Starts a proxy on a free port. */
export async function startProxy(target: string): Promise<Proxy> {
  const to = new URL(target)
  const sockets = new Set<Socket>()
  const cut = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    for (const [from, into] of [
      [near, far],
      [far, near]
    ] as const) {
      sockets.add(from)
      from.on('data', (data) => {
        if (isCut) for (const one of [near, far]) cut.add(one)
        else if (!cut.has(from)) into.write(data)
      })
      // A network that is cut says nothing of an end either.
      from.on('close', () => {
        sockets.delete(from)
        if (!isCut) into.destroy()
      })
      from.on('error', () => undefined)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    drop: (value) => {
      isCut = value
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
