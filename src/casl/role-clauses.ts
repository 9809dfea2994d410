// What the roles say → clauses. Denies come out exact: a clause about a narrower level leaves out the places where a
// wider one denies. Where the owner's level of some place denies, the owner's objects and those of others are two cases.
import { everything, isAskedInSome, type Clause, type Inside } from './clause.js'
import type { Ground } from '../reach/ground.js'
import { complement, isEmpty, noIds, setWhere, union, without, type IdSet } from '../reach/id-sets.js'
import { hasOwnDeny, isAllowed, isDenied, isOwnAllowed, isOwnDenied, type Reach } from '../reach/votes.js'

/** The objects that the roles allow; those of wider levels are last. */
export function allowedWhere(ground: Ground, reach: Reach): readonly Clause[] {
  if (reach.site === 'deny') return []
  const all = everything(ground)
  if (reach.site === 'allow') return [all]
  const nowhere = noIds(ground.orgs)
  const clauses: Clause[] = []
  if (reach.user === 'allow' && ground.id !== '') {
    const inside = all.containers.map(({ not }): Inside => ({ not, is: 'none' }))
    clauses.push({ owner: 'own', orgs: nowhere, none: true, any: false, containers: inside })
  }
  for (const number of [...reach.containers.keys()].reverse())
    clauses.push(...allowedInside(ground, reach, number))
  const open = setWhere(reach.orgs, isAllowed)
  const own = setWhere(reach.orgs, isOwnAllowed)
  const isOpen = isAskedInSome(ground, open)
  const isOwnOpen = !isOpen && isAskedInSome(ground, own)
  clauses.push({ ...all, owner: 'own', orgs: own, none: false, any: isOwnOpen })
  clauses.push({ ...all, orgs: open, none: false, any: isOpen })
  return clauses.filter(({ orgs, none, any }) => none || any || !isEmpty(orgs))
}

/** The objects that a container's levels allow, where no level before them decides otherwise. */
function allowedInside(ground: Ground, reach: Reach, number: number): readonly Clause[] {
  const votes = reach.containers[number] ?? ''
  const all = setWhere(votes, isAllowed)
  const denied = setWhere(votes, isDenied)
  const own = setWhere(votes, isOwnAllowed)
  const [owners, others] = [undenied(reach, true), undenied(reach, false)]
  const at = ({ orgs, denied: before }: Undenied, owner: Clause['owner'], inside: Inside): Clause => ({
    ...place(ground, orgs),
    owner,
    containers: ground.containers.map((classes, i) =>
      i === number ? inside : { not: i < number ? (before[i] ?? noIds(classes)) : noIds(classes) }
    )
  })
  const ofOwner = { some: own, not: union(denied, setWhere(votes, hasOwnDeny)) }
  return [
    ...(isEmpty(own) ? [] : [at(owners, 'own', ofOwner)]),
    ...(isEmpty(all)
      ? []
      : caseByCase(
          at(others, 'other', { some: all, not: denied }),
          at(owners, 'all', { some: all, not: denied })
        ))
  ]
}

/** The objects that the roles do not deny, as far as they do not allow them. */
export function undeniedWhere(ground: Ground, reach: Reach): readonly Clause[] {
  if (reach.site !== 'abstain') return []
  const at = ({ orgs, denied }: Undenied, owner: Clause['owner']): Clause => ({
    ...place(ground, orgs),
    owner,
    containers: denied.map((not) => ({ not }))
  })
  const owners = at(undenied(reach, true), 'all')
  const others = at(undenied(reach, false), 'other')
  if (reach.user !== 'deny') return caseByCase(others, owners)
  // The owner is denied what is in no organization and in no container.
  const inside = owners.containers.map((_, number): Clause => ({
    ...owners,
    orgs: noIds(ground.orgs),
    containers: owners.containers.map((one, i) => (i === number ? { ...one, is: 'some' } : one))
  }))
  return [others, ...inside, { ...owners, none: false }]
}

/** Where no level of an organization denies an object, and by the number of a container where one does. */
interface Undenied {
  readonly orgs: IdSet
  readonly denied: readonly IdSet[]
}

function undenied({ orgs, containers }: Reach, isOwner: boolean): Undenied {
  const isDeniedHere = (pair: string): boolean => isDenied(pair) || (isOwner && isOwnDenied(pair))
  // An object may also be in a container that allows it; then that allow is a clause of its own.
  const isDeniedInside = (pair: string): boolean => isDenied(pair) || (isOwner && hasOwnDeny(pair))
  return {
    orgs: complement(setWhere(orgs, isDeniedHere)),
    denied: containers.map((votes) => setWhere(votes, isDeniedInside))
  }
}

function place(ground: Ground, orgs: IdSet): Clause {
  return { ...everything(ground), orgs, any: isAskedInSome(ground, orgs) }
}

/** The case of others only where it reaches further than that of all. */
function caseByCase(others: Clause, all: Clause): readonly Clause[] {
  const reaches = (narrow: IdSet, wide: IdSet): boolean => !isEmpty(without(wide, narrow))
  const isWider =
    reaches(all.orgs, others.orgs) ||
    others.containers.some(({ not }, i) => reaches(not, all.containers[i]?.not ?? not))
  return isWider ? [others, all] : [all]
}
