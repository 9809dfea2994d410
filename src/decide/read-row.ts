// The fields that a policy declares, read from a row for `can`: without allocating, and only what is one text or one
// value. What is anything else has no result here, and `read-fields.ts` reads it again.
// A read by a name that is not in the code is quick only where that piece of code sees one name. So the first attributes
// of a policy are written out, each with a piece of its own.
import type { FieldOfRow, FieldsOfRow } from '../compile/row-fields.js'

/** An object, or `Object.prototype`, by the names that a policy declares. */
type Row = Readonly<Record<string, unknown>>

const root = Object.prototype as Row

/** The id of the object's container; empty for none, `undefined` for what has to be read again. */
export function containerIn(object: object, kind: string): string | undefined {
  if (root[kind] !== undefined) return undefined
  const given = (object as Row)[kind]
  if (typeof given === 'string') return given
  return given === undefined || given === null ? '' : undefined
}

/** The number of a permission on an object with the object's attributes; negative for what has to be read again. */
export function numberWith(fields: FieldsOfRow | undefined, first: number, object: object): number {
  if (fields === undefined) return -1
  const { length } = fields
  if (length === 0) return first
  const row = object as Row
  let number = first
  const one = fields[0]
  if (one !== undefined) {
    const { name } = one
    const added = root[name] === undefined ? adds(one, row[name]) : -1
    if (added < 0) return -1
    number += added
  }
  const two = length < 2 ? undefined : fields[1]
  if (two !== undefined) {
    const { name } = two
    const added = root[name] === undefined ? adds(two, row[name]) : -1
    if (added < 0) return -1
    number += added
  }
  const three = length < 3 ? undefined : fields[2]
  if (three !== undefined) {
    const { name } = three
    const added = root[name] === undefined ? adds(three, row[name]) : -1
    if (added < 0) return -1
    number += added
  }
  for (let i = 3; i < length; i++) {
    const field = fields[i]
    if (field === undefined) continue
    const { name } = field
    const added = root[name] === undefined ? adds(field, row[name]) : -1
    if (added < 0) return -1
    number += added
  }
  return number
}

function adds(field: FieldOfRow, value: unknown): number {
  if (value === true) return field.ifTrue
  if (value === false) return field.ifFalse
  if (value === undefined || value === null) return field.ifNone
  const { texts, ifText } = field
  for (let i = 0; i < texts.length; i++) if (texts[i] === value) return ifText[i] ?? -1
  return -1
}
