// The sink of Markdown: somebody's text can be read there, and it ends no cell, opens no tag and makes no link.
import { withoutCommands } from './terminal.js'
import { visible } from './visible.js'

/** Prose on one line, every character that Markdown or HTML could take for markup escaped. */
export function prose(text: string): string {
  const escaped = oneLine(text)
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // No address becomes a link by itself.
    .replace(/:\/\/|@|\bwww\./gi, (found) => found.replace(/[:@.]/, (character) => `\\${character}`))
  // At the start of a line these would begin a list, a rule or a build system's command.
  return escaped.replace(/^([-+=]|:(?=:)|\d+(?=[.)]))/, (mark) =>
    /\d/.test(mark) ? `${mark}\\` : `\\${mark}`
  )
}

/** A sentence of ours in which names stand between backticks: these are code, everything else is prose. */
export function sentenceOf(text: string): string {
  const parts = text.split('`')
  // With a backtick that has no other, none of them is known to quote a name.
  if (parts.length % 2 === 0) return prose(text)
  return parts.map((part, index) => (index % 2 === 1 ? code(part) : proseInside(part))).join('')
}

/** Prose between names: the white space around it stays. */
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
  // What a backslash before an escaped pipe means depends on the reader: nothing there is left to be escaped.
  if (text.includes('\\|')) return `<code>${asReferences(text)}</code>`
  return codeSpan(text.replaceAll('|', '\\|'))
}

export function cellCodes(names: readonly string[]): string {
  return names.map(cellCode).join(', ')
}

/** Lines of code, each on one line whatever is in it, behind a fence that none of them ends. */
export function fenced(language: string, lines: readonly string[]): string[] {
  const shown = lines.map((line) => withoutCommands(visible(line)))
  const fence = '`'.repeat(Math.max(3, longestTicks(shown.join('\n')) + 1))
  return [`${fence}${language}`, ...shown, fence]
}

/** The text on one line: line breaks and other runs of white space are one space. */
export function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim())
}

/** A text as code, with the spaces that a reader of Markdown takes off again. */
export function codeSpan(text: string): string {
  const fence = '`'.repeat(longestTicks(text) + 1)
  // A tick at an end would join the fence; a space at both ends is taken off, unless there is nothing else.
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
