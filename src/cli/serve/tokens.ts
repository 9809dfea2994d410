// The tokens of callers from a file: one a line; blank lines and lines that begin with `#` are skipped.
import { createHash } from 'node:crypto'
import { CasemateError } from '../../errors.js'
import { readTextFile } from '../../node/read-text.js'

const longestTokens = 1024 * 1024
/** A shorter token can be guessed. */
const shortestToken = 16

/** The tokens of a file. They are compared by their digests, so that the time of a comparison says nothing about them. */
export interface Tokens {
  readonly count: number
  has(token: string): boolean
}

/** @throws CasemateError for a file without tokens, or with one that is too short. The message shows no token. */
export async function loadTokens(path: string): Promise<Tokens> {
  const file = await readTextFile(path, { maxBytes: longestTokens })
  if (!file.ok) throw faultOf(`${path}: ${file.message}`)
  const lines = file.text.split('\n').map((line) => line.trim())
  const tokens = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (tokens.length === 0) throw faultOf(`${path}: no token in it`)
  const wrong = lines.findIndex(
    (line) => tokens.includes(line) && (line.length < shortestToken || /\s/.test(line))
  )
  if (wrong >= 0)
    throw faultOf(
      `${path}: line ${wrong + 1}: a token has at least ${shortestToken} characters, and no space`
    )
  const digests = new Set(tokens.map(digestOf))
  return { count: digests.size, has: (token) => digests.has(digestOf(token)) }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function faultOf(message: string): CasemateError {
  return new CasemateError('invalid_settings', message, { path: '--token-file' })
}
