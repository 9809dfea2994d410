// A mapping that forgets a field, names one that is not there or gives a column of the wrong kind does not compile.
// Each row has one fault, in a line of its own.
import { compile, definePolicy, type Policy } from 'casemate'
import { defineTable, whereFor } from 'casemate/sql'
import { describe, expectTypeOf, test } from 'vitest'

const policy = compile(
  definePolicy({
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
        acl: true,
        actions: { read: '', update: '' }
      },
      log: { org: 'never', actions: { list: '' } },
      note: { actions: { read: '' } }
    }
  })
)

const id = { column: 'id', as: 'uuid', notNull: true } as const
const acl = { table: 'doc_acl', object: 'doc_id', list: 'list', grantee: 'grantee', action: 'action' }
const doc = {
  id,
  owner: null,
  org: 'org',
  project: 'project',
  folder: null,
  status: null,
  locked: 'locked',
  acl
}
const docs = defineTable(policy, 'doc', doc)
const notes = defineTable(policy, 'note', { id, owner: 'owner', org: null })
const subject = policy.subject({ id: 'u1' })

test('every form of column compiles', () => {
  defineTable(policy, 'doc', {
    id: { column: 'id', as: 'int8', property: 'docId' },
    owner: { column: 'owner', as: 'cast' },
    org: { column: 'org' },
    project: { column: 'projects', as: 'uuid', array: true, checked: true },
    folder: { schema: 'app', table: 'doc_folders', object: 'doc', column: 'folder', as: 'int4' },
    status: { column: 'status', as: 'enum', checked: true },
    locked: { column: 'locked', as: 'boolean', notNull: true },
    acl: { users: 'user_acl', groups: null, checked: true }
  })
  defineTable(policy, 'log', { id: null, owner: null })
})

test('a policy that knows no names takes any mapping', () => {
  const plain: Policy = compile(JSON.parse('{}') as never)
  const table = defineTable(plain, 'anything', {
    id: null,
    owner: null,
    org: null,
    project: 'p',
    locked: null
  })
  whereFor(plain.subject({ id: 'u1' }), 'whatever', table)
})

describe('a mapping', () => {
  test('names every field', () => {
    // @ts-expect-error: `id` is forgotten
    defineTable(policy, 'note', { owner: 'owner', org: null })
    // @ts-expect-error: `owner` is forgotten
    defineTable(policy, 'note', { id, org: null })
    // @ts-expect-error: `org` is forgotten
    defineTable(policy, 'note', { id, owner: 'owner' })
    // @ts-expect-error: `folder` is forgotten
    defineTable(policy, 'doc', { ...doc, folder: undefined })
    // @ts-expect-error: `status` is forgotten
    defineTable(policy, 'doc', { ...doc, status: undefined })
    // @ts-expect-error: `acl` is forgotten
    defineTable(policy, 'doc', { ...doc, acl: undefined })
  })

  test('names what an object must have', () => {
    // @ts-expect-error: every `doc` is in an organization
    defineTable(policy, 'doc', { ...doc, org: null })
    // @ts-expect-error: every `doc` is in a project
    defineTable(policy, 'doc', { ...doc, project: null })
    // @ts-expect-error: `locked` has no default
    defineTable(policy, 'doc', { ...doc, locked: null })
  })

  test('names nothing else', () => {
    // @ts-expect-error: no `log` is in an organization
    defineTable(policy, 'log', { id: null, owner: null, org: 'org' })
    // @ts-expect-error: `note` has no ACL
    defineTable(policy, 'note', { id, owner: 'owner', org: null, acl })
    // @ts-expect-error: `note` is in no project
    defineTable(policy, 'note', { id, owner: 'owner', org: null, project: 'project' })
    // @ts-expect-error: there is no resource `docs`
    defineTable(policy, 'docs', { id, owner: null, org: null })
  })

  test('has columns of the kinds that a field can have', () => {
    // @ts-expect-error: an id is no boolean
    defineTable(policy, 'note', { id: { column: 'id', as: 'boolean' }, owner: null, org: null })
    // @ts-expect-error: there is no kind `bigint`
    defineTable(policy, 'note', { id: { column: 'id', as: 'bigint' }, owner: null, org: null })
    // @ts-expect-error: `locked` is true or false
    defineTable(policy, 'doc', { ...doc, locked: { column: 'locked', as: 'text' } })
    // @ts-expect-error: `status` is a text
    defineTable(policy, 'doc', { ...doc, status: { column: 'status', as: 'boolean' } })
    // @ts-expect-error: an owner is one id
    defineTable(policy, 'note', { id, owner: { column: 'owner', array: true }, org: null })
  })
})

describe('a filter', () => {
  test('is asked about actions of its resource', () => {
    whereFor(subject, 'update', docs, { as: 'd' })
    // @ts-expect-error: `note` has no action `update`
    whereFor(subject, 'update', notes)
  })

  test('takes a subject with custom roles', () => {
    const custom = policy.withRoles({ helper: { kind: 'org' } }, { org: 'o1' })
    whereFor(custom.subject({ id: 'u1', roles: [{ role: 'helper', org: 'o1' }] }), 'read', docs, { as: 'd' })
  })

  test('becomes what a tag makes of it', () => {
    const tag = (strings: TemplateStringsArray, ...values: (string | null)[]): number =>
      strings.length + values.length
    expectTypeOf(whereFor(subject, 'read', notes).into(tag)).toEqualTypeOf<number>()
  })
})

test('the object of a row is one that can be asked about', () => {
  expectTypeOf(subject.can('read', notes.toObject({}))).toEqualTypeOf<boolean>()
})
