// The key of a log's pseudonyms from a file. It is shown to nobody.
import { CasemateError } from '../../errors.js'
import { readTextFile } from '../../node/read-text.js'

const longestFile = 64 * 1024
/** A shorter key can be guessed, and with it which id a pseudonym stands for. */
const shortestKey = 16

/** @throws CasemateError for a file without a key, or with one that is too short. The message does not show it. */
export async function readMaskKey(path: string): Promise<string> {
  const file = await readTextFile(path, { maxBytes: longestFile })
  if (!file.ok) throw faultOf(`${path}: ${file.message}`)
  const key = file.text.trim()
  if (/\s/.test(key) || key.length < shortestKey)
    throw faultOf(`${path}: expected one key of at least ${shortestKey} characters without a space`)
  return key
}

function faultOf(message: string): CasemateError {
  return new CasemateError('invalid_settings', message, { path: '--mask-key-file' })
}
