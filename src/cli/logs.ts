// What the commands about logs share: opening them, and saying what is wrong with them.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { count } from '../output/words.js'
import type { LogFacts, NamedLog } from '../records/index.js'
import { quoteValue } from '../problems/quote.js'
import { exitInvalid, tell } from './io.js'
import { startProgress } from './progress.js'

/** Logs by their paths, each opened when it is read; `-` is standard input. */
export function openLogs(paths: readonly string[]): NamedLog[] {
  return paths.map((path) => ({
    name: path,
    input: path === '-' ? process.stdin : lazily(path)
  }))
}

async function* lazily(path: string): AsyncGenerator<Uint8Array> {
  const progress = startProgress('reading, MB')
  const size = await stat(path).then(
    (found) => found.size,
    () => 0
  )
  let read = 0
  // As bytes: no encoding is set.
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    const bytes = chunk as Uint8Array
    read += bytes.length
    progress.report(Math.round(read / 1e6), Math.round(size / 1e6))
    yield bytes
  }
  progress.end()
}

/** Names every line that could not be used on standard error, and sets the exit status if there was one. */
export function tellDamage({ problems, damaged }: Pick<LogFacts, 'problems' | 'damaged'>): void {
  if (damaged === 0) return
  const more = damaged - problems.length
  tell([
    ...problems.map(({ log, line, message }) => `${log}:${line}: ${message}`),
    ...(more > 0 ? [`and ${count(more, 'more line')} like these`] : []),
    `${count(damaged, 'line')} could not be used`
  ])
  process.exitCode = exitInvalid
}

/** What a log cannot show. */
export function limitsOf({ isSampled, hidden, dropped }: LogFacts, what: string): string[] {
  const [named] = hidden
  const others = hidden.length > 1 ? ` and ${count(hidden.length - 1, 'other id')}` : ''
  return [
    ...(isSampled ? [`this log has only a sample of what was allowed: it cannot prove that ${what}`] : []),
    ...(named === undefined
      ? []
      : [
          `this log may have ${quoteValue(named)}${others} as a pseudonym, and the policy names it: what depends on it is not seen`
        ]),
    ...(dropped > 0 ? [`${count(dropped, 'line')} of this log were dropped when it was written`] : [])
  ]
}
