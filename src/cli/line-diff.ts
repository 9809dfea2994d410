// The difference between two texts as a patch shows it. Pure: where it goes is the caller's business. Texts with very
// little in common are shown as one taken out and the other put in, so that the work stays bounded.

import { withoutCommands } from '../output/terminal.js'
import { replaceUnseen } from '../output/visible.js'

/** Lines around a change. */
const context = 3
/** More changes than this are not searched for the shortest way. */
const mostChanges = 2_000

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** A unified diff with its header as a terminal shows it, or an empty text where both are equal. */
export function lineDiff(before: string, after: string, name: string): string {
  if (before === after) return ''
  const lines = compareLines(splitLines(before), splitLines(after))
  const shown = hunks(lines).flatMap(([start, end]) => [
    hunkHeader(lines, start, end),
    ...lines.slice(start, end).map(({ sign, text }) => `${sign}${text}`)
  ])
  return [`--- ${name}`, `+++ ${name} (generated)`, ...shown].map(shownLine).join('\n')
}

/** With what ends it, but for a plain line break: a last line without one differs from the same line with one. */
function splitLines(text: string): string[] {
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  return last === '' ? lines : [...lines, `${last} (no line break at the end)`]
}

function compareLines(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++
  const same = (text: string): Line => ({ sign: ' ', text })
  return [
    ...before.slice(0, start).map(same),
    ...shortestEdit(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same)
  ]
}

/** Myers' algorithm: the furthest points that `changes` edits reach, diagonal by diagonal, until one is the end. */
function shortestEdit(before: readonly string[], after: readonly string[]): Line[] {
  const furthest = new Map<number, number>([[1, 0]])
  const trace: ReadonlyMap<number, number>[] = []
  const at = (points: ReadonlyMap<number, number>, diagonal: number): number => points.get(diagonal) ?? -1
  for (let changes = 0; changes <= Math.min(before.length + after.length, mostChanges); changes++) {
    trace.push(new Map(furthest))
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const isDown =
        diagonal === -changes ||
        (diagonal !== changes && at(furthest, diagonal - 1) < at(furthest, diagonal + 1))
      let x = isDown ? at(furthest, diagonal + 1) : at(furthest, diagonal - 1) + 1
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++
      furthest.set(diagonal, x)
      if (x >= before.length && x - diagonal >= after.length) return walkBack(trace, before, after)
    }
  }
  return [
    ...before.map((text): Line => ({ sign: '-', text })),
    ...after.map((text): Line => ({ sign: '+', text }))
  ]
}

function walkBack(
  trace: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[]
): Line[] {
  const lines: Line[] = []
  let x = before.length
  let y = after.length
  for (let changes = trace.length - 1; changes >= 0; changes--) {
    const points = trace[changes] ?? new Map<number, number>()
    const at = (diagonal: number): number => points.get(diagonal) ?? -1
    const diagonal = x - y
    const isDown = diagonal === -changes || (diagonal !== changes && at(diagonal - 1) < at(diagonal + 1))
    const fromX = changes === 0 ? 0 : at(isDown ? diagonal + 1 : diagonal - 1)
    const fromY = changes === 0 ? 0 : fromX - (isDown ? diagonal + 1 : diagonal - 1)
    while (x > fromX && y > fromY) {
      lines.push({ sign: ' ', text: before[--x] ?? '' })
      y--
    }
    if (y > fromY) lines.push({ sign: '+', text: after[--y] ?? '' })
    if (x > fromX) lines.push({ sign: '-', text: before[--x] ?? '' })
  }
  return lines.reverse()
}

/** Runs of changes with their context; two that touch are one. */
function hunks(lines: readonly Line[]): [start: number, end: number][] {
  const found: [number, number][] = []
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue
    const last = found.at(-1)
    const end = Math.min(lines.length, index + 1 + context)
    if (last !== undefined && index - context <= last[1]) last[1] = end
    else found.push([Math.max(0, index - context), end])
  }
  return found
}

function hunkHeader(lines: readonly Line[], start: number, end: number): string {
  const range = (sign: '-' | '+'): string => {
    const isIn = (line: Line): boolean => line.sign === ' ' || line.sign === sign
    const length = lines.slice(start, end).filter(isIn).length
    const first = lines.slice(0, start).filter(isIn).length
    return `${sign}${length === 0 ? first : first + 1},${length}`
  }
  return `@@ ${range('-')} ${range('+')} @@`
}

/** A tab is as good as a space here; what else is not seen is all written in one way. */
function shownLine(text: string): string {
  return withoutCommands(
    replaceUnseen(text, (character) =>
      character === '\t' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
    )
  )
}
