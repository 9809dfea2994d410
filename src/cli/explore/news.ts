// What open pages hear: server-sent events. Each says all there is to say, so a page that missed one lacks nothing.
import type { ServerResponse } from 'node:http'
import type { Route } from './loopback.js'

/** The state of the files that a page is made of. */
export interface News {
  /** What the newest page is of; another one is another page. */
  readonly version: string
  /** What is wrong with the files now, a line each, while the page shows what they were. */
  readonly problems: readonly string[]
}

/** Tells pages. */
export interface Newsroom {
  readonly latest: () => News
  readonly tell: (news: News) => void
  /** Answers who wants to hear. */
  readonly route: Route
}

/** A browser opens six of one address; the oldest goes when there are more than this. */
const mostListeners = 32

export function createNewsroom(): Newsroom {
  let news: News = { version: '', problems: [] }
  const listeners = new Set<ServerResponse>()
  const send = (listener: ServerResponse): boolean => listener.write(`data: ${JSON.stringify(news)}\n\n`)
  return {
    latest: () => news,
    tell(next) {
      news = next
      for (const listener of listeners) send(listener)
    },
    route(_, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      listeners.add(response)
      response.once('close', () => listeners.delete(response))
      const [oldest] = listeners
      if (listeners.size > mostListeners) oldest?.end()
      send(response)
    }
  }
}
