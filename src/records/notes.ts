// What is written about decisions: counts them all, chooses which are written, and makes their lines. It never throws into
// a decision: whatever goes wrong with a line costs that line, and is counted.
import type { CompiledPolicy } from '../compile/compile.js'
import type { Subject } from '../policy/types/index.js'
import type { ObjectRef } from '../types.js'
import { Heads, lineStart } from './heads.js'
import type { Mask } from './mask.js'
import { objectText } from './object-text.js'
import { Queue } from './queue.js'
import type { RecorderCounts, Sink } from './types.js'

/** What a policy's subjects have been asked about one permission. */
interface Count {
  /** As a line has it: `note:read`. */
  readonly permission: string
  readonly action: string
  allowed: number
  denied: number
  /** As the log has it. */
  saidAllowed: number
  saidDenied: number
}

export interface NotesSettings {
  readonly compiled: CompiledPolicy
  readonly policy: { readonly key: string; readonly line: string }
  readonly write: Sink
  readonly allowed: number
  readonly mask: Mask
  readonly clock: () => number
  readonly traceId: (() => string | undefined) | undefined
  readonly onProblem: (error: unknown, dropped: number) => void
}

/** Subjects are described again after so many milliseconds, and counts written. */
const again = 3_600_000
const countedAgain = 60_000

/** Where a subject keeps its key. */
export interface KeyCell {
  key: string
  round: number
}

export class Notes {
  readonly #settings: NotesSettings
  readonly #heads: Heads
  readonly #queue: Queue
  /** By the number of the permission. */
  readonly #counts: readonly Count[]
  /** Allowed decisions until the next one that is written. */
  #left: number
  #describedAt = 0
  #countedAt: number | undefined
  readonly #decisionStart: string
  readonly #weight: number

  constructor(settings: NotesSettings) {
    const { policy, write, mask, allowed, onProblem } = settings
    this.#settings = settings
    this.#queue = new Queue({
      write,
      heads: () => this.#heads.lines(),
      lossLine: (lines) => `${lineStart}"loss","lines":${lines}}`,
      onLoss: () => {
        this.#heads.forget()
      },
      onProblem
    })
    this.#heads = new Heads(policy.line, mask, (line) => {
      this.#queue.add(line)
    })
    this.#counts = settings.compiled.catalogue.permissions.map(({ resource, action }) => ({
      permission: `${resource}:${action}`,
      action,
      allowed: 0,
      denied: 0,
      saidAllowed: 0,
      saidDenied: 0
    }))
    this.#decisionStart = `${lineStart}"decision","policy":"${policy.key}","time":`
    this.#weight = allowed > 0 ? 1 / allowed : 1
    this.#left = this.#gap()
  }

  /**
   * How many allowed decisions pass before the next one is written: each is written with the same chance, and most cost
   * one subtraction.
   */
  #gap(): number {
    const { allowed } = this.#settings
    if (allowed === 0) return Infinity
    return Math.floor(Math.log(1 - Math.random()) / Math.log(1 - allowed))
  }

  /** Counts an allowed decision about the permission of this number, and says whether it is to be written. */
  takes(number: number): boolean {
    const count = this.#counts[number]
    if (count !== undefined) count.allowed++
    if (this.#left-- > 0) return false
    this.#left = this.#gap()
    return true
  }

  /** Writes a decision. */
  write(subject: Subject, cell: KeyCell, number: number, object: ObjectRef, allowed: boolean): void {
    try {
      const count = this.#counts[number]
      if (count === undefined) throw new TypeError('no such permission')
      if (!allowed) count.denied++
      if (this.#queue.isFull) {
        this.#queue.drop()
        return
      }
      const { compiled, clock, traceId, mask } = this.#settings
      const time = clock()
      this.#repeat(time)
      if (cell.round !== this.#heads.round) {
        // Asked for before: a description that is lost on its way begins another round, and is then made again.
        const round = this.#heads.makeRoom()
        cell.key = this.#heads.keyOf(subject)
        cell.round = round
      }
      const about = `"action":${JSON.stringify(count.action)},"object":${objectText(compiled, object, mask)}`
      const answer = `"allowed":${String(allowed)},"weight":${allowed ? this.#weight : 1}`
      const trace = traceId?.()
      const traced = trace === undefined || trace === '' ? '' : `,"trace":${JSON.stringify(trace)}`
      this.#queue.add(`${this.#decisionStart}${time},"subject":"${cell.key}",${about},${answer}${traced}}`)
    } catch {
      this.#queue.drop()
    }
  }

  /** Forgets after an hour which subjects were described, so that no log builds on an old one for longer. */
  #repeat(time: number): void {
    if (!(Math.abs(time - this.#describedAt) < again)) {
      this.#describedAt = time
      this.#heads.forget()
    }
    this.#countedAt ??= time
    if (!(Math.abs(time - this.#countedAt) < countedAgain)) {
      this.#countedAt = time
      this.#sayCounts(time)
    }
  }

  #sayCounts(time: number): void {
    for (const count of this.#counts) {
      const allowed = count.allowed - count.saidAllowed
      const denied = count.denied - count.saidDenied
      if (allowed === 0 && denied === 0) continue
      this.#queue.add(
        `${lineStart}"count","policy":"${this.#settings.policy.key}","time":${time},"permission":${JSON.stringify(count.permission)},"allowed":${allowed},"denied":${denied}}`
      )
      count.saidAllowed = count.allowed
      count.saidDenied = count.denied
    }
  }

  counts(): RecorderCounts {
    return Object.freeze({
      allowed: this.#counts.reduce((sum, one) => sum + one.allowed, 0),
      denied: this.#counts.reduce((sum, one) => sum + one.denied, 0),
      written: this.#queue.written,
      dropped: this.#queue.dropped
    })
  }

  async flush(): Promise<RecorderCounts> {
    try {
      this.#sayCounts(this.#settings.clock())
    } catch {
      this.#queue.drop()
    }
    await this.#queue.flush()
    return this.counts()
  }

  async close(): Promise<RecorderCounts> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience)
    })
    const flushed = this.flush()
    this.#queue.close()
    await Promise.race([flushed, late])
    clearTimeout(timer)
    return this.counts()
  }
}

/** How long the last lines may take, in milliseconds. */
const patience = 5_000
