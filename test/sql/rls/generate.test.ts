// What is refused before any SQL is written, and what the texts depend on.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from '../../../src/index.js'
import { defineTable, enter, generateRls, protect, protectAll } from '../../../src/sql/index.js'
import { asGiven } from '../../support/engine.js'

const document = definePolicy({
  name: 'n',
  resources: {
    doc: {
      actions: { read: 'Read', list: 'List' },
      attributes: { status: { values: ['draft', 'final'], default: 'draft' } }
    }
  },
  roles: { member: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } } }
})
const policy = compile(document)
const columns = { id: 'id', owner: 'owner', org: 'org', status: 'status' } as const
const rows = defineTable(policy, 'doc', columns)
const table = protect(rows, { table: 'docs', select: 'read' })
const made = generateRls(policy, { tables: [table], appRole: 'app' })

describe('what is refused', () => {
  it.each<[string, () => unknown, string]>([
    ['no action to read', () => protect(rows, asGiven({ table: 'docs' })), 'settings.select: missing'],
    [
      'an unknown action',
      () => protect(rows, { table: 'docs', select: asGiven('raed') }),
      'did you mean `read`?'
    ],
    [
      'an unknown field',
      () => protect(rows, asGiven({ table: 'd', select: 'read', remove: 'read' })),
      'remove'
    ],
    ['an empty list', () => protect(rows, { table: 'docs', select: asGiven([]) }), 'settings.select'],
    ['no table', () => protect(rows, asGiven({ select: 'read' })), 'table'],
    ['a name of its own', () => protect(rows, { table: 'casemate_acl', select: 'read' }), 'settings.table'],
    [
      '`updated` alone',
      () => protect(rows, { table: 'd', select: 'read', updated: 'read' }),
      'settings.update'
    ],
    ['what is no table', () => generateRls(policy, { tables: [asGiven({})], appRole: 'app' }), 'tables[0]'],
    [
      'what is no list',
      () => generateRls(policy, { tables: asGiven(table), appRole: 'app' }),
      'tables: expected'
    ],
    [
      'a table twice',
      () => generateRls(policy, { tables: [table, table], appRole: 'app' }),
      'is there twice'
    ],
    [
      'JIT that is no setting',
      () => generateRls(policy, { tables: [table], appRole: 'app', jit: asGiven('off') }),
      'jit: expected true or false'
    ],
    ['no role', () => generateRls(policy, { tables: [table], appRole: '' }), 'appRole'],
    [
      'a role that is too long',
      () => generateRls(policy, { tables: [table], appRole: 'x'.repeat(64) }),
      '64 bytes'
    ],
    [
      'another policy',
      () => generateRls(compile(document), { tables: [table], appRole: 'app' }),
      'of another policy'
    ],
    [
      'a short key',
      () => enter(policy.subject({ id: 'u', roles: [] }), [table], { key: new Uint8Array(31) }),
      'key'
    ],
    ['no time', () => enter(policy.subject({ id: 'u', roles: [] }), [table], { until: NaN }), 'until'],
    ['a stranger', () => enter(compile(document).subject({ id: 'u', roles: [] }), [table]), 'subject'],
    [
      'data without a resource',
      () => protectAll(policy, [asGiven({ columns, table: 'd', select: 'read' })]),
      'tables[0].resource'
    ],
    ['data that is no list', () => protectAll(policy, asGiven({})), 'tables: expected']
  ])('%s', (_, act, message) => {
    expect(act).toThrow(message)
  })

  it('a subject whose custom roles may say what the row policies do not ask', () => {
    const custom = policy.withRoles({
      own: {
        kind: 'site',
        grants: { user: { allow: { doc: [{ actions: ['read'], where: { status: 'final' } }] } } }
      }
    })
    const subject = custom.subject({ id: 'u', roles: ['own'] })
    expect(() => enter(subject, [table])).toThrow('customRoles')
    const wide = protect(rows, { table: 'docs', select: 'read', customRoles: true })
    expect(enter(subject, [wide]).values).toHaveLength(1)
    // A custom role that says no more than others do is one to which there is an answer.
    const alike = policy.withRoles(
      { same: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } } },
      { org: 'o' }
    )
    expect(enter(alike.subject({ id: 'u', roles: [] }), [table]).values).toHaveLength(1)
  })
})

describe('the texts', () => {
  it('are the same each time, and from data', () => {
    const [again] = protectAll(policy, [{ resource: 'doc', columns, table: 'docs', select: 'read' }])
    expect(generateRls(policy, { tables: [again!], appRole: 'app' })).toEqual(made)
  })

  it('of facts are the same for equal ids, which are sent once', () => {
    const orgs = Array.from({ length: 1000 }, (_, n) => `o${n}`)
    const subject = policy.subject({ id: 'u', roles: orgs.map((org) => ({ role: 'member', org })) })
    const all = protect(rows, { table: 'docs', select: ['read', 'list'], insert: 'read', update: 'read' })
    const [value = ''] = enter(subject, [all, table]).values
    expect(value!.split('o999').length - 1).toBe(1)
    expect(enter(subject, [all]).text).toBe(enter(policy.subject({ id: 'x', roles: [] }), [all]).text)
  })

  it('of facts are made once for a subject and its tables, and again for others', () => {
    const other = protect(rows, { table: 'docs', select: 'list' })
    const member = (id: string) => policy.subject({ id, roles: [{ role: 'member', org: id }] })
    const [ada, eve] = [member('ada'), member('eve')]
    const sent = (subject: typeof ada, tables: Parameters<typeof enter>[1]): unknown =>
      enter(subject, tables).values[0]
    const tables = [table]
    const first = sent(ada, tables)
    expect(sent(ada, [table])).toBe(first)
    expect(sent(eve, tables)).not.toEqual(first)
    tables.push(other)
    const longer = sent(ada, tables)
    expect(longer).not.toEqual(first)
    expect(longer).toEqual(sent(member('ada'), [table, other]))
    expect(sent(ada, [other])).not.toEqual(first)
    expect(sent(ada, [table])).toBe(first)
    const timed = enter(ada, [table], { until: 1000 }).values[0]
    expect(JSON.parse(String(timed))).toEqual({ until: 1, ...(JSON.parse(String(first)) as object) })
  })

  it('of a role that may have custom roles answer to every level and attribute', () => {
    const wide = protect(rows, { table: 'docs', select: 'read', customRoles: true })
    const { up } = generateRls(policy, { tables: [wide], appRole: 'app' })
    expect(up).toContain("status = 'final'")
    expect(made.up).not.toContain("status = 'final' AND")
  })
})
