// Which scopes and entries are suggested, one reason at a time: nothing uncovered, then the least excess, then the
// fewest names; each choice beside the nearest one that is worse.
import { describe, expect, it } from 'vitest'

import { compile, parsePolicy } from '../../src/index.js'
import { suggestScopes, type CheckRecord, type ScopeSuggestion } from '../../src/scopes/index.js'

const doc = { actions: { read: '', write: '', delete: '' } }
const log = { actions: { read: '', write: '' } }

type Allow = Readonly<Record<string, '*' | readonly string[] | { readonly except: readonly string[] }>>

/** The suggestion of public scopes: the declared ones, and low-level ones that are named. */
function suggest(
  needed: readonly string[],
  declared: Readonly<Record<string, Allow>>,
  lowLevel: readonly string[],
  internal: Readonly<Record<string, Allow>> = {}
): ScopeSuggestion {
  const scopes = [
    ...Object.entries(declared).map(([name, allow]) => [name, { allow, public: true }] as const),
    ...Object.entries(internal).map(([name, allow]) => [name, { allow }] as const)
  ]
  const policy = compile(
    parsePolicy({
      name: 'choosing',
      resources: { doc, log },
      scopes: Object.fromEntries(scopes),
      publicScopes: lowLevel
    })
  )
  const checks = needed.map((permission) => ({ permission }))
  return suggestScopes(policy, { checks, scopes: [] }, { public: true })
}

describe('of the scopes that could be chosen', () => {
  it('a declared one is, where nothing else has the permission', () => {
    expect(suggest(['log:read'], { reader: { doc: ['read'], log: ['read'] } }, [])).toMatchObject({
      scopes: ['reader'],
      excess: ['doc:read'],
      uncovered: []
    })
    expect(suggest(['log:read'], {}, ['doc:read'], { reader: { log: ['read'] } })).toMatchObject({
      scopes: [],
      uncovered: ['log:read']
    })
  })

  it('a declared one is, where it has less beyond the need than a wildcard', () => {
    expect(suggest(['doc:read'], { edit: { doc: ['read', 'write'] } }, ['doc:*'])).toMatchObject({
      scopes: ['edit'],
      excess: ['doc:write']
    })
    expect(suggest(['doc:read'], { edit: { doc: '*', log: ['read'] } }, ['doc:*'])).toMatchObject({
      scopes: ['doc:*'],
      excess: ['doc:write', 'doc:delete', 'doc:*']
    })
  })

  it('a declared one is, where it stands for more names than one', () => {
    const needed = ['doc:read', 'log:read']
    const wildcards = ['doc:*', 'log:*']
    expect(suggest(needed, { both: { doc: '*', log: '*' } }, wildcards).scopes).toEqual(['both'])
    expect(suggest(needed, { one: { doc: '*' } }, wildcards).scopes).toEqual(['doc:*', 'log:*'])
  })

  it('a wildcard is in place of several names, where it adds nothing to what is let through anyway', () => {
    const keep: Allow = { doc: { except: ['read', 'write'] }, log: ['read'] }
    const lowLevel = ['doc:read', 'doc:write', 'doc:*']
    const needed = ['doc:read', 'doc:write', 'log:read']
    const excess = ['doc:delete', 'doc:*']
    expect(suggest(needed, { keep }, lowLevel)).toMatchObject({ scopes: ['keep', 'doc:*'], excess })
    // One more declared scope would be as many names.
    const edit = { doc: ['read', 'write'] }
    expect(suggest(needed, { keep, edit }, lowLevel)).toMatchObject({ scopes: ['keep', 'doc:*'], excess })
    // In place of one name it is no better, and where it adds something it is worse.
    const all: Allow = { doc: { except: ['read'] }, log: ['read'] }
    expect(suggest(['doc:read', 'log:read'], { all }, lowLevel).scopes).toEqual(['all', 'doc:read'])
    const some: Allow = { doc: ['delete'], log: ['read'] }
    expect(suggest(needed, { some }, lowLevel).scopes).toEqual(['some', 'doc:read', 'doc:write'])
  })

  it('names and what is too much come in the order of the catalogue, in whatever order it was asked', () => {
    const needed = ['log:read', 'doc:write', 'doc:read']
    expect(suggest(needed, {}, ['log:read', 'doc:write', 'doc:read']).scopes).toEqual([
      'doc:read',
      'doc:write',
      'log:read'
    ])
    const declared = { logs: { log: ['read', 'write'] }, docs: { doc: ['read', 'write', 'delete'] } }
    expect(suggest(needed, declared, [])).toMatchObject({
      scopes: ['logs', 'docs'],
      excess: ['doc:delete', 'log:write']
    })
    expect(suggest(needed, {}, []).uncovered).toEqual(['doc:read', 'doc:write', 'log:read'])
  })
})

describe('more than twelve declared scopes', () => {
  const names = Array.from({ length: 13 }, (_, index) => `s${index}`)
  const many = (allow: Allow): Record<string, Allow> => Object.fromEntries(names.map((name) => [name, allow]))

  it('that have no permission of the run do not make the choice inexact', () => {
    expect(suggest(['doc:read'], many({ log: '*' }), ['doc:read'])).toMatchObject({
      scopes: ['doc:read'],
      isExact: true
    })
    expect(suggest(['doc:read'], many({ doc: '*' }), ['doc:read'])).toMatchObject({
      scopes: ['doc:read'],
      isExact: false
    })
  })

  it('are climbed to several that are all needed', () => {
    const wide = many({ doc: ['read', 'write', 'delete'] })
    const declared = { ...wide, d: { doc: ['read'] }, l: { log: ['read'] } }
    expect(suggest(['doc:read', 'log:read'], declared, [])).toMatchObject({
      scopes: ['d', 'l'],
      excess: [],
      uncovered: [],
      isExact: false
    })
  })
})

describe('the list', () => {
  const resources = Object.fromEntries(
    Array.from({ length: 129 }, (_, i) => [`r${i}`, { actions: { a: '' } }])
  )
  const policy = compile(parsePolicy({ name: 'types', resources }))
  const list = (...checks: CheckRecord['checks'][]): readonly string[] =>
    suggestScopes(policy, { checks: checks.flat(), scopes: [] }).allowList
  const objects = (type: string, count: number): CheckRecord['checks'] =>
    Array.from({ length: count }, (_, index) => ({ permission: `${type}:a`, id: `${index}` }))
  const whole = (count: number): CheckRecord['checks'] =>
    Array.from({ length: count }, (_, index) => ({ permission: `r${index}:a` }))

  it('has the type with the most objects whole, wherever it stands', () => {
    const short = list(objects('r0', 30), objects('r1', 100))
    expect(short).toHaveLength(31)
    expect(short).toContain('r1:*')
  })

  it('counts a type that is whole anyway as one entry', () => {
    const both = list(objects('r0', 60), [{ permission: 'r0:a' }], objects('r1', 100))
    expect(both).toHaveLength(101)
    expect(both[0]).toBe('r0:*')
  })

  it('has one more type whole where one is not enough by one entry', () => {
    expect(list(objects('r0', 127), objects('r1', 128))).toHaveLength(128)
    expect(list(objects('r0', 128), objects('r1', 128))).toEqual(['r0:*', 'r1:*'])
  })

  it('is everything where there are more types than entries', () => {
    expect(list(whole(128))).toHaveLength(128)
    expect(list(whole(129))).toEqual(['*:*'])
    const twoOfEach = Array.from({ length: 128 }, (_, index) => objects(`r${index}`, 2))
    expect(list(...twoOfEach)).toEqual(list(whole(128)))
  })
})
