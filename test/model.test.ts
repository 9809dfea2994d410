// The oracle itself: the sentences of the spec's section 2, each with its nearest opposite, and the generators that
// feed it. What the oracle says is compared with every backend in conformance.test.ts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { PolicyData, ResourceDocument } from '../src/document/types.js'
import {
  defects,
  defectsV2,
  parts,
  questionTape,
  questionTapeV2,
  rollDefect,
  rolledMany,
  rollQuestion,
  rollWorld,
  rollWorldV2,
  worldTape,
  worldTapeV2
} from './arbitraries/index.js'
import {
  modelActionsOn,
  modelAnswer,
  modelCanSome,
  modelExplain,
  type Question,
  type World
} from './model.js'
import { least, runs, seenOf } from './support/depth.js'

const actions = { read: 'Read', write: 'Write' }
const document: PolicyData = {
  name: 'model',
  resources: {
    doc: { acl: true, actions },
    log: { actions },
    team: { org: 'required', acl: true, actions }
  },
  orgOptions: { mode: { values: ['open', 'closed'], default: 'open' } },
  roles: {
    reader: { kind: 'site', grants: { site: { allow: { '*': ['read'], log: [] } } } },
    logger: { kind: 'site', grants: { site: { allow: { log: '*' } } } },
    banned: { kind: 'site', grants: { site: { deny: { '*': '*', log: ['read'] } } } },
    own: { kind: 'site', grants: { user: { allow: { doc: '*' } } } },
    member: {
      kind: 'org',
      grants: { org: { deny: { doc: ['write'] } }, orgMember: { allow: { doc: '*' } } }
    },
    writer: {
      kind: 'org',
      grants: { org: { allow: { doc: { except: ['read'] } } } },
      variants: [{ when: { mode: 'closed' }, grants: { org: { allow: { doc: [] } } } }]
    }
  },
  scopes: { reading: { allow: { '*': ['read'] }, aliases: ['r'] } },
  scopeTemplates: {
    agent: {
      params: { doc: 'required', log: 'optional', quiet: 'flag' },
      allow: { doc: '*', log: '*' },
      variants: [
        { when: { quiet: true }, allow: { log: [] } },
        { when: { quiet: false }, allow: { team: '*' } }
      ],
      allowList: ['doc:{doc}', 'log:{log}']
    }
  }
}
const world: World = { document, options: {}, customRoles: { site: {}, orgs: {} } }

const inO1 = (...roles: string[]): unknown[] => roles.map((role) => ({ role, org: 'o1' }))

function answer(subject: object, action: string, object: object, within: readonly object[] = []): string {
  const given = modelAnswer(world, { subject: { id: 'u1', ...subject }, action, object, within })
  return 'error' in given ? given.error : given.reason
}

describe('the oracle about roles', () => {
  it('denies by default and allows what a role grants at the site', () => {
    expect(answer({}, 'read', { type: 'doc' })).toBe('not_granted')
    expect(answer({ roles: ['reader'] }, 'read', { type: 'doc' })).toBe('granted')
    expect(answer({ roles: ['reader'] }, 'write', { type: 'doc' })).toBe('not_granted')
  })
  it('lets a named key replace the wildcard in an allow, and add to it in a deny', () => {
    expect(answer({ roles: ['reader'] }, 'read', { type: 'log' })).toBe('not_granted')
    expect(answer({ roles: ['banned'] }, 'write', { type: 'log' })).toBe('denied')
  })
  it('lets a deny win within a level, and a higher level over a lower one', () => {
    expect(answer({ roles: ['reader', 'banned'] }, 'read', { type: 'doc' })).toBe('denied')
    expect(answer({ roles: inO1('member', 'writer') }, 'write', { type: 'doc', org: 'o1' })).toBe('denied')
    expect(answer({ roles: inO1('member') }, 'write', { type: 'doc', org: 'o1', owner: 'u1' })).toBe('denied')
    expect(answer({ roles: inO1('member') }, 'read', { type: 'doc', org: 'o1', owner: 'u1' })).toBe('granted')
  })
  it('asks only the roles held in the organization of the object', () => {
    expect(answer({ roles: inO1('writer') }, 'write', { type: 'doc', org: 'o1' })).toBe('granted')
    expect(answer({ roles: inO1('writer') }, 'write', { type: 'doc', org: 'o2' })).toBe('not_granted')
    expect(answer({ roles: inO1('writer') }, 'read', { type: 'doc', org: 'o1' })).toBe('not_granted')
  })
  it('reaches at the user level only own objects in no organization', () => {
    expect(answer({ roles: ['own'] }, 'read', { type: 'doc', owner: 'u1', org: '' })).toBe('granted')
    expect(answer({ roles: ['own'] }, 'read', { type: 'doc', owner: 'u2' })).toBe('not_granted')
    expect(answer({ roles: ['own'] }, 'read', { type: 'doc', owner: 'u1', org: 'o1' })).toBe('not_granted')
    expect(answer({ roles: ['own'] }, 'read', { type: 'doc', owner: 'u1', anyOrg: true })).toBe('not_granted')
  })
  it('applies a variant under the setting of the organization in which the role is held', () => {
    const roles = inO1('writer')
    const object = { type: 'doc', org: 'o1' }
    expect(answer({ roles, orgOptions: { o2: { mode: 'closed' } } }, 'write', object)).toBe('granted')
    expect(answer({ roles, orgOptions: { o1: { mode: 'closed' } } }, 'write', object)).toBe('not_granted')
  })
  it('looks under anyOrg for one organization that allows, and says denied only for a deny at the site', () => {
    const object = { type: 'doc', anyOrg: true }
    const both = [
      { role: 'member', org: 'o1' },
      { role: 'writer', org: 'o2' }
    ]
    expect(answer({ roles: both }, 'write', object)).toBe('granted')
    expect(answer({ roles: inO1('member') }, 'write', object)).toBe('not_granted')
    expect(answer({ roles: [...both, 'banned'] }, 'write', object)).toBe('denied')
    expect(answer({ roles: ['reader'] }, 'read', object)).toBe('granted')
  })
})

describe('the oracle about ACLs', () => {
  it('lets an entry of the subject beat a deny of its roles', () => {
    const object = { type: 'doc', acl: { users: { u1: ['read'] } } }
    expect(answer({ roles: ['banned'] }, 'read', object)).toBe('granted_by_acl')
    expect(answer({ roles: ['banned'] }, 'write', object)).toBe('denied')
  })
  it('counts groups and everyone only in an organization of the subject', () => {
    const roles = inO1('member')
    const groups = ['g1']
    const byGroup = { type: 'doc', acl: { groups: { g1: ['*'] } } }
    expect(answer({ roles, groups }, 'read', { ...byGroup, org: 'o1' })).toBe('granted_by_acl')
    expect(answer({ roles, groups }, 'read', { ...byGroup, org: 'o2' })).toBe('not_granted')
    expect(answer({ roles, groups }, 'read', byGroup)).toBe('not_granted')
    expect(answer({ roles, groups }, 'read', { ...byGroup, anyOrg: true })).toBe('granted_by_acl')
    expect(answer({ groups }, 'read', { ...byGroup, anyOrg: true })).toBe('not_granted')
    const byEveryone = { type: 'doc', acl: { groups: { o1: ['read', 'nope'] } } }
    expect(answer({ roles }, 'read', { ...byEveryone, org: 'o1' })).toBe('granted_by_acl')
    expect(answer({ roles }, 'read', { ...byEveryone, anyOrg: true })).toBe('not_granted')
  })
})

describe('the oracle about ceilings', () => {
  const roles = ['reader', 'own']
  it('lets a scope only narrow, by name, alias or low-level name', () => {
    for (const scope of ['reading', 'r', 'doc:read', 'doc:*']) {
      expect(answer({ roles, scopes: ['log:read', scope] }, 'read', { type: 'doc' })).toBe('granted')
    }
    expect(answer({ roles, scopes: ['r'] }, 'write', { type: 'doc', owner: 'u1' })).toBe('outside_scope')
    expect(answer({ roles, scopes: [] }, 'read', { type: 'doc' })).toBe('outside_scope')
    expect(answer({ roles, scopes: ['doc:*'] }, 'write', { type: 'doc' })).toBe('not_granted')
  })
  it('limits a template scope by its own list, and no other scope by it', () => {
    const agent = { template: 'agent', params: { doc: 'd1' } }
    expect(answer({ roles, scopes: [agent] }, 'read', { type: 'doc', id: 'd1' })).toBe('granted')
    expect(answer({ roles, scopes: [agent] }, 'read', { type: 'doc', id: 'd2' })).toBe('outside_allow_list')
    expect(answer({ roles, scopes: [agent] }, 'read', { type: 'doc' })).toBe('outside_allow_list')
    expect(answer({ roles, scopes: [agent, 'doc:read'] }, 'read', { type: 'doc', id: 'd2' })).toBe('granted')
  })
  it('takes a flag that is not given for false, and leaves out the entry of a parameter that is not', () => {
    const ask = (params: object, object: object): string => {
      const scopes = [{ template: 'agent', params: { doc: 'x', ...params } }]
      return answer({ roles: ['reader', 'logger'], scopes }, 'read', { id: 'x', ...object })
    }
    const log = { type: 'log' }
    const team = { type: 'team', org: 'o1' }
    expect(ask({ log: 'x' }, log)).toBe('granted')
    expect(ask({ log: 'x', quiet: false }, log)).toBe('granted')
    expect(ask({ log: 'x', quiet: true }, log)).toBe('outside_scope')
    expect(ask({}, log)).toBe('outside_allow_list')
    expect(ask({}, team)).toBe('outside_allow_list')
    expect(ask({ quiet: true }, team)).toBe('outside_scope')
  })
  it('splits an entry at its first colon and lets only a wildcard match an object without id', () => {
    const read = (entry: string, object: object): string =>
      answer({ roles, allowList: [entry] }, 'read', { type: 'doc', ...object })
    expect(read('doc:a:b', { id: 'a:b' })).toBe('granted')
    expect(read('doc:a', { id: 'a:b' })).toBe('outside_allow_list')
    expect(read('*:*', {})).toBe('granted')
    expect(read('*:a', {})).toBe('outside_allow_list')
    expect(read('log:*', {})).toBe('outside_allow_list')
  })
  it('lets a ceiling laid by within narrow another and never replace it', () => {
    const object = { type: 'doc', id: 'd1' }
    expect(answer({ roles, scopes: ['r'] }, 'read', object, [{ allowList: ['doc:d1'] }])).toBe('granted')
    expect(answer({ roles, scopes: [] }, 'read', object, [{ scopes: ['r'] }])).toBe('outside_scope')
    expect(answer({ roles, allowList: [] }, 'read', object, [{ scopes: [] }])).toBe('outside_scope')
    expect(answer({ roles, scopes: ['r'] }, 'read', object, [{ allowList: [] }])).toBe('outside_allow_list')
  })
})

describe('the oracle about several things at once', () => {
  it('names every role that decides, and what a lower level would have said', () => {
    const subject = { id: 'u1', roles: ['banned', 'reader', 'banned', 'own'] }
    const judged = modelExplain(world, { subject, action: 'read', object: { type: 'doc', owner: 'u1' } })
    expect(judged).toMatchObject({
      reason: 'denied',
      deciding: [
        { role: 'banned', level: 'site', permission: '*:*' },
        { role: 'banned', level: 'site', permission: '*:*' }
      ],
      votes: [
        { level: 'site', vote: 'deny' },
        { level: 'user', vote: 'allow', by: [{ role: 'own', permission: 'doc:*' }] }
      ]
    })
  })
  it('lists what may be done in the order of the catalogue', () => {
    const subject = { id: 'u1', roles: ['own'] }
    expect(modelActionsOn(world, { subject, object: { type: 'doc', owner: 'u1' } })).toEqual([
      'read',
      'write'
    ])
    expect(modelActionsOn(world, { subject, object: { type: 'doc', owner: 'u2' } })).toEqual([])
    expect(modelActionsOn(world, { subject, object: { type: 'nope' } })).toEqual({
      error: 'unknown_resource'
    })
  })
  it('finds some object for a resource with ACLs, and none outside the ceiling', () => {
    const some = (type: string, ceiling: object): unknown =>
      modelCanSome(world, { subject: { id: 'u1', ...ceiling }, action: 'read', type })
    expect(some('team', {})).toBe(true)
    expect(some('team', { allowList: ['team:t1'] })).toBe(true)
    expect(some('team', { allowList: ['doc:t1'] })).toBe(false)
    expect(some('log', {})).toBe(false)
    expect(some('logs', {})).toEqual({ error: 'unknown_resource' })
  })
})

describe.each([
  { of: 'worlds as they were', v2: false, every: defects, codes: 22 },
  { of: 'worlds of either kind', v2: true, every: defectsV2, codes: 30 }
])('the generators of $of', ({ v2, every, codes }) => {
  const [ofWorld, ofQuestion] = v2 ? [worldTapeV2, questionTapeV2] : [worldTape, questionTape]
  const generated = rolledMany(ofWorld, ofQuestion, 20, (first, rest) => {
    const world = rollWorld(first, { v2 })
    return { world, cases: rest.map((dice) => ({ dice, question: rollQuestion(dice, world, { v2 }) })) }
  })

  it('make questions that always have an answer, of every reason, and allow often enough', () => {
    const counts = new Map<string, number>()
    let total = 0
    fc.assert(
      fc.property(generated, ({ world, cases }) => {
        for (const { question } of cases) {
          const given = modelAnswer(world, question)
          expect(given).not.toHaveProperty('error')
          const reason = 'error' in given ? given.error : given.reason
          counts.set(reason, (counts.get(reason) ?? 0) + 1)
          total += 1
        }
      }),
      { numRuns: runs(640) }
    )
    const share = (...reasons: string[]): number =>
      reasons.reduce((sum, reason) => sum + (counts.get(reason) ?? 0), 0) / total
    expect(share('granted', 'granted_by_acl')).toBeGreaterThan(least(0.15))
    expect(share('granted_by_acl')).toBeGreaterThan(least(0.01))
    expect(share('denied')).toBeGreaterThan(least(0.05))
    expect(share('not_granted')).toBeGreaterThan(least(0.1))
    expect(share('outside_scope')).toBeGreaterThan(least(0.02))
    expect(share('outside_allow_list')).toBeGreaterThan(least(0.02))
    expect(share('outside_org')).toBeGreaterThan(least(v2 ? 0.02 : -1))
  })

  it('make defects of every code, and one defect has the code that it promises', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(generated, ({ world, cases }) => {
        for (const { dice, question } of cases) {
          const { defect, question: malformed } = rollDefect(dice, world, question, every)
          expect(modelAnswer(world, malformed)).toEqual({ error: defect.code })
          seen.add(defect.code)
        }
      }),
      { numRuns: runs(400) }
    )
    const all = [...new Set(every.map(({ code }) => code))].sort()
    expect(seenOf(all, seen)).toEqual(all)
    expect(all).toHaveLength(codes)
  })

  it('show the order shape, subject, object, action when two parts have a defect', () => {
    fc.assert(
      fc.property(generated, ({ world, cases }) => {
        for (const { dice, question } of cases) {
          const [first, second] = [dice.below(3), 1 + dice.below(3)].sort()
          if (first === undefined || second === undefined || first === second) continue
          const ofPart = (index: number): typeof every => every.filter(({ part }) => part === parts[index])
          // The later one first: a defect of shape may leave no place for another.
          const fitting = ofPart(second).filter(({ apply }) => apply(question, world, dice) !== undefined)
          if (fitting.length === 0) continue
          const later = rollDefect(dice, world, question, fitting).question
          expect(modelAnswer(world, later)).toEqual({ error: expect.any(String) as string })
          const both = ofPart(first).map(({ apply }) => apply(later as typeof question, world, dice))
          for (const [index, each] of both.entries()) {
            if (each === undefined) continue
            expect(modelAnswer(world, each)).toEqual({ error: ofPart(first)[index]?.code })
          }
        }
      }),
      { numRuns: runs(30) }
    )
  })
})

describe('the generators of worlds with containers, attributes and the rest', () => {
  const generated = rolledMany(worldTapeV2, questionTapeV2, 20, (first, rest) => {
    const world = rollWorldV2(first)
    return { world, questions: rest.map((dice) => rollQuestion(dice, world, { v2: true })) }
  })

  it('let every part decide: each matters to the answer often enough', () => {
    const counts = new Map<string, number>()
    const count = (what: string, isSo: boolean): void => {
      if (isSo) counts.set(what, (counts.get(what) ?? 0) + 1)
    }
    let total = 0
    fc.assert(
      fc.property(generated, ({ world, questions }) => {
        for (const question of questions) {
          total += 1
          const judged = modelExplain(world, question)
          if ('error' in judged) throw new Error(judged.error)
          const { deciding, reason, acl } = judged
          count(
            'container',
            deciding.some(({ container }) => container !== undefined)
          )
          count('included', deciding.length > 0 && deciding.every(({ included }) => included !== undefined))
          count(
            'where',
            deciding.some(({ permission }) => permission.includes(' where '))
          )
          count('implied', !isSameWithout(world, question, 'implies', reason))
          const settings = world.document.resources[question.object['type'] as string]?.acl
          count('graded', typeof settings === 'object' && !isSameWithout(world, question, 'acl', reason))
          count(
            'level',
            acl.some(
              ({ action }) => typeof settings === 'object' && Object.hasOwn(settings.levels ?? {}, action)
            )
          )
        }
      }),
      { numRuns: runs(400) }
    )
    const share = (what: string): number => (counts.get(what) ?? 0) / total
    expect(share('container')).toBeGreaterThan(least(0.03))
    expect(share('included')).toBeGreaterThan(least(0.006))
    expect(share('where')).toBeGreaterThan(least(0.015))
    expect(share('implied')).toBeGreaterThan(least(0.006))
    expect(share('graded')).toBeGreaterThan(least(0.006))
    expect(share('level')).toBeGreaterThan(least(0.002))
  })

  it('are such that an object in several containers of a kind is allowed only where it would be in one of them', () => {
    fc.assert(
      fc.property(generated, ({ world, questions }) => {
        for (const question of questions) {
          const { object } = question
          const kinds = (world.document.containers ?? []).map(({ name }) => name)
          const isAllowed = (places: object): boolean =>
            isYes(modelAnswer(world, { ...question, object: { ...object, ...places } }))
          if (!kinds.some((kind) => Array.isArray(object[kind])) || !isAllowed({})) continue
          const alone = kinds.reduce<object[]>(
            (places, kind) =>
              places.flatMap((one) => idsIn(object[kind]).map((id) => ({ ...one, [kind]: id }))),
            [{}]
          )
          expect(alone.some(isAllowed)).toBe(true)
        }
      }),
      { numRuns: runs(400) }
    )
  })
})

/** The ids in a container's field; none where it names none. */
function idsIn(field: unknown): unknown[] {
  return Array.isArray(field) && field.length > 0 ? field : [Array.isArray(field) ? undefined : field]
}

function isYes(answer: ReturnType<typeof modelAnswer>): boolean {
  return 'allowed' in answer && answer.allowed
}

/** Whether the reason is the same where one part of every resource is left out, or for ACLs at its default. */
function isSameWithout(world: World, question: Question, part: 'implies' | 'acl', reason: string): boolean {
  const resources = Object.entries(world.document.resources).map(
    ([name, resource]): [string, ResourceDocument] => {
      if (part === 'acl')
        return [name, { ...resource, acl: resource.acl !== undefined && resource.acl !== false }]
      return [name, { ...resource, implies: {} }]
    }
  )
  const document = { ...world.document, resources: Object.fromEntries(resources) }
  const given = modelAnswer({ ...world, document }, question)
  return !('error' in given) && given.reason === reason
}
