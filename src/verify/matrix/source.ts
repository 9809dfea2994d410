// Inline Markdown as written, one pass: what of it is code or a comment, and whether a comment is left open. For
// questions that need no tree; what a cell says is read elsewhere.

export interface InlineSource {
  /** The text with code, comments and escaped characters blanked out, as long as it was. */
  readonly bare: string
  /** Where a `<!--` stands that nothing closes; -1 for nowhere. */
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

/** Where what begins here ends, if it is an escape, code or a closed comment; a run of backticks that is none too. */
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
