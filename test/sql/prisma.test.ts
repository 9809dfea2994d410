// What `toPrisma` says, and what it does not. That Prisma finds these rows is asked of Prisma in test/db/sql.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, isCasemateError } from '../../src/index.js'
import { defineTable, whereFor } from '../../src/sql/index.js'

const policy = compile(
  definePolicy({
    name: 'x',
    containers: [{ name: 'team' }],
    resources: {
      doc: {
        acl: true,
        in: { team: 'optional' },
        attributes: {
          status: { values: ['draft', 'final'], default: 'draft' },
          open: { values: [true, false], default: false }
        },
        actions: { read: 'see it', purge: 'no role has it' }
      }
    },
    roles: {
      admin: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } },
      member: {
        kind: 'org',
        grants: {
          org: { allow: { doc: { actions: ['read'], where: { status: 'final' } } } },
          orgMember: { allow: { doc: ['read'] } }
        }
      },
      banned: { kind: 'org', grants: { org: { deny: { doc: ['read'] } } } },
      player: { kind: 'team', grants: { team: { allow: { doc: ['read'] } } } }
    }
  })
)
const plain = {
  id: { column: 'id', as: 'int8', notNull: true },
  owner: 'owner_id',
  org: { column: 'org_id', as: 'int4' },
  status: 'status',
  open: 'is_open',
  team: null,
  acl: null
} as const
const docs = defineTable(policy, 'doc', plain)
const fields = { owner: 'ownerId', org: 'orgId' }
const nobody = policy.subject({ id: 'bob' })
const member = policy.subject({ id: 'ada', roles: [{ role: 'member', org: '7' }] })

function faultOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isCasemateError(error)) return `${error.code} ${error.path}`
    throw error
  }
  return 'none'
}

describe('an object for Prisma', () => {
  it('asks for NULL beside what is not to be, and sends numbers and big integers as such', () => {
    const subject = policy.subject({ id: 'ada', roles: [{ role: 'member', org: '7' }] })
    const key = subject.within({ scopes: ['doc:read'], allowList: ['doc:9007199254740993'] })
    const text = JSON.stringify(whereFor(key, 'read', docs).toPrisma(fields), (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value
    )
    expect(text).toContain('{"id":{"in":["9007199254740993n"]}}')
    expect(text).toContain('{"orgId":{"in":[7]}}')
    expect(text).toContain('{"ownerId":{"in":["ada"]}}')
    expect(text).toContain('{"status":{"in":["final"]}}')
    expect(text).toContain('{"OR":[{"status":{"in":["draft","final"]}},{"status":null}]}')
  })

  it('says every row and none with a list without values, which Prisma does not leave out', () => {
    const admin = policy.subject({ id: 'ada', roles: ['admin'] })
    expect(whereFor(nobody, 'purge', docs).toPrisma(fields)).toEqual({ AND: [{ id: { in: [] } }] })
    const open = defineTable(policy, 'doc', { ...plain, status: null })
    expect(whereFor(admin, 'read', open).toPrisma(fields)).toEqual({ AND: [{ id: { notIn: [] } }] })
  })

  it('has nothing empty in it and nothing undefined, whoever asks', () => {
    const orgs = ['7', 'x', '8'].flatMap((org) => [
      { role: 'member' as const, org },
      { role: 'banned' as const, org }
    ])
    const teams = ['1', '2'].map((team) => ({ role: 'player' as const, team }))
    const held = fc.subarray([...orgs, ...teams, 'admin' as const])
    const tables = [
      [docs, fields],
      [defineTable(policy, 'doc', { ...plain, team: { column: 't', as: 'uuid' } }), fields],
      [defineTable(policy, 'doc', { ...plain, team: { column: 't', array: true, checked: true } }), fields],
      [
        defineTable(policy, 'doc', { ...plain, team: { table: 'in_team', object: 'doc', column: 'team' } }),
        { ...fields, team: { relation: 'teams', field: 'teamId' } }
      ]
    ] as const
    fc.assert(
      fc.property(held, fc.constantFrom(...tables), (some, [table, names]) => {
        const subject = policy.subject({ id: 'ada', roles: some })
        emptyIn(whereFor(subject, 'read', table, { as: 'd' }).toPrisma(names), 'where')
      })
    )
  })

  it('refuses what Prisma cannot ask exactly, whoever asks', () => {
    const admin = policy.subject({ id: 'ada', roles: ['admin'] })
    const refused = (changed: object, subject: typeof admin = nobody): string => {
      const table = defineTable(policy, 'doc', { ...plain, ...changed })
      return faultOf(() => whereFor(subject, 'read', table, { as: 'd' }).toPrisma(fields))
    }
    const acl = { table: 'a', object: 'o', list: 'l', grantee: 'g', action: 'x' }
    for (const subject of [nobody, admin, member]) {
      expect(refused({ acl }, subject)).toBe('not_expressible acl')
      expect(refused({ acl: { users: 'u', groups: null } }, subject)).toBe('not_expressible acl')
      expect(refused({ owner: { column: 'owner', as: 'cast' } }, subject)).toBe('not_expressible owner')
      expect(refused({ team: { column: 'team', array: true } }, subject)).toBe('not_expressible team')
      expect(refused({}, subject)).toBe('none')
    }
  })

  it('refuses more ids than Prisma sends in one statement', () => {
    const inMany = (count: number) =>
      policy.subject({
        id: 'ada',
        roles: Array.from({ length: count }, (_, at) => ({ role: 'member' as const, org: String(at) }))
      })
    expect(faultOf(() => whereFor(inMany(40_000), 'read', docs).toPrisma(fields))).toBe(
      'not_expressible where'
    )
    expect(faultOf(() => whereFor(inMany(1000), 'read', docs).toPrisma(fields))).toBe('none')
  })

  it('takes names that a schema can have, of fields that the resource has', () => {
    const fault = (given: unknown, table: typeof docs = docs): string =>
      faultOf(() => whereFor(member, 'read', table, { as: 'd' }).toPrisma(given as typeof fields))
    expect(fault({ ...fields, ownr: 'x' })).toBe('invalid_settings fields.ownr')
    expect(fault({ ...fields, owner: 'OR' })).toBe('invalid_settings fields.owner')
    expect(fault({ ...fields, owner: { relation: 'owner', field: 'id' } })).toBe(
      'invalid_settings fields.owner'
    )
    expect(fault(null)).toBe('invalid_settings fields')
    const odd = defineTable(policy, 'doc', { ...plain, org: { column: 'o"rg', as: 'int4' } })
    expect(fault({}, odd)).toBe('invalid_settings fields.org')
    const joined = defineTable(policy, 'doc', { ...plain, team: { table: 't', object: 'o', column: 'c' } })
    expect(fault(fields, joined)).toBe('invalid_settings fields.team')
  })
})

/** Fails where a part of a condition is empty or undefined; a list of values may be empty. */
function emptyIn(part: unknown, path: string): void {
  if (part === undefined) throw new Error(`${path} is undefined`)
  if (Array.isArray(part)) {
    if (part.length === 0 && !/\.(?:in|notIn)$/.test(path)) throw new Error(`${path} is empty`)
    for (const [at, one] of part.entries()) emptyIn(one, `${path}.${at}`)
  } else if (typeof part === 'object' && part !== null) {
    if (Object.keys(part).length === 0) throw new Error(`${path} is empty`)
    for (const [name, value] of Object.entries(part)) emptyIn(value, `${path}.${name}`)
  }
}
