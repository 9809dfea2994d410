// The token request: what is stored of a good one, and of every bad one its exact problems, through zod and without it.
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import coderDocument from '../../policies/coder/index.js'
import { compile, definePolicy } from '../../src/index.js'
import { tokenRequestParser, tokenRequestSchema, type TokenProblemCode } from '../../src/scopes/index.js'
import { uuid } from './worlds.js'
import { runs } from '../support/depth.js'

const hour = 3_600_000_000_000
const day = 24 * hour
const settings = { maxLifetime: 30 * day, defaultLifetime: day }

const coder = compile(coderDocument)
const parse = tokenRequestParser(coder, settings)
const schema = tokenRequestSchema(coder, settings)

const withoutDefaults = compile(
  definePolicy({
    name: 'no-defaults',
    resources: { doc: { actions: { read: '' } } },
    publicScopes: ['doc:read']
  })
)

/** The body of the page that describes the request, with an id that is one. */
const example = {
  allow_list: [{ id: uuid(7), type: '*' }],
  lifetime: 0,
  scope: 'all',
  scopes: ['all'],
  token_name: 'string'
}

function stored(body: unknown): unknown {
  const parsed = parse(body)
  const byZod = schema.safeParse(body)
  expect(byZod.data).toEqual(parsed.ok ? parsed.stored : undefined)
  return parsed.ok ? parsed.stored : parsed.problems.map(({ message }) => message)
}

describe('a token request', () => {
  it('as documented is stored with its default lifetime and canonical names', () => {
    expect(stored(example)).toEqual({
      scopes: ['coder:all'],
      allow_list: [`*:${uuid(7)}`],
      lifetime: day,
      token_name: 'string'
    })
    expect(stored({ ...example, allow_list: [{ id: '*', type: '*' }] })).toMatchObject({
      allow_list: ['*:*']
    })
  })

  it('with half of a surrogate pair is refused, wherever it stands', () => {
    const parseAny = tokenRequestParser(withoutDefaults, settings)
    const paths = (body: unknown): unknown => {
      const parsed = parseAny(body)
      return parsed.ok ? 'ok' : parsed.problems.map(({ code, path }) => `${code} ${path}`)
    }
    const asking = (id: string): object => ({
      scope: 'doc:read',
      allow_list: [`doc:${id}`, { type: 'doc', id }]
    })
    expect(paths(asking('a\ud83d\udd11'))).toBe('ok')
    expect(paths(asking('a\ud800'))).toEqual([
      'invalid_request allow_list[0]',
      'invalid_request allow_list[1].id'
    ])
  })

  it('without anything means the default scopes, every object and the default lifetime', () => {
    expect(stored({})).toEqual({ scopes: ['coder:all'], allow_list: ['*:*'], lifetime: day })
  })

  it('takes aliases, `scope` where there are no `scopes`, and each scope once', () => {
    expect(stored({ scope: 'application_connect' })).toMatchObject({ scopes: ['coder:application_connect'] })
    expect(stored({ scope: 'workspace:read', scopes: ['template:read', 'all', 'coder:all'] })).toMatchObject({
      scopes: ['template:read', 'coder:all']
    })
    // Whatever name it has, it is not read then.
    for (const scope of ['nope', 'boundary_log:create', ''])
      expect(stored({ scope, scopes: ['workspace:read'] })).toEqual(stored({ scopes: ['workspace:read'] }))
    expect(stored({ scopes: ['workspace:*', 'workspace:read'] })).toMatchObject({
      scopes: ['workspace:*', 'workspace:read']
    })
  })

  it('takes an allow list in both forms and stores it in normal form', () => {
    const list = [
      `workspace:${uuid(2)}`,
      { type: 'workspace', id: uuid(1) },
      'template:*',
      `template:${uuid(1)}`
    ]
    expect(stored({ allow_list: list })).toMatchObject({
      allow_list: [`workspace:${uuid(1)}`, `workspace:${uuid(2)}`, 'template:*'].sort(
        (a, b) => typeOrder(a) - typeOrder(b)
      )
    })
    expect(
      stored({ allow_list: [{ type: 'file', id: 'AAAAAAAA-AAAA-4AAA-AAAA-AAAAAAAAAAAA' }] })
    ).toMatchObject({
      allow_list: ['file:aaaaaaaa-aaaa-4aaa-aaaa-aaaaaaaaaaaa']
    })
    expect(stored({ allow_list: Array.from({ length: 128 }, (_, i) => `file:${uuid(i)}`) })).toMatchObject({
      allow_list: { length: 128 }
    })
  })

  it('takes lifetimes up to the longest, whole nanoseconds, and 0 as none', () => {
    expect(stored({ lifetime: 60e9 })).toMatchObject({ lifetime: 60e9 })
    expect(stored({ lifetime: 30 * day })).toMatchObject({ lifetime: 30 * day })
    expect(stored({ lifetime: 0 })).toMatchObject({ lifetime: day })
    expect(stored({ lifetime: -0 })).toMatchObject({ lifetime: day })
    const year = tokenRequestParser(coder, { maxLifetime: 365 * day, defaultLifetime: day })
    // Beyond the whole numbers that a double has without gaps, and a whole number all the same.
    expect(year({ lifetime: 365 * day })).toMatchObject({ ok: true, stored: { lifetime: 365 * day } })
  })

  it('takes no lifetime under a minute, which mostly means seconds, unless the settings allow it', () => {
    expect(parse({ lifetime: 60e9 - 1 })).toMatchObject({
      ok: false,
      problems: [{ path: 'lifetime', code: 'lifetime_too_short', value: 60e9 - 1 }]
    })
    // More seconds than a token may live are none that were meant.
    expect(parse({ lifetime: 31 * 86_400 })).toMatchObject({
      problems: [{ code: 'lifetime_too_short', hint: `${31 * 86_400}000000` }]
    })
    const short = tokenRequestParser(coder, { ...settings, allowShortLifetimes: true })
    expect(short({ lifetime: 1 })).toMatchObject({ ok: true, stored: { lifetime: 1 } })
    const never = tokenRequestParser(coder, { ...settings, allowShortLifetimes: false })
    expect(never({ lifetime: 86_400 })).toMatchObject({ ok: false })
  })

  it('says in its JSON Schema which lifetimes it takes', () => {
    for (const allowShortLifetimes of [true, false]) {
      const given = { ...settings, allowShortLifetimes }
      const schema = z.toJSONSchema(tokenRequestSchema(coder, given), { io: 'input' })
      const isOne = new Ajv2020({ formats: { uuid: true } }).compile(schema)
      const read = tokenRequestParser(coder, given)
      for (const lifetime of [0, 1, 86_400, 60e9 - 1, 60e9, day, 30 * day, 30 * day + 1, -1])
        expect([lifetime, isOne({ lifetime })]).toEqual([lifetime, read({ lifetime }).ok])
    }
  })

  it('takes names of 1 to 32 letters, digits and single hyphens inside', () => {
    for (const name of ['a', '7', 'A-1-b', 'x'.repeat(32), 'a-'.repeat(15) + 'bc'])
      expect(stored({ token_name: name })).toMatchObject({ token_name: name })
  })

  it('shares nothing with the body', () => {
    const body = { scopes: ['all'], allow_list: ['*:*'] }
    const parsed = parse(body)
    body.scopes.push('user:read')
    body.allow_list.push('file:*')
    expect(parsed).toMatchObject({ ok: true, stored: { scopes: ['coder:all'], allow_list: ['*:*'] } })
  })
})

function typeOrder(entry: string): number {
  return coder.resources.list().findIndex(({ name }) => entry.startsWith(`${name}:`))
}

type Row = readonly [
  body: unknown,
  ...problems: readonly (readonly [path: string, code: TokenProblemCode, message: string])[]
]

const tooMany = Array.from({ length: 129 }, () => 'file:*')
const shape = (path: string, message: string): readonly [string, TokenProblemCode, string] => [
  path,
  'invalid_request',
  message
]

/** Every message begins with its path; the tables leave it out. */
const bad: Readonly<Record<string, readonly Row[]>> = {
  'a body': [
    [undefined, shape('', 'expected a token request, not `undefined`')],
    [null, shape('', 'expected a token request, not `null`')],
    ['all', shape('', 'expected a token request, not `all`')],
    [7, shape('', 'expected a token request, not `7`')],
    [['all'], shape('', 'expected a token request, not `[…]`')],
    [new Date(0), shape('', 'expected a token request, not `{…}`')],
    [{ scops: ['all'] }, shape('scops', 'unknown key `scops`; did you mean `scopes`?')],
    [{ allowList: ['*:*'] }, shape('allowList', 'unknown key `allowList`; did you mean `allow_list`?')],
    [{ tokenName: 'ci' }, shape('tokenName', 'unknown key `tokenName`; did you mean `token_name`?')],
    [{ owner: 'u1' }, shape('owner', 'unknown key `owner`')],
    [{ constructor: 1 }, shape('constructor', 'unknown key `constructor`')],
    [JSON.parse('{"__proto__":{"scopes":["all"]}}'), shape('__proto__', 'unknown key `__proto__`')],
    [{ 'a b': 1 }, shape('["a b"]', 'unknown key `a b`')]
  ],
  scopes: [
    [{ scopes: undefined }, shape('scopes', 'expected a list of scopes, not `undefined`')],
    [{ scopes: null }, shape('scopes', 'expected a list of scopes, not `null`')],
    [{ scopes: 'all' }, shape('scopes', 'expected a list of scopes, not `all`')],
    [{ scopes: { 0: 'all', length: 1 } }, shape('scopes', 'expected a list of scopes, not `{…}`')],
    [{ scopes: [] }, ['scopes', 'empty_list', 'empty list; a token without scopes can do nothing']],
    [{ scopes: [null] }, shape('scopes[0]', 'expected the name of a scope, not `null`')],
    [{ scopes: ['all', 7] }, shape('scopes[1]', 'expected the name of a scope, not `7`')],
    [{ scopes: [undefined] }, shape('scopes[0]', 'expected the name of a scope, not `undefined`')],
    [{ scopes: [['all']] }, shape('scopes[0]', 'expected the name of a scope, not `[…]`')],
    [
      { scopes: [{ template: 'workspace_agent', params: {} }] },
      shape('scopes[0]', 'expected the name of a scope, not `{…}`')
    ],
    [{ scopes: [''] }, ['scopes[0]', 'unknown_scope', 'unknown scope `""`']],
    [{ scopes: ['*'] }, ['scopes[0]', 'unknown_scope', 'unknown scope `*`']],
    [{ scopes: ['*:*'] }, ['scopes[0]', 'unknown_scope', 'unknown scope `*:*`']],
    [
      { scopes: ['workspace:raed'] },
      ['scopes[0]', 'unknown_scope', 'unknown scope `workspace:raed`; did you mean `workspace:read`?']
    ],
    [
      { scopes: ['Workspace:Read'] },
      ['scopes[0]', 'unknown_scope', 'unknown scope `Workspace:Read`; did you mean `workspace:read`?']
    ],
    [
      { scopes: ['workspace:read '] },
      ['scopes[0]', 'unknown_scope', 'unknown scope `"workspace:read "`; did you mean `workspace:read`?']
    ],
    [
      { scopes: ['coder:al'] },
      ['scopes[0]', 'unknown_scope', 'unknown scope `coder:al`; did you mean `coder:all`?']
    ],
    [{ scopes: ['__proto__'] }, ['scopes[0]', 'unknown_scope', 'unknown scope `__proto__`']],
    [{ scopes: ['constructor'] }, ['scopes[0]', 'unknown_scope', 'unknown scope `constructor`']],
    [
      { scopes: ['boundary_log:read'] },
      ['scopes[0]', 'internal_scope', 'scope `boundary_log:read` is not one that a user may ask for']
    ],
    [
      { scopes: ['boundary_log:*'] },
      ['scopes[0]', 'internal_scope', 'scope `boundary_log:*` is not one that a user may ask for']
    ],
    [
      { scopes: ['no_user_data'] },
      ['scopes[0]', 'internal_scope', 'scope `no_user_data` is not one that a user may ask for']
    ],
    [
      { scopes: ['all', 'nope:x', 'audit_log:read'] },
      ['scopes[1]', 'unknown_scope', 'unknown scope `nope:x`'],
      ['scopes[2]', 'internal_scope', 'scope `audit_log:read` is not one that a user may ask for']
    ]
  ],
  'the deprecated scope': [
    [{ scope: undefined }, shape('scope', 'expected the name of a scope, not `undefined`')],
    [{ scope: null }, shape('scope', 'expected the name of a scope, not `null`')],
    [{ scope: ['all'] }, shape('scope', 'expected the name of a scope, not `[…]`')],
    [{ scope: '' }, ['scope', 'unknown_scope', 'unknown scope `""`']],
    [{ scope: 'al' }, ['scope', 'unknown_scope', 'unknown scope `al`; did you mean `all`?']],
    [{ scope: 'alll' }, ['scope', 'unknown_scope', 'unknown scope `alll`; did you mean `all`?']],
    [{ scope: null, scopes: ['all'] }, shape('scope', 'expected the name of a scope, not `null`')],
    [
      { scope: 'boundary_log:create' },
      ['scope', 'internal_scope', 'scope `boundary_log:create` is not one that a user may ask for']
    ]
  ],
  'an allow list': [
    [{ allow_list: undefined }, shape('allow_list', 'expected a list of `type:id`, not `undefined`')],
    [{ allow_list: null }, shape('allow_list', 'expected a list of `type:id`, not `null`')],
    [{ allow_list: '*:*' }, shape('allow_list', 'expected a list of `type:id`, not `*:*`')],
    [{ allow_list: {} }, shape('allow_list', 'expected a list of `type:id`, not `{…}`')],
    [{ allow_list: [] }, ['allow_list', 'empty_list', 'empty list; a token without objects can do nothing']],
    [{ allow_list: tooMany }, ['allow_list', 'allow_list_too_long', '129 entries are more than 128']],
    [
      { allow_list: [{ id: 'string', type: '*' }] },
      ['allow_list[0].id', 'invalid_allow_list_entry', 'an id that is neither a UUID nor `*`: `string`']
    ],
    [
      { allow_list: [{ id: '*' }] },
      ['allow_list[0].type', 'invalid_allow_list_entry', 'expected a text, not `undefined`']
    ],
    [
      { allow_list: [{ type: 'workspace', id: null }] },
      ['allow_list[0].id', 'invalid_allow_list_entry', 'expected a text, not `null`']
    ],
    [
      { allow_list: [{ type: 'workspaces', id: '*' }] },
      [
        'allow_list[0].type',
        'invalid_allow_list_entry',
        'an unknown type: `workspaces`; did you mean `workspace`?'
      ]
    ],
    [
      { allow_list: [{ type: '', id: '*' }] },
      ['allow_list[0].type', 'invalid_allow_list_entry', 'an unknown type: `""`']
    ],
    [
      { allow_list: [{ type: 'workspace', id: '' }] },
      ['allow_list[0].id', 'invalid_allow_list_entry', 'an empty id: `""`']
    ],
    [
      { allow_list: [{ type: 'workspace', id: '*', name: 'w' }] },
      shape('allow_list[0].name', 'unknown key `name`')
    ],
    [
      { allow_list: ['*:*', 'workspace'] },
      ['allow_list[1]', 'invalid_allow_list_entry', 'an entry without a colon; write `type:id`: `workspace`']
    ],
    [
      { allow_list: ['workspace:'] },
      ['allow_list[0]', 'invalid_allow_list_entry', 'an entry without id: `workspace:`']
    ],
    [
      { allow_list: ['workspce:*'] },
      [
        'allow_list[0]',
        'invalid_allow_list_entry',
        'an entry of an unknown type: `workspce:*`; did you mean `workspace:*`?'
      ]
    ],
    [
      { allow_list: ['workspace:w1'] },
      ['allow_list[0]', 'invalid_allow_list_entry', 'an id that is neither a UUID nor `*`: `workspace:w1`']
    ],
    [
      { allow_list: [`workspace:${uuid(1)}:x`] },
      [
        'allow_list[0]',
        'invalid_allow_list_entry',
        `an id that is neither a UUID nor \`*\`: \`workspace:${uuid(1)}:x\``
      ]
    ],
    [
      { allow_list: [null, 7] },
      ['allow_list[0]', 'invalid_allow_list_entry', 'not a text `type:id`: `null`'],
      ['allow_list[1]', 'invalid_allow_list_entry', 'not a text `type:id`: `7`']
    ]
  ],
  'a lifetime': [
    [
      { lifetime: 86_400 },
      [
        'lifetime',
        'lifetime_too_short',
        '86400 nanoseconds are less than a minute, and 86400 seconds are 86400000000000 nanoseconds; did you mean `86400000000000`?'
      ]
    ],
    [
      { lifetime: 86_400_000 },
      [
        'lifetime',
        'lifetime_too_short',
        '86400000 nanoseconds are less than a minute, and 86400000 milliseconds are 86400000000000 nanoseconds; did you mean `86400000000000`?'
      ]
    ],
    [{ lifetime: 1 }, ['lifetime', 'lifetime_too_short', '1 nanosecond is less than a minute']],
    [{ lifetime: undefined }, shape('lifetime', 'expected a number of nanoseconds, not `undefined`')],
    [{ lifetime: null }, shape('lifetime', 'expected a number of nanoseconds, not `null`')],
    [{ lifetime: '24h' }, shape('lifetime', 'expected a number of nanoseconds, not `24h`')],
    [{ lifetime: '0' }, shape('lifetime', 'expected a number of nanoseconds, not `"0"`')],
    [{ lifetime: 1n }, shape('lifetime', 'expected a number of nanoseconds, not `1n`')],
    [
      { lifetime: -1 },
      ['lifetime', 'invalid_lifetime', 'expected a whole number of nanoseconds from 0, not `-1`']
    ],
    [
      { lifetime: 1.5 },
      ['lifetime', 'invalid_lifetime', 'expected a whole number of nanoseconds from 0, not `1.5`']
    ],
    [
      { lifetime: Number.NaN },
      ['lifetime', 'invalid_lifetime', 'expected a whole number of nanoseconds from 0, not `NaN`']
    ],
    [
      { lifetime: Number.POSITIVE_INFINITY },
      ['lifetime', 'invalid_lifetime', 'expected a whole number of nanoseconds from 0, not `Infinity`']
    ],
    [
      { lifetime: 30 * day + 1 },
      [
        'lifetime',
        'lifetime_too_long',
        '2592000000000001 nanoseconds are more than the longest lifetime, 2592000000000000'
      ]
    ]
  ],
  'a token name': [
    [{ token_name: undefined }, shape('token_name', 'expected a text, not `undefined`')],
    [{ token_name: null }, shape('token_name', 'expected a text, not `null`')],
    [{ token_name: 7 }, shape('token_name', 'expected a text, not `7`')],
    ...['', '-', '-a', 'a-', 'a--b', 'a_b', 'a b', 'a.b', 'é', 'a\n', 'x'.repeat(33)].map((name): Row => [
      { token_name: name },
      [
        'token_name',
        'invalid_token_name',
        `expected 1 to 32 letters, digits and single hyphens inside, not \`${
          { '': '""', 'a\n': '"a\\u000a"' }[name] ?? name
        }\``
      ]
    ])
  ],
  'all at once': [
    [
      { scopes: ['nope'], scope: 1, allow_list: ['x:*', '*:*'], lifetime: -1, token_name: '', extra: null },
      shape('extra', 'unknown key `extra`'),
      ['scopes[0]', 'unknown_scope', 'unknown scope `nope`'],
      shape('scope', 'expected the name of a scope, not `1`'),
      ['allow_list[0]', 'invalid_allow_list_entry', 'an entry of an unknown type: `x:*`'],
      ['lifetime', 'invalid_lifetime', 'expected a whole number of nanoseconds from 0, not `-1`'],
      [
        'token_name',
        'invalid_token_name',
        'expected 1 to 32 letters, digits and single hyphens inside, not `""`'
      ]
    ]
  ]
}

describe('of bad requests', () => {
  it('there are at least 60 here', () => {
    expect(Object.values(bad).flat().length).toBeGreaterThanOrEqual(60)
  })

  describe.each(Object.entries(bad))('%s', (_, rows) => {
    it.each(rows.map((row) => [fc.stringify(row[0]).slice(0, 100), row] as const))(
      '%s',
      (_name, [body, ...problems]) => {
        const expected = problems.map(([path, code, message]) => ({
          path,
          code,
          message: path === '' ? message : `${path}: ${message}`
        }))
        const parsed = parse(body)
        const found = parsed.ok ? [] : parsed.problems
        expect(found.map(({ path, code, message }) => ({ path, code, message }))).toEqual(expected)

        // zod says the same, with paths as keys and no `undefined` in its place.
        const { error, success } = schema.safeParse(body)
        expect(success).toBe(false)
        const issues = (error?.issues ?? []).map(({ code, path, message, ...rest }) => ({
          code,
          path: z.core.toDotPath(path.map(asKey)),
          message,
          params: 'params' in rest ? rest.params : undefined
        }))
        expect(issues).toMatchObject(
          found.map(({ code, message, hint }) => ({
            code: 'custom',
            message,
            params: { code, ...(hint === undefined ? {} : { hint }) }
          }))
        )
        expect(issues.map(({ path }) => path)).toEqual(found.map(({ path }) => path))
      }
    )
  })

  it('one without scopes is a problem where the policy has no default, beside all others', () => {
    const parseThere = tokenRequestParser(withoutDefaults, settings)
    expect(parseThere({ lifetime: -1 })).toMatchObject({
      ok: false,
      problems: [
        {
          code: 'missing_scopes',
          path: 'scopes',
          message: 'scopes: missing scopes; the policy has no default scopes'
        },
        { code: 'invalid_lifetime' }
      ]
    })
    expect(parseThere({ scopes: ['doc:read'] })).toMatchObject({ ok: true })
    expect(parseThere({ scope: 'doc:read' })).toMatchObject({ ok: true })
  })
})

function asKey(key: PropertyKey): string | number {
  return typeof key === 'symbol' ? String(key) : key
}

describe('the settings', () => {
  it('must be ones that a token can have', () => {
    for (const wrong of [
      { ...settings, maxLifetime: 0 },
      { ...settings, maxLifetime: -1 },
      { ...settings, maxLifetime: 1.5 },
      { ...settings, maxLifetime: Number.POSITIVE_INFINITY },
      { ...settings, defaultLifetime: 0 },
      { ...settings, defaultLifetime: Number.NaN },
      { ...settings, defaultLifetime: 30 * day + 1 },
      { ...settings, maxEntries: 129 },
      // In seconds.
      { ...settings, defaultLifetime: 86_400 },
      { maxLifetime: 30 * 86_400, defaultLifetime: 86_400 }
    ]) {
      expect(() => tokenRequestSchema(coder, wrong)).toThrow(
        expect.objectContaining({ name: 'CasemateError', code: 'invalid_settings' })
      )
      expect(() => tokenRequestParser(coder, wrong)).toThrow(
        expect.objectContaining({ name: 'CasemateError', code: 'invalid_settings' })
      )
    }
  })

  it('say which nanoseconds the seconds given are, and may be short ones that are meant', () => {
    const seconds = { maxLifetime: 86_400, defaultLifetime: 3600 }
    expect(() => tokenRequestParser(coder, seconds)).toThrow(
      'maxLifetime: 86400 nanoseconds are less than a minute, and 86400 seconds are 86400000000000 nanoseconds; did you mean `86400000000000`?'
    )
    const parse = tokenRequestParser(coder, { ...seconds, allowShortLifetimes: true })
    expect(parse({})).toMatchObject({ ok: true, stored: { lifetime: 3600 } })
  })

  it('may allow fewer entries', () => {
    const two = tokenRequestParser(coder, { ...settings, maxEntries: 2 })
    expect(two({ allow_list: ['file:*', 'file:*'] })).toMatchObject({ ok: true })
    expect(two({ allow_list: ['file:*', 'file:*', 'file:*'] })).toMatchObject({
      ok: false,
      problems: [{ code: 'allow_list_too_long' }]
    })
  })
})

describe('as JSON Schema', () => {
  it('the request is described for clients', () => {
    const { properties, additionalProperties, ...rest } = z.toJSONSchema(schema, { io: 'input' })
    expect(additionalProperties).toBe(false)
    expect(rest).toMatchObject({
      if: { required: ['scopes'] },
      else: { properties: { scope: { enum: expect.arrayContaining(['coder:all', 'all']) as unknown } } }
    })
    expect(Object.keys(properties ?? {})).toEqual(['scopes', 'scope', 'allow_list', 'lifetime', 'token_name'])
    const names = coder.scopes.list({ public: true }).flatMap(({ name, aliases }) => [name, ...aliases])
    expect(properties).toMatchObject({
      scopes: { items: { enum: names }, minItems: 1 },
      scope: { type: 'string', deprecated: true },
      allow_list: { maxItems: 128 },
      lifetime: { minimum: 0, maximum: 30 * day }
    })
  })
})

describe('whatever comes', () => {
  const text = fc.constantFrom('all', 'workspace:read', 'nope', '*:*', 'file:*', '', 'x:y', 'coder:al')
  const anything = fc.oneof(text, fc.anything({ maxDepth: 2, withNullPrototype: true }))
  const bodies = fc.record(
    {
      scopes: fc.oneof(fc.array(text), anything),
      scope: fc.oneof(text, anything),
      allow_list: fc.oneof(fc.array(text), anything),
      lifetime: fc.oneof(fc.integer(), anything),
      token_name: fc.oneof(text, anything)
    },
    { requiredKeys: [] }
  )

  it('reading throws nothing, both ways agree, and what is stored names its limits', () => {
    fc.assert(
      fc.property(fc.oneof(bodies, anything), (body) => {
        const parsed = parse(body)
        const byZod = schema.safeParse(body)
        expect(byZod.success).toBe(parsed.ok)
        if (!parsed.ok) {
          expect(parsed.problems.length).toBeGreaterThan(0)
          return
        }
        const { scopes, allow_list: list, lifetime } = parsed.stored
        expect(scopes.length).toBeGreaterThan(0)
        expect(list.length).toBeGreaterThan(0)
        for (const scope of scopes)
          expect(coder.scopes.get(scope)).toMatchObject({ name: scope, isPublic: true })
        expect(lifetime > 0 && lifetime <= settings.maxLifetime).toBe(true)
        // What is stored is again a request, and the same one.
        expect(parse(parsed.stored)).toEqual(parsed)
      }),
      { numRuns: runs(2_000, 100_000) }
    )
  })
})
