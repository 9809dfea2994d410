// The database of a table: which values name one, and what a database does not have is refused by its name.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, isCasemateError } from '../../src/index.js'
import type { Dialect } from '../../src/sql/dialect/dialect.js'
import { handleOf, type SqlDialect } from '../../src/sql/dialect/handle.js'
import { sqlite } from '../../src/sql/dialect/sqlite.js'
import { postgres } from '../../src/sql/dialect/postgres.js'
import { defineTable, protect, whereFor } from '../../src/sql/index.js'
import { asGiven } from '../support/engine.js'

const policy = compile(
  definePolicy({
    name: 'x',
    containers: [{ name: 'project' }],
    resources: {
      doc: {
        in: { project: 'optional' },
        attributes: { status: { values: ['draft', 'done'], default: 'draft' } },
        acl: true,
        actions: { read: '' }
      }
    },
    roles: {
      user: { kind: 'site', grants: { user: { allow: { doc: ['read'] } } } },
      guest: { kind: 'org', grants: { orgMember: { allow: { doc: ['read'] } } } }
    }
  })
)
const doc = { id: 'id', owner: 'owner', org: 'org', project: null, status: 'status', acl: null }

/** A database without numbers for its parameters, and with little else. */
const other = (changes: Partial<Dialect> = {}): SqlDialect =>
  handleOf({
    ...postgres,
    name: 'Other',
    columns: {
      kinds: ['text', 'int8', 'boolean'],
      hasArrays: false,
      hasAclColumns: false,
      hasCheckedAcls: false,
      isLoose: false
    },
    hasNumbers: false,
    parameter: () => '?',
    addCheck: undefined,
    ...changes
  })

function faultOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isCasemateError(error)) return `${error.code} ${error.message}`
    throw error
  }
  return 'none'
}

describe('the database of a table', () => {
  it('is PostgreSQL unless the settings name another one', () => {
    const subject = policy.subject({ id: 'u1', roles: ['user'] })
    for (const settings of [undefined, {}, { dialect: undefined }]) {
      const filter = whereFor(subject, 'read', defineTable(policy, 'doc', doc, asGiven(settings)))
      expect(filter.toSql(2)).toEqual(filter.toPg(2))
      expect(filter.toSql(2).text).toContain('$2::text')
    }
  })

  it.each([
    [null, 'settings: expected settings, not `null`'],
    ['sqlite', 'settings: expected settings, not `sqlite`'],
    [{ dialects: other() }, 'settings.dialects: unknown setting; did you mean `dialect`?'],
    [{ dialect: 'sqlite' }, 'settings.dialect: expected a database of `casemate/sql`, not `sqlite`'],
    [{ dialect: null }, 'settings.dialect: expected a database'],
    [{ dialect: { ...postgres } }, 'settings.dialect: expected a database'],
    [
      { dialect: Object.create(Object.getPrototypeOf(sqlite) as object) as unknown },
      'settings.dialect: expected a database'
    ]
  ])('is not %o', (settings, fault) => {
    expect(faultOf(() => defineTable(policy, 'doc', doc, asGiven(settings)))).toContain(
      `invalid_settings ${fault}`
    )
  })

  it('is opaque and frozen', () => {
    expect(Object.isFrozen(other())).toBe(true)
    expect(Reflect.ownKeys(other())).toEqual([])
  })

  it.each([
    [
      { id: { column: 'id', as: 'uuid' } },
      'mapping.id.as: Other has no column of the kind `uuid`, but of `text`, `int8`'
    ],
    [{ owner: { column: 'owner', as: 'cast' } }, 'mapping.owner.as: Other has no column of the kind `cast`'],
    [{ org: { column: 'org', as: 'int4' } }, 'mapping.org.as: Other has no column of the kind `int4`'],
    [{ project: { column: 'p', array: true } }, 'mapping.project.array: Other has no columns with lists'],
    [{ project: { column: 'p', as: 'uuid' } }, 'mapping.project.as: Other has no column of the kind `uuid`'],
    [{ status: { column: 's', as: 'enum' } }, 'mapping.status.as: Other has no column of the kind `enum`'],
    [{ acl: { users: 'u', groups: null } }, 'mapping.acl: Other has no ACLs in columns'],
    [
      { acl: { table: 't', object: 'o', list: 'l', grantee: 'g', granteeAs: 'uuid', action: 'a' } },
      'mapping.acl.granteeAs: Other has no column of the kind `uuid`'
    ]
  ])('refuses %o, which it does not have', (fields, fault) => {
    const define = (): unknown =>
      defineTable(policy, 'doc', asGiven({ ...doc, ...fields }), { dialect: other() })
    expect(faultOf(define)).toContain(`invalid_settings ${fault}`)
  })

  it('refuses what is said of ACLs in columns and cannot be held', () => {
    const columns = { ...postgres.columns, hasCheckedAcls: false }
    const acl = { users: 'u', groups: null }
    const define = (given: object): unknown =>
      defineTable(policy, 'doc', { ...doc, acl: { ...acl, ...given } }, { dialect: other({ columns }) })
    expect(faultOf(() => define({}))).toBe('none')
    expect(faultOf(() => define({ checked: true }))).toContain('invalid_settings mapping.acl.checked: Other')
    const table = defineTable(policy, 'doc', { ...doc, acl }, { dialect: other({ columns }) })
    expect(faultOf(() => table.checks('docs'))).toContain('not_expressible Other has no CHECK')
  })

  it('has no row-level security, and no text for pg', () => {
    const table = defineTable(policy, 'doc', doc, { dialect: other() })
    expect(faultOf(() => protect(table, { table: 'docs', select: 'read' }))).toContain(
      "not_expressible settings: row-level security is PostgreSQL's"
    )
    const filter = whereFor(policy.subject({ id: 'u1' }), 'read', table)
    expect(faultOf(() => filter.toPg())).toBe('not_expressible toPg: the table is in Other; use `toSql`')
    expect(faultOf(() => filter.asValue().toPg())).toContain('not_expressible toPg')
  })
})

describe('the text of a filter', () => {
  const roles = ['user' as const, { role: 'guest' as const, org: 'o1' }]
  const subject = policy.subject({ id: 'u1', roles })

  it('has a value for each place where parameters have no numbers', () => {
    const mapping = { ...doc, acl: { users: 'u', groups: 'g' } }
    const dialect = other({ columns: postgres.columns })
    const filter = whereFor(subject, 'read', defineTable(policy, 'doc', mapping, { dialect }))
    const { text, values } = filter.toSql(7)
    expect(text.split('?')).toHaveLength(values.length + 1)
    expect(values.filter((value) => value === 'u1').length).toBeGreaterThan(1)
    const numbered = whereFor(subject, 'read', defineTable(policy, 'doc', mapping)).toSql()
    expect(numbered.values.length).toBeLessThan(values.length)
  })

  it.each([0, -1, 1.5, Number.NaN, '1; --'])('has no parameter %o', (first) => {
    const filter = whereFor(subject, 'read', defineTable(policy, 'doc', doc))
    expect(faultOf(() => filter.toSql(asGiven(first)))).toContain(
      'invalid_settings first: expected the number'
    )
    expect(faultOf(() => filter.toPg(asGiven(first)))).toContain(
      'invalid_settings first: expected the number'
    )
  })
})
