// What a refused request lacks: applying it lets the request through, and nothing smaller does.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, type ObjectRef } from 'casemate'
import coder from '../../policies/coder/index.js'
import { describeStep, missing, type Missing, type MissingStep } from '../../src/missing/index.js'
import { questionTape, rolledMany, rollQuestion, rollWorld, worldTape } from '../arbitraries/index.js'
import { objectOf } from '../support/objects.js'
import { policyOf, subjectOf } from '../support/engine.js'
import { apply, fewestSteps, isAllowed, type Asked } from './brute-force.js'
import { least, runs } from '../support/depth.js'

const policy = compile(
  definePolicy({
    name: 'p',
    resources: { doc: { acl: true, actions: { read: '', update: '' } }, log: { actions: { read: '' } } },
    orgOptions: { open: { values: [true, false], default: true } },
    roles: {
      root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
      reader: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } },
      author: { kind: 'site', grants: { user: { allow: { doc: '*' } } } },
      banned: { kind: 'site', grants: { site: { deny: { doc: '*' } } } },
      member: {
        kind: 'org',
        grants: { org: { allow: { log: ['read'] } } },
        variants: [{ when: { open: false }, grants: { org: { allow: { log: [] } } } }]
      },
      guest: { kind: 'org', grants: {} },
      frozen: { kind: 'org', grants: { org: { deny: { doc: ['update'] } } } },
      ghost: { kind: 'site', assignable: false, grants: { site: { allow: { log: ['read'] } } } }
    },
    systemSubjects: { cron: {}, owner: { id: 'u9' } },
    scopes: { reading: { allow: { doc: ['read'] } } },
    scopeTemplates: { one: { params: { id: 'required' }, allow: { doc: '*' }, allowList: ['doc:{id}'] } }
  })
)

type Input = Parameters<typeof policy.subject>[0]

function steps(input: Input, action: 'read' | 'update', object: ObjectRef): Missing | undefined {
  return missing(policy.subject(input), action, object as { type: 'doc' })
}

describe('missing', () => {
  it('is nothing for a request that is allowed', () => {
    expect(steps({ id: 'u1', roles: ['reader'] }, 'read', { type: 'doc' })).toEqual({
      size: 0,
      steps: [],
      alternatives: []
    })
  })

  it('names the role with the least power first, then grants, then other objects', () => {
    expect(steps({ id: 'u1' }, 'read', { type: 'doc' })).toEqual({
      size: 1,
      steps: [{ kind: 'role', role: 'reader' }],
      alternatives: [
        [
          { kind: 'role', role: 'root' },
          { kind: 'grant', level: 'site', permission: 'doc:read' }
        ]
      ]
    })
    expect(
      steps({ id: 'u1', roles: ['author'] }, 'update', { type: 'doc', owner: 'u2' })?.alternatives
    ).toEqual([
      [
        { kind: 'grant', level: 'site', permission: 'doc:update' },
        { kind: 'relation', field: 'owner', value: 'u1' }
      ]
    ])
  })

  it('names an organization role in the organization of the object, and grants there', () => {
    const found = steps({ id: 'u1' }, 'read', { type: 'log', owner: 'u1', org: 'acme' })
    expect([...found!.steps, ...found!.alternatives[0]!]).toEqual([
      { kind: 'role', role: 'root' },
      { kind: 'grant', level: 'orgMember', permission: 'log:read', org: 'acme' },
      { kind: 'grant', level: 'org', permission: 'log:read', org: 'acme' },
      { kind: 'grant', level: 'site', permission: 'log:read' }
    ])
  })

  it('counts on a setting only where the roles held there show it', () => {
    const object = { type: 'log', org: 'acme' } as const
    const shown = policy.withRoles(
      {
        opening: {
          kind: 'org',
          variants: [{ when: { open: false }, grants: { org: { allow: { doc: ['read'] } } } }]
        }
      },
      { org: 'acme' }
    )
    const subject = (open: boolean) =>
      shown.subject({ id: 'u1', roles: [{ role: 'opening', org: 'acme' }], orgOptions: { acme: { open } } })
    expect(missing(subject(true), 'read', object)?.steps).toEqual([
      { kind: 'role', role: 'member', org: 'acme' }
    ])
    expect(missing(subject(false), 'read', object)?.steps).toEqual([{ kind: 'role', role: 'root' }])
  })

  it('needs a step for each ceiling in the way', () => {
    const found = steps({ id: 'u1', scopes: ['log:read'], allowList: ['log:*'] }, 'read', {
      type: 'doc',
      id: 'd1'
    })
    expect(found?.steps).toEqual([
      { kind: 'role', role: 'reader' },
      { kind: 'scope', scope: 'doc:read', ceiling: 0 },
      { kind: 'entry', entry: 'doc:d1', ceiling: 0 }
    ])
    expect(found?.alternatives.slice(1)).toEqual([
      [
        { kind: 'scope', scope: 'reading', ceiling: 0 },
        { kind: 'scope', scope: 'doc:*', ceiling: 0 }
      ],
      [{ kind: 'entry', entry: 'doc:*', ceiling: 0 }]
    ])
    const narrowed = policy
      .subject({ id: 'u1', roles: ['reader'] })
      .within({ scopes: ['doc:read'] })
      .within({ allowList: [] })
    expect(missing(narrowed, 'read', { type: 'doc' })?.steps).toEqual([
      { kind: 'entry', entry: 'doc:*', ceiling: 1 }
    ])
  })

  it('needs a scope where a template’s own list is in the way, and has none for a full list', () => {
    const agent = policy
      .subject({ id: 'u1', roles: ['root'] })
      .within({ scopes: [{ template: 'one', params: { id: 'd1' } }] })
    expect(missing(agent, 'read', { type: 'doc', id: 'd2' })?.steps).toEqual([
      { kind: 'scope', scope: 'doc:read', ceiling: 0 }
    ])
    const full = Array.from({ length: 128 }, (_, index) => `doc:${index}`)
    expect(
      steps({ id: 'u1', roles: ['root'], allowList: full }, 'read', { type: 'doc', id: 'd2' })
    ).toBeUndefined()
    expect(
      steps({ id: 'u1', roles: ['root'], allowList: full.slice(1) }, 'read', { type: 'doc', id: 'd2' })?.size
    ).toBe(1)
  })

  it('knows that only an ACL entry beats a deny at the site, for which one may have to belong', () => {
    const banned = { id: 'u1', roles: ['root', 'banned'], groups: ['g1'] } as const
    expect(steps(banned, 'read', { type: 'doc' })).toBeUndefined()
    const acl = { groups: { g1: ['read'] } }
    expect(steps(banned, 'read', { type: 'doc', org: 'acme', acl })?.steps).toEqual([
      { kind: 'role', role: 'guest', org: 'acme' }
    ])
    const two = steps(banned, 'read', { type: 'doc', acl })
    expect(two).toMatchObject({ size: 2, alternatives: [[], []] })
    expect(two?.steps.map(({ kind }) => kind)).toEqual(['role', 'relation'])
  })

  it('gives a system subject grants and other objects, never roles', () => {
    const cron = missing(policy.systemSubject('cron'), 'read', { type: 'doc' })
    expect(cron).toEqual({
      size: 1,
      steps: [{ kind: 'grant', level: 'site', permission: 'doc:read' }],
      alternatives: [[]]
    })
    const owner = missing(policy.systemSubject('owner'), 'read', { type: 'doc', owner: 'u9' })
    expect(owner?.steps).toEqual([{ kind: 'grant', level: 'user', permission: 'doc:read' }])
  })

  it('refuses a malformed question like `explain`', () => {
    const subject = policy.subject({ id: 'u1' })
    // @ts-expect-error an action that `log` does not have
    expect(() => missing(subject, 'update', { type: 'log' })).toThrow(
      expect.objectContaining({ code: 'unknown_action' })
    )
  })

  it('says what an agent of a real policy lacks', () => {
    const real = compile(coder)
    const auditor = real.subject({ id: 'u1', roles: ['auditor', 'member'] })
    const agent = auditor.within({ scopes: ['coder:workspaces.access'] })
    const found = missing(agent, 'read', { type: 'boundary_log' })
    expect(found?.steps).toEqual([{ kind: 'scope', scope: 'boundary_log:read', ceiling: 0 }])
    expect(missing(auditor, 'delete', { type: 'boundary_log' })?.steps.map(describeStep)).toEqual([
      'a grant of boundary_log:delete at site'
    ])
  })

  it('puts every step in words', () => {
    const all: MissingStep[] = [
      { kind: 'role', role: 'member', org: 'acme' },
      { kind: 'role', role: 'root' },
      { kind: 'grant', level: 'org', permission: 'doc:read', org: 'acme' },
      { kind: 'scope', scope: 'doc:read', ceiling: 0 },
      { kind: 'entry', entry: 'doc:*', ceiling: 0 },
      { kind: 'relation', field: 'owner', value: 'u1' },
      { kind: 'relation', field: 'org', value: 'acme' },
      { kind: 'relation', field: 'org', value: undefined }
    ]
    expect(all.map(describeStep)).toEqual([
      'the role member in acme',
      'the role root',
      'a grant of doc:read at org in acme',
      'the scope doc:read',
      'the entry doc:* in the allow list',
      'an object that u1 owns',
      'an object in the organization acme',
      'an object in no organization'
    ])
  })
})

const worlds = rolledMany(worldTape, questionTape, 6, (first, rest) => {
  const world = rollWorld(first)
  return { world, questions: rest.map((dice) => rollQuestion(dice, world)) }
})

describe('on generated requests', () => {
  it('its steps let the request through, each alternative does, and no two steps do where it says more', () => {
    const sizes = new Map<number | undefined, number>()
    fc.assert(
      fc.property(worlds, ({ world, questions }) => {
        const generated = policyOf(world)
        for (const question of questions) {
          const { subject, within, action } = question
          const asked: Asked = { policy: generated, subject, within, action, object: objectOf(question) }
          const found = missing(subjectOf(generated, question), action, asked.object)
          sizes.set(found?.size, (sizes.get(found?.size) ?? 0) + 1)
          const fewest = fewestSteps(asked, world)
          if (fewest <= 2) expect(found?.size).toBe(fewest)
          else expect(found?.size ?? 3).toBeGreaterThan(2)
          if (found === undefined) continue
          expect(found.steps).toHaveLength(found.size)
          expect(
            isAllowed(found.steps.reduce((after, step, index) => apply(after, step, index), asked))
          ).toBe(true)
          for (const [index, others] of found.alternatives.entries())
            for (const other of others.slice(0, 8)) {
              const steps = found.steps.with(index, other)
              expect([
                steps,
                isAllowed(steps.reduce((after, step, at) => apply(after, step, at), asked))
              ]).toEqual([steps, true])
            }
        }
      }),
      { numRuns: runs(25) }
    )
    for (const size of [1, 2]) expect(sizes.get(size) ?? 0).toBeGreaterThan(least(0))
  })
})
