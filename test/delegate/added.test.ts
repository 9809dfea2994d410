// Which wildcards a subject may give: what is added to the catalogue later must be covered too, by a wildcard.
import { describe, expect, it } from 'vitest'

import type {
  CeilingInput,
  Grants,
  PermissionSet,
  PolicyData,
  RoleDocument,
  Subject
} from '../../src/index.js'
import { giverOf, org, policyFrom, site } from './givers.js'

describe('a wildcard also means what is added later', () => {
  const canGive = (held: PermissionSet, given: PermissionSet): boolean =>
    giverOf({ org: { allow: held } }).canGrant(org(given), 'o1')
  const every = { doc: ['read', 'write', 'delete'], log: ['read', 'create'], key: ['rotate'] }

  it('so a list of all actions does not cover it, and it covers the list', () => {
    expect(canGive({ doc: '*' }, { doc: '*' })).toBe(true)
    expect(canGive({ doc: ['read', 'write', 'delete'] }, { doc: '*' })).toBe(false)
    expect(canGive({ doc: '*' }, { doc: ['read', 'write', 'delete'] })).toBe(true)
    expect(canGive({ '*': '*' }, { doc: '*' })).toBe(true)
  })

  it('and so does `except`, which a wildcard covers and which covers one that lacks as much', () => {
    expect(canGive({ doc: '*' }, { doc: { except: ['delete'] } })).toBe(true)
    expect(canGive({ doc: ['read', 'write'] }, { doc: { except: ['delete'] } })).toBe(false)
    expect(canGive({ doc: { except: ['delete'] } }, { doc: { except: ['delete'] } })).toBe(true)
    expect(canGive({ doc: { except: ['delete'] } }, { doc: { except: ['write', 'delete'] } })).toBe(true)
    expect(canGive({ doc: { except: ['delete'] } }, { doc: '*' })).toBe(false)
    expect(canGive({ doc: { except: ['delete'] } }, { doc: { except: ['write'] } })).toBe(false)
  })

  it('and a wildcard and a list beside it cover together', () => {
    const giver = giverOf({
      site: { allow: { doc: ['delete'] } },
      org: { allow: { doc: { except: ['delete'] } } }
    })
    expect(giver.canGrant(org({ doc: '*' }), 'o1')).toBe(true)
    expect(giver.canGrant(site({ doc: '*' }))).toBe(false)
  })

  it('and the key `*` means added resources, whatever actions it lists', () => {
    expect(canGive({ '*': ['read'] }, { '*': ['read'], key: [] })).toBe(true)
    expect(canGive(every, { '*': ['read'] })).toBe(false)
    expect(canGive({ doc: '*', log: '*', key: '*' }, { '*': ['read'] })).toBe(false)
    expect(canGive({ '*': ['read'] }, { '*': '*' })).toBe(false)
    expect(canGive({ '*': '*' }, { '*': '*' })).toBe(true)
    expect(canGive({ '*': '*' }, { '*': ['read'] })).toBe(true)
    expect(canGive({ '*': { except: ['delete'] } }, { '*': { except: ['delete'] } })).toBe(true)
    expect(canGive({ '*': { except: ['delete'] }, doc: '*' }, { '*': '*' })).toBe(false)
  })

  it('where it takes nothing but added resources, too', () => {
    const others: PermissionSet = { doc: [], log: [], key: [] }
    expect(canGive({ '*': ['read'] }, { ...others, '*': ['read'] })).toBe(true)
    expect(canGive(every, { ...others, '*': ['read'] })).toBe(false)
    expect(canGive({ '*': ['read'] }, { ...others, '*': '*' })).toBe(false)
  })

  it('and reaches an action that a resource gets later, where the giver has a line of its own for it', () => {
    expect(canGive({ '*': ['read'], key: ['rotate'] }, { '*': ['read'] })).toBe(false)
    expect(canGive({ '*': ['read'], key: ['rotate'] }, { '*': ['read'], key: [] })).toBe(true)
    expect(canGive({ '*': ['read'], key: '*' }, { '*': ['read'] })).toBe(true)
  })

  it('and a deny takes what is added from the giver likewise', () => {
    const denied = (deny: PermissionSet): boolean =>
      giverOf({ org: { allow: { '*': '*' }, deny } }).canGrant(org({ doc: { except: ['delete'] } }), 'o1')
    expect(denied({ doc: ['delete'] })).toBe(true)
    expect(denied({ doc: { except: ['read', 'write'] } })).toBe(false)
    expect(denied({ '*': ['create'] })).toBe(false)
    const envoy = policyFrom(
      { site: { allow: { '*': '*' } } },
      {},
      { roles: { envoy: { kind: 'org', grants: { site: { deny: { key: { except: ['rotate'] } } } } } } }
    ).subject({ id: 'u1', roles: ['wide', { role: 'envoy', org: 'o9' }] })
    expect(envoy.canGrant(site({ key: ['rotate'] }))).toBe(true)
    expect(envoy.canGrant(site({ key: '*' }))).toBe(false)
  })

  it('which an explanation names', () => {
    const giver = giverOf({
      org: { allow: { '*': ['read'], key: ['rotate'], doc: ['read', 'write', 'delete'] } }
    })
    const gapsOf = (given: PermissionSet): unknown =>
      giver.explainGrant(org(given), 'o1').gaps.map(({ permission, permissions, future }) => {
        return { permission, permissions, future }
      })
    expect(gapsOf({ doc: '*' })).toEqual([{ permission: 'doc:*', permissions: [], future: ['doc:*'] }])
    expect(gapsOf({ '*': ['read'] })).toEqual([
      { permission: '*:read', permissions: [], future: ['key:read'] }
    ])
    expect(gapsOf({ '*': ['read', 'create'], key: [] })).toEqual([
      { permission: '*:create', permissions: ['log:create'], future: ['doc:create', '*:create'] }
    ])
    expect(gapsOf({ '*': { except: ['create'] }, doc: [] })).toEqual([
      {
        permission: '*:* except create',
        permissions: [],
        future: ['log:*', 'key:read', 'key:*', '*:*']
      }
    ])
  })
})

describe('what is added later is asked of all that a giver has', () => {
  /** Only what is added: of the resources of today nothing is given. */
  const later = (list: PermissionSet[string]): PermissionSet => ({ '*': list, doc: [], log: [], key: [] })

  it('of the grants and denies of a system subject', () => {
    const given = (grants: Grants, set: PermissionSet): boolean =>
      policyFrom({}, {}, { systemSubjects: { helper: { grants } } })
        .systemSubject('helper')
        .canGrant(site(set))
    const all: PermissionSet = { '*': '*' }
    expect(given({ site: { allow: all } }, later('*'))).toBe(true)
    expect(given({ site: { allow: { '*': ['rotate'] } } }, later(['rotate']))).toBe(true)
    expect(given({ site: { allow: { '*': ['rotate'] } } }, later('*'))).toBe(false)
    expect(given({ site: { allow: { key: '*' } } }, later(['rotate']))).toBe(false)
    expect(given({ site: { allow: all, deny: { '*': ['rotate'] } } }, later('*'))).toBe(false)
    expect(given({ site: { allow: all, deny: { '*': ['rotate'] } } }, later({ except: ['rotate'] }))).toBe(
      true
    )
  })

  it("of a role's variants, those of the giver and those of the role", () => {
    const giver = (denied: PermissionSet): Subject =>
      policyFrom(
        {},
        {},
        {
          options: { strict: { values: [true, false], default: true } },
          roles: {
            careful: {
              kind: 'site',
              grants: { site: { allow: { '*': '*' } } },
              variants: [{ when: { strict: true }, grants: { site: { deny: denied } } }]
            }
          }
        }
      ).subject({ id: 'u1', roles: ['careful'] })
    const varied = (list: PermissionSet[string]): RoleDocument => ({
      kind: 'site',
      variants: [{ when: { strict: false }, grants: { site: { allow: later(list) } } }]
    })
    expect(giver({}).canGrant(site(later('*')))).toBe(true)
    expect(giver({ '*': ['rotate'] }).canGrant(site(later('*')))).toBe(false)
    expect(giver({ '*': ['rotate'] }).canGrant(site(later({ except: ['rotate'] })))).toBe(true)
    expect(giver({}).canGrant(varied('*'))).toBe(true)
    expect(giver({ '*': ['rotate'] }).canGrant(varied(['rotate']))).toBe(false)
    expect(giver({ '*': ['rotate'] }).canGrant(varied(['read']))).toBe(true)
  })

  it('of the scopes of its ceilings, with what they leave out, and of their lists', () => {
    const scopes: PolicyData['scopes'] = {
      all: { allow: { '*': '*' } },
      reading: { allow: { '*': ['read'] } },
      careful: { allow: { '*': { except: ['rotate'] } } },
      today: { allow: { doc: '*', log: '*', key: '*' } }
    }
    const giver = giverOf({ site: { allow: { '*': '*' } } }, { scopes })
    const can = (ceiling: CeilingInput, list: PermissionSet[string]): boolean =>
      giver.within(ceiling).canGrant(site(later(list)))
    expect(can({ scopes: ['all'] }, '*')).toBe(true)
    expect(can({ scopes: ['today'] }, '*')).toBe(false)
    expect(can({ scopes: ['reading'] }, ['read'])).toBe(true)
    expect(can({ scopes: ['reading'] }, '*')).toBe(false)
    expect(can({ scopes: ['careful'] }, { except: ['rotate'] })).toBe(true)
    expect(can({ scopes: ['careful'] }, '*')).toBe(false)
    expect(can({ scopes: ['careful', 'all'] }, '*')).toBe(true)
    expect(can({ allowList: ['*:*'] }, '*')).toBe(true)
    expect(can({ allowList: ['doc:*', 'log:*', 'key:*'] }, '*')).toBe(false)
    expect(can({ allowList: [] }, '*')).toBe(false)
  })
})
