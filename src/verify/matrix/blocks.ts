// Reads the blocks of a page in pieces, because micromark's work grows with the square of its input and the blocks of a
// page are independent of each other. The last block of a piece may go on, so it is read again with the next piece. A
// table that goes on is read under a header of the same width.
import type { RootContent, Table, TableRow } from 'mdast'
import { measurePage, type Line } from './limits.js'
import { skimBlocks } from './markdown.js'
import type { PageProblems } from './problem.js'

/** A top-level block of the page. */
export interface Block {
  readonly node: RootContent
  /** What to add to the lines of the node and of what is in it. */
  readonly offset: number
  /** The offsets of the fences in the piece that the node was read from. */
  readonly fences: readonly number[]
}

const lines = { least: 128, characters: 256 }
/** Marks of lists and quotes in one piece. */
const mostMarks = 1_500
/** A table's header is read again with every piece of it. */
const mostColumns = 1_000

/** The blocks in order; a page over a limit has none, and a problem. */
export function readBlocks(markdown: string, problems: PageProblems): Block[] {
  const page = measurePage(markdown, problems)
  const blocks: Block[] = []
  let open: { readonly table: Table; readonly offset: number; readonly header: readonly string[] } | undefined
  let size = lines.least
  for (let start = 0; start < page.length;) {
    const header: readonly string[] = open?.header ?? []
    const { end, isFull } = endOfPiece(page, start, size, header.join('').length * 4)
    const texts = [...header, ...page.slice(start, end).map(({ text }) => text)]
    // micromark leaves out a U+FEFF before everything else, once: only the page's own first one is no character.
    const { root, fences } = skimBlocks((start === 0 ? '' : '\uFEFF') + texts.join('\n'))
    const offset = start - header.length
    const [first, ...others] = root.children
    if (open !== undefined && first?.type === 'table') addRows(open.table, first, offset - open.offset)
    const children = open === undefined ? root.children : others
    const last = root.children.at(-1)
    const isWhole = end === page.length || last?.type === 'table'
    const kept = isWhole ? children : children.slice(0, beforeLast(children))
    const rest = children[kept.length]
    const next = rest === undefined ? end : lineOf(rest) - 1 + offset
    if (next === start && isFull) {
      const message = `the block that begins here has more than ${mostMarks} quotes and items of lists`
      problems.add('page_too_large', start + 1, message)
      return []
    }
    const wide = children.find((node) => node.type === 'table' && widthOf(node) > mostColumns)
    if (wide !== undefined) {
      const message = `this table has more than ${mostColumns} columns`
      problems.add('page_too_large', lineOf(wide) + offset, message)
      return []
    }
    blocks.push(...kept.map((node) => ({ node, offset, fences })))
    size = next === start ? size * 2 : lines.least
    if (last?.type !== 'table' || last.position?.end.line !== texts.length) open = undefined
    else if (last !== first || open === undefined) {
      open = { table: last, offset, header: headerOf(last) }
    }
    start = next
  }
  return blocks
}

/** As many lines as asked for, and at least one, unless they are long or full of marks. */
function endOfPiece(
  page: readonly Line[],
  start: number,
  size: number,
  leastCharacters: number
): { end: number; isFull: boolean } {
  const mostCharacters = Math.max(size * lines.characters, leastCharacters)
  let characters = 0
  let marks = 0
  for (let at = start; at < Math.min(page.length, start + size); at++) {
    const { text = '', marks: more = 0 } = page[at] ?? {}
    characters += text.length
    marks += more
    const isFull = marks > mostMarks
    if (at > start && (isFull || characters > mostCharacters)) return { end: at, isFull }
  }
  return { end: Math.min(page.length, start + size), isFull: false }
}

/** How many blocks come before the last, which may go on; definitions right before it are read with it again. */
function beforeLast(blocks: readonly RootContent[]): number {
  let at = blocks.length - 1
  for (; at > 0; at--) {
    const [before, after] = [blocks[at - 1], blocks[at]]
    if (before?.type !== 'definition' || before.position?.end.line !== lineOf(after) - 1) break
  }
  return Math.max(0, at)
}

/** A plain header of the same width: the real header line might be read as another kind of block on its own. */
function headerOf(table: Table): string[] {
  const width = widthOf(table)
  return [`|${' a |'.repeat(width)}`, `|${' - |'.repeat(width)}`]
}

function widthOf({ children: [row] }: Table): number {
  return row?.children.length ?? 0
}

function addRows(table: Table, more: Table, shift: number): void {
  table.children.push(...more.children.slice(1).map((row) => moved(row, shift)))
}

function moved(row: TableRow, shift: number): TableRow {
  const { position } = row
  if (position === undefined) return row
  const start = { ...position.start, line: position.start.line + shift }
  return { ...row, position: { ...position, start } }
}

/** The line that a node begins in, in its piece. */
export function lineOf(node: RootContent | TableRow | undefined): number {
  return node?.position?.start.line ?? 1
}
