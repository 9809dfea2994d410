// What a grant is covered by at its edges: another organization, one's own objects, what comes tomorrow; and what a
// refusal says of it.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type PolicyShape, type RoleDocument } from 'casemate'

const base: PolicyShape = {
  name: 'edges',
  resources: { doc: { actions: { read: '', write: '' } }, log: { actions: { read: '' } } },
  options: { mode: { values: ['open', 'shut'] } },
  orgOptions: { plan: { values: ['free', 'paid', 'team'], default: 'free' } },
  roles: {
    named: { kind: 'org', grants: { org: { allow: { doc: ['read', 'write'] } } } },
    whole: { kind: 'org', grants: { org: { allow: { doc: '*' } } } },
    barred: { kind: 'org', grants: { org: { deny: { doc: ['write'] } } } },
    own: { kind: 'site', grants: { user: { allow: { '*': '*' } } } },
    boss: { kind: 'site', grants: { site: { allow: { '*': '*' } } } }
  }
}
const policy = compile(parsePolicy(base))
const holding = (...roles: (string | { role: string; org: string })[]) => policy.subject({ id: 'a', roles })
const everything: RoleDocument = { kind: 'org', grants: { org: { allow: { doc: '*' } } } }

describe('a grant in one organization', () => {
  it('is not covered by what the subject holds in another, today or tomorrow', () => {
    const here = { role: 'named', org: 'o1' }
    const there = holding(here, { role: 'whole', org: 'o2' })
    expect(there.explainGrant(everything, 'o1').gaps).toMatchObject([
      { reason: 'not_held', permissions: [], future: ['doc:*'] }
    ])
    expect(holding(here, { role: 'whole', org: 'o1' }).canGrant(everything, 'o1')).toBe(true)
  })

  it('is not taken away by a deny in another', () => {
    const denied = (org: string) => holding({ role: 'whole', org: 'o1' }, { role: 'barred', org })
    expect(denied('o2').canGrant(everything, 'o1')).toBe(true)
    expect(denied('o1').explainGrant(everything, 'o1').gaps).toMatchObject([
      { reason: 'denied', permissions: ['doc:write'], denies: [{ role: 'barred', org: 'o1' }] }
    ])
  })
})

describe('a grant on what is its own', () => {
  it('is covered by the same with what comes tomorrow, and covers nothing else', () => {
    const grant = (level: 'user' | 'site'): RoleDocument => ({
      kind: 'site',
      grants: { [level]: { allow: { '*': '*' } } }
    })
    expect(holding('own').canGrant(grant('user'))).toBe(true)
    expect(holding('own').canGrant(grant('site'))).toBe(false)
    expect(holding('boss').canGrant(grant('user'))).toBe(true)
  })
})

describe('what is said of a grant that is refused', () => {
  it('names no organization and no deny where there is none', () => {
    const key = holding('boss').within({ scopes: ['log:read'] })
    const reading: RoleDocument = { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } }
    expect(key.explainGrant(reading)).toStrictEqual({
      allowed: false,
      reason: 'not_covered',
      gaps: [
        {
          reason: 'outside_scope',
          effect: 'allow',
          level: 'site',
          permission: 'doc:read',
          path: 'role.grants.site.allow.doc',
          permissions: ['doc:read'],
          future: [],
          denies: [],
          settings: {}
        }
      ]
    })
  })

  it('has the permissions in the order of the catalogue, under whatever setting they are missing', () => {
    const role: RoleDocument = {
      kind: 'org',
      grants: { org: { allow: { '*': ['read'] } } },
      variants: [{ when: { plan: 'paid' }, grants: { org: { allow: { doc: [] } } } }]
    }
    const { gaps } = holding().explainGrant(role, 'o1')
    expect(gaps.map(({ permissions, settings }) => [permissions, settings])).toEqual([
      [['doc:read', 'log:read'], { plan: 'paid' }]
    ])
  })

  it('has no value of an option that the deployment has not set', () => {
    const when = (mode: string) => ({ when: { mode }, grants: { org: { allow: { doc: [] } } } })
    const role: RoleDocument = {
      kind: 'org',
      grants: { org: { allow: { doc: ['read'] } } },
      variants: [when('open'), when('shut')]
    }
    expect(
      holding()
        .explainGrant(role, 'o1')
        .gaps.map(({ settings }) => settings)
    ).toStrictEqual([{}])
  })

  it('is told under each setting that the role tells apart, however many values there are', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const option = { values: [1, 2, 3, 4, 5], default: 1 }
    const many = compile(
      parsePolicy({ ...base, orgOptions: Object.fromEntries(names.map((name) => [name, option])) })
    )
    const role: RoleDocument = {
      kind: 'org',
      variants: names.map((name) => ({ when: { [name]: 2 }, grants: { org: { allow: { doc: ['read'] } } } }))
    }
    expect(many.subject({ id: 'a', roles: ['boss'] }).explainGrant(role, 'o1').reason).toBe('covered')
    expect(many.subject({ id: 'a' }).explainGrant(role, 'o1').reason).toBe('not_covered')
  })
})
