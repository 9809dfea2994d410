// An entry of an ACL in a table, for databases whose subqueries may name the row: first the objects that any such entry is
// about, once for the statement; then, for those few, which entry it is.
import type { Column } from '../columns.js'
import { fragment, type Fragment, type Piece } from '../fragment.js'
import type { WriteContext } from './dialect.js'
import { entryAt, type At, type EntryCondition, type LeafTexts, type TableAcl } from './leaf-texts.js'

/** What a database says in its own words. */
export interface EntryTexts extends Pick<LeafTexts, 'isOne' | 'isIn'> {
  /** What is selected of rows that only have to be there, with its space. */
  readonly anything: string
  readonly operandAt: (at: At, column: Column) => string
  /** `FROM` the table, and what holds of every entry for users or groups. */
  readonly entries: (acl: TableAcl, list: string) => string
  /** An entry has one of the words. */
  readonly hasWord: (acl: TableAcl, words: readonly string[]) => string
  /** The row's id is among those that a query selects. */
  readonly among: (context: WriteContext, id: Column, object: Column, query: Fragment) => Fragment
  /** A column has an id of one of two slots. */
  readonly isInEither: (at: At, column: Column, slot: number, other: number) => Fragment
  /** Two columns have the same text. */
  readonly isSame: (at: At, column: Column, otherAt: At, other: Column) => string
}

/** Makes `LeafTexts.inTable` of these words. */
export function entryRow(
  texts: EntryTexts,
  condition: EntryCondition,
  acl: TableAcl,
  id: Column,
  context: WriteContext
): Fragment {
  const { org } = context.columns
  const { grantee, object } = acl
  const entries = texts.entries(acl, condition.kind === 'userEntry' ? 'user' : 'group')
  const hasWord = ` AND ${texts.hasWord(acl, condition.words)}`
  const objects = (who: Fragment): Fragment =>
    texts.among(context, id, object, fragment(entries, ' AND ', who, hasWord))
  if (condition.kind === 'userEntry') return objects(texts.isOne(entryAt, grantee, condition.user))
  const ofGroups = texts.isIn(entryAt, grantee, condition.groups)
  if (org === undefined) return objects(ofGroups)
  const near = texts.isInEither(entryAt, grantee, condition.groups, condition.orgs)
  const isOfRow = `${texts.operandAt(entryAt, object)} = ${texts.operandAt(context, id)}`
  const ofOrg = texts.isSame(entryAt, grantee, context, org)
  const exactly: readonly Piece[] = [
    `EXISTS (SELECT ${texts.anything}${entries} AND ${isOfRow} AND (`,
    ofGroups,
    ` OR ${ofOrg})${hasWord})`
  ]
  if (context.half === 'wider') return objects(near)
  if (context.half === 'check') return fragment(...exactly)
  return fragment('(', objects(near), ' AND ', ...exactly, ')')
}
