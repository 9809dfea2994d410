// How CASL is told what the type of an object is. Imports nothing of CASL: it runs in browsers.
import { fieldOf } from './object.js'

/**
 * The type of an object, its `type`. For a type that is not a text it returns the empty text, which no rule names.
 */
export function detectSubjectType<R extends string>(object: { readonly type: R }): R
export function detectSubjectType(object: { readonly type: unknown }): string {
  const type = fieldOf(object, 'type')
  return typeof type === 'string' ? type : ''
}

/** The options of an ability that is made of a copy of the rules. */
export interface ClientAbilityOptions {
  /** An object's type is its `type`; CASL would look at its class. */
  readonly detectSubjectType: typeof detectSubjectType
}

/**
 * What CASL's `createMongoAbility(rules, abilityOptions)` needs to answer as the subject does, on objects that went
 * through `toAbilityObject`.
 */
export const abilityOptions: ClientAbilityOptions = Object.freeze({ detectSubjectType })
