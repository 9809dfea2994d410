// The difference between two texts as a unified diff. Texts with too many changes are shown as one removed and the
// other added, so that the work stays bounded.
import { structuredPatch, type StructuredPatchHunk } from 'diff'
import { withoutCommands } from '../output/terminal.js'
import { replaceUnseen } from '../output/visible.js'

/** Lines around a change. */
const context = 3
/** With more changes than this, the whole text is shown as replaced. */
const mostChanges = 2_000

/** A unified diff with its header, safe for a terminal; empty if both texts are equal. */
export function lineDiff(before: string, after: string, name: string): string {
  if (before === after) return ''
  const options = { context, maxEditLength: mostChanges }
  const patch = structuredPatch(name, name, before, after, '', '', options)
  const hunks = patch?.hunks ?? [replacement(before, after)]
  const shown = hunks.flatMap((hunk) => [headerOf(hunk), ...hunk.lines])
  return [`--- ${name}`, `+++ ${name} (generated)`, ...shown].map(shownLine).join('\n')
}

/** A hunk that removes one text and adds the other. */
function replacement(before: string, after: string): StructuredPatchHunk {
  const [old, made] = [linesOf(before, '-'), linesOf(after, '+')]
  return {
    oldStart: 1,
    oldLines: old.count,
    newStart: 1,
    newLines: made.count,
    lines: [...old.lines, ...made.lines]
  }
}

function linesOf(text: string, sign: '-' | '+'): { readonly count: number; readonly lines: string[] } {
  const lines = text.split('\n')
  const last = lines.pop()
  if (last === '') return { count: lines.length, lines: lines.map((line) => sign + line) }
  const all = [...lines, last].map((line) => `${sign}${line ?? ''}`)
  return { count: all.length, lines: [...all, '\\ No newline at end of file'] }
}

/** The header of a hunk; by convention an empty range starts at the line before it. */
function headerOf({ oldStart, oldLines, newStart, newLines }: StructuredPatchHunk): string {
  const range = (start: number, count: number): string => `${count === 0 ? start - 1 : start},${count}`
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`
}

/** A line with invisible characters escaped; only tabs stay as they are. */
function shownLine(text: string): string {
  return withoutCommands(
    replaceUnseen(text, (character) =>
      character === '\t' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
    )
  )
}
