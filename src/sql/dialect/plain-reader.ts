// Values of drivers that give each column in a type of its own: texts, numbers, booleans, and JSON that is read.
import { RequestError } from '../../errors.js'
import { quoteValue } from '../../problems/quote.js'
import type { Column } from '../columns.js'
import type { ColumnReader } from './dialect.js'

/** An id as decisions compare it; a value of another type as it is, so that a decision refuses it. */
export function textOf(value: unknown, { property }: Column): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'number') return value
  if (Number.isSafeInteger(value)) return String(value)
  const where = `row.${property}`
  const message = `${where}: an integer that is not exact, ${quoteValue(value)}; have the driver give a text`
  throw new RequestError('invalid_request', message, { path: where, value })
}

export const plainReader: ColumnReader = {
  id: textOf,
  relatedId: textOf,
  attribute: (value) => value,
  // NULL and the null of jsonb are the same to drivers: no entries.
  acl: (value) => value
}
