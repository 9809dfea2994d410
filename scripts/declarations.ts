// Writes the declarations of every entry point, after the code. The compiler makes one file of each in `src`, and those
// are bundled: one for each entry point, and one for what several share. A bundler that was given `src` would check all of
// it once more for each of them.
import { execFileSync } from 'node:child_process'
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'tsup'
import { entryPoints, outputName } from '../tsup.config.js'

const unbundled = 'dist/.declarations'
const compiler = 'node_modules/typescript-7/bin/tsc'
execFileSync(process.execPath, [compiler, '-p', 'scripts/tsconfig.declarations.json'], { stdio: 'inherit' })

const names = entryPoints.map(outputName)
await build({
  config: false,
  silent: true,
  format: 'esm',
  entry: names.map((name) => `src/${name}.ts`),
  dts: {
    only: true,
    entry: Object.fromEntries(names.map((name) => [name, `${unbundled}/${name}.d.ts`])),
    compilerOptions: { ignoreDeprecations: '6.0' }
  }
})
await rm(unbundled, { recursive: true })

// What makes the matchers known to a test runner. It cannot be compiled with the rest: the runners' declarations exclude
// each other.
for (const runner of ['vitest', 'jest']) {
  const declarations = await readFile(`src/testing/${runner}/matchers.d.ts`, 'utf8')
  await appendFile(`dist/testing/${runner}/index.d.ts`, declarations)
}

// The declarations of CommonJS are the same types, with `.cjs` in relative imports.
const files = await readdir('dist', { recursive: true })
for (const path of files.filter((file) => file.endsWith('.d.ts')).map((file) => join('dist', file))) {
  const declarations = await readFile(path, 'utf8')
  const relative = /((?:from|import) '|import\(')(\.\.?\/[^']*)\.js'/g
  await writeFile(path.replace(/\.d\.ts$/, '.d.cts'), declarations.replace(relative, "$1$2.cjs'"))
}
