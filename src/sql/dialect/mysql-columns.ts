// Columns and parameters of MySQL and MariaDB. Its comparisons of texts ignore trailing spaces, and often case and
// accents; a text beside a number becomes a number. So every text is compared twice: as a text, for which an index is
// used, and by its bytes in UTF-8, which decides. Ids travel in characters that no driver escapes and no character set
// changes: as they are where they are numbers or UUIDs, else in hexadecimal.
import { isUuid } from '../../document/ids.js'
import type { Column, ColumnKind } from '../columns.js'
import { fragment, type Fragment, type Hole } from '../fragment.js'
import { isStorable } from '../storable.js'
import type { At } from './leaf-texts.js'
import { hexOf, quoteIdentifier, quoteText } from './mysql-quote.js'

/** What a column of the kind `text` can hold: MySQL keeps longer texts out of the hash table of a list. */
const mostBytes = 512

/** A column of the table that is asked about. */
export function columnAt({ alias }: At, name: string): string {
  const column = quoteIdentifier(name)
  return alias === undefined ? column : `${quoteIdentifier(alias)}.${column}`
}

/** Whether a column of the kind has texts, which can be empty: there is no type for UUIDs in MySQL. */
export function hasTexts(kind: ColumnKind): boolean {
  return kind !== 'int4' && kind !== 'int8' && kind !== 'boolean'
}

/** The text of a value in the character set of all others, to be compared as a text with an index on the other side. */
function asText(value: string): string {
  return `CONVERT(${value} USING utf8mb4) COLLATE utf8mb4_bin`
}

/** The bytes of the text of a value. */
function bytesOf(value: string): string {
  return `CAST(CONVERT(${value} USING utf8mb4) AS BINARY)`
}

// --- texts of the policy --------------------------------------------------------------------------------------------

/** A column has one of these texts, to the last space. */
export function isText(at: At, { name }: Pick<Column, 'name'>, texts: readonly string[]): string {
  const column = columnAt(at, name)
  const tests = texts.map((text) => {
    if (/\p{Cs}/u.test(text)) return 'FALSE'
    return `(${column} = ${quoteText(text)} COLLATE utf8mb4_bin AND CHAR_LENGTH(${column}) = ${Array.from(text).length})`
  })
  const [only = 'FALSE'] = tests
  return tests.length > 1 ? `(${tests.join(' OR ')})` : only
}

// --- one id ---------------------------------------------------------------------------------------------------------

/**
 * Whether an id can be in a column. Of all texts, only broken ones cannot: there may be NUL in them. A UUID may be in
 * either case, which makes two ids of it.
 */
function isHeld(id: string, kind: ColumnKind): boolean {
  if (kind === 'uuid') return isUuid(id)
  return kind === 'int4' || kind === 'int8' ? isStorable(id, kind) : !/\p{Cs}/u.test(id)
}

/** Whether ids of the kind travel in hexadecimal. */
function isHex(kind: ColumnKind): boolean {
  return kind === 'text' || kind === 'cast'
}

function oneOf(slot: number, kind: ColumnKind): Hole {
  return {
    encoding: isHex(kind) ? 'hex' : kind,
    slot,
    type: 'text',
    value: ([id]) => (id === undefined || !isHeld(id, kind) ? null : isHex(kind) ? hexOf(id) : id)
  }
}

/** A column has the one id of a slot. */
export function isOne(at: At, { name, kind }: Column, slot: number): Fragment {
  const column = columnAt(at, name)
  const id = oneOf(slot, kind)
  if (!hasTexts(kind)) return fragment(`${column} = CAST(`, id, ' AS SIGNED)')
  const [before, after] = isHex(kind) ? ['UNHEX(', ')'] : ['', '']
  const text = fragment(`CONVERT(${before}`, id, `${after} USING utf8mb4)`)
  const bytes = fragment(`${bytesOf(column)} = CAST(`, text, ' AS BINARY)')
  return isLookedUp(kind) ? fragment(`(${column} = `, text, ' COLLATE utf8mb4_bin AND ', bytes, ')') : bytes
}

/** Whether a column of the kind is compared as a text too. */
function isLookedUp(kind: ColumnKind): boolean {
  return kind === 'text' || kind === 'uuid'
}

// --- any number of ids ----------------------------------------------------------------------------------------------

/** The ids of a slot as JSON, with `|` in place of `"`: what a driver escapes depends on the mode of the server. */
function listOf(slot: number, kind: ColumnKind): Hole {
  const quote = hasTexts(kind) ? '|' : ''
  const write = (id: string): readonly string[] => {
    if (!isHeld(id, kind)) return []
    const written = isHex(kind) ? hexOf(id) : id
    return kind === 'text' && written.length > 2 * mostBytes ? [] : [`${quote}${written}${quote}`]
  }
  return {
    encoding: `${kind}[]`,
    slot,
    type: 'text',
    value: (ids) => `[${ids.flatMap(write).join(',')}]`
  }
}

/** A name that no statement of a user has: `whereFor` refuses it. */
const ids = 'casemate_ids'

/** What a list has of each id, by the kind of the column: its type in JSON, and what is compared. */
function elementOf(kind: ColumnKind): readonly [type: string, compared: string] {
  switch (kind) {
    case 'int4':
    case 'int8':
      return ['BIGINT', `${ids}.id`]
    case 'uuid':
      return ['VARCHAR(36) CHARACTER SET utf8mb4', `${asText(`${ids}.id`)}, CAST(${ids}.id AS BINARY)`]
    case 'text': {
      const text = `LEFT(CONVERT(UNHEX(${ids}.id) USING utf8mb4), ${mostBytes}) COLLATE utf8mb4_bin`
      return [`VARCHAR(${2 * mostBytes}) CHARACTER SET utf8mb4`, `${text}, UNHEX(${ids}.id)`]
    }
    case 'cast':
    case 'enum':
    case 'boolean':
    case 'json':
      return ['LONGTEXT CHARACTER SET utf8mb4', `UNHEX(${ids}.id)`]
  }
}

/** A column has one of the ids of a slot. */
export function isIn(at: At, { name, kind }: Column, slot: number): Fragment {
  const column = columnAt(at, name)
  const [type, compared] = elementOf(kind)
  const operand = isLookedUp(kind)
    ? `(${column}, ${bytesOf(column)})`
    : hasTexts(kind)
      ? bytesOf(column)
      : column
  return fragment(
    `${operand} IN (SELECT ${compared} FROM JSON_TABLE(CONVERT(REPLACE(`,
    listOf(slot, kind),
    `, '|', '"') USING utf8mb4), _utf8mb4'$[*]' COLUMNS (id ${type} PATH _utf8mb4'$')) AS ${ids})`
  )
}

// --- rows of another table --------------------------------------------------------------------------------------------

/** A column of the row, and the column of another table that is to have the same id. */
export type Pair = readonly [column: Column, other: Column]

/**
 * The row's ids are those of a row of another table of which something holds. Nothing in the subquery names the row:
 * MariaDB keeps the answers of one that does by the row's texts, with their case and trailing spaces ignored.
 */
export function isAmong(
  at: At,
  pairs: readonly Pair[],
  from: string,
  otherAt: { readonly alias: string },
  condition: Fragment
): Fragment {
  const operands: string[] = []
  const selected: string[] = []
  for (const [column, other] of pairs) {
    const [left, right] = [columnAt(at, column.name), columnAt(otherAt, other.name)]
    const hasText = hasTexts(column.kind) || hasTexts(other.kind)
    if (!hasText || (isLookedUp(column.kind) && isLookedUp(other.kind))) {
      operands.push(hasText ? asText(left) : left)
      selected.push(right)
    }
    if (!hasText) continue
    operands.push(bytesOf(left))
    selected.push(bytesOf(right))
  }
  const operand = operands.length === 1 ? operands.join('') : `(${operands.join(', ')})`
  const query = `SELECT ${selected.join(', ')} FROM ${from} AS ${otherAt.alias} WHERE `
  return fragment(`${operand} IN (${query}`, condition, ')')
}
