// The names that a typed document carries, and the types that follow from them; plain documents know none.
import { definePolicy, parsePolicy } from 'casemate'
import type {
  ActionOf,
  NamesOf,
  ObjectOf,
  ObjectRef,
  OptionsOf,
  OrgOptions,
  OrgOptionsOf,
  OrgRoleOf,
  PermissionOf,
  PolicyDocument,
  ResourceOf,
  RoleHeld,
  RoleHeldOf,
  RoleOf,
  ScopeOf,
  SiteRoleOf,
  SubjectInputOf,
  SystemSubjectOf,
  TemplateOf,
  TemplateParamsOf,
  TemplateScope,
  TemplateScopeOf
} from 'casemate'
import { describe, expectTypeOf, test } from 'vitest'

const document = definePolicy({
  name: 'x',
  resources: {
    log: { actions: { create: '', read: '' } },
    file: { acl: true, org: 'required', actions: { read: '', share: '' } },
    key: { org: 'never', acl: false, actions: { rotate: '' } }
  },
  options: { exec: { values: [true, false] }, mode: { values: ['open', 'closed'] } },
  orgOptions: { size: { values: [1, 2] } },
  roles: { owner: { kind: 'site' }, auditor: { kind: 'site' }, admin: { kind: 'org' } },
  systemSubjects: { purge: {}, clerk: { id: 'clerk' } },
  scopes: { 'app:all': { allow: {}, aliases: ['all'] }, bare: { allow: {} } },
  scopeTemplates: {
    agent: { params: { file: 'required', log: 'optional', quiet: 'flag' }, allow: {} },
    empty: { params: {}, allow: {} }
  }
})
type Typed = typeof document
type Plain = PolicyDocument

const bare = definePolicy({ name: 'x', resources: { log: { actions: { read: '' } } } })

describe('a typed document', () => {
  test('knows its names', () => {
    expectTypeOf<ResourceOf<Typed>>().toEqualTypeOf<'log' | 'file' | 'key'>()
    expectTypeOf<ActionOf<Typed, 'log'>>().toEqualTypeOf<'create' | 'read'>()
    expectTypeOf<ActionOf<Typed, 'key'>>().toEqualTypeOf<'rotate'>()
    expectTypeOf<ActionOf<Typed>>().toEqualTypeOf<'create' | 'read' | 'share' | 'rotate'>()
    expectTypeOf<PermissionOf<Typed>>().toEqualTypeOf<
      'log:create' | 'log:read' | 'file:read' | 'file:share' | 'key:rotate'
    >()
    expectTypeOf<SiteRoleOf<Typed>>().toEqualTypeOf<'owner' | 'auditor'>()
    expectTypeOf<OrgRoleOf<Typed>>().toEqualTypeOf<'admin'>()
    expectTypeOf<RoleOf<Typed>>().toEqualTypeOf<'owner' | 'auditor' | 'admin'>()
    expectTypeOf<SystemSubjectOf<Typed>>().toEqualTypeOf<'purge' | 'clerk'>()
    expectTypeOf<TemplateOf<Typed>>().toEqualTypeOf<'agent' | 'empty'>()
    expectTypeOf<ScopeOf<Typed>>().toEqualTypeOf<
      'app:all' | 'all' | 'bare' | PermissionOf<Typed> | 'log:*' | 'file:*' | 'key:*'
    >()
    expectTypeOf<OptionsOf<Typed>>().toEqualTypeOf<{
      readonly exec?: boolean
      readonly mode?: 'open' | 'closed'
    }>()
    expectTypeOf<OrgOptionsOf<Typed>>().toEqualTypeOf<{ readonly size?: 1 | 2 }>()
  })

  test('that declares little has no names where it declares none', () => {
    type Bare = typeof bare
    expectTypeOf<RoleOf<Bare>>().toBeNever()
    expectTypeOf<SystemSubjectOf<Bare>>().toBeNever()
    expectTypeOf<TemplateOf<Bare>>().toBeNever()
    expectTypeOf<ScopeOf<Bare>>().toEqualTypeOf<'log:read' | 'log:*'>()
    expectTypeOf<keyof OptionsOf<Bare> & string>().toBeNever()
  })

  test('is a document, and so is used where any is taken', () => {
    expectTypeOf(document).toExtend<PolicyDocument>()
    expectTypeOf(bare).toExtend<PolicyDocument>()
  })
})

describe('template parameters', () => {
  test('are ids and flags', () => {
    type Params = TemplateParamsOf<Typed, 'agent'>
    expectTypeOf<{ file: string }>().toExtend<Params>()
    expectTypeOf<{ file: string; log: string | undefined; quiet: boolean | undefined }>().toExtend<Params>()
    expectTypeOf<{ log: string }>().not.toExtend<Params>()
    expectTypeOf<{ file: string; quiet: string }>().not.toExtend<Params>()
    expectTypeOf<{ file: undefined }>().not.toExtend<Params>()
    expectTypeOf<keyof Params>().toEqualTypeOf<'file' | 'log' | 'quiet'>()
  })
  test('belong to their template', () => {
    expectTypeOf<{ template: 'empty'; params: object }>().toExtend<TemplateScopeOf<Typed>>()
    expectTypeOf<{ template: 'agent'; params: { file: string } }>().toExtend<TemplateScopeOf<Typed>>()
    expectTypeOf<{ template: 'agent'; params: { log: string } }>().not.toExtend<TemplateScopeOf<Typed>>()
    expectTypeOf<{ template: 'other'; params: object }>().not.toExtend<TemplateScopeOf<Typed>>()
  })
})

describe('an object', () => {
  test('of a resource with `org: required` has an organization or asks for any', () => {
    type File = ObjectOf<Typed, 'file'>
    expectTypeOf<{ type: 'file'; org: string }>().toExtend<File>()
    expectTypeOf<{ type: 'file'; anyOrg: true }>().toExtend<File>()
    expectTypeOf<{ type: 'file'; org: string; anyOrg: false; id: null; owner: string }>().toExtend<File>()
    expectTypeOf<{ type: 'file' }>().not.toExtend<File>()
    expectTypeOf<{ type: 'file'; org: null }>().not.toExtend<File>()
    expectTypeOf<{ type: 'file'; anyOrg: boolean }>().not.toExtend<File>()
    expectTypeOf<{ type: 'file'; org: string; anyOrg: true }>().not.toExtend<File>()
    expectTypeOf<{ type: 'log'; org: string }>().not.toExtend<File>()
  })
  test('of a resource with `org: never` has neither', () => {
    type Key = ObjectOf<Typed, 'key'>
    expectTypeOf<{ type: 'key' }>().toExtend<Key>()
    expectTypeOf<{ type: 'key'; org: null; anyOrg: false; owner: string }>().toExtend<Key>()
    expectTypeOf<{ type: 'key'; org: string }>().not.toExtend<Key>()
    expectTypeOf<{ type: 'key'; anyOrg: true }>().not.toExtend<Key>()
  })
  test('of any other has one, none, or asks for any', () => {
    type Log = ObjectOf<Typed, 'log'>
    expectTypeOf<{ type: 'log' }>().toExtend<Log>()
    expectTypeOf<{ type: 'log'; org: string }>().toExtend<Log>()
    expectTypeOf<{ type: 'log'; org: string | null | undefined }>().toExtend<Log>()
    expectTypeOf<{ type: 'log'; anyOrg: true }>().toExtend<Log>()
    expectTypeOf<{ type: 'log'; anyOrg: boolean }>().toExtend<Log>()
    expectTypeOf<{ type: 'log'; org: string; anyOrg: true }>().not.toExtend<Log>()
    expectTypeOf<{ type: 'log'; org: number }>().not.toExtend<Log>()
  })
  test('has an ACL only where the resource has, with its actions', () => {
    expectTypeOf<{ type: 'file'; org: string; acl: { users: { u: ('read' | '*')[] } } }>().toExtend<
      ObjectOf<Typed, 'file'>
    >()
    expectTypeOf<{ type: 'file'; org: string; acl: { groups: { g: 'rotate'[] } } }>().not.toExtend<
      ObjectOf<Typed, 'file'>
    >()
    expectTypeOf<{ type: 'log'; acl: { users: { u: 'read'[] } } }>().not.toExtend<ObjectOf<Typed, 'log'>>()
    expectTypeOf<{ type: 'key'; acl: { users: { u: 'rotate'[] } } }>().not.toExtend<ObjectOf<Typed, 'key'>>()
    expectTypeOf<{ type: 'key'; acl: null }>().toExtend<ObjectOf<Typed, 'key'>>()
  })
  test('of any resource is one of them, and always an ObjectRef', () => {
    expectTypeOf<{ type: 'key' }>().toExtend<ObjectOf<Typed>>()
    expectTypeOf<{ type: 'file' }>().not.toExtend<ObjectOf<Typed>>()
    expectTypeOf<{ type: 'files'; org: string }>().not.toExtend<ObjectOf<Typed>>()
    expectTypeOf<ObjectOf<Typed>>().toExtend<ObjectRef>()
  })
})

describe('a subject', () => {
  type Input = SubjectInputOf<Typed>

  test('holds site roles by name and organization roles with an organization', () => {
    expectTypeOf<'owner'>().toExtend<RoleHeldOf<Typed>>()
    expectTypeOf<{ role: 'admin'; org: string }>().toExtend<RoleHeldOf<Typed>>()
    expectTypeOf<{ role: 'owner' }>().toExtend<RoleHeldOf<Typed>>()
    expectTypeOf<'admin'>().not.toExtend<RoleHeldOf<Typed>>()
    expectTypeOf<{ role: 'admin' }>().not.toExtend<RoleHeldOf<Typed>>()
    expectTypeOf<{ role: 'owner'; org: string }>().not.toExtend<RoleHeldOf<Typed>>()
    expectTypeOf<'nobody'>().not.toExtend<RoleHeldOf<Typed>>()
  })
  test('has scopes, templates and settings of the policy', () => {
    expectTypeOf<{
      id: string
      roles: ['owner', { role: 'admin'; org: string }]
      groups: string[]
      orgOptions: { o1: { size: 2 } }
      scopes: ['all', 'file:*', { template: 'agent'; params: { file: string } }]
      allowList: ['file:*']
    }>().toExtend<Input>()
    expectTypeOf<{ id: string; scopes: ['log:share'] }>().not.toExtend<Input>()
    expectTypeOf<{ id: string; orgOptions: { o1: { size: 3 } } }>().not.toExtend<Input>()
    expectTypeOf<{ roles: ['owner'] }>().not.toExtend<Input>()
  })
  test('has no ceiling whose value got lost', () => {
    expectTypeOf<{ id: string; scopes: undefined }>().not.toExtend<Input>()
    expectTypeOf<{ id: string; allowList: undefined }>().not.toExtend<Input>()
    expectTypeOf<{ id: string; scopes: null }>().not.toExtend<Input>()
  })
})

describe('a plain document', () => {
  test('knows no names: everything is a string', () => {
    expectTypeOf(parsePolicy({})).toEqualTypeOf<Plain>()
    expectTypeOf<ResourceOf<Plain>>().toEqualTypeOf<string>()
    expectTypeOf<ActionOf<Plain, string>>().toEqualTypeOf<string>()
    expectTypeOf<RoleOf<Plain>>().toEqualTypeOf<string>()
    expectTypeOf<ScopeOf<Plain>>().toEqualTypeOf<string>()
    expectTypeOf<TemplateOf<Plain>>().toEqualTypeOf<string>()
    expectTypeOf<SystemSubjectOf<Plain>>().toEqualTypeOf<string>()
    expectTypeOf<RoleHeldOf<Plain>>().toEqualTypeOf<RoleHeld>()
    expectTypeOf<TemplateScopeOf<Plain>>().toEqualTypeOf<TemplateScope>()
    expectTypeOf<TemplateParamsOf<Plain, string>>().toEqualTypeOf<TemplateScope['params']>()
    expectTypeOf<OptionsOf<Plain>>().toEqualTypeOf<OrgOptions[string]>()
    expectTypeOf<ObjectRef>().toExtend<ObjectOf<Plain, string>>()
    expectTypeOf<{ id: string; roles: [{ role: string; org: null }]; orgOptions: OrgOptions }>().toExtend<
      SubjectInputOf<Plain>
    >()
  })
  test('is what has no names at all', () => {
    expectTypeOf<NamesOf<{ readonly name: string }>>().toEqualTypeOf<NamesOf<Plain>>()
  })
})
