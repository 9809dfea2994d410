// The types of objects, roles held and subjects that follow from containers, attributes and graded sharing.
import { definePolicy, type ObjectOf, type OrgRoleOf, type RoleHeldOf, type RoleOf } from 'casemate'
import type { NamesOf, ObjectRef, PolicyDocument, SiteRoleOf, SubjectInputOf } from 'casemate'
import { describe, expectTypeOf, test } from 'vitest'
import type { ContainerOf, ContainerRoleOf, CustomRoleOf } from '../../src/document/index.js'
import type { RoleDocument } from '../../src/document/types.js'

const document = definePolicy({
  name: 'x',
  containers: [{ name: 'project' }, { name: 'folder' }],
  resources: {
    doc: {
      org: 'required',
      in: { project: 'required', folder: 'optional' },
      attributes: {
        status: { values: ['draft', 'published'], default: 'draft' },
        locked: { values: [true, false] }
      },
      acl: { levels: { viewer: ['read'], editor: '*' } },
      actions: { read: '', share: '' }
    },
    task: {
      in: { folder: 'never' },
      attributes: { open: { values: [true, false], default: true } },
      actions: { read: '' }
    },
    note: { acl: true, actions: { read: '' } }
  },
  roles: {
    owner: { kind: 'site' },
    admin: { kind: 'org' },
    maintainer: { kind: 'project' },
    reviewer: { kind: 'project' },
    keeper: { kind: 'folder' }
  }
})
type Typed = typeof document
type Doc = ObjectOf<Typed, 'doc'>
type Task = ObjectOf<Typed, 'task'>

describe('a typed document with containers', () => {
  test('knows them and their roles', () => {
    expectTypeOf<ContainerOf<Typed>>().toEqualTypeOf<'project' | 'folder'>()
    expectTypeOf<ContainerRoleOf<Typed>>().toEqualTypeOf<'maintainer' | 'reviewer' | 'keeper'>()
    expectTypeOf<ContainerRoleOf<Typed, 'project'>>().toEqualTypeOf<'maintainer' | 'reviewer'>()
    expectTypeOf<ContainerRoleOf<Typed, 'folder'>>().toEqualTypeOf<'keeper'>()
    expectTypeOf<SiteRoleOf<Typed>>().toEqualTypeOf<'owner'>()
    expectTypeOf<OrgRoleOf<Typed>>().toEqualTypeOf<'admin'>()
    expectTypeOf<RoleOf<Typed>>().toEqualTypeOf<'owner' | 'admin' | 'maintainer' | 'reviewer' | 'keeper'>()
    expectTypeOf<NamesOf<Typed>['containerRoles']>().toEqualTypeOf<{
      readonly maintainer: 'project'
      readonly reviewer: 'project'
      readonly keeper: 'folder'
    }>()
  })
  test('knows attributes, their defaults and levels of ACLs', () => {
    type Names = NamesOf<Typed>['resources']['doc']
    expectTypeOf<Names['attributes']>().toEqualTypeOf<{
      readonly status: 'draft' | 'published'
      readonly locked: boolean
    }>()
    expectTypeOf<Names['defaults']>().toEqualTypeOf<'status'>()
    expectTypeOf<Names['levels']>().toEqualTypeOf<'viewer' | 'editor'>()
    expectTypeOf<Names['in']>().toEqualTypeOf<{ readonly project: 'required'; readonly folder: 'optional' }>()
    expectTypeOf<Names['acl']>().toEqualTypeOf<true>()
  })
  test('is a document', () => {
    expectTypeOf(document).toExtend<PolicyDocument>()
  })
})

describe('an object', () => {
  test('has its required container and the attribute without default', () => {
    expectTypeOf<{ type: 'doc'; org: string; project: string; locked: boolean }>().toExtend<Doc>()
    expectTypeOf<{ type: 'doc'; anyOrg: true; project: readonly string[]; locked: true }>().toExtend<Doc>()
    expectTypeOf<{ type: 'doc'; org: string; project: string[]; locked: false }>().toExtend<Doc>()
    expectTypeOf<{ type: 'doc'; org: string; locked: boolean }>().not.toExtend<Doc>()
    expectTypeOf<{ type: 'doc'; org: string; project: null; locked: boolean }>().not.toExtend<Doc>()
    expectTypeOf<{ type: 'doc'; org: string; project: string }>().not.toExtend<Doc>()
    expectTypeOf<{ type: 'doc'; org: string; project: string; locked: null }>().not.toExtend<Doc>()
    expectTypeOf<{ type: 'doc'; org: string; project: string; locked: 'true' }>().not.toExtend<Doc>()
    expectTypeOf<{ type: 'doc'; project: string; locked: true }>().not.toExtend<Doc>()
  })
  test('may have an optional container and an attribute with a default', () => {
    type Base = { type: 'doc'; org: string; project: string; locked: boolean }
    expectTypeOf<Base & { folder: string; status: 'draft' }>().toExtend<Doc>()
    expectTypeOf<Base & { folder: string[]; status: 'draft' | 'published' | null }>().toExtend<Doc>()
    expectTypeOf<Base & { folder: null; status: undefined }>().toExtend<Doc>()
    expectTypeOf<Base & { folder: number }>().not.toExtend<Doc>()
    expectTypeOf<Base & { status: 'drafts' }>().not.toExtend<Doc>()
    expectTypeOf<Base & { status: string }>().not.toExtend<Doc>()
    expectTypeOf<Base & { status: '' }>().not.toExtend<Doc>()
  })
  test('is in no container in which its resource never is', () => {
    expectTypeOf<{ type: 'task' }>().toExtend<Task>()
    expectTypeOf<{ type: 'task'; project: null; folder: undefined; open: false }>().toExtend<Task>()
    expectTypeOf<{ type: 'task'; project: string }>().not.toExtend<Task>()
    expectTypeOf<{ type: 'task'; folder: string[] }>().not.toExtend<Task>()
  })
  test('has an ACL with the actions and levels of its resource', () => {
    type Base = { type: 'doc'; org: string; project: string; locked: boolean }
    expectTypeOf<Base & { acl: { users: { u: ('read' | 'viewer' | '*')[] } } }>().toExtend<Doc>()
    expectTypeOf<Base & { acl: { groups: { g: 'editr'[] } } }>().not.toExtend<Doc>()
    expectTypeOf<{ type: 'note'; acl: { users: { u: 'read'[] } } }>().toExtend<ObjectOf<Typed, 'note'>>()
    expectTypeOf<{ type: 'note'; acl: { users: { u: 'viewer'[] } } }>().not.toExtend<
      ObjectOf<Typed, 'note'>
    >()
    expectTypeOf<{ type: 'task'; acl: { users: { u: 'read'[] } } }>().not.toExtend<Task>()
  })
  // prettier-ignore
  test('has no key beyond these', () => {
    const base = { type: 'doc', org: 'o', project: 'p', locked: true } as const
    const objects: Doc[] = [base, { ...base, folder: ['f'], status: 'published' },
      { ...base,
        // @ts-expect-error it is `status`
        stauts: 'draft' },
      { ...base,
        // @ts-expect-error there is no such container
        team: 't' }]
    const task: Task = { type: 'task',
      // @ts-expect-error a task has no status
      status: 'draft' }
    expectTypeOf([...objects, task]).toExtend<readonly ObjectRef[]>()
  })
  test('of any resource is one of them, and always an ObjectRef', () => {
    expectTypeOf<{ type: 'task' }>().toExtend<ObjectOf<Typed>>()
    expectTypeOf<{ type: 'doc'; org: string; project: string }>().not.toExtend<ObjectOf<Typed>>()
    expectTypeOf<ObjectOf<Typed>>().toExtend<ObjectRef>()
  })
})

describe('a role held', () => {
  type Held = RoleHeldOf<Typed>
  test('in a container has its id', () => {
    expectTypeOf<{ role: 'maintainer'; project: string }>().toExtend<Held>()
    expectTypeOf<{ role: 'keeper'; folder: string }>().toExtend<Held>()
    expectTypeOf<{ role: 'reviewer'; project: string; org: null }>().toExtend<Held>()
    expectTypeOf<'maintainer'>().not.toExtend<Held>()
    expectTypeOf<{ role: 'maintainer' }>().not.toExtend<Held>()
    expectTypeOf<{ role: 'maintainer'; project: null }>().not.toExtend<Held>()
    expectTypeOf<{ role: 'maintainer'; folder: string }>().not.toExtend<Held>()
    expectTypeOf<{ role: 'maintainer'; project: string; org: string }>().not.toExtend<Held>()
    expectTypeOf<{ role: 'keeper'; project: string }>().not.toExtend<Held>()
    expectTypeOf<{ role: 'admin'; project: string }>().not.toExtend<Held>()
  })
  // prettier-ignore
  test('has no container that is not its own', () => {
    const held: Held[] = ['owner', { role: 'admin', org: 'o' }, { role: 'keeper', folder: 'f' },
      { role: 'owner',
        // @ts-expect-error a site role is held everywhere
        project: 'p' },
      { role: 'admin', org: 'o',
        // @ts-expect-error an organization role is held in no project
        project: 'p' },
      { role: 'maintainer', project: 'p',
        // @ts-expect-error it is held in a project alone
        folder: 'f' },
      // @ts-expect-error it is `maintainer`
      { role: 'maintaner', project: 'p' }]
    expectTypeOf(held).toExtend<readonly unknown[]>()
  })
})

describe('a subject', () => {
  type Input = SubjectInputOf<Typed>
  test('has roles of containers, and a list of organizations', () => {
    expectTypeOf<{
      id: string
      roles: ['owner', { role: 'maintainer'; project: string }]
      onlyOrgs: string[]
    }>().toExtend<Input>()
    expectTypeOf<{ id: string; onlyOrgs: undefined }>().not.toExtend<Input>()
    expectTypeOf<{ id: string; onlyOrgs: null }>().not.toExtend<Input>()
    expectTypeOf<{ id: string; roles: [{ role: 'maintainer' }] }>().not.toExtend<Input>()
  })
})

describe('a custom role', () => {
  type Custom = CustomRoleOf<Typed>
  test('is any role document, and knows the levels of the policy', () => {
    expectTypeOf<RoleDocument>().toExtend<Custom>()
    expectTypeOf<{
      kind: 'project'
      includes: ['reviewer']
      grants: { projectMember: object }
    }>().toExtend<Custom>()
    const role: Custom = {
      kind: 'project',
      grants: {
        project: { allow: { doc: [{ actions: ['read'], where: { status: 'draft' } }] } },
        // @ts-expect-error it is `folder`
        foldr: {}
      }
    }
    expectTypeOf(role).toExtend<Custom>()
  })
})

describe('a plain document', () => {
  type Plain = PolicyDocument
  test('has any containers, attributes and roles', () => {
    const object: ObjectOf<Plain> = { type: 'doc', project: ['p'], status: 'draft', org: 'o' }
    const held: RoleHeldOf<Plain>[] = ['a', { role: 'a', org: 'o' }, { role: 'a', project: 'p' }]
    expectTypeOf(object).toExtend<ObjectRef>()
    expectTypeOf(held).toExtend<readonly unknown[]>()
    expectTypeOf<ObjectRef>().toExtend<ObjectOf<Plain, string>>()
    expectTypeOf<ContainerOf<Plain>>().toEqualTypeOf<string>()
    expectTypeOf<ContainerRoleOf<Plain>>().toEqualTypeOf<string>()
    expectTypeOf<{ type: 'doc'; owner: number }>().not.toExtend<ObjectOf<Plain>>()
  })
})
