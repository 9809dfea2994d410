// A subject as a real CASL ability. Its rules are plain data and do not need casemate. Here they are evaluated as
// functions, for speed only; the answers must be the same.
import { createMongoAbility, mongoQueryMatcher, type MongoAbility } from '@casl/ability'

import type { Subject } from '../policy/types/index.js'
import type { ActionOf, Names, ObjectOf, ResourceOf } from '../document/index.js'
import { stateOf } from '../request/state.js'
import { toAbilityObject, type AbilityObject } from './client/object.js'
import { detectSubjectType } from './client/options.js'
import { newCached, toMatcher } from './matcher.js'
import { makeRules } from './rules.js'

/** For each resource its actions, with what they are asked about: an object, or the bare type. */
type AbilityTuples<N extends Names> = {
  [R in ResourceOf<Subject<N>>]: [ActionOf<Subject<N>, R>, R | ObjectOf<Subject<N>, R> | AbilityObject<R>]
}[ResourceOf<Subject<N>>]

/** A CASL ability that knows the names of its policy. */
export type SubjectAbility<N extends Names = Names> = MongoAbility<AbilityTuples<N>>

/**
 * A CASL ability that decides as the subject does: `ability.can(action, object)` equals `subject.can(action, object)`
 * for every object that `subject.can` accepts. Where `subject.can` throws, do not rely on the answer. A bare type is
 * answered as `subject.canSome` answers it; a missing object is refused.
 *
 * The rules are plain data with standard Mongo operators, frozen with everything in them. They only allow, so their
 * order does not matter and the rules of two subjects can be joined. They survive `JSON.stringify` and `packRules`: an
 * ability made from the copy with CASL's `createMongoAbility(rules, abilityOptions)` answers the same about
 * `toAbilityObject(object)`; both come from `casemate/casl/client`. So does a database of such objects.
 *
 * How many rules there are depends on the policy alone, never on how many organizations, containers, roles and groups
 * the subject has. Without containers, attributes and ACL settings there are at most four for each permission, and with
 * an ACL at most three more.
 *
 * The ability is a snapshot of the subject: it does not include roles that are given later.
 */
export function abilityFor<N extends Names>(subject: Subject<N>): SubjectAbility<N>
export function abilityFor(subject: Subject): MongoAbility {
  const rules = makeRules(stateOf(subject))
  const own = new Set<unknown>(rules.map(({ conditions }) => conditions))
  const cached = newCached()
  return createMongoAbility(rules, {
    detectSubjectType,
    conditionsMatcher(conditions) {
      // Rules that are not ours come from `update`; they may be a copy of ours.
      if (!own.has(conditions)) {
        const matches = mongoQueryMatcher(conditions)
        const { ast } = matches
        return Object.assign((object: object) => matches(toAbilityObject(object as never)), { ast })
      }
      // Only code that turns rules into queries reads the AST; `can` does not.
      return Object.defineProperty(toMatcher(conditions, cached), 'ast', {
        get: () => mongoQueryMatcher(conditions).ast
      })
    }
  })
}
