// Mutants that change nothing that anybody could notice, each with the argument why. They are found by their text and
// not by a line's number, so that they stay where code moves.
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Mutant } from './instrument.js'
import { equivalentsFile } from './settings.js'

export interface Equivalent {
  /** The file's name without its folder. */
  readonly file: string
  /** The line that the mutant begins on, without the space around it. */
  readonly line: string
  readonly original: string
  readonly replacement: string
  readonly why: string
}

export function readEquivalents(): readonly Equivalent[] {
  if (!existsSync(equivalentsFile)) return []
  return JSON.parse(readFileSync(equivalentsFile, 'utf8')) as Equivalent[]
}

export function isOf(mutant: Mutant, one: Equivalent): boolean {
  return (
    basename(mutant.file) === one.file &&
    squeeze(mutant.context) === squeeze(one.line) &&
    squeeze(mutant.original) === squeeze(one.original) &&
    squeeze(mutant.replacement) === squeeze(one.replacement)
  )
}

/** The text without the difference that a formatter makes. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
