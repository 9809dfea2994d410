// A log against a policy: which answers would be others, how many they stand for, and an example of each.
import type { Names } from '../document/index.js'
import type { Policy } from '../policy/types/index.js'
import type { ObjectRef, Reason } from '../types.js'
import type { Place, RecordedDecision } from './decision-line.js'
import { readLogs, type LogFacts, type NamedLog } from './read-log.js'

/** One decision, as an example. */
export interface ReplayExample extends Place {
  /** When it was made, in milliseconds since 1970. */
  readonly time: number
  /** The id of the subject; empty for a system subject without one. */
  readonly subject: string
  /** What was asked for. */
  readonly action: string
  /** What was asked about. */
  readonly object: ObjectRef
  /** The trace that the decision was part of, if the log has it. */
  readonly trace?: string
  /** Why the policy answers as it does. */
  readonly reason: Reason
}

/** Answers about one permission that are others. */
export interface Flips {
  /** `resource:action`. */
  readonly permission: string
  /** Whether it was refused and would be allowed, or the other way round. */
  readonly direction: 'gained' | 'lost'
  /** How many lines. */
  readonly lines: number
  /** How many decisions they stand for. */
  readonly weight: number
  /** The earliest. */
  readonly first: ReplayExample
}

/** Questions that the policy cannot be asked. */
export interface Unanswerable {
  /** What is wrong with them now: `unknown_role`, and so on. */
  readonly code: string
  /** How many lines of the log ask them. */
  readonly lines: number
  /** How many decisions they stand for. */
  readonly weight: number
  /** The weight of those that were allowed, and fail now. */
  readonly allowed: number
  /** The earliest, and what the policy says. */
  readonly first: Place & { readonly message: string }
}

/** What a policy makes of a log. Weights are of decisions, all other numbers of lines. */
export interface Replay extends LogFacts {
  /** The decisions that were asked again. */
  readonly decisions: number
  /** How many they stand for. */
  readonly weight: number
  /** The weight of what stays as it is. */
  readonly same: number
  /** The weight of what was refused and would be allowed. */
  readonly gained: number
  /** The weight of what was allowed and would be refused. */
  readonly lost: number
  /** By permission, the heaviest first. */
  readonly flips: readonly Flips[]
  /** The questions that the policy cannot be asked, by what is wrong with them. */
  readonly unanswerable: readonly Unanswerable[]
}

/** While it is added up. */
type Draft<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Asks a policy again what a log says was asked, and compares the answers. The order of the lines does not matter. Lines
 * that cannot be used are named, and the others are replayed. Of a log with a sample of what was allowed, an answer that
 * would be lost can be missing: it cannot show that nobody loses anything.
 */
export async function replay<N extends Names>(policy: Policy<N>, logs: readonly NamedLog[]): Promise<Replay>
export async function replay(policy: Policy, logs: readonly NamedLog[]): Promise<Replay> {
  const totals = { decisions: 0, weight: 0, same: 0, gained: 0, lost: 0 }
  const flips = new Map<string, Draft<Flips>>()
  const unanswerable = new Map<string, { time: number; readonly unanswerable: Draft<Unanswerable> }>()
  const facts = await readLogs(policy, logs, {
    decision: (recorded, subject, action, object) => {
      const { allowed, weight } = recorded
      const isAllowed = subject.can(action, object)
      totals.decisions++
      totals.weight += weight
      if (isAllowed === allowed) {
        totals.same += weight
        return
      }
      const direction = isAllowed ? 'gained' : 'lost'
      totals[direction] += weight
      const permission = `${object.type}:${action}`
      const known = flips.get(`${direction} ${permission}`)
      if (known !== undefined) {
        known.lines++
        known.weight += weight
        if (known.first.time <= recorded.time) return
      }
      const { reason } = subject.explain(action, object)
      const first = exampleOf(recorded, subject.id, action, object, reason)
      if (known !== undefined) known.first = first
      else flips.set(`${direction} ${permission}`, { permission, direction, lines: 1, weight, first })
    },
    unanswerable: ({ allowed, weight, time, log, line }, code, message) => {
      const first = { log, line, message }
      let known = unanswerable.get(code)
      if (known === undefined) {
        known = { time, unanswerable: { code, lines: 0, weight: 0, allowed: 0, first } }
        unanswerable.set(code, known)
      }
      const { unanswerable: sum } = known
      sum.lines++
      sum.weight += weight
      if (allowed) sum.allowed += weight
      if (time >= known.time) return
      known.time = time
      sum.first = first
    }
  })
  return {
    ...facts,
    ...totals,
    flips: [...flips.values()].sort(byWeight),
    unanswerable: [...unanswerable.values()].map(({ unanswerable }) => unanswerable).sort(byWeight)
  }
}

function byWeight(a: { readonly weight: number }, b: { readonly weight: number }): number {
  return b.weight - a.weight
}

function exampleOf(
  { log, line, time, trace }: RecordedDecision,
  subject: string,
  action: string,
  object: ObjectRef,
  reason: Reason
): ReplayExample {
  return { log, line, time, subject, action, object, ...(trace === undefined ? {} : { trace }), reason }
}
