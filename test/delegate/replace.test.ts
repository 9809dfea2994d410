// Which custom roles a subject may turn into which: each rule's yes stands beside its nearest no.
import { describe, expect, it } from 'vitest'

import { PolicyError, type Effects, type Grants, type RoleDocument } from '../../src/index.js'
import { giverOf, org, reading, site } from './givers.js'

const inOrg = (effects: Effects): RoleDocument => ({ kind: 'org', grants: { org: effects } })
const role = (grants: Grants): RoleDocument => ({ kind: 'org', grants })

describe('an edit', () => {
  const giver = giverOf({ org: { allow: { doc: ['read', 'write'] } } })

  it('needs cover for each allow that it adds, and for none that stays', () => {
    expect(giver.canReplace(org({ log: '*' }), org({ log: '*', doc: ['read'] }), 'o1')).toBe(true)
    expect(giver.canReplace(org({ log: '*' }), org({ log: '*', doc: ['read', 'delete'] }), 'o1')).toBe(false)
    expect(giver.canGrant(org({ log: '*', doc: ['read'] }), 'o1')).toBe(false)
  })

  it('may take any allow away, and give a stronger line a weaker one’s place', () => {
    expect(giver.canReplace(org({ log: '*', key: '*' }), org({ log: ['read'] }), 'o1')).toBe(true)
    expect(giver.canReplace(org({ log: ['read'] }), org({ log: ['read', 'create'] }), 'o1')).toBe(false)
  })

  it('needs cover for each deny that it takes away, as for an allow', () => {
    const denying = (...actions: string[]): RoleDocument => inOrg({ deny: { doc: actions } })
    expect(giver.canReplace(denying('read', 'delete'), denying('delete'), 'o1')).toBe(true)
    expect(giver.canReplace(denying('read', 'delete'), denying('read'), 'o1')).toBe(false)
    expect(giver.canReplace(denying('delete'), { kind: 'org' }, 'o1')).toBe(false)
  })

  it('may add any deny', () => {
    expect(giver.canReplace({ kind: 'org' }, inOrg({ deny: { '*': '*' } }), 'o1')).toBe(true)
    expect(giver.canReplace(inOrg({ deny: { '*': '*' } }), { kind: 'org' }, 'o1')).toBe(false)
  })

  it('is compared level by level: a deny that moves down is one taken away, an allow that moves is one added', () => {
    const deny = { deny: reading }
    const allow = { allow: { log: ['read'] } }
    const member = giverOf({ orgMember: { allow: { doc: ['read'], log: ['read'] } } })
    expect(member.canReplace(role({ org: deny }), role({ org: deny, orgMember: deny }), 'o1')).toBe(true)
    expect(member.canReplace(role({ org: deny }), role({ orgMember: deny }), 'o1')).toBe(false)
    expect(member.canReplace(role({ orgMember: deny }), role({ org: deny }), 'o1')).toBe(true)
    expect(giver.canReplace(role({ org: deny }), role({ orgMember: deny }), 'o1')).toBe(true)
    expect(member.canReplace(role({ org: allow }), role({ orgMember: allow }), 'o1')).toBe(true)
    expect(giver.canReplace(role({ org: allow }), role({ orgMember: allow }), 'o1')).toBe(false)
    expect(member.canReplace(role({ orgMember: allow }), role({ org: allow }), 'o1')).toBe(false)
  })

  it('needs a wildcard to make a list a wildcard, of an allow or of a deny', () => {
    const list = { doc: ['read', 'write', 'delete'] }
    const wild = { doc: '*' } as const
    const owner = giverOf({ org: { allow: { doc: '*' } } })
    const holder = giverOf({ org: { allow: list } })
    expect(owner.canReplace(org(list), org(wild), 'o1')).toBe(true)
    expect(holder.canReplace(org(list), org(wild), 'o1')).toBe(false)
    expect(holder.canReplace(org(wild), org(list), 'o1')).toBe(true)
    expect(owner.canReplace(inOrg({ deny: wild }), inOrg({ deny: list }), 'o1')).toBe(true)
    expect(holder.canReplace(inOrg({ deny: wild }), inOrg({ deny: list }), 'o1')).toBe(false)
    expect(holder.canReplace(inOrg({ deny: list }), inOrg({ deny: wild }), 'o1')).toBe(true)
  })

  it('is compared by what lines mean, not by how they are written', () => {
    const nobody = giverOf({})
    expect(nobody.canReplace(org({ '*': '*' }), org({ doc: '*', log: '*', '*': '*' }), 'o1')).toBe(true)
    expect(nobody.canReplace(org({ '*': '*', doc: [] }), org({ '*': '*' }), 'o1')).toBe(false)
    expect(
      nobody.canReplace(inOrg({ deny: { '*': '*', doc: ['read'] } }), inOrg({ deny: { '*': '*' } }), 'o1')
    ).toBe(true)
  })

  it('is asked in one place', () => {
    expect(giver.canReplace({ kind: 'org' }, org(reading), 'o1')).toBe(true)
    expect(giver.canReplace({ kind: 'org' }, org(reading), 'o2')).toBe(false)
    const wide = giverOf({ site: { allow: reading } })
    expect(wide.canReplace({ kind: 'site' }, site(reading))).toBe(true)
    expect(wide.canReplace({ kind: 'site' }, site({ doc: ['write'] }))).toBe(false)
  })
})

describe('an edit of roles that read options', () => {
  const options = { mode: { values: ['open', 'closed'], default: 'open' } }
  const giver = giverOf({ org: { allow: reading } }, { options })
  const closed = (allow: RoleDocument['grants'], grants: Grants): RoleDocument => ({
    ...role(allow ?? {}),
    variants: [{ when: { mode: 'closed' }, grants }]
  })

  it('compares them under one setting at a time', () => {
    const full = { org: { allow: { doc: '*' } } } as const
    const none = { org: { allow: { doc: [] } } }
    expect(giver.canReplace(closed(full, none), closed(full, none), 'o1')).toBe(true)
    // What is there under one setting is no reason to have it under another.
    expect(giver.canReplace(closed(full, none), closed(none, full), 'o1')).toBe(false)
    expect(giver.canReplace(closed(full, none), role(full), 'o1')).toBe(false)
    expect(giver.canReplace(role(full), closed(full, none), 'o1')).toBe(true)
  })

  it('counts a deny that is missing under some setting', () => {
    const deny = { org: { deny: { doc: ['write'] } } }
    expect(giver.canReplace(role(deny), closed(deny, { org: { deny: { doc: [] } } }), 'o1')).toBe(false)
    expect(giver.canReplace(closed(deny, { org: { deny: { doc: [] } } }), role(deny), 'o1')).toBe(true)
  })
})

describe('the explanation of an edit', () => {
  it('names an allow by its line in the new role and a deny by its line in the old one', () => {
    const giver = giverOf({ org: { allow: reading } })
    const before = inOrg({ allow: reading, deny: { log: '*' } })
    const after = inOrg({ allow: { doc: ['read', 'write'] }, deny: { log: ['create'] } })
    const decision = giver.explainReplace(before, after, 'o1')
    expect(decision).toMatchObject({ allowed: false, reason: 'not_covered', org: 'o1' })
    expect(decision.gaps).toMatchObject([
      {
        effect: 'allow',
        permission: 'doc:write',
        path: 'newRole.grants.org.allow.doc',
        permissions: ['doc:write'],
        future: []
      },
      {
        effect: 'deny',
        permission: 'log:*',
        path: 'oldRole.grants.org.deny.log',
        permissions: ['log:read'],
        future: ['log:*']
      }
    ])
    expect(giver.explainReplace(after, after, 'o1')).toEqual({
      allowed: true,
      reason: 'covered',
      org: 'o1',
      gaps: []
    })
  })

  it('says which of the two is no custom role of the place', () => {
    const giver = giverOf({})
    const pathOf = (ask: () => unknown): string | undefined => {
      try {
        ask()
      } catch (error) {
        if (error instanceof PolicyError) return error.problems[0]?.path
        throw error
      }
      return undefined
    }
    expect(pathOf(() => giver.canReplace(org({ nope: '*' }), org({}), 'o1'))).toBe(
      'oldRole.grants.org.allow.nope'
    )
    expect(pathOf(() => giver.canReplace(org({}), org({ nope: '*' }), 'o1'))).toBe(
      'newRole.grants.org.allow.nope'
    )
    expect(pathOf(() => giver.canReplace(org({}), site({}), 'o1'))).toMatch(/^newRole/)
    expect(pathOf(() => giver.canReplace(site({}), site({}), 'o1'))).toMatch(/^oldRole/)
  })
})
