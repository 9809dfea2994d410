// The entry point `casemate/guard`: a store whose every method is checked. Nobody calls a
// method unchecked, because there is no store without a subject; a refused call never reaches the method.
import type { Policy, Subject } from '../policy/types/index.js'
import { provenStateOf } from '../policy/internals.js'
import type { Names } from '../document/index.js'
import { shapeError } from '../problems/request-problems.js'
import { readRules, readSettings } from './read-rules.js'
import { guardStore, type Watch } from './run.js'
import type { Guarded, GuardSettings, Rules } from './types.js'
import { compiledOf } from '../compile/compile.js'

export type { Watch } from './run.js'
export type { Guarded, GuardSettings, MethodOf, Rule, Rules } from './types.js'

/** A store behind rules. There is no call but through a subject. */
export interface Guard<N extends Names, S> {
  /**
   * The store for one subject. A refused call rejects with a `ForbiddenError`. Who asks is the subject as its policy
   * made it, which nobody can change.
   *
   * @throws RequestError `invalid_request` for what is no subject of the guard's policy, or of one made from it: an
   * object that inherits from a subject, stands in for one or imitates it is none.
   */
  as(subject: Subject<N>): Guarded<S>
}

/**
 * Puts a rule before every method of a store. In a method with the rule `'transaction'` the store that its callback
 * gets is guarded for the same subject, and objects are derived from it, so that check and write see one state.
 *
 * What a guard cannot hold:
 * - A rule and its method are given the caller's own arguments. While a rule awaits, the caller may change them, and
 *   the method then writes what was not checked. With `copyArguments: true` both see one frozen copy instead. A rule
 *   that awaits nothing needs none: its method runs before the caller's next line.
 * - Outside a transaction the stored state may change between check and method, and a method that reads its arguments
 *   after it awaited may find them changed.
 * - Whoever has the store, or the policy, needs no guard to get at rows or to be any subject.
 *
 * @throws CasemateError `invalid_guard` for a method without a rule, a rule without a method, what is no rule or
 * setting, and an action that no resource has.
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
    actions: new Set(catalogue.grid.columns.keys()),
    hasNotFound: notFound !== undefined
  })
  return Object.freeze({
    as: (subject: Subject<N>) => {
      // Types are gone at run time: whatever comes in here decides about every call.
      if (provenStateOf(policy, subject)?.compiled.catalogue !== catalogue)
        throw shapeError(['subject'], 'a subject of the policy of this guard', subject)
      // Made from the rules, which have exactly the store's methods.
      return guardStore(store, read, { subject, notFound, watch }) as Guarded<S>
    }
  })
}
