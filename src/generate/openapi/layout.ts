// The layout of a document, so that inserted text looks like the rest: indentation, line endings, and whether records
// are on lines of their own.
import { jsonText, yamlText } from '../escape.js'
import type { Json } from './schemas.js'
import { writeYaml } from './write.js'
import type { DocumentFormat } from './splice.js'

export interface Layout {
  /** Columns a level, in YAML's block style. */
  readonly step: number
  /** A value in block style that starts at a column where the text already is. */
  block(column: number, value: Json): string
  /** The same from the line after. */
  onNewLine(column: number, value: Json): string
  /** A value in braces, for the entry whose key starts at a place. */
  flow(keyStart: number, value: Json): string
  /** Entries in braces, after the entry whose key starts at a place, or as the first. */
  flowEntries(
    keyStart: number | undefined,
    entries: readonly (readonly [string, Json])[],
    hasOthers: boolean
  ): string
}

export function layoutIn(text: string, format: DocumentFormat): Layout {
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n'
  const unit = indentOf(text)
  // In YAML a tab indents no block.
  const step = unit.includes('\t') ? 2 : unit.length
  const write = (value: Json, space?: string): string =>
    format === 'json' ? jsonText(value, space) : yamlText(JSON.stringify(value, undefined, space))
  const lines = (value: string, indent: string): string => value.replaceAll('\n', `${lineBreak}${indent}`)
  const block = (column: number, value: Json): string => lines(writeYaml(value, step), ' '.repeat(column))
  /** The white space before a key that stands first on its line. */
  const indentBefore = (keyStart: number): string | undefined =>
    /(?:^|\n)([ \t]*)$/.exec(text.slice(0, keyStart))?.[1]
  const flow = (keyStart: number, value: Json): string => {
    const indent = indentBefore(keyStart)
    return indent === undefined ? write(value) : lines(write(value, unit), indent)
  }
  return {
    step,
    block,
    onNewLine: (column, value) => `${lineBreak}${' '.repeat(column)}${block(column, value)}`,
    flow,
    flowEntries: (keyStart, entries, hasOthers) => {
      const indent = keyStart === undefined ? undefined : indentBefore(keyStart)
      const before = indent === undefined ? '' : `${lineBreak}${indent}`
      const space = text.includes('": ') || indent !== undefined ? ' ' : ''
      const written = entries.map(
        ([name, value]) =>
          `${before}${write(name)}:${space}${keyStart === undefined ? write(value) : flow(keyStart, value)}`
      )
      return `${hasOthers ? ',' : ''}${written.join(',')}`
    }
  }
}

/** The white space that the first indented line has, which is one level. */
function indentOf(text: string): string {
  return /\n([ \t]+)[^\s#]/.exec(text)?.[1] ?? '  '
}
