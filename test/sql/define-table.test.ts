// A mapping is checked when the table is defined: a field that is forgotten, or a wrong column, is an error that says
// where.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, isCasemateError, parsePolicy } from '../../src/index.js'
import { defineTable, whereFor } from '../../src/sql/index.js'
import { asGiven } from '../support/engine.js'

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
        acl: { levels: { viewer: ['read'] } },
        actions: { read: '', update: '' }
      },
      log: { org: 'never', actions: { list: '' } },
      note: { actions: { read: '' } }
    },
    roles: { member: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } } }
  })
)
const acl = { table: 'doc_acl', object: 'doc_id', list: 'list', grantee: 'grantee', action: 'action' }
const doc = {
  id: 'id',
  owner: 'owner',
  org: 'org',
  project: 'project',
  folder: 'folder',
  status: 'status',
  locked: 'locked',
  acl
}

/** The error of a mapping, as its path and message. */
function faultOf(resource: string, mapping: unknown): string {
  try {
    defineTable(policy, asGiven(resource), asGiven(mapping))
  } catch (error) {
    if (isCasemateError(error)) return `${error.code} ${error.message}`
    throw error
  }
  return 'none'
}

describe('a mapping', () => {
  it.each([
    ['note', { id: 'id', owner: 'owner' }, 'mapping.org: not named'],
    ['note', { id: 'id', org: 'org' }, 'mapping.owner: not named'],
    ['note', { owner: 'id', org: 'org' }, 'mapping.id: not named'],
    ['note', { id: 'id', ownr: 'o', org: 'org' }, 'unknown field `ownr`; did you mean `owner`?'],
    ['note', { id: 'id', owner: undefined, org: 'org' }, 'mapping.owner: not named'],
    ['note', { id: 'id', owner: '', org: 'org' }, 'mapping.owner.column: expected a name'],
    ['note', { id: 'id', owner: 7, org: 'org' }, 'mapping.owner: expected a mapping, not `7`'],
    ['note', { id: { column: 'id', as: 'uid' }, owner: null, org: null }, 'did you mean `uuid`?'],
    ['note', { id: { column: 'id', kind: 'uuid' }, owner: null, org: null }, 'unknown field `kind`'],
    [
      'note',
      { id: { column: 'id', notNull: 1 }, owner: null, org: null },
      'mapping.id.notNull: expected true'
    ],
    ['note', { id: 'id', owner: null, org: null, acl }, '`note` has no ACL; leave it out'],
    ['note', { id: 'id', owner: null, org: null, project: 'p' }, 'unknown field `project`'],
    ['note', [], 'mapping: expected a mapping, not `[…]`'],
    ['log', { id: 'id', owner: null, org: 'org' }, '`log` is in no organization; leave it out'],
    ['doc', { ...doc, org: null }, 'every `doc` is in an organization'],
    ['doc', { ...doc, project: null }, 'every `doc` is in one'],
    ['doc', { ...doc, locked: null }, 'it has no default'],
    ['doc', { ...doc, status: undefined }, 'mapping.status: not named'],
    ['doc', { ...doc, locked: { column: 'l', as: 'text' } }, 'expected one of `boolean`, not `text`'],
    ['doc', { ...doc, project: { column: 'p', array: true, as: 'cast' } }, 'mapping.project.as'],
    ['doc', { ...doc, project: { column: 'p', array: false } }, 'mapping.project.array'],
    ['doc', { ...doc, project: { table: 't', column: 'p' } }, 'mapping.project.object: expected a name'],
    ['doc', { ...doc, id: null }, 'rows of another table name the object by its id'],
    ['doc', { ...doc, acl: { ...acl, grantee: undefined } }, 'mapping.acl.grantee: expected a name'],
    ['doc', { ...doc, acl: { users: 'u' } }, 'mapping.acl.groups: not named'],
    ['doc', { ...doc, acl: { users: 'u', groups: null, check: true } }, 'did you mean `checked`?']
  ])('of %s as %j is refused', (resource, mapping, words) => {
    const fault = faultOf(resource, mapping)
    expect(fault).toContain(words)
    expect(fault).toMatch(/^invalid_settings /)
  })

  it('of an unknown resource is refused', () => {
    expect(faultOf('docs', doc)).toContain('unknown_resource')
    expect(faultOf('docs', doc)).toContain('did you mean `doc`?')
  })

  it('is complete', () => {
    expect(faultOf('doc', doc)).toBe('none')
    expect(faultOf('log', { id: null, owner: null })).toBe('none')
    expect(faultOf('log', { id: null, owner: null, org: null, acl: null })).toBe('none')
  })
})

describe('a filter', () => {
  const table = defineTable(policy, 'doc', doc)
  const subject = policy.subject({ id: 'u1', roles: [{ role: 'member', org: 'o1' }] })

  it('needs a name where the mapping names another table', () => {
    expect(() => whereFor(subject, 'read', table)).toThrow('as: expected the name')
  })

  it.each(['', 'casemate_acl', 'Casemate_x', 7])('refuses the name %j', (as) => {
    expect(() => whereFor(subject, 'read', table, { as: asGiven(as) })).toThrow('as: expected a name')
  })

  it('refuses an action that the resource does not have', () => {
    expect(() => whereFor(subject, asGiven('raed'), table, { as: 'd' })).toThrow('did you mean `read`?')
  })

  it('refuses whatever is no subject of the policy, and no table', () => {
    const other = compile(parsePolicy(policy.document)).subject({ id: 'u1' })
    for (const one of [other, Object.create(subject), { ...subject }, null])
      expect(() => whereFor(asGiven(one), 'read', table, { as: 'd' })).toThrow('a subject of the policy')
    expect(() => whereFor(subject, 'read', asGiven({ ...table }))).toThrow('a table of `defineTable`')
  })

  it('takes a subject with a custom role, and writes it in', () => {
    const custom = policy.withRoles({ helper: { kind: 'site', grants: { user: { deny: {} } } } })
    const helper = custom.subject({ id: 'u1', roles: ['helper'] })
    expect(whereFor(helper, 'read', table, { as: 'd' }).always).toBeUndefined()
  })
})
