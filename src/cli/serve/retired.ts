// Versions of what is answered from in whose place another one has come. A request that began under one may still ask it,
// so it is ended when every such request has been answered or given up.

/** What can be ended. */
interface Closable {
  close(): Promise<void>
}

/** Longer than a request may take to arrive and to be answered, in milliseconds. */
const longestUse = 40_000
/** Of more, the oldest is ended: each may hold a connection. */
const mostWaiting = 5

export class Retired {
  readonly #waiting = new Map<Closable, NodeJS.Timeout>()

  add(one: Closable): void {
    const timer = setTimeout(() => {
      this.#end(one)
    }, longestUse)
    timer.unref()
    this.#waiting.set(one, timer)
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size > mostWaiting && oldest !== undefined) this.#end(oldest)
  }

  #end(one: Closable): void {
    clearTimeout(this.#waiting.get(one))
    this.#waiting.delete(one)
    void one.close()
  }

  /** Ends all of them now. */
  async close(): Promise<void> {
    const all = [...this.#waiting]
    this.#waiting.clear()
    for (const [, timer] of all) clearTimeout(timer)
    await Promise.all(all.map(([one]) => one.close()))
  }
}
