// A program of ours as plain JavaScript, for a test that needs a process of its own. One that compiles the sources when it
// starts, file by file, needs seconds for that.
import { symlinkSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** Writes the program into a folder outside of the project, once for each folder, and gives the path of what can be run. */
export async function bundle(source: string, folder: string): Promise<string> {
  symlinkSync(modules, join(folder, 'node_modules'))
  await build({
    config: false,
    entry: [source],
    outDir: folder,
    format: 'esm',
    platform: 'node',
    outExtension: () => ({ js: '.mjs' }),
    silent: true
  })
  return join(folder, `${basename(source, extname(source))}.mjs`)
}
