// What a recorder is asked for and gives, as types. Nothing here runs.
import type { Names } from '../document/index.js'
import type { Policy, Subject } from '../policy/types/index.js'

/**
 * Where lines go. It gets some lines of JSON, without line breaks, in order, and the next ones only when what it returned
 * has settled. `heads` gives the lines that say who the subjects are, for a sink that begins a new file. What it throws
 * or rejects with costs these lines, which are counted as dropped, and reaches no decision. One that takes some lines and
 * not others gives a `SinkLoss`; everything else that it gives is ignored.
 */
export type Sink = (lines: readonly string[], heads: () => readonly string[]) => unknown

/** What a sink gives back that did not take all lines. */
export interface SinkLoss {
  /** How many it did not take. */
  readonly dropped: number
  /** Why, for `onProblem`. */
  readonly reason: unknown
}

/** How ids are replaced before anything is written. */
export interface MaskSettings {
  /** The secret of the HMAC. Logs masked with one key can be compared; whoever has it can look for an id that they know. */
  readonly key: string | Uint8Array
}

/** What a recorder writes, where, and how much of it. */
export interface RecorderSettings<N extends Names = Names> {
  /** The policy whose subjects are recorded, also those that `withRoles` of it made. */
  readonly policy: Policy<N>
  /** Where lines go. */
  readonly write: Sink
  /** The share of allowed decisions that are written, from 0 to 1; all are counted. Default: 0.01. */
  readonly allowed?: number | undefined
  /** Replaces ids, so that the log names nobody and still replays to the same answers. Default: ids as they are. */
  readonly mask?: MaskSettings | undefined
  /** The time in milliseconds. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined
  /** The trace in which a decision is made, for its line: for example that of the active span of OpenTelemetry. */
  readonly traceId?: (() => string | undefined) | undefined
  /** Told of each failure of the sink, with how many lines it cost. What it throws is ignored. */
  readonly onProblem?: ((error: unknown, dropped: number) => void) | undefined
}

/** What a recorder has seen so far. */
export interface RecorderCounts {
  /** Decisions that were allowed, written or not. */
  readonly allowed: number
  /** Decisions that were refused. */
  readonly denied: number
  /** Lines that the sink has taken, those about subjects, roles and counts too. */
  readonly written: number
  /** Lines that were lost: the sink failed, or was too slow. */
  readonly dropped: number
}

/** Writes down what subjects are asked. */
export interface Recorder<N extends Names = Names> {
  /**
   * A subject that answers the same, and whose decisions are written down: those of `can`, `authorize`, `explain`,
   * `actionsOn`, `filter` and `canEach`, and the permission that `canAssign` and `canUnassign` ask for. So are those of
   * the subjects that its `within` makes. A question that throws is no decision. `canSome`, conditions for a database and
   * CASL abilities are about no single object, and are not written.
   *
   * @throws RequestError `invalid_request` unless it is a subject of the recorder's policy, or of one that `withRoles`
   * made from it.
   */
  readonly of: (subject: Subject<N>) => Subject<N>
  /** What was seen and written so far. */
  readonly counts: () => RecorderCounts
  /** Hands the sink all that waits, and the counts; resolves when it has taken or lost them, and never rejects. */
  readonly flush: () => Promise<RecorderCounts>
  /**
   * The same at the end, for at most five seconds. Later decisions are answered, and no longer written: they are
   * dropped.
   */
  readonly close: () => Promise<RecorderCounts>
}
