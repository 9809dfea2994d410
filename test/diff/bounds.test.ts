// Documents that are small or valid and yet large to compare: what can be told apart is compared, however much cannot
// be, and what is still too large is refused by name. That a test ends is what it shows; no test looks at a clock.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy } from 'casemate'
import type { OptionDocument } from '../../src/document/types.js'
import { isCasemateError } from '../../src/errors.js'
import { diffPolicies, type PolicyDiff } from '../../src/diff/index.js'

const resources = { doc: { actions: { read: '', write: '' } } }

function record<T>(count: number, letter: string, make: (number: number) => T): Record<string, T> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, number) => [`${letter}${number}`, make(number)])
  )
}

function list<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, number) => make(number))
}

const read = (document: object): Policy => compile(parsePolicy({ name: 'p', resources, ...document }))
const diff = (old: object, current: object): PolicyDiff => diffPolicies(read(old), read(current))
const told = ({ gained, lost }: PolicyDiff): string[] => [
  ...gained.map(({ subject, permission, relation }) => `+ ${subject}: ${permission} (${relation})`),
  ...lost.map(({ subject, permission, relation }) => `- ${subject}: ${permission} (${relation})`)
]

/** The code and the names of a refusal. */
function refusal(old: object, current: object): { code: string; message: string } | undefined {
  try {
    diff(old, current)
    return undefined
  } catch (error) {
    if (!isCasemateError(error)) throw error
    return { code: error.code, message: error.message }
  }
}

const five: OptionDocument = { values: ['a', 'b', 'c', 'd', 'e'], default: 'a' }

describe('options that a role reads', () => {
  const variants = (more: object = {}): object[] =>
    list(10, (number) => ({
      when: { [`o${number}`]: 'b' },
      grants: { site: { allow: { doc: ['read'] } } },
      ...(number === 3 ? more : {})
    }))
  const withRole = (all: object[]): object => ({
    options: record(10, 'o', () => five),
    roles: { r: { kind: 'site', variants: all } }
  })

  it('are told apart one by one, and the one that shows a difference is named', () => {
    const same = diff(withRole(variants()), withRole(variants()))
    expect([told(same), same.widened]).toEqual([[], []])
    const wider = { grants: { site: { allow: { doc: '*' } } } }
    const found = diff(withRole(variants()), withRole(variants(wider)))
    expect(told(found)).toEqual(['+ r: doc:write (all)'])
    // A variant that comes later would lie on it.
    expect(found.gained[0]?.options).toEqual({ o3: 'b' })
  })

  it('are settings of an organization as well', () => {
    const inOrg = (all: object[]): object => ({
      orgOptions: record(10, 'o', () => five),
      roles: { r: { kind: 'org', variants: all } }
    })
    const lines = (action: string): object[] =>
      list(10, (number) => ({
        when: { [`o${number}`]: 'e' },
        grants: { org: { allow: { doc: [number === 9 ? action : 'read'] } } }
      }))
    const found = diff(inOrg(lines('read')), inOrg(lines('write')))
    expect(told(found)).toEqual(['+ r: doc:write (own org)', '- r: doc:read (own org)'])
    expect(found.gained[0]?.witness.subject).toMatchObject({ orgOptions: { o1: { o9: 'e' } } })
  })

  it('have a thousand values with a variant each', () => {
    const many = (last: string): object => ({
      options: { o: { values: list(1_000, (number) => `v${number}`), default: 'v0' } },
      roles: {
        r: {
          kind: 'site',
          variants: list(1_000, (number) => ({
            when: { o: `v${number}` },
            grants: { site: { allow: { doc: [number === 999 ? last : 'read'] } } }
          }))
        }
      }
    })
    const found = diff(many('read'), many('write'))
    expect(told(found)).toEqual(['+ r: doc:write (all)', '- r: doc:read (all)'])
    expect(found.gained[0]?.options).toEqual({ o: 'v999' })
  })

  it('are read by hundreds of roles, each of its own', () => {
    const many = (actions: object): object => ({
      options: record(500, 'o', () => ({ values: [true, false], default: true })),
      roles: record(500, 'r', (number) => ({
        kind: 'site',
        variants: [{ when: { [`o${number}`]: false }, grants: { site: { allow: { doc: actions } } } }]
      }))
    })
    expect(diff(many(['read']), many(['read', 'write'])).gained).toHaveLength(500)
  })

  it('are refused by name where more of them can be told apart than is compared', () => {
    const levels = ['site', 'user'] as const
    const apart = {
      options: record(16, 'o', () => ({ values: [true, false], default: true })),
      roles: {
        r: {
          kind: 'site',
          // Each decides a line of its own: none lies on another.
          variants: list(16, (number) => ({
            when: {
              [`o${number}`]: false,
              [`o${(number + 1) % 16}`]: true,
              [`o${(number + 5) % 16}`]: false
            },
            grants: {
              [levels[number % 2] ?? 'site']: {
                [number % 4 < 2 ? 'allow' : 'deny']: { [number % 8 < 4 ? '*' : 'doc']: ['read'] }
              }
            }
          }))
        }
      }
    }
    // A role that is written alike, of the same catalogue and options, is not taken apart.
    expect(refusal(apart, apart)).toBeUndefined()
    const found = refusal(apart, { ...apart, roles: { r: { ...apart.roles.r, grants: {} } } })
    expect(found?.code).toBe('too_many_cases')
    expect(found?.message).toMatch(
      /^role `r`: too many cases to compare: more than 4096 combinations of `o\d+`/
    )
  })
})

describe('parameters of a scope template', () => {
  const root = { root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
  const template = (document: object): object => ({ roles: root, scopeTemplates: { t: document } })

  it('are eighteen flags that no variant reads', () => {
    const flags = template({ params: record(18, 'f', () => 'flag'), allow: { doc: ['read'] } })
    expect(told(diff(flags, flags))).toEqual([])
  })

  it('are eighteen flags with a variant each, of which one shows a difference', () => {
    const flags = (action: string): object =>
      template({
        params: record(18, 'f', () => 'flag'),
        allow: { doc: [] },
        variants: list(18, (number) => ({
          when: { [`f${number}`]: true },
          allow: { doc: [number === 7 ? action : 'read'] }
        }))
      })
    const found = diff(flags('read'), flags('write'))
    expect(told(found)).toContain('+ template:t: doc:write (all)')
    expect(found.gained[0]?.witness.subject).toMatchObject({
      scopes: [{ template: 't', params: { f7: true } }]
    })
  })

  it('are a hundred optional ids, of which one shows a difference', () => {
    const params = record(100, 'p', () => 'optional')
    const entries = list(100, (number) => `doc:{p${number}}`)
    const all = template({ params, allow: { doc: ['read'] }, allowList: entries })
    const less = template({ params, allow: { doc: ['read'] }, allowList: entries.slice(0, 99) })
    const found = diff(less, all)
    expect(told(found)).toEqual(['+ template:t: doc:read (all)'])
    expect(found.gained[0]?.witness).toMatchObject({
      subject: { scopes: [{ template: 't', params: { p99: 'id100' } }] },
      object: { id: 'id100' }
    })
    expect(told(diff(all, all))).toEqual([])
  })

  it('are an error to the policy that refuses, together with the one that lets an id through', () => {
    const params = { id: 'optional', mode: 'optional' }
    const allow = { doc: ['read'] }
    const old = template({ params: { id: 'optional', mode: 'flag' }, allow, allowList: ['doc:{id}'] })
    const current = template({ params, allow, allowList: ['doc:{id}'] })
    const found = diff(old, current)
    expect(told(found)).toEqual(['+ template:t: doc:read (all)', '- template:t: doc:read (all)'])
    expect(found.gained[0]?.witness).toMatchObject({
      subject: { scopes: [{ template: 't', params: { id: 'id1', mode: 'id2' } }] },
      object: { id: 'id1' }
    })
  })
})

describe('policies with thousands of roles', () => {
  const roles = (letter: string, count: number, grants: object): object => ({
    roles: record(count, letter, () => ({ kind: 'site', grants }))
  })

  it('may rename every one of them', () => {
    const grants = { site: { allow: { doc: ['read'] } } }
    const { gained, lost, renamed } = diff(roles('a', 5_000, grants), roles('b', 5_000, grants))
    expect([gained, lost]).toEqual([[], []])
    expect(renamed).toHaveLength(5_000)
  })

  it('rename those that say the same in other words, and no others', () => {
    const said = (action: string) => (number: number) => ({
      kind: 'site',
      grants: { site: { allow: { doc: number % 2 === 0 ? [action] : { except: [action] } } } }
    })
    const { renamed, gained } = diff(
      { roles: record(400, 'a', said('read')) },
      { roles: record(400, 'b', said('write')) }
    )
    expect(renamed).toHaveLength(400)
    expect(gained).toEqual([])
  })

  it('are refused where there are more differences than anybody would read', () => {
    const found = refusal(
      roles('a', 300, { site: { allow: { doc: '*' } } }),
      roles('a', 300, { site: { allow: { doc: '*' }, deny: {} }, user: { deny: {} } })
    )
    expect(found).toBeUndefined()
    // Each of the pairs of roles is a difference, for each of the actions.
    const actions = record(20, 'a', () => '')
    const pairs = (deny: object): object => ({
      resources: { doc: { actions } },
      roles: {
        ...record(60, 'a', () => ({ kind: 'site', grants: { site: { allow: { doc: '*' } } } })),
        ...record(60, 'd', () => ({ kind: 'site', grants: { site: { deny } } }))
      }
    })
    expect(refusal(pairs({}), pairs({ doc: '*' }))).toEqual({
      code: 'too_many_cases',
      message: 'permission `doc:a13`: too many cases to compare: more than 50000 differences'
    })
  })
})
