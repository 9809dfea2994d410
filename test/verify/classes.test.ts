// Relation classes: two objects of one class are always decided alike, and every object is in one of them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { findPermission } from '../../src/request/ask.js'
import { classKey, relationClasses } from '../../src/verify/space/classes.js'
import { whoCan } from '../../src/verify/index.js'
import { questionTape, rolledMany, rollQuestion, rollWorld, worldTape } from '../arbitraries/index.js'
import { modelCanSome } from '../model.js'
import { objectOf } from '../support/objects.js'
import { stateOf } from '../../src/request/state.js'
import { policyOf, subjectOf } from '../support/engine.js'

const worlds = rolledMany(worldTape, questionTape, 12, (first, rest) => {
  const world = rollWorld(first)
  return { world, questions: rest.map((dice) => rollQuestion(dice, world)) }
})

describe('relation classes', () => {
  it('decide every object like the representative of its class, with the same reason', () => {
    let compared = 0
    fc.assert(
      fc.property(worlds, ({ world, questions }) => {
        const policy = policyOf(world)
        for (const question of questions) {
          const subject = subjectOf(policy, question)
          const state = stateOf(subject)
          const object = objectOf(question)
          const permission = findPermission(state.compiled, question.action, object.type)
          const key = classKey(state, permission, object)
          const found = relationClasses(state, permission).find((one) => one.key === key)
          expect(found, key).toBeDefined()
          const decided = subject.explain(question.action, object)
          const alike = subject.explain(question.action, found!.object)
          expect([alike.allowed, alike.reason]).toEqual([decided.allowed, decided.reason])
          expect(subject.can(question.action, found!.object)).toBe(decided.allowed)
          compared++
        }
      }),
      { numRuns: 120 }
    )
    expect(compared).toBeGreaterThan(400)
  })

  it('have a valid representative each, which is of its own class and of no other', () => {
    fc.assert(
      fc.property(worlds, ({ world, questions }) => {
        const policy = policyOf(world)
        for (const question of questions) {
          const subject = subjectOf(policy, question)
          const state = stateOf(subject)
          const permission = findPermission(state.compiled, question.action, objectOf(question).type)
          const classes = relationClasses(state, permission)
          expect(new Set(classes.map(({ key }) => key)).size).toBe(classes.length)
          for (const one of classes) {
            expect(classKey(state, permission, one.object)).toBe(one.key)
            expect(() => subject.can(permission.action, one.object)).not.toThrow()
          }
        }
      }),
      { numRuns: 60 }
    )
  })

  it('are all there is: something is allowed on one of them exactly where it is on some object', () => {
    fc.assert(
      fc.property(worlds, ({ world, questions }) => {
        const policy = policyOf(world)
        for (const question of questions) {
          const subject = subjectOf(policy, question)
          const state = stateOf(subject)
          const { type } = objectOf(question)
          const permission = findPermission(state.compiled, question.action, type)
          const some = relationClasses(state, permission).some(({ object }) =>
            subject.can(permission.action, object)
          )
          expect(some).toBe(modelCanSome(world, { ...question, type }))
        }
      }),
      { numRuns: 60 }
    )
  })

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
