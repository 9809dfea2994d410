// Columns and parameters of SQLite. A column may hold values of any type whatever it is declared as, so that what is
// compared is always of a known type; texts are compared byte by byte, whatever the column's collation.
import type { Column, ColumnKind, TableName } from '../columns.js'
import { fragment, type Fragment, type Hole } from '../fragment.js'
import { isStorable } from '../storable.js'
import type { At } from './leaf-texts.js'
import { quoteName } from './sqlite-quote.js'

/** Whether values of this kind are integers; all other ids are texts. */
export function isInteger(kind: ColumnKind): boolean {
  return kind === 'int4' || kind === 'int8'
}

export function columnAt({ alias }: At, name: string): string {
  return alias === undefined ? quoteName(name) : `${quoteName(alias)}.${quoteName(name)}`
}

/** A column to be compared with something: a text byte by byte. */
export function operandAt(at: At, { name, kind }: Pick<Column, 'name' | 'kind'>): string {
  const column = columnAt(at, name)
  return isInteger(kind) || kind === 'boolean' ? column : `${column} COLLATE BINARY`
}

/** The same as a text, to be compared with texts. */
export function textAt(at: At, column: Column): string {
  return isInteger(column.kind) ? `CAST(${columnAt(at, column.name)} AS TEXT)` : operandAt(at, column)
}

/** A value is of the type that the kind has, and not NULL. */
export function isTyped(at: At, { name, kind }: Pick<Column, 'name' | 'kind'>): string {
  return `typeof(${columnAt(at, name)}) = '${isInteger(kind) ? 'integer' : 'text'}'`
}

/** A text has no NUL: functions for texts, drivers and readers of JSON end at one. */
export function hasNoNul(column: string): string {
  return `instr(${column}, char(0)) = 0`
}

export function tableName({ schema, table }: TableName): string {
  return [...(schema === undefined ? [] : [schema]), table].map(quoteName).join('.')
}

/** A column of each kind holds any 64-bit integer, or any text. */
function isHeld(id: string, kind: ColumnKind): boolean {
  return isStorable(id, isInteger(kind) ? 'int8' : 'text')
}

/** A value to be compared with the ids of a slot: a column as an operand, or a key of JSON. */
interface Operand {
  readonly text: string
  readonly kind: ColumnKind
}

const operandOf = (at: At, column: Column): Operand => ({ text: operandAt(at, column), kind: column.kind })

/** A column equals the one id of a slot; nothing equals NULL, which is sent where there is none it can hold. */
export function isOne(at: At, column: Column, slot: number): Fragment {
  return equalsOne(operandOf(at, column), slot)
}

export function equalsOne({ text, kind }: Operand, slot: number): Fragment {
  const hole = oneOf(slot, kind)
  // A driver sends the text, and a column without a type would not have it compared as a number.
  return isInteger(kind) ? fragment(`${text} = CAST(`, hole, ' AS INTEGER)') : fragment(`${text} = `, hole)
}

/** The one id of a slot, as a text. */
function oneOf(slot: number, kind: ColumnKind): Hole {
  return {
    encoding: isInteger(kind) ? 'integer' : 'text',
    slot,
    type: 'text',
    value: ([id]) => (id !== undefined && isHeld(id, kind) ? id : null)
  }
}

/** A column equals one of the ids of a slot. */
export function isIn(at: At, column: Column, slot: number): Fragment {
  return isAmong(operandOf(at, column), slot)
}

export function isAmong({ text, kind }: Operand, slot: number): Fragment {
  return fragment(`${text} IN (SELECT value FROM json_each(`, listOf(slot, kind), '))')
}

/** The ids of a slot that the column can hold, as one JSON text. */
function listOf(slot: number, kind: ColumnKind): Hole {
  const hasNumbers = isInteger(kind)
  return {
    encoding: hasNumbers ? 'integer[]' : 'text[]',
    slot,
    type: 'text',
    value: (ids) => {
      const held = ids.filter((id) => isHeld(id, kind))
      // Numbers above 2^53 are written as they are: SQLite reads 64 bits.
      return hasNumbers ? `[${held.join(',')}]` : JSON.stringify(held)
    }
  }
}
