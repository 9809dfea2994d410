// The statements that migrate the scope type, in parts: what may run inside a transaction, and what may not. Every part
// may run more than once. No stored key is lost; a key changes only by a renamed value.
import type { Policy } from '../../policy/types/index.js'
import { commentLine } from '../escape.js'
import { enumChanges, enumValues, invertChanges, type EnumChanges, type Rename } from './changes.js'
import { createType, dropType } from './create.js'
import { quoteIdentifier, quoteLabel } from '../../sql/dialect/postgres-quote.js'
import { rebuildType } from './rebuild.js'
import { renameValue } from './rename.js'

export interface EnumSettings {
  /** The type's name, as `api_key_scope`. */
  readonly name: string
  /** The schema that it is in; by default the first of the search path. */
  readonly schema?: string | undefined
  /** The policy that the type was made from; by default there is no type yet. */
  readonly from?: Policy | undefined
  /** Whether to migrate back. */
  readonly isDown?: boolean | undefined
  /** Only what may run inside a transaction, or only what may not. */
  readonly part?: 'inside' | 'outside' | undefined
}

export interface MigrationPart {
  /** Whether it may run inside a transaction, together with whatever else runs there. */
  readonly inTransaction: boolean
  /** What a reader should know, a line each. */
  readonly notes: readonly string[]
  readonly statements: readonly string[]
}

/**
 * The type from nothing, or from the values of `from`. No part where there is nothing to do, more than one where some
 * statements cannot share a transaction with others.
 *
 * @throws CasemateError `not_expressible` for a name or scope that PostgreSQL cannot hold (63 bytes, no null
 * character).
 */
export function enumMigration(policy: Policy, settings: EnumSettings): MigrationPart[] {
  const { part } = settings
  const parts = allParts(policy, settings)
  return part === undefined
    ? parts
    : parts.filter(({ inTransaction }) => inTransaction === (part === 'inside'))
}

function allParts(policy: Policy, { name, schema, from, isDown = false }: EnumSettings): MigrationPart[] {
  const type = [schema, name].flatMap((part) => (part === undefined ? [] : quoteIdentifier(part))).join('.')
  if (from === undefined) {
    const statement = isDown ? dropType(type) : createType({ type, name, schema }, enumValues(policy))
    return [{ inTransaction: true, notes: [], statements: [statement] }]
  }
  const changes = enumChanges(from, policy)
  return migrateType(type, isDown ? invertChanges(changes) : changes)
}

function migrateType(type: string, { renamed, added, removed }: EnumChanges): MigrationPart[] {
  const parts: MigrationPart[] = []
  const anywhere: string[] = []
  const notes = ['May run inside a transaction.']
  if (removed.length > 0) {
    const values = removed.map(({ value }) => value)
    anywhere.push(rebuildType(type, values, added))
    notes.push(
      `Builds ${commentLine(type)} anew without ${values.map(commentLine).join(', ')}, in one statement.`,
      'Refuses, with their number, while stored keys use one of these. Locks the tables that hold keys.'
    )
    for (const { value, nowIn } of removed)
      if (nowIn !== undefined) notes.push(movingNote(value, nowIn, renamed))
  }
  // The step that may fail comes first: nothing is renamed yet then, so the notes above still apply.
  anywhere.push(...renamed.map((rename) => renameValue(type, rename)))
  if (anywhere.length > 0) parts.push({ inTransaction: true, notes, statements: anywhere })
  if (removed.length === 0 && added.length > 0) {
    parts.push({
      inTransaction: false,
      notes: [
        'Not inside a transaction: before PostgreSQL 12 it cannot run in one, and later versions use no new value',
        'before the transaction that added it has ended.'
      ],
      statements: added.map((value) => `ALTER TYPE ${type} ADD VALUE IF NOT EXISTS ${quoteLabel(value)};`)
    })
  }
  return parts
}

function movingNote(value: string, nowIn: string, renamed: readonly Rename[]): string {
  const to = renamed.find(({ from }) => from === nowIn)?.to
  return to === undefined
    ? `${commentLine(value)} is an alias of ${commentLine(nowIn)} now: store its keys with that name first.`
    : `${commentLine(value)} and ${commentLine(nowIn)} are both ${commentLine(to)} now: store the keys of ${commentLine(value)} with the name ${commentLine(nowIn)} first.`
}
