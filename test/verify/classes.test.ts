// Relation classes: two objects of one class are always decided alike, and every object is in one of them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { findPermission } from '../../src/request/ask.js'
import { classKey, relationClasses } from '../../src/verify/space/classes.js'
import { whoCan } from '../../src/verify/index.js'
import {
  type RolledQuestion,
  questionTape,
  questionTapeV2,
  rolledMany,
  rollQuestion,
  rollWorld,
  rollWorldV2,
  worldTape,
  worldTapeV2
} from '../arbitraries/index.js'
import { modelCanSome } from '../model.js'
import { objectOf } from '../support/objects.js'
import type { CompiledPermission } from '../../src/compile/catalogue.js'
import { explain } from '../../src/decide/explain.js'
import { permissionOn } from '../../src/decide/read-fields.js'
import type { ObjectRef } from '../../src/types.js'
import { stateOf, type SubjectState } from '../../src/request/state.js'
import { permissionsOf } from '../../src/verify/space/reach.js'
import { policyOf, subjectOf } from '../support/engine.js'
import { floor, runs } from '../support/depth.js'

const worlds = rolledMany(worldTape, questionTape, 12, (first, rest) => {
  const world = rollWorld(first)
  return { world, questions: rest.map((dice) => rollQuestion(dice, world)) }
})

const worldsV2 = rolledMany(worldTapeV2, questionTapeV2, 12, (first, rest) => {
  const world = rollWorldV2(first)
  return { world, questions: rest.map((dice) => rollQuestion(dice, world, { v2: true })) }
})

describe.each([
  ['of worlds without containers, attributes and the rest', worlds, 1],
  ['of worlds with them', worldsV2, 0.5]
])('relation classes %s', (_, rolls, share) => {
  it('decide every object like the representative of its class, with the same reason', () => {
    let compared = 0
    fc.assert(
      fc.property(rolls, ({ world, questions }) => {
        const policy = policyOf(world)
        for (const question of questions) {
          const subject = subjectOf(policy, question)
          const state = stateOf(subject)
          const object = objectOf(question)
          const permission = permissionOf(state, question)
          const key = classKey(state, permission, object)
          const found = relationClasses(state, permission).find((one) => one.key === key)
          expect(found, key).toBeDefined()
          const decided = subject.explain(question.action, object)
          const alike = subject.explain(question.action, found!.object)
          expect([alike.allowed, alike.reason]).toEqual([decided.allowed, decided.reason])
          expect(subject.can(question.action, found!.object)).toBe(decided.allowed)
          expect(subject.can(permission, found!.object)).toBe(decided.allowed)
          expect(found!.entry !== undefined || decided.reason !== 'granted_by_acl').toBe(true)
          compared++
        }
      }),
      { numRuns: runs(120 * share) }
    )
    expect(compared).toBeGreaterThan(floor(400) * share)
  })

  it('have a valid representative each, which is of its own class and of no other', () => {
    fc.assert(
      fc.property(rolls, ({ world, questions }) => {
        const policy = policyOf(world)
        for (const question of questions) {
          const subject = subjectOf(policy, question)
          const state = stateOf(subject)
          const permission = permissionOf(state, question)
          const classes = relationClasses(state, permission)
          expect(new Set(classes.map(({ key }) => key)).size).toBe(classes.length)
          for (const one of classes) {
            expect(classKey(state, permission, one.object)).toBe(one.key)
            expect(() => subject.can(permission.action, one.object)).not.toThrow()
          }
        }
      }),
      { numRuns: runs(60 * share) }
    )
  })

  it('are all there is: something is allowed on one of them exactly where it is on some object', () => {
    fc.assert(
      fc.property(rolls, ({ world, questions }) => {
        const policy = policyOf(world)
        for (const question of questions) {
          const subject = subjectOf(policy, question)
          const state = stateOf(subject)
          const { type } = objectOf(question)
          const permission = findPermission(state.compiled, question.action, type)
          const some = permissionsOf(permission).some((one) =>
            relationClasses(state, one).some(({ object }) => subject.can(permission.action, object))
          )
          expect(some).toBe(modelCanSome(world, { ...question, type }))
        }
      }),
      { numRuns: runs(share < 1 ? 12 : 60) }
    )
  })
})

describe('relation classes', () => {
  it('make one class of organizations with the same roles, and two of different settings', () => {
    const policy = compile(
      definePolicy({
        name: 'p',
        resources: { doc: { actions: { read: '' } } },
        orgOptions: { open: { values: [true, false], default: true } },
        roles: {
          member: {
            kind: 'org',
            grants: { org: { allow: { doc: ['read'] } } },
            variants: [{ when: { open: false }, grants: { org: { allow: { doc: [] } } } }]
          },
          guest: { kind: 'org' }
        }
      })
    )
    const subject = policy.subject({
      id: 'u1',
      roles: [
        { role: 'member', org: 'a' },
        { role: 'guest', org: 'a' },
        { role: 'guest', org: 'b' },
        { role: 'member', org: 'b' },
        { role: 'member', org: 'c' },
        { role: 'member', org: 'd' }
      ],
      orgOptions: { d: { open: false } }
    })
    const state = stateOf(subject)
    const classes = relationClasses(state, findPermission(state.compiled, 'read', 'doc'))
    const own = classes.filter(({ org, owner }) => org === 'own' && owner === 'none')
    expect(own.map(({ orgs }) => orgs)).toEqual([['a', 'b'], ['c'], ['d']])
    expect(own.map(({ object }) => subject.can('read', object as { type: 'doc' }))).toEqual([
      true,
      true,
      false
    ])
  })
})

describe('relation classes of a key that is limited to organizations', () => {
  const policy = compile(
    definePolicy({
      name: 'p',
      resources: { doc: { acl: true, actions: { read: '' } } },
      roles: {
        member: { kind: 'org' },
        banned: { kind: 'site', grants: { site: { deny: { doc: ['read'] } } } }
      }
    })
  )
  const subject = policy.subject({
    id: 'u1',
    roles: [{ role: 'member', org: 'a' }, 'banned'],
    groups: ['g1'],
    onlyOrgs: []
  })
  const state = stateOf(subject)
  const permission = findPermission(state.compiled, 'read', 'doc')
  const classes = relationClasses(state, permission)

  it('tell an entry that the list keeps from counting from none, because the reason differs', () => {
    const shared = { type: 'doc', anyOrg: true, acl: { groups: { g1: ['read'] } } } as const
    const reasonOf = (object: ObjectRef) =>
      explain(state, 'read', classes.find(({ key }) => key === classKey(state, permission, object))!.object)
        .reason
    expect(reasonOf(shared)).toBe('outside_org')
    expect(reasonOf({ type: 'doc', anyOrg: true })).toBe('denied')
  })
})

/** The permission on objects with the attributes that the question's object has. */
function permissionOf(state: SubjectState, question: RolledQuestion): CompiledPermission {
  const object = objectOf(question)
  const first = findPermission(state.compiled, question.action, object.type)
  const found = permissionOn(first, object)
  if (found === undefined) throw new Error('a rolled question has an answer')
  return found
}

describe('whoCan', () => {
  const policy = compile(
    definePolicy({
      name: 'p',
      resources: { doc: { actions: { read: '', update: '' } } },
      orgOptions: { open: { values: [true, false] } },
      roles: {
        root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
        author: { kind: 'site', grants: { user: { allow: { doc: '*' } } } },
        member: {
          kind: 'org',
          grants: { org: { allow: { doc: ['read'] } }, orgMember: { allow: { doc: ['update'] } } },
          variants: [
            {
              when: { open: false },
              grants: { org: { allow: { doc: [] } }, orgMember: { allow: { doc: [] } } }
            }
          ]
        }
      },
      systemSubjects: { cron: { grants: { site: { allow: { doc: ['update'] } } } } }
    })
  ).withRoles({ intern: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } } }, { org: 'acme' })

  it('names every role and service with how far it reaches', () => {
    expect(
      whoCan(policy, 'doc:update').map(({ subject, reach, settings }) => [subject, reach, settings])
    ).toEqual([
      ['root', 'yes', undefined],
      ['author', 'own', undefined],
      ['member', 'own, own org', { open: true }],
      ['system:cron', 'yes', undefined]
    ])
    expect(
      whoCan(policy, 'doc:read', 'own org').map(({ subject, org, everywhere }) => [subject, org, everywhere])
    ).toEqual([
      ['member', undefined, true],
      ['intern', 'acme', true]
    ])
  })

  it('gives an example that is allowed', () => {
    const [, author] = whoCan(policy, 'doc:update', 'no org')
    expect(author).toMatchObject({
      everywhere: false,
      example: {
        subject: { id: 'u1', roles: ['author'] },
        action: 'update',
        object: { type: 'doc', owner: 'u1' }
      }
    })
  })

  it('refuses an unknown permission and an unknown relation', () => {
    expect(() => whoCan(policy, 'doc:reed')).toThrow(
      expect.objectContaining({ code: 'unknown_action', hint: 'read' })
    )
    expect(() => whoCan(policy, 'dok:read')).toThrow(expect.objectContaining({ code: 'unknown_resource' }))
    expect(() => whoCan(policy, 'doc')).toThrow(expect.objectContaining({ code: 'invalid_request' }))
    expect(() => whoCan(policy, 'doc:read', 'theirs')).toThrow(
      expect.objectContaining({ code: 'invalid_request' })
    )
  })
})
