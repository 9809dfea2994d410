// What a database says in its own words of each kind of leaf. When a leaf is asked at all, and what it is of a row without
// the column, is in `leaves.ts`, once for all.
import type { AclSource, Column, ColumnKind, ContainerSource } from '../columns.js'
import type { Fragment } from '../fragment.js'
import type { LeafCondition } from '../plan/condition.js'
import type { WriteContext } from './dialect.js'

/** The name by which a statement calls the table of a column. */
export type At = Pick<WriteContext, 'alias' | 'half'>

export type LeafOf<Kind extends LeafCondition['kind']> = Extract<LeafCondition, { readonly kind: Kind }>
export type EntryCondition = LeafOf<'userEntry' | 'groupEntry'>
export type JoinSource = Extract<ContainerSource, { readonly form: 'join' }>
export type TableAcl = Extract<AclSource, { readonly form: 'table' }>
export type ColumnAcl = Extract<AclSource, { readonly form: 'columns' }>

/** Names that no statement of a user has: `whereFor` refuses them. */
export const joinAt = { alias: 'casemate_in' }
export const entryAt = { alias: 'casemate_acl' }

/** Texts about a column that is there. Where a text needs parentheses as an operand, it has them. */
export interface LeafTexts {
  readonly columnAt: (at: At, name: string) => string
  /** Whether ids of the kind are texts, which can be empty. */
  readonly hasTexts: (kind: ColumnKind) => boolean
  /** It has the one id of a slot. */
  readonly isOne: (at: At, column: Column, slot: number) => Fragment
  /** It has one of the ids of a slot. */
  readonly isIn: (at: At, column: Column, slot: number) => Fragment
  /** A text is empty; NULL where it is NULL. */
  readonly isEmpty: (at: At, column: Column) => string
  /** A text is not empty; NULL where it is NULL. */
  readonly isFull: (at: At, column: Column) => string
  /** An attribute has one of some values, at least one; `undefined` where no row can have them. */
  readonly isAny: (at: At, column: Column, values: readonly unknown[]) => string | undefined
  /** Rows of another table that name containers. */
  readonly joined: {
    /** Such a row names one of the ids of a slot. */
    readonly isIn: (at: At, column: Column, slot: number) => Fragment
    /** Such a row names a container. */
    readonly isGiven: (at: At, column: Column) => string
    /** The row with this id has such a row of which something holds. */
    readonly has: (context: WriteContext, id: Column, source: JoinSource, condition: Fragment) => Fragment
    /** Nothing such is there. */
    readonly hasNot: (has: Fragment) => Fragment
  }
  /** The row with this id has an ACL entry in a table. */
  readonly inTable: (condition: EntryCondition, acl: TableAcl, id: Column, context: WriteContext) => Fragment
  /** It has one in a column, where the database has such ACLs. */
  readonly inColumn?: (
    condition: EntryCondition,
    half: Column,
    acl: ColumnAcl,
    context: WriteContext
  ) => Fragment
  /** Columns with lists, where the database has such. */
  readonly lists?: {
    /** It has one of the ids of a slot. */
    readonly overlaps: (at: At, column: Column, slot: number) => Fragment
    readonly isEmpty: (at: At, column: Column) => string
    readonly isFull: (at: At, column: Column) => string
    /** It is one that a decision can read, or none. */
    readonly isReadable: (at: At, column: Column) => string
  }
  /** A half of an ACL in a column is well formed; needed only where `readable` does not say so. */
  readonly isAclColumn?: (at: At, column: Column) => string
  /** A column has a value that a decision can be given; `undefined` where it has no other. */
  readonly isReadable?: (at: At, column: Column) => string | undefined
}
