// Counts, as text for Prometheus. Labels come from closed lists alone: nothing that a caller sends becomes one.
import type { Evaluation } from './evaluate.js'

/** What became of a question. */
type Outcome = 'allow' | 'deny' | 'error'

const outcomes: readonly Outcome[] = ['allow', 'deny', 'error']

/** Upper bounds of the buckets of durations, in seconds. */
const bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5]

interface Durations {
  readonly buckets: number[]
  sum: number
  count: number
}

export class Metrics {
  readonly #requests = new Map<string, Map<number, number>>()
  readonly #durations = new Map<string, Durations>()
  readonly #decisions: Record<Outcome, number> = { allow: 0, deny: 0, error: 0 }
  #open = 0

  begin(): void {
    this.#open++
  }

  end(endpoint: string, status: number, milliseconds: number): void {
    this.#open--
    const statuses = this.#requests.get(endpoint) ?? new Map<number, number>()
    this.#requests.set(endpoint, statuses)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    const durations = this.#durations.get(endpoint) ?? { buckets: bounds.map(() => 0), sum: 0, count: 0 }
    this.#durations.set(endpoint, durations)
    const seconds = milliseconds / 1000
    const index = bounds.findIndex((bound) => seconds <= bound)
    if (index >= 0) durations.buckets[index] = (durations.buckets[index] ?? 0) + 1
    durations.sum += seconds
    durations.count++
  }

  count({ decision, context }: Evaluation): void {
    const outcome = decision ? 'allow' : context !== undefined && 'error' in context ? 'error' : 'deny'
    this.#decisions[outcome]++
  }

  text(): string {
    const requests = [...this.#requests].flatMap(([endpoint, statuses]) =>
      [...statuses].map(
        ([status, n]) => `casemate_requests_total{endpoint="${endpoint}",status="${status}"} ${n}`
      )
    )
    const durations = [...this.#durations].flatMap(([endpoint, { buckets, sum, count }]) => [
      ...cumulated(buckets).map(
        (n, i) => `casemate_request_seconds_bucket{endpoint="${endpoint}",le="${bounds[i] ?? 0}"} ${n}`
      ),
      `casemate_request_seconds_bucket{endpoint="${endpoint}",le="+Inf"} ${count}`,
      `casemate_request_seconds_sum{endpoint="${endpoint}"} ${sum}`,
      `casemate_request_seconds_count{endpoint="${endpoint}"} ${count}`
    ])
    return [
      ...family('casemate_requests_total', 'counter', 'Requests by endpoint and status.', requests),
      ...family('casemate_request_seconds', 'histogram', 'How long requests took.', durations),
      ...family(
        'casemate_decisions_total',
        'counter',
        'Answers to single questions.',
        outcomes.map(
          (outcome) => `casemate_decisions_total{outcome="${outcome}"} ${this.#decisions[outcome]}`
        )
      ),
      ...family('casemate_requests_open', 'gauge', 'Requests that are being answered.', [
        `casemate_requests_open ${this.#open}`
      ]),
      ''
    ].join('\n')
  }
}

function family(name: string, type: string, help: string, samples: readonly string[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples]
}

function cumulated(counts: readonly number[]): number[] {
  let sum = 0
  return counts.map((count) => (sum += count))
}
