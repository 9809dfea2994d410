// Which custom roles a subject with a ceiling may make: each rule's yes stands beside its nearest no.
import { describe, expect, it } from 'vitest'

import type { Subject } from '../../src/index.js'
import { giverOf, reading, site } from './givers.js'

describe('a ceiling', () => {
  const owner = giverOf(
    { site: { allow: { '*': '*' } } },
    {
      scopes: {
        reader: { allow: { '*': ['read'] } },
        all: { allow: { '*': '*' } },
        undocumented: { allow: { '*': '*', doc: [] } },
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
        },
        pair: {
          params: { a: 'flag', b: 'flag' },
          allow: {},
          variants: [{ when: { a: true, b: true }, allow: { doc: ['read'] } }]
        }
      }
    }
  )

  it('lets through what one of its scopes has', () => {
    expect(owner.within({ scopes: ['doc:read'] }).canGrant(site(reading))).toBe(true)
    expect(owner.within({ scopes: ['log:read', 'reader'] }).canGrant(site(reading))).toBe(true)
    expect(owner.within({ scopes: ['doc:write', 'log:read'] }).canGrant(site(reading))).toBe(false)
    expect(owner.within({ scopes: [] }).canGrant(site(reading))).toBe(false)
    expect(owner.within({ scopes: ['undocumented'] }).canGrant(site({ log: ['read'] }))).toBe(true)
    expect(owner.within({ scopes: ['undocumented'] }).canGrant(site(reading))).toBe(false)
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
    const pair = (a: boolean, b: boolean): Subject =>
      owner.within({ scopes: [{ template: 'pair', params: { a, b } }] })
    expect(pair(true, true).canGrant(site(reading))).toBe(true)
    expect(pair(true, false).canGrant(site(reading))).toBe(false)
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

  it('with a list covers resources added later only by `*:*`', () => {
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
