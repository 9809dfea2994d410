// Reads a stream as text: line by line in batches, never holding more than a chunk and one unfinished line, or as
// a whole. Input that is too long or not UTF-8 is never passed on in part or repaired: a part of a request could be
// another request, and two broken names could become the same.
import { notUtf8 } from '../problems/unicode.js'
import { decodeUtf8 } from './utf8.js'

/** The longest line, in UTF-16 code units. A longer one is read to its end and dropped. */
export const longestLine: number = 16 * 1024 * 1024
/** A line with more bytes is too long: a code unit takes three bytes at most. */
const mostBytes = 3 * longestLine

/** A line without its line break; `undefined` for one that is too long, `null` for one that is not UTF-8. */
export type Line = string | undefined | null

/** What is wrong with a line. */
export function lineProblem(line: undefined | null): string {
  return line === undefined ? `a line of more than ${longestLine} characters` : notUtf8
}

const lineBreak = 0x0a
const encoder = new TextEncoder()
const byteOrderMark = /^\uFEFF/

/** A stream of bytes; a string counts as its UTF-8 bytes. */
export type Input = AsyncIterable<Uint8Array | string>

/** The lines of a stream of UTF-8 text; a byte order mark at its start is dropped. */
export async function* readLines(input: Input): AsyncGenerator<readonly Line[]> {
  let isFirst = true
  let pieces: Uint8Array[] = []
  let length = 0
  const append = (bytes: Uint8Array): void => {
    length += bytes.length
    if (length > mostBytes) pieces = []
    else if (bytes.length > 0) pieces.push(bytes)
  }
  const take = (): Line => {
    const line = length > mostBytes ? undefined : toLine(pieces, isFirst)
    isFirst = false
    pieces = []
    length = 0
    return line
  }
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk
    const lines: Line[] = []
    let start = 0
    for (let end = bytes.indexOf(lineBreak); end >= 0; end = bytes.indexOf(lineBreak, start)) {
      append(bytes.subarray(start, end))
      lines.push(take())
      start = end + 1
    }
    append(bytes.subarray(start))
    yield lines
  }
  if (length > 0) yield [take()]
}

function toLine(pieces: readonly Uint8Array[], isFirst: boolean): Line {
  const text = toText(pieces, isFirst)
  return text !== undefined && text.length > longestLine ? undefined : (text ?? null)
}

function toText(pieces: readonly Uint8Array[], isFirst: boolean): string | undefined {
  const [first] = pieces
  const text = decodeUtf8(pieces.length === 1 && first !== undefined ? first : joined(pieces))
  return isFirst ? text?.replace(byteOrderMark, '') : text
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/** A whole stream as one text without byte order mark, or what is wrong with it. */
export type Whole =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string }

/** Reads a stream to its end; fails above `maxBytes`. */
export async function readWhole(input: Input, maxBytes: number): Promise<Whole> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk
    length += bytes.length
    if (length > maxBytes) return { ok: false, message: `more than ${maxBytes} bytes on standard input` }
    pieces.push(bytes)
  }
  const text = toText(pieces, true)
  return text === undefined ? { ok: false, message: notUtf8 } : { ok: true, text }
}
