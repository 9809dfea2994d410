// Starts processes with a store of their own.
import { fork } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../support/bundle.js'
import type { WorkerMessage, WorkerTask } from './worker.js'

export interface Worker {
  /** Sends a command and gives the message of that type that answers it. */
  ask<T extends WorkerMessage['type']>(
    command: 'edit' | { readonly end: number },
    type: T
  ): Promise<Extract<WorkerMessage, { type: T }>>
  stop(): void
}

/** Writes what the processes run into a folder of its own, and gives the path. */
export async function bundleWorker(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'casemate-worker-'))
  return bundle(fileURLToPath(new URL('./worker.ts', import.meta.url)), folder)
}

/** A process that has opened its store. */
export async function startWorker(program: string, task: WorkerTask): Promise<Worker> {
  const child = fork(program, [JSON.stringify(task)])
  const waiting = new Map<string, (message: WorkerMessage) => void>()
  const told = new Map<string, WorkerMessage>()
  child.on('message', (message: WorkerMessage) => {
    told.set(message.type, message)
    waiting.get(message.type)?.(message)
  })
  const answer = <T extends WorkerMessage['type']>(type: T): Promise<Extract<WorkerMessage, { type: T }>> =>
    new Promise((resolve, reject) => {
      const take = (message: WorkerMessage): void => {
        waiting.delete(type)
        told.delete(type)
        resolve(message as Extract<WorkerMessage, { type: T }>)
      }
      const before = told.get(type)
      if (before !== undefined) take(before)
      else {
        waiting.set(type, take)
        child.once('exit', (code) => {
          reject(new Error(`a worker ended with ${String(code)}`))
        })
      }
    })
  await answer('ready')
  return {
    ask: (command, type) => {
      child.send(command)
      return answer(type)
    },
    stop: () => child.kill()
  }
}
