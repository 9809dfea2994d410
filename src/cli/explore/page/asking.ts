// Asks a worker. Who asks something newer than what the worker is at does not wait for it.
import type { Kind, Questions, Reply } from './reading.js'

/** One worker, which answers one question at a time. */
export interface Asking {
  /**
   * Asks, and ends what was asked before: that is never answered. Rejects where the worker failed.
   */
  readonly ask: <K extends Kind>(kind: K, ask: Questions[K]['ask']) => Promise<Questions[K]['answer']>
}

/** Begins a worker when it is first asked. */
export function createAsking(): Asking {
  let worker: Worker | undefined
  let isBusy = false
  return {
    ask: (kind, ask) => {
      if (isBusy) worker?.terminate()
      if (isBusy || worker === undefined) worker = new Worker('worker.js')
      isBusy = true
      const asked = worker
      return new Promise((resolve, reject) => {
        asked.onmessage = ({ data }: MessageEvent<Reply>) => {
          isBusy = false
          if (data.ok) resolve(data.answer)
          else reject(new Error(data.message))
        }
        asked.onerror = ({ message }) => {
          isBusy = false
          worker = undefined
          reject(new Error(message))
        }
        asked.postMessage({ kind, ask })
      })
    }
  }
}
