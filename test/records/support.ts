// Recorders that keep their lines in memory, and logs made of lines.
import type { Policy } from '../../src/index.js'
import {
  createRecorder,
  type NamedLog,
  type Recorder,
  type RecorderSettings
} from '../../src/records/index.js'

export interface Kept {
  readonly recorder: Recorder
  /** Everything written so far, after a flush. */
  readonly lines: () => Promise<string[]>
}

/** A recorder of everything, in memory. */
export function keeping(policy: Policy, settings: Partial<RecorderSettings> = {}): Kept {
  const kept: string[] = []
  const write = (lines: readonly string[]): void => {
    kept.push(...lines)
  }
  const recorder = createRecorder({ policy, write, allowed: 1, ...settings })
  return {
    recorder,
    lines: async () => {
      await recorder.flush()
      return [...kept]
    }
  }
}

export function logOf(lines: readonly string[], name = 'log'): NamedLog {
  return {
    name,
    input: (async function* () {
      await Promise.resolve()
      yield lines.map((line) => `${line}\n`).join('')
    })()
  }
}

export interface DecisionLine {
  readonly kind: string
  readonly subject: string
  readonly action: string
  readonly object: Readonly<Record<string, unknown>>
  readonly allowed: boolean
  readonly weight: number
  readonly time: number
  readonly trace?: string
}

export function decisionsIn(lines: readonly string[]): DecisionLine[] {
  return linesOfKind(lines, 'decision')
}

export function linesOfKind(lines: readonly string[], kind: string): DecisionLine[] {
  return lines.map((line) => JSON.parse(line) as DecisionLine).filter((line) => line.kind === kind)
}
