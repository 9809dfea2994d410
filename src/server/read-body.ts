// The body of a request → its value. It is bounded before it is read where its length is known, and while it is read
// where it is not: counting every body would take the Node adapter of Hono off its fast path.
import { isPlainObject } from '../problems/plain.js'
import { parseJson } from '../text/json.js'
import { badRequest, Refusal } from './refusal.js'
import type { Properties } from './types.js'

/** @throws Refusal for a body that is too large, that is no JSON, or no object. */
export async function readBody(request: Request, maxBody: number): Promise<Properties> {
  const type = request.headers.get('content-type') ?? ''
  if (type !== json && !jsonType.test(type)) throw badRequest('content-type: expected application/json')
  const length = request.headers.get('content-length')
  if (length !== null && Number(length) > maxBody) throw tooLarge(maxBody)
  const text = length === null ? await readCounted(request, maxBody) : await readWhole(request, maxBody)
  // Broken bytes are read as this character.
  if (text.includes('\uFFFD')) throw badRequest('the body has a character that stands for broken bytes')
  const parsed = parseJson(text)
  if (!parsed.ok) throw badRequest(`the body is not a request: ${parsed.message}`)
  if (!isPlainObject(parsed.value)) throw badRequest('the body is not a JSON object')
  return parsed.value
}

const json = 'application/json'
const jsonType = /^application\/json\s*(?:;|$)/i

function tooLarge(maxBody: number): Refusal {
  return new Refusal(413, `the body has more than ${maxBody} bytes`)
}

/** As text, which costs the adapter no copy. */
async function readWhole(request: Request, maxBody: number): Promise<string> {
  let text: string
  try {
    text = await request.text()
  } catch {
    throw badRequest('the body did not arrive')
  }
  if (text.length > maxBody) throw tooLarge(maxBody)
  return text
}

async function readCounted(request: Request, maxBody: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let length = 0
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = request.body?.getReader()
  if (reader === undefined) return ''
  for (;;) {
    const piece = await reader.read().catch(() => {
      throw badRequest('the body did not arrive')
    })
    if (piece.done) break
    length += piece.value.length
    if (length > maxBody) {
      void reader.cancel().catch(() => undefined)
      throw tooLarge(maxBody)
    }
    pieces.push(piece.value)
  }
  // As `text()` of a request does it.
  return new TextDecoder().decode(Buffer.concat(pieces))
}
