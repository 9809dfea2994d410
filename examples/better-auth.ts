// better-auth's access control as a policy, and a role of a policy as its statements. Both are exact or an error: what the
// one side cannot say is never left out.
import { CasemateError, parsePolicy, type Policy, type PolicyDocument } from 'casemate'

/** What `createAccessControl` takes and `newRole` keeps in `statements`: the actions of each resource. */
export type Statements = Readonly<Record<string, readonly string[]>>

/**
 * Roles of the organization plugin as a policy: each allows in the organization in which it is held what its statements do.
 *
 * @throws PolicyError for names that a policy cannot have, and for roles with what the statements do not declare. better-auth
 * takes both. CasemateError `not_expressible` for a resource `*` of a role: it is a name to better-auth and all to a policy.
 */
export function fromBetterAuth(
  name: string,
  declared: Statements,
  roles: Readonly<Record<string, Statements>>
): PolicyDocument {
  const each = <T, U>(record: Readonly<Record<string, T>>, make: (value: T) => U): Record<string, U> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, make(value)]))
  for (const [role, granted] of Object.entries(roles))
    if (Object.hasOwn(granted, '*'))
      throw new CasemateError('not_expressible', `${role}: a policy has no resource \`*\``, { path: role })
  return parsePolicy({
    name,
    resources: each(declared, (actions) => ({
      org: 'required',
      actions: Object.fromEntries(actions.map((action) => [action, '']))
    })),
    roles: each(roles, (granted) => ({
      kind: 'org',
      grants: { org: { allow: each(granted, (actions) => [...new Set(actions)]) } }
    }))
  })
}

/**
 * The statements of an organization role, with every resource of the policy.
 *
 * @throws CasemateError `not_expressible` for a role whose answer depends on more than resource and action, or takes from
 * other roles. RequestError for what is no organization role of the policy.
 */
export function toBetterAuth(policy: Policy, role: string): Record<string, string[]> {
  const holder = policy.subject({ id: 'holder', roles: [{ role, org: 'here' }] })
  const refuse = (path: string, what: string): never => {
    throw new CasemateError('not_expressible', `${path}: better-auth cannot say ${what}`, { path })
  }
  const { includes, variants, grants } = policy.document.roles?.[role] ?? {}
  if (includes?.length || variants?.length) refuse(`roles.${role}`, 'what includes others or has variants')
  if (Object.values(grants ?? {}).some((effects) => effects?.deny)) refuse(`roles.${role}`, 'denies')
  const statements = Object.entries(policy.document.resources).map(([type, resource]) => {
    if (resource.org !== 'required' || resource.in || resource.attributes)
      refuse(`resources.${type}`, 'where an object is and what it has')
    const allowed = Object.keys(resource.actions).filter((action) => {
      const can = (org: string, owner: string): boolean => holder.can(action, { type, org, owner })
      const isAllowed = can('here', 'another')
      if (can('here', 'holder') !== isAllowed || can('elsewhere', 'another') || can('elsewhere', 'holder'))
        refuse(`roles.${role}`, `whose ${type} may be asked to ${action}`)
      return isAllowed
    })
    return [type, allowed] as const
  })
  return Object.fromEntries(statements)
}
