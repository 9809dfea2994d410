// Who assigns what in the shipped policy, as a table that an auditor can read.
import { describe, expect, it } from 'vitest'

import coder from '../../policies/coder/index.js'
import { compile, type Subject } from '../../src/index.js'

const policy = compile(coder)
const nothing = { kind: 'org' } as const
const custom = policy
  .withRoles({ 'custom-site': { kind: 'site' } })
  .withRoles({ 'custom-org': nothing }, { org: 'o1' })

const everySiteRole = ['owner', 'auditor', 'template-admin', 'user-admin', 'member', 'custom-site']
const everyOrgRole = [
  'organization-admin',
  'organization-auditor',
  'organization-user-admin',
  'organization-template-admin',
  'organization-member',
  'organization-workspace-creation-ban',
  'agents-access',
  'custom-org'
]

/** Who: at the site; in its own organization; in another one. */
const assigns: Record<
  string,
  readonly [site: readonly string[], own: readonly string[], other: readonly string[]]
> = {
  owner: [everySiteRole, everyOrgRole, everyOrgRole.slice(0, -1)],
  'user-admin': [
    ['member'],
    ['organization-member', 'agents-access'],
    ['organization-member', 'agents-access']
  ],
  auditor: [[], [], []],
  'template-admin': [[], [], []],
  member: [[], [], []],
  'organization-admin': [[], everyOrgRole, []],
  'organization-user-admin': [[], ['organization-member', 'agents-access'], []],
  'organization-auditor': [[], [], []],
  'organization-member': [[], [], []],
  'agents-access': [[], [], []]
}

describe('policies/coder', () => {
  for (const [role, [site, own, other]] of Object.entries(assigns))
    it(`lets ${role} assign ${String(site.length)} site roles, ${String(own.length)} in its organization`, () => {
      const subject = holderOf(role)
      expect(new Set(subject.assignableRoles())).toEqual(new Set(site))
      expect(new Set(subject.assignableRoles('o1'))).toEqual(new Set(own))
      expect(new Set(subject.assignableRoles('o2'))).toEqual(new Set(other))
    })

  it('lets the service for prebuilt workspaces add members to organizations, and give nothing else', () => {
    const prebuilds = custom.systemSubject('prebuilds-orchestrator')
    expect(prebuilds.assignableRoles()).toEqual([])
    expect(prebuilds.assignableRoles('o2')).toEqual(['organization-member'])
  })

  it('lets the service for system work assign every assignable role', () => {
    const system = custom.systemSubject('system')
    expect(new Set(system.assignableRoles())).toEqual(new Set(everySiteRole))
    expect(new Set(system.assignableRoles('o1'))).toEqual(new Set(everyOrgRole))
  })

  it('lets a key assign only with the scope for it', () => {
    const admin = holderOf('organization-admin')
    expect(admin.within({ scopes: ['coder:all'] }).canAssign('agents-access', 'o1')).toBe(true)
    expect(admin.within({ scopes: ['workspace:read'] }).canAssign('agents-access', 'o1')).toBe(false)
  })
})

function holderOf(role: string): Subject {
  const isSite = policy.roles.get(role)?.kind === 'site'
  return custom.subject({ id: 'u1', roles: [isSite ? role : { role, org: 'o1' }] })
}
