// Which custom roles a subject may make, by levels, denies and ceilings: each rule's yes stands beside its nearest no.
import { describe, expect, it } from 'vitest'

import {
  isCasemateError,
  PolicyError,
  type Level,
  type PermissionSet,
  type PolicyShape,
  type RoleDocument,
  type Subject
} from '../src/index.js'
import { at, giverOf, org, policyFrom, reading, site } from './delegate-givers.js'

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
    } satisfies PolicyShape['roles']
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
    } satisfies PolicyShape['systemSubjects']
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
        expect(canGiveAt(giver, given as Level), level).toBe(!denying.includes(level))
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
    const roles = {
      envoy: { kind: 'org', grants: { site: { deny: reading } } }
    } satisfies PolicyShape['roles']
    const envoy = policyFrom({ site: { allow: reading } }, {}, { roles }).subject({
      id: 'u1',
      roles: ['wide', { role: 'envoy', org: 'o8' }, { role: 'envoy', org: 'o9' }]
    })
    const denies = envoy.explainGrant(org(reading), 'o1').gaps.flatMap((gap) => gap.denies)
    expect(denies.map(({ role, org: place, level }) => [role, place, level])).toEqual([
      ['envoy', 'o8', 'site'],
      ['envoy', 'o9', 'site']
    ])
  })
})

describe('a ceiling', () => {
  const owner = giverOf(
    { site: { allow: { '*': '*' } } },
    {
      scopes: {
        reader: { allow: { '*': ['read'] } },
        all: { allow: { '*': '*' } },
        'most.docs': { allow: { doc: { except: ['delete'] } } }
      },
      scopeTemplates: {
        one: { params: { doc: 'required' }, allow: { doc: ['read'] }, allowList: ['doc:{doc}'] },
        each: {
          params: { wide: 'flag' },
          allow: { doc: ['read'] },
          variants: [
            { when: { wide: true }, allow: { doc: '*', log: '*' } },
            { when: { wide: false }, allow: { key: '*' } }
          ],
          allowList: ['doc:*', 'key:*']
        }
      }
    }
  )

  it('lets through what one of its scopes has', () => {
    expect(owner.within({ scopes: ['doc:read'] }).canGrant(site(reading))).toBe(true)
    expect(owner.within({ scopes: ['log:read', 'reader'] }).canGrant(site(reading))).toBe(true)
    expect(owner.within({ scopes: ['doc:write', 'log:read'] }).canGrant(site(reading))).toBe(false)
    expect(owner.within({ scopes: [] }).canGrant(site(reading))).toBe(false)
  })

  it('must let it through in every one of those laid on each other', () => {
    const both = owner.within({ scopes: ['doc:read'] })
    expect(both.within({ scopes: ['all'] }).canGrant(site(reading))).toBe(true)
    expect(both.within({ scopes: ['doc:write'] }).canGrant(site(reading))).toBe(false)
  })

  it('with an allow list is in the way unless the list holds the whole type', () => {
    expect(owner.within({ allowList: ['doc:*'] }).canGrant(site(reading))).toBe(true)
    expect(owner.within({ allowList: ['*:*'] }).canGrant(site(reading))).toBe(true)
    expect(owner.within({ allowList: ['doc:d1', '*:d2', 'log:*'] }).canGrant(site(reading))).toBe(false)
    expect(owner.within({ allowList: [] }).canGrant(site(reading))).toBe(false)
  })

  it('with a scope’s own list is in the way likewise, unless another scope has none', () => {
    const one = { template: 'one', params: { doc: 'd1' } }
    expect(owner.within({ scopes: [one] }).canGrant(site(reading))).toBe(false)
    expect(owner.within({ scopes: [one, 'doc:read'] }).canGrant(site(reading))).toBe(true)
    expect(owner.within({ scopes: [one, 'doc:write'] }).canGrant(site(reading))).toBe(false)
    expect(owner.within({ scopes: [{ template: 'each', params: {} }] }).canGrant(site(reading))).toBe(true)
  })

  it('with a template has what its flags say, a flag not given being false', () => {
    const under = (params: Record<string, boolean>): Subject =>
      owner.within({ scopes: [{ template: 'each', params }] })
    expect(under({ wide: true }).canGrant(site({ doc: '*' }))).toBe(true)
    expect(under({ wide: false }).canGrant(site({ doc: '*' }))).toBe(false)
    expect(under({}).canGrant(site({ key: '*' }))).toBe(true)
    expect(under({ wide: true }).canGrant(site({ key: '*' }))).toBe(false)
    expect(under({ wide: true }).explainGrant(site({ log: ['read'] })).gaps[0]?.reason).toBe(
      'outside_allow_list'
    )
  })

  it('covers a wildcard with a wildcard alone', () => {
    expect(owner.within({ scopes: ['doc:*'] }).canGrant(site({ doc: '*' }))).toBe(true)
    expect(
      owner.within({ scopes: ['doc:read', 'doc:write', 'doc:delete'] }).canGrant(site({ doc: '*' }))
    ).toBe(false)
    expect(owner.within({ scopes: ['most.docs'] }).canGrant(site({ doc: { except: ['delete'] } }))).toBe(true)
    expect(owner.within({ scopes: ['reader'] }).canGrant(site({ '*': ['read'] }))).toBe(true)
    expect(owner.within({ scopes: ['doc:*', 'log:*', 'key:*'] }).canGrant(site({ '*': ['read'] }))).toBe(
      false
    )
  })

  it('with a list covers resources added tomorrow only by `*:*`', () => {
    expect(owner.within({ allowList: ['*:*'] }).canGrant(site({ '*': ['read'] }))).toBe(true)
    const types = owner.within({ allowList: ['doc:*', 'log:*', 'key:*'] })
    expect(types.canGrant(site({ doc: '*', log: '*', key: '*' }))).toBe(true)
    expect(types.explainGrant(site({ '*': ['read'] })).gaps).toMatchObject([
      { reason: 'outside_allow_list', permission: '*:read', permissions: [], future: ['*:read'] }
    ])
  })

  it('says whether it is the scopes or a list', () => {
    const reasonOf = (giver: Subject): string | undefined => giver.explainGrant(site(reading)).gaps[0]?.reason
    expect(reasonOf(owner.within({ scopes: ['log:read'] }))).toBe('outside_scope')
    expect(reasonOf(owner.within({ allowList: ['doc:d1'] }))).toBe('outside_allow_list')
    expect(reasonOf(owner.within({ scopes: ['log:read'], allowList: ['doc:d1'] }))).toBe('outside_scope')
    expect(reasonOf(owner.within({ scopes: [{ template: 'one', params: { doc: 'd1' } }] }))).toBe(
      'outside_allow_list'
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
