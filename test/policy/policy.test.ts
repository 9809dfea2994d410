// The policy that a user holds: what it lists, roles added at run time, and what explanations name.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, parseRequest, type RoleDocument } from 'casemate'
import coder from '../../policies/coder/index.js'
import { getIn, setIn, type PersistentMap } from '../../src/compile/persistent-map.js'
import { compiledOf } from '../../src/compile/compile.js'

const policy = compile(coder)
const reader: RoleDocument = { kind: 'org', grants: { org: { allow: { workspace: ['read'] } } } }
const writer: RoleDocument = { kind: 'org', grants: { org: { allow: { workspace: ['update'] } } } }

describe('a compiled policy', () => {
  it('is frozen, and so is its document', () => {
    expect(Object.isFrozen(policy)).toBe(true)
    expect(Object.isFrozen(policy.document.roles)).toBe(true)
  })

  it('lists resources, roles and scopes as the document has them', () => {
    expect(policy.resources.list()).toHaveLength(48)
    expect(policy.resources.get('boundary_log')?.actions.map(({ name }) => name)).toEqual([
      'create',
      'read',
      'delete'
    ])
    expect(policy.resources.get('constructor')).toBeUndefined()
    expect(policy.roles.list().map(({ name }) => name)).toEqual(Object.keys(coder.roles ?? {}))
    expect(policy.roles.get('subagentapi')).toMatchObject({
      kind: 'org',
      isAssignable: false,
      isCustom: false
    })
    expect(policy.scopes.list()).toHaveLength(227)
    expect(policy.scopes.get('all')?.name).toBe('coder:all')
  })

  it('says of each resource, role and scope what the document says, and of a default what it means', () => {
    const told = compile(
      definePolicy({
        name: 'told',
        resources: {
          doc: { description: 'A page.', acl: true, org: 'required', actions: { read: 'see it' } },
          log: { actions: { read: '' } }
        },
        roles: { reader: { kind: 'site' }, service: { kind: 'site', assignable: false } },
        scopes: {
          reading: { title: 'Reading', allow: { doc: ['read'] }, public: true, aliases: ['r'] },
          inner: { allow: {} }
        },
        publicScopes: ['log:*']
      })
    )
    expect(told.resources.list()).toEqual([
      {
        name: 'doc',
        description: 'A page.',
        org: 'required',
        acl: true,
        in: {},
        attributes: {},
        actions: [{ name: 'read', description: 'see it' }]
      },
      {
        name: 'log',
        description: undefined,
        org: 'optional',
        acl: false,
        in: {},
        attributes: {},
        actions: [{ name: 'read', description: '' }]
      }
    ])
    expect(told.roles.list().map(({ name, isAssignable }) => [name, isAssignable])).toEqual([
      ['reader', true],
      ['service', false]
    ])
    expect(told.scopes.get('r')).toEqual({
      name: 'reading',
      title: 'Reading',
      description: undefined,
      kind: 'declared',
      isPublic: true,
      aliases: ['r'],
      allow: { doc: ['read'] },
      permissions: ['doc:read']
    })
    expect([told.scopes.get('inner')?.aliases, told.scopes.get('outer')]).toEqual([[], undefined])
    expect([told.scopes.canonical('r'), told.scopes.canonical('log:*')]).toEqual(['reading', 'log:*'])
    const names = (filter?: { public?: boolean }): string[] =>
      told.scopes.list(filter).map(({ name }) => name)
    expect(names()).toEqual(['reading', 'inner', 'doc:*', 'doc:read', 'log:*', 'log:read'])
    expect(names({})).toEqual(names())
    expect(names({ public: true })).toEqual(['reading', 'log:*'])
    expect(names({ public: false })).toEqual(['inner', 'doc:*', 'doc:read', 'log:read'])
  })

  it('takes an option that is undefined for one that is not given', () => {
    const options = { ownerWorkspaceExec: undefined }
    expect(compile(coder, { options }).options).toEqual(policy.options)
  })

  it('answers with a permission resolved once as by name, also one of an equal catalogue', () => {
    const owner = policy.subject({ id: 'u1', roles: ['owner'] })
    const elsewhere = compile(coder, { options: { ownerWorkspaceExec: false } })
    for (const resolver of [policy, elsewhere]) {
      expect(owner.can(resolver.permission('boundary_log', 'read'), { type: 'boundary_log' })).toBe(true)
      expect(owner.can(resolver.permission('boundary_log', 'delete'), { type: 'boundary_log' })).toBe(false)
    }
  })

  it('takes a placement that is written out as it takes the same by default', () => {
    const log = { actions: { read: '' } }
    const given = compile(definePolicy({ name: 'x', resources: { log: { ...log, org: 'optional' } } }))
    const byDefault = compile(definePolicy({ name: 'x', resources: { log } }))
    const ada = byDefault.subject({ id: 'ada' })
    expect(ada.can(given.permission('log', 'read'), { type: 'log' })).toBe(false)
  })

  it('reads its options when it is compiled', () => {
    const open = policy.subject({ id: 'u1', roles: ['owner'] })
    const shut = compile(coder, { options: { ownerWorkspaceExec: false } }).subject({
      id: 'u1',
      roles: ['owner']
    })
    expect(open.can('ssh', { type: 'workspace', owner: 'u2' })).toBe(true)
    expect(shut.can('ssh', { type: 'workspace', owner: 'u2' })).toBe(false)
    expect(shut.can('read', { type: 'workspace', owner: 'u2' })).toBe(true)
  })
})

describe('roles added at run time', () => {
  const more = policy
    .withRoles({ helper: reader }, { org: 'o1' })
    .withRoles({ helper: writer }, { org: 'o2' })
  const helper = (org: string): ReturnType<typeof more.subject> =>
    more.subject({ id: 'u1', roles: [{ role: 'helper', org }] })

  it('may have one name in two organizations, each its own role', () => {
    expect(helper('o1').can('read', { type: 'workspace', org: 'o1' })).toBe(true)
    expect(helper('o1').can('update', { type: 'workspace', org: 'o1' })).toBe(false)
    expect(helper('o2').can('update', { type: 'workspace', org: 'o2' })).toBe(true)
    expect(helper('o2').can('read', { type: 'workspace', org: 'o2' })).toBe(false)
    expect(() => helper('o3')).toThrow('unknown role `helper`')
  })

  it('leave the policy that they were added to as it was', () => {
    const subject = { id: 'u1', roles: [{ role: 'helper', org: 'o1' }] }
    expect(parseRequest(policy, { subject, action: 'read', object: { type: 'workspace' } })).toMatchObject({
      ok: false,
      problems: [{ code: 'unknown_role' }]
    })
  })

  it('replace a namesake in the same place, and no shipped role', () => {
    const changed = more.withRoles({ helper: writer }, { org: 'o1' })
    const subject = changed.subject({ id: 'u1', roles: [{ role: 'helper', org: 'o1' }] })
    expect(subject.can('update', { type: 'workspace', org: 'o1' })).toBe(true)
    expect(subject.can('read', { type: 'workspace', org: 'o1' })).toBe(false)
    expect(() => policy.withRoles({ owner: { kind: 'site' } })).toThrow('owner')
    expect(() => policy.withRoles({ owner: reader }, { org: 'o1' })).toThrow('owner')
  })

  it('reach what their place allows and nothing else', () => {
    expect(() => policy.withRoles({ helper: reader })).toThrow('helper.kind')
    expect(() => policy.withRoles({ helper: { kind: 'site' } }, { org: 'o1' })).toThrow('helper.kind')
    const site: RoleDocument = { kind: 'org', grants: { site: { allow: { workspace: ['read'] } } } }
    expect(() => policy.withRoles({ helper: site }, { org: 'o1' })).toThrow('helper.grants.site')
  })

  it('share the tables of the roles that were there, and copy none of them', () => {
    let large = policy
    const names = Array.from({ length: 10_000 }, (_, i) => `role-${i}`)
    let roles: PersistentMap<object> = undefined
    for (const name of names) roles = setIn(roles, name, {})
    const added = setIn(roles, 'one more', {})
    for (const name of names) expect(getIn(added, name)).toBe(getIn(roles, name))
    for (let i = 0; i < 50; i++)
      large = large.withRoles({ [`role-${i}`]: reader }, { org: 'o1' }) as typeof large
    expect(compiledOf(large).roles.shipped).toBe(compiledOf(policy).roles.shipped)
    expect(compiledOf(large).catalogue).toBe(compiledOf(policy).catalogue)
    expect(large.roles.get('role-0', 'o1')?.document.kind).toBe('org')
  })
})

describe('an explanation', () => {
  const both = definePolicy({
    name: 'explained',
    resources: {
      doc: { acl: true, actions: { read: 'read', write: 'write', share: 'share' } },
      log: { actions: { read: 'read' } }
    },
    roles: {
      member: { kind: 'site', grants: { user: { allow: { '*': '*' } } } },
      auditor: { kind: 'site', grants: { site: { allow: { '*': ['read'] } } } },
      inspector: { kind: 'site', grants: { site: { allow: { doc: { except: ['share'] } } } } },
      editor: {
        kind: 'org',
        grants: { org: { allow: { doc: ['read', 'write'] } }, site: { allow: { log: ['read'] } } }
      },
      banned: { kind: 'org', grants: { org: { deny: { doc: ['write'] } } } }
    },
    scopes: { reading: { allow: { '*': ['read'] } } },
    scopeTemplates: { one: { params: { doc: 'required' }, allow: { doc: '*' }, allowList: ['doc:{doc}'] } }
  })
  const explained = compile(both)
  const ada = explained.subject({
    id: 'ada',
    roles: ['member', 'auditor', 'inspector', { role: 'editor', org: 'o1' }, { role: 'banned', org: 'o1' }]
  })

  it('names every role that decides, with the permission as written and its place', () => {
    expect(ada.explain('read', { type: 'doc', org: 'o1' })).toMatchObject({
      allowed: true,
      reason: 'granted',
      level: 'site',
      permission: 'doc:read',
      roles: [
        { role: 'auditor', level: 'site', permission: '*:read', path: 'roles.auditor.grants.site.allow.*' },
        { role: 'inspector', permission: 'doc:* except share', path: 'roles.inspector.grants.site.allow.doc' }
      ]
    })
  })

  it('names the organization in which a role is held, also where its grant reaches everything', () => {
    const bob = explained.subject({
      id: 'bob',
      roles: ['o1', 'o2'].map((org) => ({ role: 'editor' as const, org }))
    })
    expect(bob.explain('read', { type: 'log' }).roles.map(({ role, org }) => [role, org])).toEqual([
      ['editor', 'o1'],
      ['editor', 'o2']
    ])
  })

  it('shows every vote, so that one sees what a lower level would have said', () => {
    const decision = ada.explain('write', { type: 'doc', owner: 'ada', org: 'o1' })
    expect(decision).toMatchObject({ allowed: true, level: 'site' })
    expect(decision.votes.map(({ level, org, vote }) => [level, org, vote])).toEqual([
      ['site', undefined, 'allow'],
      ['org', 'o1', 'deny'],
      ['orgMember', 'o1', 'abstain']
    ])
    expect(decision.votes[1]?.by).toEqual([
      {
        role: 'banned',
        org: 'o1',
        level: 'org',
        permission: 'doc:write',
        path: 'roles.banned.grants.org.deny.doc'
      }
    ])
  })

  it('names the ACL entry that grants, and beats a deny', () => {
    const bob = explained.subject({ id: 'bob', roles: [{ role: 'banned', org: 'o1' }], groups: ['g'] })
    const doc = { type: 'doc', org: 'o1', acl: { groups: { g: ['*'] } } } as const
    expect(bob.explain('write', doc)).toMatchObject({
      allowed: true,
      reason: 'granted_by_acl',
      acl: { list: 'groups', id: 'g', action: '*' },
      roles: [{ role: 'banned' }]
    })
    expect(bob.explain('write', { ...doc, org: 'o2' })).toMatchObject({
      allowed: false,
      reason: 'not_granted'
    })
  })

  it('names the ceiling that stood in the way: the scopes, a scope of its own list, or the list', () => {
    const key = ada.within({
      scopes: ['reading', { template: 'one', params: { doc: 'd1' } }],
      allowList: ['doc:*']
    })
    expect(key.explain('share', { type: 'doc', owner: 'ada', id: 'd1' }).allowed).toBe(true)
    expect(key.explain('share', { type: 'doc', owner: 'ada', id: 'd2' })).toMatchObject({
      reason: 'outside_allow_list',
      ceiling: { ceiling: 0, by: 'scope_list', scopes: ['one'], allowList: ['doc:d1'] }
    })
    expect(key.explain('read', { type: 'log' })).toMatchObject({
      reason: 'outside_allow_list',
      ceiling: { by: 'allow_list', allowList: ['doc:*'] }
    })
    expect(
      ada
        .within({ scopes: [] })
        .within({ scopes: ['reading'] })
        .explain('read', { type: 'log' })
    ).toMatchObject({
      reason: 'outside_scope',
      ceiling: { ceiling: 0, by: 'scopes', scopes: [] }
    })
  })

  it('hands out no list that decides', () => {
    const listed = 'workspace:00000000-0000-4000-a000-000000000041'
    const key = policy.subject({ id: 'u1', roles: ['owner'] }).within({ allowList: [listed] })
    const { ceiling } = key.explain('read', { type: 'workspace', id: 'w2' })
    expect(ceiling?.allowList).toEqual([listed])
    expect(Object.isFrozen(ceiling?.allowList)).toBe(true)
  })

  it('keeps of the object what casemate knows, and nothing else of a row', () => {
    const row = { type: 'log', owner: 'ada', passwordHash: 'x' } as const
    expect(ada.explain('read', row).object).toEqual({ type: 'log', owner: 'ada' })
  })
})
