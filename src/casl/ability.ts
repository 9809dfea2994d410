// A subject as a real CASL ability. Its rules are plain data and do not need casemate. Here they are evaluated as
// functions, for speed only; the answers must be the same.
import { createMongoAbility, mongoQueryMatcher, type MongoAbility } from '@casl/ability'

import type { Subject } from '../policy/types/index.js'
import type { ActionOf, Names, ObjectOf, ResourceOf } from '../document/index.js'
import type { Clause } from './clause.js'
import { toMatcher } from './matcher.js'
import { rowField } from '../problems/own-fields.js'
import { makeRules } from './rules.js'
import { stateOf } from '../request/state.js'

/** For each resource its actions, with what they are asked about: an object, or the bare type. */
type AbilityTuples<N extends Names> = {
  [R in ResourceOf<Subject<N>>]: [ActionOf<Subject<N>, R>, R | ObjectOf<Subject<N>, R>]
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
 * ability made from the copy with CASL's `createMongoAbility(rules, { detectSubjectType })` answers the same, and so
 * does a database that is asked for the objects of a type.
 *
 * Without ACL there are at most five rules for each permission, whatever the number of organizations, roles and groups;
 * with an ACL at most one more, one for each organization and two for each group.
 *
 * The ability is a snapshot of the subject: it does not include roles that are given later.
 *
 * @throws CasemateError `not_expressible` where an ACL entry counts for the subject whose id (the subject's, a group's,
 * an organization's) has a dot, which a Mongo path cannot name.
 */
export function abilityFor<N extends Names>(subject: Subject<N>): SubjectAbility<N>
export function abilityFor(subject: Subject): MongoAbility {
  const made = makeRules(stateOf(subject))
  let clauses: ReadonlyMap<unknown, Clause> | undefined
  return createMongoAbility(
    made.map(({ rule }) => rule),
    {
      detectSubjectType,
      conditionsMatcher(conditions) {
        clauses ??= new Map(made.map(({ rule, clause }) => [rule.conditions, clause]))
        const clause = clauses.get(conditions)
        // Rules that are not ours come from `update`.
        if (clause === undefined) return mongoQueryMatcher(conditions)
        // Only code that turns rules into queries reads the AST; `can` does not.
        return Object.defineProperty(toMatcher(clause), 'ast', {
          get: () => mongoQueryMatcher(conditions).ast
        })
      }
    }
  )
}

/**
 * The type of an object, its `type`. Abilities made from a copy of the rules need it: `createMongoAbility(rules, {
 * detectSubjectType })`. For a type that is not a text it returns the empty text, which no rule names.
 */
export function detectSubjectType<R extends string>(object: { readonly type: R }): R
export function detectSubjectType(object: { readonly type: unknown }): string {
  const type = rowField(object, 'type')
  return typeof type === 'string' ? type : ''
}
