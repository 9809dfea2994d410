// Writes Markdown: text from outside stays readable and cannot end a cell, open a tag or make a link.
import { withoutCommands } from './terminal.js'
import { visible } from './visible.js'

/** Prose on one line, with everything escaped that could be markup in Markdown or HTML. */
export function prose(text: string): string {
  const escaped = oneLine(text)
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // Renderers turn bare addresses into links.
    .replace(/:\/\/|@|\bwww\./gi, (found) => found.replace(/[:@.]/, (character) => `\\${character}`))
  // At the start of a line these would begin a list, a rule or a build system's command.
  return escaped.replace(/^([-+=]|:(?=:)|\d+(?=[.)]))/, (mark) =>
    /\d/.test(mark) ? `${mark}\\` : `\\${mark}`
  )
}

/** One of our own sentences: names between backticks become code, everything else prose. */
export function sentenceOf(text: string): string {
  const parts = text.split('`')
  // With an unpaired backtick it is unclear which parts are names.
  if (parts.length % 2 === 0) return prose(text)
  return parts.map((part, index) => (index % 2 === 1 ? code(part) : proseInside(part))).join('')
}

/** Prose between names; keeps a space at each end. */
function proseInside(text: string): string {
  const [, before = '', inside = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? []
  return `${before === '' ? '' : ' '}${inside === '' ? '' : prose(inside)}${after === '' ? '' : ' '}`
}

/** A name as it is written in code, outside of tables. */
export function code(name: string): string {
  return codeSpan(withoutCommands(visible(name)))
}

export function codes(names: readonly string[]): string {
  return names.map(code).join(', ')
}

/** A name in code inside a table, where a pipe would end the cell. */
export function cellCode(name: string): string {
  const text = withoutCommands(visible(name))
  // Readers disagree about a backslash before an escaped pipe, so such a text is written as character references.
  if (text.includes('\\|')) return `<code>${asReferences(text)}</code>`
  return codeSpan(text.replaceAll('|', '\\|'))
}

export function cellCodes(names: readonly string[]): string {
  return names.map(cellCode).join(', ')
}

/** A code block: each line stays one line, and the fence is longer than any run of backticks inside. */
export function fenced(language: string, lines: readonly string[]): string[] {
  const shown = lines.map((line) => withoutCommands(visible(line)))
  const fence = '`'.repeat(Math.max(3, longestTicks(shown.join('\n')) + 1))
  return [`${fence}${language}`, ...shown, fence]
}

/** The text on one line: line breaks and other runs of white space are one space. */
export function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim())
}

/** A text as a code span, padded with spaces where Markdown needs and removes them. */
export function codeSpan(text: string): string {
  const fence = '`'.repeat(longestTicks(text) + 1)
  // A backtick at an end would join the fence; Markdown removes a space at both ends, unless there is nothing else.
  const isPadded = /^`|`$/.test(text) || (/^ .* $/s.test(text) && text.trim() !== '')
  const pad = isPadded ? ' ' : ''
  return `${fence}${pad}${text}${pad}${fence}`
}

function longestTicks(text: string): number {
  let longest = 0
  for (const [ticks] of text.matchAll(/`+/g)) longest = Math.max(longest, ticks.length)
  return longest
}

/** The text with everything but plain letters, digits and spaces as a character reference. */
function asReferences(text: string): string {
  return text.replace(/[^A-Za-z0-9 ]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)
}
