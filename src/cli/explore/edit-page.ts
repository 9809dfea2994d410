// The page that edits a policy, on loopback: an editor beside the explorer. The page itself checks, proves and compares
// what is typed; here its file is read, followed and, once somebody saves, written.
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { defaultMaxBytes } from '../../document/index.js'
import { CasemateError } from '../../errors.js'
import { pageText, type ExploreData } from '../../explore/index.js'
import { formatOf } from '../../node/load-policy.js'
import { readTextFile } from '../../node/read-text.js'
import type { SuiteFile } from '../../verify/index.js'
import { failureLines } from '../io.js'
import { filesAround, runAgain } from '../watch.js'
import { logAddress, type EditState, type LogFile, type OlderPolicy } from './edit-state.js'
import { answer, listenOnLoopback, type Route } from './loopback.js'
import { createNewsroom } from './news.js'
import type { BuiltFiles } from './page-files.js'
import { saving, versionOf } from './save.js'

/** What is edited. */
export interface EditedPage {
  readonly path: string
  readonly options: ReadonlyMap<string, string> | undefined
  /** Reads the files of statements beside the policy. */
  readonly readTests: () => Promise<readonly SuiteFile[]>
  /** Makes what the page shows of a policy that is code. */
  readonly readCode: () => Promise<ExploreData>
  /** Reads an older policy, for the difference to it; absent for none. */
  readonly readOlder?: (() => Promise<OlderPolicy>) | undefined
  /** The paths of logs, which the page reads. */
  readonly logs?: readonly string[] | undefined
  /** Files that are looked at besides those around the policy and the logs. */
  readonly others?: () => Promise<readonly string[]>
  readonly port: number
  readonly built: Pick<BuiltFiles, 'edit.js' | 'edit.css' | 'worker.js'>
  /** Hears the address to open. */
  readonly onUrl: (url: string) => void
  readonly signal: AbortSignal
}

/** Milliseconds between looks at the files. */
const every = 300

/**
 * Serves until `signal` is aborted.
 *
 * @throws CasemateError `invalid_settings` for a file that cannot be read at first.
 */
export async function serveEditing(edited: EditedPage): Promise<void> {
  const { path, options, port, built, onUrl, signal, logs = [], others } = edited
  const format = formatOf(path)
  const newsroom = createNewsroom()
  let state = await readState(edited)
  const nonce = randomBytes(18).toString('base64')
  const page = await pageText({
    title: `${basename(path)}: explorer`,
    style: built['edit.css'],
    scripts: [built['edit.js']],
    data: {},
    allowed: ["connect-src 'self'", "worker-src 'self'"],
    styleNonce: nonce
  })
  const routes = new Map<string, Route>([
    ['GET ', sending('text/html', () => page)],
    ['GET worker.js', sending('text/javascript', () => built['worker.js'])],
    ['GET state', sending('application/json', () => JSON.stringify(state))],
    ['GET events', newsroom.route],
    ...logs.map((log, number): [string, Route] => [`GET ${logAddress(number)}`, sendingFile(log)])
  ])
  if (format !== undefined) routes.set('PUT document', await saving({ path, format, options }))
  const server = await listenOnLoopback(port, routes)
  onUrl(server.url)
  const run = async (): Promise<void> => {
    try {
      state = await readState(edited)
      newsroom.tell({ version: versionOf(JSON.stringify(state)), problems: [] })
    } catch (error) {
      newsroom.tell({ ...newsroom.latest(), problems: failureLines(error) })
      throw error
    }
  }
  await runAgain({
    run,
    paths: async () => [...(await filesAround(path)), ...((await others?.()) ?? []), ...logs],
    every,
    signal
  })
  await server.close()
}

async function readState(edited: EditedPage): Promise<EditState> {
  const { path, options, readTests, readCode, readOlder, logs = [] } = edited
  const format = formatOf(path)
  const file = await readTextFile(path, { maxBytes: defaultMaxBytes })
  if (!file.ok) throw new CasemateError('invalid_settings', `${path}: ${file.message}`)
  return {
    file: basename(path),
    text: file.text,
    version: versionOf(file.text),
    format: format ?? 'code',
    options: Object.fromEntries(options ?? []),
    tests: await readTests(),
    ...(readOlder === undefined ? {} : { older: await readOlder() }),
    logs: await Promise.all(logs.map(logFile)),
    ...(format === undefined ? { data: await readCode() } : {})
  }
}

async function logFile(path: string): Promise<LogFile> {
  const { size, mtimeMs } = await stat(path)
  return { name: path, version: `${size} ${mtimeMs}` }
}

function sendingFile(path: string): Route {
  return async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    // The page ends an answer as soon as it asks anew.
    await pipeline(createReadStream(path), response).catch(() => response.destroy())
  }
}

function sending(type: string, text: () => string): Route {
  return (_, response) => {
    answer(response, 200, type, text())
  }
}
