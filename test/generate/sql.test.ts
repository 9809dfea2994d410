// The words of the migrations; what they do to a database is for the tests on a real one, in test/db.
import { compile, isCasemateError, parsePolicy, type Policy } from 'casemate'
import { loadPolicy } from 'casemate/node'
import { describe, expect, it } from 'vitest'
import coderDocument from '../../policies/coder/index.js'
import { enumChanges, generateSql, type EnumSettings } from '../../src/generate/index.js'
import { enumValues, invertChanges } from '../../src/generate/sql/index.js'

const before = compile(await loadPolicy('policies/coder/before-boundary-log.json'))
const coder: Policy = compile(coderDocument)

function policyOf(scopes: Readonly<Record<string, readonly string[]>>): Policy {
  const declared = new Map(Object.entries(scopes).map(([name, aliases]) => [name, { allow: {}, aliases }]))
  return compile(
    parsePolicy({
      name: 'p',
      resources: { doc: { actions: { write: '', read: '' } } },
      scopes: Object.fromEntries(declared)
    })
  )
}

/** The statements of a file, without its comments. */
const statements = (policy: Policy, settings: Partial<EnumSettings> = {}): string[] =>
  generateSql(policy, { name: 'api_key_scope', ...settings })
    .split('\n')
    .filter((line) => !line.startsWith('--') && line !== '')

describe('the values of the type', () => {
  it('are declared scopes by name, then each resource with its wildcard before its actions', () => {
    expect(enumValues(policyOf({ zoo: [], 'a:b': ['other'], Big: [] }))).toEqual([
      'Big',
      'a:b',
      'zoo',
      'doc:*',
      'doc:read',
      'doc:write'
    ])
  })
})

describe('the migration to boundary logs', () => {
  it('is four statements, in this order', () => {
    expect(statements(coder, { from: before })).toEqual([
      "ALTER TYPE api_key_scope ADD VALUE IF NOT EXISTS 'boundary_log:*';",
      "ALTER TYPE api_key_scope ADD VALUE IF NOT EXISTS 'boundary_log:create';",
      "ALTER TYPE api_key_scope ADD VALUE IF NOT EXISTS 'boundary_log:delete';",
      "ALTER TYPE api_key_scope ADD VALUE IF NOT EXISTS 'boundary_log:read';"
    ])
  })

  it('says that they are not for a transaction, and gives each part alone', () => {
    expect(generateSql(coder, { name: 'api_key_scope', from: before })).toContain(
      '-- Not inside a transaction'
    )
    const inside = generateSql(coder, { name: 'api_key_scope', from: before, part: 'inside' })
    expect(inside).toMatch(/^-- Generated [^\n]*\n-- Nothing to run inside a transaction\.\n$/)
    const removed = { name: 't', from: policyOf({ a: [] }) }
    expect(generateSql(policyOf({}), { ...removed, part: 'outside' })).toContain(
      '-- Nothing to run outside a transaction.'
    )
    for (const part of ['inside', 'outside'] as const)
      expect(generateSql(coder, { name: 't', from: coder, part })).toContain('-- Nothing changes.')
    expect(statements(coder, { from: before, part: 'outside' })).toEqual(statements(coder, { from: before }))
  })

  it('has a way back that drops nothing without looking', () => {
    const down = generateSql(coder, { name: 'api_key_scope', from: before, isDown: true })
    expect(down).toContain("removed CONSTANT text[] := ARRAY[\n    'boundary_log:*',")
    expect(down).toContain('stored keys still use them')
    expect(down).not.toMatch(/CASCADE/)
  })

  it('is no statement between equal policies, both ways', () => {
    expect(statements(coder, { from: coder })).toEqual([])
    expect(statements(before, { from: before, isDown: true })).toEqual([])
    expect(generateSql(coder, { name: 'api_key_scope', from: coder })).toContain('-- Nothing changes.')
  })
})

describe('the changes between two policies', () => {
  const changes = (
    from: Record<string, string[]>,
    to: Record<string, string[]>
  ): ReturnType<typeof enumChanges> => enumChanges(policyOf(from), policyOf(to))

  it('take an alias that was a name for a renaming', () => {
    expect(changes({ old: [] }, { new: ['old'] })).toEqual({
      renamed: [{ from: 'old', to: 'new' }],
      added: [],
      removed: []
    })
  })

  it('take an alias that never was a name for nothing', () => {
    expect(changes({ a: ['b'] }, { a: ['c'] })).toEqual({ renamed: [], added: [], removed: [] })
  })

  it('rename one of two names at most, and take the other out', () => {
    expect(changes({ a: [], b: [] }, { c: ['b', 'a'] })).toEqual({
      renamed: [{ from: 'a', to: 'c' }],
      added: [],
      removed: [{ value: 'b', nowIn: 'a' }]
    })
    expect(changes({ a: [], b: [] }, { b: ['a'] })).toMatchObject({ removed: [{ value: 'a', nowIn: 'b' }] })
  })

  it('are the other way round on the way back', () => {
    expect(invertChanges(changes({ a: [], b: [] }, { c: ['a'], d: [] }))).toEqual({
      renamed: [{ from: 'c', to: 'a' }],
      added: ['b'],
      removed: [{ value: 'd' }]
    })
  })

  it('that rename and add are in two parts, those that remove in one', () => {
    const renameAndAdd = generateSql(policyOf({ b: ['a'], c: [] }), { name: 't', from: policyOf({ a: [] }) })
    expect(renameAndAdd).toMatch(
      /May run inside[^]*RENAME VALUE 'a' TO 'b'[^]*\n\n-- Not inside[^]*ADD VALUE[^]*'c'/
    )
    const removeAndAdd = generateSql(policyOf({ c: [] }), { name: 't', from: policyOf({ a: [] }) })
    expect(removeAndAdd).not.toContain('ADD VALUE')
    expect(removeAndAdd.match(/^DO /gm)).toHaveLength(1)
  })
})

describe('names', () => {
  it.each([
    ['api_key_scope', 'api_key_scope'],
    ['ApiKeyScope', '"ApiKeyScope"'],
    ['user', '"user"'],
    ['a "b"', '"a ""b"""'],
    ['1st', '"1st"'],
    ['a.b', '"a.b"']
  ])('%s is written %s', (name, written) => {
    expect(generateSql(coder, { name })).toContain(`CREATE TYPE ${written} AS ENUM (`)
    expect(statements(coder, { name, schema: name, from: before })[0]).toContain(
      `ALTER TYPE ${written}.${written} ADD`
    )
  })

  it.each([
    ['no name', { name: '' }],
    ['a name that PostgreSQL would cut', { name: 'é'.repeat(32) }],
    ['a name with a null character', { name: 'a\0b' }],
    ['half a character', { name: 'a\ud800' }]
  ])('%s is refused', (_what, settings) => {
    try {
      generateSql(coder, settings)
      expect.unreachable()
    } catch (error) {
      expect(isCasemateError(error) && error.code).toBe('not_expressible')
    }
  })

  it('a scope that no enum can hold is refused before anything is written', () => {
    expect(() => generateSql(policyOf({ ['x'.repeat(64)]: [] }), { name: 't' })).toThrow(
      /of 64 bytes, more than 63/
    )
    expect(generateSql(policyOf({ ['x'.repeat(63)]: [] }), { name: 't' })).toContain('x'.repeat(63))
  })

  it('cannot leave the comment or the quotes that they stand in', () => {
    const sql = generateSql(policyOf({ "b'; DROP TABLE t; --": ['a'], 'x\\': [] }), {
      name: 't',
      from: policyOf({ gone: [] })
    })
    expect(sql).toContain("'b''; DROP TABLE t; --'")
    expect(sql).toContain("E'x\\\\'")
    for (const line of sql.split('\n').filter((one) => one.startsWith('--'))) expect(line).not.toContain('\r')
  })
})
