// The page that edits a policy, on loopback: an editor beside the explorer. The page itself checks, proves and compares
// what is typed; here its file is read, followed and, once somebody saves, written.
import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { defaultMaxBytes } from '../../document/index.js'
import { CasemateError } from '../../errors.js'
import { pageText, type ExploreData } from '../../explore/index.js'
import { formatOf } from '../../node/load-policy.js'
import { readTextFile } from '../../node/read-text.js'
import type { SuiteFile } from '../../verify/index.js'
import { failureLines } from '../io.js'
import { filesAround, runAgain } from '../watch.js'
import type { EditState } from './edit-state.js'
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
  const { path, options, port, built, onUrl, signal } = edited
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
    ['GET events', newsroom.route]
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
  await runAgain({ run, paths: () => filesAround(path), every, signal })
  await server.close()
}

async function readState({ path, options, readTests, readCode }: EditedPage): Promise<EditState> {
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
    ...(format === undefined ? { data: await readCode() } : {})
  }
}

function sending(type: string, text: () => string): Route {
  return (_, response) => {
    answer(response, 200, type, text())
  }
}
