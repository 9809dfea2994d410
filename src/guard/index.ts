// The door of this room, and the entry point `casemate/guard`: a store whose every method is checked. Nobody calls a
// method unchecked, because there is no store without a subject; a refused call never reaches the method.
import type { Policy, Subject } from '../api/index.js'
import { decidedState, engineOf } from '../compiled-form.js'
import type { Catalogue } from '../compile/catalogue.js'
import type { Names } from '../document/index.js'
import { isRecord, shapeError } from '../request-problems.js'
import { checkSettings, readRules } from './read-rules.js'
import { guardStore, type Asker, type Watch } from './run.js'
import type { Guarded, GuardSettings, Rules } from './types.js'

export type { Watch } from './run.js'
export type { Guarded, GuardSettings, MethodOf, Rule, Rules } from './types.js'

/** A store behind rules. There is no call but through a subject. */
export interface Guard<N extends Names, S> {
  /**
   * The store for one subject. A refused call rejects with a `ForbiddenError`.
   *
   * @throws RequestError `invalid_request` for what is no subject of the guard's policy, or of one made from it.
   */
  as(subject: Subject<N>): Guarded<S>
}

/**
 * Puts a rule before every method of a store. In a method with the rule `'transaction'` the store that its callback
 * gets is guarded for the same subject, and objects are derived from it, so that check and write see one state.
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
  checkSettings(settings)
  const { catalogue } = engineOf(policy)
  const read = readRules(store, rules, {
    actions: new Set(catalogue.grid.columns.keys()),
    hasNotFound: settings.notFound !== undefined
  })
  return Object.freeze({
    as: (subject: Subject<N>) => {
      if (!isSubjectOf(catalogue, subject))
        throw shapeError(['subject'], 'a subject of the policy of this guard', subject)
      // Made from the rules, which have exactly the store's methods.
      return guardStore(store, read, { subject, ...settings }) as Guarded<S>
    }
  })
}

/**
 * Types are gone at run time: whatever comes in here decides about every call. Only a subject itself gives its state,
 * no object that inherits from one; and one whose answers were replaced is none.
 */
function isSubjectOf(catalogue: Catalogue, subject: unknown): boolean {
  if (typeof subject !== 'object' || subject === null || !(decidedState in subject)) return false
  if ([decidedState, ...asked].some((name) => Object.hasOwn(subject, name))) return false
  const state = readState(subject)
  return isRecord(state) && isRecord(state['engine']) && state['engine']['catalogue'] === catalogue
}

const asked: readonly (keyof Asker)[] = ['can', 'authorize', 'filter']

function readState(subject: { readonly [decidedState]: unknown }): unknown {
  try {
    return subject[decidedState]
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
