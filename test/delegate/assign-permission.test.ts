// Who may give a role where the policy names a permission for it, and who may with a ceiling: each rule's yes stands
// beside its nearest no.
import { describe, expect, it } from 'vitest'

import { compile, parsePolicy, type PolicyData } from '../../src/index.js'
import { base, needing } from './policies.js'

const policyFrom = (document: PolicyData) => compile(parsePolicy(document))
const policy = policyFrom(base)
const strict = policyFrom(needing)
const holding = (...roles: (string | { role: string; org: string })[]) => policy.subject({ id: 'u1', roles })
const strictly = (...roles: (string | { role: string; org: string })[]) => strict.subject({ id: 'u1', roles })

describe('the permission that a policy names', () => {
  it('is needed besides the delegation, and is no delegation itself', () => {
    expect(strictly({ role: 'assigner', org: 'o1' }).canAssign('worker', 'o1')).toBe(true)
    expect(strictly({ role: 'warden', org: 'o1' }).canAssign('worker', 'o1')).toBe(false)
    expect(strictly({ role: 'assigner', org: 'o1' }).canAssign('chief', 'o1')).toBe(false)
  })

  it('is asked in the organization in which the role is given', () => {
    const both = strictly('site_assigner', { role: 'assigner', org: 'o1' })
    expect(both.canAssign('worker', 'o1')).toBe(true)
    expect(both.canAssign('worker', 'o2')).toBe(false)
    expect(both.explainAssign('worker', 'o2').permission).toMatchObject({
      permission: 'org_role:assign',
      object: { type: 'org_role', org: 'o2' },
      reason: 'not_granted'
    })
  })

  it('is that of the kind of role: for a site role on an object in no organization', () => {
    expect(strictly('site_assigner').canAssign('reader')).toBe(true)
    expect(strictly('site_assigner').canAssign('worker', 'o1')).toBe(false)
    expect(strictly('clerk').canAssign('reader')).toBe(false)
    expect(strictly('site_assigner').explainAssign('reader').permission?.object).toEqual({
      type: 'site_role'
    })
  })

  it('is asked about an object that is nobody’s', () => {
    expect(strictly({ role: 'owner_of_one', org: 'o1' }).canAssign('worker', 'o1')).toBe(false)
  })

  it('is another one to take a role away', () => {
    const assigner = strictly({ role: 'assigner', org: 'o1' })
    const unassigner = strictly({ role: 'unassigner', org: 'o1' })
    expect([assigner.canAssign('worker', 'o1'), assigner.canUnassign('worker', 'o1')]).toEqual([true, false])
    expect([unassigner.canAssign('worker', 'o1'), unassigner.canUnassign('worker', 'o1')]).toEqual([
      false,
      true
    ])
    expect(assigner.explainUnassign('worker', 'o1').permission?.permission).toBe('org_role:unassign')
  })

  it('is not needed for roles of a kind for which none is named', () => {
    const half = policyFrom({ ...needing, assignPermissions: { org: 'org_role:assign' } })
    const clerk = half.subject({ id: 'u1', roles: ['clerk'] })
    expect(clerk.canAssign('reader')).toBe(true)
    expect(clerk.canAssign('chief', 'o1')).toBe(false)
  })

  it('is allowed to nobody where its resource has no object', () => {
    const misplaced = policyFrom({
      ...needing,
      roles: { ...needing.roles, boss: { ...base.roles.boss, grants: { site: { allow: { '*': '*' } } } } },
      assignPermissions: { site: 'org_role:assign', org: 'site_role:assign' },
      unassignPermissions: { site: 'site_role:unassign', org: 'org_role:unassign' }
    })
    const boss = misplaced.subject({ id: 'u1', roles: ['boss'] })
    expect(boss.explainAssign('reader')).toMatchObject({ allowed: false, reason: 'permission_has_no_object' })
    expect(boss.explainAssign('worker', 'o1')).toMatchObject({
      allowed: false,
      reason: 'permission_has_no_object'
    })
    expect(boss.canUnassign('reader')).toBe(true)
    expect(boss.canUnassign('worker', 'o1')).toBe(true)
  })
})

describe('a subject with a ceiling', () => {
  it('assigns nothing where the policy names no permission', () => {
    const boss = holding('boss')
    expect(boss.canAssign('reader')).toBe(true)
    for (const ceiling of [{ allowList: ['*:*'] }, { scopes: ['doc:*'] }])
      expect(boss.within(ceiling).explainAssign('reader')).toMatchObject({
        allowed: false,
        reason: 'no_permission_named',
        delegations: [{ role: 'boss' }]
      })
    expect(
      policy
        .systemSubject('signup')
        .within({ allowList: ['*:*'] })
        .canAssign('worker', 'o1')
    ).toBe(false)
  })

  it('assigns where its scopes have the permission', () => {
    const assigner = strictly({ role: 'assigner', org: 'o1' })
    expect(assigner.within({ scopes: ['org_role:assign'] }).canAssign('worker', 'o1')).toBe(true)
    expect(assigner.within({ scopes: ['org_role:unassign'] }).explainAssign('worker', 'o1')).toMatchObject({
      allowed: false,
      reason: 'permission_refused',
      permission: { reason: 'outside_scope' }
    })
  })

  it('assigns where no allow list is in the way of an object without id', () => {
    const assigner = strictly({ role: 'assigner', org: 'o1' })
    expect(assigner.within({ allowList: ['org_role:*'] }).canAssign('worker', 'o1')).toBe(true)
    expect(assigner.within({ allowList: ['*:*'] }).canAssign('worker', 'o1')).toBe(true)
    expect(assigner.within({ allowList: ['org_role:r1', 'doc:*'] }).canAssign('worker', 'o1')).toBe(false)
  })

  it('needs a permission for the kind of role, and one to take a role away', () => {
    const half = policyFrom({ ...needing, unassignPermissions: { site: 'site_role:unassign' } })
    const assigner = half
      .subject({ id: 'u1', roles: [{ role: 'assigner', org: 'o1' }] })
      .within({ allowList: ['*:*'] })
    expect(assigner.canAssign('worker', 'o1')).toBe(true)
    expect(assigner.explainUnassign('worker', 'o1').reason).toBe('no_permission_named')
  })
})
