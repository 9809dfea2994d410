// A progress line on standard error for long commands: only on a terminal and only after a second, so that nothing
// flickers and logs stay short.

export interface Progress {
  /** Shows how much is done, of how much if that is known; it may be called very often. */
  readonly report: (done: number, total?: number) => void
  /** Clears the line. */
  readonly end: () => void
}

/** Milliseconds before the line first shows, and between two updates. */
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
      stderr.write(`\r\u001B[K${what}: ${done}${total === undefined ? '' : ` of ${total}`}`)
    },
    end() {
      if (isShown) stderr.write('\r\u001B[K')
      isShown = false
    }
  }
}
