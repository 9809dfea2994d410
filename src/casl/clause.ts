// What one rule asks of an object, apart from its attributes, id and ACL: all of it must hold. Rules only allow, so a
// clause may hold for objects that another one allows anyway, and for no object that is denied.
import type { Ground } from '../reach/ground.js'
import {
  allIds,
  hasOthers,
  intersection,
  isEmpty,
  noIds,
  union,
  without,
  type IdSet
} from '../reach/id-sets.js'
import type { CompiledResource } from '../compile/catalogue.js'
import { canBeInOrg, canBeOutside } from '../levels.js'

export interface Clause {
  /** Whose the object is: the subject's, anybody's but the subject's, or anybody's and nobody's. */
  readonly owner: 'own' | 'other' | 'all'
  /** The organizations in which it may be. */
  readonly orgs: IdSet
  /** Whether it may be in no organization. */
  readonly none: boolean
  /** Whether it may ask "in at least one organization?". */
  readonly any: boolean
  /** By the number of a container. */
  readonly containers: readonly Inside[]
}

/** In which containers of one kind an object is. */
export interface Inside {
  /** It is in one of these at least; without it, in any or none. */
  readonly some?: IdSet
  /** It is in none of these. */
  readonly not: IdSet
  /** It is in one at least, or in none at all. */
  readonly is?: 'some' | 'none'
}

/** A clause about every object. */
export function everything({ orgs, containers }: Ground): Clause {
  const inside = containers.map((classes) => ({ not: noIds(classes) }))
  return { owner: 'all', orgs: allIds(orgs), none: true, any: true, containers: inside }
}

/**
 * Whether a clause about one object in one organization is one about `anyOrg`: that asks for an organization that
 * counts.
 */
export function isAskedInSome({ counting }: Ground, orgs: IdSet): boolean {
  return !isEmpty(intersection(counting, orgs))
}

/** Both clauses about one object in one place; `undefined` where no object fulfils both. */
export function both(ground: Ground, a: Clause, b: Clause): Clause | undefined {
  const owner = a.owner === 'all' ? b.owner : a.owner
  if (b.owner !== 'all' && b.owner !== owner) return undefined
  const containers = a.containers.map((one, i) => bothInside(one, b.containers[i] ?? one))
  if (containers.some(isImpossible)) return undefined
  const orgs = intersection(a.orgs, b.orgs)
  return { owner, orgs, none: a.none && b.none, any: isAskedInSome(ground, orgs), containers }
}

/** Of two clauses at most one asks for some containers. */
function bothInside(a: Inside, b: Inside): Inside {
  const not = union(a.not, b.not)
  const some = a.some ?? b.some
  if (some !== undefined) {
    const isNowhere = a.is === 'none' || b.is === 'none'
    return { some: isNowhere ? without(some, some) : without(some, not), not }
  }
  const is = a.is ?? b.is
  if (b.is !== undefined && b.is !== is) return { some: without(not, not), not }
  return is === undefined ? { not } : { is, not }
}

function isImpossible({ some }: Inside): boolean {
  return some !== undefined && isEmpty(some)
}

/** The clause about objects that there can be and that the ceilings leave; `undefined` where there are none. */
export function restrict(
  { admitted, admitsNone, admitsSome }: Ground,
  { org, places }: CompiledResource,
  clause: Clause
): Clause | undefined {
  if (clause.containers.some(({ is }, i) => is === 'none' && places[i] === 'required')) return undefined
  const isPlaced = canBeInOrg(org)
  const orgs = isPlaced ? intersection(clause.orgs, admitted) : without(admitted, admitted)
  const none = clause.none && admitsNone && canBeOutside(org)
  const any = clause.any && admitsSome && isPlaced
  return isEmpty(orgs) && !none && !any ? undefined : { ...clause, orgs, none, any }
}

/** Whether a clause asks nothing of the organization. */
export function isAnywhere({ orgs, none, any }: Clause): boolean {
  return none && any && hasOthers(orgs) && !orgs.includes('0')
}
