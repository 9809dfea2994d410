// Listens to announcements, again after each loss, and notices when there are none although there are changes: a pooler
// that changes its sessions takes `LISTEN` and delivers nothing.

type Listen = (heard: () => void, lost: (error?: unknown) => void) => Promise<() => void>

/** After so many milliseconds a change that was found should have been announced. */
const grace = 1000
/** The longest time between two attempts, in milliseconds. */
const longestPause = 60_000

export class Listener {
  readonly #listen: Listen
  readonly #heard: () => void
  readonly #lost: (message: string, error?: unknown) => void
  #stop: (() => void) | undefined
  #isStarting = false
  #isStopped = false
  /** Since when a change is known that was not announced. */
  #unheardSince: number | undefined
  #heardAt = -Infinity
  #pause = 0
  #notBefore = -Infinity

  constructor(listen: Listen, heard: () => void, lost: (message: string, error?: unknown) => void) {
    this.#listen = listen
    this.#heard = heard
    this.#lost = lost
  }

  /** Whether changes can be expected to be announced. */
  get isOn(): boolean {
    return this.#stop !== undefined && this.#unheardSince === undefined
  }

  /** @throws what listening throws. */
  async start(): Promise<void> {
    this.#isStarting = true
    try {
      const stop = await this.#listen(
        () => {
          this.#heardAt = performance.now()
          this.#unheardSince = undefined
          this.#pause = 0
          this.#heard()
        },
        (error) => {
          this.#stop = undefined
          this.#lost('the connection that listens is lost', error)
          // Whatever was committed since it was lost.
          this.#heard()
        }
      )
      if (this.#isStopped) stop()
      else this.#stop = stop
    } finally {
      this.#isStarting = false
    }
  }

  /** Listens again where that is lost or useless. Never throws. */
  async keepOn(): Promise<void> {
    const now = performance.now()
    if (this.#stop !== undefined && this.#unheardSince !== undefined && now - this.#unheardSince > grace) {
      this.#stop()
      this.#stop = undefined
      this.#unheardSince = undefined
      this.#lost('changes are not announced: does a pooler change the session that listens?')
      this.#wait(now)
    }
    if (this.#stop !== undefined || this.#isStarting || this.#isStopped || now < this.#notBefore) return
    try {
      await this.start()
      // What was committed while nobody listened.
      this.#heard()
    } catch {
      this.#wait(performance.now())
    }
  }

  /** Says that a look of itself found a change. */
  changed(): void {
    const now = performance.now()
    if (this.#stop !== undefined && now - this.#heardAt > grace) this.#unheardSince ??= now
  }

  stop(): void {
    this.#isStopped = true
    this.#stop?.()
    this.#stop = undefined
  }

  #wait(now: number): void {
    this.#pause = Math.min(Math.max(2 * this.#pause, 500), longestPause)
    this.#notBefore = now + this.#pause
  }
}
