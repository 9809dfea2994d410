// What a filter for SQLite sends, what SQLite makes of it, and which rows nobody can be asked about.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, isCasemateError } from '../../../src/index.js'
import { defineTable, sqlite, whereFor, type RowFilter } from '../../../src/sql/index.js'
import { asGiven } from '../../support/engine.js'
import { drivers } from './drivers.js'

const policy = compile(
  definePolicy({
    name: 'x',
    resources: {
      doc: {
        org: 'optional',
        attributes: { locked: { values: [true, false], default: false } },
        acl: true,
        actions: { read: '' }
      }
    },
    roles: {
      member: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } },
      guest: { kind: 'org', grants: { orgMember: { allow: { doc: ['read'] } } } }
    }
  })
)
const mapping = { id: 'id', owner: null, org: 'org', locked: 'locked', acl: null }
const settings = { dialect: sqlite }
const docs = defineTable(policy, 'doc', mapping, settings)
const shared = defineTable(policy, 'doc', { ...mapping, acl: { users: 'users', groups: null } }, settings)
const numbered = defineTable(policy, 'doc', { ...mapping, org: { column: 'org', as: 'int8' } }, settings)

const readBy = (table: typeof docs, ...orgs: readonly string[]): RowFilter =>
  whereFor(
    policy.subject({ id: 'u1', roles: orgs.map((org) => ({ role: 'member' as const, org })) }),
    'read',
    table,
    { as: 'd' }
  )

function faultOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isCasemateError(error)) return `${error.code} ${error.message}`
    throw error
  }
  return 'none'
}

describe('a filter for SQLite', () => {
  it('has numbered parameters, and a list as one of them', () => {
    const { text, values } = readBy(docs, 'o1', 'a"b', 'nul\0', 'half\ud800').toSql(3)
    expect(text).toContain('d.org COLLATE BINARY IN (SELECT value FROM json_each(?3))')
    expect(values[0]).toBe('["o1","a\\"b"]')
    expect(
      readBy(numbered, '7', '07', '9223372036854775807', '1e3', '9223372036854775808').toSql().values[0]
    ).toBe('[7,9223372036854775807]')
  })

  it('counts for nothing what a row of another table has of another type', () => {
    const table = { table: 'acl', object: 'doc', list: 'list', action: 'action' }
    const acl = { ...table, grantee: 'grantee', granteeAs: 'int4' as const }
    const listed = defineTable(policy, 'doc', { ...mapping, acl }, settings)
    const entries = [1.5, 'x', 7].map((grantee) => ({ list: 'user', grantee, action: 'read' }))
    const row = { id: '1', org: null, locked: null }
    expect(listed.toObject(row, { acl: entries }).acl).toEqual({ users: { 7: ['read'] }, groups: {} })
  })

  it('is the same text for no organization and a thousand', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => `o${at}`)
    expect(readBy(docs, ...many).toSql().text).toBe(readBy(docs).toSql().text)
  })

  it.each([
    [{ id: { column: 'id', as: 'cast' } }, 'mapping.id.as: SQLite has no column of the kind `cast`'],
    [
      { acl: { users: 'u', groups: null, checked: true } },
      'mapping.acl.checked: SQLite has no CHECK for ACLs'
    ]
  ])('is not for %o', (fields, fault) => {
    expect(faultOf(() => defineTable(policy, 'doc', asGiven({ ...mapping, ...fields }), settings))).toContain(
      `invalid_settings ${fault}`
    )
  })

  it('has no checks, and no text for pg', () => {
    expect(faultOf(() => shared.checks('docs'))).toContain('not_expressible SQLite has no CHECK')
    expect(faultOf(() => readBy(docs).toPg())).toContain('not_expressible toPg: the table is in SQLite')
    expect(docs.checks('docs')).toEqual([])
  })

  it('refuses names that SQLite cannot hold', () => {
    for (const as of ['a\0', 'a\u202e', '\ud800'])
      expect(faultOf(() => whereFor(policy.subject({ id: 'u1' }), 'read', docs, { as }))).toContain(
        'not_expressible'
      )
  })
})

describe('a row of SQLite', () => {
  const row = { id: 'd1', org: 'o1', locked: 1, users: '{"u1":["read"]}' }

  it('is an object with booleans, and an ACL that is read', () => {
    const object = { type: 'doc', id: 'd1', org: 'o1', locked: true, acl: { users: { u1: ['read'] } } }
    expect(shared.toObject(row)).toEqual(object)
    expect(shared.toObject({ ...row, locked: 1n, users: 'null' })).toEqual({ ...object, acl: undefined })
  })

  it.each([
    { locked: 2 },
    { locked: 'yes' },
    { org: 5 },
    { org: 'o1\0' },
    { org: new Uint8Array(1) },
    { users: '' },
    { users: '[]' },
    { users: { u1: ['read'] } },
    { users: '{"u1":["read"],"u1":[]}' },
    { users: '{"u1":["read"],"\\u0075\u0031":[]}' },
    { users: '{"u1":["read","\\ud800"]}' },
    { users: '{"u1":"read"}' },
    { users: '{"u1":[5]}' }
  ])('with %o is one that nobody can be asked about', (fields) => {
    expect(faultOf(() => shared.toObject({ ...row, ...fields }))).toContain('invalid_request row.')
  })
})

describe.each(drivers)('a statement, by $name', ({ connect }) => {
  it('uses an index, and fails for a column that is not there', async () => {
    const connection = await connect()
    connection.run('CREATE TABLE docs (id TEXT, org TEXT, locked BOOLEAN); CREATE INDEX by_org ON docs (org)')
    const { text, values } = readBy(docs, 'o1').toSql()
    const plan = connection.all(`EXPLAIN QUERY PLAN SELECT * FROM docs AS d WHERE ${text}`, values)
    expect(JSON.stringify(plan)).toContain('USING INDEX by_org')
    const lost = defineTable(policy, 'doc', { ...mapping, org: 'Org id' }, settings)
    const wrong = whereFor(policy.subject({ id: 'u1' }), 'read', lost).toSql()
    expect(() => connection.all(`SELECT * FROM docs WHERE ${wrong.text}`, wrong.values)).toThrow(
      'no such column'
    )
    connection.close()
  })

  it('fails for no id', async () => {
    const connection = await connect()
    connection.run(
      "CREATE TABLE docs (id TEXT, org, locked); INSERT INTO docs VALUES ('d1', 'o1', 0), ('d2', 7, 0)"
    )
    const ids = [
      '',
      "'",
      '"',
      '\\',
      '[',
      '{}',
      '\0',
      '\ud800',
      '\udfff',
      '😀',
      '\u2028',
      '1e999',
      '-0',
      '١',
      'x'.repeat(100_000)
    ]
    for (const table of [docs, numbered])
      for (const org of ids.filter((id) => id !== ''))
        for (const condition of [readBy(table, org), readBy(table, org).asValue()]) {
          const { text, values } = condition.toSql()
          expect(connection.all(`SELECT ${text} AS v FROM docs AS d WHERE ${text}`, values)).toEqual([])
        }
    connection.close()
  })
})
