// What is missing of ceilings. Of lists of organizations: in a ceiling that has one and not in one that has none, and never
// in a list that is full. Of scopes: the smallest, and a condition is no wildcard.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy } from '../../src/index.js'
import { missing } from '../../src/missing/index.js'

const policy = compile(
  parsePolicy({
    name: 'lists',
    resources: { doc: { actions: { read: '' } } },
    scopes: { all: { allow: { doc: ['read'] } } },
    roles: { root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
  })
)
const roles = ['root'] as const
const step = (org: string, ceiling = 0): object => ({ kind: 'org', org, ceiling })

describe('an organization that a list leaves out', () => {
  it.each([
    [{ type: 'doc', org: 'o1' }, 'o1'],
    [{ type: 'doc' }, '*none']
  ])('is missing for %j', (object, org) => {
    const key = policy.subject({ id: 'u1', roles, onlyOrgs: ['o2'] })
    const found = missing(key, 'read', object)
    expect(found?.steps).toEqual([step(org)])
    expect(found?.alternatives[0]).toContainEqual(step('*'))
  })

  it.each(['*', '*none'])('can only be let in by * where it is called %s', (org) => {
    const key = policy.subject({ id: 'u1', roles, onlyOrgs: ['o2'] })
    expect(missing(key, 'read', { type: 'doc', org })?.steps).toEqual([step('*')])
  })

  it('is missing in the ceilings that have a list, and in no other', () => {
    for (const [key, ceiling] of [
      [policy.subject({ id: 'u1', roles, scopes: ['all'] }).within({ onlyOrgs: ['o2'] }), 1],
      [policy.subject({ id: 'u1', roles, onlyOrgs: ['o2'] }).within({ scopes: ['all'] }), 0]
    ] as const)
      expect(missing(key, 'read', { type: 'doc', org: 'o1' })?.steps).toEqual([step('o1', ceiling)])
  })

  it.each([
    [127, step('o1')],
    [128, { kind: 'relation', field: 'org', value: 'x0' }]
  ])('is no entry to add where a list has %d and that is all it may have', (length, expected) => {
    const onlyOrgs = Array.from({ length }, (_, n) => `x${n}`)
    const key = policy.subject({ id: 'u1', roles, onlyOrgs })
    expect(missing(key, 'read', { type: 'doc', org: 'o1' })?.steps).toEqual([expected])
  })
})

describe('a scope that is missing', () => {
  const final = { actions: ['read'], where: { state: 'final' } } as const
  const conditional = compile(
    parsePolicy({
      name: 'conditional',
      resources: {
        doc: {
          attributes: { state: { values: ['draft', 'final'], default: 'draft' } },
          actions: { read: '', write: '' }
        }
      },
      roles: { root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } },
      scopes: {
        none: { allow: {} },
        open: { allow: { doc: { except: ['write'], where: { state: 'final' } } } },
        plain: { allow: { doc: final } },
        listed: { allow: { doc: [final] } }
      }
    })
  )

  it('is the smallest, and one with a condition is as small as what it lists', () => {
    const key = conditional.subject({ id: 'u1', roles: ['root'], scopes: ['none'] })
    const found = missing(key, 'read', { type: 'doc', state: 'final' })
    const names = [found?.steps, ...(found?.alternatives ?? [])].map((steps) => JSON.stringify(steps))
    expect(names.join()).toMatch(/"plain".*"listed".*"open"/)
  })
})
