// Saves the one file of the page that edits. What is written is what was sent, once it compiles; a file that is not the one
// that was loaded is left alone.
import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { defaultMaxBytes } from '../../document/index.js'
import { parsePolicyText, type TextFormat } from '../../node/parse-text.js'
import { readTextFile } from '../../node/read-text.js'
import { compile } from '../../policy/create.js'
import { decodeUtf8 } from '../../text/utf8.js'
import { failureLines } from '../io.js'
import { fixedOptions } from '../under-options.js'
import { writeWhole } from '../write-file.js'
import { versionHeader, type Saved } from './edit-state.js'
import { answer, type Route } from './loopback.js'

/** What may be written. */
export interface Target {
  readonly path: string
  readonly format: TextFormat
  readonly options: ReadonlyMap<string, string> | undefined
}

/** Names a text. */
export function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/**
 * Answers a text that is to be saved: 200 when it was written, else nothing was: 400 and 413 for what is no text of a
 * policy's size, 409 where the file is not the one that was loaded, 422 where the text does not compile.
 */
export async function saving({ path, format, options }: Target): Promise<Route> {
  const real = await realpath(path)
  const save = async (text: string, before: string): Promise<readonly [status: number, Saved]> => {
    try {
      const document = await parsePolicyText(text, format, { name: path })
      compile(document, { options: fixedOptions([document], options) })
    } catch (error) {
      return [422, { ok: false, problems: failureLines(error) }]
    }
    if ((await realpath(path).catch(() => undefined)) !== real)
      return [409, refusal('the file is gone, or is a link to another one now')]
    const file = await readTextFile(path, { maxBytes: defaultMaxBytes })
    if (!file.ok) return [409, refusal(file.message)]
    if (versionOf(file.text) !== before) return [409, refusal('the file has changed since it was loaded')]
    await writeWhole(real, text)
    return [200, { ok: true, version: versionOf(text) }]
  }
  // One after the other: of two pages that changed the same text the second is refused.
  let last: Promise<unknown> = Promise.resolve()
  return async (request, response) => {
    const say = (status: number, saved: Saved): void => {
      answer(response, status, 'application/json', JSON.stringify(saved))
    }
    const before = request.headers[versionHeader]
    if (typeof before !== 'string') {
      say(400, refusal(`the header ${versionHeader} is missing`))
      return
    }
    const bytes = await bodyOf(request)
    if (bytes === undefined) {
      response.setHeader('connection', 'close')
      say(413, refusal(`more than ${defaultMaxBytes} bytes`))
      return
    }
    const text = decodeUtf8(bytes)
    if (text === undefined) {
      say(400, refusal('not UTF-8'))
      return
    }
    const turn = last.then(() => save(text, before))
    last = turn.catch(() => undefined)
    say(...(await turn))
  }
}

function refusal(problem: string): Saved {
  return { ok: false, problems: [problem] }
}

/** The bytes of a body, or `undefined` for more than a policy has. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let length = 0
  const chunks: AsyncIterable<Buffer> = request
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > defaultMaxBytes) return undefined
    pieces.push(chunk)
  }
  return Buffer.concat(pieces)
}
