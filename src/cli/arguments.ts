// Refuses command-line arguments that are not UTF-8. Node turns broken bytes into U+FFFD, so that two different names
// could become one; where the system still has the original bytes, these are checked.
import { readFile } from 'node:fs/promises'
import { RequestError } from '../errors.js'
import { decodeUtf8 } from '../text/utf8.js'
import { quoteValue } from '../problems/quote.js'
import { loneSurrogateIn, notUtf8 } from '../problems/unicode.js'

const replacement = '\uFFFD'

/**
 * @throws RequestError `invalid_request` for an argument that is not UTF-8, or that has a U+FFFD and whose bytes are
 * not known.
 */
export async function refuseBrokenArguments(args: readonly string[]): Promise<void> {
  const isSuspect = (arg: string): boolean => arg.includes(replacement) || loneSurrogateIn(arg) >= 0
  if (!args.some(isSuspect)) return
  const given = await argumentBytes(args)
  for (const [index, arg] of args.entries()) {
    const bytes = given?.[index]
    if (!isSuspect(arg) || (bytes !== undefined && decodeUtf8(bytes) === arg)) continue
    const why = bytes === undefined ? 'it has a character that stands for broken bytes' : notUtf8
    throw new RequestError('invalid_request', `argument ${index + 1}, ${quoteValue(arg)}: ${why}`)
  }
}

/** The bytes of the arguments, from the end of the process's command line; `undefined` if the system does not tell. */
async function argumentBytes(args: readonly string[]): Promise<readonly Uint8Array[] | undefined> {
  const line = await readFile('/proc/self/cmdline').catch(() => undefined)
  if (line === undefined) return undefined
  const all: Uint8Array[] = []
  for (let start = 0, end = line.indexOf(0); end >= 0; start = end + 1, end = line.indexOf(0, start))
    all.push(line.subarray(start, end))
  const last = all.slice(-args.length)
  const isSame =
    last.length === args.length && last.every((bytes, index) => lossy.decode(bytes) === args[index])
  return isSame ? last : undefined
}

const lossy = new TextDecoder('utf-8', { ignoreBOM: true })
