// A Markdown page → the tables that a reader sees, with the headings above them and the line of each row. Hidden parts
// are skipped; a part that is left unclosed, so that it hides too much, is a problem. Nothing here knows about
// policies.
import type { RootContent, Table } from 'mdast'
import { count } from '../../output/words.js'
import { lineOf, readBlocks, type Block } from './blocks.js'
import { joinPieces, type CellText } from './cell-text.js'
import { looksLikeMatrix, readHtml, tableTag } from './html.js'
import { InlineReader, sourceOf, walkBlocks } from './markdown.js'
import type { PageProblems } from './problem.js'
import { readInlineSource } from './source.js'

export interface Row {
  /** From 1. */
  readonly line: number
  readonly cells: readonly CellText[]
}

export interface PageTable {
  readonly header: Row
  readonly rows: readonly Row[]
  /** The headings above, nearest first; headings in a quote count only inside it. */
  readonly headings: readonly Heading[]
}

export interface Heading {
  readonly line: number
  readonly text: CellText
}

export interface Page {
  readonly tables: readonly PageTable[]
  /** Lines where the page shows a table in HTML, which is not checked. */
  readonly htmlTables: readonly number[]
  readonly hasHtmlMatrix: boolean
}

/** Every table of the page. Something that only looks like a table, or a row of another width, is a problem. */
export function readPage(markdown: string, problems: PageProblems): Page {
  const blocks = readBlocks(markdown, problems)
  const reader = new PageReader(new InlineReader(labelsIn(blocks)), problems)
  for (const block of blocks)
    for (const { node, within } of walkBlocks([block.node])) reader.read(node, within, block)
  const { tables, htmlTables } = reader
  return { tables, htmlTables, hasHtmlMatrix: htmlTables.length > 0 && looksLikeMatrix(markdown) }
}

function labelsIn(blocks: readonly Block[]): Set<string> {
  const labels = new Set<string>()
  for (const { node: block } of blocks)
    for (const { node } of walkBlocks([block])) if (node.type === 'definition') labels.add(node.identifier)
  return labels
}

/** Takes the blocks one by one, in their order. */
class PageReader {
  readonly tables: PageTable[] = []
  readonly htmlTables: number[] = []
  readonly #inline: InlineReader
  readonly #problems: PageProblems
  /** The line after the last table. */
  #afterTable = 0
  /** The headings so far of the page (`undefined`) and of each quote. */
  readonly #headings = new Map<RootContent | undefined, Heading[]>()

  constructor(inline: InlineReader, problems: PageProblems) {
    this.#inline = inline
    this.#problems = problems
  }

  read(node: RootContent, within: readonly RootContent[], { offset, fences }: Block): void {
    const line = lineOf(node) + offset
    if (node.type === 'heading') {
      // A line under rows makes a heading of them.
      if (node.position?.end.line !== lineOf(node)) this.#checkRows(sourceOf(node.children), line)
      this.#heading(sourceOf(node.children), line, within)
    } else if (node.type === 'table') this.#table(node, offset, within)
    else if (node.type === 'paragraph') this.#paragraph(sourceOf(node.children), line)
    else if (node.type === 'html') this.#html(node.value, line)
    else if (node.type === 'code') {
      if (isOpenFence(node, fences))
        this.#problems.add('unclosed_block', line, 'nothing closes the fence that begins here')
      if (line === this.#afterTable && /^\|/m.test(node.value.split(/\n\s*\n/)[0] ?? ''))
        this.#problems.add('malformed_table', line, 'this row of a table is indented by four or more')
    }
  }

  #heading(source: string, line: number, within: readonly RootContent[]): void {
    this.#look(source, line)
    // The reader takes a bar for the end of a cell; in a heading it is text, so it is escaped.
    const flat = source.replace(/\s*\n\s*/g, ' ').replace(/(?<!\\)((?:\\\\)*)\|/g, '$1\\|')
    const quote = within.findLast(({ type }) => type === 'blockquote')
    const headings = this.#headings.get(quote) ?? []
    headings.unshift({ line, text: this.#text(flat, line) })
    this.#headings.set(quote, headings)
  }

  #headingsAbove(within: readonly RootContent[]): Heading[] {
    const quotes = within.filter(({ type }) => type === 'blockquote').toReversed()
    return [...quotes, undefined].flatMap((quote) => this.#headings.get(quote) ?? [])
  }

  #table(node: Table, offset: number, within: readonly RootContent[]): void {
    const width = node.children[0]?.children.length ?? 0
    const rows = node.children.flatMap((row): Row[] => {
      const line = lineOf(row) + offset
      const read = row.children.map(({ children }) => this.#cell(sourceOf(children), line))
      // A row may have a comment after its last cell: an extra cell that shows nothing is dropped.
      const cells = read.filter(({ isHidden }, index) => index < width || !isHidden).map(({ text }) => text)
      if (cells.length === width) return [{ line, cells }]
      const message = `this row has ${cells.length} cells, its table ${width} columns`
      this.#problems.add('malformed_table', line, message)
      return []
    })
    this.#afterTable = lineOf(node.children.at(-1)) + offset + (node.children.length === 1 ? 2 : 1)
    const [header, ...body] = rows
    if (header === undefined) return
    if (node.children.length === 1)
      this.#problems.add('table_without_rows', header.line, 'this table has no rows')
    this.tables.push({ header, rows: body, headings: this.#headingsAbove(within) })
  }

  #cell(source: string, line: number): { readonly text: CellText; readonly isHidden: boolean } {
    this.#look(source, line)
    const text = this.#text(source, line)
    return { text, isHidden: source !== '' && text.text === '' && text.markup === undefined }
  }

  #text(source: string, line: number): CellText {
    const text = this.#inline.read(source)
    if (text !== undefined) return text
    this.#problems.add(
      'page_too_large',
      line,
      'up to this line the page has more signs of Markdown than are read'
    )
    return joinPieces([{ text: source, isCode: true }])
  }

  /** What is wrong inside a line or paragraph. */
  #look(source: string, line: number): void {
    const { bare, openComment } = readInlineSource(source)
    if (openComment >= 0)
      this.#problems.add(
        'unclosed_block',
        line + lineAt(source, openComment),
        'nothing closes the comment that begins here'
      )
    const tag = bare.search(tableTag)
    if (tag >= 0) this.htmlTables.push(line + lineAt(bare, tag))
  }

  #paragraph(source: string, line: number): void {
    this.#look(source, line)
    this.#checkRows(source, line)
  }

  /** Rows that CommonMark takes for text. */
  #checkRows(source: string, line: number): void {
    const lines = source.split('\n')
    const at = lines.findIndex(
      (text, index) => text.startsWith('|') || (text.includes('|') && isDelimiter(lines[index + 1]))
    )
    if (at < 0) return
    const [header = '', dashes] = lines.slice(at)
    const width = countCells(header)
    if (isDelimiter(dashes) && countCells(dashes) !== width) {
      const message = `the line of dashes has ${count(countCells(dashes), 'cell')}, its header ${width}`
      this.#problems.add('malformed_table', line + at + 1, message)
    } else {
      const message = 'this table has no header with a line of dashes under it'
      this.#problems.add('malformed_table', line + at, message)
    }
  }

  #html(html: string, line: number): void {
    const { leftOpen, table, row } = readHtml(html)
    if (leftOpen !== undefined)
      this.#problems.add(
        'unclosed_block',
        line + leftOpen.line,
        `nothing closes the ${leftOpen.name} that begins here`
      )
    if (table !== undefined) this.htmlTables.push(line + table)
    if (row !== undefined)
      this.#problems.add('malformed_table', line + row, 'no blank line between the HTML and this table')
  }
}

/** Whether a code block has a fence that begins it and none that ends it. */
function isOpenFence({ position }: RootContent, fences: readonly number[]): boolean {
  const { start, end } = position ?? {}
  if (start?.offset === undefined || end?.offset === undefined) return false
  const [from, to] = [start.offset, end.offset]
  return fences.filter((fence) => fence >= from && fence <= to).length === 1
}

function isDelimiter(line: string | undefined): line is string {
  return line !== undefined && line.includes('|') && /^\|?[ \t]*:?-[-:| \t]*$/.test(line)
}

/** How many cells a line has, by the bars that no backslash precedes. */
function countCells(line: string): number {
  const text = line.trim().replace(/^\|/, '')
  const bars = text.replace(/\\./g, '').split('|')
  return bars.length - (bars.at(-1) === '' ? 1 : 0)
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length - 1
}
