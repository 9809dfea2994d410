// Questions at the edge of a decision: names that look like nothing, permissions of other policies, a caller's own
// errors, and what an explanation says stood in the way.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, RequestError, type ObjectRef, type Permission, type Policy } from 'casemate'
import { orFailure } from '../support/engine.js'

const make = (acl: boolean): Policy =>
  compile(
    parsePolicy({
      name: 'edges',
      resources: { doc: { acl, actions: { read: '', write: '' } }, log: { actions: { read: '' } } },
      roles: {
        member: { kind: 'site', grants: { user: { allow: { doc: ['read'] } } } },
        viewer: { kind: 'org', grants: {} },
        boss: { kind: 'site', grants: { site: { allow: { '*': '*' } } } }
      },
      scopes: { reading: { allow: { '*': ['read'] } }, none: { allow: {} } },
      scopeTemplates: {
        one: { params: { id: 'required' }, allow: { '*': ['read'] }, allowList: ['doc:{id}'] },
        writing: { params: { id: 'required' }, allow: { '*': ['write'] }, allowList: ['doc:{id}'] }
      }
    })
  )
const policy = make(true)
const boss = policy.subject({ id: 'b', roles: ['boss'] })

describe('an ACL under `anyOrg`', () => {
  const acl = (groups: Record<string, string[]>): ObjectRef => ({
    type: 'doc',
    anyOrg: true,
    acl: { groups }
  })

  it('names nobody by an organization that there is not', () => {
    const viewer = policy.subject({ id: 'a', roles: [{ role: 'viewer', org: 'o1' }], groups: ['g'] })
    for (const name of ['undefined', 'null', '', 'o1', '*'])
      expect(viewer.can('read', acl({ [name]: ['read'] }))).toBe(false)
    expect(viewer.can('read', acl({ g: ['read'] }))).toBe(true)
    expect(viewer.can('read', { type: 'doc', org: 'o1', acl: { groups: { o1: ['read'] } } })).toBe(true)
    expect(viewer.can('read', { type: 'doc', org: 'o2', acl: { groups: { o2: ['read'] } } })).toBe(false)
  })

  it('reaches groups of members of some organization alone', () => {
    const outsider = policy.subject({ id: 'a', groups: ['g'] })
    expect(outsider.can('read', acl({ g: ['read'] }))).toBe(false)
    expect(outsider.can('read', { type: 'doc', anyOrg: true, acl: { users: { a: ['read'] } } })).toBe(true)
  })
})

describe('a permission of another policy', () => {
  it('is refused where the policies differ in whether a resource has ACLs, and taken where in nothing', () => {
    const log: ObjectRef = { type: 'log' }
    const read: Permission = make(true).permission('doc', 'read')
    const other = make(false).permission('doc', 'read')
    expect(() => boss.can(other as never, { type: 'doc' })).toThrow(RequestError)
    expect(boss.can(make(true).permission('doc', 'read'), { type: 'doc' })).toBe(true)
    expect(() => boss.can(read, log)).toThrow('object')
  })
})

describe('an error in the middle of a list', () => {
  class OwnError extends Error {}

  it("is passed on as it is where it is the caller's own", () => {
    const own = new OwnError('no such row')
    const toObject = (row: number) => {
      if (row === 2) throw own
      return { type: 'doc' as const }
    }
    expect(() => boss.filter('read', [1, 2], toObject)).toThrow(own)
    expect(own.message).toBe('no such row')
    expect(boss.filter('read', [1, 3], toObject)).toEqual([1, 3])
  })

  it('names the row, or the question, where it is about what was asked', () => {
    const row = (given: object) => () => boss.filter('read', [{ type: 'doc' }, given] as never)
    expect(row({ type: 'doc', owner: 7 })).toThrow(
      expect.objectContaining({ code: 'invalid_request', path: 'rows[1].object.owner', value: 7 })
    )
    expect(row({ type: 'dox' })).toThrow(
      expect.objectContaining({ path: 'rows[1].object.type', hint: 'doc' })
    )
    expect(() => boss.canEach({ one: { action: 'raed', object: { type: 'doc' } } })).toThrow(
      expect.objectContaining({ code: 'unknown_action', path: 'one.action', hint: 'read' })
    )
    expect(() => boss.filter('read', 'rows' as never)).toThrow(expect.objectContaining({ path: 'rows' }))
    expect(() => boss.canEach([] as never)).toThrow(expect.objectContaining({ path: 'questions' }))
    expect(() => boss.canEach({ one: 1 } as never)).toThrow(expect.objectContaining({ path: 'one' }))
  })
})

describe('the ceiling that an explanation names', () => {
  const doc = { type: 'doc', id: 'x' } as const

  it('is the first whose scopes lack the permission, then the first whose list lacks the id', () => {
    const reading = { scopes: ['reading'] }
    const one = { scopes: [{ template: 'one', params: { id: 'y' } }] }
    const listed = { allowList: ['doc:z', 'doc:y'] }
    const asked = (...ceilings: Parameters<typeof boss.within>[0][]) => {
      const decision = ceilings
        .reduce<typeof boss>((subject, ceiling) => subject.within(ceiling), boss)
        .explain('read', doc)
      return [decision.reason, decision.ceiling]
    }
    const nothing = { scopes: ['none'] }
    expect(asked(reading)).toEqual(['granted', undefined])
    expect(asked(nothing)).toEqual(['outside_scope', { ceiling: 0, by: 'scopes', scopes: ['none'] }])
    expect(asked(reading, nothing)).toEqual(['outside_scope', { ceiling: 1, by: 'scopes', scopes: ['none'] }])
    expect(asked(listed, nothing)).toEqual(['outside_scope', { ceiling: 1, by: 'scopes', scopes: ['none'] }])
    expect(asked({ scopes: [] })).toEqual(['outside_scope', { ceiling: 0, by: 'scopes', scopes: [] }])
    expect(asked(reading, one)).toEqual([
      'outside_allow_list',
      { ceiling: 1, by: 'scope_list', scopes: ['one'], allowList: ['doc:y'] }
    ])
    expect(asked(reading, listed)).toEqual([
      'outside_allow_list',
      { ceiling: 1, by: 'allow_list', allowList: ['doc:z', 'doc:y'] }
    ])
    expect(asked({ ...one, ...listed })).toEqual([
      'outside_allow_list',
      { ceiling: 0, by: 'scope_list', scopes: ['one'], allowList: ['doc:y'] }
    ])
    expect(asked({ allowList: ['doc:x'] })).toEqual(['granted', undefined])
  })

  it('names the templates that have the permission, or all where none has it', () => {
    const params = { id: 'y' }
    const ceiling = {
      scopes: [
        { template: 'writing', params: { id: 'x' } },
        { template: 'one', params }
      ]
    }
    expect(boss.within(ceiling).explain('read', doc).ceiling).toEqual({
      ceiling: 0,
      by: 'scope_list',
      scopes: ['one'],
      allowList: ['doc:y']
    })
    const writing = { scopes: ['none', { template: 'writing', params }] }
    expect(boss.within(writing).explain('read', doc).ceiling).toEqual({
      ceiling: 0,
      by: 'scopes',
      scopes: ['none', 'writing']
    })
  })

  it('is none where the roles refuse', () => {
    const decision = policy.subject({ id: 'a', scopes: [] }).explain('read', doc)
    expect([decision.reason, decision.ceiling]).toEqual(['not_granted', undefined])
  })
})

describe('a question about any organization', () => {
  const world = compile(
    parsePolicy({
      name: 'orgs',
      resources: { doc: { actions: { read: '', write: '' } }, log: { actions: { read: '' } } },
      roles: {
        reader: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } },
        author: { kind: 'org', grants: { orgMember: { allow: { doc: ['write'] } } } },
        idle: { kind: 'org', grants: { org: { deny: { doc: '*' } } } },
        silent: { kind: 'org', grants: {} },
        banned: { kind: 'site', grants: { site: { deny: { doc: '*' } } } }
      }
    })
  )
  const any = { type: 'doc', anyOrg: true } as const
  const held = (...roles: string[]): ReturnType<typeof world.subject> =>
    world.subject({ id: 'a', roles: roles.map((role, i) => ({ role, org: `o${i}` })) })

  it('is answered by any one of them, whichever comes first and whatever the others say', () => {
    for (const roles of [
      ['reader', 'idle', 'silent'],
      ['silent', 'reader', 'idle'],
      ['idle', 'silent', 'reader']
    ]) {
      const subject = held(...roles)
      for (const answer of [subject.can('read', any), subject.explain('read', any).allowed])
        expect(answer).toBe(true)
      expect(subject.can('write', any)).toBe(false)
      expect(subject.canSome('read', 'doc')).toBe(true)
      expect(subject.canSome('write', 'doc')).toBe(false)
      expect(subject.canSome('read', 'log')).toBe(false)
    }
    expect(held('idle', 'silent').can('read', any)).toBe(false)
  })

  it('is answered for what is its own by one that allows its members that', () => {
    for (const roles of [
      ['author', 'silent', 'idle'],
      ['idle', 'silent', 'author']
    ]) {
      expect(held(...roles).can('write', { ...any, owner: 'a' })).toBe(true)
      expect(held(...roles).can('write', { ...any, owner: 'b' })).toBe(false)
      expect(held(...roles).can('write', any)).toBe(false)
      expect(held(...roles).can('read', { ...any, owner: 'a' })).toBe(false)
    }
  })

  it('is denied where the site denies, whatever an organization says', () => {
    const roles = ['banned', { role: 'reader', org: 'o1' }]
    expect(world.subject({ id: 'a', roles }).can('read', any)).toBe(false)
    expect(world.subject({ id: 'a', roles: roles.slice(1) }).can('read', any)).toBe(true)
  })
})

describe('a subject that is given in process', () => {
  it('may have keys that are undefined, and rows with more than a role', () => {
    const given = {
      id: 'a',
      roles: [{ role: 'viewer', org: 'o1', since: 2020 }],
      groups: undefined,
      orgOptions: undefined
    }
    expect(policy.subject(given as never).id).toBe('a')
    expect(policy.subject({ id: 'a', roles: undefined }).can('read', { type: 'doc', owner: 'a' })).toBe(false)
    expect(() => policy.subject({ id: 'a', roles: null } as never)).toThrow('roles: expected a list of roles')
    expect(() => policy.subject({ id: 'a', since: 2020 } as never)).toThrow('since: unknown key')
  })
})

describe('an explanation', () => {
  it('takes whatever `can` takes for an id that no ceiling reads', () => {
    const doc = { type: 'doc', id: 7 } as never
    expect([boss.can('read', doc), boss.explain('read', doc).allowed]).toEqual([true, true])
    const key = boss.within({ allowList: ['*:*'] })
    for (const ask of [() => key.can('read', doc), () => key.explain('read', doc)])
      expect(ask).toThrow('object.id: expected a text')
  })

  it('has the fields of the object that were given, and of its own those that say something', () => {
    const fields = ['allowed', 'reason', 'action', 'object', 'permission', 'level', 'roles', 'votes']
    const granted = boss.explain('read', { type: 'doc', id: '', owner: null, anyOrg: false })
    expect(Object.keys(granted)).toEqual(fields)
    expect(Object.keys(granted.object)).toEqual(['type'])
    const acl = { users: { a: ['read'] } }
    const listed = policy.subject({ id: 'a' }).explain('read', { type: 'doc', id: 'x', org: 'o1', acl })
    expect(Object.keys(listed)).toEqual([...fields.filter((field) => field !== 'level'), 'acl'])
    expect(listed.object).toStrictEqual({ type: 'doc', id: 'x', org: 'o1', acl })
  })
})

describe('an explanation about any organization', () => {
  const world = compile(
    parsePolicy({
      name: 'levels',
      resources: { doc: { actions: { read: '' } } },
      roles: {
        author: { kind: 'org', grants: { orgMember: { allow: { doc: ['read'] } } } },
        reader: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } }
      }
    })
  )

  it('is of the widest level that allows, and names each role that does once', () => {
    const held = ['author', 'reader', 'author', 'reader'].map((role, i) => ({ role, org: `o${i}` }))
    const decision = world
      .subject({ id: 'a', roles: held })
      .explain('read', { type: 'doc', anyOrg: true, owner: 'a' })
    expect([decision.level, decision.roles.map(({ org, level }) => `${org ?? ''} ${level}`)]).toEqual([
      'org',
      ['o1 org', 'o3 org', 'o0 orgMember', 'o2 orgMember']
    ])
  })
})

describe('an object of no organization', () => {
  const own = { type: 'doc', owner: 'a' } as const
  const member = policy.subject({ id: 'a', roles: ['member', { role: 'viewer', org: 'o1' }] })
  const asked = [member, member.within({ allowList: ['*:*'] })]

  it('is one whose organization is empty, also where it has an ACL', () => {
    for (const subject of asked)
      for (const acl of [undefined, { users: {} }]) {
        expect(subject.can('read', { ...own, org: '', acl })).toBe(true)
        expect(subject.can('read', { ...own, org: 'o1', acl })).toBe(false)
      }
  })

  it('is one that asks for no organization, also where it has an ACL', () => {
    for (const subject of asked)
      for (const acl of [undefined, { users: {} }]) {
        expect(subject.can('read', { ...own, anyOrg: false, acl })).toBe(true)
        expect(subject.can('read', { ...own, anyOrg: true, acl })).toBe(false)
      }
  })
})

describe('roles of one name', () => {
  const custom = (...actions: string[]) => ({
    kind: 'org' as const,
    grants: { org: { allow: { doc: actions } } }
  })
  const shared = policy
    .withRoles({ clerk: custom('read') }, { org: 'o1' })
    .withRoles({ clerk: custom('write') }, { org: 'o2' })
  const held = (...orgs: string[]) => orgs.map((org) => ({ role: 'clerk', org }))

  it('are each what their organization says, however they follow one another', () => {
    const subject = shared.subject({ id: 'a', roles: held('o1', 'o2', 'o1') })
    const answers = ['o1', 'o2'].map((org) =>
      (['read', 'write'] as const).map((action) => subject.can(action, { type: 'doc', org }))
    )
    expect(answers).toEqual([
      [true, false],
      [false, true]
    ])
    expect(() => shared.subject({ id: 'a', roles: held('o1', 'o3') })).toThrow('unknown role `clerk`')
  })
})

describe('a setting of an organization that is undefined', () => {
  const world = compile(
    parsePolicy({
      name: 'settings',
      resources: { doc: { actions: { read: '' } } },
      orgOptions: { plan: { values: ['free', 'paid'], default: 'free' } },
      roles: {
        reader: {
          kind: 'org',
          grants: {},
          variants: [{ when: { plan: 'free' }, grants: { org: { allow: { doc: ['read'] } } } }]
        }
      }
    })
  )

  it('is not given, and the default holds', () => {
    const can = (plan: unknown) =>
      world
        .subject({ id: 'a', roles: [{ role: 'reader', org: 'o1' }], orgOptions: { o1: { plan } } as never })
        .can('read', { type: 'doc', org: 'o1' })
    expect([can(undefined), can('free'), can('paid')]).toEqual([true, true, false])
    expect(() => can(null)).toThrow('orgOptions.o1.plan')
  })
})

describe('an object in a container and with attributes', () => {
  const placed = compile(
    parsePolicy({
      name: 'placed',
      containers: [{ name: 'project' }],
      resources: {
        doc: {
          in: { project: 'optional' },
          attributes: { open: { values: [true, false], default: false }, state: { values: ['old', 'new'] } },
          actions: { read: '', write: '' }
        },
        task: { in: { project: 'required' }, actions: { read: '' } },
        note: { org: 'required', actions: { read: '' } }
      },
      roles: {
        viewer: {
          kind: 'project',
          grants: {
            project: { allow: { doc: { actions: ['read'], where: { state: 'new' } }, task: '*' } },
            projectMember: { allow: { doc: { actions: ['write'], where: { open: true } } } }
          }
        },
        owner: {
          kind: 'site',
          grants: {
            user: { allow: { doc: ['read'] } }
          }
        },
        clerk: { kind: 'org', grants: { org: { allow: { note: '*' } } } }
      }
    })
  )
  const subject = placed.subject({
    id: 'a',
    roles: [{ role: 'viewer', project: 'p' }, 'owner', { role: 'clerk', org: 'o' }]
  })
  const asked = (action: string, object: object): unknown =>
    orFailure(() => subject.can(action, object as ObjectRef))
  const doc = { type: 'doc', state: 'new' } as const

  it('is in it by an id or by a list of ids', () => {
    expect(asked('read', { ...doc, project: 'p' })).toBe(true)
    expect(asked('read', { ...doc, project: ['p'] })).toBe(true)
    expect(asked('read', { ...doc, project: ['q', 'p'] })).toBe(true)
    expect(asked('read', { ...doc, project: 'q' })).toBe(false)
    expect(asked('read', { ...doc, project: ['q'] })).toBe(false)
    expect(asked('read', { ...doc, project: 7 })).toEqual({ error: 'invalid_request' })
    expect(asked('read', { ...doc, project: [''] })).toEqual({ error: 'invalid_request' })
  })

  it('is in none where the field is missing, null, empty or an empty list', () => {
    for (const project of [undefined, null, '', []]) {
      expect(asked('read', { ...doc, project, owner: 'a' })).toBe(true)
      expect(asked('read', { ...doc, project, owner: 'b' })).toBe(false)
      expect(asked('read', { type: 'task', project })).toEqual({ error: 'missing_container' })
      expect(asked('read', { type: 'note', project, org: 'o' })).toBe(true)
    }
    expect(asked('read', { ...doc, project: 'q', owner: 'a' })).toBe(false)
    expect(asked('read', { type: 'task', project: 'p' })).toBe(true)
    expect(asked('read', { type: 'note', project: 'p', org: 'o' })).toEqual({ error: 'unexpected_container' })
    expect(asked('read', { type: 'note' })).toEqual({ error: 'missing_org' })
  })

  it('has an attribute, its default, or is refused', () => {
    const own = { ...doc, project: 'p', owner: 'a' }
    expect(asked('write', { ...own, open: true })).toBe(true)
    for (const open of [false, null, undefined]) expect(asked('write', { ...own, open })).toBe(false)
    for (const open of ['true', 1, 'old', [true]])
      expect(asked('write', { ...own, open })).toEqual({ error: 'invalid_attribute' })
    expect(asked('read', { ...doc, project: 'p', state: 'old' })).toBe(false)
    for (const state of ['ol', 'NEW', '', true])
      expect(asked('read', { ...doc, project: 'p', state })).toEqual({ error: 'invalid_attribute' })
    for (const state of [undefined, null])
      expect(asked('read', { ...doc, project: 'p', state })).toEqual({ error: 'missing_attribute' })
  })

  it('has what its class or a proxy gives, and not what every object inherits', () => {
    class Row {
      type = 'doc'
      get project(): string {
        return 'p'
      }
      get state(): string {
        return 'new'
      }
    }
    expect(asked('read', new Row())).toBe(true)
    expect(asked('read', new Proxy({ ...doc, project: 'p' }, {}))).toBe(true)
    expect(asked('read', Object.assign(Object.create(null) as object, { ...doc, project: 'p' }))).toBe(true)
    const root = Object.prototype as { project?: unknown; state?: unknown; open?: unknown }
    try {
      Object.assign(root, { project: 'p', open: true })
      expect(asked('read', doc)).toBe(false)
      expect(asked('write', { ...doc, project: 'p', owner: 'a' })).toBe(false)
      expect(asked('read', { ...doc, project: 'p' })).toBe(true)
      root.state = 'new'
      expect(asked('read', { type: 'doc', project: 'p' })).toEqual({ error: 'missing_attribute' })
    } finally {
      delete root.project
      delete root.state
      delete root.open
    }
  })
})

describe('a role of an organization that includes others', () => {
  it.each([
    [['owner', 'plain'], true],
    [['plain', 'owner'], true],
    [['plain'], false]
  ] as const)('of which one is about what its holder owns anywhere: %j', (includes, isAllowed) => {
    const roles = {
      owner: { kind: 'org', grants: { user: { allow: { doc: ['read'] } } } },
      plain: { kind: 'org', grants: { org: { allow: { doc: ['write'] } } } },
      both: { kind: 'org', includes: [...includes] }
    }
    const resources = { doc: { actions: { read: '', write: '' } } }
    const wide = compile(parsePolicy({ name: 'wide', resources, roles }))
    const ada = wide.subject({ id: 'ada', roles: [{ role: 'both', org: 'o1' }] })
    expect(ada.can('read', { type: 'doc', owner: 'ada' })).toBe(isAllowed)
    expect(ada.can('read', { type: 'doc', owner: 'ada', org: 'o2' })).toBe(false)
  })
})
