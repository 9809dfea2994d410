// A database under test: what the law of filters needs of one, so that it is one law for all of them.
import type { TableSettings } from '../../../src/sql/index.js'
import type { IdKind } from '../../../src/sql/mapping.js'
import type { Dice } from '../../arbitraries/index.js'
import type { Form, Row, Storage } from './rows.js'

/** What a database has, of what a mapping may name. */
export interface Traits {
  readonly containers: readonly ('column' | 'array' | 'join')[]
  readonly acls: readonly ('columns' | 'checked' | 'table')[]
  /** Whether a column of the kind can hold the id. */
  readonly canHold: (id: string, kind: IdKind) => boolean
  /** Puts values into a row that only this database lets in. */
  readonly spoil?: (dice: Dice, storage: Storage, row: Row) => void
}

/** A row as a driver gives it. */
export type DriverRow = Readonly<Record<string, unknown>>

export interface TestDatabase {
  readonly forms: readonly Form[]
  readonly traits: Traits
  /** What `defineTable` is told of it. */
  readonly settings: TableSettings
  readonly quoted: (name: string) => string
  /** The quoted name of the tables of a form: `rows`, `acl`, and `in 0` for the first kind of container. */
  readonly tableOf: (form: Form, table?: string) => string
  /** Puts rows into the tables of their form, in place of those that were there. */
  readonly load: (storage: Storage, rows: readonly Row[]) => Promise<void>
  /** Every row of a table. */
  readonly read: (table: string) => Promise<readonly DriverRow[]>
  /** The numbers `n` of the rows that a query finds. */
  readonly find: (text: string, values: readonly (string | null)[]) => Promise<readonly number[]>
}
