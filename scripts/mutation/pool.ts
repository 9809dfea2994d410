// Some processes that work off a queue. One that does not answer in time, or ends, is replaced, and the task that it
// had is answered with `lost`.
import { fork, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Task } from './worker.js'

const worker = fileURLToPath(new URL('worker.ts', import.meta.url))

/** Enough for the tests of today at the size of a small machine; more is a leak. */
const heap = '--max-old-space-size=1500'

export type Answer<T> = { readonly answer: T } | { readonly lost: 'no answer in time' | 'the process ended' }

export class Judge {
  #child: ChildProcess | undefined
  #count = 0

  /** The answer to one task; one at a time. */
  async ask<T>(task: Task, milliseconds: number): Promise<Answer<T>> {
    // Code that was run from text is not always freed.
    if (this.#count++ % 400 === 399) this.end()
    const child = (this.#child ??= await start())
    return new Promise((resolve) => {
      const settle = (answer: Answer<T>): void => {
        clearTimeout(timer)
        child.removeAllListeners()
        if ('lost' in answer) this.end()
        resolve(answer)
      }
      const timer = setTimeout(() => {
        settle({ lost: 'no answer in time' })
      }, milliseconds)
      child.once('message', (answer: T) => {
        settle({ answer })
      })
      child.once('exit', () => {
        settle({ lost: 'the process ended' })
      })
      child.send(task)
    })
  }

  end(): void {
    this.#child?.removeAllListeners()
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }
}

async function start(): Promise<ChildProcess> {
  const jiti = createRequire(import.meta.url)
    .resolve('jiti/package.json')
    .replace('package.json', 'lib/jiti-cli.mjs')
  const child = fork(jiti, [worker], {
    execArgv: [heap, '--disable-warning=ExperimentalWarning'],
    // As many cases as in CI; the worker has a limit of its own for each mutant.
    env: { ...process.env, CASEMATE_DEEP: 'ci' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => {
      resolve()
    })
    child.once('exit', () => {
      reject(new Error('a worker did not start'))
    })
  })
  child.removeAllListeners()
  return child
}
