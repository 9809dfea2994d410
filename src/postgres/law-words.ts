// What laws of databases are made of: an open database, and how a law says that it is broken.
import { CasemateError } from '../errors.js'
import { jsonText } from '../output/json.js'
import type { StoreDatabase } from './database.js'

/** An empty database. */
export interface OpenDatabase<Tx> {
  /** What is tested. */
  readonly database: StoreDatabase<Tx>
  /** Runs something in a transaction, and rolls it back if that throws. */
  readonly transaction: <T>(run: (tx: Tx) => Promise<T>) => Promise<T>
  /** Removes it. */
  readonly close: () => Promise<void>
}

/** One law. */
export interface DatabaseLaw {
  /** What it says. */
  readonly name: string
  /** Rejects where it is broken. */
  readonly run: () => Promise<void>
}

/** A law over an open database. */
export type Law = readonly [name: string, holds: <Tx>(open: OpenDatabase<Tx>) => Promise<void>]

/** @throws CasemateError `failed_check` unless both are the same as JSON. */
export function expectSame(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [jsonText(sorted(found) ?? null), jsonText(sorted(expected) ?? null)]
  if (a !== b) throw new CasemateError('failed_check', `${what}: found ${a} where ${b} was expected`)
}

/** Keys in one order, since a database may keep them in another. */
export function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (Array.isArray(value)) return value.map(sorted)
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)])
  )
}

/** @throws CasemateError `failed_check` unless it rejects. */
export async function expectRefusal(what: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch {
    return
  }
  throw new CasemateError('failed_check', `${what}: nothing was refused`)
}
