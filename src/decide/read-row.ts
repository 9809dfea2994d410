// The fields that a policy declares, read from a row for `can`: without allocating, and only what is one text or one
// value. What is anything else has no result here, and `read-fields.ts` reads it again.
// A read by a name that is not in the code is quick only where that piece of code sees one name. So the containers and
// the first attributes of a policy are written out, each with a piece of its own.
import {
  FALSE,
  FIRST,
  FURTHER,
  NO_VALUE,
  NONE,
  SECOND,
  TEXT,
  THIRD,
  TRUE,
  type FieldsOfRows
} from '../compile/row-fields.js'

/** An object, or `Object.prototype`, by the names that a policy declares. */
type Row = Readonly<Record<string, unknown>>

const root = Object.prototype as Row
/** The first attributes are not read by their number. */
const written = 3

/** The id of the object's container of the first kind; empty for none, `undefined` for what has to be read again. */
export function firstContainer(object: object, kind: string): string | undefined {
  return root[kind] === undefined ? idOf((object as Row)[kind]) : undefined
}

/** The same for the second kind. */
export function secondContainer(object: object, kind: string): string | undefined {
  return root[kind] === undefined ? idOf((object as Row)[kind]) : undefined
}

/** The same for the third kind. */
export function thirdContainer(object: object, kind: string): string | undefined {
  return root[kind] === undefined ? idOf((object as Row)[kind]) : undefined
}

function idOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given
  return given === undefined || given === null ? '' : undefined
}

/**
 * The number of a permission on an object with the object's attributes; negative for what has to be read again. `form`
 * says which attributes it has, `first` is its number with the first value of each.
 */
export function numberWith(fields: FieldsOfRows, form: number, first: number, object: object): number {
  const { names, texts, starts, adds, width } = fields
  const row = object as Row
  const start = starts[first] ?? 0
  let number = first
  if ((form & FIRST) !== 0) {
    const name = names[0] ?? ''
    if (root[name] !== undefined) return -1
    number += adds[start + codeOf(texts[0], row[name])] ?? -1
  }
  if ((form & SECOND) !== 0) {
    const name = names[1] ?? ''
    if (root[name] !== undefined) return -1
    number += adds[start + width + codeOf(texts[1], row[name])] ?? -1
  }
  if ((form & (THIRD | FURTHER)) === 0) return number
  if ((form & THIRD) !== 0) {
    const name = names[2] ?? ''
    if (root[name] !== undefined) return -1
    number += adds[start + 2 * width + codeOf(texts[2], row[name])] ?? -1
  }
  return (form & FURTHER) === 0 ? number : addFurther(fields, start, number, row)
}

function addFurther(
  { names, texts, adds, width }: FieldsOfRows,
  start: number,
  sum: number,
  row: Row
): number {
  let number = sum
  for (let i = written; i < names.length; i++) {
    const name = names[i] ?? ''
    const at = start + i * width
    if (!isHad(adds, at, width)) continue
    if (root[name] !== undefined) return -1
    number += adds[at + codeOf(texts[i], row[name])] ?? -1
  }
  return number
}

/** Whether the resource whose values these are has the attribute: then it has one of them at least. */
function isHad(adds: Int32Array, at: number, width: number): boolean {
  for (let code = 0; code < width; code++) if ((adds[at + code] ?? -1) >= 0) return true
  return false
}

/** What a value is. Of the others than texts without a branch: which of them it is no processor can foresee. */
function codeOf(texts: readonly string[] | undefined, value: unknown): number {
  if (texts === undefined || texts.length === 0 || typeof value !== 'string') {
    const isNone = Number(value === undefined) + Number(value === null)
    return Number(value === true) * TRUE + Number(value === false) * FALSE + isNone * NONE
  }
  for (let i = 0; i < texts.length; i++) if (texts[i] === value) return TEXT + i
  return NO_VALUE
}
