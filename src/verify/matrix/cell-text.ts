// The text of a cell as a reader of the rendered page sees it, and which parts are code. Text in code is a name as
// written: no comma, plus or parenthesis in it separates anything.

export interface CellText {
  /** What is seen, without white space at its ends unless it is in code. */
  readonly text: string
  /** From where to where `text` is code, in order. */
  readonly code: readonly (readonly [start: number, end: number])[]
  /** What the cell shows beside text and cannot be read: an image or HTML, as written. */
  readonly markup: string | undefined
}

/** A run of a cell's text. */
export interface Piece {
  readonly text: string
  readonly isCode: boolean
}

export const noText: CellText = { text: '', code: [], markup: undefined }

export function joinPieces(pieces: readonly Piece[], markup?: string): CellText {
  let text = ''
  const code: [number, number][] = []
  for (const piece of pieces) {
    if (piece.isCode) code.push([text.length, text.length + piece.text.length])
    text += piece.text
  }
  return slice({ text, code, markup }, 0, text.length)
}

/** Whether the whole cell is code. */
export function isWhollyCode({ text, code }: CellText): boolean {
  let end = 0
  for (const [from, to] of code) {
    if (from !== end) return false
    end = to
  }
  return text !== '' && end === text.length
}

/** A part of a cell, its ends trimmed where they are not code. */
export function slice(cell: CellText, start: number, end: number): CellText {
  let from = start
  let to = end
  while (from < to && isSpace(cell.text, from) && !isInCode(cell, from)) from++
  while (to > from && isSpace(cell.text, to - 1) && !isInCode(cell, to - 1)) to--
  return {
    text: cell.text.slice(from, to),
    code: cell.code.flatMap(([a, b]): [number, number][] =>
      a < to && b > from ? [[Math.max(a, from) - from, Math.min(b, to) - from]] : []
    ),
    markup: cell.markup
  }
}

/** The parts between the separators that are not in code, trimmed; at most `limit`, the last one with what is left. */
export function split(cell: CellText, separator: RegExp, limit = Number.POSITIVE_INFINITY): CellText[] {
  const parts: CellText[] = []
  let start = 0
  for (const match of cell.text.matchAll(new RegExp(separator, 'gu'))) {
    if (parts.length === limit - 1) break
    const [sign] = match
    if (touchesCode(cell, match.index, match.index + sign.length)) continue
    parts.push(slice(cell, start, match.index))
    start = match.index + sign.length
  }
  return [...parts, slice(cell, start, cell.text.length)]
}

/** The parts between commas that are neither in code nor in parentheses. */
export function splitList(cell: CellText): CellText[] {
  const parts: CellText[] = []
  let start = 0
  let depth = 0
  for (const { 0: sign, index } of cell.text.matchAll(/[(),]/g)) {
    if (touchesCode(cell, index, index + 1)) continue
    if (sign === '(') depth++
    else if (sign === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) {
      parts.push(slice(cell, start, index))
      start = index + 1
    }
  }
  return [...parts, slice(cell, start, cell.text.length)]
}

/** Where a text stands first that is not in code; -1 for nowhere. */
export function indexOutside(cell: CellText, sought: string): number {
  let at = cell.text.indexOf(sought)
  while (at >= 0 && touchesCode(cell, at, at + sought.length)) at = cell.text.indexOf(sought, at + 1)
  return at
}

function isSpace(text: string, at: number): boolean {
  // What does not even show a space is part of a name.
  return /^(?![\u2028\u2029\ufeff])\s?$/.test(text[at] ?? '')
}

function isInCode(cell: CellText, at: number): boolean {
  return touchesCode(cell, at, at + 1)
}

/** Whether any of a range is code. Looks it up by halves: cells with thousands of codes are read in reasonable time. */
export function touchesCode({ code }: CellText, start: number, end: number): boolean {
  let low = 0
  let high = code.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((code[middle]?.[1] ?? 0) > start) high = middle
    else low = middle + 1
  }
  const found = code[low]
  return found !== undefined && found[0] < end
}
