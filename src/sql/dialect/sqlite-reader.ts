// What drivers for SQLite give → what decisions take. It refuses the same values that conditions leave out, so that a
// decision and a condition never differ about one of them.
import { shapeError } from '../../problems/request-problems.js'
import { isRecord } from '../../problems/plain.js'
import type { Column } from '../columns.js'
import type { ColumnReader } from './dialect.js'
import { textOf } from './plain-reader.js'
import { isInteger } from './sqlite-columns.js'

const nul = '\0'

function isTextWithoutNul(value: unknown): value is string {
  return typeof value === 'string' && !value.includes(nul)
}

function readId(value: unknown, column: Column): unknown {
  if (value === null) return null
  const id = isInteger(column.kind) === (typeof value !== 'string') ? textOf(value, column) : undefined
  if (isTextWithoutNul(id)) return id
  throw refusal(column, isInteger(column.kind) ? 'an integer' : 'a text without NUL', value)
}

function readRelatedId(value: unknown, column: Column): unknown {
  // SQLite has it as another type than an integer, and a row of another table counts for nothing then.
  if (typeof value === 'number' && !Number.isInteger(value)) return undefined
  const id = isInteger(column.kind) === (typeof value !== 'string') ? textOf(value, column) : undefined
  return isTextWithoutNul(id) ? id : undefined
}

function readAttribute(value: unknown, column: Column): unknown {
  if (value === null) return null
  if (column.kind !== 'boolean') {
    if (isTextWithoutNul(value)) return value
    throw refusal(column, 'a text without NUL', value)
  }
  // Query builders read some columns as booleans themselves.
  if (typeof value === 'boolean') return value
  if (value === 0 || value === 0n) return false
  if (value === 1 || value === 1n) return true
  throw refusal(column, '0 or 1', value)
}

function readAcl(value: unknown, column: Column): unknown {
  if (value === null) return null
  if (!isTextWithoutNul(value)) throw refusal(column, 'JSON as a text', value)
  const entries = parse(value)
  if (entries === null) return null
  const escapes = /\\u(?:0000|d[89a-f])/i
  if (!isRecord(entries) || Array.isArray(entries) || escapes.test(value) || !isAcl(entries, value))
    throw refusal(column, 'a record of lists of texts, each key once', value)
  return entries
}

/** `undefined` for what is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Lists of texts; with each key once, the text has no other strings than the keys and these. */
function isAcl(entries: object, text: string): boolean {
  const lists: readonly unknown[] = Object.values(entries)
  let strings = lists.length
  for (const list of lists) {
    if (!Array.isArray(list) || !list.every((word) => typeof word === 'string')) return false
    strings += list.length
  }
  return (text.match(/"(?:[^"\\]|\\.)*"/g) ?? []).length === strings
}

function refusal({ property }: Column, expected: string, value: unknown): Error {
  return shapeError(['row', property], expected, value)
}

export const sqliteReader: ColumnReader = {
  id: readId,
  relatedId: readRelatedId,
  attribute: readAttribute,
  acl: readAcl
}
