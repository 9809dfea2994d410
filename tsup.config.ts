// The build: every entry point as ESM and CommonJS, the command line as ESM only; `scripts/declarations.ts` adds types.
// `entryPoints` is the one list: tsup builds from it, and `npm run exports` writes the `exports` of
// package.json from it (`npm run check:package` fails when the two disagree).
import { readFileSync } from 'node:fs'

import type { Options } from 'tsup'

/** The import paths of the package; `./node` is built from `src/node/index.ts`, `.` from `src/index.ts`. */
export const entryPoints: readonly string[] = [
  '.',
  './node',
  './casl',
  './casl/client',
  './sql',
  './scopes',
  './verify',
  './diff',
  './lint',
  './mutate',
  './missing',
  './guard',
  './records',
  './runtime',
  './postgres',
  './server',
  './testing',
  './testing/vitest',
  './testing/jest'
]

/** The name in `dist`, without extension, of what an import path leads to. */
export function outputName(entryPoint: string): string {
  return entryPoint === '.' ? 'index' : `${entryPoint.slice('./'.length)}/index`
}

const library = Object.fromEntries(
  entryPoints.map(outputName).map((name): [string, string] => [name, `src/${name}.ts`])
)

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string
}

const shared = {
  target: 'es2022',
  platform: 'node',
  // Entry points share chunks in both formats, so that an error class is one class, whichever entry threw it.
  splitting: true,
  removeNodeProtocol: false
} satisfies Options

const config: Options[] = [
  {
    ...shared,
    format: 'esm',
    entry: { ...library, 'cli/main': 'src/cli/main.ts' },
    define: { packageVersion: JSON.stringify(version) }
  },
  // `shims` gives CommonJS its `import.meta.url`.
  {
    ...shared,
    format: 'cjs',
    entry: library,
    shims: true,
    // The readers of Markdown exist as ESM only, which not every Node 20 can require: CommonJS has them inside.
    noExternal: [/^mdast-util-/, /^micromark/],
    // `jiti/static`, which brings its compiler into a bundle, is there for ESM alone.
    plugins: [{ name: 'jiti', renderChunk: (code) => ({ code: code.replaceAll('"jiti/static"', '"jiti"') }) }]
  }
]
export default config
