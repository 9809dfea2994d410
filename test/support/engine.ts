// From generated worlds and questions to the engine's policies and subjects, for every test that asks them something.
// What is handed over may be of any type: that is what is tested.
import type { Policy, Subject } from '../../src/index.js'
import { compile, isCasemateError, parsePolicy } from '../../src/index.js'
import type { Question, World } from '../model.js'
import { untraced } from './untraced.js'

/** The code of an error that is thrown on purpose. */
export interface Failure {
  readonly error: string
}

/** Worlds that differ in their custom roles alone share what was compiled. */
const shipped = new WeakMap<
  World['document'],
  { readonly options: World['options']; readonly policy: Policy }
>()

/** The world's policy, compiled, with its custom roles. */
export function policyOf({ document, options, customRoles }: World): Policy {
  const known = shipped.get(document)
  const policy = known?.options === options ? known.policy : compile(parsePolicy(document), { options })
  shipped.set(document, { options, policy })
  const inOrgs = Object.entries(customRoles.orgs).reduce<Policy>(
    (before, [org, roles]) => before.withRoles(roles, { org }),
    policy.withRoles(customRoles.site)
  )
  return Object.entries(customRoles.containers ?? {}).reduce<Policy>(
    (all, [container, places]) =>
      Object.entries(places).reduce(
        (before, [id, roles]) => before.withRoles(roles, { [container]: id }),
        all
      ),
    inOrgs
  )
}

/** The question's subject with its ceilings of `within`; throws what the engine throws. */
export function subjectOf(
  policy: Policy,
  { subject: given, within = [] }: Pick<Question, 'subject' | 'within'>
): Subject {
  const isSystem = typeof given === 'object' && given !== null && Object.hasOwn(given, 'system')
  const { system }: { system?: unknown } = isSystem ? given : {}
  const subject = isSystem ? policy.systemSubject(asGiven(system)) : policy.subject(asGiven(given))
  return within.reduce<Subject>((narrowed, ceiling) => narrowed.within(asGiven(ceiling)), subject)
}

/** Hands a value of any type to a typed parameter. */
export function asGiven(value: unknown): never {
  return value as never
}

/** The answer, or the code of the error that was thrown on purpose; any other error is thrown on. */
export function orFailure<T>(ask: () => T): T | Failure {
  try {
    return untraced(ask)
  } catch (error) {
    if (isCasemateError(error)) return { error: error.code }
    // Asked once more for the place that nobody noted.
    ask()
    throw error
  }
}
