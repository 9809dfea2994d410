// Runs something again each time one of its files changes, until it is told to stop.
import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reportFailure, tell } from './io.js'

/** What is run, and which files it reads. */
export interface Watch {
  readonly run: () => Promise<void>
  /** Asked anew after each run, since a run may read other files than the one before. */
  readonly paths: () => Promise<readonly string[]>
  /** Milliseconds between looks. */
  readonly every: number
  readonly signal: AbortSignal
}

/** The most files that are looked at; more are not watched. */
const mostFiles = 5000

/** Runs until `signal` is aborted. What a run throws is told, and the next change is waited for. */
export async function runAgain({ run, paths, every, signal }: Watch): Promise<void> {
  const isEnded = (): boolean => signal.aborted
  while (!isEnded()) {
    const seen = await versionOf(await paths())
    try {
      process.exitCode = 0
      await run()
    } catch (error) {
      reportFailure(error)
    }
    tell(['', 'waiting for a change; Ctrl+C ends'])
    while (!isEnded() && (await versionOf(await paths())) === seen) await pause(every, signal)
  }
}

/** A signal that is aborted when somebody ends the command. */
export function untilInterrupted(): AbortSignal {
  const stopping = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      stopping.abort()
    })
  return stopping.signal
}

/** The files that a policy is made of: itself, or for code those around it, which it may import. */
export async function filesOf(policy: string): Promise<string[]> {
  return /\.(?:json|ya?ml)$/i.test(policy) ? [policy] : await filesAround(policy)
}

/** The files beside a policy that it may be made of or that state something about it, in its folder and below. */
export async function filesAround(policy: string): Promise<string[]> {
  const found = [policy]
  const folders = [dirname(policy)]
  for (const folder of folders) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (found.length + folders.length >= mostFiles) return found
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) folders.push(path)
      } else if (/\.(?:[cm]?[jt]s|json|ya?ml|md|markdown|ndjson|jsonl)$/i.test(entry.name)) found.push(path)
    }
  }
  return found
}

/** What changes when a file does, or comes, or goes. */
async function versionOf(paths: readonly string[]): Promise<string> {
  const versions: string[] = []
  for (const path of new Set(paths)) {
    const found = await stat(path).catch(() => undefined)
    versions.push(`${path} ${found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs}`}`)
  }
  return versions.join('\n')
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
  })
}
