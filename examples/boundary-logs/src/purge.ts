// The purge: a service of the application itself, which no user can be. It deletes by age, through the same guard as
// everybody, and may do nothing else to a log.
import { policy } from './policy.js'
import type { Act } from './rules.js'

/** Deletes the logs older than so many days; the answer is how many there were. */
export function purge(act: Act, days: number): Promise<number> {
  return act(policy.systemSubject('dbpurge'), (store) => store.deleteLogsOlderThan(days))
}

/** Purges now and every hour; the answer ends it. A purge that fails is tried again the next hour. */
export function startPurge(act: Act, days: number): () => void {
  const run = (): void => {
    purge(act, days).catch((error: unknown) => {
      console.error(error)
    })
  }
  run()
  const timer = setInterval(run, 60 * 60 * 1000)
  return () => {
    clearInterval(timer)
  }
}
