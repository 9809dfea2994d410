// The one place that reads text files. A file's size is checked before it is read, and it must be UTF-8. It is not read
// if a symbolic link leads to it from another tree: a link in a branch could otherwise make the machine of a reviewer
// print one of its own files.
import { constants } from 'node:fs'
import { lstat, open, realpath, type FileHandle } from 'node:fs/promises'
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path'
import { notUtf8 } from '../problems/unicode.js'
import { decodeUtf8 } from '../text/utf8.js'

/** A file's text, a byte order mark included, or why there is none. */
export type TextFile = { readonly ok: true; readonly text: string } | UnreadFile

export interface UnreadFile {
  readonly ok: false
  readonly code: 'unreadable_file' | 'document_too_large' | 'syntax_error'
  readonly message: string
  /** Whether the file does not exist. */
  readonly isMissing: boolean
}

interface ReadSettings {
  readonly maxBytes: number
  /** Whether pipes and devices are read too, until they end. */
  readonly streams?: boolean
}

/** Reads a text; at most one byte more than allowed. */
export async function readTextFile(path: string, { maxBytes, streams }: ReadSettings): Promise<TextFile> {
  let file: FileHandle | undefined
  try {
    if (await leadsOut(path)) return refusal('unreadable_file', outside)
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait forever.
    file = await open(path, constants.O_RDONLY | (streams === true ? 0 : constants.O_NONBLOCK))
    const found = await file.stat()
    const isRead = found.isFile() || (streams === true && !found.isDirectory())
    if (!isRead)
      return refusal('unreadable_file', found.isDirectory() && streams ? 'it is a folder' : 'not a file')
    const bytes = found.size > maxBytes ? undefined : await readBytes(file, maxBytes)
    if (bytes === undefined) return refusal('document_too_large', `larger than ${maxBytes} bytes`)
    const text = decodeUtf8(bytes)
    return text === undefined ? refusal('syntax_error', notUtf8) : { ok: true, text }
  } catch (error) {
    return systemRefusal(error)
  } finally {
    await file?.close()
  }
}

const outside =
  'a symbolic link leads out of the folder or repository that it is in; name the file itself to have it read'

function refusal(code: UnreadFile['code'], message: string, isMissing = false): UnreadFile {
  return { ok: false, code, message, isMissing }
}

function systemRefusal(error: unknown): UnreadFile {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return refusal('unreadable_file', 'no such file', true)
  if (code === 'EACCES' || code === 'EPERM') return refusal('unreadable_file', 'no permission to read it')
  if (code === 'ELOOP') return refusal('unreadable_file', 'a symbolic link that leads to itself')
  return refusal('unreadable_file', error instanceof Error ? error.message : String(error))
}

async function readBytes(file: FileHandle, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  const stream: AsyncIterable<Buffer> = file.createReadStream({ end: maxBytes, autoClose: false })
  for await (const chunk of stream) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  return bytes.length > maxBytes ? undefined : bytes
}

// --- links ----------------------------------------------------------------------------------------------------------

/** Whether symbolic links lead from the path to a file outside its tree. Paths in /dev and /proc are exempt. */
export async function leadsOut(path: string): Promise<boolean> {
  const named = resolve(path)
  if (/^\/(?:dev|proc)\//.test(named)) return false
  const tree =
    (await repositoryOf(named)) ?? (isWithin(process.cwd(), named) ? process.cwd() : dirname(named))
  return !isWithin(await realpath(tree), await realpath(named))
}

/** Whether a path is this folder or inside it. Compares the paths as written, without following links. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The innermost repository around a path. Stops at a link inside a repository: it does not lead into another one. */
async function repositoryOf(named: string): Promise<string | undefined> {
  let folder = parse(named).root
  let found: string | undefined
  for (const part of relative(folder, dirname(named)).split(sep)) {
    folder = join(folder, part)
    if (found !== undefined && (await lstat(folder)).isSymbolicLink()) break
    if (await isThere(join(folder, '.git'))) found = folder
  }
  return found
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false
  )
}
