// What a grant is covered by at its edges: another organization, one's own objects, what is added later; and what a
// refusal says of it.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type PolicyData, type RoleDocument } from 'casemate'

const base: PolicyData = {
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
  it('is not covered by what the subject holds in another, now or later', () => {
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
  it('is covered by the same with what is added later, and covers nothing else', () => {
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

describe('templates that a minter holds', () => {
  const world = compile(
    parsePolicy({
      ...base,
      scopes: {
        readers: { allow: { '*': ['read'] } },
        writers: { allow: { '*': ['write'] } },
        docs: { allow: { doc: '*' } },
        most: { allow: { '*': '*', doc: ['read', 'write'] } }
      },
      scopeTemplates: {
        mixed: {
          params: { id: 'required' },
          allow: { '*': '*', doc: ['read'] },
          allowList: ['doc:{id}', 'log:*']
        },
        reads: { params: { id: 'required' }, allow: { doc: ['read'] }, allowList: ['doc:{id}'] },
        writes: { params: { id: 'required' }, allow: { doc: ['write'] }, allowList: ['doc:{id}'] },
        both: { params: { id: 'required' }, allow: { doc: '*' }, allowList: ['doc:{id}'] },
        open: { params: {}, allow: { doc: ['read'] } },
        flagged: {
          params: { a: 'flag', b: 'flag' },
          allow: {},
          variants: [
            { when: { a: true }, allow: { doc: ['write'] } },
            { when: { b: true }, allow: { doc: ['read'] } }
          ]
        }
      }
    })
  )
  const scope = (template: string, id?: string) => ({ template, params: id === undefined ? {} : { id } })
  const minter = (...scopes: (string | object)[]) =>
    world.subject({ id: 'a', roles: ['boss'] }).within({ scopes: scopes as never })
  const can = (held: (string | object)[], scopes: (string | object)[], allowList?: string[]): boolean =>
    minter(...held).canMint({ scopes: scopes as never, ...(allowList === undefined ? {} : { allowList }) })

  it('let through what their own line of a resource names, and not what a wildcard beside it does', () => {
    expect(can([scope('mixed', 'x')], ['doc:read'], ['doc:x'])).toBe(true)
    expect(can([scope('mixed', 'x')], ['doc:write'], ['doc:x'])).toBe(false)
    expect(can([scope('mixed', 'x')], ['log:*'], ['log:*'])).toBe(true)
    expect(can([scope('mixed', 'x')], ['doc:*'], ['doc:x'])).toBe(false)
    expect(can([scope('mixed', 'x')], ['readers'], ['doc:x', 'log:*'])).toBe(true)
  })

  it('let through together what the list of any of them names, and all where one has no list', () => {
    const two = [scope('reads', 'x'), scope('both', 'y')]
    expect(can(two, ['doc:read'], ['doc:x', 'doc:y'])).toBe(true)
    expect(can(two, ['doc:read'], ['doc:z'])).toBe(false)
    expect(can(two, ['doc:write'], ['doc:y'])).toBe(true)
    expect(can(two, ['doc:write'], ['doc:x'])).toBe(false)
    expect(can([scope('reads', 'x'), scope('open')], ['doc:read'])).toBe(true)
    expect(can([scope('open'), scope('reads', 'x')], ['doc:read'])).toBe(true)
    expect(can([scope('reads', 'x'), scope('both', 'y'), scope('open')], ['doc:read'])).toBe(true)
    expect(can([scope('reads', 'x'), scope('reads', 'y')], ['doc:read'], ['doc:x', 'doc:y'])).toBe(true)
    expect(can([scope('reads', 'x'), scope('reads', 'y')], ['doc:read'], ['doc:z'])).toBe(false)
  })

  it('are told apart by which of them have a permission', () => {
    const three = [scope('reads', 'x'), scope('writes', 'y'), scope('both', 'z')]
    expect(can(three, ['doc:read', 'doc:write'], ['doc:z'])).toBe(true)
    expect(can(three, ['doc:read'], ['doc:x', 'doc:z'])).toBe(true)
    expect(can(three, ['doc:read', 'doc:write'], ['doc:x'])).toBe(false)
    expect(can(three, ['doc:read', 'doc:write'], ['doc:y'])).toBe(false)
    expect(can(three, ['doc:write'], ['doc:y', 'doc:z'])).toBe(true)
    expect(can(three, ['docs'], ['doc:z'])).toBe(true)
    expect(can(three, ['docs'], ['doc:x'])).toBe(false)
  })

  it('are told apart by their flags', () => {
    const [a, b] = ['a', 'b'].map((flag) => ({ template: 'flagged', params: { [flag]: true } })) as [
      object,
      object
    ]
    expect([can([a, b], ['doc:read']), can([a, b], ['doc:write'])]).toEqual([true, true])
    expect([can([a], ['doc:read']), can([b], ['doc:write'])]).toEqual([false, false])
  })

  it('stand beside scopes by name, each of which lets through what it does', () => {
    expect(can(['doc:read', scope('both', 'x')], ['doc:*'])).toBe(false)
    expect(can(['doc:read', scope('both', 'x')], ['doc:*'], ['doc:x'])).toBe(true)
    expect(can(['doc:read', 'doc:write', scope('both', 'x')], ['doc:*'])).toBe(false)
    expect(can(['most'], ['log:*', 'doc:read', 'doc:write'])).toBe(true)
    expect(can(['most'], ['doc:*'])).toBe(false)
    expect(can(['readers', 'writers'], ['readers'])).toBe(true)
    expect(can(['writers', 'readers'], ['readers'])).toBe(true)
    expect(can(['docs', 'doc:*', 'log:*'], ['doc:*', 'log:*'])).toBe(true)
    expect(can(['doc:*', 'readers', 'docs'], ['doc:*', 'readers'])).toBe(true)
    expect(can(['doc:*', 'docs'], ['readers'])).toBe(false)
  })
})

describe('the deny that is told of a grant on what is its own in an organization', () => {
  const world = compile(
    parsePolicy({
      ...base,
      roles: {
        ...base.roles,
        mute: { kind: 'org', grants: { orgMember: { deny: { doc: ['write'] } } } }
      }
    })
  )

  it('is of the role as it is held there, and in no other organization', () => {
    const roles = ['o1', 'o2'].flatMap((org) => ['mute', 'whole'].map((role) => ({ role, org })))
    const role: RoleDocument = { kind: 'org', grants: { orgMember: { allow: { doc: ['write'] } } } }
    expect(world.subject({ id: 'a', roles }).explainGrant(role, 'o1').gaps[0]?.denies).toMatchObject([
      { role: 'mute', org: 'o1', level: 'orgMember' }
    ])
  })
})

describe('what is said of a role that is given', () => {
  const world = compile(
    parsePolicy({
      name: 'giving',
      resources: {},
      roles: {
        chief: { kind: 'site', assigns: ['clerk', 'custom:site'] },
        clerk: { kind: 'site' },
        head: { kind: 'org', assigns: ['*'] },
        member: { kind: 'org' }
      }
    })
  )
  const subject = world.subject({ id: 'a', roles: ['chief', { role: 'head', org: 'o1' }] })

  it('names no organization, no permission and no cover where there is none', () => {
    const delegation = { role: 'chief', assigns: 'clerk', path: 'roles.chief.assigns[0]' }
    expect(subject.explainAssign('clerk')).toStrictEqual({
      allowed: true,
      reason: 'delegated',
      role: 'clerk',
      delegations: [delegation]
    })
    expect(subject.explainAssign('chief')).toStrictEqual({
      allowed: false,
      reason: 'not_delegated',
      role: 'chief',
      delegations: []
    })
    expect(subject.explainAssign('member', 'o1')).toStrictEqual({
      allowed: true,
      reason: 'delegated',
      role: 'member',
      org: 'o1',
      delegations: [{ role: 'head', org: 'o1', assigns: '*', path: 'roles.head.assigns[0]' }]
    })
  })
})

describe('a grant under settings of which each has a wildcard of its own', () => {
  it('is told with what each of them gives', () => {
    const when = (plan: string, action: string) => ({
      when: { plan },
      grants: { org: { allow: { '*': [action] } } }
    })
    const role: RoleDocument = {
      kind: 'org',
      grants: { org: { allow: { log: [] } } },
      variants: [when('paid', 'read'), when('team', 'write')]
    }
    const { gaps } = holding().explainGrant(role, 'o1')
    expect(gaps.map(({ permission, permissions }) => [permission, permissions])).toEqual([
      ['*:read', ['doc:read']],
      ['*:write', ['doc:write']]
    ])
  })
})

describe('what a key has too much', () => {
  const docs = { read: '', write: '', delete: '' }
  const world = compile(
    parsePolicy({
      name: 'minting',
      resources: {
        doc: { actions: docs },
        log: { actions: { ...docs, f1: '', f2: '', f3: '' } }
      },
      scopes: {
        all: { allow: { '*': { except: ['f1', 'f2', 'f3'] } } },
        second: { allow: { '*': ['f2'] } },
        others: { allow: { '*': ['f1', 'f3'] } }
      },
      scopeTemplates: {
        wide: { params: { id: 'required' }, allow: { doc: ['read'] }, allowList: ['doc:{id}', 'doc:*'] }
      }
    })
  )
  const subject = world.subject({ id: 'a' })

  it('is in the order of the catalogue, whichever ceiling lacks it', () => {
    const minter = subject.within({ scopes: ['doc:write'] }).within({ scopes: ['doc:read', 'doc:delete'] })
    expect(minter.explainMint({ scopes: ['doc:*'] }).excess).toEqual([
      {
        reason: 'outside_scope',
        scope: 'doc:*',
        permissions: ['doc:read', 'doc:write', 'doc:delete'],
        future: ['doc:*'],
        allowList: ['doc:*']
      }
    ])
  })

  it('is, for what is added later, in the order in which wildcards name actions', () => {
    const minter = subject.within({ scopes: ['all', 'second'] }).within({ scopes: ['others'] })
    expect(minter.explainMint({ scopes: ['doc:*'] }).excess.map(({ future }) => future)).toEqual([
      ['doc:f1', 'doc:f2', 'doc:f3', 'doc:*']
    ])
  })

  it('is on the objects of its list, in the order in which the ceilings of the minter name them', () => {
    const minter = subject.within({ allowList: ['doc:c', 'doc:b', 'doc:a'] }).within({ allowList: ['log:*'] })
    const lists = (key: object): unknown => minter.explainMint(key).excess.map(({ allowList }) => allowList)
    expect(lists({ scopes: ['doc:read'], allowList: ['doc:a', 'doc:c', 'doc:b'] })).toEqual([
      ['doc:c', 'doc:b', 'doc:a']
    ])
    expect(lists({ scopes: ['doc:read'] })).toEqual([['doc:*']])
    expect(lists({ scopes: [{ template: 'wide', params: { id: 'x' } }] })).toEqual([['doc:*']])
  })

  it('is not asked of a key whose limits are inherited', () => {
    expect(() => subject.canMint(Object.create({ scopes: [] }) as object)).toThrow(/^key\.scopes: /)
  })
})
