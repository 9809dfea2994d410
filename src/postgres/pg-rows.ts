// What the statements give → the values that a store reads. A column of another type is a fault of the program.
import { quoteValue } from '../problems/quote.js'
import type { StoredKey, StoredName } from './database.js'
import { StoreError } from './store-error.js'

export type Row = Readonly<Record<string, unknown>>

export function textIn(row: Row, column: string): string {
  const value = row[column]
  if (typeof value === 'string') return value
  throw new TypeError(`the column ${column} is no text`)
}

/** A whole number that was sent as text. */
export function numberIn(row: Row, column: string): number {
  const value = Number(textIn(row, column))
  if (Number.isSafeInteger(value)) return value
  throw new TypeError(`the column ${column} is no whole number`)
}

/** A time that was sent as milliseconds, rounded down. */
export function dateIn(row: Row, column: string): Date | null {
  return row[column] === null ? null : new Date(numberIn(row, column))
}

export function nameIn(row: Row): StoredName {
  const kind = textIn(row, 'place_kind')
  return { kind, id: kind === 'site' ? '' : textIn(row, 'place_id'), name: textIn(row, 'name') }
}

export function keyIn(row: Row): StoredKey {
  const { name, minted_by: mintedBy } = row
  return {
    id: textIn(row, 'id'),
    user: textIn(row, 'user_id'),
    name: typeof name === 'string' ? name : null,
    hash: textIn(row, 'hash'),
    scopes: listIn(row, 'scopes') as StoredKey['scopes'],
    allowList: listIn(row, 'allow_list') as StoredKey['allowList'],
    onlyOrgs: listIn(row, 'only_orgs') as StoredKey['onlyOrgs'],
    idle: row['idle'] === null ? null : numberIn(row, 'idle') * 1000,
    mintedBy: typeof mintedBy === 'string' ? mintedBy : null,
    createdAt: new Date(numberIn(row, 'created')),
    expiresAt: dateIn(row, 'expires'),
    lastUsedAt: dateIn(row, 'last_used'),
    isLive: row['is_live'] === 'true'
  }
}

/** A limit of a key. What is in the list is checked when the key is used; only JSON's `null` is none. */
function listIn(row: Row, column: string): readonly unknown[] | null {
  const text = row[column]
  const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined
  if (value === null) return null
  if (Array.isArray(value)) return value as readonly unknown[]
  const id = textIn(row, 'id')
  const message = `the key ${quoteValue(id)} cannot be read: the column ${column} is no list`
  throw new StoreError('unreadable_key', message, { value: id })
}
