// Keeps the `exports` of package.json equal to the list in tsup.config.ts: writes them, or with
// `--check` says whether they differ. Plain files (`./package.json`) stay as written by hand.
import { readFileSync, writeFileSync } from 'node:fs'

import { entryPoints, outputName } from '../tsup.config.js'

const manifestFile = new URL('../package.json', import.meta.url)
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as { exports: Record<string, unknown> }

const expected = Object.fromEntries([
  ...entryPoints.map((entryPoint) => [entryPoint, conditions(outputName(entryPoint))] as const),
  ...Object.entries(manifest.exports).filter(([, target]) => typeof target === 'string')
])

const isCurrent = JSON.stringify(manifest.exports) === JSON.stringify(expected)
if (process.argv.includes('--check')) {
  if (!isCurrent) {
    console.error('package.json: `exports` differs from the list in tsup.config.ts; run `npm run exports`')
    process.exitCode = 1
  }
} else if (!isCurrent) {
  writeFileSync(manifestFile, `${JSON.stringify({ ...manifest, exports: expected }, null, 2)}\n`)
}

function conditions(name: string): object {
  return {
    import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
    require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` }
  }
}
