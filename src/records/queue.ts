// Lines on their way to a sink: in batches, one at a time, never inside of a decision, and never more than fit. What does
// not fit, and what the sink fails to take, is counted and said in the log itself.
import { isRecord } from '../problems/plain.js'
import { isCount } from './decision-line.js'
import type { Sink, SinkLoss } from './types.js'

/** Characters that may wait, those that the sink has in hand included. About a minute of 1,000 lines a second. */
export const mostWaiting: number = 16 * 1024 * 1024
/** As many characters are handed over at once. */
const batch = 256 * 1024
/** How long a line waits for others, in milliseconds. */
const pause = 1_000
/** A longer line is dropped: an object with an ACL of that size. */
const longest: number = 1024 * 1024

export interface QueueSettings {
  readonly write: Sink
  readonly heads: () => readonly string[]
  /** The line that says how many were lost. */
  readonly lossLine: (lines: number) => string
  /** Called when lines were lost: among them may be those that later ones build on. */
  readonly onLoss: () => void
  readonly onProblem: (error: unknown, dropped: number) => void
}

export class Queue {
  readonly #settings: QueueSettings
  #lines: string[] = []
  #size = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isSoon = false
  #writing: Promise<void> | undefined
  #isClosed = false
  /** Lost, and not yet said in the log. */
  #unsaid = 0
  written = 0
  dropped = 0

  constructor(settings: QueueSettings) {
    this.#settings = settings
  }

  /** Whether a line would be dropped, so that nobody has to make it. */
  get isFull(): boolean {
    return this.#isClosed || this.#size >= mostWaiting
  }

  /** Counts a line that was not even made. */
  drop(lines = 1): void {
    this.dropped += lines
    this.#unsaid += lines
  }

  add(line: string): void {
    if (this.isFull || line.length > longest) {
      this.drop()
      this.#settings.onLoss()
      return
    }
    // Reading a character joins the pieces that a text was made of; as long as they wait apart, they are garbage that is
    // copied again and again.
    line.charCodeAt(0)
    this.#lines.push(line)
    this.#size += line.length
    this.#schedule(this.#size >= batch)
  }

  /** Resolves when all that waited has been taken or lost. */
  async flush(): Promise<void> {
    this.#stopTimer()
    do await this.#start()
    while (this.#lines.length > 0)
  }

  close(): void {
    this.#isClosed = true
  }

  /** The timer keeps the process alive for its second, so that a program that simply ends loses nothing. */
  #schedule(isSoon: boolean): void {
    if (this.#writing !== undefined || (this.#timer !== undefined && (this.#isSoon || !isSoon))) return
    this.#stopTimer()
    this.#isSoon = isSoon
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        void this.#start()
      },
      isSoon ? 0 : pause
    )
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** One at a time. What came after the last look at the lines gets a time of its own. */
  #start(): Promise<void> {
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined
      if (this.#lines.length > 0) this.#schedule(false)
    })
    return this.#writing
  }

  async #drain(): Promise<void> {
    while (this.#lines.length > 0 || this.#unsaid > 0) {
      const unsaid = this.#unsaid
      const said = unsaid === 0 ? [] : [this.#settings.lossLine(unsaid)]
      const lines = [...this.#lines, ...said]
      const size = this.#size
      this.#lines = []
      this.#unsaid = 0
      const { isBroken, loss } = await this.#hand(lines)
      this.#size -= size
      // The line about losses is none of those that were asked for; where it is lost it is said again.
      const lost = Math.min(loss?.dropped ?? 0, lines.length - said.length)
      if (!isBroken) this.written += lines.length - lost
      if (loss === undefined || (lost === 0 && !isBroken)) continue
      this.dropped += lost
      this.#unsaid += isBroken ? lost + unsaid : lost
      this.#settings.onLoss()
      this.#tell(loss.reason, lost)
      // Said with the next lines: asking a broken sink again at once helps nobody.
      if (isBroken && this.#lines.length === 0) break
    }
  }

  async #hand(lines: readonly string[]): Promise<{ readonly isBroken: boolean; readonly loss?: SinkLoss }> {
    try {
      const answer = await this.#settings.write(lines, this.#settings.heads)
      return isLoss(answer) ? { isBroken: false, loss: answer } : { isBroken: false }
    } catch (reason) {
      return { isBroken: true, loss: { dropped: lines.length, reason } }
    }
  }

  #tell(error: unknown, lost: number): void {
    try {
      this.#settings.onProblem(error, lost)
    } catch {
      // Whoever listens cannot stop the log.
    }
  }
}

function isLoss(answer: unknown): answer is SinkLoss {
  return isRecord(answer) && Object.hasOwn(answer, 'dropped') && isCount(answer['dropped'])
}
