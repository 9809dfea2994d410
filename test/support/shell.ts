// Runs commands of the packed package one after another. A process for each takes most of its time to start, so one
// process runs all of them: it loads the command anew each time, with the folder, the arguments and the streams of its
// own.
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFor } from './packed.js'

/** What one command did. */
export interface Done {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface Shell {
  /** Runs the packed `casemate`. */
  casemate(cwd: string, args: readonly string[]): Promise<Done>
  close(): void
}

/** Opens a shell in a folder that `unpack` made. */
export function openShell(folder: string): Shell {
  const script = join(folder, 'shell.mjs')
  const main = join(packageFor(folder), 'dist/cli/main.js')
  writeFileSync(
    script,
    `let count = 0
process.on('message', async ({ cwd, args }) => {
  const done = { status: 0, stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'])
    process[name].write = (text, ...rest) => {
      done[name] += text
      rest.findLast((one) => typeof one === 'function')?.()
      return true
    }
  process.chdir(cwd)
  process.exitCode = 0
  process.argv = [process.argv[0], 'casemate', ...args]
  await import(${JSON.stringify(main)} + '?' + count++)
  done.status = process.exitCode
  for (const name of ['stdout', 'stderr']) process[name].removeAllListeners('error')
  process.exitCode = 0
  process.send(done)
})
`
  )
  const child = fork(script, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  let last: Promise<unknown> = Promise.resolve()
  const ask = (question: { readonly cwd: string; readonly args: readonly string[] }): Promise<Done> =>
    new Promise((resolve, reject) => {
      const stopped = (): void => {
        reject(new Error(`casemate ${question.args.join(' ')}: the process ended`))
      }
      child.once('exit', stopped)
      child.once('message', (done) => {
        child.off('exit', stopped)
        resolve(done as Done)
      })
      child.send(question)
    })
  return {
    casemate(cwd, args) {
      const next = last.then(() => ask({ cwd, args }))
      last = next.catch(() => undefined)
      return next
    },
    close() {
      child.kill()
    }
  }
}
