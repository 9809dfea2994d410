// New access that no permission shows: each change that lets somebody reach more is told with its kind and fails
// --no-new-access, and the same change the other way round is told and does not.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, parsePolicy } from 'casemate'
import type { PolicyData } from '../../src/document/types.js'
import {
  areEquivalent,
  describeNewAccess,
  diffPolicies,
  diffToJson,
  diffToMarkdown,
  printDiff,
  type PolicyDiff
} from '../../src/diff/index.js'
import { casemate, type Ran } from '../support/cli.js'

const base = {
  name: 'p',
  resources: {
    doc: { org: 'required', actions: { read: '', erase: '' } },
    key: { org: 'never', actions: { give: '', take: '' } },
    note: { actions: { read: '' } }
  },
  orgOptions: { plan: { values: ['free', 'locked'], default: 'free' } },
  roles: {
    boss: { kind: 'site', grants: { site: { allow: { key: ['give'] } } }, assigns: ['boss', 'custom:org'] },
    clerk: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } },
    banned: { kind: 'site', grants: { site: { deny: { doc: ['erase'], note: '*' } } } },
    engine: { kind: 'org', assignable: false }
  },
  assignPermissions: { site: 'key:give', org: 'key:give' },
  unassignPermissions: { site: 'key:give' },
  systemSubjects: { cron: { assigns: ['clerk'] } },
  scopes: {
    reading: { allow: { doc: ['read'] }, aliases: ['ro'] },
    writing: { allow: { doc: ['read'], key: ['give'] } }
  },
  publicScopes: ['doc:read'],
  defaultScopes: ['reading'],
  scopeTemplates: {
    one: { params: { id: 'required' }, allow: { doc: ['erase'] }, allowList: ['doc:{id}'] }
  }
} as const satisfies PolicyData

const role = (name: keyof typeof base.roles, change: object): object => ({
  ...base,
  roles: { ...base.roles, [name]: { ...base.roles[name], ...change } }
})
const resource = (name: keyof typeof base.resources, change: object): object => ({
  ...base,
  resources: { ...base.resources, [name]: { ...base.resources[name], ...change } }
})
const scopes = (change: object): object => ({ ...base, scopes: { ...base.scopes, ...change } })

/** What is changed, the changed document, the kind, and what is said of it. */
const widenings: readonly (readonly [string, object, string, string])[] = [
  [
    'a role assigns one more',
    role('clerk', { assigns: ['boss'] }),
    'assign',
    '`clerk` may now assign `boss`'
  ],
  [
    'a role assigns every role',
    role('boss', { assigns: ['*'] }),
    'assign',
    '`boss` may now assign every role'
  ],
  [
    'a role assigns custom roles',
    role('boss', { assigns: ['boss', 'custom:org', 'custom:site'] }),
    'assign',
    '`boss` may now assign `custom:site`'
  ],
  [
    'a new role with no grants assigns',
    { ...base, roles: { ...base.roles, fresh: { kind: 'site', assigns: ['boss'] } } },
    'assign',
    '`fresh` may now assign `boss`'
  ],
  [
    'a service assigns one more',
    { ...base, systemSubjects: { cron: { assigns: ['clerk', 'banned'] } } },
    'assign',
    '`system:cron` may now assign `banned`'
  ],
  [
    'a role can be assigned',
    role('engine', { assignable: true }),
    'assignable',
    '`engine` can now be assigned'
  ],
  [
    'assigning asks for nothing',
    { ...base, assignPermissions: { org: 'key:give' } },
    'assign-permission',
    'giving a site role needed `key:give` and now needs no permission'
  ],
  [
    'taking away asks for nothing',
    { ...base, unassignPermissions: undefined },
    'assign-permission',
    'taking away a site role needed `key:give` and now needs no permission'
  ],
  [
    'assigning asks for another permission',
    { ...base, assignPermissions: { site: 'key:take', org: 'key:give' } },
    'assign-permission',
    'giving a site role needed `key:give` and now needs `key:take`'
  ],
  [
    'objects need no organization',
    resource('doc', { org: 'optional' }),
    'placement',
    'an object of `doc` may now be in no organization'
  ],
  [
    'objects may be in one',
    resource('key', { org: 'optional' }),
    'placement',
    'an object of `key` may now be in an organization'
  ],
  [
    'objects must be in one',
    resource('key', { org: 'required' }),
    'placement',
    'an object of `key` may now be in an organization'
  ],
  [
    'objects may have an ACL',
    resource('note', { acl: true }),
    'acl',
    'an object of `note` may now have an ACL'
  ],
  [
    'a low-level scope may be requested',
    { ...base, publicScopes: ['doc:read', 'key:*'] },
    'public-scope',
    'users may now request the scope `key:*`'
  ],
  [
    'a declared scope may be requested by another name',
    { ...base, publicScopes: ['doc:read', 'ro'] },
    'public-scope',
    'users may now request the scope `reading`'
  ],
  [
    'a scope may be requested',
    scopes({ writing: { ...base.scopes.writing, public: true } }),
    'public-scope',
    'users may now request the scope `writing`'
  ],
  [
    'a scope more is the default',
    { ...base, defaultScopes: ['reading', 'writing'] },
    'default-scopes',
    'a token request without scopes meant `reading` and now `reading`, `writing`'
  ],
  [
    'a scope has another name',
    scopes({ reading: { ...base.scopes.reading, aliases: ['ro', 'r'] } }),
    'alias',
    '`r` is now another name of the scope `reading`'
  ],
  [
    'another name means a wider scope',
    scopes({ reading: { allow: { doc: ['read'] } }, writing: { ...base.scopes.writing, aliases: ['ro'] } }),
    'alias',
    '`ro` meant the scope `reading` and now `writing`'
  ],
  [
    'a scope lets through what nobody is allowed yet',
    scopes({ reading: { ...base.scopes.reading, allow: { doc: ['read', 'erase'] } } }),
    'scope',
    '`scope:reading` now lets `doc:erase` through'
  ],
  [
    'a template lets every id through of what nobody is allowed yet',
    { ...base, scopeTemplates: { one: { params: { id: 'required' }, allow: { doc: ['erase'] } } } },
    'template',
    '`template:one` now lets `doc:erase` through'
  ],
  [
    'a deny is gone of what nobody is allowed yet',
    role('banned', { grants: { site: { deny: { note: '*' } } } }),
    'deny',
    '`banned` no longer denies `doc:erase`'
  ],
  [
    'there is a service more',
    { ...base, systemSubjects: { ...base.systemSubjects, purge: {} } },
    'system',
    'there is now a system subject `purge`'
  ]
]

const policy = (document: unknown): ReturnType<typeof compile> => compile(parsePolicy(document))
const diff = (old: unknown, current: unknown): PolicyDiff => diffPolicies(policy(old), policy(current))

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casemate-'))
  await writeFile(join(folder, 'old.json'), JSON.stringify(base))
  await writeFile(join(folder, 'new.json'), JSON.stringify(role('clerk', { assigns: ['boss'] })))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = (...args: string[]): Promise<Ran> =>
  casemate(['diff', ...args.map((one) => (one.endsWith('.json') ? join(folder, one) : one))])

describe('new access', () => {
  it.each(widenings)('is that %s', (_, changed, kind, message) => {
    const found = diff(base, changed)
    expect(found.widened.map((one) => one.kind)).toContain(kind)
    expect(describeNewAccess(found).join('\n')).toContain(message)
    for (const text of [printDiff(found), diffToJson(found)]) expect(text).toContain(message)
    expect(diffToMarkdown(found)).toContain('### Also gained\n\n- ')
    expect(areEquivalent(policy(base), policy(changed))).toBe(false)
  })

  it.each(widenings)('is not, but told, the other way round that %s', (what, changed, kind) => {
    const found = diff(changed, base)
    expect(found.narrowed.map((one) => one.kind)).toContain(kind)
    // What keys could not do at all without a permission to ask for, they can where there is one; and one kind of
    // place for another, or one permission for another, is more to somebody either way.
    const isBoth = /asks for|must be in one/.test(what)
    expect([what, describeNewAccess(found).length > 0]).toEqual([what, isBoth])
  })

  it('is what stands under a renamed role, system subject or scope, and not the rename', () => {
    const renamed = (more: object = {}): object => ({
      ...base,
      roles: {
        ...Object.fromEntries(Object.entries(base.roles).filter(([name]) => name !== 'boss')),
        chief: { ...base.roles.boss, assigns: ['chief', 'custom:org'], ...more }
      },
      systemSubjects: base.systemSubjects
    })
    expect(diff(base, renamed()).renamed).toEqual([{ kind: 'role', from: 'boss', to: 'chief' }])
    expect(describeNewAccess(diff(base, renamed()))).toEqual([])
    expect(describeNewAccess(diff(base, renamed({ assigns: ['chief', 'custom:org', 'clerk'] })))).toEqual([
      '`chief` may now assign `clerk`'
    ])
  })

  it('is no new role that `*` reaches, no name of a role that cannot be assigned, and no narrower default', () => {
    const starred = { ...base, roles: { ...base.roles, boss: { ...base.roles.boss, assigns: ['*'] } } }
    const more = { ...starred, roles: { ...starred.roles, extra: { kind: 'site' } } }
    expect(describeNewAccess(diff(starred, more))).toEqual([])
    expect(describeNewAccess(diff(base, role('clerk', { assigns: ['engine'] })))).toEqual([])
    const wide = { ...base, defaultScopes: ['writing'] }
    expect(describeNewAccess(diff(wide, base))).toEqual([])
    expect(describeNewAccess(diff(base, wide))).toHaveLength(1)
  })

  it('is a setting that is gone, or a value of it, under which a role was allowed less', () => {
    const locked = role('clerk', {
      variants: [{ when: { plan: 'locked' }, grants: { org: { deny: { doc: '*' } } } }]
    })
    const without = { ...base, orgOptions: { plan: { values: ['free'], default: 'free' } } }
    expect(diff(locked, without).widened).toContainEqual({
      kind: 'setting',
      subject: 'clerk',
      message:
        'setting that is gone: `plan` with `locked`; under it `clerk` was allowed less: `doc:read`, `doc:erase`'
    })
    expect(diff(base, without).widened).toEqual([])
  })

  it('is a weaker default of a setting, by the permissions that it shows', () => {
    const open = role('clerk', {
      variants: [{ when: { plan: 'locked' }, grants: { org: { allow: { doc: [] } } } }]
    })
    const shut = { ...open, orgOptions: { plan: { values: ['free', 'locked'], default: 'locked' } } }
    expect(diff(shut, open).gained.map(({ permission }) => permission)).toEqual(['doc:read'])
    expect(diff(open, shut).gained).toEqual([])
  })

  it('is a looser default of a deployment option, by what it shows; a first default is only a change', () => {
    const option = (usual?: string): object => ({
      ...role('clerk', {
        variants: [{ when: { mode: 'loose' }, grants: { org: { allow: { doc: ['read', 'erase'] } } } }]
      }),
      options: { mode: { values: ['strict', 'loose'], ...(usual === undefined ? {} : { default: usual }) } }
    })
    expect(describeNewAccess(diff(option('strict'), option('loose')))).toEqual([
      '`clerk` gains `doc:erase` (own org)'
    ])
    expect(describeNewAccess(diff(option('loose'), option('strict')))).toEqual([])
    // Who deploys had to choose before, and is asked nothing now.
    const first = diffPolicies(
      compile(parsePolicy(option()), { options: { mode: 'strict' } }),
      policy(option('loose'))
    )
    expect(describeNewAccess(first)).toEqual([])
    expect(first.changes).toEqual(['the default of the option `mode` was nothing and now `loose`'])
  })

  it('is refused by --no-new-access, which names it on standard error, and passes the other way round', async () => {
    const refused = await run('old.json', 'new.json', '--no-new-access')
    expect(refused).toEqual({
      status: 1,
      stdout: [
        'Also gained',
        '  + `clerk` may now assign `boss`',
        '',
        'nobody gains or loses a permission; 1 change lets somebody reach more',
        ''
      ].join('\n'),
      stderr: 'new access: `clerk` may now assign `boss`\n'
    })
    expect(await run('new.json', 'old.json', '--no-new-access')).toMatchObject({ status: 0, stderr: '' })
    const { stdout } = await run('old.json', 'new.json', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      gained: [],
      widened: [{ kind: 'assign', subject: 'clerk', message: '`clerk` may now assign `boss`' }],
      narrowed: []
    })
    expect((await run('old.json', 'new.json', '--markdown')).stdout).toContain(
      '### Also gained\n\n- `clerk` may now assign `boss`\n'
    )
  })
})

const wide = {
  name: 'p',
  containers: [{ name: 'project' }, { name: 'team' }],
  resources: {
    doc: {
      org: 'optional',
      in: { project: 'required', team: 'optional' },
      attributes: {
        status: { values: ['draft', 'published'], default: 'draft' },
        locked: { values: [true, false] }
      },
      acl: { levels: { viewer: ['read'] }, members: true, requires: 'use', overridesDeny: false },
      actions: { read: '', update: '', share: '', use: '' },
      implies: { share: ['use'] }
    },
    key: {
      attributes: { rank: { values: ['low', 'high'] }, kind: { values: ['a', 'b'], default: 'a' } },
      actions: { give: '', take: '' }
    }
  },
  roles: {
    lead: { kind: 'project', assigns: ['hand'], grants: { project: { allow: { doc: ['read'] } } } },
    hand: {
      kind: 'project',
      grants: { project: { allow: { doc: [{ actions: ['read'], where: { status: 'published' } }] } } }
    },
    coach: { kind: 'team', grants: { team: { deny: { doc: ['share'] } } } },
    idle: { kind: 'project' }
  },
  assignPermissions: { project: 'key:give' },
  scopes: { reading: { allow: { doc: { actions: ['read'], where: { status: 'draft' } } } } },
  defaultScopes: ['reading']
} as const satisfies PolicyData

const wideDoc = (change: object): object => ({
  ...wide,
  resources: { ...wide.resources, doc: { ...wide.resources.doc, ...change } }
})
const wideAcl = (change: object): object => wideDoc({ acl: { ...wide.resources.doc.acl, ...change } })
const wideRole = (name: keyof typeof wide.roles, change: object): object => ({
  ...wide,
  roles: { ...wide.roles, [name]: { ...wide.roles[name], ...change } }
})
const { status, locked } = wide.resources.doc.attributes
const { key } = wide.resources

/** The same of containers, attributes, ACL settings and implied actions. */
const widerParts: readonly (readonly [string, object, string, string])[] = [
  [
    'a role assigns the custom roles of a container',
    wideRole('lead', { assigns: ['hand', 'custom:project'] }),
    'assign',
    '`lead` may now assign `custom:project`'
  ],
  [
    'assigning the roles of a container asks for nothing',
    { ...wide, assignPermissions: undefined },
    'assign-permission',
    'giving a role of a `project` needed `key:give` and now needs no permission'
  ],
  [
    'assigning asks about another first value of an attribute without default',
    {
      ...wide,
      resources: {
        ...wide.resources,
        key: { ...key, attributes: { ...key.attributes, rank: { values: ['high', 'low'] } } }
      }
    },
    'assign-permission',
    'assigning asked about a `key` with `rank` at `low` and now asks about one at `high`'
  ],
  [
    'assigning asks about the first value where a default is gone',
    {
      ...wide,
      resources: {
        ...wide.resources,
        key: { ...key, attributes: { ...key.attributes, kind: { values: ['b', 'a'] } } }
      }
    },
    'assign-permission',
    'assigning asked about a `key` with `kind` at `a` and now asks about one at `b`'
  ],
  [
    'objects need no container',
    wideDoc({ in: { project: 'optional', team: 'optional' } }),
    'placement',
    'an object of `doc` may now be in no `project`: `in.project` was `required` and now `optional`'
  ],
  [
    'objects of another resource may be in a container',
    { ...wide, resources: { ...wide.resources, key: { ...wide.resources.key, in: { team: 'optional' } } } },
    'placement',
    'an object of `key` may now be in a `team`: `in.team` was `never` and now `optional`'
  ],
  [
    'there is a container more',
    { ...wide, containers: [...wide.containers, { name: 'folder' }] },
    'container',
    'there is now a container `folder`'
  ],
  [
    'containers are asked in another order',
    { ...wide, containers: wide.containers.toReversed() },
    'container',
    'containers were asked in the order `project`, `team` and now in the order `team`, `project`'
  ],
  [
    'an attribute has a value more',
    wideDoc({ attributes: { status: { ...status, values: [...status.values, 'archived'] }, locked } }),
    'attribute',
    '`status` of `doc` can now be `archived`'
  ],
  [
    'an attribute has another default',
    wideDoc({ attributes: { status: { ...status, default: 'published' }, locked } }),
    'attribute',
    'the default of `status` of `doc` was `draft` and now `published`'
  ],
  [
    'an attribute gets a default',
    wideDoc({ attributes: { status, locked: { ...locked, default: false } } }),
    'attribute',
    'the default of `locked` of `doc` was nothing and now `false`'
  ],
  [
    'an attribute that an object had to have is gone',
    wideDoc({ attributes: { status } }),
    'attribute',
    'an object of `doc` need no longer have `locked`'
  ],
  [
    'ACL entries count for who does not belong to the organization',
    wideAcl({ members: false }),
    'acl',
    'an ACL entry for a user now counts for objects of `doc` in organizations of others'
  ],
  [
    'an ACL entry needs nothing',
    wideAcl({ requires: undefined }),
    'acl',
    'what roles must allow for an ACL entry of `doc` to count was `use` and now nothing'
  ],
  [
    'an ACL entry needs something else',
    wideAcl({ requires: 'read' }),
    'acl',
    'what roles must allow for an ACL entry of `doc` to count was `use` and now `read`'
  ],
  [
    'an ACL entry beats a deny',
    wideAcl({ overridesDeny: true }),
    'acl',
    "an ACL entry of `doc` now beats a role's deny"
  ],
  [
    'a level holds more',
    wideAcl({ levels: { viewer: ['read', 'share'] } }),
    'acl',
    'the level `viewer` of ACLs of `doc` now holds `share`, `use`'
  ],
  [
    'there is a level more',
    wideAcl({ levels: { viewer: ['read'], editor: '*' } }),
    'acl',
    'the level `editor` of ACLs of `doc` now holds `read`, `update`, `share`, `use`'
  ],
  [
    'an action implies more',
    wideDoc({ implies: { share: ['use', 'update'] } }),
    'implies',
    '`doc:share` now implies `update`'
  ],
  [
    'the default scope lets more objects through',
    {
      ...wide,
      scopes: { ...wide.scopes, all: { allow: { doc: ['read'] } } },
      defaultScopes: ['all']
    },
    'default-scopes',
    'a token request without scopes meant `reading` and now `all`'
  ],
  [
    'a deny in a container is gone',
    wideRole('coach', { grants: {} }),
    'deny',
    '`coach` no longer denies `doc:share`'
  ]
]

describe('new access by containers, attributes, ACL settings and implied actions', () => {
  it.each(widerParts)('is that %s', (_, changed, kind, message) => {
    const found = diff(wide, changed)
    expect(found.widened.map((one) => one.kind)).toContain(kind)
    expect(describeNewAccess(found).join('\n')).toContain(message)
    expect(areEquivalent(policy(wide), policy(changed))).toBe(false)
  })

  it.each(widerParts)('is not, but told, the other way round that %s', (what, changed, kind) => {
    const found = diff(changed, wide)
    expect(found.narrowed.map((one) => one.kind)).toContain(kind)
    // Another order, another default or another action to allow is more to somebody either way.
    const isBoth = /another order|another default|something else|asks for nothing|first value/.test(what)
    expect([what, describeNewAccess(found).length > 0]).toEqual([what, isBoth])
  })

  it('is an entry that counts elsewhere for a member who is denied by what is held in another organization', () => {
    const withAcl = (overridesDeny: boolean) =>
      compile(
        parsePolicy({
          name: 'p',
          resources: { doc: { acl: { members: true, overridesDeny }, actions: { read: '' } } },
          roles: {
            guest: { kind: 'org' },
            banned: { kind: 'org', grants: { site: { deny: { doc: ['read'] } } } }
          }
        })
      )
    const { gained, lost } = diffPolicies(withAcl(false), withAcl(true))
    expect(lost).toEqual([])
    expect(gained.map(({ subject, relation, byAcl }) => [subject, relation, byAcl])).toEqual([
      ['banned', 'own org', true],
      ['banned', 'other org', true]
    ])
    expect(gained[1]?.witness).toEqual({
      subject: {
        id: 'u1',
        roles: [
          { role: 'banned', org: 'o1' },
          { role: 'guest', org: 'o2' }
        ]
      },
      action: 'read',
      object: { type: 'doc', org: 'o2', acl: { users: { u1: ['read'] } } }
    })
  })

  it('is what a role that is included allows, and the include alone is a change', () => {
    const found = diff(wide, wideRole('idle', { includes: ['hand'] }))
    expect(describeNewAccess(found)).toEqual(['`idle` gains `doc:read` (own project, status = published)'])
    expect(found.changes).toEqual(['role `idle` now includes `hand`'])
    const again = diff(wide, wideRole('lead', { includes: ['hand'] }))
    expect([describeNewAccess(again), again.changes]).toEqual([[], ['role `lead` now includes `hand`']])
  })

  it('is a container that is gone, because objects in one are then decided like others', () => {
    const without = {
      ...wide,
      containers: [{ name: 'project' }],
      resources: { ...wide.resources, doc: { ...wide.resources.doc, in: { project: 'required' } } },
      roles: { lead: wide.roles.lead, hand: wide.roles.hand, idle: wide.roles.idle }
    }
    expect(diff(wide, without).widened).toContainEqual({
      kind: 'container',
      subject: 'team',
      message: 'the container `team` is gone, and an object in one is now decided like one in none'
    })
    expect(diff(wide, without).removedDenies).toEqual(['coach'])
    expect(diff(without, wide).narrowed).toContainEqual({
      kind: 'container',
      subject: 'team',
      message: 'the container `team` is new, and an object in one was decided like one in none'
    })
  })
})
