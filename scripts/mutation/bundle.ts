// One script for each test file, with everything of the project in it: run anew, it loads every module anew, so that
// what a module computes once is judged like everything else, and nothing is left of the mutant before.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, unusedTests, workFolder } from './settings.js'

/** The part of esbuild, which builds the package too, that is used here. */
interface Esbuild {
  readonly build: (options: object) => Promise<{ readonly outputFiles: readonly { readonly text: string }[] }>
}

interface Hooks {
  onResolve(filter: object, resolve: (args: { readonly path: string }) => { readonly path: string }): void
  onLoad(filter: object, load: (args: { readonly path: string }) => object): void
}

/** The test files, from the root, and where the script of each is. */
export async function bundleTests(code: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const { build } = createRequire(createRequire(import.meta.url).resolve('tsup'))('esbuild') as Esbuild
  mkdirSync(workFolder, { recursive: true })
  const bundles = new Map<string, string>()
  for (const file of testFiles()) {
    const { outputFiles } = await build({
      entryPoints: [root + file],
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      logLevel: 'error',
      plugins: [{ name: 'mutants', setup: replaceSources(code) }]
    })
    const path = `${workFolder}${file.replaceAll('/', '.')}.cjs`
    writeFileSync(path, outputFiles[0]?.text ?? '')
    bundles.set(file, path)
  }
  return bundles
}

function testFiles(): string[] {
  const names = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' }).map(
    (name) => `test/${name}`
  )
  return names
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('test/db/') && !unusedTests.test(name))
    .sort()
}

function replaceSources(code: ReadonlyMap<string, string>): (hooks: Hooks) => void {
  return (hooks) => {
    hooks.onResolve({ filter: /^casemate(?:\/[a-z]+)?$/ }, ({ path }) => {
      const entry = path.slice('casemate'.length)
      return { path: `${root}src${entry}/index.ts` }
    })
    hooks.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const contents = code.get(relative(root, path)) ?? readFileSync(path, 'utf8')
      const url = JSON.stringify(pathToFileURL(path).href)
      return { contents: contents.replaceAll('import.meta.url', url), loader: 'ts' }
    })
  }
}
