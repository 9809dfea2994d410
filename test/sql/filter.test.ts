// What a filter sends: a text that is the same for every subject of a kind, and values that a column can hold.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from '../../src/index.js'
import { defineTable, whereFor } from '../../src/sql/index.js'

const policy = compile(
  definePolicy({
    name: 'x',
    resources: {
      doc: { acl: true, actions: { read: '', purge: '' } },
      note: { org: 'required', actions: { read: '' } }
    },
    roles: {
      admin: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
      user: { kind: 'site', grants: { user: { allow: { doc: ['read'] } } } },
      member: { kind: 'org', grants: { org: { allow: { doc: ['read'], note: ['read'] } } } },
      guest: { kind: 'org', grants: { orgMember: { allow: { doc: ['read'] } } } }
    }
  })
)
const docs = defineTable(policy, 'doc', {
  id: { column: 'id', as: 'uuid', notNull: true },
  owner: { column: 'owner_id', as: 'int8' },
  org: 'org_id',
  acl: null
})
const notes = defineTable(policy, 'note', { id: null, owner: null, org: 'org_id' })
const held = (role: 'member' | 'guest', count: number): { role: 'member' | 'guest'; org: string }[] =>
  Array.from({ length: count }, (_, at) => ({ role, org: `${role}${at}` }))

describe('the text of a filter', () => {
  it('first asks what indexes find, and of these rows the rest', () => {
    const subject = policy.subject({ id: '7', roles: ['user', ...held('member', 2), ...held('guest', 1)] })
    expect(whereFor(subject, 'read', docs, { as: 'd' }).toPg(3)).toEqual({
      text:
        '((d.owner_id = $3::int8 OR d.org_id = ANY($4::text[]))' +
        ' AND ((d.owner_id = $3::int8) IS NOT TRUE OR d.org_id IN (SELECT unnest($4::text[]))' +
        ' OR (d.owner_id = $3::int8 AND d.org_id IN (SELECT unnest($5::text[])))' +
        " OR (d.owner_id = $6::int8 AND (d.org_id IS NULL OR d.org_id = ''))))",
      values: ['7', '{"member0","member1"}', '{"guest0"}', '7']
    })
  })

  it('asks only what some role of the policy makes possible', () => {
    const subject = policy.subject({ id: '7', roles: held('member', 1) })
    expect(whereFor(subject, 'read', notes).toPg().text).toBe("(org_id = ANY($1::text[]) AND org_id <> '')")
    expect(whereFor(subject, 'purge', docs).toPg()).toEqual({ text: 'FALSE', values: [] })
  })

  it('is the same for one organization and a thousand, for no role and for every id', () => {
    const texts = [0, 1, 1_000].map((count) => {
      const subject = policy.subject({ id: `u${count}`, roles: held('member', count) })
      return whereFor(subject, 'read', docs).toPg().text
    })
    expect(new Set(texts).size).toBe(1)
  })

  it('is the same through a template tag', () => {
    const filter = whereFor(policy.subject({ id: '7', roles: held('member', 1) }), 'read', docs)
    const { text, values } = filter.toPg()
    // Each place has its value.
    const places = text.replaceAll(/\$(\d+)/g, (_, number) => `<${String(values[Number(number) - 1])}>`)
    const made = filter.into((strings, ...given) =>
      strings.reduce((before, part, at) => `${before}<${String(given[at - 1])}>${part}`)
    )
    expect(made).toBe(places)
  })

  it('quotes names, and knows a schema', () => {
    const shared = defineTable(policy, 'doc', {
      id: 'select',
      owner: 'a"b',
      org: 'x.y',
      acl: { schema: 'a.b', table: 'C d', object: 'o;--', list: 'l', grantee: 'g', action: 'a' }
    })
    const { text } = whereFor(policy.subject({ id: 'u1' }), 'read', shared, { as: 'user' }).toPg()
    expect(text).toContain('"user"."a""b" = ')
    expect(text).toContain('"user"."x.y" = ANY(')
    expect(text).toContain('FROM "a.b"."C d" AS casemate_acl')
    expect(text).toContain('casemate_acl."o;--"')
    expect(() => whereFor(policy.subject({ id: 'u1' }), 'read', docs, { as: 'a\0' })).toThrow(
      'null character'
    )
  })
})

describe('the values of a filter', () => {
  it('are ids that the column can hold', () => {
    const uuid = '00000000-0000-4000-8000-00000000000a'
    const roles = ['ok', 'a"b\\', 'nul\0', 'half\ud800', '{}', ','].map((org) => ({
      role: 'member' as const,
      org
    }))
    const subject = policy.subject({
      id: '07',
      roles,
      allowList: [`doc:${uuid}`, `doc:${uuid.toUpperCase()}`, 'doc:abc', `doc:{${uuid}}`]
    })
    const { values } = whereFor(subject, 'read', docs).toPg()
    expect(values).toContain('{"ok","a\\"b\\\\","{}",","}')
    expect(values).toContain(`{${uuid}}`)
    expect(values).toContain(null)
    expect(values).not.toContain('07')
  })
})

describe('always', () => {
  it('is true for every row, and false for none', () => {
    const filter = (id: string, roles: Parameters<typeof policy.subject>[0]['roles']): unknown =>
      whereFor(policy.subject({ id, roles }), 'read', docs).always
    expect(filter('7', ['admin'])).toBe(true)
    expect(filter('7', [])).toBe(false)
    expect(filter('7', ['user'])).toBeUndefined()
    expect(filter('7', held('member', 1))).toBeUndefined()
  })

  it('is not true where some rows cannot be asked about', () => {
    const filter = whereFor(policy.subject({ id: '7', roles: ['admin'] }), 'read', notes)
    expect(filter.always).toBeUndefined()
    expect(filter.toPg().text).toBe("org_id <> ''")
  })

  it('of a value is never NULL', () => {
    const filter = whereFor(policy.subject({ id: '7', roles: ['user'] }), 'read', docs)
    expect(filter.asValue().toPg().text).toBe(`(${filter.toPg().text}) IS TRUE`)
  })
})
