// Files that are read again when they have changed and are still: the first half of a policy may be a policy, and allow
// more than the whole. What cannot be read is told, and what was read last stays in use.
import { stat } from 'node:fs/promises'

/** A value made of files, which follows them. */
export interface Watched<T> {
  /** The value that was made last. */
  readonly value: T
  /** How often a new value was made, and how often that failed. */
  readonly counts: { readonly loaded: number; readonly failed: number }
  /** Reads the files again now, whether or not they changed. */
  reload(): Promise<void>
  /** Looks no more, and waits for a value that is being made. */
  stop(): Promise<void>
}

/** How files are watched. */
export interface WatchSettings<T> {
  readonly paths: readonly string[]
  /** Milliseconds between looks. */
  readonly every: number
  /** Hears that a value was made anew, or why it was not. */
  readonly tell: (message: string, error?: unknown) => void
  /** Gets the value in whose place a new one has come. */
  readonly replaced?: (before: T) => void
}

/**
 * Makes a value, and makes it anew when one of the files is another than before, and has been the same at two looks.
 *
 * @throws what `make` throws at first: without a value there is nothing to keep.
 */
export async function watch<T>(make: () => Promise<T>, settings: WatchSettings<T>): Promise<Watched<T>> {
  const { paths, every, tell, replaced } = settings
  let used = await versionOf(paths)
  let seen = used
  let value = await make()
  const counts = { loaded: 1, failed: 0 }
  let running: Promise<void> | undefined
  let isStopped = false
  const isOver = (): boolean => isStopped
  const load = async (): Promise<void> => {
    try {
      const before = value
      value = await make()
      replaced?.(before)
      counts.loaded++
      tell(`read ${paths.join(' and ')} again`)
    } catch (error) {
      counts.failed++
      tell('still in use: what was read before', error)
    }
  }
  // One at a time, and each begins after the last: an older file never takes the place of a newer one.
  const reload = (): Promise<void> => {
    const next = (running ?? Promise.resolve()).then(load)
    running = next
    return next
  }
  const look = async (): Promise<void> => {
    const found = await versionOf(paths)
    if (isOver()) return
    const isStill = found === seen
    seen = found
    if (isStill && found !== used) {
      used = found
      await reload()
    }
    if (isOver()) return
    timer = setTimeout(() => void look(), every)
    timer.unref()
  }
  let timer = setTimeout(() => void look(), every)
  timer.unref()
  return {
    get value() {
      return value
    },
    counts,
    reload,
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      await running
    }
  }
}

/** What changes when a file does. A file that is missing for a moment is another version too. */
async function versionOf(paths: readonly string[]): Promise<string> {
  const versions = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch(() => undefined)
      return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs}`
    })
  )
  return versions.join('\n')
}
