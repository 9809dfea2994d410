// A compiled file with everything that one can have, what may stand at a place of it, and what is said of what may not.
import { quoteValue } from '../../src/problems/quote.js'

const uuid = '00000000-0000-4000-a000-000000000001'
export const content = {
  document: {
    name: 'places',
    ids: 'uuid',
    resources: {
      note: { org: 'optional', acl: true, actions: { read: '', delete: '' } },
      bill: { org: 'required', actions: { read: '', pay: '' } },
      key: { org: 'never', acl: false, actions: { read: '' } }
    },
    options: { isOpen: { values: [true], default: true } },
    orgOptions: { plan: { values: ['free', 'paid'], default: 'free' }, size: { values: [1, 2] } },
    roles: {
      admin: {
        kind: 'site',
        grants: {
          site: { allow: { '*': '*', key: [] }, deny: { note: ['delete'] } },
          user: { allow: { note: { except: ['delete'] } } }
        },
        variants: [{ when: { isOpen: true }, grants: { site: { allow: { note: [] } } } }]
      },
      member: {
        kind: 'org',
        grants: { org: { allow: { bill: ['read'] } }, orgMember: { deny: { note: ['delete'] } } },
        variants: [{ when: { plan: 'paid', isOpen: false }, grants: { org: { allow: { bill: '*' } } } }]
      }
    },
    systemSubjects: {
      purge: { id: 'p', grants: { user: { allow: { note: ['delete'] } } } },
      sweep: { grants: { site: { allow: { note: ['delete'] } } } }
    },
    scopes: { notes: { allow: { note: ['read'] }, aliases: ['n'] } },
    scopeTemplates: {
      one: {
        params: { id: 'required', other: 'optional', quiet: 'flag' },
        allow: { note: ['read'] },
        variants: [{ when: { quiet: true }, allow: { note: [] } }],
        allowList: ['note:{id}', 'bill:{other}', 'key:*', `*:${uuid}`]
      }
    }
  },
  siteRoles: { extra: { kind: 'site', grants: { site: { allow: { note: ['read'] } } } } },
  orgRoles: { o1: { helper: { kind: 'org', grants: { org: { allow: { bill: ['pay'] } } } } } },
  containerRoles: {}
}

const resource = { actions: {} }
const option = { values: [1], default: 1 }
const site = { kind: 'site' }
const empty = { params: {}, allow: {} }
const all = { allow: { note: '*' } }
const unknown = { nte: '*' }
/** The document where ids are texts, with this entry in the list of a template. */
const textual = (entry: string): object => ({
  ...content.document,
  ids: 'string',
  scopeTemplates: { one: { ...empty, allowList: [entry] } }
})
const many = (length: number): string[] =>
  Array.from({ length }, (_, i) => `note:${uuid.slice(0, -3)}${i + 100}`)

/** A place, the value there, what is said of it, and where that stands, if it is not at the place. */
export type Refused = [place: string, value: unknown, what: string, path?: string]

export const refused: Refused[] = [
  ['', 5, 'expected a record, not `5`'],
  ['', [], 'expected a record, not `[…]`'],
  ['', null, 'expected a record, not `null`'],
  ['more', 1, 'expected one of document, siteRoles, orgRoles, containerRoles, not `more`'],
  ['document', null, 'expected a record, not `null`'],
  ...['note:', 'notex', 'note:{', 'note:x}'].map((entry): Refused => [
    'document',
    textual(entry),
    `expected an entry \`type:id\`, not \`${entry}\``,
    'content.document.scopeTemplates.one.allowList[0]'
  ]),
  [
    'document/more',
    1,
    'expected one of name, ids, containers, resources, options, orgOptions, roles, systemSubjects, scopes, scopeTemplates, not `more`'
  ],
  ['document/name', 5, 'expected a text, not `5`'],
  ['document/name', '', 'expected a name, not `""`'],
  ['document/ids', 'uid', 'expected one of `undefined`, `string`, `uuid`, not `uid`'],
  ['document/resources', undefined, 'expected a record, not `undefined`'],
  ['document/resources', [], 'expected a record, not `[…]`'],
  [
    'document/resources/note/more',
    1,
    'expected one of org, in, attributes, acl, actions, implies, not `more`'
  ],
  [
    'document/resources/note/org',
    'optionl',
    'expected one of `undefined`, `optional`, `required`, `never`, not `optionl`'
  ],
  ['document/resources/note/acl', 'yes', 'expected one of `undefined`, `true`, `false`, not `yes`'],
  [
    'document/resources/Note',
    resource,
    'expected a name that differs from `note` not in case alone, not `Note`'
  ],
  ['document/resources/note!', resource, 'expected a name, not `note!`'],
  ['document/resources/1note', resource, 'expected a name, not `1note`'],
  ['document/resources/all', resource, 'expected a name that is no wildcard, not `all`'],
  ['document/resources/note/actions', ['read'], 'expected a record, not `[…]`'],
  [
    'document/resources/note/actions/Read',
    '',
    'expected a name that differs from `read` not in case alone, not `Read`'
  ],
  ['document/resources/note/actions/read!', '', 'expected a name, not `read!`'],
  ['document/resources/note/actions/manage', '', 'expected a name that is no wildcard, not `manage`'],
  ['document/resources/note/actions/read', 5, 'expected a text, not `5`'],
  ['document/options', 5, 'expected a record, not `5`'],
  [
    'document/options',
    undefined,
    'expected an option that the role can read, not `isOpen`',
    'content.document.roles.admin.variants[0].when.isOpen'
  ],
  ['document/options/\u0007x', option, 'expected a name, not `\\u0007x`'],
  ['document/options/x\u0007', option, 'expected a name, not `x\\u0007`'],
  ['document/options/isOpen', 5, 'expected a record, not `5`'],
  ['document/options/isOpen/more', 5, 'expected one of values, default, not `more`'],
  ['document/options/isOpen/default', undefined, 'expected the chosen value, not `undefined`'],
  ['document/options/isOpen/default', 'true', 'expected one of `undefined`, `true`, not `"true"`'],
  ['document/options/isOpen/values', 5, 'expected a list, not `5`'],
  ['document/options/isOpen/values', [], 'expected values that can be told apart, not `[…]`'],
  ['document/options/isOpen/values', undefined, 'expected values that can be told apart, not `[…]`'],
  ['document/options/isOpen/values', [true, 'true'], 'expected values that can be told apart, not `[…]`'],
  ['document/options/isOpen/values', [true, null], 'expected values that can be told apart, not `[…]`'],
  [
    'document/orgOptions/isOpen',
    option,
    'expected another name than an option of the deployment has, not `isOpen`'
  ],
  ['document/orgOptions/x\u0007', option, 'expected a name, not `x\\u0007`'],
  ['document/orgOptions/plan/default', 'fre', 'expected one of `undefined`, `free`, `paid`, not `fre`'],
  ['document/roles', 5, 'expected a record, not `5`'],
  ['document/roles/a*', site, 'expected a name, not `a*`'],
  ['document/roles/*a', site, 'expected a name, not `*a`'],
  ...['system:a', 'scope:a', 'template:a', 'custom:a', ' a', 'a ', 'long ', 'a + b', 'long + name'].map(
    (name): Refused => [`document/roles/${name}`, site, `expected a name, not ${quoteValue(name)}`]
  ),
  ['document/roles/\u0007a', site, 'expected a name, not `\\u0007a`'],
  ['document/roles/a\u0007', site, 'expected a name, not `a\\u0007`'],
  ['document/roles/admin', 5, 'expected a record, not `5`'],
  ['document/roles/admin/assigns', [], 'expected one of kind, includes, grants, variants, not `assigns`'],
  ['document/roles/admin/kind', 'team', 'expected one of `site`, `org`, not `team`'],
  ['document/roles/admin/kind', undefined, 'expected one of `site`, `org`, not `undefined`'],
  ['document/roles/admin/grants', 5, 'expected a record, not `5`'],
  ['document/roles/admin/grants/ste', {}, 'expected one of site, org, orgMember, user, not `ste`'],
  ['document/roles/admin/grants/site', 5, 'expected a record, not `5`'],
  ['document/roles/admin/grants/site/alow', {}, 'expected one of allow, deny, not `alow`'],
  ['document/roles/admin/grants/site/allow', 5, 'expected a record, not `5`'],
  ['document/roles/admin/grants/site/allow/nte', '*', 'expected a resource, not `nte`'],
  ['document/roles/admin/grants/site/allow/note', 'read', 'expected a record, not `read`'],
  [
    'document/roles/admin/grants/site/allow/note',
    { excpt: [] },
    'expected one of except, not `excpt`',
    'content.document.roles.admin.grants.site.allow.note.excpt'
  ],
  [
    'document/roles/admin/grants/site/allow/note',
    { except: 5 },
    'expected `*`, or a list of actions, not `5`',
    'content.document.roles.admin.grants.site.allow.note.except'
  ],
  [
    'document/roles/admin/grants/site/allow/note',
    {},
    'expected `*`, or a list of actions, not `undefined`',
    'content.document.roles.admin.grants.site.allow.note.except'
  ],
  [
    'document/roles/admin/grants/site/allow/note',
    { except: ['raed'] },
    'expected an action of note, not `raed`',
    'content.document.roles.admin.grants.site.allow.note.except[0]'
  ],
  [
    'document/roles/admin/grants/site/allow/note',
    ['raed'],
    'expected an action of note, not `raed`',
    'content.document.roles.admin.grants.site.allow.note[0]'
  ],
  [
    'document/roles/admin/grants/site/allow/note',
    ['read', 5],
    'expected a text, not `5`',
    'content.document.roles.admin.grants.site.allow.note[1]'
  ],
  [
    'document/roles/admin/grants/site/allow/note',
    ['read', 'read'],
    'expected each once, not `read`',
    'content.document.roles.admin.grants.site.allow.note[1]'
  ],
  [
    'document/roles/admin/grants/site/allow/note',
    ['pay'],
    'expected an action of note, not `pay`',
    'content.document.roles.admin.grants.site.allow.note[0]'
  ],
  [
    'document/roles/admin/grants/site/allow/*',
    ['paye'],
    'expected an action of *, not `paye`',
    'content.document.roles.admin.grants.site.allow.*[0]'
  ],
  [
    'document/roles/admin/grants/org',
    { allow: { note: ['read'] } },
    'expected no grants that can never match, not `org`'
  ],
  [
    'document/roles/admin/grants/org',
    { allow: { note: [], bill: '*' } },
    'expected no grants that can never match, not `org`'
  ],
  [
    'document/roles/admin/grants/orgMember',
    { deny: { note: { except: [] } } },
    'expected no grants that can never match, not `orgMember`'
  ],
  ['document/roles/admin/grants/user/allow/bill', '*', 'expected no grant that can never match, not `bill`'],
  [
    'document/roles/member/grants/org/allow/key',
    ['read'],
    'expected no grant that can never match, not `key`'
  ],
  [
    'document/roles/member/grants/orgMember/deny/key',
    { except: [] },
    'expected no grant that can never match, not `key`'
  ],
  ['document/roles/admin/variants', {}, 'expected a list, not `{…}`'],
  ['document/roles/admin/variants/0', 5, 'expected a record, not `5`'],
  ['document/roles/admin/variants/0/more', 5, 'expected one of when, grants, not `more`'],
  ['document/roles/admin/variants/0/when', 5, 'expected a record, not `5`'],
  ['document/roles/admin/variants/0/when/isOpen', null, 'expected a value of an option, not `null`'],
  [
    'document/roles/admin/variants/0/when/plan',
    'free',
    'expected an option that the role can read, not `plan`'
  ],
  [
    'document/roles/admin/variants/0/when/pln',
    'free',
    'expected an option that the role can read, not `pln`'
  ],
  ['document/roles/member/variants/0/when/plan', 'fre', 'expected one of `free`, `paid`, not `fre`'],
  [
    'document/roles/member/variants/0/when/pln',
    'free',
    'expected an option that the role can read, not `pln`'
  ],
  ['document/roles/admin/variants/0/grants', undefined, 'expected a record, not `undefined`'],
  [
    'document/roles/admin/variants/0/grants',
    { org: all },
    'expected no grants that can never match, not `org`',
    'content.document.roles.admin.variants[0].grants.org'
  ],
  [
    'document/roles/admin/variants/0/grants',
    { site: { allow: unknown } },
    'expected a resource, not `nte`',
    'content.document.roles.admin.variants[0].grants.site.allow.nte'
  ],
  ['document/systemSubjects/x\u0007', {}, 'expected a name, not `x\\u0007`'],
  ['document/systemSubjects/purge', 5, 'expected a record, not `5`'],
  ['document/systemSubjects/purge/assigns', [], 'expected one of id, grants, not `assigns`'],
  ['document/systemSubjects/purge/id', '', 'expected a name, not `""`'],
  ['document/systemSubjects/purge/id', 5, 'expected a text, not `5`'],
  [
    'document/systemSubjects/purge/id',
    undefined,
    'expected no grants that can never match, not `user`',
    'content.document.systemSubjects.purge.grants.user'
  ],
  ['document/systemSubjects/purge/grants', 5, 'expected a record, not `5`'],
  ['document/systemSubjects/purge/grants/org', {}, 'expected one of site, user, not `org`'],
  [
    'document/systemSubjects/purge/grants/site',
    { allow: unknown },
    'expected a resource, not `nte`',
    'content.document.systemSubjects.purge.grants.site.allow.nte'
  ],
  ['document/systemSubjects/sweep/grants/user', all, 'expected no grants that can never match, not `user`'],
  ['document/scopes/x\u0007', { allow: {} }, 'expected a name, not `x\\u0007`'],
  ['document/scopes/note:read', { allow: {} }, 'expected a name that no other scope has, not `note:read`'],
  ['document/scopes/note:*', { allow: {} }, 'expected a name that no other scope has, not `note:*`'],
  [
    'document/scopes/n',
    { allow: {} },
    'expected a name that no other scope has, not `n`',
    'content.document.scopes.notes.aliases[0]'
  ],
  ['document/scopes/notes', 5, 'expected a record, not `5`'],
  ['document/scopes/notes/title', '', 'expected one of allow, aliases, not `title`'],
  ['document/scopes/notes/allow', undefined, 'expected a record, not `undefined`'],
  [
    'document/scopes/notes/allow',
    unknown,
    'expected a resource, not `nte`',
    'content.document.scopes.notes.allow.nte'
  ],
  ['document/scopes/notes/aliases', 5, 'expected a list, not `5`'],
  [
    'document/scopes/notes/aliases',
    ['notes'],
    'expected a name that no other scope has, not `notes`',
    'content.document.scopes.notes.aliases[0]'
  ],
  [
    'document/scopes/notes/aliases',
    ['m', 'm'],
    'expected a name that no other scope has, not `m`',
    'content.document.scopes.notes.aliases[1]'
  ],
  [
    'document/scopes/notes/aliases',
    ['m', 5],
    'expected a text, not `5`',
    'content.document.scopes.notes.aliases[1]'
  ],
  [
    'document/scopes/notes/aliases',
    ['key:read'],
    'expected a name that no other scope has, not `key:read`',
    'content.document.scopes.notes.aliases[0]'
  ],
  [
    'document/scopes/notes/aliases',
    ['\u0007'],
    'expected a name, not `\\u0007`',
    'content.document.scopes.notes.aliases[0]'
  ],
  ['document/scopeTemplates/x\u0007', empty, 'expected a name, not `x\\u0007`'],
  ['document/scopeTemplates/one', 5, 'expected a record, not `5`'],
  ['document/scopeTemplates/one/more', 5, 'expected one of params, allow, variants, allowList, not `more`'],
  ['document/scopeTemplates/one/params', undefined, 'expected a record, not `undefined`'],
  [
    'document/scopeTemplates/one/params/x',
    'maybe',
    'expected one of `required`, `optional`, `flag`, not `maybe`'
  ],
  ['document/scopeTemplates/one/params/{x', 'flag', 'expected a name, not `{x`'],
  ['document/scopeTemplates/one/params/x}', 'flag', 'expected a name, not `x}`'],
  [
    'document/scopeTemplates/one/allow',
    unknown,
    'expected a resource, not `nte`',
    'content.document.scopeTemplates.one.allow.nte'
  ],
  ['document/scopeTemplates/one/allow', 5, 'expected a record, not `5`'],
  ['document/scopeTemplates/one/variants', {}, 'expected a list, not `{…}`'],
  ['document/scopeTemplates/one/variants/0', 5, 'expected a record, not `5`'],
  ['document/scopeTemplates/one/variants/0/grants', 5, 'expected one of when, allow, not `grants`'],
  ['document/scopeTemplates/one/variants/0/when', 5, 'expected a record, not `5`'],
  ['document/scopeTemplates/one/variants/0/when/quiet', 'yes', 'expected one of `true`, `false`, not `yes`'],
  ['document/scopeTemplates/one/variants/0/when/id', true, 'expected a flag, not `id`'],
  ['document/scopeTemplates/one/variants/0/when/x', true, 'expected a flag, not `x`'],
  [
    'document/scopeTemplates/one/variants/0/allow',
    unknown,
    'expected a resource, not `nte`',
    'content.document.scopeTemplates.one.variants[0].allow.nte'
  ],
  ['document/scopeTemplates/one/allowList', 5, 'expected a list, not `5`'],
  ['document/scopeTemplates/one/allowList', many(129), 'expected at most 128 entries, not `[…]`'],
  [
    'document/scopeTemplates/one/allowList',
    [5],
    'expected a text, not `5`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['note'],
    'expected an entry `type:id`, not `note`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['nte:*'],
    'expected an entry `type:id`, not `nte:*`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    [':*'],
    'expected an entry `type:id`, not `:*`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['note:'],
    'expected an entry `type:id`, not `note:`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['note:x'],
    'expected an entry `type:id`, not `note:x`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    [`note:${uuid}x`],
    'expected an entry `type:id`, not `note:00000000-0000-4000-a000-000000000001x`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['note:{id}x'],
    'expected an entry `type:id`, not `note:{id}x`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['note:x{id}'],
    'expected an entry `type:id`, not `note:x{id}`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['note:{'],
    'expected an entry `type:id`, not `note:{`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['note:}'],
    'expected an entry `type:id`, not `note:}`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['note:{quiet}'],
    'expected an entry `type:id`, not `note:{quiet}`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['note:{ide}'],
    'expected an entry `type:id`, not `note:{ide}`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['note:{}'],
    'expected an entry `type:id`, not `note:{}`',
    'content.document.scopeTemplates.one.allowList[0]'
  ],
  [
    'document/scopeTemplates/one/allowList',
    ['*:*', '*:*'],
    'expected each once, not `*:*`',
    'content.document.scopeTemplates.one.allowList[1]'
  ],
  ['siteRoles', 5, 'expected a record, not `5`'],
  ['siteRoles/admin', site, 'expected another name than a role of the policy has, not `admin`'],
  ['siteRoles/a*', site, 'expected a name, not `a*`'],
  ['siteRoles/extra/kind', 'org', 'expected one of `site`, not `org`'],
  ['siteRoles/extra/grants/org', all, 'expected no grants that can never match, not `org`'],
  ['orgRoles', 5, 'expected a record, not `5`'],
  ['orgRoles/o1', 5, 'expected a record, not `5`'],
  ['orgRoles/', {}, 'expected a name, not `""`'],
  [
    'orgRoles/o1/member',
    { kind: 'org' },
    'expected another name than a role of the policy has, not `member`'
  ],
  ['orgRoles/o1/helper/kind', 'site', 'expected one of `org`, not `site`'],
  ['orgRoles/o1/helper/grants/site', all, 'expected no grants that can never match, not `site`'],
  ['orgRoles/o1/helper/grants/user', all, 'expected no grants that can never match, not `user`']
]

/** What stands next to a refused one, and is a policy. */
export const taken: [place: string, value: unknown][] = [
  ['document', textual('note:x')],
  ['document/roles/member/grants/org/allow', { '*': ['read'] }],
  ['document/name', '\n'],
  ['document/ids', 'string'],
  ...['manage', 'a.b', 'A-b_1.9', 'n'.repeat(128)].map((name): [string, unknown] => [
    `document/resources/${name}`,
    resource
  ]),
  ['document/resources/note/actions/all', ''],
  ['document/options/x y', option],
  ['document/options/isOpen/values', [true, 1, 'x']],
  ['document/orgOptions/plan/default', undefined],
  ...['a b', 'a:b', 'a +b', 'systema'].map((name): [string, unknown] => [`document/roles/${name}`, site]),
  ['document/roles/admin/kind', 'org'],
  ['document/roles/admin/grants', undefined],
  ['document/roles/admin/grants/site/allow/note', ['read', 'delete']],
  ['document/roles/admin/grants/site/allow/*', ['pay']],
  ['document/roles/admin/grants/org', { allow: { note: [] } }],
  ['document/roles/admin/grants/user/allow/bill', []],
  ['document/roles/admin/grants/user/allow/key', '*'],
  ['document/roles/admin/grants/site/allow/key', '*'],
  ['document/roles/admin/grants/site/allow/bill', '*'],
  ['document/roles/member/grants/org/allow/key', []],
  ['document/roles/member/grants/org/allow/note', '*'],
  ['document/roles/member/grants/site', all],
  ['document/roles/member/grants/user', all],
  ['document/roles/admin/variants', []],
  ['document/roles/admin/variants/0/when/isOpen', 'ajar'],
  ['document/roles/admin/variants/0/when/isOpen', 3],
  ['document/roles/member/variants/0/when/size', 2],
  ['document/systemSubjects/x', {}],
  ['document/systemSubjects/purge/grants/site', { allow: { bill: '*' } }],
  ['document/systemSubjects/sweep/grants/user', { allow: { note: [] } }],
  ['document/scopes/note:pay', { allow: {} }],
  ['document/scopes/notes/allow', { bill: '*', key: ['read'] }],
  ['document/scopes/notes/aliases', undefined],
  ['document/scopeTemplates/x', empty],
  ['document/scopeTemplates/one/params/x y', 'flag'],
  ['document/scopeTemplates/one/variants/0/when/quiet', false],
  ['document/scopeTemplates/one/allowList', undefined],
  ['document/scopeTemplates/one/allowList', many(128)],
  ['document/scopeTemplates/one/allowList', ['*:*']],
  ['document/scopeTemplates/one/allowList', ['*:{other}']],
  ['document/scopeTemplates/one/allowList', [`note:${uuid}`]],
  ['siteRoles/extra/grants/user', all],
  ['orgRoles/o2', {}],
  ['orgRoles/o1/helper/grants/orgMember', all],
  ['orgRoles/o1/helper/variants', [{ when: { plan: 'paid' }, grants: {} }]]
]
