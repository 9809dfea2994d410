// `definePolicy` refuses a wrong name of a container, attribute, level, implied action or included role where it stands.
// Each row is one literal with one wrong name, in a line of its own, as in `define.test-d.ts`.
import { definePolicy } from 'casemate'
import { describe, expectTypeOf, test } from 'vitest'

const name = 'x'

const containers = [{ name: 'project' }, { name: 'folder' }] as const

const resources = {
  doc: {
    org: 'required',
    in: { project: 'optional' },
    attributes: {
      status: { values: ['draft', 'published'], default: 'draft' },
      locked: { values: [true, false] }
    },
    acl: { levels: { viewer: ['read'], editor: { except: ['share'] } }, requires: 'read' },
    actions: { read: '', update: '', share: '' },
    implies: { update: ['read'] }
  },
  task: { in: { project: 'required' }, actions: { read: '', close: '' } }
} as const

test('a policy with one of everything compiles', () => {
  const policy = definePolicy({
    name: 'x',
    containers: [{ name: 'project', description: '' }, { name: 'folder' }],
    resources: {
      doc: {
        description: '',
        org: 'required',
        in: { project: 'required', folder: 'never' },
        attributes: {
          status: { values: ['draft', 'published'], default: 'draft', description: '' },
          locked: { values: [true, false] }
        },
        acl: {
          levels: { viewer: ['read'], editor: { except: ['share'] }, owner: '*' },
          members: true,
          requires: 'update',
          overridesDeny: false
        },
        actions: { read: '', update: '', share: '' },
        implies: { update: ['read'], share: ['update'] }
      },
      'apps/v1.Note': { acl: true, actions: { 'pin-top': '' } },
      plain: { acl: {}, actions: { Read: '' } }
    },
    options: { mode: { values: ['a', 'b'] } },
    orgOptions: { size: { values: [1, 2] } },
    roles: {
      owner: {
        kind: 'site',
        includes: ['auditor'],
        grants: {
          site: {
            allow: {
              '*': '*',
              doc: { actions: '*', where: { status: 'draft' } },
              'apps/v1.Note': ['pin-top']
            },
            deny: { doc: { except: ['read'], where: { locked: true } } }
          }
        },
        assigns: ['*', 'custom:site', 'custom:org', 'custom:project', 'custom:folder', 'maintainer']
      },
      auditor: { kind: 'site', includes: [] },
      member: {
        kind: 'org',
        includes: ['guest'],
        variants: [{ when: { size: 1, mode: 'a' }, grants: { org: { allow: { doc: ['read'] } } } }]
      },
      guest: { kind: 'org' },
      maintainer: {
        kind: 'project',
        includes: ['reviewer'],
        grants: {
          project: {
            allow: {
              doc: [
                'read',
                { actions: ['update', 'share'], where: { status: ['draft', 'published'], locked: false } }
              ]
            }
          },
          projectMember: { deny: { '*': ['share'] } }
        },
        variants: [{ when: { mode: 'b' }, grants: { project: { deny: { doc: '*' } } } }],
        assigns: ['reviewer', 'custom:project']
      },
      reviewer: { kind: 'project', assignable: false },
      keeper: { kind: 'folder', grants: { folder: {}, folderMember: {} } }
    },
    assignPermissions: { site: 'doc:share', org: 'doc:share', project: 'doc:update', folder: 'plain:Read' },
    unassignPermissions: { project: 'apps/v1.Note:pin-top' },
    systemSubjects: {
      purge: {
        grants: { site: { allow: { doc: [{ actions: '*', where: { locked: false } }] } } },
        assigns: ['custom:folder']
      }
    },
    scopes: { drafts: { allow: { doc: { actions: ['read'], where: { status: 'draft' } } } } },
    publicScopes: ['apps/v1.Note:*'],
    scopeTemplates: {
      one: {
        params: { id: 'required', open: 'flag' },
        allow: { doc: { except: [], where: { locked: true } } },
        variants: [
          { when: { open: true }, allow: { doc: [{ actions: ['read'], where: { locked: false } }] } }
        ],
        allowList: ['apps/v1.Note:{id}']
      }
    },
    invariants: [{ name: 'a', permissions: ['apps/v1.Note:pin-top'], only: ['maintainer'] }]
  })
  expectTypeOf(policy.name).toEqualTypeOf<string>()
})

// Prettier would break at every brace and make twenty lines of a row.
// prettier-ignore
describe('a wrong name does not compile', () => {
  describe('containers', () => {
    test('an unknown key', () =>
      definePolicy({ name, resources, containers: [{ name: 'project' }, { name: 'folder',
        // @ts-expect-error it is `description`
        descripton: '' }] }))
    test('no name', () =>
      definePolicy({ name, resources: {}, containers: [
        // @ts-expect-error a required key is missing
        {} ] }))
    test('a resource in an unknown one', () =>
      definePolicy({ name, containers, resources: { doc: { actions: {}, in: {
        // @ts-expect-error it is `project`
        projct: 'optional' }}}}))
    test('a resource in one where none is declared', () =>
      definePolicy({ name, resources: { doc: { actions: {}, in: {
        // @ts-expect-error there are no containers
        project: 'optional' }}}}))
    test('a wrong placement', () =>
      definePolicy({ name, containers, resources: { doc: { actions: {}, in: {
        // @ts-expect-error it is `required`
        project: 'require' }}}}))
    test('a role of an unknown one', () =>
      definePolicy({ name, containers, resources, roles: { lead: {
        // @ts-expect-error it is `project`
        kind: 'projct' }}}))
    test('a role of one where none is declared', () =>
      definePolicy({ name, resources: {}, roles: { lead: {
        // @ts-expect-error there are no containers
        kind: 'project' }}}))
    test('an unknown level', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: {
        // @ts-expect-error it is `projectMember`
        projectMembers: {} }}}}))
    test('the site level in a role of a container', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: {
        // @ts-expect-error it reaches its project alone
        site: {} }}}}))
    test('the user level in a role of a container', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: {
        // @ts-expect-error it reaches its project alone
        user: {} }}}}))
    test('the organization level in a role of a container', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: {
        // @ts-expect-error it reaches its project alone
        org: {} }}}}))
    test('the level of another container', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: {
        // @ts-expect-error it is held in no folder
        folder: {} }}}}))
    test('the level of a container in a site role', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'site', grants: {
        // @ts-expect-error it is held in no project
        project: {} }}}}))
    test('the level of a container in an organization role', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'org', grants: {
        // @ts-expect-error it is held in no project
        projectMember: {} }}}}))
    test('the level of a container in a variant of a site role', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'site', variants: [{ when: {}, grants: {
        // @ts-expect-error it is held in no project
        project: {} }}]}}}))
    test('an unknown action at its level', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: { project: { allow: { task: ['read',
        // @ts-expect-error it is `close`
        'clsoe' ]}}}}}}))
    test('an unknown resource at its level', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: { projectMember: { deny: {
        // @ts-expect-error it is `task`
        tasks: '*' }}}}}}))
    test("an organization's option in its role", () =>
      definePolicy({ name, containers, resources, orgOptions: { size: { values: [1, 2] } }, roles: {
        admin: { kind: 'org', variants: [{ when: { size: 1 }, grants: {} }] },
        lead: { kind: 'project', variants: [{ grants: {}, when: {
        // @ts-expect-error it is held in no organization
        size: 1 }}]}}}))
    test('a system subject at its level', () =>
      definePolicy({ name, containers, resources, systemSubjects: { purge: { grants: {
        // @ts-expect-error it holds no role
        project: {} }}}}))
    test('custom roles of an unknown one', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', assigns: ['custom:project',
        // @ts-expect-error it is `custom:folder`
        'custom:foldr' ]}}}))
    test('custom roles of one where none is declared', () =>
      definePolicy({ name, resources: {}, roles: { owner: { kind: 'site', assigns: ['custom:org',
        // @ts-expect-error there are no containers
        'custom:project' ]}}}))
    test('a system subject that assigns custom roles of an unknown one', () =>
      definePolicy({ name, containers, resources, systemSubjects: { clerk: { assigns: [
        // @ts-expect-error it is `custom:folder`
        'custom:foldr' ]}}}))
    test('the permission to assign in an unknown one', () =>
      definePolicy({ name, containers, resources, assignPermissions: { project: 'doc:share',
        // @ts-expect-error it is `folder`
        foldr: 'doc:share' }}))
    test('a wrong permission to assign in one', () =>
      definePolicy({ name, containers, resources, assignPermissions: {
        // @ts-expect-error tasks are not shared
        project: 'task:share' }}))
    test('a wrong permission to unassign in one', () =>
      definePolicy({ name, containers, resources, unassignPermissions: {
        // @ts-expect-error it is `doc:share`
        folder: 'doc:shar' }}))
  })

  describe('attributes', () => {
    test('no values', () =>
      definePolicy({ name, resources: { doc: { actions: {}, attributes: {
        // @ts-expect-error a required key is missing
        status: {} }}}}))
    test('a value of another type', () =>
      definePolicy({ name, resources: { doc: { actions: {}, attributes: {
        // @ts-expect-error a value is a text or a boolean
        size: { values: [ 1, 'a' ]}}}}}))
    test('a default that is no value', () =>
      definePolicy({ name, resources: { doc: { actions: {}, attributes: { status: { values: ['draft', 'published'],
        // @ts-expect-error it is `draft`
        default: 'drft' }}}}}))
    test('the text of a boolean as default', () =>
      definePolicy({ name, resources: { doc: { actions: {}, attributes: { locked: { values: [true, false],
        // @ts-expect-error it is `false`
        default: 'false' }}}}}))
    test('an unknown key', () =>
      definePolicy({ name, resources: { doc: { actions: {}, attributes: { status: { values: ['a', 'b'],
        // @ts-expect-error it is `default`
        defaults: 'a' }}}}}))
    test('an unknown key beside them', () =>
      definePolicy({ name, resources: { doc: { actions: {},
        // @ts-expect-error it is `attributes`
        attribute: {} }}}))
    test('a condition on an unknown one', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'site', grants: { site: { allow: { doc: { actions: '*', where: {
        // @ts-expect-error it is `status`
        stauts: 'draft' }}}}}}}}))
    test('a condition on an unknown value', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'site', grants: { site: { allow: {
        // @ts-expect-error it is `draft`
        doc: { actions: '*', where: { status: 'drft' }}}}}}}}))
    test('a condition on a list with an unknown value', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'site', grants: { site: { deny: {
        // @ts-expect-error it is `published`
        doc: { actions: '*', where: { status: ['draft', 'publishd' ]}}}}}}}}))
    test('a condition on the text of a boolean', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'site', grants: { site: { allow: {
        // @ts-expect-error it is `true`
        doc: { except: [], where: { locked: 'true' }}}}}}}}))
    test('a condition in a list on an unknown attribute', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: { project: { allow: { doc: ['read', { actions: ['share'], where: {
        // @ts-expect-error it is `locked`
        lokced: true }}]}}}}}}))
    test('a condition in a list on an unknown action', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: { project: { allow: { doc: [{ where: { locked: true },
        // @ts-expect-error it is `read`
        actions: ['share', 'raed' ]}]}}}}}}))
    test('an unknown action of a resource with attributes', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: { project: { allow: { doc: [
        // @ts-expect-error it is `read`
        'raed' ]}}}}}}))
    test('an unknown action under a condition in place', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: { project: { allow: {
        // @ts-expect-error only tasks are closed
        doc: { where: { locked: true }, actions: [ 'close' ]}}}}}}}))
    test('an unknown exception under a condition', () =>
      definePolicy({ name, containers, resources, roles: { lead: { kind: 'project', grants: { project: { allow: {
        // @ts-expect-error only tasks are closed
        doc: { where: { locked: true }, except: [ 'close' ]}}}}}}}))
    test('a condition on a resource without attributes', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'site', grants: { site: { allow: { task: { except: [],
        // @ts-expect-error a task has no attributes
        where: { status: 'draft' } }}}}}}}))
    test('a condition on every resource', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'site', grants: { site: { allow: { '*': { except: [],
        // @ts-expect-error they have no attributes in common
        where: { status: 'draft' } }}}}}}}))
    test('a misspelt condition', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'site', grants: { site: { allow: { doc: { except: [],
        // @ts-expect-error it is `where`
        when: { status: 'draft' } }}}}}}}))
    test('a condition in a variant on an unknown value', () =>
      definePolicy({ name, containers, resources, roles: { owner: { kind: 'site', variants: [{ when: {}, grants: { site: { allow: {
        // @ts-expect-error it is `draft`
        doc: { except: [], where: { status: 'drafts' }}}}}}]}}}))
    test('a condition in a scope on an unknown attribute', () =>
      definePolicy({ name, containers, resources, scopes: { drafts: { allow: { doc: { actions: '*', where: {
        // @ts-expect-error it is `status`
        state: 'draft' }}}}}}))
    test('a condition in a template on an unknown value', () =>
      definePolicy({ name, containers, resources, scopeTemplates: { one: { params: {}, allow: {
        // @ts-expect-error it is `draft`
        doc: { actions: '*', where: { status: 'drafts' }}}}}}))
    test('a condition of a system subject on an unknown attribute', () =>
      definePolicy({ name, containers, resources, systemSubjects: { purge: { grants: { site: { allow: { doc: { actions: '*', where: {
        // @ts-expect-error it is `locked`
        lock: true }}}}}}}}))
  })

  describe('graded sharing and implied actions', () => {
    test('an unknown setting', () =>
      definePolicy({ name, resources: { doc: { actions: { read: '' }, acl: {
        // @ts-expect-error it is `overridesDeny`
        overrideDeny: true }}}}))
    test('a setting of another type', () =>
      definePolicy({ name, resources: { doc: { actions: { read: '' }, acl: {
        // @ts-expect-error it is true or false
        members: 'yes' }}}}))
    test('a gate that is no action', () =>
      definePolicy({ name, resources: { doc: { actions: { read: '', share: '' }, acl: {
        // @ts-expect-error it is `share`
        requires: 'shared' }}}}))
    test('a gate of another resource', () =>
      definePolicy({ name, resources: { task: { actions: { close: '' } }, doc: { actions: { read: '' }, acl: {
        // @ts-expect-error only tasks are closed
        requires: 'close' }}}}))
    test('a level with an unknown action', () =>
      definePolicy({ name, resources: { doc: { actions: { read: '', share: '' }, acl: { levels: { viewer: ['share',
        // @ts-expect-error it is `read`
        'raed' ]}}}}}))
    test('a level without an unknown action', () =>
      definePolicy({ name, resources: { doc: { actions: { read: '', share: '' }, acl: { levels: {
        // @ts-expect-error it is `share`
        viewer: { except: [ 'shar' ]}}}}}}))
    test('a level with a condition', () =>
      definePolicy({ name, resources: { doc: { actions: { read: '' }, acl: { levels: { viewer: { except: [],
        // @ts-expect-error a level has none
        where: {} }}}}}}))
    test('an unknown action that implies', () =>
      definePolicy({ name, resources: { doc: { actions: { read: '', update: '' }, implies: {
        // @ts-expect-error it is `update`
        udpate: ['read'] }}}}))
    test('an unknown action that is implied', () =>
      definePolicy({ name, resources: { doc: { actions: { read: '', update: '' }, implies: { update: [
        // @ts-expect-error it is `read`
        'raed' ]}}}}))
    test('an implied action of another resource', () =>
      definePolicy({ name, resources: { task: { actions: { close: '' } }, doc: { actions: { update: '' }, implies: { update: [
        // @ts-expect-error only tasks are closed
        'close' ]}}}}))
  })

  describe('included roles', () => {
    test('an unknown one', () =>
      definePolicy({ name, resources: {}, roles: { editor: { kind: 'org' }, admin: { kind: 'org', includes: [
        // @ts-expect-error it is `editor`
        'editr' ]}}}))
    test('one of another kind', () =>
      definePolicy({ name, resources: {}, roles: { editor: { kind: 'site' }, admin: { kind: 'org', includes: [
        // @ts-expect-error it is a site role
        'editor' ]}}}))
    test('one of a container in a site role', () =>
      definePolicy({ name, containers, resources, roles: { editor: { kind: 'project' }, admin: { kind: 'site', includes: ['admin',
        // @ts-expect-error it is held in a project
        'editor' ]}}}))
    test('one of another container', () =>
      definePolicy({ name, containers, resources, roles: { editor: { kind: 'project' }, admin: { kind: 'folder', includes: [
        // @ts-expect-error it is held in a project
        'editor' ]}}}))
    test('a text in place of a list', () =>
      definePolicy({ name, resources: {}, roles: { editor: { kind: 'org' }, admin: { kind: 'org',
        // @ts-expect-error it is a list
        includes: 'editor' }}}))
    test('a misspelt key', () =>
      definePolicy({ name, resources: {}, roles: { editor: { kind: 'org' }, admin: { kind: 'org',
        // @ts-expect-error it is `includes`
        include: ['editor'] }}}))
  })
})
