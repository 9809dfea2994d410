// Writes the declarations of the CommonJS build from those of the ESM build: the same types, with `.cjs` in relative
// imports. Bundling declarations is most of a build, and would come out the same a second time.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const files = await readdir('dist', { recursive: true })
for (const path of files.filter((file) => file.endsWith('.d.ts')).map((file) => join('dist', file))) {
  const declarations = await readFile(path, 'utf8')
  const relative = /((?:from|import) '|import\(')(\.\.?\/[^']*)\.js'/g
  await writeFile(path.replace(/\.d\.ts$/, '.d.cts'), declarations.replace(relative, "$1$2.cjs'"))
}
