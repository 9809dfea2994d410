// From a generated world to the policy that casemate makes of it, and from a question to the subject who asks it.
import { compile, parsePolicy, type ObjectRef, type Policy, type Subject } from 'casemate'
import type { RolledQuestion } from '../arbitraries/index.js'
import type { World } from '../model.js'

export function policyOf({ document, options, customRoles }: World): Policy {
  let policy: Policy = compile(parsePolicy(document), { options })
  policy = policy.withRoles(customRoles.site)
  for (const [org, roles] of Object.entries(customRoles.orgs)) policy = policy.withRoles(roles, { org })
  return policy
}

export function subjectOf(policy: Policy, { subject, within }: RolledQuestion): Subject {
  const system = subject['system']
  const asking =
    typeof system === 'string'
      ? policy.systemSubject(system)
      : policy.subject(subject as { readonly id: string })
  return within.reduce((narrowed, ceiling) => narrowed.within(ceiling), asking)
}

export function objectOf({ object }: RolledQuestion): ObjectRef {
  return object as unknown as ObjectRef
}
