// The purge: a service of the application itself, which no user can be. It deletes by age, through the same guard as
// everybody, and may do nothing else to a log.
import { policy } from './policy.js'
import type { Act } from './rules/index.js'
import type { Caller } from './store/context.js'

const itself: Caller = { subject: policy.systemSubject('dbpurge') }

/** Deletes the logs older than so many days; the answer is how many there were. */
export function purge(act: Act, days: number, caller = itself): Promise<number> {
  return act(caller, (store) => store.deleteLogsOlderThan(days))
}

/** Purges now and every hour, with its decisions recorded; the answer ends it. One that fails is tried again the next hour. */
export function startPurge(act: Act, days: number, recorded: (caller: Caller) => Caller): () => void {
  const run = (): void => {
    purge(act, days, recorded(itself)).catch((error: unknown) => {
      console.error(error)
    })
  }
  run()
  const timer = setInterval(run, 60 * 60 * 1000)
  return () => {
    clearInterval(timer)
  }
}
