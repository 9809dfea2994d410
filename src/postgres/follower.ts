// Keeps one process at the revision of the database: it looks when the database announces a change, and anyway every so
// often. It never goes back to a lower revision. Without the database what was read last stays, until it is too old.
import type { Policy } from '../policy/types/index.js'
import type { StoreDatabase } from './database.js'
import { Listener } from './listener.js'
import { applyChanges, emptyState, type RoleProblem, type RoleState } from './state.js'
import { olderRevision, StoreError } from './store-error.js'

/** What an application should hear of. */
export type StoreProblem =
  | RoleProblem
  | {
      /**
       * `database_failed`: a look failed; said once until one works again. `older_revision`: the database shows less than was
       * seen. `not_listening`: changes are not announced, and are looked for instead.
       */
      readonly code: 'database_failed' | 'older_revision' | 'not_listening'
      /** What is wrong, for people. */
      readonly message: string
      /** What was thrown, if something was. */
      readonly error?: unknown
    }

/** When to look. */
export interface FollowSettings {
  readonly listen: boolean
  readonly pollEvery: number
  readonly maxStale: number
  readonly onProblem: (problem: StoreProblem) => void
}

/** The longest time between two looks while nothing is announced, in milliseconds. */
export const longestUnheard = 250

interface Waiter {
  readonly revision: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export class Follower<Tx> {
  readonly #database: StoreDatabase<Tx>
  readonly #settings: FollowSettings
  readonly #listener: Listener | undefined
  readonly #waiters = new Set<Waiter>()
  #state: RoleState
  /** When the look began that found the state to be current. */
  #checkedAt = -Infinity
  /** Whether the next look has to read everything: what happened while none worked is not known. */
  #isAll = true
  #failure: string | undefined
  #running: Promise<void> | undefined
  #isWanted = false
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(policy: Policy, database: StoreDatabase<Tx>, settings: FollowSettings) {
    this.#state = emptyState(policy)
    this.#database = database
    this.#settings = settings
    if (!settings.listen || database.listen === undefined) return
    this.#listener = new Listener(
      (heard, lost) => database.listen?.(heard, lost) ?? Promise.resolve(ignore),
      () => {
        this.sync().catch(ignore)
      },
      (message, error) => {
        this.#report({ code: 'not_listening', message, error })
      }
    )
  }

  /** @throws what the database throws: who never saw the roles must not answer. */
  async start(): Promise<void> {
    // First listen, then look: what is committed in between is announced.
    await this.#listener?.start()
    await this.sync()
    this.#schedule()
  }

  get state(): RoleState {
    return this.#state
  }

  /** @throws StoreError `stale_roles`, `store_closed`. */
  current(): RoleState {
    this.#requireOpen()
    const age = performance.now() - this.#checkedAt
    if (age <= this.#settings.maxStale) return this.#state
    throw new StoreError('stale_roles', `the roles were last seen ${Math.round(age)} ms ago`)
  }

  /** The state once this process has seen a revision. @throws StoreError `stale_roles` if it takes longer. */
  async at(revision: number, timeout: number): Promise<RoleState> {
    this.#requireOpen()
    if (this.#state.revision >= revision) return this.current()
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer)
        this.#waiters.delete(waiter)
      }
      const waiter: Waiter = {
        revision,
        resolve: () => {
          end()
          resolve()
        },
        reject: (error) => {
          end()
          reject(error)
        }
      }
      const timer = setTimeout(() => {
        waiter.reject(
          new StoreError('stale_roles', `the revision ${revision} was not seen within ${timeout} ms`)
        )
      }, timeout)
      this.#waiters.add(waiter)
      this.sync().catch(ignore)
    })
    return this.current()
  }

  /** The state that fits to what a transaction with the lock sees, its own changes included. Nobody else gets it. */
  async inside(tx: Tx, revision: number): Promise<RoleState> {
    this.#requireOpen()
    const before = this.#state
    if (revision < before.revision) throw olderRevision(revision, before.revision)
    if (revision === before.revision && !this.#isAll) return before
    const isAll = this.#isAll
    const changes = await this.#database.readChanges(isAll ? 0 : before.revision, tx)
    return applyChanges(before, changes, { isAll, pause: pauser() })
  }

  /** Looks now. Calls while one look is under way share one more look after it. */
  sync(): Promise<void> {
    if (this.#isClosed) return Promise.reject(closed())
    this.#isWanted = true
    this.#running ??= this.#lookWhileWanted()
    return this.#running
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#listener?.stop()
    for (const { reject } of this.#waiters) reject(closed())
  }

  async #lookWhileWanted(): Promise<void> {
    try {
      while (this.#isWanted && !this.#isClosed) {
        this.#isWanted = false
        await this.#look()
        this.#failure = undefined
      }
    } catch (error) {
      // What a restored backup says of revisions that were seen may be another story: read it all again.
      this.#isAll = true
      this.#reportFailure(error)
      throw error
    } finally {
      // Before anybody else runs, so that no wish is lost.
      this.#running = undefined
    }
  }

  async #look(): Promise<void> {
    const began = performance.now()
    const [before, isAll] = [this.#state, this.#isAll]
    const changes = await this.#database.readChanges(isAll ? 0 : before.revision)
    if (changes.revision < before.revision) throw olderRevision(changes.revision, before.revision)
    if (changes.roles.length > 0 || isAll || changes.revision !== before.revision) {
      this.#state = await applyChanges(before, changes, { isAll, pause: pauser() })
      this.#reportNew(before)
    }
    this.#isAll = false
    this.#checkedAt = began
    for (const waiter of this.#waiters) if (waiter.revision <= changes.revision) waiter.resolve()
  }

  #schedule(): void {
    if (this.#isClosed) return
    const { pollEvery } = this.#settings
    const hears = this.#listener === undefined || this.#listener.isOn
    const delay = hears && this.#failure === undefined ? pollEvery : Math.min(pollEvery, longestUnheard)
    this.#timer = setTimeout(() => {
      void this.#poll().then(() => {
        this.#schedule()
      })
    }, delay)
    this.#timer.unref()
  }

  async #poll(): Promise<void> {
    const before = this.#state.revision
    // Both at once: neither waits for a connection that the other cannot get.
    await Promise.all([this.#listener?.keepOn(), this.sync().catch(ignore)])
    if (this.#state.revision !== before) this.#listener?.changed()
  }

  #reportNew(before: RoleState): void {
    const old = new Set(before.problems)
    for (const problem of this.#state.problems) if (!old.has(problem)) this.#report(problem)
  }

  #reportFailure(error: unknown): void {
    if (this.#isClosed) return
    const message = error instanceof Error ? error.message : String(error)
    const code =
      error instanceof StoreError && error.code === 'older_revision' ? error.code : 'database_failed'
    if (this.#failure !== code) this.#report({ code, message, error })
    this.#failure = code
  }

  /** What listens to problems must not stop the store. */
  #report(problem: StoreProblem): void {
    try {
      this.#settings.onProblem(problem)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }

  #requireOpen(): void {
    if (this.#isClosed) throw closed()
  }
}

function closed(): StoreError {
  return new StoreError('store_closed', 'the store is closed')
}

/** Lets others run once this has held the thread for some milliseconds. */
function pauser(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < 5) return
    await new Promise(setImmediate)
    since = performance.now()
  }
}

function ignore(): void {
  // It was reported; the last state stays, and says itself when it is too old.
}
