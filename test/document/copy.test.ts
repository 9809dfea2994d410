// What a parsed document is: the project's own frozen copy of plain data, in bounded time and memory.
import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import { compile } from '../../src/index.js'
import { definePolicy, isPolicyDocument, parsePolicy, type DocumentLimits } from '../../src/document/index.js'
import { PolicyError } from '../../src/errors.js'
import { smallPolicy } from '../fixtures/document/small.js'
import { problemsOf } from '../support/problems.js'

const minimal = { name: 'x', resources: { log: { actions: { read: '' } } } }

describe('a parsed document', () => {
  it('is frozen at every depth', () => {
    const isFrozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(isFrozen))
    expect(isFrozen(parsePolicy(smallPolicy()))).toBe(true)
  })

  it('does not change with what it was made from', () => {
    const input = { name: 'x', resources: { log: { actions: { read: '' } } }, roles: {} }
    const document = parsePolicy(input)
    Object.assign(input.roles, { root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } })
    expect(document.roles).toEqual({})
    expect(Object.isFrozen(input)).toBe(false)
  })

  it('is returned as it is when parsed again, and its JSON is parsed to an equal one', () => {
    const document = parsePolicy(smallPolicy())
    expect(parsePolicy(document)).toBe(document)
    const again = parsePolicy(JSON.parse(JSON.stringify(document)))
    expect(again).not.toBe(document)
    expect(again).toEqual(document)
  })

  it('is known to every copy of the package, and nothing else is', () => {
    const mark = Symbol.for('casemate.document')
    const document = parsePolicy(minimal)
    expect(isPolicyDocument(document)).toBe(true)
    expect(Object.getOwnPropertyDescriptor(document, mark)).toMatchObject({
      enumerable: false,
      writable: false
    })
    expect(isPolicyDocument({ ...document })).toBe(false)
    expect(isPolicyDocument({ ...minimal, [mark]: true })).toBe(false)
    expect(isPolicyDocument(Object.create(document))).toBe(false)
    expect(isPolicyDocument(null)).toBe(false)
  })

  it('keeps `__proto__` as a key and never as a prototype', () => {
    const input: unknown = JSON.parse(
      '{"name":"x","resources":{"log":{"actions":{"read":""}}},' +
        '"roles":{"__proto__":{"kind":"site","grants":{"site":{"allow":{"log":"*"}}}}}}'
    )
    const { roles = {} } = parsePolicy(input)
    expect(Object.keys(roles)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(roles)).toBe(Object.prototype)
    expect(Object.hasOwn(Object.prototype, 'kind')).toBe(false)
    expect(JSON.stringify(parsePolicy(input))).toBe(JSON.stringify(input))
  })

  it('may come from another realm, and from records without a prototype', () => {
    expect(parsePolicy(vm.runInNewContext(`(${JSON.stringify(minimal)})`))).toEqual(minimal)
    expect(parsePolicy(Object.assign(Object.create(null), minimal))).toEqual(minimal)
  })

  it('is what `definePolicy` returns too', () => {
    const document = definePolicy(minimal)
    expect(parsePolicy(document)).toBe(document)
    expect(() => definePolicy({ ...minimal, name: '' })).toThrow(PolicyError)
  })
})

describe('what is no plain data', () => {
  class Role {
    readonly kind = 'site'
  }
  it.each<[string, unknown]>([
    ['a class instance', new Role()],
    ['a Map', new Map([['kind', 'site']])],
    ['a Date', new Date(0)],
    ['a function', () => ({ kind: 'site' })],
    ['a symbol', Symbol('kind')],
    ['a bigint', 1n],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a record with another prototype', Object.create({ kind: 'site' })]
  ])('%s is a problem where it stands, and only there', (_, value) => {
    expect(codesOf({ ...minimal, roles: { x: value } })).toEqual(['not_plain_data roles.x'])
  })

  it('is a hole in a list, a getter and an enumerable symbol key', () => {
    // eslint would rather not see one written down.
    const holed: unknown[] = ['x']
    holed.length = 2
    expect(codesOf({ ...minimal, defaultScopes: holed })).toContain('not_plain_data defaultScopes[1]')
    holed.length = 2 ** 32 - 1
    expect(codesOf({ ...minimal, lint: holed })).toContain('not_plain_data lint[1]')
    const getter = Object.defineProperty({}, 'kind', { get: () => 'site', enumerable: true })
    expect(codesOf({ ...minimal, roles: { x: getter } })).toEqual(['not_plain_data roles.x.kind'])
    expect(codesOf({ ...minimal, [Symbol('s')]: 1 })).toEqual(['not_plain_data '])
  })

  it('is half of a surrogate pair, in a value and in a key, and not a whole one', () => {
    const role = { kind: 'site' }
    expect(codesOf({ ...minimal, roles: { 'a\ud800': role, 'a\udfff': role } })).toEqual([
      'not_plain_data roles["a\\ud800"]',
      'not_plain_data roles["a\\udfff"]'
    ])
    expect(codesOf({ ...minimal, name: '\udc00\ud800' })).toEqual(['not_plain_data name'])
    expect(codesOf({ ...minimal, name: '\ud83d\udd11', roles: { 'a\ud83d\udd11': role } })).toEqual([])
    expect(problemsOf('\ud800')[0]).toMatchObject({
      message: 'half of a surrogate pair in `\\ud800`: not a UTF-8 text'
    })
    const policy = compile(parsePolicy(minimal))
    expect(() => policy.withRoles({ 'a\ud800': role })).toThrow('half of a surrogate pair in `a\\ud800`')
  })

  it('is a value that contains itself', () => {
    const role: Record<string, unknown> = { kind: 'site' }
    role['grants'] = role
    expect(codesOf({ ...minimal, roles: { x: role } })).toEqual(['document_has_cycle roles.x.grants'])
  })

  it('is not a value that is there twice', () => {
    const role = { kind: 'site' }
    expect(codesOf({ ...minimal, roles: { x: role, y: role } })).toEqual([])
  })
})

describe('a document that is too much', () => {
  it('is one whose shared parts multiply beyond any memory', () => {
    let laughs: unknown = 'ha'
    for (let i = 0; i < 60; i++) laughs = [laughs, laughs]
    expect(codesOf({ ...minimal, description: laughs })).toEqual(['document_too_large '])
  })

  it('is one over the size, 1 MiB if nothing else is said', () => {
    const sized = (length: number): unknown => ({ ...minimal, description: 'x'.repeat(length) })
    expect(codesOf(sized(1024 * 1024))).toEqual(['document_too_large '])
    expect(codesOf(sized(1024 * 1024 - 200))).toEqual([])
    expect(codesOf(sized(1000), { maxBytes: 1000 })).toEqual(['document_too_large '])
    expect(codesOf(sized(2_000_000), { maxBytes: 3_000_000 })).toEqual([])
  })

  it('never is one whose JSON is within the size', () => {
    const text = JSON.stringify(smallPolicy())
    expect(codesOf(smallPolicy(), { maxBytes: text.length })).toEqual([])
  })

  it('is one nested deeper than 64 levels, and the place is named', () => {
    const nested = (levels: number): unknown => {
      let value: unknown = ''
      for (let i = 0; i < levels; i++) value = { a: value }
      return value
    }
    // The document is the first level, `description` is in it.
    const [deep] = codesOf({ ...minimal, description: nested(64) })
    expect(deep).toBe(`document_too_deep description${'.a'.repeat(63)}`)
    expect(codesOf({ ...minimal, description: nested(63) })).toEqual(['invalid_type description'])
    expect(codesOf({ ...minimal, description: nested(100_000) })).toHaveLength(1)
    expect(codesOf(minimal, { maxDepth: 3 })).toEqual(['document_too_deep resources.log.actions'])
    expect(codesOf(minimal, { maxDepth: 4 })).toEqual([])
  })
})

describe('a document full of problems', () => {
  const many = 10_000

  it('is reported in full, with suggestions for the first of them', () => {
    const resources = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`resource_${i}`, { actions: { read: '' } }])
    )
    const allow = Object.fromEntries(Array.from({ length: many }, (_, i) => [`resourc_${i}`, ['raed']]))
    const found = problemsOf({
      name: 'x',
      resources,
      roles: { x: { kind: 'site', grants: { site: { allow } } } }
    })
    expect(found).toHaveLength(many)
    expect(found[0]?.hint).toBe('resource_0')
    expect(found.at(-1)?.hint).toBeUndefined()
  })

  it('keeps its messages short however long its keys are', () => {
    const key = 'k'.repeat(500_000)
    const allow = Object.fromEntries(Array.from({ length: many }, (_, i) => [`no${i}`, '*']))
    const found = problemsOf({ ...minimal, roles: { [key]: { kind: 'site', grants: { site: { allow } } } } })
    expect(found).toHaveLength(many)
    expect(Math.max(...found.map(({ message }) => message.length))).toBeLessThan(300)
  })
})

function codesOf(document: unknown, limits?: DocumentLimits): readonly string[] {
  return problemsOf(document, limits).map(({ code, path }) => `${code} ${path}`)
}
