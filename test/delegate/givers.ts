// Givers for examples of delegation: a small catalogue, and subjects that hold exactly the grants an example needs.
import {
  compile,
  parsePolicy,
  type Grants,
  type Level,
  type PermissionSet,
  type Policy,
  type PolicyData,
  type RoleDocument,
  type Subject
} from '../../src/index.js'

export const resources = {
  doc: { actions: { read: '', write: '', delete: '' } },
  log: { actions: { read: '', create: '' } },
  key: { actions: { rotate: '' } }
} satisfies PolicyData['resources']

export const reading: PermissionSet = { doc: ['read'] }

/** Somebody who holds a site role with the grants at `site` and `user`, and an organization role in o1 with the rest. */
export function giverOf({ site, user, ...inOrg }: Grants, more: Partial<PolicyData> = {}): Subject {
  const policy = policyFrom({ site, user }, inOrg, more)
  return policy.subject({ id: 'u1', roles: ['wide', { role: 'local', org: 'o1' }] })
}

export function policyFrom(wide: Grants, local: Grants, more: Partial<PolicyData> = {}): Policy {
  const roles = {
    wide: { kind: 'site', grants: wide },
    local: { kind: 'org', grants: local },
    ...more.roles
  } satisfies PolicyData['roles']
  return compile(parsePolicy({ name: 'grants', resources, ...more, roles }))
}

export const org = (allow: PermissionSet): RoleDocument => ({ kind: 'org', grants: { org: { allow } } })
export const site = (allow: PermissionSet): RoleDocument => ({ kind: 'site', grants: { site: { allow } } })
export const at = (level: Level, allow: PermissionSet): RoleDocument => ({
  kind: level === 'site' || level === 'user' ? 'site' : 'org',
  grants: { [level]: { allow } }
})
