// A process of its own with a store: it edits roles where it is told to, and notes when it sees which revision. Run through
// `startWorker`.
import pg from 'pg'
import { compile, parsePolicy } from '../../../src/index.js'
import { openRoles } from '../../../src/postgres/index.js'

/** What a worker is told to do. */
export interface WorkerTask {
  readonly url: string
  readonly policy: unknown
  readonly listen: boolean
  readonly pollEvery: number
  readonly maxStale: number
  /** How many edits it makes. */
  readonly edits: number
  /** What its edits are marked with. */
  readonly mark: string
  /** How many roles all workers edit. */
  readonly roles: number
}

/** What a worker says: that it is ready, what it edited and saw, and at the end what it has. */
export type WorkerMessage =
  | { readonly type: 'ready'; readonly revision: number }
  | {
      readonly type: 'edited'
      /** When each edit was committed. */
      readonly commits: readonly { readonly revision: number; readonly at: number }[]
    }
  | {
      readonly type: 'end'
      /** When a decision was first made under each revision that was seen. */
      readonly seen: readonly { readonly revision: number; readonly at: number }[]
      /** When none could be made. */
      readonly stale: number
      /** The title of each role. */
      readonly titles: Readonly<Record<string, string | undefined>>
    }

/** One clock for all processes of a machine, in milliseconds. */
export const clock = (): number => performance.timeOrigin + performance.now()

async function work(task: WorkerTask): Promise<void> {
  const pool = new pg.Pool({ connectionString: task.url, max: 4, connectionTimeoutMillis: 5000 })
  pool.on('error', () => undefined)
  const { listen, pollEvery, maxStale } = task
  const store = await openRoles(compile(parsePolicy(task.policy)), { pool, listen, pollEvery, maxStale })
  const seen: { revision: number; at: number }[] = []
  let stale = 0
  const watch = setInterval(() => {
    const { revision } = store
    try {
      store.policy()
      if (seen.at(-1)?.revision !== revision) seen.push({ revision, at: clock() })
    } catch {
      stale++
    }
  }, 1)
  const say = (message: WorkerMessage): void => void process.send?.(message)
  const edit = async (): Promise<void> => {
    const commits: { revision: number; at: number }[] = []
    const client = await pool.connect()
    const setup = store.policy().systemSubject('setup')
    for (let i = 0; i < task.edits; i++) {
      const number = Math.floor(Math.random() * task.roles)
      await client.query('BEGIN')
      const revision = await store.save(client, setup, {
        place: `o${number % 5}`,
        name: `role-${number}`,
        document: { kind: 'org', title: `${task.mark}-${i}`, grants: { org: { allow: { page: ['read'] } } } }
      })
      await client.query('COMMIT')
      commits.push({ revision, at: clock() })
    }
    client.release()
    say({ type: 'edited', commits })
  }
  const end = async (revision: number): Promise<void> => {
    const policy = await store.at(revision, { timeout: 10_000 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    clearInterval(watch)
    const titles = Array.from({ length: task.roles }, (_, number) => [
      `role-${number}`,
      policy.roles.get(`role-${number}`, `o${number % 5}`)?.title
    ])
    say({
      type: 'end',
      seen,
      stale,
      titles: Object.fromEntries(titles) as Record<string, string | undefined>
    })
    store.close()
    await pool.end()
    process.disconnect()
  }
  process.on('message', (message: 'edit' | { readonly end: number }) => {
    void (message === 'edit' ? edit() : end(message.end))
  })
  say({ type: 'ready', revision: store.revision })
}

const [, , task] = process.argv
if (task?.startsWith('{') === true) await work(JSON.parse(task) as WorkerTask)
