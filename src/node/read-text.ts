// Files as texts from outside: the one place that reads them. A file is sized before it is read, is UTF-8 or a problem,
// and is not read where a symbolic link leads to it out of the tree that it is named in: whoever may write a link into
// a branch would have its reviewer's machine print a file of that machine.
import { constants } from 'node:fs'
import { lstat, open, realpath, type FileHandle } from 'node:fs/promises'
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path'
import { decodeUtf8, notUtf8 } from '../text/unicode.js'

/** A file's text, a byte order mark included, or why there is none. */
export type TextFile = { readonly ok: true; readonly text: string } | UnreadFile

export interface UnreadFile {
  readonly ok: false
  readonly code: 'unreadable_file' | 'document_too_large' | 'syntax_error'
  readonly message: string
  /** Whether there is nothing of that name. */
  readonly isMissing: boolean
}

interface ReadSettings {
  readonly maxBytes: number
  /** Whether a pipe or a device is read too, until it ends. */
  readonly streams?: boolean
}

/** Reads a text; never more than one byte more than allowed. */
export async function readTextFile(path: string, { maxBytes, streams }: ReadSettings): Promise<TextFile> {
  let file: FileHandle | undefined
  try {
    if (await leadsOut(path)) return refusal('unreadable_file', outside)
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
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

/** Whether a file that is there is not in the tree in which its path names it. A device that is named is in none. */
export async function leadsOut(path: string): Promise<boolean> {
  const named = resolve(path)
  if (/^\/(?:dev|proc)\//.test(named)) return false
  const tree =
    (await repositoryOf(named)) ?? (isWithin(process.cwd(), named) ? process.cwd() : dirname(named))
  return !isWithin(await realpath(tree), await realpath(named))
}

/** Whether a path is a folder, or in it. Both are taken as they are written. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The innermost repository on the way to a path. What a link in a repository leads to is not in another one. */
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
