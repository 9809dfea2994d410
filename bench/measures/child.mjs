// One measure, one process: what V8 learns in one measure does not colour another. The parent starts `node FILE` with
// settings as JSON; the child reports progress and its result as lines of JSON on its standard output.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs `work` in a child and writes what it returns. `work` gets the settings and `progress(share)`. */
export async function measure(work) {
  const settings = JSON.parse(process.argv[2] ?? '{}')
  const write = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
  let last = 0
  const progress = (share) => {
    if (share - last < 0.02) return
    last = share
    write({ progress: share })
  }
  write({ result: await work({ ...settings, progress }) })
}

/** Starts a measure and returns its result; `onProgress` gets shares from 0 to 1. */
export function runMeasure(name, settings, { flags = [], onProgress = () => undefined, onLine } = {}) {
  const file = fileURLToPath(new URL(`${name}.mjs`, import.meta.url))
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', ...flags, file, JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    let rest = ''
    let result
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()
      for (const line of lines) {
        const message = line.startsWith('{"') ? JSON.parse(line) : undefined
        if (message?.progress !== undefined) onProgress(message.progress)
        else if (message !== undefined && 'result' in message) result = message.result
        else onLine?.(line)
      }
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0 && result !== undefined) resolve(result)
      else reject(new Error(`the measure ${name} failed with exit status ${code}`))
    })
  })
}
