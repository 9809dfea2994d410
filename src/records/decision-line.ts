// The line of one decision, as it was written. Nothing in it is looked up yet.
import { ownField } from '../problems/own-fields.js'
import { isPlainObject } from '../problems/plain.js'
import { quoteValue } from '../problems/quote.js'

/** Where a line stands. */
export interface Place {
  /** The name of the log. */
  readonly log: string
  /** The number of the line in it, the first one 1. */
  readonly line: number
}

/** What a line says of a decision. */
interface DecisionLine {
  /** The hash of the policy that answered. */
  readonly policy: string
  /** In milliseconds since 1970. */
  readonly time: number
  readonly allowed: boolean
  /** How many decisions it stands for. */
  readonly weight: number
  readonly trace: string | undefined
  readonly action: string
  readonly object: Readonly<Record<string, unknown>>
}

/** A recorded decision and where it stands. */
export interface RecordedDecision extends DecisionLine, Place {}

/** Reads the fields of a line; a text says what is wrong with it. */
export function readDecisionLine(
  line: Readonly<Record<string, unknown>>,
  place: Place
): (RecordedDecision & { readonly subject: string }) | string {
  const subject = ownField(line, 'subject')
  const policy = ownField(line, 'policy')
  const action = ownField(line, 'action')
  const object = ownField(line, 'object')
  const allowed = ownField(line, 'allowed')
  const weight = ownField(line, 'weight') ?? 1
  const time = ownField(line, 'time')
  const trace = ownField(line, 'trace')
  if (typeof subject !== 'string') return `subject: expected a key, not ${quoteValue(subject)}`
  if (typeof policy !== 'string') return `policy: expected a hash, not ${quoteValue(policy)}`
  if (typeof action !== 'string') return `action: expected an action, not ${quoteValue(action)}`
  if (!isPlainObject(object)) return `object: expected an object, not ${quoteValue(object)}`
  if (typeof allowed !== 'boolean') return `allowed: expected true or false, not ${quoteValue(allowed)}`
  if (!isCount(weight) || weight < 1) return `weight: expected a number from 1, not ${quoteValue(weight)}`
  if (!isCount(time)) return `time: expected milliseconds, not ${quoteValue(time)}`
  if (trace !== undefined && typeof trace !== 'string')
    return `trace: expected a text, not ${quoteValue(trace)}`
  // Each field by its name: spreads were a third of a replay.
  return { log: place.log, line: place.line, subject, policy, action, object, allowed, weight, time, trace }
}

/** Whether this is a number that counts something. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
