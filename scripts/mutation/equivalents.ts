// Mutants that change nothing that anybody could notice, with the argument why: one for all that it covers. They are
// found by their text and not by a line's number, so that they stay where code moves.
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Mutant } from './instrument.js'
import { equivalentsFile } from './settings.js'

/** One mutant of one file, as text. */
export interface Equivalent {
  /** The file's name without its folder. */
  readonly file: string
  /** The line that the mutant begins on, without the space around it. */
  readonly line: string
  readonly original: string
  readonly replacement: string
}

interface Argument {
  readonly file: string
  readonly why: string
  readonly mutants: readonly Omit<Equivalent, 'file'>[]
}

export function readEquivalents(): readonly Equivalent[] {
  if (!existsSync(equivalentsFile)) return []
  const read = JSON.parse(readFileSync(equivalentsFile, 'utf8')) as readonly Argument[]
  return read.flatMap(({ file, mutants }) => mutants.map((mutant) => ({ file, ...mutant })))
}

/** Mutants of which nothing tells one from another here: what is argued of one must hold for all of them. */
export function keyOf({ file, line, original, replacement }: Equivalent): string {
  return JSON.stringify([basename(file), ...[line, original, replacement].map(squeeze)])
}

export function keyOfMutant({ file, context, original, replacement }: Mutant): string {
  return keyOf({ file, line: context, original, replacement })
}

/** The text without the difference that a formatter makes. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
