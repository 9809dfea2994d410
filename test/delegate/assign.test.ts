// Who may give a role or take it away: each rule's yes stands beside its nearest no.
import { describe, expect, it } from 'vitest'

import { compile, isCasemateError, parsePolicy, type PolicyData, type RoleDocument } from '../../src/index.js'
import { base, needing } from './policies.js'

const policyFrom = (document: PolicyData) => compile(parsePolicy(document))
const policy = policyFrom(base)
const strict = policyFrom(needing)
const holding = (...roles: (string | { role: string; org: string })[]) => policy.subject({ id: 'u1', roles })
const strictly = (...roles: (string | { role: string; org: string })[]) => strict.subject({ id: 'u1', roles })

describe('a delegation', () => {
  it('reaches a role that is listed by name, and no other', () => {
    expect(holding('clerk').canAssign('reader')).toBe(true)
    expect(holding('clerk').canAssign('boss')).toBe(false)
    expect(holding('reader').canAssign('reader')).toBe(false)
    expect(holding().canAssign('reader')).toBe(false)
  })

  it('of a site role reaches organization roles in every organization', () => {
    expect(holding('clerk').canAssign('chief', 'o1')).toBe(true)
    expect(holding('clerk').canAssign('chief', 'o2')).toBe(true)
    expect(holding('clerk').canAssign('worker', 'o1')).toBe(false)
  })

  it('of an organization role reaches roles of the same organization alone', () => {
    const warden = holding({ role: 'warden', org: 'o1' })
    expect(warden.canAssign('worker', 'o1')).toBe(true)
    expect(warden.canAssign('worker', 'o2')).toBe(false)
    expect(warden.canAssign('reader')).toBe(false)
    expect(holding({ role: 'chief', org: 'o1' }).canAssign('reader')).toBe(false)
  })

  it('of an organization role that has grants at the site stays in its organization', () => {
    const envoy = holding({ role: 'envoy', org: 'o1' })
    expect(envoy.can('read', { type: 'doc', org: 'o2' })).toBe(true)
    expect(envoy.canAssign('worker', 'o1')).toBe(true)
    expect(envoy.canAssign('worker', 'o2')).toBe(false)
    expect(envoy.canAssign('reader')).toBe(false)
  })

  it('never reaches a role that is not assignable, by a wildcard or by its name', () => {
    expect(holding('boss').canAssign('reader')).toBe(true)
    expect(holding('boss').canAssign('internal')).toBe(false)
    expect(holding('boss', 'clerk').explainAssign('internal')).toMatchObject({
      reason: 'not_assignable',
      delegations: [{ role: 'clerk', assigns: 'internal' }]
    })
    expect(holding('boss').canAssign('worker', 'o1')).toBe(true)
    expect(holding('boss').canAssign('robot', 'o1')).toBe(false)
  })

  it('of a system subject reaches what it lists, in every organization', () => {
    const signup = policy.systemSubject('signup')
    expect(signup.canAssign('worker', 'o7')).toBe(true)
    expect(signup.canAssign('chief', 'o7')).toBe(false)
    expect(policy.systemSubject('purge').canAssign('worker', 'o7')).toBe(false)
  })
})

describe('a custom role', () => {
  const reading: RoleDocument = { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } }
  const writing: RoleDocument = { kind: 'org', grants: { org: { allow: { doc: ['write'] } } } }
  const custom = policy
    .withRoles({ site_custom: { kind: 'site' } })
    .withRoles({ reading, writing, nothing: { kind: 'org' } }, { org: 'o1' })
    .withRoles({ nothing: { kind: 'org' }, elsewhere: { kind: 'org' } }, { org: 'o2' })
  const having = (...roles: (string | { role: string; org: string })[]) => custom.subject({ id: 'u1', roles })

  it('is reached by `*` and by the kind of custom role that it is', () => {
    expect(having('boss').canAssign('site_custom')).toBe(true)
    expect(having('registrar').canAssign('site_custom')).toBe(true)
    expect(having('founder').canAssign('site_custom')).toBe(false)
    expect(having('clerk').canAssign('site_custom')).toBe(false)
    expect(having('boss').canAssign('nothing', 'o1')).toBe(true)
    expect(having('founder').canAssign('nothing', 'o1')).toBe(true)
    expect(having('registrar').canAssign('nothing', 'o1')).toBe(false)
    expect(having({ role: 'chief', org: 'o1' }).canAssign('nothing', 'o1')).toBe(true)
    expect(having({ role: 'chief', org: 'o2' }).canAssign('nothing', 'o1')).toBe(false)
  })

  it('is not what `custom:site` and `custom:org` mean of shipped roles', () => {
    expect(having('registrar').canAssign('reader')).toBe(false)
    expect(having('founder').canAssign('worker', 'o1')).toBe(false)
  })

  it('is also compared by its grants, where a shipped role is not', () => {
    const founder = having('founder', { role: 'worker', org: 'o1' })
    expect(founder.canAssign('reading', 'o1')).toBe(true)
    expect(founder.canAssign('writing', 'o1')).toBe(false)
    expect(founder.explainAssign('writing', 'o1')).toMatchObject({
      reason: 'not_covered',
      cover: { reason: 'not_covered', gaps: [{ reason: 'not_held', permission: 'doc:write', level: 'org' }] }
    })
    expect(having('clerk').canAssign('chief', 'o1')).toBe(true)
  })

  it('is taken away only by who could have given it', () => {
    const founder = having('founder', { role: 'worker', org: 'o1' })
    expect(founder.canUnassign('reading', 'o1')).toBe(true)
    expect(founder.canUnassign('writing', 'o1')).toBe(false)
  })

  it('has no name in another organization', () => {
    expect(having('boss').canAssign('elsewhere', 'o2')).toBe(true)
    expect(codeOf(() => having('boss').canAssign('elsewhere', 'o1'))).toBe('unknown_role')
    expect(codeOf(() => having('boss').canAssign('elsewhere'))).toBe('unknown_role')
  })
})

describe('the explanation', () => {
  it('names every entry that reaches the role, with who holds it and where it stands', () => {
    const many = holding('boss', 'clerk', { role: 'chief', org: 'o1' }, { role: 'chief', org: 'o2' })
    expect(many.explainAssign('chief', 'o1')).toEqual({
      allowed: true,
      reason: 'delegated',
      role: 'chief',
      org: 'o1',
      delegations: [
        { role: 'boss', assigns: '*', path: 'roles.boss.assigns[0]' },
        { role: 'clerk', assigns: 'chief', path: 'roles.clerk.assigns[1]' },
        { role: 'chief', org: 'o1', assigns: '*', path: 'roles.chief.assigns[0]' }
      ]
    })
    expect(policy.systemSubject('signup').explainAssign('worker', 'o1').delegations).toEqual([
      { role: 'system:signup', assigns: 'worker', path: 'systemSubjects.signup.assigns[0]' }
    ])
  })

  it('says what was missing first: the delegation, then the permission', () => {
    expect(holding('reader').explainAssign('reader')).toEqual({
      allowed: false,
      reason: 'not_delegated',
      role: 'reader',
      delegations: []
    })
    expect(strictly('clerk').explainAssign('reader')).toMatchObject({
      reason: 'permission_refused',
      delegations: [{ assigns: 'reader' }],
      permission: { reason: 'not_granted' }
    })
  })
})

describe('the roles that a subject may assign', () => {
  const custom = policy
    .withRoles({ zeta: { kind: 'site' }, alpha: { kind: 'site' }, same: { kind: 'site' } })
    .withRoles({ zeta: { kind: 'org' }, beta: { kind: 'org' } }, { org: 'o1' })
    .withRoles({ gamma: { kind: 'org' } }, { org: 'o2' })
  const boss = custom.subject({ id: 'u1', roles: ['boss'] })

  it('are those of the site: shipped ones in document order, then custom ones by name', () => {
    const shipped = ['boss', 'clerk', 'registrar', 'founder', 'reader']
    expect(boss.assignableRoles()).toEqual([...shipped, 'alpha', 'same', 'zeta'])
    expect(boss.assignableRoles('')).toEqual(boss.assignableRoles())
  })

  it('are in the order of their names, in whatever order they came', () => {
    const names = Array.from({ length: 20 }, (_, i) => `role-${String.fromCharCode(97 + i)}`)
    for (const added of [names, [...names].reverse()]) {
      const many = policy.withRoles(Object.fromEntries(added.map((name) => [name, { kind: 'site' }])))
      const listed = many.subject({ id: 'u1', roles: ['boss'] }).assignableRoles(null)
      expect(listed.slice(-20)).toEqual(names)
    }
  })

  it('are those of one organization, and of no other', () => {
    const shipped = ['chief', 'warden', 'envoy', 'worker']
    expect(boss.assignableRoles('o1')).toEqual([...shipped, 'beta', 'zeta'])
    expect(boss.assignableRoles('o2')).toEqual([...shipped, 'gamma'])
    expect(boss.assignableRoles('o3')).toEqual(shipped)
  })

  it('are none for who holds no delegation', () => {
    expect(custom.subject({ id: 'u1', roles: ['reader'] }).assignableRoles()).toEqual([])
    expect(
      custom.subject({ id: 'u1', roles: [{ role: 'warden', org: 'o1' }] }).assignableRoles('o1')
    ).toEqual(['worker'])
  })
})

describe('a malformed question', () => {
  const boss = holding('boss')

  it('is an error with its code, and never a refusal', () => {
    expect(codeOf(() => boss.canAssign('nobody'))).toBe('unknown_role')
    expect(codeOf(() => boss.canUnassign('nobody', 'o1'))).toBe('unknown_role')
    expect(codeOf(() => boss.canAssign('worker'))).toBe('role_needs_org')
    expect(codeOf(() => boss.canAssign('worker', ''))).toBe('role_needs_org')
    expect(codeOf(() => boss.canAssign('reader', 'o1'))).toBe('role_takes_no_org')
    expect(codeOf(() => boss.explainUnassign('reader', 'o1'))).toBe('role_takes_no_org')
    // A record without parts is the site.
    expect(codeOf(() => boss.canAssign('worker', {}))).toBe('role_needs_org')
    for (const wrong of [5, true, ['o1']]) {
      expect(codeOf(() => boss.canAssign('worker', wrong as never))).toBe('invalid_request')
      expect(codeOf(() => boss.canAssign(wrong as never))).toBe('invalid_request')
      expect(codeOf(() => boss.assignableRoles(wrong as never))).toBe('invalid_request')
    }
  })

  it('says where it is wrong and names the nearest role', () => {
    expect(() => boss.canAssign('worker', 5 as never)).toThrow(/^org: expected an organization, not `5`$/)
    expect(() => boss.canAssign(5 as never)).toThrow(/^role: expected the name of a role, not `5`$/)
    expect(() => boss.canAssign('workr', 'o1')).toThrow('role: unknown role `workr`; did you mean `worker`?')
  })

  it('is one about a name that only a prototype has', () => {
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect(codeOf(() => boss.canAssign(name))).toBe('unknown_role')
  })
})

function codeOf(ask: () => unknown): string {
  try {
    ask()
  } catch (error) {
    if (isCasemateError(error)) return error.code
    throw error
  }
  return 'no error'
}
