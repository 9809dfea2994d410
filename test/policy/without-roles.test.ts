// Roles that are taken away again: the policy answers as one to which they were never added, and the one that they were
// taken from stays as it was.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, type Policy, type RoleDocument } from '../../src/index.js'
import { compiledOf } from '../../src/compile/compile.js'
import { getIn, removeIn, setIn, type PersistentMap } from '../../src/compile/persistent-map.js'
import { worldsWithCasesV2 } from '../arbitraries/index.js'
import { modelAnswer, type Question, type World } from '../model.js'
import { worldWithout } from '../model/document.js'
import { asGiven, orFailure, policyOf, subjectOf } from '../support/engine.js'

/** Every place that has custom roles, with their names. */
function placesOf({ customRoles }: World): { kind: string; id: string | undefined; names: string[] }[] {
  const { site, orgs, containers = {} } = customRoles
  return [
    { kind: 'site', id: undefined, names: Object.keys(site) },
    ...Object.entries({ org: orgs, ...containers }).flatMap(([kind, places]) =>
      Object.entries(places).map(([id, roles]) => ({ kind, id, names: Object.keys(roles) }))
    )
  ].filter(({ names }) => names.length > 0)
}

function answerOf(policy: Policy, question: Question): unknown {
  const answer = orFailure(() =>
    subjectOf(policy, question).explain(asGiven(question.action), asGiven(question.object))
  )
  return 'error' in answer ? answer : { allowed: answer.allowed, reason: answer.reason }
}

describe('a policy without some custom roles', () => {
  it('answers like one to which they were never added', () => {
    fc.assert(
      fc.property(worldsWithCasesV2, fc.nat(), ({ world, cases }, number) => {
        const places = placesOf(world)
        const place = places[number % Math.max(places.length, 1)]
        if (place === undefined) return
        const { kind, id } = place
        const names = place.names.filter((_, i) => ((number >> i) & 1) === 1)
        const policy = policyOf(world)
        const less = policy.withoutRoles(names, id === undefined ? {} : { [kind]: id })
        const smaller = worldWithout(world, names, kind, id)
        for (const { repaired } of cases) {
          expect(answerOf(less, repaired)).toEqual(modelAnswer(smaller, repaired))
          expect(answerOf(policy, repaired)).toEqual(modelAnswer(world, repaired))
        }
      })
    )
  })

  const role: RoleDocument = { kind: 'org', grants: { org: { allow: { doc: '*' } } } }
  const policy = compile(
    definePolicy({
      name: 'p',
      containers: [{ name: 'project' }],
      resources: { doc: { actions: { read: 'r' } } },
      roles: { owner: { kind: 'site' } }
    })
  )
    .withRoles({ one: role, two: role }, { org: 'o1' })
    .withRoles({ one: role }, { org: 'o2' })

  it('has the namesakes of other places, and the others of the place', () => {
    const less = policy.withoutRoles(['one'], { org: 'o1' })
    expect(less.roles.list().map(({ name, org }) => [name, org])).toEqual([
      ['owner', undefined],
      ['one', 'o2'],
      ['two', 'o1']
    ])
    expect(() => less.subject({ id: 'u1', roles: [{ role: 'one', org: 'o1' }] })).toThrow(
      'unknown role `one`'
    )
    expect(policy.roles.get('one', 'o1')?.isCustom).toBe(true)
    expect(compiledOf(less).catalogue).toBe(compiledOf(policy).catalogue)
  })

  it.each([
    ['a shipped role', ['owner'], {}, 'unknown_role'],
    ['a role of another place', ['two'], { org: 'o2' }, 'unknown_role'],
    ['no list', 'one', { org: 'o1' }, 'invalid_request'],
    ['no name', [7], { org: 'o1' }, 'invalid_request'],
    ['a hole', new Array(1), { org: 'o1' }, 'invalid_request'],
    ['two places', [], { org: 'o1', project: 'p1' }, 'invalid_request'],
    ['an empty place', [], { org: '' }, 'invalid_request'],
    ['no place', [], 7, 'invalid_request']
  ])('is an error for %s', (_what, names, place, error) => {
    expect(orFailure(() => policy.withoutRoles(asGiven(names), asGiven(place)))).toEqual({ error })
  })

  it('says which name was meant', () => {
    expect(() => policy.withoutRoles(['onee'], { org: 'o1' })).toThrow(
      'names[0]: unknown custom role `onee`; did you mean `one`?'
    )
  })
})

describe('a persistent map', () => {
  it('is after any sets and removals what a Map is, and the earlier one stays', () => {
    // Keys of few letters, so that some of them share a path, and two that share a hash.
    const keys = fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom('costarring', 'liquid'))
    const steps = fc.array(fc.tuple(keys, fc.option(fc.nat())), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (list) => {
        let map: PersistentMap<number> = undefined
        const plain = new Map<string, number>()
        for (const [key, value] of list) {
          const before = map
          const held = map && getIn(map, key)
          map = value === null ? removeIn(map, key) : setIn(map, key, value)
          if (value === null) plain.delete(key)
          else plain.set(key, value)
          expect(before && getIn(before, key)).toBe(held)
        }
        for (const [key] of list) expect(map && getIn(map, key)).toBe(plain.get(key))
        if (plain.size === 0) expect(map).toBe(undefined)
      })
    )
  })
})
