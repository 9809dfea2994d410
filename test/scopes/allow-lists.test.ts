// Allow lists: both forms, every problem in its place, and the laws of the algebra, each checked against the matching
// itself over every object that can be told apart.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { compile, definePolicy, parsePolicy } from '../../src/index.js'
import {
  allowListMatches,
  intersectAllowLists,
  normalizeAllowList,
  parseAllowList,
  toAllowListTargets,
  uniteAllowLists,
  type AllowListEntry
} from '../../src/scopes/index.js'
import { asGiven } from '../support/engine.js'
import { policy, uuid } from './worlds.js'
import { runs } from '../support/depth.js'

const numRuns = runs(1_000, 100_000)

const upper = uuid(10).replace('000000000010', '00000000000A')
const lower = upper.toLowerCase()

const strings = compile(
  definePolicy({
    name: 'strings',
    resources: {
      doc: { actions: { read: '' } },
      log: { actions: { read: '' } },
      constructor: { actions: { a: '' } }
    }
  })
)

describe('parseAllowList', () => {
  it('reads both forms into texts, in the order given, UUIDs in lower case', () => {
    expect(
      parseAllowList(policy, [
        `doc:${upper}`,
        { type: 'log', id: upper },
        'doc:*',
        { type: '*', id: '*' },
        { id: uuid(1), type: '*' },
        `doc:${upper}`
      ])
    ).toEqual({
      ok: true,
      value: [`doc:${lower}`, `log:${lower}`, 'doc:*', '*:*', `*:${uuid(1)}`, `doc:${lower}`]
    })
    expect(parseAllowList(policy, [])).toEqual({ ok: true, value: [] })
  })

  it('takes any text as an id where the policy has no UUIDs, split at the first colon', () => {
    const entries = ['doc:a:b', 'doc: ', 'doc:A', 'constructor:__proto__', { type: 'log', id: 'a:b' }]
    expect(parseAllowList(strings, entries)).toEqual({
      ok: true,
      value: ['doc:a:b', 'doc: ', 'doc:A', 'constructor:__proto__', 'log:a:b']
    })
  })

  it('names every entry that is none, all at once', () => {
    const parsed = parseAllowList(policy, [
      'docs:*',
      'doc',
      'doc:',
      'doc:d1',
      ':*',
      7,
      null,
      { type: 'logs', id: '*' },
      { type: 'doc', id: 'd1' },
      { type: 'doc', id: '' },
      { type: 'doc' },
      { type: 'doc', id: uuid(1), owner: 'u1' },
      ['doc', '*'],
      '__proto__:*'
    ])
    expect(parsed.ok ? [] : parsed.problems.map(({ code, path, message }) => [code, path, message])).toEqual([
      ['invalid_request', '[11].owner', '[11].owner: unknown key `owner`'],
      ...[
        ['[0]', 'an entry of an unknown type: `docs:*`; did you mean `doc:*`?'],
        ['[1]', 'an entry without a colon; write `type:id`: `doc`'],
        ['[2]', 'an entry without id: `doc:`'],
        ['[3]', 'an id that is neither a UUID nor `*`: `doc:d1`'],
        ['[4]', 'an entry of an unknown type: `:*`'],
        ['[5]', 'not a text `type:id`: `7`'],
        ['[6]', 'not a text `type:id`: `null`'],
        ['[7].type', 'an unknown type: `logs`; did you mean `log`?'],
        ['[8].id', 'an id that is neither a UUID nor `*`: `d1`'],
        ['[9].id', 'an empty id: `""`'],
        ['[10].id', 'expected a text, not `undefined`'],
        ['[12]', 'not a text `type:id`: `[…]`'],
        ['[13]', 'an entry of an unknown type: `__proto__:*`']
      ].map(([path, message]) => ['invalid_allow_list_entry', path, `${path ?? ''}: ${message ?? ''}`])
    ])
  })

  it('counts entries as given, at most 128 of them or fewer as an option', () => {
    const list = Array.from({ length: 129 }, () => 'doc:*')
    expect(parseAllowList(policy, list.slice(1))).toMatchObject({ ok: true })
    expect(parseAllowList(policy, list)).toEqual({
      ok: false,
      problems: [
        { code: 'allow_list_too_long', path: '', value: 129, message: '129 entries are more than 128' }
      ]
    })
    expect(parseAllowList(policy, list.slice(0, 3), { maxEntries: 3 })).toMatchObject({ ok: true })
    expect(parseAllowList(policy, list.slice(0, 4), { maxEntries: 3 })).toMatchObject({ ok: false })
    for (const maxEntries of [129, -1, 1.5, Number.NaN])
      expect(() => parseAllowList(policy, [], { maxEntries })).toThrow(
        expect.objectContaining({ code: 'invalid_settings', path: 'maxEntries', value: maxEntries })
      )
  })

  it('does not take what is no list, nor one with holes', () => {
    for (const value of [undefined, null, 'doc:*', {}, { length: 1, 0: 'doc:*' }, 7])
      expect(parseAllowList(policy, value)).toMatchObject({
        ok: false,
        problems: [{ code: 'invalid_request', path: '' }]
      })
    const holey: unknown[] = ['doc:*']
    holey[2] = 'doc:*'
    expect(parseAllowList(policy, holey)).toMatchObject({ ok: false, problems: [{ path: '[1]' }] })
  })
})

describe('normalizeAllowList', () => {
  it('keeps no entry that another one swallows, in an order that is always the same', () => {
    const normal = (...entries: AllowListEntry[]): readonly string[] => normalizeAllowList(strings, entries)
    expect(normal('doc:a', 'doc:a')).toEqual(['doc:a'])
    expect(normal('log:b', 'doc:b', 'doc:a', '*:c')).toEqual(['*:c', 'doc:a', 'doc:b', 'log:b'])
    expect(normal('doc:a', 'doc:*', 'log:a')).toEqual(['doc:*', 'log:a'])
    expect(normal('doc:a', '*:a', 'doc:*', 'log:b')).toEqual(['*:a', 'doc:*', 'log:b'])
    expect(normal('doc:a', '*:*', 'log:*')).toEqual(['*:*'])
    expect(normal({ type: 'doc', id: 'a' }, 'doc:a')).toEqual(['doc:a'])
    expect(normalizeAllowList(policy, [`doc:${upper}`, `doc:${lower}`])).toEqual([`doc:${lower}`])
    expect(normal()).toEqual([])
  })

  it('throws for an entry that is none', () => {
    expect(() => normalizeAllowList(policy, ['doc:*', 'dog:*'])).toThrow(
      '[1]: an entry of an unknown type: `dog:*`; did you mean `doc:*`?'
    )
    expect(() => uniteAllowLists(policy, ['doc:*'], ['log:7'])).toThrow(
      '[1][0]: an id that is neither a UUID nor `*`: `log:7`'
    )
    expect(() => intersectAllowLists(policy, asGiven(null))).toThrow(
      'expected a list of `type:id`, not `null`'
    )
  })

  it('takes more entries than a ceiling does: what is too long may become short', () => {
    const long = Array.from({ length: 1_000 }, (_, index) => `doc:${index}`)
    expect(normalizeAllowList(strings, long)).toHaveLength(1_000)
    expect(uniteAllowLists(strings, long, ['doc:*'])).toEqual(['doc:*'])
  })
})

describe('of lists', () => {
  it('the union and the intersection are what they say', () => {
    const one = ['doc:a', 'doc:b', 'log:*']
    const other = ['*:b', 'log:c', 'doc:c']
    expect(uniteAllowLists(strings, one, other)).toEqual(['*:b', 'doc:a', 'doc:c', 'log:*'])
    expect(intersectAllowLists(strings, one, other)).toEqual(['doc:b', 'log:b', 'log:c'])
    expect(intersectAllowLists(strings, ['doc:*'], ['*:a'], ['*:*'])).toEqual(['doc:a'])
    expect(intersectAllowLists(strings, ['doc:*'], ['log:*'])).toEqual([])
  })

  it('the union of none matches nothing, and the intersection of none everything', () => {
    expect(uniteAllowLists(strings)).toEqual([])
    expect(intersectAllowLists(strings)).toEqual(['*:*'])
  })

  it('the entries come in two parts for the wire', () => {
    expect(toAllowListTargets(['doc:a:b', '*:*'])).toEqual([
      { type: 'doc', id: 'a:b' },
      { type: '*', id: '*' }
    ])
  })
})

describe('the laws of allow lists', () => {
  const types = ['doc', 'log', 'constructor'] as const
  const ids = ['a', 'b', '__proto__']
  const entries = fc
    .tuple(fc.constantFrom('*', ...types), fc.constantFrom('*', ...ids), fc.boolean())
    .map(([type, id, isText]): AllowListEntry => (isText ? `${type}:${id}` : { type, id }))
  const lists = fc.array(entries, { maxLength: 7 })
  /** Every object that these lists can tell apart, those without id and with an id that none names among them. */
  const objects = [...types, 'added later'].flatMap((type) =>
    [undefined, null, '', 'other', ...ids].map((id) => ({ type, id }))
  )
  const matched = (list: readonly AllowListEntry[]): boolean[] =>
    objects.map((object) => allowListMatches(strings, list, asGiven(object)))
  const law = (
    name: string,
    check: (a: AllowListEntry[], b: AllowListEntry[], c: AllowListEntry[]) => void
  ): void => {
    it(name, () => {
      fc.assert(fc.property(lists, lists, lists, check), { numRuns })
    })
  }

  it('matching is what a decision asks', () => {
    const resource = { actions: { read: '' } }
    const document = parsePolicy({
      name: 'all',
      resources: { doc: resource, log: resource, constructor: resource },
      roles: { owner: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
    })
    const everything = compile(document).subject({ id: 'u1', roles: ['owner'] })
    const today = objects.filter(({ type }) => document.resources[type] !== undefined)
    fc.assert(
      fc.property(lists, (list) => {
        const parsed = parseAllowList(strings, list)
        const key = everything.within({ allowList: parsed.ok ? parsed.value : [] })
        expect(matched(list).slice(0, today.length)).toEqual(today.map((object) => key.can('read', object)))
      }),
      { numRuns }
    )
  })

  law('normalization changes nothing that is matched, is idempotent and free of order', (a) => {
    const normal = normalizeAllowList(strings, a)
    expect(matched(normal)).toEqual(matched(a))
    expect(normalizeAllowList(strings, normal)).toEqual(normal)
    expect(normalizeAllowList(strings, [...a].reverse())).toEqual(normal)
    expect(normalizeAllowList(strings, [...a, ...a])).toEqual(normal)
    for (const [index] of normal.entries())
      expect(matched(normal.toSpliced(index, 1)), 'every entry is needed').not.toEqual(matched(normal))
  })

  law('the union matches what either does, in any order and grouping', (a, b, c) => {
    const united = uniteAllowLists(strings, a, b)
    const [inA, inB] = [matched(a), matched(b)]
    expect(matched(united)).toEqual(objects.map((_, index) => inA[index] === true || inB[index] === true))
    expect(uniteAllowLists(strings, b, a)).toEqual(united)
    const all = uniteAllowLists(strings, a, b, c)
    expect(uniteAllowLists(strings, united, c)).toEqual(all)
    expect(uniteAllowLists(strings, a, uniteAllowLists(strings, b, c))).toEqual(all)
    expect(uniteAllowLists(strings, a, a)).toEqual(normalizeAllowList(strings, a))
  })

  law('the intersection matches what both do, in any order and grouping', (a, b, c) => {
    const common = intersectAllowLists(strings, a, b)
    const [inA, inB] = [matched(a), matched(b)]
    expect(matched(common)).toEqual(objects.map((_, index) => inA[index] === true && inB[index] === true))
    expect(intersectAllowLists(strings, b, a)).toEqual(common)
    const all = intersectAllowLists(strings, a, b, c)
    expect(intersectAllowLists(strings, common, c)).toEqual(all)
    expect(intersectAllowLists(strings, a, intersectAllowLists(strings, b, c))).toEqual(all)
    expect(intersectAllowLists(strings, a, a)).toEqual(normalizeAllowList(strings, a))
  })

  law('union and intersection absorb and distribute', (a, b, c) => {
    expect(intersectAllowLists(strings, a, uniteAllowLists(strings, a, b))).toEqual(
      normalizeAllowList(strings, a)
    )
    expect(intersectAllowLists(strings, a, uniteAllowLists(strings, b, c))).toEqual(
      uniteAllowLists(strings, intersectAllowLists(strings, a, b), intersectAllowLists(strings, a, c))
    )
  })

  law('an empty list matches nothing, `*:*` everything', (a) => {
    expect(matched([])).toEqual(objects.map(() => false))
    expect(matched(['*:*'])).toEqual(objects.map(() => true))
    expect(uniteAllowLists(strings, a, [])).toEqual(normalizeAllowList(strings, a))
    expect(intersectAllowLists(strings, a, [])).toEqual([])
    expect(intersectAllowLists(strings, a, ['*:*'])).toEqual(normalizeAllowList(strings, a))
  })
})
