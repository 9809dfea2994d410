// Which custom roles a subject may make whose variants read options: covered under every setting, or not at all.
import { describe, expect, it } from 'vitest'

import type { OptionValue, PermissionSet, PolicyData, RoleDocument, Subject } from '../../src/index.js'
import { giverOf, org, policyFrom, reading } from './givers.js'

describe('every setting of the options', () => {
  const options = {
    mode: { values: ['open', 'closed', 'half'], default: 'closed' },
    unset: { values: [1, 2] }
  }
  const orgOptions = { plan: { values: ['free', 'paid', 'trial'] } }
  const giver = giverOf(
    { org: { allow: reading }, site: { allow: { log: ['read'] } } },
    { options, orgOptions }
  )
  const when = (
    settings: Record<string, OptionValue>,
    allow: PermissionSet,
    base: PermissionSet = {}
  ): RoleDocument => ({
    kind: 'org',
    grants: { org: { allow: base } },
    variants: [{ when: settings, grants: { org: { allow } } }]
  })

  it('of the deployment counts, not only that which it has', () => {
    expect(giver.canGrant(when({ mode: 'open' }, reading), 'o1')).toBe(true)
    expect(giver.canGrant(when({ mode: 'open' }, { doc: ['write'] }), 'o1')).toBe(false)
    expect(giver.canGrant(when({ mode: 'closed' }, { doc: ['write'] }), 'o1')).toBe(false)
  })

  it('of an organization counts, whether or not it has a default', () => {
    expect(giver.canGrant(when({ plan: 'paid' }, reading), 'o1')).toBe(true)
    expect(giver.canGrant(when({ plan: 'paid' }, { doc: ['write'] }), 'o1')).toBe(false)
  })

  it('counts where no variant asks for it', () => {
    expect(giver.canGrant(when({ plan: 'paid' }, reading, { doc: ['write'] }), 'o1')).toBe(false)
    const never: RoleDocument = {
      ...org({ doc: ['write'] }),
      variants: ['free', 'paid', 'trial'].map((plan) => ({
        when: { plan },
        grants: { org: { allow: reading } }
      }))
    }
    expect(giver.canGrant(never, 'o1')).toBe(true)
    expect(giver.canGrant({ ...never, variants: never.variants?.slice(1) }, 'o1')).toBe(false)
  })

  it('counts in combination, with the settings under which a line is in force', () => {
    const both = when({ mode: 'half', plan: 'free' }, { doc: ['write'] }, reading)
    expect(giver.explainGrant(both, 'o1').gaps).toMatchObject([
      {
        permission: 'doc:write',
        path: 'role.variants[0].grants.org.allow.doc',
        settings: { mode: 'half', plan: 'free' }
      }
    ])
    const shut: RoleDocument = {
      ...both,
      variants: [
        ...(both.variants ?? []),
        { when: { mode: 'half' }, grants: { org: { allow: { doc: [] } } } }
      ]
    }
    expect(giver.canGrant(shut, 'o1')).toBe(true)
  })

  it('counts also where the deployment gives an option no value', () => {
    const unset = (allow: PermissionSet): RoleDocument => ({
      ...org(allow),
      variants: [1, 2].map((value) => ({ when: { unset: value }, grants: { org: { allow: reading } } }))
    })
    expect(giver.canGrant(unset(reading), 'o1')).toBe(true)
    expect(giver.canGrant(unset({ doc: ['write'] }), 'o1')).toBe(false)
  })

  it('is not looked at past 1,024 combinations: such a role is refused', () => {
    const many = Object.fromEntries(
      Array.from({ length: 11 }, (_, i) => [`o${i}`, { values: [true, false], default: true }])
    )
    const owner = giverOf({ site: { allow: { '*': '*' } } }, { options: many })
    const reads = (count: number): RoleDocument => ({
      kind: 'site',
      variants: Array.from({ length: count }, (_, i) => ({
        when: { [`o${i}`]: true },
        grants: { site: { allow: reading } }
      }))
    })
    expect(owner.canGrant(reads(10))).toBe(true)
    expect(owner.explainGrant(reads(11))).toEqual({ allowed: false, reason: 'too_many_settings', gaps: [] })
  })

  it('of the giver is its own: what it holds now', () => {
    const roles = {
      shifting: {
        kind: 'org',
        variants: [
          { when: { mode: 'open' }, grants: { org: { allow: { doc: ['write'] } } } },
          { when: { plan: 'paid' }, grants: { org: { allow: { doc: ['delete'] } } } }
        ]
      }
    } satisfies PolicyData['roles']
    const policy = policyFrom({}, {}, { options, orgOptions, roles })
    const shifting = (plan: string): Subject =>
      policy.subject({ id: 'u1', roles: [{ role: 'shifting', org: 'o1' }], orgOptions: { o1: { plan } } })
    expect(shifting('paid').canGrant(org({ doc: ['delete'] }), 'o1')).toBe(true)
    expect(shifting('free').canGrant(org({ doc: ['delete'] }), 'o1')).toBe(false)
    expect(shifting('paid').canGrant(org({ doc: ['write'] }), 'o1')).toBe(false)
  })
})
