// Every problem that a policy document can have: its code, its path, the nearest valid name, the whole message.
import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../src/document/index.js'
import { PolicyError, type ProblemCode } from '../../src/errors.js'
import { fullPolicy } from '../fixtures/document/full.js'
import { changed, smallPolicy } from '../fixtures/document/small.js'
import { problemsOf } from '../support/problems.js'
import { fineChanges, fullCases, type Case } from './full-cases.js'

/** Changes to the small policy. */
const cases: readonly Case[] = [
  // Shape.
  ['name', undefined, 'missing_key', 'name: missing key; expected a text'],
  ['name', 7, 'invalid_type', 'name: expected a text, not `7`'],
  ['ids', 'uid', 'invalid_value', 'ids: expected one of `uuid`, `string`, not `uid`; did you mean `uuid`?'],
  ['role', {}, 'unknown_key', 'role: unknown key `role`; did you mean `roles`?'],
  ['__proto__', {}, 'unknown_key', '__proto__: unknown key `__proto__`'],
  [
    'resources/workspace/acll',
    true,
    'unknown_key',
    'resources.workspace.acll: unknown key `acll`; did you mean `acl`?'
  ],
  [
    'resources/workspace/acl',
    'yes',
    'invalid_type',
    'resources.workspace.acl: expected true or false, not `yes`'
  ],
  [
    'resources/workspace/org',
    'require',
    'invalid_value',
    'resources.workspace.org: expected one of `optional`, `required`, `never`, not `require`; did you mean `required`?'
  ],
  [
    'resources/invoice/actions/read',
    null,
    'invalid_type',
    'resources.invoice.actions.read: expected a text, not `null`'
  ],
  ['options/mode/values', undefined, 'missing_key', 'options.mode.values: missing key; expected a list'],
  [
    'options/exec/values/0',
    [true],
    'invalid_type',
    'options.exec.values[0]: expected a text, a number or a boolean, not `[…]`'
  ],
  [
    'roles/owner/kind',
    'sites',
    'invalid_value',
    'roles.owner.kind: expected one of `site`, `org`, not `sites`; did you mean `site`?'
  ],
  [
    'roles/owner/kind',
    undefined,
    'missing_key',
    'roles.owner.kind: missing key; expected one of `site`, `org`'
  ],
  [
    'roles/owner/grants/site/allow/workspace',
    'read',
    'invalid_type',
    'roles.owner.grants.site.allow.workspace: expected `*`, a list of actions or a record with `except`, not `read`'
  ],
  [
    'roles/owner/grants/site/allow/workspace',
    { except: ['read', 3] },
    'invalid_type',
    'roles.owner.grants.site.allow.workspace.except[1]: expected a text, not `3`'
  ],
  [
    'roles/owner/grants/site/allow/workspace',
    { except: ['read'], excepts: ['ssh'] },
    'unknown_key',
    'roles.owner.grants.site.allow.workspace.excepts: unknown key `excepts`; did you mean `except`?'
  ],
  [
    'roles/owner/grants/sites',
    {},
    'unknown_key',
    'roles.owner.grants.sites: unknown key `sites`; did you mean `site`?'
  ],
  [
    'roles/owner/grants/site/alow',
    {},
    'unknown_key',
    'roles.owner.grants.site.alow: unknown key `alow`; did you mean `allow`?'
  ],
  [
    'roles/owner/variants/1/grants',
    undefined,
    'missing_key',
    'roles.owner.variants[1].grants: missing key; expected a record'
  ],
  [
    'systemSubjects/purge/grants/org',
    {},
    'unknown_key',
    'systemSubjects.purge.grants.org: unknown key `org`'
  ],
  [
    'scopes/app:all/allow',
    undefined,
    'missing_key',
    'scopes["app:all"].allow: missing key; expected a record'
  ],
  [
    'scopeTemplates/agent/params/taskId',
    'maybe',
    'invalid_value',
    'scopeTemplates.agent.params.taskId: expected one of `required`, `optional`, `flag`, not `maybe`'
  ],
  ['invariants/0/acl', true, 'invalid_value', 'invariants[0].acl: expected `false`, not `true`'],

  // Names.
  ['name', '', 'invalid_name', 'name: the name is empty'],
  [
    'resources/_log',
    { actions: {} },
    'invalid_name',
    'resources._log: invalid resource name `_log`; use letters, digits, `_` and `-`, a letter first, and `.` or `/` between parts'
  ],
  [
    'resources/all',
    { actions: {} },
    'reserved_name',
    'resources.all: reserved name `all`: it is a wildcard in CASL'
  ],
  [
    'resources/workspace/actions/manage',
    '',
    'reserved_name',
    'resources.workspace.actions.manage: reserved name `manage`: it is a wildcard in CASL'
  ],
  [
    'resources/workspace/actions/__proto__',
    '',
    'invalid_name',
    'resources.workspace.actions.__proto__: invalid action name `__proto__`; use letters, digits, `_` and `-`, a letter first, and `.` or `/` between parts'
  ],
  ['roles/*', { kind: 'site' }, 'invalid_name', 'roles.*: the role name `*` has a `*`'],
  ['roles/', { kind: 'site' }, 'invalid_name', 'roles[""]: the name is empty'],
  ['roles/a\nb', { kind: 'site' }, 'invalid_name', 'roles["a\\u000ab"]: `a\\u000ab` has a control character'],
  [
    'scopeTemplates/agent/params/',
    'optional',
    'invalid_name',
    'scopeTemplates.agent.params[""]: the name is empty'
  ],
  [
    'scopeTemplates/agent/params/a{b',
    'optional',
    'invalid_name',
    'scopeTemplates.agent.params["a{b"]: the parameter name `a{b` has a `{` or a `}`'
  ],
  ['scopes/app:logs/aliases', [''], 'invalid_name', 'scopes["app:logs"].aliases[0]: the name is empty'],

  // What is named in grants.
  [
    'roles/owner/grants/site/allow/boundary_logs',
    ['read'],
    'unknown_resource',
    'roles.owner.grants.site.allow.boundary_logs: unknown resource `boundary_logs`; did you mean `boundary_log`?'
  ],
  [
    'roles/owner/grants/site/allow/__proto__',
    '*',
    'unknown_resource',
    'roles.owner.grants.site.allow.__proto__: unknown resource `__proto__`'
  ],
  [
    'roles/owner/grants/site/allow/constructor',
    '*',
    'unknown_resource',
    'roles.owner.grants.site.allow.constructor: unknown resource `constructor`'
  ],
  [
    'roles/owner/grants/site/allow/workspace',
    ['read', 'updat'],
    'unknown_action',
    'roles.owner.grants.site.allow.workspace[1]: `workspace` has no action `updat`; did you mean `update`?'
  ],
  [
    'roles/owner/grants/site/allow/boundary_log',
    ['ssh'],
    'unknown_action',
    'roles.owner.grants.site.allow.boundary_log[0]: `boundary_log` has no action `ssh`'
  ],
  [
    'roles/owner/variants/0/grants/site/allow/workspace',
    { except: ['toString'] },
    'unknown_action',
    'roles.owner.variants[0].grants.site.allow.workspace.except[0]: `workspace` has no action `toString`'
  ],
  [
    'roles/owner/grants/site/allow/*',
    ['sshh'],
    'unknown_action',
    'roles.owner.grants.site.allow.*[0]: no resource has an action `sshh`; did you mean `ssh`?'
  ],
  [
    'scopes/app:logs/allow/workspace',
    { except: ['reed'] },
    'unknown_action',
    'scopes["app:logs"].allow.workspace.except[0]: `workspace` has no action `reed`; did you mean `read`?'
  ],
  [
    'scopeTemplates/agent/variants/0/allow/api_keys',
    [],
    'unknown_resource',
    'scopeTemplates.agent.variants[0].allow.api_keys: unknown resource `api_keys`; did you mean `api_key`?'
  ],
  [
    'roles/owner/grants/site/allow/workspace',
    ['read', 'ssh', 'read'],
    'duplicate_value',
    'roles.owner.grants.site.allow.workspace[2]: `read` is there twice'
  ],

  // Grants that can never match.
  [
    'roles/owner/grants/org',
    { allow: { workspace: ['read'] } },
    'dead_grant',
    'roles.owner.grants.org: can never match: a site role is held in no organization'
  ],
  [
    'roles/owner/variants/1/grants',
    { orgMember: { deny: { workspace: ['read'] } } },
    'dead_grant',
    'roles.owner.variants[1].grants.orgMember: can never match: a site role is held in no organization'
  ],
  [
    'roles/org-admin/grants/org/allow/api_key',
    ['read'],
    'dead_grant',
    'roles.org-admin.grants.org.allow.api_key: can never match at level `org`: no object of `api_key` is in an organization'
  ],
  [
    'roles/org-admin/grants/orgMember/deny/api_key',
    '*',
    'dead_grant',
    'roles.org-admin.grants.orgMember.deny.api_key: can never match at level `orgMember`: no object of `api_key` is in an organization'
  ],
  [
    'roles/owner/grants/user/deny/invoice',
    ['read'],
    'dead_grant',
    'roles.owner.grants.user.deny.invoice: can never match at level `user`: every object of `invoice` is in an organization'
  ],
  [
    'systemSubjects/purge/grants/user',
    { allow: { workspace: ['read'] } },
    'dead_grant',
    'systemSubjects.purge.grants.user: can never match: a system subject without `id` owns nothing'
  ],
  ['systemSubjects/clerk/id', '', 'invalid_value', 'systemSubjects.clerk.id: the id is empty'],

  // Options.
  ['options/size', { values: [] }, 'invalid_value', 'options.size.values: the option has no value'],
  [
    'options/mode/values',
    ['open', 'closed', 'open'],
    'duplicate_value',
    'options.mode.values[2]: `open` is there twice'
  ],
  [
    'options/exec/values',
    [true, false, 'true'],
    'duplicate_value',
    'options.exec.values[2]: `"true"` has the same text as `true`: a command line cannot tell them apart'
  ],
  [
    'options/exec/default',
    'false',
    'invalid_default',
    'options.exec.default: the default `"false"` is none of the option\'s values; did you mean `false`?'
  ],
  [
    'orgOptions/sharing/default',
    'everyon',
    'invalid_default',
    "orgOptions.sharing.default: the default `everyon` is none of the option's values; did you mean `everyone`?"
  ],
  [
    'orgOptions/exec',
    { values: [1] },
    'duplicate_name',
    'orgOptions.exec: `exec` is also a deployment option: a condition could mean either'
  ],
  [
    'roles/owner/variants/0/when',
    { exce: false },
    'unknown_option',
    'roles.owner.variants[0].when.exce: unknown option `exce`; did you mean `exec`?'
  ],
  [
    'roles/owner/variants/0/when',
    { exec: 'false' },
    'unknown_option_value',
    'roles.owner.variants[0].when.exec: option `exec` has no value `"false"`; did you mean `false`?'
  ],
  [
    'roles/org-admin/variants/0/when',
    { sharing: 'non' },
    'unknown_option_value',
    'roles.org-admin.variants[0].when.sharing: option `sharing` has no value `non`; did you mean `none`?'
  ],
  [
    'roles/owner/variants/0/when',
    { sharing: 'none' },
    'org_option_in_site_role',
    'roles.owner.variants[0].when.sharing: `sharing` is a setting of one organization, and a site role is held in none'
  ],

  // Who assigns.
  [
    'roles/owner/assigns/0',
    'ownr',
    'unknown_role',
    'roles.owner.assigns[0]: unknown role `ownr`; did you mean `owner`?'
  ],
  ['roles/owner/assigns', ['*', '*'], 'duplicate_value', 'roles.owner.assigns[1]: `*` is there twice'],
  [
    'systemSubjects/clerk/assigns/0',
    'org-admn',
    'unknown_role',
    'systemSubjects.clerk.assigns[0]: unknown role `org-admn`; did you mean `org-admin`?'
  ],
  [
    'assignPermissions/org',
    'workspace:updat',
    'unknown_permission',
    'assignPermissions.org: unknown permission `workspace:updat`; did you mean `workspace:update`?'
  ],
  [
    'unassignPermissions/site',
    'anything',
    'unknown_permission',
    'unassignPermissions.site: unknown permission `anything`'
  ],

  // Scopes.
  [
    'scopes/workspace:read',
    { allow: {} },
    'duplicate_name',
    'scopes["workspace:read"]: `workspace:read` is already the scope of that permission'
  ],
  [
    'scopes/app:logs/aliases',
    ['app:all'],
    'duplicate_name',
    'scopes["app:logs"].aliases[0]: the alias `app:all` is already a declared scope'
  ],
  [
    'scopes/app:logs/aliases',
    ['workspace:*'],
    'duplicate_name',
    'scopes["app:logs"].aliases[0]: the alias `workspace:*` is already the scope of that permission'
  ],
  [
    'scopes/app:logs/aliases',
    ['all'],
    'duplicate_name',
    'scopes["app:logs"].aliases[0]: the alias `all` is already another alias'
  ],
  [
    'publicScopes',
    ['workspace:raed'],
    'unknown_scope',
    'publicScopes[0]: unknown scope `workspace:raed`; did you mean `workspace:read`?'
  ],
  [
    'publicScopes',
    ['workspace:read', 'workspace:read'],
    'duplicate_value',
    'publicScopes[1]: `workspace:read` is there twice'
  ],
  [
    'defaultScopes/0',
    'app:al',
    'unknown_scope',
    'defaultScopes[0]: unknown scope `app:al`; did you mean `app:all`?'
  ],
  ['defaultScopes/0', 'alll', 'unknown_scope', 'defaultScopes[0]: unknown scope `alll`; did you mean `all`?'],

  // Templates.
  [
    'scopeTemplates/agent/variants/0/when',
    { blockUserDate: true },
    'unknown_parameter',
    'scopeTemplates.agent.variants[0].when.blockUserDate: unknown parameter `blockUserDate`; did you mean `blockUserData`?'
  ],
  [
    'scopeTemplates/agent/variants/0/when',
    { taskId: true },
    'invalid_value',
    'scopeTemplates.agent.variants[0].when.taskId: `taskId` is an id, not a flag'
  ],
  [
    'scopeTemplates/agent/allowList/0',
    'workspace',
    'invalid_allow_list_entry',
    'scopeTemplates.agent.allowList[0]: expected an entry `type:id`, not `workspace`'
  ],
  [
    'scopeTemplates/agent/allowList/0',
    'workspace:',
    'invalid_allow_list_entry',
    'scopeTemplates.agent.allowList[0]: `workspace:` has no id'
  ],
  [
    'scopeTemplates/agent/allowList/0',
    'workspace:w1',
    'invalid_allow_list_entry',
    'scopeTemplates.agent.allowList[0]: expected a UUID, `*` or a parameter, not `w1`'
  ],
  [
    'scopeTemplates/agent/allowList/0',
    'workspaces:{workspaceId}',
    'unknown_resource',
    'scopeTemplates.agent.allowList[0]: unknown resource `workspaces`; did you mean `workspace`?'
  ],
  [
    'scopeTemplates/agent/allowList/0',
    'workspace:{workspaceID2}',
    'unknown_parameter',
    'scopeTemplates.agent.allowList[0]: unknown parameter `workspaceID2`; did you mean `workspaceId`?'
  ],
  [
    'scopeTemplates/agent/allowList/0',
    'workspace:{constructor}',
    'unknown_parameter',
    'scopeTemplates.agent.allowList[0]: unknown parameter `constructor`'
  ],
  [
    'scopeTemplates/agent/allowList/0',
    'workspace:a{workspaceId}',
    'invalid_placeholder',
    'scopeTemplates.agent.allowList[0]: expected one parameter as the whole id, not `a{workspaceId}`'
  ],
  [
    'scopeTemplates/agent/allowList/0',
    'workspace:{workspaceId}{taskId}',
    'invalid_placeholder',
    'scopeTemplates.agent.allowList[0]: expected one parameter as the whole id, not `{workspaceId}{taskId}`'
  ],
  [
    'scopeTemplates/agent/allowList/0',
    'workspace:{blockUserData}',
    'invalid_placeholder',
    'scopeTemplates.agent.allowList[0]: `blockUserData` is a flag, not an id'
  ],
  [
    'scopeTemplates/agent/allowList',
    ['invoice:*', 'invoice:*'],
    'duplicate_value',
    'scopeTemplates.agent.allowList[1]: `invoice:*` is there twice'
  ],
  [
    'scopeTemplates/agent/allowList',
    Array.from({ length: 129 }, (_, i) => `invoice:00000000-0000-4000-a000-${String(i).padStart(12, '0')}`),
    'allow_list_too_long',
    'scopeTemplates.agent.allowList: 129 entries are more than 128'
  ],

  // Invariants and lint.
  [
    'invariants/1/name',
    'only owners read keys',
    'duplicate_name',
    'invariants[1].name: another invariant is called `only owners read keys`'
  ],
  [
    'invariants/0/permissions',
    [],
    'invalid_invariant',
    'invariants[0].permissions: the invariant names no permission'
  ],
  [
    'invariants/0/permissions/0',
    'api_key:reed',
    'unknown_permission',
    'invariants[0].permissions[0]: unknown permission `api_key:reed`; did you mean `api_key:read`?'
  ],
  [
    'invariants/0/always',
    ['owner'],
    'invalid_invariant',
    'invariants[0]: expected either `only` or `always`, found both'
  ],
  [
    'invariants/0/only',
    undefined,
    'invalid_invariant',
    'invariants[0]: expected either `only` or `always`, found neither'
  ],
  ['invariants/1/always', [], 'invalid_invariant', 'invariants[1].always: the invariant names nobody'],
  [
    'invariants/0/permissions',
    undefined,
    'missing_key',
    'invariants[0].permissions: missing key; expected a list (an invariant is about `permissions`, `assigns` or a `ladder`)'
  ],
  [
    'invariants/0/assigns',
    ['owner'],
    'invalid_invariant',
    'invariants[0].assigns: an invariant about `permissions` is not about `assigns` too: make it two'
  ],
  [
    'invariants/0',
    { name: 'a', assigns: ['ownr'], only: [] },
    'unknown_role',
    'invariants[0].assigns[0]: unknown role `ownr`; did you mean `owner`?'
  ],
  [
    'invariants/0',
    { name: 'a', assigns: [], only: [] },
    'invalid_invariant',
    'invariants[0].assigns: the invariant names no role'
  ],
  [
    'invariants/0',
    { name: 'a', assigns: ['owner'] },
    'missing_key',
    'invariants[0].only: missing key; expected a list'
  ],
  [
    'invariants/0',
    { name: 'a', assigns: ['owner'], only: [], relation: 'own' },
    'invalid_invariant',
    'invariants[0].relation: an invariant about `assigns` has no `relation`'
  ],
  [
    'invariants/0',
    { name: 'a', ladder: ['owner', 'ownr'] },
    'unknown_role',
    'invariants[0].ladder[1]: unknown role `ownr`; did you mean `owner`?'
  ],
  [
    'invariants/0',
    { name: 'a', ladder: ['owner'] },
    'invalid_invariant',
    'invariants[0].ladder: a ladder of one role says nothing; expected at least two'
  ],
  [
    'invariants/0',
    { name: 'a', ladder: ['owner', 'org-admin'] },
    'invalid_invariant',
    'invariants[0].ladder[1]: role `org-admin` is of kind `org`, and `owner` of kind `site`: a ladder is of one kind'
  ],
  [
    'invariants/0/only/0',
    'ownr',
    'unknown_role',
    'invariants[0].only[0]: unknown role `ownr`; did you mean `owner`?'
  ],
  [
    'invariants/0/only/1',
    'system:purg',
    'unknown_system_subject',
    'invariants[0].only[1]: unknown system subject `purg`; did you mean `purge`?'
  ],
  [
    'invariants/1/relation',
    'own org, other',
    'invalid_relation',
    'invariants[1].relation: expected a relation as `own`, `other, own org`, `no org` or `all`, not `own org, other`'
  ],
  [
    'invariants/1/scope',
    'agnt',
    'unknown_scope',
    'invariants[1].scope: unknown scope `agnt`; did you mean `agent`?'
  ],
  [
    'scopes/agent',
    { allow: {} },
    'ambiguous_scope',
    'invariants[1].scope: `agent` is the name of a scope and of a template'
  ],
  ['lint/ignore/0/reason', '', 'invalid_value', 'lint.ignore[0].reason: the reason is empty'],

  // What is no plain data.
  ['roles/owner/title', new Date(0), 'not_plain_data', 'roles.owner.title: `{…}` is not plain data'],
  ['description', () => '', 'not_plain_data', 'description: `function` is not plain data']
]

describe('a document without a problem', () => {
  it.each([
    ['the small policy', smallPolicy],
    ['one with containers, attributes, graded sharing, implied actions and included roles', fullPolicy]
  ])('is %s, and goes through JSON unchanged', (_, policy) => {
    expect(parsePolicy(policy())).toEqual(policy())
    const text = JSON.stringify(policy())
    expect(JSON.stringify(parsePolicy(JSON.parse(text)))).toBe(text)
  })
})

describe.each([
  ['small', smallPolicy, cases],
  ['full', fullPolicy, fullCases]
] as const)('one thing wrong in the %s policy is one problem', (_, policy, rows) => {
  it.each(rows)('%s = %j is %s', (path, value, code, message) => {
    const [problem, ...more] = problemsOf(changed(path, value, policy()))
    expect(more).toEqual([])
    expect(problem).toMatchObject({ code, message })
    expect(message.startsWith(problem?.path ?? '?')).toBe(true)
    const hint = /; did you mean `(.+)`\?$/.exec(message)?.[1]
    expect(problem?.hint).toBe(hint)
  })
})

describe('the problems of these tests', () => {
  it('have every code of the closed list, here or where this says', () => {
    const elsewhere: Partial<Record<ProblemCode, string>> = {
      document_too_large: 'document-copy.test.ts',
      document_too_deep: 'document-copy.test.ts',
      document_has_cycle: 'document-copy.test.ts',
      shipped_role: 'document-roles.test.ts',
      wrong_place: 'document-roles.test.ts',
      syntax_error: 'load-policy.test.ts',
      duplicate_key: 'load-policy.test.ts',
      several_documents: 'load-policy.test.ts',
      empty_document: 'load-policy.test.ts',
      unknown_format: 'load-policy.test.ts',
      unreadable_file: 'load-policy.test.ts',
      no_policy_exported: 'load-policy.test.ts',
      policy_code_failed: 'load-policy.test.ts'
    }
    const tested = new Set([...[...cases, ...fullCases].map(([, , code]) => code), ...Object.keys(elsewhere)])
    expect([...tested].sort()).toEqual(Object.keys(allCodes).sort())
  })
})

describe('what is not wrong', () => {
  it.each<[string, string, unknown]>([
    ['an empty list takes a resource out, wherever it is', 'roles/org-admin/grants/org/allow/api_key', []],
    ['an empty set at a level that the role lacks', 'roles/owner/grants/org', { allow: {}, deny: {} }],
    ['a wildcard that reaches nothing', 'roles/org-admin/grants/user', { allow: { '*': ['ssh'] } }],
    [
      'a shipped organization role with site grants',
      'roles/org-admin/grants/site',
      { allow: { api_key: '*' } }
    ],
    ['a role called like a prototype', 'roles/__proto__', { kind: 'site' }],
    ['a role called like a method', 'roles/constructor', { kind: 'org' }],
    ['a resource called like a method', 'resources/constructor', { actions: { constructor: '' } }],
    ['a scope called like a prototype', 'scopes/__proto__', { allow: {}, aliases: ['constructor'] }],
    ['a declared name among the public scopes', 'publicScopes', ['app:logs', 'all', 'workspace:*']],
    ['a low-level name among the default scopes', 'defaultScopes', ['all', 'workspace:*', 'app:logs']],
    ['a resource without actions', 'resources/nothing', { actions: {} }],
    ['a variant without a condition', 'roles/owner/variants/1/when', {}],
    ['an invariant that nobody satisfies', 'invariants/0/only', []],
    ['a `$schema`', '$schema', './policy.schema.json'],
    ['a key that is undefined', 'ids', undefined],
    ['no roles at all', 'roles/x', { kind: 'site', assigns: ['x', 'custom:org'] }]
  ])('%s', (_, path, value) => {
    expect(() => parsePolicy(changed(path, value))).not.toThrow()
  })
})

describe('what is not wrong with containers, attributes and the like', () => {
  it.each(fineChanges)('%s', (_, path, value) => {
    expect(problemsOf(changed(path, value, fullPolicy()))).toEqual([])
  })
})

describe('an exception of what is implied through other exceptions', () => {
  it('is one at each action that stays allowed', () => {
    const except = { except: ['update', 'read', 'delete'] }
    const found = problemsOf(changed('roles/owner/grants/site/allow/document', except, fullPolicy()))
    expect(found.map(({ code, path, value }) => [code, path, value])).toEqual([
      ['implied_exception', 'roles.owner.grants.site.allow.document.except[0]', 'update'],
      ['implied_exception', 'roles.owner.grants.site.allow.document.except[1]', 'read']
    ])
  })
})

describe('a chain as long as a document', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `a${String(index)}`)
  const chained = (end: readonly string[]): Record<string, unknown> => ({
    name: 'chain',
    resources: {
      thing: {
        actions: Object.fromEntries(names.map((name) => [name, ''])),
        implies: Object.fromEntries(names.map((name, i) => [name, names[i + 1] ? [names[i + 1]] : end]))
      }
    },
    roles: Object.fromEntries(
      names.map((name, i) => [name, { kind: 'site', includes: names[i + 1] ? [names[i + 1]] : end }])
    )
  })

  it('of implied actions and included roles is fine, and one problem each as a circle', () => {
    expect(problemsOf(chained([]))).toEqual([])
    expect(problemsOf(chained(['a0'])).map(({ message }) => message)).toEqual([
      'resources.thing.implies.a9999[0]: `a0` implies itself: `a0` → `a1` → `a2` → `a3` → `a4` → … → `a0`',
      'roles.a9999.includes[0]: `a0` includes itself: `a0` → `a1` → `a2` → `a3` → `a4` → … → `a0`'
    ])
  })
})

describe('many things wrong', () => {
  it('are all reported at once, a bad shape hiding nothing elsewhere', () => {
    const document = {
      ...smallPolicy(),
      name: 7,
      resources: { workspace: { actions: 'read' }, log: { actions: { read: '' } }, '1st': null },
      roles: {
        owner: { kind: 'sit', grants: { site: { allow: { workspace: ['x'], logs: ['read'], log: 3 } } } },
        other: []
      }
    }
    const found = problemsOf(document).map(({ code, path }) => `${code} ${path}`)
    expect(found).toEqual(
      expect.arrayContaining([
        'invalid_type name',
        'invalid_type resources.workspace.actions',
        'invalid_type resources.1st',
        'invalid_name resources.1st',
        'invalid_value roles.owner.kind',
        'unknown_resource roles.owner.grants.site.allow.logs',
        'invalid_type roles.owner.grants.site.allow.log',
        'invalid_type roles.other',
        'unknown_role invariants[1].always[0]',
        'unknown_resource scopeTemplates.agent.allowList[1]'
      ])
    )
    // The actions of `workspace` are not understood, so nothing is said about a use of them.
    expect(found.filter((line) => line.includes('workspace[0]'))).toEqual([])
  })

  it.each([[undefined], [null], ['text'], [7], [[]], [() => 1]])('%j is no policy', (value) => {
    const [problem, ...more] = problemsOf(value)
    expect(more).toEqual([])
    expect(problem?.path).toBe('')
  })

  it('throws one PolicyError whose message has a line for each', () => {
    const document = { ...smallPolicy(), name: '', nam: 1 }
    try {
      parsePolicy(document)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(PolicyError)
      expect(error).toMatchObject({ code: 'invalid_policy' })
      expect(String(error).split('\n')).toHaveLength(2)
    }
  })
})

const allCodes: Record<ProblemCode, true> = {
  document_too_large: true,
  document_too_deep: true,
  document_has_cycle: true,
  not_plain_data: true,
  syntax_error: true,
  duplicate_key: true,
  several_documents: true,
  empty_document: true,
  unknown_format: true,
  unreadable_file: true,
  no_policy_exported: true,
  policy_code_failed: true,
  missing_key: true,
  unknown_key: true,
  invalid_type: true,
  invalid_value: true,
  invalid_name: true,
  reserved_name: true,
  duplicate_name: true,
  duplicate_value: true,
  unknown_resource: true,
  unknown_action: true,
  unknown_permission: true,
  unknown_role: true,
  unknown_option: true,
  unknown_option_value: true,
  unknown_scope: true,
  unknown_parameter: true,
  unknown_system_subject: true,
  unknown_container: true,
  unknown_attribute: true,
  unknown_attribute_value: true,
  dead_grant: true,
  org_option_in_site_role: true,
  org_option_in_container_role: true,
  circular_reference: true,
  implied_exception: true,
  invalid_include: true,
  invalid_where: true,
  too_many_combinations: true,
  too_many_containers: true,
  invalid_default: true,
  invalid_placeholder: true,
  invalid_allow_list_entry: true,
  allow_list_too_long: true,
  invalid_relation: true,
  invalid_invariant: true,
  ambiguous_scope: true,
  shipped_role: true,
  wrong_place: true
}
