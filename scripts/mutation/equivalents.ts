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
  /** Which of those whose text is the same in one file, from 1; without it, it is all of them. */
  readonly nth?: number
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

/** The ids of the mutants that are argued about, and what is argued about mutants that there are no more. */
export function matchEquivalents(
  equivalents: readonly Equivalent[],
  mutants: readonly Mutant[]
): { readonly argued: ReadonlySet<string>; readonly gone: readonly Equivalent[] } {
  const byKey = new Map<string, string[]>()
  for (const { id, file, context, original, replacement } of mutants) {
    const key = keyOf({ file, line: context, original, replacement })
    byKey.set(key, [...(byKey.get(key) ?? []), id])
  }
  const meant = equivalents.map((one) => {
    const alike = byKey.get(keyOf(one)) ?? []
    return { one, ids: one.nth === undefined ? alike : alike.slice(one.nth - 1, one.nth) }
  })
  return {
    argued: new Set(meant.flatMap(({ ids }) => ids)),
    gone: meant.flatMap(({ one, ids }) => (ids.length === 0 ? [one] : []))
  }
}

function keyOf({ file, line, original, replacement }: Equivalent): string {
  return JSON.stringify([basename(file), ...[line, original, replacement].map(squeeze)])
}

/** The text without the difference that a formatter makes. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
