// Relations as matrices and invariants write them, and the classes of objects that each is about. The same words for
// every statement: what `own org` means is said here and nowhere else.
import { parseRelation, type Relation } from '../../document/relation.js'
import type { RelationClass } from './classes.js'

export const everyObject: Relation = { owner: 'any', org: 'any' }

/** Reads a relation in any letter case; `undefined` where the text is none. */
export function readRelation(text: string): Relation | undefined {
  return parseRelation(text.toLowerCase())
}

/** Whether the relation is about the objects of a class; `anyOrg` is part of `all` alone. */
export function isAbout(relation: Relation, { owner, org }: Pick<RelationClass, 'owner' | 'org'>): boolean {
  return isOwnerIn(relation, owner) && isOrgIn(relation, org)
}

/** Whether one of several relations, as a cell joins them with `;`, reaches a class: `anyOrg` goes with `own org`. */
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
