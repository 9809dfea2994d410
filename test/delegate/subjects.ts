// Generated worlds and subjects as the engine takes them.
import { compile, parsePolicy, type Policy, type Subject } from '../../src/index.js'
import type { Giver } from './model.js'
import type { World } from '../model.js'

/** The compiled policy of a world, its custom roles added. */
export function policyOf({ document, options, customRoles }: World): Policy {
  const shipped = compile(parsePolicy(document), { options })
  return Object.entries(customRoles.orgs).reduce<Policy>(
    (policy, [org, roles]) => policy.withRoles(roles, { org }),
    shipped.withRoles(customRoles.site)
  )
}

/** A subject given as data, `within` applied one by one. */
export function subjectOf(policy: Policy, { subject: given, within = [] }: Giver): Subject {
  const data = Object(given) as { readonly system?: string }
  const subject = Object.hasOwn(data, 'system')
    ? policy.systemSubject(data.system ?? '')
    : policy.subject(asGiven(given))
  return within.reduce<Subject>((narrowed, ceiling) => narrowed.within(asGiven(ceiling)), subject)
}

/** Hands data to a typed parameter: what is wrong with it is found when it runs. */
export function asGiven(value: unknown): never {
  return value as never
}
