// What can be wrong with containers, attributes, conditions, graded sharing, implied actions, included roles and wide
// names. What is changed in the full policy, to what, and the one problem that it then has, with its message.
import type { ProblemCode } from '../../src/errors.js'

export type Case = readonly [path: string, value: unknown, code: ProblemCode, message: string]

const catalogueRule = 'use letters, digits, `_` and `-`, a letter first, and `.` or `/` between parts'
const fieldRule = 'use letters, digits and `_`, a lower-case letter first'

const names: readonly Case[] = [
  ...['a..b', 'a.', '/a', '1st', '-a', 'a b', 'a:b', 'né', 'a/./b'].map((name): Case => [
    `resources/document/actions/${name.replaceAll('/', '~1')}`,
    '',
    'invalid_name',
    `resources.document.actions${/^[\w-]+$/.test(name) ? `.${name}` : `["${name}"]`}: invalid action name \`${name}\`; ${catalogueRule}`
  ]),
  [
    `resources/${'a'.repeat(129)}`,
    { actions: {} },
    'invalid_name',
    `resources.${'a'.repeat(120)}…: the resource name \`${'a'.repeat(80)}…\` is longer than 128 characters`
  ],
  [
    'resources/Document',
    { actions: {} },
    'duplicate_name',
    'resources.Document: `Document` differs from another resource in case alone; did you mean `document`?'
  ],
  [
    'resources/task/actions/Use_Shared',
    '',
    'duplicate_name',
    'resources.task.actions.Use_Shared: `Use_Shared` differs from another action in case alone; did you mean `use_shared`?'
  ],
  ...['system:', 'scope:', 'template:', 'custom:'].map((prefix): Case => [
    `roles/${prefix}a`,
    { kind: 'site' },
    'invalid_name',
    `roles["${prefix}a"]: the role name \`${prefix}a\` begins with \`${prefix}\``
  ]),
  ['roles/a + b', { kind: 'site' }, 'invalid_name', 'roles["a + b"]: the role name `a + b` has ` + `'],
  [
    'roles/ a',
    { kind: 'site' },
    'invalid_name',
    'roles[" a"]: the role name `" a"` has white space at an end'
  ],
  [
    'roles/a ',
    { kind: 'site' },
    'invalid_name',
    'roles["a "]: the role name `"a "` has white space at an end'
  ],
  ['roles/a*b', { kind: 'site' }, 'invalid_name', 'roles.a*b: the role name `a*b` has a `*`']
]

const containers: readonly Case[] = [
  ['containers/2', 'team', 'invalid_type', 'containers[2]: expected a record, not `team`'],
  ['containers/2', {}, 'missing_key', 'containers[2].name: missing key; expected a text'],
  [
    'containers/2',
    { name: 'team', descripton: '' },
    'unknown_key',
    'containers[2].descripton: unknown key `descripton`; did you mean `description`?'
  ],
  [
    'containers/2',
    { name: 'Team' },
    'invalid_name',
    `containers[2].name: invalid container name \`Team\`; ${fieldRule}`
  ],
  [
    'containers/2',
    { name: 'a-b' },
    'invalid_name',
    `containers[2].name: invalid container name \`a-b\`; ${fieldRule}`
  ],
  [
    'containers/2',
    { name: '__proto__' },
    'invalid_name',
    `containers[2].name: invalid container name \`__proto__\`; ${fieldRule}`
  ],
  ...['constructor', 'toString', 'valueOf', 'hasOwnProperty'].map((name): Case => [
    'containers/2',
    { name },
    'reserved_name',
    `containers[2].name: reserved name \`${name}\`: every object inherits it`
  ]),
  ...['type', 'id', 'owner', 'org', 'anyOrg', 'onlyOrgs', 'acl', 'role'].map((name): Case => [
    'containers/2',
    { name },
    'reserved_name',
    `containers[2].name: reserved name \`${name}\`: objects and held roles have a field of that name`
  ]),
  ...['site', 'user', 'orgMember'].map((name): Case => [
    'containers/2',
    { name },
    'reserved_name',
    `containers[2].name: reserved name \`${name}\`: it is a level`
  ]),
  ...['teamMember', 'projectMember'].map((name): Case => [
    'containers/2',
    { name },
    'reserved_name',
    `containers[2].name: reserved name \`${name}\`: names that end in \`Member\` are levels`
  ]),
  [
    'containers/2',
    { name: 'project' },
    'duplicate_name',
    'containers[2].name: another container is called `project`'
  ],
  [
    'containers',
    [{ name: 'project' }, { name: 'folder' }, { name: 'a' }, { name: 'b' }],
    'too_many_containers',
    'containers: 4 containers are more than 3'
  ],
  [
    'resources/document/in/projct',
    'optional',
    'unknown_container',
    'resources.document.in.projct: unknown container `projct`; did you mean `project`?'
  ],
  [
    'resources/document/in/constructor',
    'optional',
    'unknown_container',
    'resources.document.in.constructor: unknown container `constructor`'
  ],
  [
    'resources/document/in/project',
    true,
    'invalid_value',
    'resources.document.in.project: expected one of `optional`, `required`, `never`, not `true`'
  ],
  [
    'roles/maintainer/grants/projct',
    {},
    'unknown_key',
    'roles.maintainer.grants.projct: unknown key `projct`; did you mean `project`?'
  ],
  [
    'roles/maintainer/variants/0/grants/projectMembr',
    {},
    'unknown_key',
    'roles.maintainer.variants[0].grants.projectMembr: unknown key `projectMembr`; did you mean `projectMember`?'
  ],
  [
    'roles/keeper/kind',
    'foldr',
    'invalid_value',
    'roles.keeper.kind: expected one of `site`, `org`, `project`, `folder`, not `foldr`; did you mean `folder`?'
  ],
  [
    'systemSubjects/purge/grants/project',
    {},
    'unknown_key',
    'systemSubjects.purge.grants.project: unknown key `project`'
  ],
  [
    'assignPermissions/foldr',
    'document:share',
    'unknown_key',
    'assignPermissions.foldr: unknown key `foldr`; did you mean `folder`?'
  ],
  [
    'unassignPermissions/project',
    'document:shar',
    'unknown_permission',
    'unassignPermissions.project: unknown permission `document:shar`; did you mean `document:share`?'
  ],
  [
    'roles/owner/assigns/3',
    'custom:projct',
    'unknown_role',
    'roles.owner.assigns[3]: unknown role `custom:projct`; did you mean `custom:project`?'
  ]
]

const dead: readonly Case[] = [
  [
    'roles/auditor/grants',
    { project: { allow: { document: ['read'] } } },
    'dead_grant',
    'roles.auditor.grants.project: can never match: a site role is held in no `project`'
  ],
  [
    'roles/guest/grants/projectMember',
    { deny: { document: ['read'] } },
    'dead_grant',
    'roles.guest.grants.projectMember: can never match: an organization role is held in no `project`'
  ],
  ...['site', 'org', 'orgMember', 'user', 'folder', 'folderMember'].map((level): Case => [
    `roles/reviewer/grants/${level}`,
    { allow: { '*': ['read'] } },
    'dead_grant',
    `roles.reviewer.grants.${level}: can never match: a role of a \`project\` reaches that alone`
  ]),
  [
    'roles/reviewer/grants/project/allow/apps~1v1.Note',
    [{ actions: ['read'], where: { pinned: true } }],
    'dead_grant',
    'roles.reviewer.grants.project.allow["apps/v1.Note"]: can never match at level `project`: no object of `apps/v1.Note` is in a `project`'
  ],
  [
    'roles/keeper/grants',
    { folderMember: { deny: { task: ['read'] } } },
    'dead_grant',
    'roles.keeper.grants.folderMember.deny.task: can never match at level `folderMember`: no object of `task` is in a `folder`'
  ],
  [
    'roles/guest/grants/user/allow/task',
    ['read'],
    'dead_grant',
    'roles.guest.grants.user.allow.task: can never match at level `user`: every object of `task` is in a `project`'
  ],
  [
    'roles/maintainer/variants/0/when',
    { sharing: 'none' },
    'org_option_in_container_role',
    'roles.maintainer.variants[0].when.sharing: `sharing` is a setting of one organization, and a role of a `project` is held in none'
  ],
  [
    'roles/auditor/variants',
    [{ when: { sharing: 'none' }, grants: {} }],
    'org_option_in_site_role',
    'roles.auditor.variants[0].when.sharing: `sharing` is a setting of one organization, and a site role is held in none'
  ]
]

const attribute = (name: string): string => `resources/document/attributes/${name}`

const attributes: readonly Case[] = [
  [
    attribute('Kind'),
    { values: ['a', 'b'] },
    'invalid_name',
    `resources.document.attributes.Kind: invalid attribute name \`Kind\`; ${fieldRule}`
  ],
  [
    attribute('owner'),
    { values: ['a', 'b'] },
    'reserved_name',
    'resources.document.attributes.owner: reserved name `owner`: objects and held roles have a field of that name'
  ],
  [
    attribute('isPrototypeOf'),
    { values: ['a', 'b'] },
    'reserved_name',
    'resources.document.attributes.isPrototypeOf: reserved name `isPrototypeOf`: every object inherits it'
  ],
  [
    attribute('folder'),
    { values: ['a', 'b'] },
    'duplicate_name',
    'resources.document.attributes.folder: `folder` is also a container'
  ],
  [
    attribute('kind'),
    {},
    'missing_key',
    'resources.document.attributes.kind.values: missing key; expected a list'
  ],
  [
    attribute('kind'),
    { values: ['a', 7] },
    'invalid_type',
    'resources.document.attributes.kind.values[1]: expected a text, true or false, not `7`'
  ],
  [
    attribute('kind'),
    { values: ['a'] },
    'invalid_value',
    'resources.document.attributes.kind.values: expected 2 to 16 values, not 1'
  ],
  [
    attribute('kind'),
    { values: [] },
    'invalid_value',
    'resources.document.attributes.kind.values: expected 2 to 16 values, not 0'
  ],
  [
    'resources/task/attributes',
    { kind: { values: Array.from({ length: 17 }, (_, i) => `v${String(i)}`) } },
    'invalid_value',
    'resources.task.attributes.kind.values: expected 2 to 16 values, not 17'
  ],
  [
    attribute('kind'),
    { values: [true] },
    'invalid_value',
    'resources.document.attributes.kind.values: expected 2 to 16 values, not 1'
  ],
  [
    attribute('kind'),
    { values: ['a', true] },
    'invalid_value',
    'resources.document.attributes.kind.values: expected texts, or true and false, not both'
  ],
  [
    attribute('kind'),
    { values: ['a', 'b', 'a'] },
    'duplicate_value',
    'resources.document.attributes.kind.values[2]: `a` is there twice'
  ],
  [
    attribute('kind'),
    { values: ['a', ''] },
    'invalid_value',
    'resources.document.attributes.kind.values[1]: the value is empty'
  ],
  ...[',', '(', ')', '|', '='].map((character): Case => [
    attribute('kind'),
    { values: ['a', `b${character}`] },
    'invalid_value',
    `resources.document.attributes.kind.values[1]: \`b${character}\` has a \`${character}\``
  ]),
  [
    attribute('kind'),
    { values: ['a', 'b`'] },
    'invalid_value',
    'resources.document.attributes.kind.values[1]: `b\\u0060` has a backtick'
  ],
  [
    attribute('kind'),
    { values: ['a', 'b\n'] },
    'invalid_value',
    'resources.document.attributes.kind.values[1]: `"b\\u000a"` has a control character'
  ],
  [
    attribute('kind'),
    { values: ['a', 'b'.repeat(65)] },
    'invalid_value',
    `resources.document.attributes.kind.values[1]: \`${'b'.repeat(65)}\` is longer than 64 characters`
  ],
  [
    attribute('status/default'),
    'drafft',
    'invalid_default',
    "resources.document.attributes.status.default: the default `drafft` is none of the attribute's values; did you mean `draft`?"
  ],
  [
    attribute('locked/default'),
    'true',
    'invalid_default',
    'resources.document.attributes.locked.default: the default `"true"` is none of the attribute\'s values; did you mean `true`?'
  ],
  [
    'resources/task/attributes',
    {
      a: { values: Array.from({ length: 16 }, (_, i) => `v${String(i)}`) },
      b: { values: ['a', 'b', 'c', 'd', 'e'] }
    },
    'too_many_combinations',
    'resources.task.attributes: more than 64 combinations of values'
  ]
]

const inProject = 'roles/maintainer/grants/project/allow/document'
const where = `${inProject}/1/where`
const at = 'roles.maintainer.grants.project.allow.document'

const conditions: readonly Case[] = [
  [
    `${where}/stauts`,
    'draft',
    'unknown_attribute',
    `${at}[1].where.stauts: \`document\` has no attribute \`stauts\`; did you mean \`status\`?`
  ],
  [
    `${where}/constructor`,
    'draft',
    'unknown_attribute',
    `${at}[1].where.constructor: \`document\` has no attribute \`constructor\``
  ],
  [
    'roles/maintainer/grants/project/allow/task',
    { except: [], where: { status: 'draft' } },
    'unknown_attribute',
    'roles.maintainer.grants.project.allow.task.where.status: `task` has no attribute `status`'
  ],
  [
    `${where}/status`,
    'drafts',
    'unknown_attribute_value',
    `${at}[1].where.status: attribute \`status\` has no value \`drafts\`; did you mean \`draft\`?`
  ],
  [
    `${where}/status`,
    ['draft', 'publishd'],
    'unknown_attribute_value',
    `${at}[1].where.status[1]: attribute \`status\` has no value \`publishd\`; did you mean \`published\`?`
  ],
  [
    `${where}/locked`,
    'false',
    'unknown_attribute_value',
    `${at}[1].where.locked: attribute \`locked\` has no value \`"false"\`; did you mean \`false\`?`
  ],
  [
    `${where}/status`,
    ['draft', 'draft'],
    'duplicate_value',
    `${at}[1].where.status[1]: \`draft\` is there twice`
  ],
  [`${where}/status`, [], 'invalid_where', `${at}[1].where.status: the condition names no value`],
  [where, {}, 'invalid_where', `${at}[1].where: the condition names no attribute`],
  [
    `${where}/status`,
    7,
    'invalid_type',
    `${at}[1].where.status: expected a text, true or false, or a list of them, not \`7\``
  ],
  [
    'roles/owner/grants/site/allow/*',
    { actions: '*', where: { status: 'draft' } },
    'invalid_where',
    'roles.owner.grants.site.allow.*.where: `where` names attributes of one resource, and `*` stands for several'
  ],
  [
    'roles/owner/grants/site/allow/*',
    ['update', { actions: ['read'], where: { status: 'draft' } }],
    'invalid_where',
    'roles.owner.grants.site.allow.*[1].where: `where` names attributes of one resource, and `*` stands for several'
  ],
  [
    'scopes/drafts/allow/document',
    [{ actions: ['read'], where: { lockd: true } }],
    'unknown_attribute',
    'scopes.drafts.allow.document[0].where.lockd: `document` has no attribute `lockd`; did you mean `locked`?'
  ],
  [
    'scopeTemplates/one/variants/0/allow/document',
    { actions: ['raed'], where: { locked: true } },
    'unknown_action',
    'scopeTemplates.one.variants[0].allow.document.actions[0]: `document` has no action `raed`; did you mean `read`?'
  ],
  [
    `${inProject}/1/actions`,
    ['update', 'deleet'],
    'unknown_action',
    `${at}[1].actions[1]: \`document\` has no action \`deleet\`; did you mean \`delete\`?`
  ],
  [
    `${inProject}/1/actions`,
    ['update', 'update'],
    'duplicate_value',
    `${at}[1].actions[1]: \`update\` is there twice`
  ],
  [
    `${inProject}/1/actions`,
    'update',
    'invalid_type',
    `${at}[1].actions: expected \`*\` or a list of actions, not \`update\``
  ],
  [inProject, { actions: ['read'] }, 'missing_key', `${at}.where: missing key; expected a record`],
  [
    inProject,
    { where: { locked: true } },
    'missing_key',
    `${at}.actions: missing key; expected \`*\` or a list of actions`
  ],
  [
    inProject,
    { actions: '*', except: ['delete'], where: { locked: true } },
    'unknown_key',
    `${at}.except: unknown key \`except\``
  ],
  [
    inProject,
    ['read', { except: ['update'], where: { locked: true }, actions: [] }],
    'unknown_key',
    `${at}[1].except: unknown key \`except\``
  ],
  [inProject, ['read', 7], 'invalid_type', `${at}[1]: expected a text, not \`7\``]
]

const acl = (key: string): string => `resources/document/acl/${key}`

const sharing: readonly Case[] = [
  [
    'resources/document/acl',
    'yes',
    'invalid_type',
    'resources.document.acl: expected true or false, not `yes`'
  ],
  [
    acl('overrideDeny'),
    true,
    'unknown_key',
    'resources.document.acl.overrideDeny: unknown key `overrideDeny`; did you mean `overridesDeny`?'
  ],
  [acl('members'), 1, 'invalid_type', 'resources.document.acl.members: expected true or false, not `1`'],
  [
    acl('requires'),
    'use_sharde',
    'unknown_action',
    'resources.document.acl.requires: `document` has no action `use_sharde`; did you mean `use_shared`?'
  ],
  [
    acl('levels/read'),
    ['read'],
    'duplicate_name',
    'resources.document.acl.levels.read: `read` is also an action of `document`'
  ],
  [
    acl('levels/Viewer'),
    ['read'],
    'invalid_name',
    `resources.document.acl.levels.Viewer: invalid level name \`Viewer\`; ${fieldRule}`
  ],
  [
    acl('levels/toString'),
    ['read'],
    'reserved_name',
    'resources.document.acl.levels.toString: reserved name `toString`: every object inherits it'
  ],
  [
    acl('levels/viewer'),
    ['raed'],
    'unknown_action',
    'resources.document.acl.levels.viewer[0]: `document` has no action `raed`; did you mean `read`?'
  ],
  [
    acl('levels/viewer'),
    ['read', 'read'],
    'duplicate_value',
    'resources.document.acl.levels.viewer[1]: `read` is there twice'
  ],
  [
    acl('levels/viewer'),
    ['read', { actions: ['update'], where: { locked: true } }],
    'invalid_type',
    'resources.document.acl.levels.viewer[1]: expected a text, not `{…}`'
  ],
  [
    acl('levels/editor'),
    { except: ['delete'], where: { locked: true } },
    'unknown_key',
    'resources.document.acl.levels.editor.where: unknown key `where`'
  ],
  [
    acl('levels/editor'),
    { except: ['delete', 'read'] },
    'implied_exception',
    'resources.document.acl.levels.editor.except[1]: `update` of `document` implies `read`, so this takes nothing out'
  ]
]

const implied: readonly Case[] = [
  [
    'resources/document/implies/udpate',
    ['read'],
    'unknown_action',
    'resources.document.implies.udpate: `document` has no action `udpate`; did you mean `update`?'
  ],
  [
    'resources/document/implies/update',
    ['raed'],
    'unknown_action',
    'resources.document.implies.update[0]: `document` has no action `raed`; did you mean `read`?'
  ],
  [
    'resources/document/implies/update',
    ['read', 'read'],
    'duplicate_value',
    'resources.document.implies.update[1]: `read` is there twice'
  ],
  [
    'resources/document/implies/read',
    ['read'],
    'circular_reference',
    'resources.document.implies.read[0]: `read` implies itself: `read` → `read`'
  ],
  [
    'resources/document/implies/read',
    ['share'],
    'circular_reference',
    'resources.document.implies.share[0]: `update` implies itself: `update` → `read` → `share` → `update`'
  ],
  [
    'roles/owner/grants/site/allow/document',
    { except: ['update'] },
    'implied_exception',
    'roles.owner.grants.site.allow.document.except[0]: `share` of `document` implies `update`, so this takes nothing out'
  ],
  [
    'roles/reviewer/grants/project/allow/*',
    { except: ['read'] },
    'implied_exception',
    'roles.reviewer.grants.project.allow.*.except[0]: `update` of `document` implies `read`, so this takes nothing out'
  ],
  [
    'roles/maintainer/variants/0/grants/project',
    { allow: { document: { except: ['read'] } } },
    'implied_exception',
    'roles.maintainer.variants[0].grants.project.allow.document.except[0]: `update` of `document` implies `read`, so this takes nothing out'
  ],
  [
    'scopes/drafts/allow/document',
    { except: ['use_shared'] },
    'implied_exception',
    'scopes.drafts.allow.document.except[0]: `share` of `document` implies `use_shared`, so this takes nothing out'
  ],
  [
    'scopeTemplates/one/allow/document',
    { except: ['read'] },
    'implied_exception',
    'scopeTemplates.one.allow.document.except[0]: `update` of `document` implies `read`, so this takes nothing out'
  ],
  [
    'systemSubjects/purge/grants/site/allow/document',
    { except: ['read'] },
    'implied_exception',
    'systemSubjects.purge.grants.site.allow.document.except[0]: `update` of `document` implies `read`, so this takes nothing out'
  ]
]

const included: readonly Case[] = [
  [
    'roles/maintainer/includes/0',
    'reviewr',
    'unknown_role',
    'roles.maintainer.includes[0]: unknown role `reviewr`; did you mean `reviewer`?'
  ],
  [
    'roles/maintainer/includes/0',
    'constructor',
    'unknown_role',
    'roles.maintainer.includes[0]: unknown role `constructor`'
  ],
  [
    'roles/maintainer/includes/0',
    'member',
    'invalid_include',
    'roles.maintainer.includes[0]: `member` is an organization role, and this one is a role of a `project`'
  ],
  [
    'roles/keeper/includes',
    ['reviewer'],
    'invalid_include',
    'roles.keeper.includes[0]: `reviewer` is a role of a `project`, and this one is a role of a `folder`'
  ],
  [
    'roles/guest/includes',
    ['auditor'],
    'invalid_include',
    'roles.guest.includes[0]: `auditor` is a site role, and this one is an organization role'
  ],
  [
    'roles/auditor/includes',
    ['owner', 'owner'],
    'duplicate_value',
    'roles.auditor.includes[1]: `owner` is there twice'
  ],
  [
    'roles/auditor/includes',
    ['auditor'],
    'circular_reference',
    'roles.auditor.includes[0]: `auditor` includes itself: `auditor` → `auditor`'
  ],
  [
    'roles/guest/includes',
    ['member'],
    'circular_reference',
    'roles.guest.includes[0]: `member` includes itself: `member` → `guest` → `member`'
  ],
  ['roles/guest/includes', 'member', 'invalid_type', 'roles.guest.includes: expected a list, not `member`']
]

/** Changes to the full policy. */
export const fullCases: readonly Case[] = [
  ...names,
  ...containers,
  ...dead,
  ...attributes,
  ...conditions,
  ...sharing,
  ...implied,
  ...included
]

/** What is nothing wrong with the full policy. */
export const fineChanges: readonly (readonly [what: string, path: string, value: unknown])[] = [
  ['a resource with a name of 128 characters', `resources/${'a'.repeat(128)}`, { actions: {} }],
  ['names with capitals, `-`, `.` and `/`', 'resources/A-b.c~1D_1', { actions: { 'X.y/z-1': '' } }],
  ['a resource `All` and an action `Manage`', 'resources/All', { actions: { Manage: '' } }],
  ['a role whose name has colons', 'roles/a:b:c', { kind: 'site' }],
  ['a role whose name has white space and `+` inside', 'roles/a +b c', { kind: 'project' }],
  ['a third container', 'containers/2', { name: 'team' }],
  ['a container whose name only looks like a member level', 'containers/2', { name: 'member' }],
  ['a list of containers without any use', 'resources/task/in', { project: 'required' }],
  ['an attribute of 16 values', 'resources/task/attributes', { a: { values: letters(16) } }],
  [
    'attributes with 64 combinations',
    'resources/task/attributes',
    { a: { values: letters(16) }, b: { values: letters(4) } }
  ],
  ['a value of 64 characters', 'resources/task/attributes', { a: { values: ['a', '😀'.repeat(64)] } }],
  ['a default false', 'resources/document/attributes/locked/default', false],
  [
    'attributes of the same name in several resources',
    'resources/task/attributes',
    { status: { values: letters(2) } }
  ],
  [
    'an attribute with the name of an action',
    'resources/task/attributes',
    { update: { values: [false, true] } }
  ],
  ['an ACL without settings', 'resources/document/acl', true],
  ['an ACL level with the name of a container', 'resources/document/acl/levels/project', []],
  [
    'a list of an action twice, once under a condition',
    inProject,
    ['read', { actions: ['read'], where: { locked: true } }]
  ],
  ['a condition with every value', `${where}/locked`, [true, false]],
  ['an empty list under a condition', inProject, [{ actions: [], where: { locked: true } }]],
  [
    'a list that is empty, at a level that cannot reach',
    'roles/reviewer/grants/project/allow/apps~1v1.Note',
    []
  ],
  [
    'no action under a condition, at a level that cannot reach',
    'roles/reviewer/grants/project/allow/apps~1v1.Note',
    { actions: [], where: { pinned: true } }
  ],
  ['a wildcard that reaches nothing', 'roles/keeper/grants', { folder: { allow: { '*': '*' } } }],
  ['a resource that implies nothing', 'resources/task/implies', { update: [] }],
  ['an action implied twice', 'resources/document/implies/share', ['update', 'read', 'use_shared']],
  [
    'an exception of what implies, without what is implied',
    'roles/owner/grants/site/allow/document',
    { except: ['share', 'update'] }
  ],
  [
    'an exception of everything',
    'roles/owner/grants/site/allow/document',
    { except: ['read', 'update', 'delete', 'share', 'use_shared'] }
  ],
  [
    'an exception of what is implied in a deny',
    'roles/owner/grants/user',
    { deny: { '*': { except: ['read'] } } }
  ],
  [
    'a wildcard exception that reaches no resource in which it is implied',
    'roles/owner/grants/site/allow/*',
    { except: ['update'] }
  ],
  ['the same at a level that cannot reach it', 'roles/guest/grants/user/allow/*', { except: ['use_shared'] }],
  [
    'the same in a variant of a role that names the resource',
    'roles/owner/variants',
    [{ when: {}, grants: { site: { allow: { '*': { except: ['update'] } } } } }]
  ],
  ['a role that includes nothing', 'roles/keeper/includes', []],
  ['a role that includes one twice, by another way', 'roles/owner/includes', ['auditor']],
  ['a shipped role that includes one that only code gives', 'roles/member/includes', ['service']]
]

function letters(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(97 + index))
}
