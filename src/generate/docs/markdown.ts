// The parts of a reference page. Escaping text for Markdown is in `output/markdown.ts`.
import { code, prose } from '../../output/markdown.js'

export { cellCode, cellCodes, code, codes, prose } from '../../output/markdown.js'

/** A table of cells that are already Markdown. Columns are not padded: a longer cell would change every line. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)]
}

/** A paragraph, or the lines of a list or table. */
export type Block = string | readonly string[]

/** Joins blocks with blank lines; empty blocks are left out. */
export function page(blocks: readonly Block[]): string {
  const texts = blocks.map((block) => (typeof block === 'string' ? block : block.join('\n')))
  return `${texts.filter((text) => text !== '').join('\n\n')}\n`
}

/** The heading of a section about something with a name: its title, where it has one, and the name. */
export function heading(name: string, title?: string): string {
  return `## ${title === undefined ? code(name) : `${prose(title)} (${code(name)})`}`
}

/** A sentence of the policy's author, as a paragraph; empty where there is none. */
export function sentence(text: string | undefined): string {
  return text === undefined ? '' : prose(text)
}
