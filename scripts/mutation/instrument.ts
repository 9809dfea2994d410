// From the source to every mutant of it at once: Stryker's instrumenter puts each behind a switch that is read while
// the code runs, and counts where the code comes by.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Instrumenter, type InstrumenterOptions } from '@stryker-mutator/instrumenter'
import { folders, root } from './settings.js'

export interface Mutant {
  readonly id: string
  /** From the root of the project. */
  readonly file: string
  readonly line: number
  readonly mutator: string
  readonly original: string
  readonly replacement: string
  /** The line that the mutant begins on, as text. */
  readonly context: string
}

export interface Instrumented {
  readonly mutants: readonly Mutant[]
  /** Each mutated file, from the root, with all its mutants. */
  readonly code: ReadonlyMap<string, string>
}

export async function instrument(): Promise<Instrumented> {
  const files = folders.flatMap(sourcesOf).map((name) => ({
    name,
    content: readFileSync(root + name, 'utf8'),
    mutate: true
  }))
  const texts = new Map(files.map(({ name, content }) => [name, content]))
  const silent = (): void => undefined
  const logger = { debug: silent, info: silent, isDebugEnabled: () => false } as never
  const options: InstrumenterOptions = { plugins: null, excludedMutations: [], ignorers: [] }
  const made = await new Instrumenter(logger).instrument(files, options)
  const mutants = made.mutants.map(({ id, fileName, location, mutatorName, replacement }): Mutant => {
    const lines = (texts.get(fileName) ?? '').split('\n')
    const { start, end } = location
    return {
      id,
      file: fileName,
      line: start.line + 1,
      mutator: mutatorName,
      original: textBetween(lines, start, end),
      replacement,
      context: (lines[start.line] ?? '').trim()
    }
  })
  return { mutants, code: new Map(made.files.map(({ name, content }) => [name, content])) }
}

/** A folder that there is not, before or after a move, has no sources. */
function sourcesOf(folder: string): string[] {
  const path = `src/${folder}`
  if (!existsSync(root + path)) return []
  const names = readdirSync(root + path, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${path}/${name}`)
    .sort()
}

interface Position {
  readonly line: number
  readonly column: number
}

function textBetween(lines: readonly string[], start: Position, end: Position): string {
  const part = lines.slice(start.line, end.line + 1)
  const last = part.length - 1
  const ended = part.map((line, i) => (i === last ? line.slice(0, end.column) : line))
  return ended.map((line, i) => (i === 0 ? line.slice(start.column) : line)).join('\n')
}
