// The entry point `casemate/guard`: a store with a check before every method. Only `as(subject)` gives access to the
// store, so no method is called unchecked; a refused call never reaches the method.
import type { Policy, Subject } from '../policy/types/index.js'
import { provenStateOf } from '../policy/internals.js'
import type { Names } from '../document/index.js'
import { shapeError } from '../problems/request-problems.js'
import { readRules, readSettings } from './read-rules.js'
import { guardStore, type Watch } from './run.js'
import type { Guarded, GuardSettings, Rules } from './types.js'
import { compiledOf } from '../compile/compile.js'

export type { Asked, Watch } from './run.js'
export type { Guarded, GuardSettings, MethodOf, Rule, Rules } from './types.js'

/** A store behind rules. Calls are only possible for a subject. */
export interface Guard<N extends Names, S> {
  /**
   * The store for one subject. A refused call rejects with a `ForbiddenError`. Decisions are those of the subject as
   * its policy made it; nobody can change it.
   *
   * @throws RequestError `invalid_request` unless it is a subject of the guard's policy, or of one that `withRoles`
   * made from it. An object that inherits from a subject, imitates one or is a proxy of one is refused.
   */
  as(subject: Subject<N>): Guarded<S>
}

/**
 * Puts a rule before every method of a store. In a method with the rule `'transaction'` the store that its callback
 * gets is guarded for the same subject, and objects are derived from that store, so that check and write see the same
 * state.
 *
 * A rule with `notFound: true` answers every refusal like a missing row. One with `notFound: 'unreadable'` does so only
 * where the subject may not `read` the object, and `{ unreadable: 'view' }` names another action for it: a resource may
 * have no `read`, so the rule and not the guard says what shows an object. Of several objects all have to be readable.
 * A call that is allowed hides nothing, and who may not see an object may still learn of it from one that they may act on.
 *
 * A method whose first argument is a condition has a rule with `where`: the guard hands it the condition for the rows
 * that the subject may act on, and callers cannot give one.
 *
 * What a guard cannot prevent:
 * - A rule and its method get the caller's own arguments. While a rule awaits, the caller may change them, and the
 *   method then writes what was not checked. With `copyArguments: true` both get one frozen copy instead. A rule that
 *   awaits nothing does not need it: its method runs before the caller's next line.
 * - Outside a transaction the stored state may change between check and method, and a method that reads its arguments
 *   after it awaited may find them changed.
 * - A method with `where` that does not use its condition counts rows that the subject may not see; of a list, those are
 *   left out.
 * - Code that has the store or the policy itself can read any row and act as any subject without the guard.
 *
 * @throws CasemateError `invalid_guard` for a method without a rule, a rule without a method, an invalid rule or
 * setting, an action that no resource has, and a `notFound` whose action no resource has beside that of the rule.
 */
export function guard<N extends Names, S extends object, Hidden extends string = never>(
  policy: Policy<N>,
  store: S,
  rules: Rules<N, S, Hidden>,
  settings: GuardSettings & { readonly watch?: Watch | undefined } = {}
): Guard<N, S> {
  const { notFound, watch } = readSettings(settings)
  const { catalogue } = compiledOf(policy)
  const read = readRules(store, rules, {
    catalogue,
    hasNotFound: notFound !== undefined
  })
  const known = new WeakMap<Subject<N>, Guarded<S>>()
  return Object.freeze({
    as: (subject: Subject<N>) => {
      const found = known.get(subject)
      if (found !== undefined) return found
      // Checked at run time too, because this subject decides about every call.
      const state = provenStateOf(policy, subject)
      if (state?.compiled.catalogue !== catalogue)
        throw shapeError(['subject'], 'a subject of the policy of this guard', subject)
      // Made from the rules, which have exactly the store's methods.
      const made = guardStore(store, read, { subject, state, notFound, watch }) as Guarded<S>
      known.set(subject, made)
      return made
    }
  })
}
