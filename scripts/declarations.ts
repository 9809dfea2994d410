// Adds to the entry points for test runners what makes the matchers known to the runner. This cannot be compiled with
// the rest: the runners' declarations exclude each other.
//
// Writes the declarations of the CommonJS build from those of the ESM build: the same types, with `.cjs` in relative
// imports. Bundling declarations is most of a build, and would come out the same a second time.
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

for (const runner of ['vitest', 'jest']) {
  const declarations = await readFile(`src/testing/${runner}/matchers.d.ts`, 'utf8')
  await appendFile(`dist/testing/${runner}/index.d.ts`, declarations)
}

const files = await readdir('dist', { recursive: true })
for (const path of files.filter((file) => file.endsWith('.d.ts')).map((file) => join('dist', file))) {
  const declarations = await readFile(path, 'utf8')
  const relative = /((?:from|import) '|import\(')(\.\.?\/[^']*)\.js'/g
  await writeFile(path.replace(/\.d\.ts$/, '.d.cts'), declarations.replace(relative, "$1$2.cjs'"))
}
