// A folder outside of the project for the files of one test file; it is gone after the file's last test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export interface Folder {
  readonly folder: string
  /** Writes a file of that name there, over one that exists, and gives its path. */
  readonly file: (name: string, content: string | Uint8Array) => string
}

export function temporaryFolder(): Folder {
  const folder = mkdtempSync(join(tmpdir(), 'casemate-'))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })
  return {
    folder,
    file(name, content) {
      const path = join(folder, name)
      writeFileSync(path, content)
      return path
    }
  }
}
