// Writes files as a whole or not at all: into a temporary file in the same folder, which is then renamed. Readers see
// the old text or the new one, even if the program is stopped.
import { randomUUID } from 'node:crypto'
import { open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Writes a text; follows symbolic links, and leaves a file alone that already has the text. */
export async function writeWhole(path: string, text: string): Promise<void> {
  if ((await readFile(path).catch(() => undefined))?.equals(Buffer.from(text)) === true) return
  const target = await realpath(path).catch(() => path)
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o666
  )
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}

/** A file error of the system in plain words; `undefined` for other errors. */
export function fileTrouble(error: unknown): string | undefined {
  const words = new Map([
    ['ENOENT', 'no such file or folder'],
    ['ENOTDIR', 'no such folder'],
    ['EISDIR', 'it is a folder'],
    ['EEXIST', 'a file is in the way'],
    ['EACCES', 'no permission'],
    ['EPERM', 'no permission'],
    ['EROFS', 'nothing can be written there'],
    ['ERR_INVALID_ARG_VALUE', 'no file has such a name'],
    ['ENOSPC', 'no space is left there']
  ])
  return words.get(codeOf(error) ?? '')
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
