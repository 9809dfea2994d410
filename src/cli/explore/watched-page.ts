// The explorer's page on loopback, made anew when a file changes. Of a policy that is broken the last good page stays, with
// what is wrong above it.
import { createHash } from 'node:crypto'
import type { ExploreData } from '../../explore/index.js'
import { exploreParts, pageText, type BuiltPage } from '../../explore/index.js'
import { failureLines } from '../io.js'
import { runAgain } from '../watch.js'
import { answer, listenOnLoopback } from './loopback.js'
import { createNewsroom } from './news.js'

/** What is watched. */
export interface WatchedPage {
  /** Reads the files and makes what the page shows. What it throws is what is wrong. */
  readonly make: () => Promise<ExploreData>
  /** The files that it reads. */
  readonly paths: () => Promise<readonly string[]>
  readonly port: number
  readonly built: BuiltPage
  /** The script that hears of changes. */
  readonly live: string
  /** Hears the address to open. */
  readonly onUrl: (url: string) => void
  readonly signal: AbortSignal
}

/** Milliseconds between looks at the files. */
const every = 300

/** Serves until `signal` is aborted. */
export async function servePage({
  make,
  paths,
  port,
  built,
  live,
  onUrl,
  signal
}: WatchedPage): Promise<void> {
  const newsroom = createNewsroom()
  let page = await textOf(undefined, '', built, live)
  const server = await listenOnLoopback(
    port,
    new Map([
      [
        'GET ',
        (_, response) => {
          answer(response, 200, 'text/html', page)
        }
      ],
      ['GET events', newsroom.route]
    ])
  )
  onUrl(server.url)
  const run = async (): Promise<void> => {
    try {
      const data = await make()
      const version = createHash('sha256').update(JSON.stringify(data)).digest('base64url')
      if (version !== newsroom.latest().version) page = await textOf(data, version, built, live)
      newsroom.tell({ version, problems: [] })
    } catch (error) {
      newsroom.tell({ ...newsroom.latest(), problems: failureLines(error) })
      throw error
    }
  }
  await runAgain({ run, paths, every, signal })
  await server.close()
}

/** Without data, of a policy that was never right, a page of its problems alone. */
async function textOf(
  data: ExploreData | undefined,
  version: string,
  built: BuiltPage,
  live: string
): Promise<string> {
  const parts =
    data === undefined
      ? { title: 'explorer', style: built.style, scripts: [], data: {} }
      : exploreParts(data, built)
  return await pageText({
    ...parts,
    scripts: [...parts.scripts, live],
    data: { ...parts.data, live: { version, problems: [] } },
    allowed: ["connect-src 'self'"]
  })
}
