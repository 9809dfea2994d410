// A stored token as a ceiling: what `within` takes of it, and that nothing but a whole token gives one.
import { describe, expect, it } from 'vitest'

import { compile, definePolicy, parsePolicy } from '../../src/index.js'
import { ceilingOf, tokenRequestParser } from '../../src/scopes/index.js'
import { asGiven } from '../support/engine.js'
import { policy, uuid } from './worlds.js'

const owner = policy.subject({ id: 'u1', roles: ['owner'] })
const doc = (number: number): { type: 'doc'; id: string } => ({ type: 'doc', id: uuid(number) })

function problemsOf(stored: unknown): unknown {
  const read = ceilingOf(policy, stored)
  return read.ok ? read.ceiling : read.problems.map(({ code, message }) => [code, message])
}

describe('a stored token', () => {
  it('as a row has it gives the ceiling of its key', () => {
    const parse = tokenRequestParser(policy, { maxLifetime: 60e9, defaultLifetime: 60e9 })
    const parsed = parse({ scopes: ['doc:read'], allow_list: [{ type: 'doc', id: uuid(1) }] })
    const row: unknown = JSON.parse(
      JSON.stringify({ id: 'k1', user_id: 'u1', ...(parsed.ok ? parsed.stored : {}) })
    )
    const read = ceilingOf(policy, row)
    expect(read).toEqual({ ok: true, ceiling: { scopes: ['doc:read'], allowList: [`doc:${uuid(1)}`] } })
    if (!read.ok) return
    const key = owner.within(read.ceiling)
    expect(key.can('read', doc(1))).toBe(true)
    expect(key.can('read', doc(2))).toBe(false)
    expect(key.can('write', doc(1))).toBe(false)
  })

  it('may be of a class, and hold internal scopes, aliases, templates and entries in two parts', () => {
    class Row {
      readonly id = 'k1'
      readonly scopes = ['log:read', 'any', { template: 'one_doc', params: { doc: uuid(1).toUpperCase() } }]
      readonly allow_list = [{ type: 'doc', id: uuid(1).toUpperCase() }, 'log:*']
    }
    expect(problemsOf(new Row())).toEqual({
      scopes: ['log:read', 'any', { template: 'one_doc', params: { doc: uuid(1) } }],
      allowList: [`doc:${uuid(1)}`, 'log:*']
    })
  })

  it('with an empty list allows nothing', () => {
    for (const stored of [
      { scopes: [], allow_list: ['*:*'] },
      { scopes: ['all'], allow_list: [] }
    ]) {
      const read = ceilingOf(policy, stored)
      expect(read.ok && owner.within(read.ceiling).can('read', doc(1))).toBe(false)
      expect(read.ok && owner.within(read.ceiling).canSome('read', 'doc')).toBe(false)
      expect(read.ok).toBe(true)
    }
  })

  it('that lacks a limit is none: a NULL column is never read as no limit', () => {
    const whole = { scopes: ['all'], allow_list: ['*:*'] }
    expect(problemsOf(whole)).toEqual({ scopes: ['all'], allowList: ['*:*'] })
    expect(problemsOf({ scopes: ['all'] })).toEqual([
      ['invalid_request', 'allow_list: expected a list of `type:id`, not `undefined`']
    ])
    expect(problemsOf({ ...whole, allow_list: null })).toEqual([
      ['invalid_request', 'allow_list: expected a list of `type:id`, not `null`']
    ])
    expect(problemsOf({ allow_list: ['*:*'] })).toEqual([
      ['invalid_request', 'scopes: expected a list of scopes, not `undefined`']
    ])
    expect(problemsOf({ ...whole, scopes: null })).toEqual([
      ['invalid_request', 'scopes: expected a list of scopes, not `null`']
    ])
    // Not what a request would have said, and not the in-process name of the list.
    expect(problemsOf({ scope: 'all', allowList: ['*:*'] })).toHaveLength(2)
    for (const nothing of [undefined, null, 'all', 7, ['all']])
      expect(problemsOf(nothing)).toEqual([
        ['invalid_request', expect.stringContaining('expected a stored token') as string]
      ])
  })

  it('of another version of the policy gives every problem, and no ceiling', () => {
    expect(
      problemsOf({
        scopes: ['docs.edit', 'docs.edti', 7, { template: 'one_doc', params: { doc: 'd1' } }],
        allow_list: ['doc:*', 'docs:*', { type: 'doc', id: 'd1' }]
      })
    ).toEqual([
      ['invalid_request', 'scopes[2]: expected a scope name or `{ template, params }`, not `7`'],
      ['unknown_scope', 'scopes[1]: unknown scope `docs.edti`; did you mean `docs.edit`?'],
      ['invalid_parameter', 'scopes[3].params.doc: expected a UUID, not `d1`'],
      [
        'invalid_allow_list_entry',
        'allow_list[1]: an entry of an unknown type: `docs:*`; did you mean `doc:*`?'
      ],
      ['invalid_allow_list_entry', 'allow_list[2].id: an id that is neither a UUID nor `*`: `d1`']
    ])
    expect(problemsOf({ scopes: ['all'], allow_list: Array.from({ length: 129 }, () => 'doc:*') })).toEqual([
      ['allow_list_too_long', 'allow_list: 129 entries are more than 128']
    ])
    expect(ceilingOf(policy, { scopes: ['nope'], allow_list: ['*:*'] })).not.toHaveProperty('ceiling')
  })

  it('keeps a scope whose name became an alias', () => {
    const renamed = compile(
      definePolicy({
        name: 'renamed',
        resources: { doc: { actions: { read: '' } } },
        scopes: { 'docs.read': { allow: { doc: ['read'] }, aliases: ['read_docs'] } }
      })
    )
    expect(ceilingOf(renamed, { scopes: ['read_docs'], allow_list: ['*:*'] })).toMatchObject({ ok: true })
  })
})

describe('a ceiling that was read', () => {
  const read = ceilingOf(policy, { scopes: ['doc:*'], allow_list: [`doc:${uuid(1)}`] })
  if (!read.ok) throw new Error('a token without problems was refused')
  const { ceiling } = read

  it('is frozen and shares nothing with its row', () => {
    const row = { scopes: ['doc:read'], allow_list: ['doc:*'] }
    const own = ceilingOf(policy, row)
    row.scopes.push('all')
    row.allow_list.push('*:*')
    expect(own).toEqual({ ok: true, ceiling: { scopes: ['doc:read'], allowList: ['doc:*'] } })
    expect([ceiling, ceiling.scopes, ceiling.allowList].every(Object.isFrozen)).toBe(true)
  })

  it('means what its two lists say, read again or not', () => {
    const ready = owner.within(ceiling)
    const again = owner.within({ ...ceiling })
    for (const action of ['read', 'delete'] as const)
      for (const object of [doc(1), doc(2)]) {
        expect(ready.can(action, object)).toBe(again.can(action, object))
        expect(ready.explain(action, object)).toEqual(again.explain(action, object))
      }
    expect(ready.can('delete', doc(1))).toBe(true)
  })

  it('is read anew by another policy, which may lack its scopes or mean others', () => {
    const widened = compile(
      parsePolicy({
        ...policy.document,
        name: 'other',
        scopes: { ...policy.document.scopes, reader: { allow: { '*': '*' } } }
      })
    )
    const reader = ceilingOf(policy, { scopes: ['reader'], allow_list: ['*:*'] })
    if (!reader.ok) throw new Error('a token without problems was refused')
    const there = widened.subject({ id: 'u1', roles: ['owner'] })
    expect(owner.within(reader.ceiling).can('delete', doc(1))).toBe(false)
    expect(there.within(reader.ceiling).can('delete', doc(1))).toBe(true)

    const small = compile(parsePolicy({ name: 'small', resources: { log: { actions: { read: '' } } } }))
    expect(() => small.subject({ id: 'u1' }).within(ceiling)).toThrow('unknown scope `doc:*`')
  })

  it('is good for the policy with more roles', () => {
    const more = policy.withRoles({
      extra: { kind: 'site', grants: { site: { allow: { key: ['rotate'] } } } }
    })
    const subject = more.subject({ id: 'u1', roles: ['owner', 'extra'] }).within(ceiling)
    expect(subject.can('read', doc(1))).toBe(true)
    expect(subject.can('rotate', { type: 'key' })).toBe(false)
  })

  it('narrows a subject that has a ceiling already', () => {
    const key = owner.within({ scopes: ['doc:read'] }).within(ceiling)
    expect(key.can('read', doc(1))).toBe(true)
    expect(key.can('write', doc(1))).toBe(false)
    expect(key.can('read', doc(2))).toBe(false)
  })

  it('is not made by inheriting from one, and a copy of its keys is the same ceiling', () => {
    expect(() => owner.within(asGiven(Object.create(ceiling) as object))).toThrow('inherited')
    expect(owner.within(asGiven({ ...ceiling })).can('read', doc(2))).toBe(false)
    expect(owner.within(asGiven({ ...ceiling })).can('read', doc(1))).toBe(true)
  })
})
