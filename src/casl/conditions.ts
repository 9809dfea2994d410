// Clauses → conditions on the fields of an object, with operators that CASL's default matcher knows: it silently
// ignores `$or`, `$and`, `$nor` and `$not`. Where a clause is about organizations and about none, that takes two rules.
import type { CompiledResource } from '../compile/catalogue.js'
import { canBeInOrg, canBeOutside } from '../levels.js'
import type { Named } from './acl-clauses.js'
import { isAnywhere, type Clause } from './clause.js'
import type { Ground } from '../reach/ground.js'
import { complement, hasOthers, isEmpty } from '../reach/id-sets.js'
import { createIdParts, truthPart, valuePart, type IdParts, type Part } from './parts.js'

/** Makes the conditions of one ability. */
export interface Conditions {
  /** The lists of conditions, one for each rule, that together hold where the clause does. */
  readonly of: (clause: Clause, resource: CompiledResource) => readonly (readonly Part[])[]
  /** The condition that an ACL entry names the subject and gives one of these. */
  readonly shared: (named: Named, words: readonly string[]) => Part
}

export function createConditions(ground: Ground, kinds: readonly string[]): Conditions {
  const org = createIdParts('org', ground.orgs)
  const inside = kinds.map((kind, i) => createIdParts(kind, ground.containers[i] ?? []))
  const owners: Readonly<Record<Clause['owner'], readonly Part[]>> = {
    all: [],
    // A bare value: a new object may have this owner.
    own: [valuePart('owner', [ground.id], true)],
    other: [valuePart('owner', [ground.id], false)]
  }
  const who = namesOf(ground)
  const entries = new Map<string, Part>()
  return {
    of: (clause, resource) => {
      const containers = clause.containers.flatMap(
        (one, i) => (resource.places[i] === 'never' ? undefined : inside[i]?.(one)) ?? []
      )
      return placesOf(clause, resource, org).map((place) => [
        ...owners[clause.owner],
        ...place,
        ...containers
      ])
    },
    shared: (named, words) => {
      const key = `acl ${named} ${words.join()}`
      const found = entries.get(key)
      if (found !== undefined) return found
      const entry = Object.freeze({ who: who[named], may: valuePart('may', words, true).condition })
      const part = { key, field: 'acl', condition: Object.freeze({ $elemMatch: entry }) }
      entries.set(key, part)
      return part
    }
  }
}

/** The conditions on whom an entry names. */
function namesOf({ id, groups }: Ground): Readonly<Record<Named, unknown>> {
  const user = `user:${id}`
  const others = [...groups.map((group) => `group:${group}`), 'everyone']
  const oneOf = (names: readonly string[]): unknown => valuePart('who', names, true).condition
  return { user: oneOf([user]), groups: oneOf(others), all: oneOf([user, ...others]) }
}

const asksAny = truthPart('anyOrg', true)
const asksNoAny = truthPart('anyOrg', false)

/** Where an object may be: of a resource whose objects are never there, whatever is shorter. */
function placesOf(
  clause: Clause,
  { org: placement }: CompiledResource,
  org: IdParts
): readonly (readonly Part[])[] {
  if (isAnywhere(clause) || !canBeInOrg(placement)) return [[]]
  const { orgs, any } = clause
  const nowhere = partsOf(org({ is: 'none' }))
  if (hasOthers(orgs)) {
    const not = complement(orgs)
    if (clause.none || !canBeOutside(placement))
      return [[...partsOf(org({ not })), ...(any ? [] : [asksNoAny])]]
    const placed = partsOf(org({ not, is: 'some' }))
    return any ? [placed, [asksAny]] : [placed]
  }
  return [
    ...(clause.none ? [any ? nowhere : [...nowhere, asksNoAny]] : any ? [[asksAny]] : []),
    ...(isEmpty(orgs) ? [] : [partsOf(org({ some: orgs }))])
  ]
}

function partsOf(part: Part | undefined): readonly Part[] {
  return part === undefined ? [] : [part]
}
