// How far a permission reaches for a subject without a ceiling, as the text of a matrix cell: `yes`, `no`, `own org`,
// `own project; own, own org`. The same reach always gives the same text, however the policy is written.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { DecidingSubject } from '../../decide/subject.js'
import type { ContainerRelation, Relation } from '../../document/relation.js'
import { stateOf } from '../../request/state.js'
import { relationClasses, type ContainerClass, type OrgClass, type RelationClass } from './classes.js'
import { isReached, vocabularyOf, writeRelation } from './relations.js'

/** A cache of reaches: even thousands of roles have few different answers. */
export class ReachMemory {
  readonly #cached = new Map<string, string>()

  /** As `reachOf`, for a subject without a ceiling. */
  of(subject: DecidingSubject, permission: CompiledPermission): string {
    const key = votesKey(subject, permission)
    if (key === undefined) return reachOf(subject, permission)
    const cached = this.#cached.get(key) ?? reachOf(subject, permission)
    this.#cached.set(key, cached)
    return cached
  }
}

/**
 * Everything that decides how far an action reaches for a subject in at most one place of each kind: its votes at the
 * site, in the organization and in the containers, under every combination of attributes, whether it can own anything,
 * and where objects can be. `undefined` for any other subject.
 */
export function votesKey(subject: DecidingSubject, permission: CompiledPermission): string | undefined {
  const { id, site, orgs, containers, ceilings } = stateOf(subject)
  const kinds = [orgs, ...containers]
  if (ceilings.length > 0 || kinds.some((held) => held.size > 1)) return undefined
  const { definition } = permission
  const tables = [site, ...kinds.map((held) => [...held.values()][0])].map((union) => union?.table)
  const votes = permissionsOf(permission).map(({ index }) =>
    tables.map((table) => (table === undefined ? '' : (table[index] ?? 0))).join()
  )
  const about = definition.attributes.length === 0 ? '' : definition.name
  return `${votes.join(' ')} ${String(id === '')} ${definition.org} ${definition.places.join()} ${about}`
}

/**
 * The reach of an action for a subject that holds its roles in at most one organization and one container of each kind.
 * ACL entries are left out. An `anyOrg` object gets the same answer as an object of that organization, so it is not
 * named separately. Every relation of the text is as wide as it can be, and none of them is covered by the others.
 */
export function reachOf(subject: DecidingSubject, permission: CompiledPermission): string {
  const state = stateOf(subject)
  const classes = permissionsOf(permission).flatMap((one) => relationClasses(state, one, { acl: false }))
  const allowed = new Set(classes.filter(({ object }) => subject.can(permission, object)))
  if (allowed.size === 0) return 'no'
  if (allowed.size === classes.length) return 'yes'
  const { catalogue } = state.compiled
  const vocabulary = vocabularyOf(catalogue, [permission.definition])
  const isSound = (relation: Relation): boolean =>
    classes.every((one) => allowed.has(one) || !isReached([relation], one))
  const terms: Relation[] = []
  for (const one of [...allowed].sort(byPlace)) {
    if (one.org === 'any' || isReached(terms, one)) continue
    const widest = widen(relationOf(one, catalogue.containers), isSound)
    if (widest !== undefined) terms.push(widest)
  }
  return withoutCovered(terms, [...allowed])
    .map((relation) => writeRelation(bare(relation, catalogue.containers, permission), vocabulary))
    .join('; ')
}

/** The permissions of the same action under every combination of attributes. */
export function permissionsOf(permission: CompiledPermission): readonly CompiledPermission[] {
  const { definition, action } = permission
  if (definition.attributes.length === 0) return [permission]
  return definition.permissions.filter((one) => one.action === action)
}

const orgsInOrder: readonly OrgClass[] = ['none', 'own', 'foreign', 'any']
const containersInOrder: readonly ContainerClass[] = ['none', 'own', 'foreign']

/** Outside organizations first, then own before other ones; what the subject owns first; then by container. */
function byPlace(a: RelationClass, b: RelationClass): number {
  const rank = ({ org, owner, containers }: RelationClass): readonly number[] => [
    orgsInOrder.indexOf(org),
    owner === 'self' ? 0 : 1,
    ...Object.values(containers).map((place) => containersInOrder.indexOf(place))
  ]
  const other = rank(b)
  return rank(a).reduce((before, one, at) => before || one - (other[at] ?? 0), 0)
}

/** The narrowest relation that covers a class; not one to `anyOrg`. */
function relationOf({ owner, org, containers, attributes }: RelationClass, kinds: readonly string[]): Relation {
  return {
    owner: owner === 'self' ? 'own' : 'other',
    org: org === 'foreign' ? 'other' : org === 'any' ? 'own' : org,
    containers: Object.fromEntries(
      kinds.flatMap((kind): [string, ContainerRelation][] => {
        const place = Object.hasOwn(containers, kind) ? containers[kind] : undefined
        return place === undefined ? [] : [[kind, place === 'foreign' ? 'other' : place]]
      })
    ),
    attributes,
    isShared: false
  }
}

/** Leaves out one part after the other where that is sound and can be written; `undefined` for one not sound itself. */
function widen(relation: Relation, isSound: (relation: Relation) => boolean): Relation | undefined {
  if (!isSound(relation)) return undefined
  let widest = relation
  const attempt = (wider: Relation): void => {
    const isWritable =
      wider.owner === 'any' || wider.org !== 'any' || Object.keys(wider.containers).length > 0
    if (isWritable && isSound(wider)) widest = wider
  }
  attempt({ ...widest, owner: 'any' })
  for (const name of Object.keys(relation.attributes))
    attempt({ ...widest, attributes: without(widest.attributes, name) })
  for (const kind of Object.keys(relation.containers))
    attempt({ ...widest, containers: without(widest.containers, kind) })
  attempt({ ...widest, org: 'any' })
  return widest
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}

/** The relations that cover something which the others, together, do not. */
function withoutCovered(terms: readonly Relation[], allowed: readonly RelationClass[]): readonly Relation[] {
  return terms.reduce((left, term) => {
    const others = left.filter((one) => one !== term)
    const isCovered = allowed.every((one) => !isReached([term], one) || isReached(others, one))
    return isCovered ? others : left
  }, terms)
}

/** An owner's objects in no place are written without places, so that kinds in which they cannot be are none too. */
function bare(relation: Relation, kinds: readonly string[], { definition }: CompiledPermission): Relation {
  if (relation.owner === 'any' || relation.org !== 'none') return relation
  const isOutside = kinds.every(
    (kind, number) => relation.containers[kind] === 'none' || definition.places[number] === 'never'
  )
  if (!isOutside) return relation
  return { ...relation, containers: Object.fromEntries(kinds.map((kind) => [kind, 'none' as const])) }
}
