// What compiled grants say at their edges: wildcards beside lines of a resource, long lists, denies that add up, system
// subjects without an id, and roles whose settings come back.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Grants, type Policy } from 'casemate'

import { compiledOf } from '../../src/compile/compile.js'

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l']
const resources = {
  doc: { actions: { read: '', write: '' } },
  log: { actions: { read: '', write: '' } },
  wide: { actions: Object.fromEntries(letters.map((letter) => [letter, ''])) }
}
const orgOptions = { plan: { values: ['free', 'paid'], default: 'free' } }
const withRole = (kind: 'site' | 'org', grants: Grants): Policy =>
  compile(parsePolicy({ name: 'grants', resources, orgOptions, roles: { it: { kind, grants } } }))
const site = (grants: Grants) => withRole('site', grants).subject({ id: 'a', roles: ['it'] })

describe('a line of a resource beside a wildcard', () => {
  it('replaces it among the allows, and adds to it among the denies', () => {
    const allows = site({ site: { allow: { '*': '*', doc: ['read'] } } })
    expect([allows.can('read', { type: 'doc' }), allows.can('write', { type: 'doc' })]).toEqual([true, false])
    expect(allows.can('write', { type: 'log' })).toBe(true)
    const denies = site({ site: { allow: { '*': '*' }, deny: { '*': ['write'], doc: ['read'] } } })
    expect([denies.can('read', { type: 'doc' }), denies.can('write', { type: 'doc' })]).toEqual([
      false,
      false
    ])
    expect([denies.can('read', { type: 'log' }), denies.can('write', { type: 'log' })]).toEqual([true, false])
  })

  it('is none where it is undefined', () => {
    const subject = site({ site: { allow: { '*': '*', doc: undefined } } } as never)
    expect(subject.can('write', { type: 'doc' })).toBe(true)
  })

  it('is named where it decides, and the wildcard where that does', () => {
    const subject = site({ site: { allow: { '*': '*' }, deny: { '*': ['write'], doc: ['read'] } } })
    const named = (action: string, type: string) =>
      subject.explain(action, { type }).roles.map(({ permission, path }) => `${permission} ${path}`)
    expect(named('read', 'doc')).toEqual(['doc:read roles.it.grants.site.deny.doc'])
    expect(named('write', 'doc')).toEqual(['*:write roles.it.grants.site.deny.*'])
    expect(named('read', 'log')).toEqual(['*:* roles.it.grants.site.allow.*'])
    const two = site({ site: { allow: { doc: '*', log: { except: ['read', 'write'] }, '*': ['read'] } } })
    expect(two.explain('write', { type: 'doc' }).roles[0]?.permission).toBe('doc:*')
    expect(two.explain('read', { type: 'log' }).roles).toEqual([])
    const except = site({ site: { allow: { wide: { except: ['a', 'b'] } } } })
    expect(except.explain('c', { type: 'wide' }).roles[0]?.permission).toBe('wide:* except a, b')
  })
})

describe('a role that has no say', () => {
  const allow = (grants: Grants['site']) => ({ kind: 'site' as const, grants: { site: grants } })
  const world = compile(
    parsePolicy({
      name: 'several',
      resources,
      roles: {
        narrowed: allow({ allow: { '*': '*', doc: ['read'] } }),
        reader: allow({ allow: { '*': ['read'] } }),
        writer: allow({ allow: { doc: ['write'] } })
      }
    })
  )

  it('is not named beside one that decides', () => {
    const subject = world.subject({ id: 'a', roles: ['narrowed', 'reader', 'writer'] })
    const named = (action: string, type: string) =>
      subject.explain(action, { type }).roles.map(({ role }) => role)
    expect(named('write', 'doc')).toEqual(['writer'])
    expect(named('read', 'doc')).toEqual(['narrowed', 'reader'])
    expect(named('write', 'log')).toEqual(['narrowed'])
  })
})

describe('a list of many actions', () => {
  it.each([1, 8, 9, 11])('names what it says, or all but that: %i of twelve', (count) => {
    const list = letters.slice(0, count)
    const named = site({ site: { allow: { wide: list } } })
    const except = site({ site: { allow: { wide: { except: list } } } })
    for (const [i, letter] of letters.entries()) {
      const answers = [named, except].map((subject) => [
        subject.can(letter, { type: 'wide' }),
        subject.explain(letter, { type: 'wide' }).roles.length
      ])
      expect(answers).toEqual([
        [i < count, i < count ? 1 : 0],
        [i >= count, i >= count ? 1 : 0]
      ])
    }
  })
})

describe('a role of an organization with grants at the site', () => {
  it.each<[string, Grants]>([
    ['a wildcard', { site: { allow: { '*': '*' } } }],
    ['a resource', { site: { allow: { doc: '*' } } }],
    ['a list', { site: { allow: { doc: ['read'] } } }],
    ['all but some', { site: { allow: { doc: { except: ['write'] } } } }],
    ['what is its own', { user: { allow: { '*': ['read'] } } }]
  ])('reaches as far as they say, by %s', (_what, grants) => {
    const subject = withRole('org', grants).subject({ id: 'a', roles: [{ role: 'it', org: 'o1' }] })
    expect(subject.can('read', { type: 'doc', owner: 'a' })).toBe(true)
    expect(subject.can('read', { type: 'log', owner: 'b', org: 'o2' })).toBe(
      grants.site?.allow?.['*'] !== undefined
    )
  })
})

describe('a system subject', () => {
  const grants: Grants = { site: { allow: { log: ['read'] } }, user: { allow: { doc: ['read'] } } }
  const world = compile(
    parsePolicy({
      name: 'system',
      resources,
      systemSubjects: {
        named: { id: 'bot', grants },
        nameless: { grants: { site: grants.site } },
        idle: {},
        ghost: { id: 'g' }
      }
    })
  )

  it('owns what has its id, and nothing where it has none', () => {
    const can = (name: string, type: string, owner?: string | null): boolean =>
      world.systemSubject(name).can('read', { type, owner })
    expect([can('named', 'doc', 'bot'), can('named', 'doc', 'a'), can('named', 'doc')]).toEqual([
      true,
      false,
      false
    ])
    expect(can('ghost', 'doc', 'g')).toBe(false)
    for (const owner of ['', null, undefined, 'bot', 'undefined'])
      expect([
        can('nameless', 'doc', owner),
        can('nameless', 'log', owner),
        can('idle', 'log', owner)
      ]).toEqual([false, true, false])
  })
})

describe('a role that reads a setting', () => {
  const world = compile(
    parsePolicy({
      name: 'settings',
      resources,
      orgOptions,
      roles: {
        it: {
          kind: 'org',
          grants: { org: { allow: { doc: ['read'] } } },
          variants: [{ when: { plan: 'paid' }, grants: { org: { allow: { doc: '*' } } } }]
        }
      }
    })
  )

  it('is one role where it is held twice under the same setting, whatever stands between', () => {
    const orgOptions = { o1: { plan: 'paid' }, o2: { plan: 'free' } }
    const roles = ['o1', 'o2', 'o1', 'o1'].map((org) => ({ role: 'it', org }))
    const subject = world.subject({ id: 'a', roles, orgOptions })
    for (const [org, permission] of [
      ['o1', 'doc:*'],
      ['o2', 'doc:read']
    ] as const)
      expect(subject.explain('read', { type: 'doc', org }).roles).toMatchObject([
        { role: 'it', org, permission }
      ])
    expect([
      subject.can('write', { type: 'doc', org: 'o1' }),
      subject.can('write', { type: 'doc', org: 'o2' })
    ]).toEqual([true, false])
  })

  it('is unknown by an empty name', () => {
    expect(() => world.subject({ id: 'a', roles: [''] })).toThrow('unknown role')
    expect(() => world.subject({ id: 'a', roles: [{ role: '', org: 'o1' }] })).toThrow('unknown role')
  })
})

describe('a role that is added at run time', () => {
  const role = { kind: 'site' as const, grants: { site: { allow: { doc: ['read'] } } } }
  const clerk = { kind: 'org' as const, grants: { org: { allow: { doc: ['read'] } } } }
  const added = withRole('site', {})
    .withRoles({ zeta: role, alpha: role })
    .withRoles({ clerk }, { org: 'o2' })
    .withRoles({ clerk }, { org: 'o1' })

  it('is listed after those of the policy, by its name and its organization', () => {
    expect(added.roles.list().map(({ name, org, isCustom }) => [name, org, isCustom])).toEqual([
      ['it', undefined, false],
      ['alpha', undefined, true],
      ['clerk', 'o1', true],
      ['clerk', 'o2', true],
      ['zeta', undefined, true]
    ])
  })

  it('is held where it was added, and named by its own path', () => {
    const subject = added.subject({ id: 'a', roles: ['zeta', { role: 'clerk', org: 'o1' }] })
    expect(subject.explain('read', { type: 'doc' }).roles.map(({ path }) => path)).toEqual([
      'zeta.grants.site.allow.doc'
    ])
    expect(added.subject({ id: 'a', roles: ['alpha'] }).can('read', { type: 'doc', org: 'o3' })).toBe(true)
    expect(() => added.subject({ id: 'a', roles: [{ role: 'clerk', org: 'o3' }] })).toThrow('unknown role')
    expect(() => added.subject({ id: 'a', roles: ['clerk'] })).toThrow('unknown role')
  })
})

describe('a scope', () => {
  const world = compile(
    parsePolicy({
      name: 'scopes',
      resources,
      roles: { it: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } },
      scopes: {
        mixed: { allow: { log: ['read'], doc: ['write', 'read'] }, aliases: ['old', 'older'] },
        rest: { allow: { wide: { except: letters.slice(2) } } }
      },
      scopeTemplates: {
        near: { params: { id: 'required' }, allow: { doc: ['read'] }, allowList: ['doc:{id}', 'doc:x'] }
      }
    })
  )

  it('lists its permissions in the order of the catalogue', () => {
    expect(world.scopes.get('mixed')?.permissions).toEqual(['doc:read', 'doc:write', 'log:read'])
    expect(world.scopes.get('rest')?.permissions).toEqual(['wide:a', 'wide:b'])
  })

  it('given twice is one scope, by whatever name', () => {
    const scopes = ['log:write', 'older', 'log:write', 'mixed', 'old']
    const { ceiling } = world.subject({ id: 'a', roles: ['it'], scopes }).explain('a', { type: 'wide' })
    expect(ceiling).toMatchObject({ by: 'scopes', scopes: ['log:write', 'mixed'] })
  })

  it('may be named as declared, by an alias, or as a permission or all of a resource', () => {
    const { scopes } = compiledOf(world)
    const lowLevel = (type: string, actions: readonly string[]): string[] =>
      ['*', ...actions].map((action) => `${type}:${action}`)
    expect([...scopes.names()]).toEqual([
      'mixed',
      'rest',
      'old',
      'older',
      ...lowLevel('doc', ['read', 'write']),
      ...lowLevel('log', ['read', 'write']),
      ...lowLevel('wide', letters)
    ])
    for (const name of scopes.names()) expect(scopes.find(name)).toBe(scopes.find(name))
  })

  it('of a template has the ids of its parameters and its own', () => {
    const key = world.subject({ id: 'a', roles: ['it'], scopes: [{ template: 'near', params: { id: 'y' } }] })
    expect(['x', 'y', '{id}', ''].map((id) => key.can('read', { type: 'doc', id }))).toEqual([
      true,
      true,
      false,
      false
    ])
  })
})

describe('a role that reads two settings, one of them without a default', () => {
  const two = compile(
    parsePolicy({
      name: 'two',
      resources,
      orgOptions: { ...orgOptions, region: { values: ['eu', 'us'] } },
      roles: {
        it: {
          kind: 'org',
          variants: [
            { when: { plan: 'free' }, grants: { org: { allow: { doc: ['read'] } } } },
            { when: { region: 'eu' }, grants: { org: { allow: { log: ['read'] } } } }
          ]
        }
      }
    })
  )
  const roles = [{ role: 'it', org: 'o1' }]

  it('is held under both, and not without the one', () => {
    const subject = two.subject({ id: 'a', roles, orgOptions: { o1: { region: 'eu' } } })
    expect(['doc', 'log'].map((type) => subject.can('read', { type, org: 'o1' }))).toEqual([true, true])
    expect(() => two.subject({ id: 'a', roles })).toThrow('role `it` reads the option `region`')
    expect(() => two.subject({ id: 'a', roles, orgOptions: { o1: { plan: 'paid' } } })).toThrow('`region`')
  })
})

describe('roles of one name that are added at many places', () => {
  const clerk = { kind: 'org' as const, grants: { org: { allow: { doc: ['read'] } } } }

  it('are listed by their organizations', () => {
    const orgs = ['o3', 'A', 'o1', 'o5', 'o2', 'o4']
    const added = orgs.reduce((policy, org) => policy.withRoles({ clerk }, { org }), withRole('site', {}))
    expect(added.roles.list().map(({ org }) => org)).toEqual([undefined, 'A', 'o1', 'o2', 'o3', 'o4', 'o5'])
    const site = { kind: 'site' as const }
    const everywhere = added.withRoles({ clerk: site })
    expect(everywhere.roles.list().map(({ name, org }) => [name, org])).toEqual([
      ['it', undefined],
      ...[undefined, 'A', 'o1', 'o2', 'o3', 'o4', 'o5'].map((org) => ['clerk', org])
    ])
  })
})

describe('what is compiled', () => {
  it('is known to every copy of the package, by symbols that they share', () => {
    const policy = withRole('site', {})
    for (const name of ['compiled', 'subject', 'proven'])
      expect(Symbol.for(`casemate.${name}`) in policy).toBe(true)
    expect(Symbol.for('casemate.state') in policy.subject({ id: 'a' })).toBe(true)
    expect(Symbol.for('casemate.catalogue') in policy.permission('doc', 'read')).toBe(true)
  })
})
