// One small policy with a little of everything, and all that is said of it: its resources, its roles, its compiled form
// and its subjects as data.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, parseSubject, subjectData, type Policy, type PolicyData } from 'casemate'
import { toCompiled } from 'casemate/node'

const document = {
  name: 'small',
  ids: 'string',
  containers: [{ name: 'project' }, { name: 'folder' }],
  options: { mode: { values: ['open', 'shut'], default: 'open' } },
  orgOptions: { plan: { values: ['free', 'paid'], default: 'free' }, tier: { values: ['low', 'high'] } },
  resources: {
    doc: {
      description: 'a document',
      acl: true,
      in: { project: 'optional' },
      attributes: {
        state: { values: ['draft', 'final'], default: 'draft' },
        locked: { values: [true, false] }
      },
      actions: { read: 'see it', write: 'edit it' }
    },
    note: { org: 'never', actions: { read: '' } }
  },
  roles: {
    base: { kind: 'site', title: 'Base', grants: { user: { allow: { note: ['read'] } } } },
    member: {
      kind: 'org',
      grants: { org: { allow: { doc: ['read'] } } },
      variants: [
        { when: { plan: 'paid' }, grants: { org: { allow: { doc: '*' } } } },
        { when: { tier: 'high' }, grants: { org: { allow: {} } } }
      ]
    },
    editor: { kind: 'project', grants: { project: { allow: { doc: '*' } } } }
  },
  systemSubjects: { purge: { id: 'sys', assigns: ['*'], grants: { site: { allow: { doc: '*' } } } } },
  scopes: { all: { description: 'everything', public: true, aliases: ['everything'], allow: { '*': '*' } } },
  scopeTemplates: {
    one: {
      description: 'one',
      params: { doc: 'required', quiet: 'flag' },
      allow: { doc: '*' },
      allowList: ['doc:{doc}'],
      variants: [{ when: { quiet: true }, allow: {} }]
    }
  }
} as PolicyData
const policy: Policy = compile(parsePolicy(document))
  .withRoles(
    { guest: { kind: 'org', title: 'Guest', grants: { org: { allow: { doc: ['read'] } } } } },
    { org: 'o1' }
  )
  .withRoles({ guest: { kind: 'org', grants: {} } }, { org: 'o2' })
  .withRoles(
    { helper: { kind: 'project', grants: { project: { allow: { doc: ['read'] } } } } },
    {
      project: 'p1'
    }
  )
  .withRoles({ lone: { kind: 'site', grants: {} } })

const guest = {
  name: 'guest',
  kind: 'org',
  title: 'Guest',
  isCustom: true,
  org: 'o1',
  isAssignable: true,
  document: { kind: 'org', title: 'Guest', grants: { org: { allow: { doc: ['read'] } } } }
}
const helper = {
  name: 'helper',
  kind: 'project',
  isCustom: true,
  container: 'p1',
  isAssignable: true,
  document: { kind: 'project', grants: { project: { allow: { doc: ['read'] } } } }
}
const lone = {
  name: 'lone',
  kind: 'site',
  isCustom: true,
  isAssignable: true,
  document: { kind: 'site', grants: {} }
}

describe('a policy', () => {
  it('says what its resources are', () => {
    expect(policy.resources.list()).toEqual([
      {
        name: 'doc',
        description: 'a document',
        org: 'optional',
        acl: true,
        in: { project: 'optional', folder: 'never' },
        attributes: { state: ['draft', 'final'], locked: [true, false] },
        actions: [
          { name: 'read', description: 'see it' },
          { name: 'write', description: 'edit it' }
        ]
      },
      {
        name: 'note',
        org: 'never',
        acl: false,
        in: { project: 'never', folder: 'never' },
        attributes: {},
        actions: [{ name: 'read', description: '' }]
      }
    ])
    expect(policy.resources.get('note')).toEqual(policy.resources.list()[1])
    expect(policy.resources.get('nothing')).toBeUndefined()
  })

  it('says what its roles are, wherever they were added', () => {
    expect(policy.roles.list()).toEqual([
      {
        name: 'base',
        kind: 'site',
        title: 'Base',
        isCustom: false,
        isAssignable: true,
        document: { kind: 'site', title: 'Base', grants: { user: { allow: { note: ['read'] } } } }
      },
      {
        name: 'member',
        kind: 'org',
        isCustom: false,
        isAssignable: true,
        document: {
          kind: 'org',
          grants: { org: { allow: { doc: ['read'] } } },
          variants: [
            { when: { plan: 'paid' }, grants: { org: { allow: { doc: '*' } } } },
            { when: { tier: 'high' }, grants: { org: { allow: {} } } }
          ]
        }
      },
      {
        name: 'editor',
        kind: 'project',
        isCustom: false,
        isAssignable: true,
        document: { kind: 'project', grants: { project: { allow: { doc: '*' } } } }
      },
      guest,
      {
        name: 'guest',
        kind: 'org',
        isCustom: true,
        org: 'o2',
        isAssignable: true,
        document: { kind: 'org', grants: {} }
      },
      helper,
      lone
    ])
    expect(policy.roles.get('guest', 'o1')).toEqual(guest)
    expect(policy.roles.get('guest', 'o2')).not.toEqual(guest)
    expect(policy.roles.get('helper', 'p1', 'project')).toEqual(helper)
    expect(policy.roles.get('lone')).toEqual(lone)
    expect(policy.roles.get('lone', 'o1')).toEqual(lone)
    for (const args of [
      ['guest'],
      ['guest', 'o3'],
      ['helper', 'p1'],
      ['helper', 'p2', 'project'],
      ['nobody']
    ] as const)
      expect(policy.roles.get(...(args as readonly [string])), args.join()).toBeUndefined()
  })

  it('is written into its compiled form without what decides nothing', () => {
    const { content, ...rest } = toCompiled(policy) as unknown as { readonly content: unknown }
    expect(rest).toEqual({ casemate: 2, checksum: '0cfb214c336709ea' })
    expect(JSON.parse(JSON.stringify(content))).toEqual({
      document: {
        name: 'small',
        ids: 'string',
        containers: [{ name: 'project' }, { name: 'folder' }],
        resources: {
          doc: {
            in: { project: 'optional' },
            attributes: {
              state: { values: ['draft', 'final'], default: 'draft' },
              locked: { values: [true, false] }
            },
            acl: true,
            actions: { read: '', write: '' }
          },
          note: { org: 'never', actions: { read: '' } }
        },
        options: { mode: { values: ['open'], default: 'open' } },
        orgOptions: {
          plan: { values: ['free', 'paid'], default: 'free' },
          tier: { values: ['low', 'high'] }
        },
        roles: {
          base: { kind: 'site', grants: { user: { allow: { note: ['read'] } } } },
          member: {
            kind: 'org',
            grants: { org: { allow: { doc: ['read'] } } },
            variants: [
              { when: { plan: 'paid' }, grants: { org: { allow: { doc: '*' } } } },
              { when: { tier: 'high' }, grants: { org: { allow: {} } } }
            ]
          },
          editor: { kind: 'project', grants: { project: { allow: { doc: '*' } } } }
        },
        systemSubjects: { purge: { id: 'sys', grants: { site: { allow: { doc: '*' } } } } },
        scopes: { all: { allow: { '*': '*' }, aliases: ['everything'] } },
        scopeTemplates: {
          one: {
            params: { doc: 'required', quiet: 'flag' },
            allow: { doc: '*' },
            variants: [{ when: { quiet: true }, allow: {} }],
            allowList: ['doc:{doc}']
          }
        }
      },
      siteRoles: { lone: { kind: 'site', grants: {} } },
      orgRoles: {
        o1: { guest: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } } },
        o2: { guest: { kind: 'org', grants: {} } }
      },
      containerRoles: {
        project: { p1: { helper: { kind: 'project', grants: { project: { allow: { doc: ['read'] } } } } } },
        folder: {}
      }
    })
  })
})

describe('a subject as data', () => {
  it('is whole', () => {
    const subject = policy
      .subject({
        id: 'me',
        groups: ['g1', 'g2'],
        roles: [
          'base',
          'lone',
          { role: 'member', org: 'o1' },
          { role: 'guest', org: 'o2' },
          { role: 'helper', project: 'p1' }
        ],
        orgOptions: { o1: { plan: 'paid', tier: 'high' } },
        scopes: ['all', { template: 'one', params: { doc: 'd1', quiet: true } }],
        allowList: ['doc:d1'],
        onlyOrgs: ['o1', '*none']
      })
      .within({ scopes: ['everything'] })
    const data = subjectData(subject)
    expect(data).toEqual({
      subject: {
        id: 'me',
        roles: [
          'base',
          'lone',
          { role: 'member', org: 'o1' },
          { role: 'guest', org: 'o2' },
          { role: 'helper', project: 'p1' }
        ],
        groups: ['g1', 'g2'],
        orgOptions: { o1: { plan: 'paid', tier: 'high' } }
      },
      within: [
        {
          scopes: ['all', { template: 'one', params: { doc: 'd1', quiet: true } }],
          allowList: ['doc:d1'],
          onlyOrgs: ['o1', '*none']
        },
        { scopes: ['all'] }
      ]
    })
    expect(parseSubject(policy, data.subject).ok).toBe(true)
  })

  it('has no more than there is to say', () => {
    expect(subjectData(policy.systemSubject('purge'))).toEqual({ subject: { system: 'purge' } })
    expect(subjectData(policy.subject({ id: 'x' }))).toEqual({ subject: { id: 'x', roles: [] } })
  })
})
