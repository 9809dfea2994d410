// The access module of better-auth: a role is a record from resource to actions, and answers yes or no.
// It cannot express organizations, ownership, denials, wildcards, scopes and ACLs. Its caller does what it lacks, as
// that package's own organization plugin does: picks the roles held where the object is, compares the owner, and asks
// one role after the other until one allows.
import { createAccessControl } from 'better-auth/plugins/access'

import { byType, grantsByRole, levels, rolesHeld } from './grants.mjs'

export function betterAuth({ document, inputs }) {
  const statement = Object.fromEntries(
    Object.entries(document.resources).map(([type, { actions }]) => [type, Object.keys(actions)])
  )
  const access = createAccessControl(statement)
  const roles = new Map()
  for (const [role, grants] of grantsByRole(document))
    for (const level of levels) {
      const allowed = grants.filter((grant) => grant.level === level && grant.effect === 'allow')
      roles.set(`${role} ${level}`, access.newRole(Object.fromEntries(byType(allowed))))
    }
  return [
    {
      name: 'better-auth access',
      subjects: inputs.map((input) => prepare(roles, input)),
      covers: (_, input) => input.scopes === undefined,
      decide: ({ id, site, user, byOrg }, action, { type, owner, org }) => {
        const request = { [type]: [action] }
        if (isAllowed(site, request)) return true
        if (!org) return owner === id && isAllowed(user, request)
        const held = byOrg.get(org)
        if (held === undefined) return false
        return isAllowed(held.org, request) || (owner === id && isAllowed(held.orgMember, request))
      }
    }
  ]
}

function isAllowed(roles, request) {
  for (const role of roles) if (role.authorize(request).success) return true
  return false
}

function prepare(roles, input) {
  const held = rolesHeld(input)
  const names = [...new Set(held.map(({ role }) => role))]
  const byOrg = new Map()
  for (const { role, org } of held) {
    if (!org) continue
    const there = byOrg.get(org) ?? { org: [], orgMember: [] }
    there.org.push(roles.get(`${role} org`))
    there.orgMember.push(roles.get(`${role} orgMember`))
    byOrg.set(org, there)
  }
  return {
    id: input.id ?? '',
    site: names.map((role) => roles.get(`${role} site`)),
    user: names.map((role) => roles.get(`${role} user`)),
    byOrg
  }
}
