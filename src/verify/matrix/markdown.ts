// Reads Markdown (CommonMark and GitHub's tables) with micromark, in two passes: first the blocks, which do not depend
// on the inside of lines, then the inside of those lines that have markup. micromark's work on one line grows with its
// length times its markup characters, so the second pass has a budget.
import type { PhrasingContent, Root, RootContent } from 'mdast'
import { fromMarkdown, type Extension } from 'mdast-util-from-markdown'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { gfmTable } from 'micromark-extension-gfm-table'
import { joinPieces, type CellText, type Piece } from './cell-text.js'

/** All inline constructs. None of them begins or ends a block; cells end at bars even inside code. */
const inlineConstructs = [
  'attention',
  'autolink',
  'characterEscape',
  'characterReference',
  'codeText',
  'hardBreakEscape',
  'htmlText',
  'labelEnd',
  'labelStartImage',
  'labelStartLink'
]

/** How much micromark may do inside lines: length times markup characters, plus the measured cost of each call. */
const inlineBudget = 30_000_000

/** A page's blocks; the text in them is as written. */
export interface Skimmed {
  readonly root: Root
  /** The offsets of the fences of code blocks. */
  readonly fences: readonly number[]
}

export function skimBlocks(markdown: string): Skimmed {
  const fences: number[] = []
  const noteFences: Extension = {
    enter: {
      codeFencedFence(token) {
        fences.push(token.start.offset)
      }
    }
  }
  const root = fromMarkdown(markdown, {
    extensions: [gfmTable(), { disable: { null: inlineConstructs } }],
    mdastExtensions: [gfmTableFromMarkdown(), noteFences]
  })
  return { root, fences }
}

/** The text of a block that was skimmed, as written. */
export function sourceOf(children: readonly PhrasingContent[]): string {
  return children
    .map((child) => ('value' in child ? child.value : child.type === 'break' ? '\n' : ''))
    .join('')
}

/** Reads the insides of lines, each text once; knows the page's link definitions. */
export class InlineReader {
  readonly #definitions: string
  readonly #cached = new Map<string, CellText>()
  #budget = inlineBudget

  /** @param labels of the page's link definitions: a link without definition is plain text in brackets. */
  constructor(labels: ReadonlySet<string>) {
    this.#definitions = [...labels].map((label) => `[${label}]: #\n`).join('')
  }

  /** What a cell or a heading shows; `undefined` where reading it would take too long. */
  read(source: string): CellText | undefined {
    const text = source.trim()
    const cached = this.#cached.get(text) ?? this.#readNew(text)
    if (cached !== undefined) this.#cached.set(text, cached)
    return cached
  }

  #readNew(text: string): CellText | undefined {
    if (!/[*_[\]<!`&\\]/.test(text)) return joinPieces([{ text, isCode: false }])
    const signs = text.replace(/[^*_[\]<!`]/g, '').length
    const definitions = text.includes('[') ? this.#definitions : ''
    this.#budget -= text.length * (signs + 100) + definitions.length * 200
    if (this.#budget < 0) return undefined
    // A table of one cell, so that bars in code are escaped as in the table that the cell comes from.
    const { children } = fromMarkdown(`| ${text} |\n| - |\n\n${definitions}`, {
      extensions: [gfmTable()],
      mdastExtensions: [gfmTableFromMarkdown()]
    })
    const [table] = children
    if (table?.type !== 'table') throw new TypeError('one cell is a table')
    const pieces: Piece[] = []
    const markup = collect(table.children[0]?.children[0]?.children ?? [], pieces)
    return joinPieces(pieces, markup)
  }
}

/** Adds the shown text to `pieces`; returns the first image or HTML. No recursion: marks can be nested to any depth. */
function collect(nodes: readonly PhrasingContent[], pieces: Piece[]): string | undefined {
  let markup: string | undefined
  const open: PhrasingContent[] = nodes.toReversed()
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ('children' in node) open.push(...node.children.toReversed())
    else if (node.type === 'inlineCode') pieces.push({ text: node.value, isCode: true })
    else if (node.type === 'text') pieces.push({ text: node.value, isCode: false })
    else if (node.type === 'break') pieces.push({ text: ' ', isCode: false })
    else if (node.type === 'html') {
      if (!node.value.startsWith('<!--')) markup ??= node.value
    } else if (node.type === 'image' || node.type === 'imageReference') markup ??= `![${node.alt ?? ''}]`
  }
  return markup
}

/** Every block from the top down, containers before what is in them, with the containers that it is in. */
export function* walkBlocks(
  nodes: readonly RootContent[],
  within: readonly RootContent[] = []
): Generator<{ readonly node: RootContent; readonly within: readonly RootContent[] }> {
  for (const node of nodes) {
    yield { node, within }
    if (node.type === 'blockquote' || node.type === 'list' || node.type === 'listItem')
      yield* walkBlocks(node.children, [...within, node])
  }
}
