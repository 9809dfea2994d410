// accesscontrol: roles with actions on any or on own objects; it compares the owner itself.
// It cannot express organizations, and a denial always wins, so neither that a wider level's allow beats a narrower
// level's denial. Its caller picks the roles held where the object is; a role is one name for each of its levels.
// Denials are left out: no subject of the workload holds a role that denies. ACLs and scopes are not expressed.
import { AccessControl } from 'accesscontrol'

import { grantsByRole, levels, rolesHeld } from './grants.mjs'

const possession = { site: 'any', org: 'any', orgMember: 'own', user: 'own' }

export function accessControl({ document, inputs }) {
  const control = new AccessControl({}, { policy: { owner: ({ id, owner }) => owner === id } })
  for (const [role, grants] of grantsByRole(document))
    for (const level of levels) {
      control.grant(nameOf(role, level))
      for (const { effect, type, action } of grants.filter((grant) => grant.level === level))
        if (effect === 'allow')
          control.grant(nameOf(role, level)).action(`${action}:${possession[level]}`, type)
    }
  control.lock()
  return [
    {
      name: 'accesscontrol',
      subjects: inputs.map(prepare),
      covers: (_, input) => input.scopes === undefined,
      decide: ({ id, everywhere, outside, byOrg }, action, { type, owner, org }) => {
        const roles = org ? (byOrg.get(org) ?? everywhere) : outside
        return control.can(roles, { id, owner }).do(`${action}:own`, type).granted
      }
    }
  ]
}

function nameOf(role, level) {
  return `${role.replace(':', '-')}_${level}`
}

function prepare(input) {
  const held = rolesHeld(input)
  const names = [...new Set(held.map(({ role }) => role))]
  const everywhere = names.map((role) => nameOf(role, 'site'))
  const byOrg = new Map()
  for (const { role, org } of held)
    if (org)
      byOrg.set(org, [...(byOrg.get(org) ?? everywhere), nameOf(role, 'org'), nameOf(role, 'orgMember')])
  return {
    id: input.id ?? '',
    everywhere,
    outside: [...everywhere, ...names.map((role) => nameOf(role, 'user'))],
    byOrg
  }
}
