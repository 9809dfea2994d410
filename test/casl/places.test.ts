// Containers, attributes, ACL settings and organizations of keys, in every reading of the rules: an ability decides as
// its subject does about every object that the subject can tell apart, and has a bounded number of rules.
import { createMongoAbility, type MongoAbility } from '@casl/ability'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { abilityOptions } from '../../src/casl/client/index.js'
import { abilityFor } from '../../src/casl/index.js'
import { compile, parsePolicy } from '../../src/index.js'
import { objectsFor, placed } from './places.js'
import { readingsOf, throughJson } from './readings.js'
import { floor, runs } from '../support/depth.js'

const actions = ['read', 'update', 'pass']

describe('an ability of a subject with roles in containers', () => {
  it('answers as `can` does, in every reading of its rules', () => {
    const counted = { allowed: 0, denied: 0 }
    fc.assert(
      fc.property(placed, fc.nat(1_000), (one, offset) => {
        const { subject, text } = one
        const ability = abilityFor(subject)
        const objects = [...objectsFor(one, offset)]
        for (const type of ['doc', 'log'])
          for (const action of actions) {
            const readings = Object.entries(readingsOf(ability, action, type))
            for (const object of objects.filter((each) => each.type === type)) {
              const expected = subject.can(action, object)
              counted[expected ? 'allowed' : 'denied']++
              for (const [name, can] of readings)
                if (can(object) !== expected)
                  expect.fail(`${name} says ${!expected} to ${action} on ${JSON.stringify(object)}: ${text}`)
            }
          }
      }),
      { numRuns: runs(12, 2_000) }
    )
    expect(Math.min(counted.allowed, counted.denied)).toBeGreaterThan(floor(1_000))
  })

  it('answers a bare type as `canSome` does', () => {
    fc.assert(
      fc.property(placed, ({ subject, text }) => {
        const ability: MongoAbility = abilityFor(subject)
        const copy = createMongoAbility(throughJson(ability.rules), abilityOptions)
        for (const type of ['doc', 'log'])
          for (const action of actions) {
            const expected = subject.canSome(action, type)
            if (ability.can(action, type) !== expected || copy.can(action, type) !== expected)
              expect.fail(`it does not say ${expected} to ${action} on some ${type}: ${text}`)
          }
      }),
      { numRuns: runs(60, 20_000) }
    )
  })

  it('has as many rules in two places as in a thousand', () => {
    const policy = compile(parsePolicy(graded))
    const counts = [2, 1_000].map((count) => {
      const ids = Array.from({ length: count }, (_, i) => i)
      const roles = ids.flatMap((i) => [
        { role: i % 2 === 0 ? 'admin' : 'outsider', org: `o${i}` },
        { role: i % 2 === 0 ? 'editor' : 'blocked', project: `p${i}` }
      ])
      const groups = ids.map((i) => `g${i}`)
      return abilityFor(policy.subject({ id: 'u1', roles: roles, groups })).rules.length
    })
    expect(counts[1]).toBe(counts[0])
  })

  it('leaves out by name where a level denies, and asks for attributes by their values', () => {
    const roles = [
      { role: 'outsider', org: 'o1' },
      { role: 'editor', project: 'p1' },
      { role: 'blocked', project: 'p2' }
    ]
    const subject = compile(parsePolicy(graded)).subject({ id: 'u1', roles: roles })
    expect(
      abilityFor(subject)
        .rulesFor('update', 'doc')
        .map(({ conditions }) => conditions)
    ).toEqual([
      {
        org: { $ne: 'o1' },
        // Its only organization denies it.
        anyOrg: { $ne: true },
        project: { $eq: 'p1', $ne: 'p2' },
        status: { $ne: 'final' }
      }
    ])
  })
})

it('an entry with a gate asks for the attributes that decide, where several levels let it through', () => {
  const policy = compile(
    parsePolicy({
      name: 'gated',
      containers: [{ name: 'project' }],
      resources: {
        doc: {
          in: { project: 'optional' },
          attributes: { status: { values: ['draft', 'final', 'old'], default: 'draft' } },
          acl: { requires: 'pass', overridesDeny: false },
          actions: { read: 'Read', pass: 'Pass' }
        }
      },
      roles: {
        passer: { kind: 'project', grants: { project: { allow: { doc: ['pass'] } } } },
        editorial: {
          kind: 'project',
          grants: { project: { deny: { doc: { actions: ['read'], where: { status: ['draft', 'old'] } } } } }
        },
        stranger: { kind: 'org', grants: { orgMember: { deny: { doc: ['pass', 'read'] } } } }
      }
    })
  )
  const roles = [
    { role: 'passer', project: 'p' },
    { role: 'editorial', project: 'p' },
    { role: 'stranger', org: 'o' }
  ]
  const subject = policy.subject({ id: 'ann', roles })
  const ability = abilityFor(subject)
  const shared = { type: 'doc', project: 'p', acl: { users: { ann: ['read'] } } }
  for (const [status, expected] of [
    ['draft', false],
    ['old', false],
    ['final', true]
  ] as const) {
    expect(subject.can('read', { ...shared, status })).toBe(expected)
    expect(ability.can('read', { ...shared, status })).toBe(expected)
  }
  expect(ability.can('read', shared as never)).toBe(false)
  for (const { action, subject: type } of ability.rules)
    for (const named of [[action].flat(), [type].flat()]) expect(new Set(named).size).toBe(named.length)
})

/** Projects in organizations; an editor writes drafts, and an organization or a project may lock its members out. */
const graded = {
  name: 'graded',
  containers: [{ name: 'project' }],
  resources: {
    doc: {
      org: 'required',
      in: { project: 'optional' },
      attributes: { status: { values: ['draft', 'final'], default: 'draft' } },
      acl: { requires: 'share', overridesDeny: false },
      actions: { read: 'Read', update: 'Update', share: 'Share' }
    }
  },
  roles: {
    admin: { kind: 'org', grants: { org: { allow: { doc: ['read', 'share'] } } } },
    outsider: { kind: 'org', grants: { org: { deny: { doc: '*' } } } },
    editor: {
      kind: 'project',
      grants: { project: { allow: { doc: ['read', { actions: ['update'], where: { status: 'draft' } }] } } }
    },
    blocked: { kind: 'project', grants: { project: { deny: { doc: '*' } } } }
  }
}
