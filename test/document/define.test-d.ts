// `definePolicy` refuses a wrong name where it stands. Each row of the table is one literal with one wrong name, in a line
// of its own. The `@ts-expect-error` above it says what is right; an error in any other line fails.
import { definePolicy } from 'casemate'
import { describe, expectTypeOf, test } from 'vitest'

const name = 'x'

const resources = {
  log: { description: 'A line', actions: { create: '', read: '' } },
  file: { acl: true, org: 'required', actions: { read: '', share: '' } },
  key: { acl: false, org: 'never', actions: { read: '', rotate: '' } }
} as const

const options = {
  exec: { values: [true, false], default: true },
  mode: { values: ['open', 'closed'] },
  size: { values: [1, 2] }
} as const

test('a policy with one of everything compiles', () => {
  const policy = definePolicy({
    $schema: './policy.schema.json',
    name: 'x',
    description: 'One of everything',
    ids: 'uuid',
    resources: {
      log: { description: 'A line', actions: { create: '', read: '' } },
      file: { acl: true, org: 'required', actions: { read: '', share: '' } }
    },
    options: {
      exec: { values: [true, false], default: true, description: '' },
      mode: { values: ['a', 'b'] }
    },
    orgOptions: { sharing: { values: ['all', 'none'], default: 'all' } },
    roles: {
      owner: {
        title: 'Owner',
        kind: 'site',
        description: '',
        grants: {
          site: { allow: { '*': '*', log: ['read'], file: [] }, deny: { '*': ['share', 'create'] } },
          user: { deny: { file: { except: ['read'] } } }
        },
        variants: [
          { when: { exec: false, mode: 'a' }, grants: { site: { allow: { file: '*' } } } },
          { when: {}, grants: {} }
        ],
        assigns: ['*', 'custom:site', 'custom:org', 'owner', 'admin'],
        assignable: true
      },
      admin: {
        kind: 'org',
        grants: { site: { allow: {} }, org: { allow: { log: '*' } }, orgMember: {}, user: {} },
        variants: [{ when: { sharing: 'none', exec: true }, grants: { org: { deny: { file: '*' } } } }]
      },
      nobody: { kind: 'org' }
    },
    assignPermissions: { site: 'log:read', org: 'file:share' },
    unassignPermissions: {},
    systemSubjects: {
      purge: { title: '', grants: { site: { allow: { log: ['create'] } } }, assigns: ['owner'] },
      clerk: { id: 'clerk', description: '', grants: { user: { allow: { log: '*' } } } }
    },
    scopes: {
      'app:all': { title: '', description: '', allow: { '*': '*' }, aliases: ['all', 'every'], public: true },
      logs: { allow: { log: ['read'] } }
    },
    publicScopes: ['log:read', 'log:*', 'logs', 'all'],
    defaultScopes: ['app:all', 'all', 'file:*', 'file:share'],
    scopeTemplates: {
      agent: {
        title: '',
        params: { file: 'required', log: 'optional', quiet: 'flag', loud: 'flag' },
        allow: { '*': '*' },
        variants: [{ when: { quiet: true }, allow: { log: [] } }],
        allowList: ['file:{file}', 'log:{log}', 'log:*', '*:*', '*:{file}']
      },
      bare: { params: {}, allow: {} }
    },
    invariants: [
      {
        name: 'a',
        permissions: ['log:read', 'file:*'],
        only: ['owner', 'system:purge'],
        scope: 'agent',
        acl: false
      },
      { name: 'b', permissions: ['log:create'], always: [], relation: 'own, own org', scope: 'all' }
    ],
    lint: { ignore: [{ rule: 'r', path: 'p', reason: 'because' }] }
  })
  expectTypeOf(policy.name).toEqualTypeOf<string>()
})

// Prettier would break at every brace and make twenty lines of a row.
// prettier-ignore
describe('a wrong name does not compile', () => {
  describe('resources', () => {
    test('an unknown key of the policy', () =>
      definePolicy({ name: 'x', resources: {},
        // @ts-expect-error there is no such key
        role: {} }))
    test('no name', () =>
      // @ts-expect-error a required key is missing
      definePolicy({ resources: {} }))
    test('a wrong kind of ids', () =>
      definePolicy({ name: 'x', resources: {},
        // @ts-expect-error it is `uuid` or `string`
        ids: 'number' }))
    test('a wrong placement', () =>
      definePolicy({ name: 'x', resources: { file: { actions: {},
        // @ts-expect-error it is `required`
        org: 'require' }}}))
    test('a misspelt key', () =>
      definePolicy({ name: 'x', resources: { file: { actions: {},
        // @ts-expect-error it is `acl`
        alc: true }}}))
    test('no actions', () =>
      definePolicy({ name: 'x', resources: {
        // @ts-expect-error a required key is missing
        file: { acl: true } }}))
    test('an action without description', () =>
      definePolicy({ name: 'x', resources: { file: { actions: {
        // @ts-expect-error a description is a text
        read: null }}}}))
  })

  describe('options', () => {
    test('a default that is no value', () =>
      definePolicy({ name, resources, options: { mode: { values: ['open', 'closed'],
        // @ts-expect-error it is `open` or `closed`
        default: 'opne' }}}))
    test('an unknown key', () =>
      definePolicy({ name, resources, orgOptions: { mode: { values: ['open'],
        // @ts-expect-error there is no such key
        defaults: 'open' }}}))
    test('a value that is no option value', () =>
      definePolicy({ name, resources, options: { mode: { values: [
        // @ts-expect-error a value is a text, a number or a boolean
        null ]}}}))
  })

  describe('grants', () => {
    test('an unknown resource', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site', grants: { site: { allow: { '*': '*',
        // @ts-expect-error it is `log`
        logs: ['read'] }}}}}}))
    test('an unknown action', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site', grants: { site: { allow: { log: ['create',
        // @ts-expect-error it is `read`
        'raed' ]}}}}}}))
    test('an action of another resource', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site', grants: { user: { deny: {
        // @ts-expect-error only files are shared
        log: ['share'] }}}}}}))
    test('an excepted action of another resource', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site', grants: { site: { allow: {
        // @ts-expect-error only files are shared
        log: { except: ['share'] } }}}}}}))
    test('an action that no resource has, under the wildcard', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site', grants: { site: { allow: {
        // @ts-expect-error no resource has it
        '*': ['destroy'] }}}}}}))
    test('a text in place of a list', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site', grants: { site: { allow: {
        // @ts-expect-error it is `['read']`
        log: 'read' }}}}}}))
    test('an unknown effect', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site', grants: { site: {
        // @ts-expect-error it is `allow`
        alow: {} }}}}}))
    test('an unknown level', () =>
      definePolicy({ name, resources, roles: { admin: { kind: 'org', grants: {
        // @ts-expect-error it is `orgMember`
        org_member: {} }}}}))
    test('an organization level of a site role', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site', grants: {
        // @ts-expect-error a site role is held in no organization
        orgMember: {} }}}}))
  })

  describe('roles', () => {
    test('an unknown kind', () =>
      definePolicy({ name, resources, roles: { owner: {
        // @ts-expect-error it is `site` or `org`
        kind: 'global' }}}))
    test('no kind', () =>
      definePolicy({ name, resources, roles: {
        // @ts-expect-error a required key is missing
        owner: {} }}))
    test('an unknown key', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site',
        // @ts-expect-error it is `assigns`
        assign: ['*'] }}}))
    test('an unknown role to assign', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site', assigns: ['owner',
        // @ts-expect-error there is no such role
        'ownre' ]}}}))
    test('an unknown wildcard to assign', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site', assigns: [
        // @ts-expect-error it is `custom:site` or `custom:org`
        'custom:user' ]}}}))
    test('a wrong permission to assign with', () =>
      definePolicy({ name, resources, assignPermissions: {
        // @ts-expect-error keys are not shared
        site: 'key:share' }}))
    test('a wildcard to unassign with', () =>
      definePolicy({ name, resources, unassignPermissions: {
        // @ts-expect-error it is one permission
        org: 'key:*' }}))
  })

  describe('variants', () => {
    test('an unknown option', () =>
      definePolicy({ name, resources, options, roles: { owner: { kind: 'site', variants: [{ grants: {}, when: {
        // @ts-expect-error it is `mode`
        moed: 'open' }}]}}}))
    test('an option where none is declared', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'org', variants: [{ grants: {}, when: {
        // @ts-expect-error there are no options
        mode: 'open' }}]}}}))
    test('a value that the option lacks', () =>
      definePolicy({ name, resources, options, roles: { owner: { kind: 'site', variants: [{ grants: {}, when: {
        // @ts-expect-error it is `open` or `closed`
        mode: 'shut' }}]}}}))
    test('the text of a boolean', () =>
      definePolicy({ name, resources, options, roles: { owner: { kind: 'site', variants: [{ grants: {}, when: {
        // @ts-expect-error it is `true` or `false`
        exec: 'false' }}]}}}))
    test('a number that the option lacks', () =>
      definePolicy({ name, resources, options, roles: { owner: { kind: 'site', variants: [{ grants: {}, when: {
        // @ts-expect-error it is 1 or 2
        size: 3 }}]}}}))
    test("an organization's option in a site role", () =>
      definePolicy({ name, resources, orgOptions: options, roles: {
        admin: { kind: 'org', variants: [{ when: { mode: 'open' }, grants: {} }] },
        owner: { kind: 'site', variants: [{ grants: {}, when: {
        // @ts-expect-error a site role is held in no organization
        mode: 'open' }}]}}}))
    test('an unknown resource', () =>
      definePolicy({ name, resources, options, roles: { owner: { kind: 'site',
        variants: [{ when: { exec: true }, grants: { site: { deny: {
        // @ts-expect-error it is `file`
        files: '*' }}}}]}}}))
    test('no grants', () =>
      definePolicy({ name, resources, options, roles: { owner: { kind: 'site', variants: [
        // @ts-expect-error a required key is missing
        { when: { exec: true } } ]}}}))
  })

  describe('system subjects', () => {
    test('an organization level', () =>
      definePolicy({ name, resources, systemSubjects: { purge: { grants: {
        // @ts-expect-error a system subject belongs to no organization
        org: {} }}}}))
    test('an unknown resource', () =>
      definePolicy({ name, resources, systemSubjects: { purge: { grants: { site: { allow: {
        // @ts-expect-error it is `log`
        logs: '*' }}}}}}))
    test('an unknown role to assign', () =>
      definePolicy({ name, resources, systemSubjects: { purge: { assigns: [
        // @ts-expect-error there are no roles
        'owner' ]}}}))
    test('an unknown key', () =>
      definePolicy({ name, resources, systemSubjects: { purge: {
        // @ts-expect-error a system subject has no kind
        kind: 'site' }}}))
  })

  describe('scopes', () => {
    test('an unknown action', () =>
      definePolicy({ name, resources, scopes: { logs: { allow: { log: [
        // @ts-expect-error logs are not shared
        'share' ]}}}}))
    test('an unknown key', () =>
      definePolicy({ name, resources, scopes: { logs: { allow: {},
        // @ts-expect-error it is `public`
        isPublic: true }}}))
    test('nothing allowed', () =>
      definePolicy({ name, resources, scopes: {
        // @ts-expect-error a required key is missing
        logs: { public: true } }}))
    test('an unknown public scope', () =>
      definePolicy({ name, resources, publicScopes: ['log:read',
        // @ts-expect-error logs are not shared
        'log:share' ]}))
    test('an unknown resource in a public scope', () =>
      definePolicy({ name, resources, publicScopes: [
        // @ts-expect-error it is `log:*`
        'logs:*' ]}))
    test('an unknown default scope', () =>
      definePolicy({ name, resources, scopes: { 'app:all': { allow: {}, aliases: ['all'] } },
        defaultScopes: ['all',
        // @ts-expect-error it is `app:all`
        'app:al' ]}))
  })

  describe('scope templates', () => {
    test('an unknown kind of parameter', () =>
      definePolicy({ name, resources, scopeTemplates: { agent: { allow: {}, params: {
        // @ts-expect-error it is `required`, `optional` or `flag`
        file: 'require' }}}}))
    test('an unknown resource', () =>
      definePolicy({ name, resources, scopeTemplates: { agent: { params: {}, allow: {
        // @ts-expect-error it is `log`
        logs: '*' }}}}))
    test('a condition on an unknown parameter', () =>
      definePolicy({ name, resources, scopeTemplates: { agent: { params: { quiet: 'flag' }, allow: {},
        variants: [{ allow: {}, when: {
        // @ts-expect-error it is `quiet`
        quite: true }}]}}}))
    test('a condition on an id', () =>
      definePolicy({ name, resources, scopeTemplates: { agent: {
        params: { file: 'required', quiet: 'flag' }, allow: {},
        variants: [{ allow: {}, when: {
        // @ts-expect-error it is no flag
        file: true }}]}}}))
    test('an unknown resource in a variant', () =>
      definePolicy({ name, resources, scopeTemplates: { agent: { params: { quiet: 'flag' }, allow: {},
        variants: [{ when: { quiet: true }, allow: {
        // @ts-expect-error it is `log`
        logs: [] }}]}}}))
    test('an allow list entry of an unknown type', () =>
      definePolicy({ name, resources, scopeTemplates: { agent: { params: { file: 'required' }, allow: {},
        allowList: ['file:{file}',
        // @ts-expect-error it is `file`
        'files:{file}' ]}}}))
    test('an allow list entry without a colon', () =>
      definePolicy({ name, resources, scopeTemplates: { agent: { params: {}, allow: {}, allowList: [
        // @ts-expect-error an entry is `type:id`
        'file' ]}}}))
  })

  describe('invariants', () => {
    test('an unknown permission', () =>
      definePolicy({ name, resources, invariants: [{ name: 'a', only: [], permissions: [
        // @ts-expect-error keys are not shared
        'key:share' ]}]}))
    test('an unknown role', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site' } },
        invariants: [{ name: 'a', permissions: ['key:read'], only: ['owner',
        // @ts-expect-error it is `owner`
        'ownre' ]}]}))
    test('an unknown system subject', () =>
      definePolicy({ name, resources, systemSubjects: { purge: {} },
        invariants: [{ name: 'a', permissions: ['key:read'], always: ['system:purge',
        // @ts-expect-error it is `system:purge`
        'system:purges' ]}]}))
    test('an unknown scope', () =>
      definePolicy({ name, resources, scopeTemplates: { agent: { params: {}, allow: {} } },
        invariants: [{ name: 'a', permissions: ['key:read'], only: [], scope: 'agent' },
        { name: 'b', permissions: ['key:read'], only: [],
        // @ts-expect-error it is `agent`
        scope: 'agnet' }]}))
    test('an unknown key', () =>
      definePolicy({ name, resources, invariants: [{ name: 'a', permissions: ['key:read'], only: [],
        // @ts-expect-error it is `relation`
        relations: 'own' }]}))
    test('who may assign, and a ladder', () =>
      definePolicy({ name, resources, roles: { viewer: { kind: 'org' }, owner: { kind: 'org' } },
        systemSubjects: { purge: {} },
        invariants: [{ name: 'a', assigns: ['owner'], only: ['owner', 'system:purge'] },
        { name: 'b', ladder: ['viewer', 'owner'] }]}))
    test('an unknown role that may be assigned', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site' } },
        invariants: [{ name: 'a', only: [], assigns: ['owner',
        // @ts-expect-error it is `owner`
        'ownre' ]}]}))
    test('an unknown role in a ladder', () =>
      definePolicy({ name, resources, roles: { owner: { kind: 'site' } },
        invariants: [{ name: 'a', ladder: ['owner',
        // @ts-expect-error it is `owner`
        'ownre' ]}]}))
    test('a wrong ACL flag', () =>
      definePolicy({ name, resources, invariants: [{ name: 'a', permissions: ['key:read'], only: [],
        // @ts-expect-error entries count unless it is false
        acl: true }]}))
    test('a suppression without a reason', () =>
      definePolicy({ name, resources, lint: { ignore: [
        // @ts-expect-error a required key is missing
        { rule: 'r', path: 'p' } ]}}))
  })
})
