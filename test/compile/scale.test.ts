// What a large policy, a large subject and a large key cost. No duration is asserted: work that grows with the square of
// what it is given does not end before the runner's limit, and what is remembered is counted.
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { abilityFor } from '../../src/casl/index.js'
import { Remembered } from '../../src/compile/remembered.js'
import { createUnions, type Tabled } from '../../src/compile/tables.js'
import { compile, parseSubject, type Policy } from '../../src/index.js'
import { covers, missingScopes, suggestScopes, tokenRequestParser } from '../../src/scopes/index.js'
import { compiledOf } from '../../src/compile/compile.js'

const count = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i))

/** A catalogue of resources `r0`, `r1`, …, each with actions `a0`, `a1`, …. */
function catalogue(resources: number, actions: number) {
  return Object.fromEntries(
    count(resources, (i) => [`r${i}`, { actions: Object.fromEntries(count(actions, (j) => [`a${j}`, ''])) }])
  )
}

const everything = { kind: 'site' as const, grants: { site: { allow: { '*': '*' as const } } } }

function large(more: object = {}): Policy {
  return compile({ name: 'large', resources: catalogue(1000, 50), roles: { admin: everything }, ...more })
}

describe('a catalogue of 1,000 resources with 50 actions each', () => {
  const policy = large()

  it('lists its 51,000 scopes, each with what it lets through', () => {
    const scopes = policy.scopes.list()
    expect(scopes).toHaveLength(51_000)
    expect(scopes[0]).toMatchObject({ name: 'r0:*', permissions: { length: 50 } })
    expect(scopes[1]).toMatchObject({ name: 'r0:a0', permissions: ['r0:a0'] })
  })

  it('keeps no table of a scope of one permission', () => {
    const scope = compiledOf(policy).scopes.find('r7:a7')
    expect(scope?.table).not.toBe(scope?.table)
    expect(scope?.table).toEqual(scope?.table)
  })

  it('says what a key lacks', () => {
    const key = policy.subject({ id: 'u1', roles: ['admin'], scopes: ['r1:a1'] })
    expect(missingScopes(key, 'a1', { type: 'r1', id: '1' })).toBeUndefined()
    const publicOne = large({ publicScopes: ['r2:*', 'r2:a2', 'r3:*'] }).subject({ id: 'u1', scopes: [] })
    expect(missingScopes(publicOne, 'a2', { type: 'r2' })?.scopes).toEqual(['r2:a2', 'r2:*'])
  })

  it('suggests the key of a run that asked for all of it', () => {
    const checks = count(50_000, (i) => ({ permission: `r${Math.floor(i / 50)}:a${i % 50}` }))
    const record = { checks, scopes: [] }
    expect(suggestScopes(policy, record)).toMatchObject({ scopes: { length: 50_000 }, excess: [] })
    const wildcards = large({ publicScopes: count(1000, (i) => `r${i}:*`) })
    expect(suggestScopes(wildcards, record, { public: true })).toMatchObject({
      scopes: { length: 1000 },
      excess: { length: 1000 },
      isExact: true
    })
  })

  it('takes custom roles one after another, each cheap', () => {
    let grown = policy
    for (let i = 0; i < 2000; i++)
      grown = grown.withRoles(
        { [`c${i}`]: { kind: 'org', grants: { org: { allow: { [`r${i % 1000}`]: ['a1'] } } } } },
        { org: `o${i % 10}` }
      )
    expect(grown.roles.list()).toHaveLength(2001)
    const member = grown.subject({ id: 'u1', roles: [{ role: 'c7', org: 'o7' }] })
    expect(member.can('a1', { type: 'r7', org: 'o7' })).toBe(true)
    expect(member.can('a1', { type: 'r8', org: 'o7' })).toBe(false)
    expect(policy.roles.list()).toHaveLength(1)
  })

  it('takes 10,000 custom roles at once', () => {
    const roles = Object.fromEntries(
      count(10_000, (i) => [`c${i}`, { kind: 'org' as const, grants: { org: { allow: { r1: ['a1'] } } } }])
    )
    const grown = policy.withRoles(roles, { org: 'o1' })
    const member = grown.subject({ id: 'u1', roles: [{ role: 'c9999', org: 'o1' }] })
    expect(member.can('a1', { type: 'r1', org: 'o1' })).toBe(true)
  })

  it('or a smaller one, compares a custom role under 1,024 settings', () => {
    const options = Object.fromEntries(count(10, (i) => [`o${i}`, { values: [true, false], default: true }]))
    const admin = large({ options, resources: catalogue(100, 50) }).subject({ id: 'u1', roles: ['admin'] })
    const variants = count(10, (i) => ({
      when: { [`o${i}`]: false },
      grants: { site: { allow: { [`r${i}`]: [] } } }
    }))
    expect(admin.canGrant({ ...everything, variants })).toBe(true)
  })

  it('takes a key of 50,000 scopes, and mints the same one', () => {
    const scopes = count(50_000, (i) => `r${i % 1000}:a${Math.floor(i / 1000)}`)
    const key = policy.subject({ id: 'u1', roles: ['admin'], scopes })
    expect(key.canMint({ scopes })).toBe(true)
    expect(key.canMint({ scopes: ['r1:*'] })).toBe(false)
  })
})

describe('a key of 1,000 filled-in templates', () => {
  const policy = compile({
    name: 'templates',
    resources: catalogue(100, 20),
    roles: { admin: everything },
    scopeTemplates: {
      task: { params: { id: 'required' }, allow: { '*': '*' }, allowList: ['r1:{id}', 'r2:{id}'] }
    }
  })
  const scopes = count(1000, (i) => ({ template: 'task', params: { id: `i${i}` } }))
  const key = policy.subject({ id: 'u1', roles: ['admin'], scopes })

  it('mints what it is, and nothing more', () => {
    expect(key.canMint({ scopes })).toBe(true)
    expect(covers(policy, scopes, scopes)).toBe(true)
    const other = { template: 'task', params: { id: 'i1000' } }
    expect(key.explainMint({ scopes: [...scopes, other] }).excess.map(({ allowList }) => allowList)).toEqual([
      ['r1:i1000'],
      ['r2:i1000']
    ])
  })

  it('filters many rows, and becomes an ability', () => {
    const rows = count(20_000, (i) => ({ type: 'r1', id: `i${i}` }))
    expect(key.filter('a1', rows)).toEqual(rows.slice(0, 1000))
    const ability = abilityFor(key)
    expect(ability.can('a1', { type: 'r1', id: 'i999' })).toBe(true)
    expect(ability.can('a1', { type: 'r1', id: 'i1000' })).toBe(false)
  })
})

it('a key of many templates lets through exactly what a key of some one of them does', () => {
  const policy = compile({
    name: 'templates',
    resources: catalogue(3, 2),
    roles: { admin: everything },
    scopeTemplates: {
      t: {
        params: { id: 'optional', all: 'flag' },
        allow: { r0: ['a0'], r1: '*' },
        variants: [{ when: { all: true }, allow: { '*': '*' } }],
        allowList: ['r0:{id}', '*:every', 'r2:*']
      },
      free: { params: {}, allow: { r2: ['a1'] } }
    }
  })
  const template = fc.oneof(
    fc
      .record({ id: fc.constantFrom('1', '2', '3'), all: fc.boolean() })
      .map((params) => ({ template: 't', params })),
    fc.constant({ template: 'free', params: {} })
  )
  const objects = ['r0', 'r1', 'r2'].flatMap((type) =>
    [undefined, '1', '2', '3', 'every'].map((id) => ({ type, id }))
  )
  fc.assert(
    fc.property(fc.array(template, { maxLength: 30 }), (scopes) => {
      const admin = policy.subject({ id: 'u1', roles: ['admin'] })
      const alone = scopes.map((scope) => admin.within({ scopes: [scope] }))
      const key = admin.within({ scopes })
      for (const object of objects)
        for (const action of ['a0', 'a1'])
          expect(key.can(action, object)).toBe(alone.some((one) => one.can(action, object)))
    })
  )
})

describe('a subject of 10,000 roles', () => {
  const names = count(10_000, (i) => `s${i}`)
  const policy = compile({
    name: 'roles',
    resources: catalogue(100, 10),
    roles: Object.fromEntries(
      names.map((name, i) => [
        name,
        {
          kind: 'site',
          assigns: [names[i + 1] ?? '*'],
          grants: { site: { allow: { [`r${i % 100}`]: ['a1'] } } }
        }
      ])
    )
  })
  const subject = policy.subject({ id: 'u1', roles: names })

  it('decides as its roles do, in any order and held twice', () => {
    const others = policy.subject({ id: 'u1', roles: [...names.toReversed(), ...names] })
    for (const one of [subject, others]) {
      expect(one.can('a1', { type: 'r99' })).toBe(true)
      expect(one.can('a2', { type: 'r99' })).toBe(false)
      expect(one.explain('a1', { type: 'r99' }).roles).toHaveLength(100)
    }
    expect(parseSubject(policy, { id: 'u1', roles: [...names, ...names] })).toMatchObject({ ok: true })
  })

  it('delegates and compares', () => {
    expect(subject.assignableRoles()).toHaveLength(10_000)
    expect(subject.canGrant(everything)).toBe(false)
    expect(subject.canGrant({ kind: 'site', grants: { site: { allow: { r7: ['a1'] } } } })).toBe(true)
  })
})

describe('what a policy remembers', () => {
  interface Bit extends Tabled {
    readonly bit: number
  }
  const size = 100_000
  const member = (bit: number): Bit => ({
    bit,
    table: new Uint8Array(size),
    addTo: (table) => {
      table[bit] = 1
    }
  })

  it('is one union for the same members in the same order', () => {
    const { empty, unite, gather } = createUnions<Bit>(size)
    const [a, b] = [member(1), member(2)]
    const union = unite(unite(empty, a), b)
    expect(unite(unite(empty, a), b)).toBe(union)
    expect(gather(gather(empty, a), b)).toBe(union)
    expect(unite(union, a)).toBe(union)
    expect(union.members).toEqual([a, b])
  })

  it('is forgotten past a number of bytes, and what is held stays as it was', () => {
    const { empty, unite } = createUnions<Bit>(size)
    const first = unite(empty, member(7))
    let most = 0
    for (let i = 0; i < 2000; i++) {
      unite(empty, member(i))
      most = Math.max(most, empty.next.size)
    }
    expect(most * size).toBeLessThan(64 * 1024 * 1024)
    expect(first.table[7]).toBe(1)
    expect(first.members).toHaveLength(1)
  })

  it('is nothing of a union of many members, which others can go on from', () => {
    const { empty, gather, unite } = createUnions<Bit>(size)
    const members = count(300, member)
    let union = empty
    for (const one of members) union = gather(union, one)
    expect(union.members).toEqual(members)
    expect(union.next.size).toBe(0)
    const more = unite(union, member(500))
    expect(more.table[500]).toBe(1)
    expect(union.table[500]).toBe(0)
    expect(union.members).toHaveLength(300)
  })

  it('is forgotten past a number of settings', () => {
    const known = new Remembered<number>(3)
    for (const key of ['a', 'b', 'c']) expect(known.add(key, key.length)).toBe(1)
    expect(known.get('a')).toBe(1)
    known.add('d', 2)
    expect([known.get('a'), known.get('d')]).toEqual([undefined, 2])
  })
})

it('reads large requests for tokens, with every problem', () => {
  const policy = compile({ name: 'small', resources: catalogue(10, 10) })
  const parse = tokenRequestParser(policy, { maxLifetime: 86_400e9, defaultLifetime: 3600e9 })
  const answer = parse({ scopes: count(50_000, (i) => `x${i}`) })
  expect(answer).toMatchObject({ ok: false, problems: { length: 50_000 } })
})

it('zod is imported by name, so that bundlers take what is used', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts')
  )
  const whole = files.filter((file) =>
    /import (?:\* as \w+|\{[^}]*\bz\b[^}]*\}|\w+) from 'zod'/.test(readFileSync(`src/${file}`, 'utf8'))
  )
  expect(whole).toEqual([])
})
