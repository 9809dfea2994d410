// The arguments of the command as texts from outside: UTF-8, or refused. By the time a program sees them, broken bytes
// have become U+FFFD, and two different names one; where the system still has the bytes, they are looked at.
import { readFile } from 'node:fs/promises'
import { RequestError } from '../errors.js'
import { decodeUtf8, loneSurrogateIn, notUtf8 } from '../text/unicode.js'
import { quoteValue } from '../problems/quote.js'

const replacement = '\uFFFD'

/**
 * @throws RequestError `invalid_request` for an argument that was no UTF-8 text, or that has a U+FFFD where nobody can
 * say whether it was.
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

/** The bytes of the arguments, which are the last of those of the process; `undefined` where the system has no others. */
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
