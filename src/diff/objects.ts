// The objects that a comparison tries for one subject: the relation classes of the policy that allows, once for each
// own organization. And the fewest relations that describe those objects that differ.
import type { CompiledPermission } from '../compile/catalogue.js'
import { noCeilings, stateOf } from '../request/state.js'
import type { DecidingSubject } from '../decide/subject.js'
import type { OwnerRelation, Relation } from '../document/relation.js'
import type { ObjectRef } from '../types.js'
import { relationClasses, type OrgClass, type OwnerClass } from '../verify/space/classes.js'
import { everyObject, relationTo } from '../verify/space/relations.js'

/** A class of objects, with one of them. */
export interface Place {
  /** Equal for the same class, for subjects that hold roles in the same organizations. */
  readonly key: string
  readonly org: OrgClass
  readonly owner: OwnerClass
  readonly object: ObjectRef
}

/**
 * The classes of objects of a subject, those whose object has the fewest fields first: without ACL, or with an entry
 * for the subject. `ids` are the subject's ids in both policies.
 */
export function placesOf(
  subject: DecidingSubject,
  permission: CompiledPermission,
  withAcl: boolean,
  ids: readonly string[]
): Place[] {
  const state = { ...stateOf(subject), ceilings: noCeilings }
  const other = ['u1', 'u2', 'u3'].find((name) => !ids.includes(name)) ?? 'u4'
  return relationClasses(state, permission, { acl: withAcl }).flatMap(
    ({ owner, org, orgs: same, hasAclGrant, object }) => {
      if (hasAclGrant !== withAcl || (withAcl && object.acl?.users === undefined)) return []
      const owned = owner === 'other' ? { ...object, owner: other } : object
      const objects = org === 'own' ? same.map((name) => ({ ...owned, org: name })) : [owned]
      return objects.map((one) => ({
        key: JSON.stringify([org, org === 'own' ? one.org : null, owner, withAcl]),
        org,
        owner,
        object: one
      }))
    }
  )
}

/** Places in one relation. */
export interface Related {
  readonly relation: Relation
  readonly places: readonly Place[]
}

const orgsInOrder = [
  ['none', 'none'],
  ['own', 'own'],
  ['foreign', 'other']
] as const

/** Groups some of all places by relation. `anyOrg` places count for `all`; alone they are reported as `own org`. */
export function relate(some: readonly Place[], all: readonly Place[]): Related[] {
  if (some.length === 0) return []
  if (some.length === all.length) return [{ relation: everyObject, places: some }]
  const related = orgsInOrder.flatMap(([org, name]) => {
    const here = some.filter((place) => place.org === org)
    const owners = new Set(here.map(({ owner }) => owner))
    const possible = new Set(all.filter((place) => place.org === org).map(({ owner }) => owner))
    return ownersOf(owners, possible).map((owner): Related => ({
      relation: relationTo(owner, name),
      places: here.filter((place) => owner === 'any' || (place.owner === 'self') === (owner === 'own'))
    }))
  })
  return related.length > 0 ? related : [{ relation: relationTo('any', 'own'), places: some }]
}

function ownersOf(owners: ReadonlySet<OwnerClass>, possible: ReadonlySet<OwnerClass>): OwnerRelation[] {
  if (owners.size === 0) return []
  if (owners.size === possible.size) return ['any']
  const hasOther = owners.has('other') || owners.has('none')
  return [...(owners.has('self') ? (['own'] as const) : []), ...(hasOther ? (['other'] as const) : [])]
}
