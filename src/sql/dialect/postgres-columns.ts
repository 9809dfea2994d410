// Columns and parameters of PostgreSQL. Ids travel as texts with an explicit cast of the parameter, so that every driver
// sends the same and an index on the column is used.
import type { Column, ColumnKind, TableName } from '../columns.js'
import { fragment, type Fragment, type Hole } from '../fragment.js'
import { isStorable } from '../storable.js'
import type { At } from './leaf-texts.js'
import { quoteIdentifier } from './postgres-quote.js'
import { joinUuids } from './uuid-list.js'

/** A column of the table that is asked about. */
export function columnAt({ alias }: At, name: string): string {
  const column = quoteIdentifier(name)
  return alias === undefined ? column : `${quoteIdentifier(alias)}.${column}`
}

/** A column as an operand: one that is to be cast is compared byte by byte. */
export function operandAt(context: At, { name, kind }: Column): string {
  const column = columnAt(context, name)
  return kind === 'cast' ? `${column}::text COLLATE "C"` : column
}

/** The same as a text, to be compared with texts. */
export function textAt(context: At, column: Column): string {
  return column.kind === 'text' || column.kind === 'cast'
    ? operandAt(context, column)
    : `${columnAt(context, column.name)}::text`
}

export function tableName({ schema, table }: TableName): string {
  return [...(schema === undefined ? [] : [schema]), table].map(quoteIdentifier).join('.')
}

/** The type of a parameter for a column of this kind. */
function typeOf(kind: ColumnKind): string {
  return kind === 'cast' || kind === 'enum' ? 'text' : kind
}

/** The one id of a slot; NULL where there is none that the column can hold. */
export function oneOf(slot: number, kind: ColumnKind): Hole {
  const type = typeOf(kind)
  return {
    encoding: type,
    slot,
    type,
    value: ([id]) => (id !== undefined && isStorable(id, kind) ? id : null)
  }
}

/** The ids of a slot that the column can hold. */
export function listOf(slot: number, kind: ColumnKind): Hole {
  const type = `${typeOf(kind)}[]`
  const isInteger = kind === 'int4' || kind === 'int8'
  return {
    encoding: type,
    slot,
    type,
    value: (ids) => {
      const uuids = isInteger ? undefined : joinUuids(ids)
      if (uuids !== undefined) return `{${uuids}}`
      return isInteger || kind === 'uuid'
        ? `{${ids.filter((id) => isStorable(id, kind)).join(',')}}`
        : textList(ids)
    }
  }
}

/** A list of texts. */
function textList(ids: readonly string[]): string {
  // A copy: what is frozen is joined slowly.
  const some = [...ids]
  // A comma between them, so that halves of a character in two ids do not become one.
  return some.length > 0 && isPlain(some.join(','))
    ? `{"${some.join('","')}"}`
    : arrayLiteral(some.filter((id) => isStorable(id, 'text')))
}

/** Whether nothing in a text is escaped in an array, and a text of the database can have all of it. */
function isPlain(text: string): boolean {
  return !text.includes('"') && !text.includes('\\') && isStorable(text, 'text')
}

/** Documents of jsonb that an ACL column contains if one of the ids has one of the words. */
export function entriesOf(slot: number, words: readonly string[]): Hole {
  return {
    encoding: `jsonb[] ${JSON.stringify(words)}`,
    slot,
    type: 'jsonb[]',
    value: (ids) =>
      arrayLiteral(
        ids
          .filter((id) => isStorable(id, 'text'))
          .flatMap((id) => words.map((word) => JSON.stringify(Object.fromEntries([[id, [word]]]))))
      )
  }
}

/** An array in PostgreSQL's own text form: drivers and query builders spread arrays, or guess their types. */
function arrayLiteral(values: readonly string[]): string {
  if (values.length === 0) return '{}'
  const escaped = values.map((value) => value.replaceAll(/["\\]/g, '\\$&'))
  return `{"${escaped.join('","')}"}`
}

/** A column equals the one id of a slot. */
export function isOne(at: At, column: Column, slot: number): Fragment {
  return fragment(`${operandAt(at, column)} = `, oneOf(slot, column.kind))
}

/** A column equals one of the ids of a slot. */
export function isIn(at: At, column: Column, slot: number): Fragment {
  const [operand, ids] = [operandAt(at, column), listOf(slot, column.kind)]
  // No index answers a subquery, but a plan for all subjects looks it up by a hash, and goes through an array.
  return at.half === 'check'
    ? fragment(`${operand} IN (SELECT unnest(`, ids, '))')
    : fragment(`${operand} = ANY(`, ids, ')')
}

/** Two columns have the same text. */
export function isSame(at: At, column: Column, otherAt: At, other: Column): string {
  return column.kind === other.kind
    ? `${operandAt(at, column)} = ${operandAt(otherAt, other)}`
    : `${textAt(at, column)} = ${textAt(otherAt, other)}`
}
