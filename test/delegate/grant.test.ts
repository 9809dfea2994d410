// Which custom roles a subject may make, by levels, denies and ceilings: each rule's yes stands beside its nearest no.
import { describe, expect, it } from 'vitest'

import {
  isCasemateError,
  PolicyError,
  type Level,
  type PermissionSet,
  type PolicyData,
  type RoleDocument,
  type Subject
} from '../../src/index.js'
import { at, giverOf, org, policyFrom, reading, site } from './givers.js'

describe('a grant is covered by an allow', () => {
  const covering: Record<Level, readonly Level[]> = {
    site: ['site', 'org', 'orgMember', 'user'],
    org: ['org', 'orgMember'],
    orgMember: ['orgMember'],
    user: ['user']
  }

  for (const [held, covered] of Object.entries(covering))
    it(`at \`${held}\` for grants at ${covered.join(', ')} and at no other level`, () => {
      const giver = giverOf({ [held]: { allow: reading } })
      for (const level of ['site', 'org', 'orgMember', 'user'] as const)
        expect(canGiveAt(giver, level), level).toBe(covered.includes(level))
    })

  it('of the same permission, not of another action or resource', () => {
    const giver = giverOf({ site: { allow: reading } })
    expect(giver.canGrant(site({ doc: ['read'] }))).toBe(true)
    expect(giver.canGrant(site({ doc: ['write'] }))).toBe(false)
    expect(giver.canGrant(site({ log: ['read'] }))).toBe(false)
    expect(giver.canGrant(site({ doc: ['read', 'write'] }))).toBe(false)
  })

  it('in the organization of the role, not in another', () => {
    const giver = giverOf({ org: { allow: reading } })
    expect(giver.canGrant(org(reading), 'o1')).toBe(true)
    expect(giver.canGrant(org(reading), 'o2')).toBe(false)
  })

  it('of several roles together', () => {
    const giver = giverOf({ site: { allow: { doc: ['read'] } }, org: { allow: { doc: ['write'] } } })
    expect(giver.canGrant(org({ doc: ['read', 'write'] }), 'o1')).toBe(true)
    expect(giver.canGrant(org({ doc: ['read', 'write', 'delete'] }), 'o1')).toBe(false)
  })

  it('of an organization role that reaches the site, wherever it is held', () => {
    const roles = {
      envoy: { kind: 'org', grants: { site: { allow: reading } } }
    } satisfies PolicyData['roles']
    const policy = policyFrom({}, {}, { roles })
    const envoy = policy.subject({ id: 'u1', roles: [{ role: 'envoy', org: 'o9' }] })
    expect(envoy.canGrant(site(reading))).toBe(true)
    expect(envoy.canGrant(org(reading), 'o1')).toBe(true)
    expect(envoy.canGrant(site({ doc: ['write'] }))).toBe(false)
  })

  it('of a system subject, at `user` only with an id', () => {
    const systemSubjects = {
      keeper: { grants: { site: { allow: { doc: ['write'] } } } },
      named: { id: 'named', grants: { site: { allow: { doc: ['write'] } }, user: { allow: reading } } }
    } satisfies PolicyData['systemSubjects']
    const policy = policyFrom({}, {}, { systemSubjects })
    expect(policy.systemSubject('keeper').canGrant(org({ doc: ['write'] }), 'o1')).toBe(true)
    expect(policy.systemSubject('keeper').canGrant(at('user', reading))).toBe(false)
    expect(policy.systemSubject('named').canGrant(at('user', reading))).toBe(true)
    expect(policy.systemSubject('named').canGrant(site(reading))).toBe(false)
  })

  it('of nobody who holds none, and a role without an allow needs none', () => {
    const nobody = policyFrom({}, {}).subject({ id: 'u1' })
    expect(nobody.canGrant(site(reading))).toBe(false)
    expect(nobody.canGrant(site({ doc: [] }))).toBe(true)
    expect(nobody.canGrant({ kind: 'site' })).toBe(true)
  })
})

describe('a deny', () => {
  const levels: Record<Level, readonly Level[]> = {
    site: ['site'],
    org: ['site', 'org'],
    orgMember: ['site', 'org', 'orgMember'],
    user: ['site', 'user']
  }

  for (const [given, denying] of Object.entries(levels))
    it(`keeps a grant at \`${given}\` from being covered at ${denying.join(', ')} and at no other level`, () => {
      for (const level of ['site', 'org', 'orgMember', 'user'] as const) {
        const allow = { site: { allow: reading } }
        const giver = giverOf({
          ...allow,
          [level]: { ...(level === 'site' ? allow.site : {}), deny: reading }
        })
        expect(canGiveAt(giver, given), level).toBe(!denying.includes(level))
      }
    })

  it('of another permission or in another organization changes nothing', () => {
    expect(giverOf({ site: { allow: reading, deny: { doc: ['write'] } } }).canGrant(site(reading))).toBe(true)
    const elsewhere = policyFrom({ site: { allow: reading } }, { org: { deny: reading } }).subject({
      id: 'u1',
      roles: ['wide', { role: 'local', org: 'o2' }]
    })
    expect(elsewhere.canGrant(org(reading), 'o1')).toBe(true)
    expect(elsewhere.canGrant(org(reading), 'o2')).toBe(false)
  })

  it('in the role that is given needs no cover, and does not spare its allow one', () => {
    const giver = giverOf({ site: { allow: reading } })
    const denying = (allow: PermissionSet): RoleDocument => ({
      kind: 'site',
      grants: { site: { allow, deny: { '*': '*' } } }
    })
    expect(giver.canGrant(denying(reading))).toBe(true)
    expect(giver.canGrant(denying({ doc: ['write'] }))).toBe(false)
  })

  it('is named where it stands', () => {
    const giver = giverOf({ site: { allow: reading }, org: { deny: { doc: ['read', 'write'] } } })
    expect(giver.explainGrant(org(reading), 'o1').gaps).toEqual([
      {
        reason: 'denied',
        effect: 'allow',
        level: 'org',
        permission: 'doc:read',
        path: 'role.grants.org.allow.doc',
        permissions: ['doc:read'],
        future: [],
        denies: [
          {
            role: 'local',
            org: 'o1',
            level: 'org',
            permission: 'doc:read',
            path: 'roles.local.grants.org.deny.doc'
          }
        ],
        settings: {}
      }
    ])
  })

  it('is named once for each place where its role is held and it counts', () => {
    const roles = {
      envoy: { kind: 'org', grants: { site: { deny: reading } } },
      barred: { kind: 'site', grants: { site: { deny: { '*': '*' } } } }
    } satisfies PolicyData['roles']
    const policy = policyFrom({ site: { allow: reading } }, { org: { deny: reading } }, { roles })
    const giver = policy.subject({
      id: 'u1',
      roles: [
        'wide',
        'barred',
        { role: 'local', org: 'o1' },
        { role: 'local', org: 'o2' },
        { role: 'envoy', org: 'o8' },
        { role: 'envoy', org: 'o9' }
      ]
    })
    const denies = giver.explainGrant(org(reading), 'o1').gaps.flatMap((gap) => gap.denies)
    expect(denies.map(({ role, org: place, level, permission }) => [role, place, level, permission])).toEqual(
      [
        ['barred', undefined, 'site', '*:*'],
        ['envoy', 'o8', 'site', 'doc:read'],
        ['envoy', 'o9', 'site', 'doc:read'],
        ['local', 'o1', 'org', 'doc:read']
      ]
    )
  })
})

describe('the explanation', () => {
  it('lists every permission as written that is not covered, with its line and level', () => {
    const giver = giverOf({ org: { allow: reading } })
    const role: RoleDocument = {
      kind: 'org',
      grants: { org: { allow: { doc: ['read', 'write', 'delete'] } }, orgMember: { allow: { log: '*' } } }
    }
    const decision = giver.explainGrant(role, 'o1')
    expect(decision).toMatchObject({ allowed: false, reason: 'not_covered', org: 'o1' })
    expect(decision.gaps.map(({ level, permission, path }) => [level, permission, path])).toEqual([
      ['org', 'doc:write', 'role.grants.org.allow.doc'],
      ['org', 'doc:delete', 'role.grants.org.allow.doc'],
      ['orgMember', 'log:*', 'role.grants.orgMember.allow.log']
    ])
    expect(decision.gaps[2]).toMatchObject({
      reason: 'not_held',
      effect: 'allow',
      permissions: ['log:read', 'log:create'],
      future: ['log:*'],
      denies: [],
      settings: {}
    })
  })

  it('of a covered role has no gaps', () => {
    const giver = giverOf({ site: { allow: reading } })
    expect(giver.explainGrant(site(reading))).toEqual({ allowed: true, reason: 'covered', gaps: [] })
    expect(giver.explainGrant(org(reading), 'o1')).toEqual({
      allowed: true,
      reason: 'covered',
      org: 'o1',
      gaps: []
    })
  })
})

describe('what is not a custom role of the place', () => {
  const owner = giverOf({ site: { allow: { '*': '*' } } })

  it('is a problem of the document, never a refusal', () => {
    const wrong: [RoleDocument, string | undefined][] = [
      [org(reading), undefined],
      [site(reading), 'o1'],
      [org(reading), ''],
      [{ ...site(reading), assigns: ['wide'] }, undefined],
      [{ ...site(reading), assignable: true }, undefined],
      [{ ...org(reading), grants: { site: { allow: reading } } }, 'o1'],
      [site({ nope: ['read'] }), undefined],
      [site({ doc: ['reed'] }), undefined]
    ]
    for (const [role, place] of wrong) expect(() => owner.canGrant(role, place)).toThrow(PolicyError)
  })

  it('says where: the path begins with `role`', () => {
    try {
      owner.canGrant(site({ dok: ['read'] }))
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(PolicyError)
      expect((error as PolicyError).problems).toMatchObject([
        { code: 'unknown_resource', path: 'role.grants.site.allow.dok', hint: 'doc' }
      ])
    }
  })

  it('is not a role because a shipped role is called `role`', () => {
    const named = policyFrom(
      { site: { allow: reading } },
      {},
      { roles: { role: { kind: 'site' }, role_: { kind: 'org' } } }
    )
    const subject = named.subject({ id: 'u1', roles: ['wide'] })
    expect(subject.canGrant(site(reading))).toBe(true)
    expect(subject.explainGrant(site({ doc: ['write'] })).gaps[0]?.path).toBe('role__.grants.site.allow.doc')
  })

  it('is a malformed question where it is no document or the organization is no text', () => {
    expect(() => owner.canGrant(undefined as never)).toThrow(PolicyError)
    expect(() => owner.canGrant('wide' as never)).toThrow(PolicyError)
    try {
      owner.canGrant(org(reading), 5 as never)
      expect.unreachable()
    } catch (error) {
      expect(isCasemateError(error) && error.code).toBe('invalid_request')
    }
  })
})
function canGiveAt(giver: Subject, level: Level): boolean {
  return giver.canGrant(at(level, reading), level === 'org' || level === 'orgMember' ? 'o1' : undefined)
}
