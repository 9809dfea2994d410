// Somebody's text as part of a Markdown page: it can be read, and it ends no cell, opens no tag and makes no link.
import { oneLine, visible } from '../escape.js'

/** Prose on one line, every character that Markdown or HTML could take for markup escaped. */
export function prose(text: string): string {
  const escaped = oneLine(text)
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // No address becomes a link by itself.
    .replace(/:\/\/|@|\bwww\./gi, (found) => found.replace(/[:@.]/, (character) => `\\${character}`))
  // At the start of a line these would begin a list or a rule.
  return escaped.replace(/^([-+=]|\d+(?=[.)]))/, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`))
}

/** A name as it is written in code, outside of tables. */
export function code(name: string): string {
  return codeSpan(visible(name))
}

export function codes(names: readonly string[]): string {
  return names.map(code).join(', ')
}

/** A name in code inside a table, where a pipe would end the cell. */
export function cellCode(name: string): string {
  const text = visible(name)
  // What a backslash before an escaped pipe means depends on the reader: nothing there is left to be escaped.
  if (text.includes('\\|')) return `<code>${asReferences(text)}</code>`
  return codeSpan(text.replaceAll('|', '\\|'))
}

export function cellCodes(names: readonly string[]): string {
  return names.map(cellCode).join(', ')
}

function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  // A space inside is taken off again where both sides have one: at a tick, and around white space.
  const pad = /^[` ]|[` ]$/.test(text) ? ' ' : ''
  return `${fence}${pad}${text}${pad}${fence}`
}

/** The text with everything but plain letters, digits and spaces as a character reference. */
function asReferences(text: string): string {
  return text.replace(/[^A-Za-z0-9 ]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)
}

/** A table whose cells are written already. Columns are not padded: a longer cell would change every line. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)]
}

/** A paragraph, or the lines of a list or table. */
export type Block = string | readonly string[]

/** Blocks with a blank line between any two, and none for what is empty. */
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
