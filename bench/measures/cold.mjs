// Fresh processes, taken in turns: compiling the coder policy after import, in casemate and in the kernel, and importing
// casemate beside importing zod alone. One process, one figure; the figures are milliseconds.
import { execFileSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import { createRequire } from 'node:module'

import { distFolder, entryPoint, readWorld } from '../setup.mjs'
import { measure } from './child.mjs'

const index = pathToFileURL(`${distFolder}/index.js`).href
const zod = pathToFileURL(
  createRequire(new URL('../../package.json', import.meta.url)).resolve('zod')
).href.replace(/\.cjs$/, '.js')

const tasks = {
  async kernel() {
    const { document } = readWorld('coder')
    const { kernelFor } = await import('../kernel.mjs')
    return timed(() => kernelFor(document))
  },
  async compile() {
    const { document } = readWorld('coder')
    const { compile, parsePolicy } = await entryPoint('index')
    const checked = parsePolicy(document)
    return timed(() => compile(checked))
  },
  async check() {
    const { document } = readWorld('coder')
    const { parsePolicy } = await entryPoint('index')
    return timed(() => parsePolicy(document))
  },
  async runtime() {
    const node = await entryPoint('node/index')
    const runtime = await entryPoint('runtime/index')
    if (node?.toCompiled === undefined || runtime === undefined) return undefined
    const { document } = readWorld('coder')
    const { compile } = await entryPoint('index')
    const text = JSON.stringify(node.toCompiled(compile(document)))
    return timed(() => runtime.fromCompiled(JSON.parse(text)))
  },
  import: () => timed(() => import(index)),
  zod: () => timed(() => import(zod))
}

const [, file, settings, task] = process.argv
if (task !== undefined) process.stdout.write(JSON.stringify((await tasks[task]()) ?? null))
else
  await measure(({ rounds, progress }) => {
    const names = Object.keys(tasks)
    const times = Object.fromEntries(names.map((name) => [name, []]))
    for (let round = 0; round < rounds; round++)
      for (const [i, name] of names.entries()) {
        const time = JSON.parse(execFileSync(process.execPath, [file, settings, name], { encoding: 'utf8' }))
        if (time !== null) times[name].push(time)
        progress((round + i / names.length) / rounds)
      }
    return times
  })

async function timed(work) {
  const start = performance.now()
  await work()
  return performance.now() - start
}
