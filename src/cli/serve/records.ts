// Where `casemate serve` writes its decisions: one file, whatever policies come one after the other.
import { open } from 'node:fs/promises'
import { CasemateError } from '../../errors.js'
import { count } from '../../output/words.js'
import type { Policy } from '../../policy/types/index.js'
import { createRecorder, fileSink, type Recorder, type Sink } from '../../records/index.js'
import { readMaskKey } from './mask-key.js'

/** The file, the share of allowed decisions that are written, and the file of the key that masks ids. */
export interface RecordOptions {
  readonly records: string
  readonly recordsAllowed?: number
  readonly maskKeyFile?: string
}

/** The log of a server. */
export interface Records {
  /** What writes down what subjects of a policy are asked. */
  of(policy: Policy): PolicyRecords
  /** Lines since the start, of all policies together. */
  counts(): { readonly written: number; readonly dropped: number }
}

export interface PolicyRecords extends Pick<Recorder, 'of'> {
  /** Writes what waits. What is asked later is answered, and not written. */
  close(): Promise<void>
}

/**
 * Opens the log, so that one that cannot be written ends a server before it answers anything.
 *
 * @throws CasemateError `invalid_settings`.
 */
export async function openRecords(
  { records: path, recordsAllowed: allowed, maskKeyFile }: RecordOptions,
  tell: (message: string) => void
): Promise<Records> {
  // Read once: under another key the same id would be another pseudonym in the same file.
  const mask = maskKeyFile === undefined ? undefined : { key: await readMaskKey(maskKeyFile) }
  await requireWritable(path)
  const inTurn = queue()
  const recorders = new Set<Recorder>()
  const ended = { written: 0, dropped: 0 }
  return {
    of: (policy) => {
      const sink = fileSink(path)
      const recorder = createRecorder({
        policy,
        allowed,
        mask,
        write: (...batch: Parameters<Sink>) => inTurn(() => sink(...batch)),
        onProblem: (error, dropped) => {
          const reason = error instanceof Error ? error.message : String(error)
          tell(`--records: ${count(dropped, 'line')} lost: ${reason}`)
        }
      })
      recorders.add(recorder)
      return {
        of: recorder.of,
        close: async () => {
          const { written, dropped } = await recorder.close()
          if (!recorders.delete(recorder)) return
          ended.written += written
          ended.dropped += dropped
        }
      }
    },
    counts: () => {
      const all = [ended, ...Array.from(recorders, (recorder) => recorder.counts())]
      return {
        written: all.reduce((sum, { written }) => sum + written, 0),
        dropped: all.reduce((sum, { dropped }) => sum + dropped, 0)
      }
    }
  }
}

async function requireWritable(path: string): Promise<void> {
  try {
    await (await open(path, 'a', 0o600)).close()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CasemateError('invalid_settings', `--records: ${reason}`, { path: '--records' })
  }
}

/** Runs one after the other: a batch of one policy never stands inside of a line of another. */
function queue(): (write: () => unknown) => Promise<unknown> {
  let last: Promise<unknown> = Promise.resolve()
  return (write) => {
    const next = last.then(write)
    last = next.catch(() => undefined)
    return next
  }
}
