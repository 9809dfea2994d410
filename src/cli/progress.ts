// One line on standard error that says how far a long command has come: on a terminal only, and not before a second has
// passed, so that nothing flickers and no log is filled.

export interface Progress {
  /** Says how much is done; it may be called as often as one likes. */
  readonly report: (done: number, total: number) => void
  /** Takes the line away. */
  readonly end: () => void
}

/** Milliseconds before the line first shows, and between two of its states. */
const firstAfter = 1000
const nextAfter = 100

export function startProgress(what: string): Progress {
  const { stderr } = process
  let next = Date.now() + firstAfter
  let isShown = false
  return {
    report(done, total) {
      const now = Date.now()
      if (!stderr.isTTY || now < next) return
      next = now + nextAfter
      isShown = true
      stderr.write(`\r\u001B[K${what}: ${done} of ${total}`)
    },
    end() {
      if (isShown) stderr.write('\r\u001B[K')
      isShown = false
    }
  }
}
