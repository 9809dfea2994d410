// Bytes of a bundle of one entry point, minified and gzipped, its dependencies left out.
import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

import { build } from 'esbuild'

import { distFolder } from '../setup.mjs'
import { measure } from './child.mjs'

await measure(async () => {
  const sizes = {}
  for (const [name, platform] of [
    ['index', 'node'],
    ['runtime/index', 'browser']
  ]) {
    const file = `${distFolder}/${name}.js`
    if (!existsSync(file)) continue
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      platform,
      // The runtime may have none, so whatever it imported would be in the figure or fail the build.
      ...(name === 'index' ? { packages: 'external' } : {}),
      write: false
    })
    sizes[name] = gzipSync(outputFiles[0].contents, { level: 9 }).length
  }
  return sizes
})
