// Values as error messages show them: in backticks, cut, invisible characters escaped.
import { commandSign, visible } from '../output/visible.js'

const longestValue = 80

const longestForeign = 400

const mostListed = 10

/**
 * A value as an error shows it: in backticks, at most 80 characters, control and invisible characters escaped. A
 * text that reads like another value (`"true"`, `"7"`, `""`) is quoted; a list is shown as `[…]`, a record as `{…}`.
 */
export function quoteValue(value: unknown): string {
  return `\`${describe(value)}\``
}

/** Values as an error lists them: the first ten, and how many more there are. */
export function quoteValues(values: readonly unknown[]): string {
  const more = values.length - mostListed
  const listed = values.slice(0, mostListed).map(quoteValue).join(', ')
  return more > 0 ? `${listed} and ${more} more` : listed
}

/** A message of another program as part of an error: one line, cut, invisible characters escaped. */
export function foreignWords(text: string): string {
  return visible(cut(text, longestForeign)).replace(commandSign, '\\u0023')
}

function describe(value: unknown): string {
  if (typeof value === 'string') {
    const text = printable(value, longestValue)
    return /^(?:true|false|null|undefined|-?[\d.]+(?:e[+-]?\d+)?|\s.*|.*\s|)$/s.test(value)
      ? `"${text}"`
      : text
  }
  if (typeof value === 'bigint') return `${cut(value.toString(), longestValue)}n`
  if (typeof value === 'symbol') return printable(value.toString(), longestValue)
  if (typeof value === 'function') return 'function'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}'
  return String(value)
}

export function printable(text: string, length: number): string {
  return visible(cut(text, length)).replaceAll('`', '\\u0060').replace(commandSign, '\\u0023')
}

/** The first `length` characters, never half of a surrogate pair. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const code = text.charCodeAt(length - 1)
  return `${text.slice(0, code >= 0xd800 && code < 0xdc00 ? length - 1 : length)}…`
}
