// Quotes names and texts for MySQL and MariaDB so that they mean the same under every `sql_mode` and character set of a
// connection. Drivers put values in place of every `?`, wherever it stands, so that no name and no literal has one.
import { CasemateError } from '../../errors.js'
import { hasUnseen } from '../../output/visible.js'
import { quoteValue } from '../../problems/quote.js'
import type { TableName } from '../columns.js'

/** The longest name that a table or a column can have. */
const mostCharacters = 64

/** The texts that are the same in any literal: nothing in them is escaped, or a placeholder of a driver. */
const plain = /^[A-Za-z0-9_ .-]*$/

/**
 * A name in backticks, which ANSI_QUOTES does not change.
 *
 * @throws CasemateError `not_expressible` for a name that the database cannot have, or a driver would change.
 */
export function quoteIdentifier(name: string): string {
  if (name === '') throw unwritable('empty SQL name', name)
  if (hasUnseen(name)) throw unwritable('control or invisible characters in an SQL name', name)
  if (/[\u{10000}-\u{10ffff}\p{Cs}]/u.test(name))
    throw unwritable('MySQL has no characters above U+FFFF in a name', name)
  if (name.length > mostCharacters)
    throw unwritable(`an SQL name of ${name.length} characters, more than ${mostCharacters}`, name)
  if (name.endsWith(' ')) throw unwritable('an SQL name that ends in a space', name)
  if (name.includes('?')) throw unwritable('drivers of MySQL take `?` in a name for a placeholder', name)
  return `\`${name.replaceAll('`', '``')}\``
}

export function tableName({ schema, table }: TableName): string {
  return [...(schema === undefined ? [] : [schema]), table].map(quoteIdentifier).join('.')
}

/** A text as a literal of its own character set; by its bytes where it has more than plain characters. */
export function quoteText(text: string): string {
  if (plain.test(text)) return `_utf8mb4'${text}'`
  return `_utf8mb4 0x${hexOf(text)}`
}

/** The bytes of a text in UTF-8, in hexadecimal. */
export function hexOf(text: string): string {
  let hex = ''
  for (const byte of new TextEncoder().encode(text)) hex += byte.toString(16).padStart(2, '0')
  return hex
}

function unwritable(why: string, value: string): CasemateError {
  return new CasemateError('not_expressible', `${why}: ${quoteValue(value)}`, { value })
}
