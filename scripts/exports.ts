// Keeps `exports` and `typesVersions` of package.json equal to the list in tsup.config.ts: writes them, or with
// `--check` says whether they differ. Plain files (`./package.json`) stay as written by hand.
import { readFileSync, writeFileSync } from 'node:fs'

import { entryPoints, outputName } from '../tsup.config.js'

const manifestFile = new URL('../package.json', import.meta.url)
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as {
  exports: Record<string, unknown>
  typesVersions: unknown
}

const exports = Object.fromEntries([
  ...entryPoints.map((entryPoint) => [entryPoint, conditions(outputName(entryPoint))] as const),
  ...Object.entries(manifest.exports).filter(([, target]) => typeof target === 'string')
])

// For TypeScript's `moduleResolution: node10`, which does not read `exports`.
const declarations = entryPoints
  .filter((entryPoint) => entryPoint !== '.')
  .map((entryPoint) => [entryPoint.slice('./'.length), [`./dist/${outputName(entryPoint)}.d.cts`]])
const expected = { ...manifest, exports, typesVersions: { '*': Object.fromEntries(declarations) as object } }

const isCurrent = JSON.stringify(manifest) === JSON.stringify(expected)
if (process.argv.includes('--check')) {
  if (!isCurrent) {
    console.error(
      'package.json: `exports` or `typesVersions` differs from the list in tsup.config.ts; run `npm run exports`'
    )
    process.exitCode = 1
  }
} else if (!isCurrent) {
  writeFileSync(manifestFile, `${JSON.stringify(expected, null, 2)}\n`)
}

function conditions(name: string): object {
  return {
    import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
    require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` }
  }
}
