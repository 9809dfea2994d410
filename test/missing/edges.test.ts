// What is missing of an allow list: the narrowest entry, the wider one as its alternative, and no entry twice. And what
// is missing where only an ACL entry of an organization helps, and the policy has no role to hold there.
import { describe, expect, it } from 'vitest'

import { compile, parsePolicy, type ObjectRef } from '../../src/index.js'
import { missing } from '../../src/missing/index.js'

const policy = compile(
  parsePolicy({
    name: 'entries',
    resources: { doc: { actions: { read: '' } }, log: { actions: { read: '' } } },
    roles: { root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
  })
)
const key = policy.subject({ id: 'u1', roles: ['root'], allowList: ['log:*'] })

describe('an entry that is missing', () => {
  it.each([
    [{ type: 'doc', id: 'd1' }, 'doc:d1', ['doc:*']],
    [{ type: 'doc', id: '*' }, 'doc:*', []],
    [{ type: 'doc', id: '' }, 'doc:*', []],
    [{ type: 'doc' }, 'doc:*', []]
  ] as const)('for %j is %s, or %j', (object: ObjectRef, entry, others) => {
    const step = (one: string): object => ({ kind: 'entry', entry: one, ceiling: 0 })
    expect(missing(key, 'read', object)).toEqual({
      size: 1,
      steps: [step(entry)],
      alternatives: [others.map(step)]
    })
  })
})

describe('a subject that no role can make belong to the organization of an ACL entry', () => {
  const banned = compile(
    parsePolicy({
      name: 'banned',
      resources: { log: { acl: true, actions: { read: '' } } },
      roles: { banned: { kind: 'site', grants: { site: { deny: { log: '*' } } } } }
    })
  ).subject({ id: 'u1', roles: ['banned'], groups: ['g1'] })
  const grant = (org: string): object => ({ kind: 'grant', level: 'org', permission: 'log:read', org })

  it('needs a grant there', () => {
    const object = { type: 'log', org: 'acme', acl: { groups: { acme: ['read'] } } }
    expect(missing(banned, 'read', object)?.steps).toEqual([grant('acme')])
  })

  it.each([
    ['acme', { org: 'other' }],
    ['__proto__', { org: 'other' }],
    ['acme', {}]
  ])('needs a grant in %s and the object there where the object has %j', (org, where) => {
    const object = { type: 'log', ...where, acl: { groups: { [org]: ['read'] } } }
    expect(missing(banned, 'read', object)).toEqual({
      size: 2,
      steps: [grant(org), { kind: 'relation', field: 'org', value: org }],
      alternatives: [[], []]
    })
  })

  it('lacks nothing that helps where the entry is about another action', () => {
    expect(missing(banned, 'read', { type: 'log', acl: { groups: { acme: ['drop'] } } })).toBeUndefined()
  })
})
