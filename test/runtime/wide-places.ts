// The same as `places.ts` for what came later: a compiled file with containers, attributes, conditions, implied actions,
// included roles, ACL settings and custom roles of containers.
import { compile, parsePolicy, type Policy } from 'casemate'
import type { Refused } from './places.js'

export const wideContent = {
  document: {
    name: 'wide',
    containers: [{ name: 'project' }, { name: 'folder' }],
    resources: {
      doc: {
        org: 'optional',
        in: { project: 'optional' },
        attributes: {
          status: { values: ['draft', 'done'], default: 'draft' },
          locked: { values: [true, false] }
        },
        acl: {
          levels: { viewer: ['read'], editor: { except: ['delete'] }, holder: '*' },
          members: true,
          requires: 'use',
          overridesDeny: false
        },
        actions: { read: '', update: '', delete: '', use: '' },
        implies: { update: ['read'], delete: ['update'] }
      },
      task: { in: { project: 'required' }, actions: { read: '', update: '' }, implies: { update: ['read'] } },
      'ops/Log.v1': { actions: { read: '', 'get-all': '' } }
    },
    roles: {
      admin: {
        kind: 'site',
        grants: { site: { allow: { '*': '*', doc: { except: ['delete'], where: { status: 'draft' } } } } }
      },
      auditor: { kind: 'site', includes: ['admin'] },
      helper: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } },
      guest: { kind: 'org', grants: { user: { allow: { 'ops/Log.v1': '*' } } } },
      visitor: { kind: 'org', includes: ['guest'] },
      member: { kind: 'org', includes: ['helper', 'visitor'] },
      reader: { kind: 'project', grants: { project: { allow: { doc: ['read'] } } } },
      'team: lead': {
        kind: 'project',
        includes: ['reader'],
        grants: {
          project: {
            allow: {
              doc: [
                'read',
                { actions: ['read', 'update'], where: { status: ['draft', 'done'], locked: false } }
              ],
              task: '*'
            }
          },
          projectMember: { allow: { doc: { actions: '*', where: { status: 'done' } } } }
        },
        variants: [
          { when: {}, grants: { project: { allow: { doc: { actions: [], where: { locked: true } } } } } }
        ]
      },
      keeper: { kind: 'folder' }
    },
    systemSubjects: {
      purge: { grants: { site: { allow: { doc: [{ actions: ['delete'], where: { locked: false } }] } } } }
    },
    orgOptions: { plan: { values: ['a', 'b'], default: 'a' } },
    scopes: { drafts: { allow: { doc: { actions: '*', where: { status: 'draft' } } } } },
    scopeTemplates: {
      one: {
        params: { id: 'required', open: 'flag' },
        allow: { doc: [{ actions: ['read'], where: { locked: false } }] },
        variants: [{ when: { open: true }, allow: { '*': { except: ['use'] } } }],
        allowList: ['doc:{id}', 'ops/Log.v1:*']
      }
    }
  },
  siteRoles: { extra: { kind: 'site', includes: ['admin'] } },
  orgRoles: { o1: { fixer: { kind: 'org', includes: ['helper'] } } },
  containerRoles: {
    project: {
      p1: {
        fixer: { kind: 'project', includes: ['reader'], grants: { project: { allow: { task: ['update'] } } } }
      },
      p2: { fixer: { kind: 'project' } }
    },
    folder: {}
  }
}

/** The policy of which it is the file. */
export function widePolicy(): Policy {
  return compile(parsePolicy(wideContent.document))
    .withRoles(wideContent.siteRoles)
    .withRoles(wideContent.orgRoles.o1, { org: 'o1' })
    .withRoles(wideContent.containerRoles.project.p1, { project: 'p1' })
    .withRoles(wideContent.containerRoles.project.p2, { project: 'p2' })
}

const attribute = { values: ['a', 'b'] }
const all = { allow: { doc: '*' } }
const textsOrFlags = 'expected 2 to 16 different texts, or true and false, not `[…]`'
const doc = 'document/resources/doc'
const lead = 'document/roles/team: lead'
const line = `${lead}/grants/project/allow/doc`
const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `v${i}`)

/** What follows the place at which the value stands, for paths with names of every kind. */
const at = {
  doc: 'content.document.resources.doc',
  lead: 'content.document.roles["team: lead"]',
  line: 'content.document.roles["team: lead"].grants.project.allow.doc'
}

export const refusedWide: Refused[] = [
  ['document/containers', {}, 'expected a list, not `{…}`'],
  [
    'document/containers',
    ['project', 'folder', 'c', 'd'].map((name) => ({ name })),
    'expected at most 3 containers, not `[…]`'
  ],
  ['document/containers/1', 'folder', 'expected a record, not `folder`'],
  ['document/containers/1/description', 'x', 'expected one of name, not `description`'],
  ['document/containers/1/name', 5, 'expected a text, not `5`'],
  ['document/containers/1/name', 'project', 'expected a name that no other field has, not `project`'],
  ...['type', 'id', 'owner', 'org', 'anyOrg', 'onlyOrgs', 'acl', 'role'].map((name): Refused => [
    'document/containers/1/name',
    name,
    `expected a name that no other field has, not \`${name}\``
  ]),
  ...['site', 'user', 'orgMember', 'projectMember'].map((name): Refused => [
    'document/containers/1/name',
    name,
    `expected a name that no level has, not \`${name}\``
  ]),
  ...['Folder', 'a-b', '__proto__', ''].map((name): Refused => [
    'document/containers/1/name',
    name,
    `expected a name, not \`${name === '' ? '""' : name}\``
  ]),
  ['document/containers/1/name', 'constructor', 'expected a name that no object inherits, not `constructor`'],
  [
    'document/containers',
    [{ name: 'folder' }],
    'expected a container, not `project`',
    `${at.doc}.in.project`
  ],
  [`${doc}/in`, [], 'expected a record, not `[…]`'],
  [`${doc}/in/projct`, 'optional', 'expected a container, not `projct`'],
  [`${doc}/in/project`, true, 'expected one of `undefined`, `optional`, `required`, `never`, not `true`'],
  [
    `${doc}/in/project`,
    'never',
    'expected no grant that can never match, not `doc`',
    'content.document.roles.reader.grants.project.allow.doc'
  ],
  [`${doc}/attributes`, [], 'expected a record, not `[…]`'],
  [`${doc}/attributes/Status`, attribute, 'expected a name, not `Status`'],
  [`${doc}/attributes/owner`, attribute, 'expected a name that no other field has, not `owner`'],
  [`${doc}/attributes/folder`, attribute, 'expected a name that no other field has, not `folder`'],
  [`${doc}/attributes/toString`, attribute, 'expected a name that no object inherits, not `toString`'],
  [`${doc}/attributes/status/description`, '', 'expected one of values, default, not `description`'],
  [`${doc}/attributes/status/default`, 'drft', 'expected one of `undefined`, `draft`, `done`, not `drft`'],
  ...[
    ['a'],
    ['a', 'a'],
    ['a', true],
    ['a', 1],
    ['a', ''],
    ['a', 'b,c'],
    ['a', 'b`'],
    ['a', '\u0007'],
    ['a', 'b'.repeat(65)],
    many(17),
    undefined
  ].map((values): Refused => [`${doc}/attributes/status/values`, values, textsOrFlags]),
  [
    `${doc}/attributes`,
    { status: { values: many(16) }, locked: attribute, more: { values: many(3) } },
    'expected at most 64 combinations of values, not `96`'
  ],
  [`${doc}/acl`, null, 'expected a record, not `null`'],
  [`${doc}/acl/level`, {}, 'expected one of levels, members, requires, overridesDeny, not `level`'],
  [`${doc}/acl/levels`, [], 'expected a record, not `[…]`'],
  [`${doc}/acl/levels/Viewer`, '*', 'expected a name, not `Viewer`'],
  [`${doc}/acl/levels/valueOf`, '*', 'expected a name that no object inherits, not `valueOf`'],
  [`${doc}/acl/levels/read`, '*', 'expected another name than an action has, not `read`'],
  [
    `${doc}/acl/levels/viewer`,
    ['raed'],
    'expected an action of doc, not `raed`',
    `${at.doc}.acl.levels.viewer[0]`
  ],
  [
    `${doc}/acl/levels/viewer`,
    [{ actions: '*', where: { locked: true } }],
    'expected a text, not `{…}`',
    `${at.doc}.acl.levels.viewer[0]`
  ],
  [
    `${doc}/acl/levels/viewer`,
    { except: [], where: { locked: true } },
    'expected one of except, not `where`',
    `${at.doc}.acl.levels.viewer.where`
  ],
  [
    `${doc}/acl/levels/editor/except`,
    ['use', 'read'],
    'expected no action that another one implies, not `read`',
    `${at.doc}.acl.levels.editor.except[1]`
  ],
  [`${doc}/acl/members`, 'yes', 'expected one of `undefined`, `true`, `false`, not `yes`'],
  [`${doc}/acl/overridesDeny`, 0, 'expected one of `undefined`, `true`, `false`, not `0`'],
  [`${doc}/acl/requires`, 'viewer', 'expected one of `read`, `update`, `delete`, `use`, not `viewer`'],
  [`${doc}/actions/${'n'.repeat(129)}`, '', `expected a name, not \`${'n'.repeat(80)}…\``],
  ['document/resources/ops.Log.', { actions: {} }, 'expected a name, not `ops.Log.`'],
  [
    `${doc}/actions/Get-All`,
    '',
    'expected a name that differs from `Get-All` not in case alone, not `get-all`',
    'content.document.resources["ops/Log.v1"].actions.get-all'
  ],
  [`${doc}/implies`, [], 'expected a record, not `[…]`'],
  [`${doc}/implies/raed`, ['read'], 'expected an action of doc, not `raed`'],
  [`${doc}/implies/update`, '*', 'expected a list, not `*`'],
  [
    `${doc}/implies/update`,
    ['get-all'],
    'expected an action of doc, not `get-all`',
    `${at.doc}.implies.update[0]`
  ],
  [
    `${doc}/implies/update`,
    ['read', 'read'],
    'expected each once, not `read`',
    `${at.doc}.implies.update[1]`
  ],
  [`${doc}/implies/read`, ['read'], 'expected no circle, not `read`', `${at.doc}.implies.read[0]`],
  [
    `${doc}/implies/use`,
    ['delete'],
    'expected no action that another one implies, not `delete`',
    `${at.doc}.acl.levels.editor.except[0]`
  ],
  [
    `${doc}/implies/read`,
    ['use', 'delete'],
    'expected no circle, not `update`',
    `${at.doc}.implies.delete[0]`
  ],
  ['document/roles/keeper/kind', 'foldr', 'expected one of `site`, `org`, `project`, `folder`, not `foldr`'],
  [
    'document/roles/keeper/grants',
    { site: all },
    'expected no grants that can never match, not `site`',
    'content.document.roles.keeper.grants.site'
  ],
  [
    'document/roles/keeper/grants',
    { project: all },
    'expected no grants that can never match, not `project`',
    'content.document.roles.keeper.grants.project'
  ],
  [
    'document/roles/keeper/grants',
    { folderMember: all },
    'expected no grant that can never match, not `doc`',
    'content.document.roles.keeper.grants.folderMember.allow.doc'
  ],
  [
    'document/roles/keeper/grants',
    { tenant: {} },
    'expected one of site, org, orgMember, project, projectMember, folder, folderMember, user, not `tenant`',
    'content.document.roles.keeper.grants.tenant'
  ],
  ['document/roles/admin/grants/project', all, 'expected no grants that can never match, not `project`'],
  [
    'document/roles/helper/grants/projectMember',
    all,
    'expected no grants that can never match, not `projectMember`'
  ],
  [
    'document/roles/guest/grants/user/allow/task',
    ['read'],
    'expected no grant that can never match, not `task`'
  ],
  [
    `${lead}/grants/project/allow/ops~Log`,
    '*',
    'expected a resource, not `ops~Log`',
    `${at.lead}.grants.project.allow["ops~Log"]`
  ],
  [`${lead}/variants/0/when/plan`, 'a', 'expected an option that the role can read, not `plan`'],
  [`${lead}/includes`, 'reader', 'expected a list, not `reader`'],
  [
    `${lead}/includes`,
    ['redaer'],
    'expected a role of the same kind, not `redaer`',
    `${at.lead}.includes[0]`
  ],
  [`${lead}/includes`, ['fixer'], 'expected a role of the same kind, not `fixer`', `${at.lead}.includes[0]`],
  [
    `${lead}/includes`,
    ['constructor'],
    'expected a role of the same kind, not `constructor`',
    `${at.lead}.includes[0]`
  ],
  [
    `${lead}/includes`,
    ['keeper'],
    'expected a role of the same kind, not `keeper`',
    `${at.lead}.includes[0]`
  ],
  [`${lead}/includes`, ['reader', 'reader'], 'expected each once, not `reader`', `${at.lead}.includes[1]`],
  [`${lead}/includes`, ['team: lead'], 'expected no circle, not `team: lead`', `${at.lead}.includes[0]`],
  [
    'document/roles/reader/includes',
    ['team: lead'],
    'expected no circle, not `reader`',
    `${at.lead}.includes[0]`
  ],
  [line, { actions: ['read'] }, 'expected a record, not `undefined`', `${at.line}.where`],
  [
    line,
    { actions: 'read', where: { locked: true } },
    'expected `*`, or a list of actions, not `read`',
    `${at.line}.actions`
  ],
  [
    line,
    { except: '*', where: { locked: true } },
    'expected `*`, or a list of actions, not `*`',
    `${at.line}.except`
  ],
  [
    line,
    { where: { locked: true } },
    'expected `*`, or a list of actions, not `undefined`',
    `${at.line}.except`
  ],
  [
    line,
    { actions: '*', except: [], where: { locked: true } },
    'expected one of actions, where, not `except`',
    `${at.line}.except`
  ],
  [
    line,
    { actions: ['raed'], where: { locked: true } },
    'expected an action of doc, not `raed`',
    `${at.line}.actions[0]`
  ],
  [
    line,
    { actions: ['read', 'read'], where: { locked: true } },
    'expected each once, not `read`',
    `${at.line}.actions[1]`
  ],
  [
    line,
    [{ except: ['read'], where: { locked: true } }],
    'expected one of actions, where, not `except`',
    `${at.line}[0].except`
  ],
  [line, ['read', 'read'], 'expected each once, not `read`', `${at.line}[1]`],
  [line, [['read']], 'expected a text, not `[…]`', `${at.line}[0]`],
  [
    line,
    { except: ['read'] },
    'expected no action that another one implies, not `read`',
    `${at.line}.except[0]`
  ],
  [
    line,
    { except: ['read'], where: { locked: true } },
    'expected no action that another one implies, not `read`',
    `${at.line}.except[0]`
  ],
  [
    line,
    { except: ['update', 'read'] },
    'expected no action that another one implies, not `update`',
    `${at.line}.except[0]`
  ],
  [
    `${lead}/grants/project/allow/*`,
    { actions: '*', where: { locked: true } },
    'expected an attribute of *, not `locked`',
    `${at.lead}.grants.project.allow.*.where.locked`
  ],
  [`${line}/1/where`, {}, 'expected an attribute, not `{…}`', `${at.line}[1].where`],
  [`${line}/1/where`, [], 'expected a record, not `[…]`', `${at.line}[1].where`],
  [
    `${line}/1/where/stats`,
    'draft',
    'expected an attribute of doc, not `stats`',
    `${at.line}[1].where.stats`
  ],
  [
    `${line}/1/where/status`,
    'drft',
    'expected one of `draft`, `done`, not `drft`',
    `${at.line}[1].where.status`
  ],
  [
    `${line}/1/where/locked`,
    'true',
    'expected one of `true`, `false`, not `"true"`',
    `${at.line}[1].where.locked`
  ],
  [`${line}/1/where/status`, [], 'expected different values, not `[…]`', `${at.line}[1].where.status`],
  [
    `${line}/1/where/status`,
    ['draft', 'draft'],
    'expected different values, not `[…]`',
    `${at.line}[1].where.status`
  ],
  [
    `${line}/1/where/status`,
    ['draft', 'x'],
    'expected one of `draft`, `done`, not `x`',
    `${at.line}[1].where.status[1]`
  ],
  [
    'document/scopes/drafts/allow',
    { '*': { except: ['read'] } },
    'expected no action that another one implies, not `read`',
    'content.document.scopes.drafts.allow.*.except[0]'
  ],
  [
    'document/scopeTemplates/one/variants/0/allow',
    { '*': { except: ['read'] } },
    'expected no action that another one implies, not `read`',
    'content.document.scopeTemplates.one.variants[0].allow.*.except[0]'
  ],
  [
    'siteRoles/extra/includes',
    ['helper'],
    'expected a role of the same kind, not `helper`',
    'content.siteRoles.extra.includes[0]'
  ],
  [
    'siteRoles/extra/includes',
    ['extra'],
    'expected a role of the same kind, not `extra`',
    'content.siteRoles.extra.includes[0]'
  ],
  ...['guest', 'visitor', 'member'].map((name): Refused => [
    'orgRoles/o1/fixer/includes',
    [name],
    `expected a role that reaches no further than its place, not \`${name}\``,
    'content.orgRoles.o1.fixer.includes[0]'
  ]),
  ['containerRoles', [], 'expected a record, not `[…]`'],
  ['containerRoles', undefined, 'expected a record, not `undefined`'],
  ['containerRoles/org', {}, 'expected a container, not `org`'],
  ['containerRoles/project', null, 'expected a record, not `null`'],
  ['containerRoles/project/', {}, 'expected a name, not `""`'],
  ['containerRoles/project/p1', [], 'expected a record, not `[…]`'],
  [
    'containerRoles/project/p1/reader',
    { kind: 'project' },
    'expected another name than a role of the policy has, not `reader`'
  ],
  ['containerRoles/project/p1/fixer/kind', 'folder', 'expected one of `project`, not `folder`'],
  ['containerRoles/project/p1/fixer/kind', 'org', 'expected one of `project`, not `org`'],
  ['containerRoles/project/p1/fixer/grants/user', all, 'expected no grants that can never match, not `user`'],
  [
    'containerRoles/project/p1/fixer/includes',
    ['helper'],
    'expected a role of the same kind, not `helper`',
    'content.containerRoles.project.p1.fixer.includes[0]'
  ]
]

/** What stands next to a refused one, and is a policy. */
export const takenWide: [place: string, value: unknown][] = [
  ['document/containers', ['project', 'folder', 'c'].map((name) => ({ name }))],
  ...['team', 'aB_9', 'subject', 'action', 'member'].map((name): [string, unknown] => [
    'document/containers/2',
    { name }
  ]),
  [`${doc}/in/folder`, 'required'],
  [`${doc}/attributes/more`, { values: many(16) }],
  [`${doc}/attributes/status/default`, undefined],
  [`${doc}/attributes/more`, { values: ['é'.repeat(64), '𝄞'.repeat(64)] }],
  [`${doc}/attributes/projectMember`, attribute],
  [`${doc}/attributes/site`, attribute],
  [`${doc}/acl`, true],
  [`${doc}/acl`, {}],
  [`${doc}/acl/levels/org`, { except: ['delete', 'update', 'read'] }],
  [`${doc}/acl/members`, undefined],
  [`${doc}/actions/${'n'.repeat(128)}`, ''],
  [`${doc}/implies`, {}],
  [`${doc}/implies/use`, []],
  [`${doc}/implies/use`, ['update', 'read']],
  ['document/roles/keeper/grants', { folder: {}, site: { allow: { doc: [] } } }],
  ['document/roles/keeper/grants', { folder: { allow: { '*': '*' } } }],
  ['document/roles/keeper/grants', { project: { allow: { doc: { actions: [], where: { locked: true } } } } }],
  ['document/roles/guest/grants/user/allow/task', []],
  ['document/roles/guest/grants/site', { allow: { task: '*' } }],
  [line, { except: ['delete'] }],
  [line, { except: ['delete', 'update', 'read'], where: { locked: true } }],
  [
    line,
    ['read', { actions: ['read'], where: { locked: true } }, { actions: ['read'], where: { locked: true } }]
  ],
  [line, []],
  [`${lead}/grants/project/deny`, { doc: { except: ['read'] } }],
  [`${line}/1/where/status`, ['done']],
  ['document/scopes/drafts/allow', { '*': { except: ['read'] }, doc: [], task: [] }],
  ['siteRoles/extra/includes', ['auditor', 'admin']],
  ['orgRoles/o1/fixer/includes', []],
  ['containerRoles/folder/f1', { fixer: { kind: 'folder', grants: { folder: { allow: { '*': '*' } } } } }]
]
