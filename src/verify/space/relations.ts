// Relations as matrices and invariants write them, and the classes of objects that each covers. This is the only place
// that says what `own org` means.
import type { Catalogue, CompiledResource } from '../../compile/catalogue.js'
import {
  everyObject,
  parseRelation,
  writeRelation,
  type OrgRelation,
  type OwnerRelation,
  type Relation,
  type RelationVocabulary
} from '../../document/relation.js'
import type { AttributeValue } from '../../types.js'
import type { RelationClass } from './classes.js'

export { everyObject, writeRelation, type RelationVocabulary }

/** A class as far as relations tell classes apart; what is left out is none, and no attribute and no entry. */
export type RelatedClass = Pick<RelationClass, 'owner' | 'org'> &
  Partial<Pick<RelationClass, 'belongs' | 'containers' | 'attributes' | 'entry'>>

/** Reads a relation in any letter case; `undefined` for a text that is no relation. */
export function readRelation(text: string, vocabulary: RelationVocabulary): Relation | undefined {
  return parseRelation(text, vocabulary, { anyCase: true })
}

/**
 * The names that a relation to objects of these resources can have in it; by default to objects of any. Where several
 * have an attribute of one name, it has the values of all of them.
 */
export function vocabularyOf(
  { containers, resources: all }: Pick<Catalogue, 'containers' | 'resources'>,
  resources: Iterable<CompiledResource> = all.values()
): RelationVocabulary {
  const attributes = new Map<string, readonly AttributeValue[]>()
  for (const resource of resources)
    for (const { name, values } of resource.attributes)
      attributes.set(name, [...new Set([...(attributes.get(name) ?? []), ...values])])
  return { containers, attributes }
}

/** Objects of an owner in an organization or none, whatever their containers and attributes. */
export function relationTo(owner: OwnerRelation, org: OrgRelation): Relation {
  return owner === 'any' && org === 'any' ? everyObject : { ...everyObject, owner, org }
}

/** Whether a relation covers everything that has no ACL. */
export function isEverything({ owner, org, containers, attributes, isShared }: Relation): boolean {
  const narrowing = { ...containers, ...attributes }
  return owner === 'any' && org === 'any' && !isShared && Object.keys(narrowing).length === 0
}

/**
 * Whether the relation covers the objects of a class. Only a relation without an organization part covers `anyOrg`, and
 * one with a container part covers it for subjects that belong to an organization: of anybody else it asks about no
 * place at all. A relation that is not `shared` says nothing about ACL entries.
 */
export function isAbout(relation: Relation, one: RelatedClass): boolean {
  const { containers, attributes, isShared } = relation
  return (
    isOwnerIn(relation, one.owner) &&
    isOrgIn(relation, one.org) &&
    isInside(containers, one) &&
    hasAttributes(attributes, one.attributes ?? {}) &&
    (!isShared || one.entry === 'user')
  )
}

/** Whether one of the relations of a cell (joined with `;`) covers a class; `anyOrg` counts as `own org`. */
export function isReached(reach: readonly Relation[], one: RelatedClass): boolean {
  const { org, belongs = true } = one
  const asIn = org === 'any' && belongs ? { ...one, org: 'own' as const } : one
  return reach.some((relation) => isAbout(relation, asIn))
}

function isOwnerIn(relation: Relation, owner: RelationClass['owner']): boolean {
  return relation.owner === 'any' || (relation.owner === 'own') === (owner === 'self')
}

function isOrgIn(relation: Relation, org: RelationClass['org']): boolean {
  if (relation.org === 'any') return true
  if (relation.org === 'other') return org === 'foreign'
  return relation.org === org
}

function isInside(
  wanted: Relation['containers'],
  { org, belongs = true, containers: inside = {} }: RelatedClass
): boolean {
  const kinds = Object.entries(wanted)
  if (kinds.length > 0 && org === 'any' && !belongs) return false
  return kinds.every(([kind, place]) => {
    const there = Object.hasOwn(inside, kind) ? inside[kind] : 'none'
    return place === (there === 'foreign' ? 'other' : there)
  })
}

function hasAttributes(wanted: Relation['attributes'], had: RelationClass['attributes']): boolean {
  return Object.entries(wanted).every(([name, value]) => Object.hasOwn(had, name) && had[name] === value)
}
