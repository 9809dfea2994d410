// A page that a command serves until it is told to end, for a test.

/** What a command that serves is told: where to say its address, and when to end. */
interface Serving {
  readonly port: number
  readonly onUrl: (url: string) => void
  readonly signal: AbortSignal
}

export interface Served {
  readonly url: string
  readonly end: () => Promise<void>
}

/** Starts it on a free port, and waits for its address. Its exit code is not the one of the tests. */
export async function serveUntilEnd(start: (serving: Serving) => Promise<void>): Promise<Served> {
  const stopping = new AbortController()
  const before = process.exitCode
  let ended: Promise<void> | undefined
  const url = await new Promise<string>((resolve, reject) => {
    ended = start({ port: 0, onUrl: resolve, signal: stopping.signal })
    ended.catch(reject)
  })
  return {
    url,
    end: async () => {
      stopping.abort()
      await ended
      process.exitCode = before
    }
  }
}
