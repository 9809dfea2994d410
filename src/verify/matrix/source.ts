// Scans inline Markdown once for code, comments and escapes, and for a comment that is not closed. It builds no tree;
// what a cell says is read in markdown.ts.

export interface InlineSource {
  /** The text with code, comments and escaped characters blanked out, as long as it was. */
  readonly bare: string
  /** The position of a `<!--` that nothing closes; -1 if there is none. */
  readonly openComment: number
}

/** Reads from left to right, as CommonMark does: what begins first wins. */
export function readInlineSource(text: string): InlineSource {
  if (!/[`\\<]/.test(text)) return { bare: text, openComment: -1 }
  const runs = codeRuns(text)
  const lastClose = text.lastIndexOf('-->')
  let bare = ''
  let openComment = -1
  for (let at = 0; at < text.length;) {
    const end = endOfHidden(text, at, runs, lastClose)
    if (end === undefined) {
      if (openComment < 0 && text.startsWith('<!--', at)) openComment = at
      bare += text[at] ?? ''
      at++
    } else {
      bare += text.slice(at, end).replace(/[^\n]/g, ' ')
      at = end
    }
  }
  return { bare, openComment }
}

/** The end of the escape, code, closed comment or unmatched backticks that begin at `at`; else `undefined`. */
function endOfHidden(
  text: string,
  at: number,
  runs: ReadonlyMap<number, number[]>,
  lastClose: number
): number | undefined {
  const sign = text[at]
  if (sign === '\\') return at + (/^[!-/:-@[-`{-~]/.test(text.slice(at + 1, at + 2)) ? 2 : 1)
  if (sign === '`') {
    let end = at
    while (text[end] === '`') end++
    const closers = runs.get(end - at) ?? []
    while ((closers[0] ?? end) < end) closers.shift()
    return closers[0] === undefined ? end : closers[0] + (end - at)
  }
  if (!text.startsWith('<!--', at)) return undefined
  const [short] = /^<!---?>/.exec(text.slice(at, at + 6)) ?? []
  if (short !== undefined) return at + short.length
  return lastClose < at + 4 ? undefined : text.indexOf('-->', at + 4) + 3
}

/** Where runs of backticks begin, by their length. */
function codeRuns(text: string): Map<number, number[]> {
  const runs = new Map<number, number[]>()
  for (const { 0: marks, index } of text.matchAll(/`+/g)) {
    const starts = runs.get(marks.length)
    if (starts === undefined) runs.set(marks.length, [index])
    else starts.push(index)
  }
  return runs
}
