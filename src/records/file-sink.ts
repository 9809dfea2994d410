// Lines → the end of a file. Rotation is the platform's: a file that was moved away or cut off is begun again, with the
// lines that say who the subjects are, so that each file can be read alone.
import { open, type FileHandle } from 'node:fs/promises'
import type { Sink } from './types.js'

const lineBreak = 0x0a

/**
 * A sink that appends to a file, and makes it where there is none, readable for its owner alone. The file is opened for
 * each batch, so a file that is moved away (`logrotate` and the like) is followed by a new one that can be read without
 * it. A line that an interrupted program left unfinished is ended first.
 */
export function fileSink(path: string): Sink {
  let known: number | undefined
  return async (lines, heads) => {
    const file = await open(path, 'a+', 0o600)
    try {
      const { size, ino } = await file.stat()
      const isNew = size === 0 || ino !== known
      known = ino
      const before = size > 0 && isNew && (await lastByte(file, size)) !== lineBreak ? '\n' : ''
      const all = isNew ? [...heads(), ...lines] : lines
      await file.appendFile(`${before}${all.join('\n')}\n`)
    } finally {
      await file.close()
    }
  }
}

async function lastByte(file: FileHandle, size: number): Promise<number | undefined> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0]
}
