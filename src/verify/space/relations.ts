// Relations as matrices and invariants write them, and the classes of objects that each covers. This is the only place
// that says what `own org` means.
import { parseRelation, type Relation } from '../../document/relation.js'
import type { RelationClass } from './classes.js'

export const everyObject: Relation = { owner: 'any', org: 'any' }

/** Reads a relation in any letter case; `undefined` for a text that is no relation. */
export function readRelation(text: string): Relation | undefined {
  return parseRelation(text.toLowerCase())
}

/** Whether the relation covers the objects of a class; only `all` covers `anyOrg`. */
export function isAbout(relation: Relation, { owner, org }: Pick<RelationClass, 'owner' | 'org'>): boolean {
  return isOwnerIn(relation, owner) && isOrgIn(relation, org)
}

/** Whether one of the relations of a cell (joined with `;`) covers a class; `anyOrg` counts as `own org`. */
export function isReached(
  reach: readonly Relation[],
  { owner, org }: Pick<RelationClass, 'owner' | 'org'>
): boolean {
  const asIn = org === 'any' ? 'own' : org
  return reach.some((relation) => isAbout(relation, { owner, org: asIn }))
}

function isOwnerIn(relation: Relation, owner: RelationClass['owner']): boolean {
  return relation.owner === 'any' || (relation.owner === 'own') === (owner === 'self')
}

function isOrgIn(relation: Relation, org: RelationClass['org']): boolean {
  if (relation.org === 'any') return true
  if (relation.org === 'other') return org === 'foreign'
  return relation.org === org
}

/** The relation as a matrix writes it. */
export function writeRelation({ owner, org }: Relation): string {
  const place = org === 'any' ? 'all' : `${org === 'none' ? 'no' : org} org`
  if (owner === 'any') return place
  return org === 'none' ? owner : `${owner}, ${place}`
}
