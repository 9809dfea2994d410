// The edges of what keys may be: the exact places and words of what is refused, numbers at their limits, and what is
// left out where there is nothing to say.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { compile, definePolicy, parsePolicy } from '../../src/index.js'
import {
  allowListMatches,
  ceilingOf,
  forbiddenResponse,
  missingScopes,
  normalizeAllowList,
  parseAllowList,
  toAllowListTargets,
  tokenRequestParser,
  tokenRequestSchema
} from '../../src/scopes/index.js'
import { asGiven } from '../support/engine.js'
import { policy, uuid } from './worlds.js'

const day = 86_400e9
const settings = { maxLifetime: 30 * day, defaultLifetime: day }
const owner = policy.subject({ id: 'u1', roles: ['owner'] })

/** What is thrown, as its message alone. */
function said(ask: () => unknown): unknown {
  try {
    return ask()
  } catch (error) {
    return (error as Error).message
  }
}

const texts = compile(
  definePolicy({
    name: 'texts',
    resources: { doc: { actions: { read: '' } } },
    publicScopes: ['doc:read']
  })
)

describe('an allow list', () => {
  it('that is wrong is wrong at the place of its entry', () => {
    const message = '[1]: an entry of an unknown type: `dog:*`; did you mean `doc:*`?'
    expect(said(() => normalizeAllowList(policy, ['doc:*', 'dog:*']))).toBe(message)
    expect(said(() => allowListMatches(policy, ['doc:*', 'dog:*'], { type: 'doc' }))).toBe(message)
  })

  it('in two parts has no type where there is no colon', () => {
    expect(toAllowListTargets(['doc'])).toEqual([{ type: '', id: 'doc' }])
  })

  it('matches nothing of a type that is no text', () => {
    expect(allowListMatches(policy, ['*:*'], { type: 'doc' })).toBe(true)
    expect(allowListMatches(policy, ['*:*'], asGiven({ type: 7 }))).toBe(false)
  })

  it('may be allowed no entry at all, or 128', () => {
    expect(parseAllowList(policy, [], { maxEntries: 0 })).toEqual({ ok: true, value: [] })
    expect(parseAllowList(policy, ['*:*'], { maxEntries: 0 })).toMatchObject({ ok: false })
    expect(parseAllowList(policy, ['*:*'], { maxEntries: 128 })).toMatchObject({ ok: true })
    for (const maxEntries of [-1, 129, 1.5])
      expect(said(() => parseAllowList(policy, [], { maxEntries }))).toBe(
        `maxEntries: expected a whole number from 0 to 128, not \`${maxEntries}\``
      )
  })
})

describe('what a key lacks', () => {
  it('is wrong to ask at the place that is wrong', () => {
    const ask = (action: unknown, object: unknown): unknown =>
      said(() => missingScopes(owner, asGiven(action), asGiven(object)))
    expect(ask('read', 7)).toBe('object: expected an object with a `type`, not `7`')
    expect(ask('read', { type: 'doc', id: 7 })).toBe('object.id: expected a text, not `7`')
    expect(ask(policy.permission('doc', 'read'), { type: 'log' })).toBe(
      'object.type: expected the type `doc`, not `log`'
    )
  })

  it('is a scope, though a ceiling before refuses by its list alone', () => {
    const key = owner.within({ allowList: ['log:*'] }).within({ scopes: ['key:rotate'] })
    expect(missingScopes(key, 'delete', { type: 'doc', id: uuid(1) })).toStrictEqual({
      permission: 'doc:delete',
      isOutsideScope: true,
      isOutsideAllowList: true,
      scopes: ['doc:*', 'everything'],
      allowListEntry: `doc:${uuid(1)}`
    })
  })

  it('is first a scope without a wildcard, then one with a wildcard on one line among others', () => {
    const doc = { actions: { read: '', write: '' } }
    const scopes = {
      open: { allow: { doc: '*', log: ['read'] }, public: true },
      plain: { allow: { doc: ['read', 'write'], log: ['read'] }, public: true }
    } as const
    const ordered = compile(parsePolicy({ name: 'ordered', resources: { doc, log: doc }, scopes }))
    expect(missingScopes(ordered.subject({ id: 'u1', scopes: [] }), 'read', { type: 'doc' })?.scopes).toEqual(
      ['plain', 'open']
    )
  })

  it('is no entry where one of the lists is full, whichever it is', () => {
    const full = { allowList: Array.from({ length: 128 }, (_, index) => `log:${uuid(index)}`) }
    const short = { allowList: ['log:*'] }
    const missing = { permission: 'doc:read', isOutsideScope: false, isOutsideAllowList: true, scopes: [] }
    for (const key of [
      owner.within(full),
      owner.within(full).within(short),
      owner.within(short).within(full)
    ])
      expect(missingScopes(key, 'read', { type: 'doc' })).toStrictEqual(missing)
    expect(missingScopes(owner.within(short), 'read', { type: 'doc' })).toStrictEqual({
      ...missing,
      allowListEntry: 'doc:*'
    })
  })

  it('is told in a response that has no entry where no list refuses, and names a resolved permission', () => {
    const permission = policy.permission('doc', 'delete')
    expect(forbiddenResponse(owner.within({ scopes: [] }), permission, { type: 'doc' }).body).toStrictEqual({
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
      detail: 'this key does not let through delete on this doc',
      code: 'insufficient_scope',
      permission: 'doc:delete',
      scopes: ['doc:*', 'everything']
    })
    expect(forbiddenResponse(owner, permission, { type: 'doc' }).body).toMatchObject({
      detail: 'not allowed to delete this doc',
      permission: 'doc:delete'
    })
    expect(
      said(() => forbiddenResponse(owner.within({ scopes: [] }), 'read', { type: 'doc' }, { realm: 'é' }))
    ).toBe('realm: expected printable ASCII, not `é`')
  })
})

describe('a lifetime', () => {
  const parse = tokenRequestParser(policy, settings)
  const hint = (lifetime: number): unknown => {
    const parsed = parse({ lifetime })
    return parsed.ok ? parsed.stored.lifetime : parsed.problems.map(({ message }) => message)
  }

  it('that is too short is taken for the largest unit that fits', () => {
    const text = (given: number, unit: string, meant: number): string[] => [
      `lifetime: ${given} nanoseconds are less than a minute, and ${given} ${unit} are ${meant} nanoseconds; did you mean \`${meant}\`?`
    ]
    expect(hint(60)).toEqual(text(60, 'seconds', 60e9))
    expect(hint(59)).toEqual(['lifetime: 59 nanoseconds are less than a minute'])
    expect(hint(30 * 86_400)).toEqual(text(30 * 86_400, 'seconds', 30 * day))
    expect(hint(30 * 86_400 + 1)).toEqual(text(30 * 86_400 + 1, 'milliseconds', 30 * 86_400e6 + 1e6))
    expect(hint(59e9)).toEqual(text(59e9, 'microseconds', 59e12))
    expect(hint(60e9)).toBe(60e9)
  })

  it('of the settings is one that a token can have', () => {
    const refused = (given: object): unknown =>
      said(() => tokenRequestParser(policy, { ...settings, ...given }))
    for (const allowShortLifetimes of [true, false])
      expect(refused({ maxLifetime: 0, allowShortLifetimes })).toBe(
        'maxLifetime: expected a whole number of nanoseconds above 0, not `0`'
      )
    expect(refused({ maxLifetime: 1 })).toBe('maxLifetime: 1 nanosecond is less than a minute')
    expect(refused({ defaultLifetime: 31 * day })).toBe(
      `defaultLifetime: ${31 * day} is longer than maxLifetime, ${30 * day}`
    )
  })
})

describe('a token', () => {
  const parse = tokenRequestParser(policy, settings)

  it('without a request for more has the default scopes by their own names, and no name', () => {
    expect(parse({})).toStrictEqual({
      ok: true,
      stored: { scopes: ['everything'], allow_list: ['*:*'], lifetime: day }
    })
  })

  it('that is refused without a hint says none', () => {
    const { error } = tokenRequestSchema(policy, settings).safeParse({ lifetime: -1 })
    expect(error?.issues.map((issue) => 'params' in issue && issue.params)).toStrictEqual([
      { code: 'invalid_lifetime' }
    ])
  })

  it('that is stored is none at the place of the whole', () => {
    const read = ceilingOf(policy, 7)
    expect(read.ok ? [] : read.problems.map(({ path, message }) => [path, message])).toEqual([
      ['', 'expected a stored token, `{ scopes, allow_list }`, not `7`']
    ])
  })

  it('that is stored keeps each of its templates', () => {
    const scopes = [1, 2].map((number) => ({ template: 'one_doc', params: { doc: uuid(number) } }))
    const read = ceilingOf(policy, { scopes: ['reader', ...scopes, 'doc:read'], allow_list: ['*:*'] })
    expect(read).toEqual({
      ok: true,
      ceiling: { scopes: ['reader', ...scopes, 'doc:read'], allowList: ['*:*'] }
    })
  })

  it.each([
    [policy, ['*', 'doc', 'log', 'key'], { anyOf: [{ const: '*' }, { format: 'uuid' }] }],
    [texts, ['*', 'doc'], { minLength: 1 }]
  ] as const)('is described to clients: %#', (described, types, id) => {
    const schema = z.toJSONSchema(tokenRequestSchema(asGiven(described), settings), { io: 'input' })
    expect(schema.properties).toMatchObject({
      allow_list: {
        type: 'array',
        items: {
          anyOf: [
            {
              type: 'object',
              properties: { type: { type: 'string', enum: types }, id: { type: 'string', ...id } },
              required: ['type', 'id'],
              additionalProperties: false
            },
            { type: 'string', pattern: '^[^:]+:.+$' }
          ]
        },
        minItems: 1,
        maxItems: 128
      },
      token_name: { type: 'string', maxLength: 32, pattern: '^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$' }
    })
  })
})
