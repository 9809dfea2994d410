// The smallest key for a run: what is written down, what is suggested for it, and that nothing of it is too much.
import { partsOf } from '../../src/compile/permission-set.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import coderDocument from '../../policies/coder/index.js'
import {
  compile,
  parsePolicy,
  parseRequest,
  parseSubject,
  type Policy,
  type PolicyDocument
} from '../../src/index.js'
import {
  parseRecord,
  recordChecks,
  suggestScopes,
  type CheckRecord,
  type ScopeSuggestion
} from '../../src/scopes/index.js'
import {
  questionTape,
  questionTapeV2,
  rolledMany,
  rollQuestion,
  rollWorld,
  rollWorldV2,
  worldTape,
  worldTapeV2,
  type RolledQuestion
} from '../arbitraries/index.js'
import { asGiven, orFailure } from '../support/engine.js'
import type { World } from '../model.js'
import { grantsNaming } from '../model/document.js'
import { policy, uuid } from './worlds.js'
import { least, runs } from '../support/depth.js'

const numRuns = runs(250, 10_000)

const doc = (number: number): { type: 'doc'; id: string } => ({ type: 'doc', id: uuid(number) })

describe('recordChecks', () => {
  it('writes down what was asked and allowed, each once, and nothing that was refused', () => {
    const { policy: recording, record } = recordChecks(policy)
    const owner = recording.subject({ id: 'u1', roles: ['owner'] })
    expect(owner.can('read', doc(1))).toBe(true)
    expect(owner.can('read', doc(1))).toBe(true)
    owner.authorize('write', doc(1))
    owner.explain('delete', { type: 'doc' })
    owner.filter('read', [doc(2), doc(3)])
    owner.filter('read', [7], () => doc(4))
    owner.canEach({ one: { action: 'create', object: { type: 'log', org: 'o1', id: '' } } })
    expect(owner.canSome('rotate', 'key')).toBe(true)
    owner.can(recording.permission('log', 'read'), { type: 'log', org: 'o1', id: uuid(5) })

    const nobody = recording.subject({ id: 'u2' })
    expect(nobody.can('delete', doc(9))).toBe(false)
    expect(nobody.explain('delete', doc(9)).allowed).toBe(false)
    expect(nobody.canSome('create', 'log')).toBe(false)
    expect(() => {
      nobody.authorize('delete', doc(9))
    }).toThrow()
    expect(() => owner.can(asGiven('raed'), doc(9))).toThrow()

    expect(record()).toEqual({
      checks: [
        { permission: 'doc:read', id: uuid(1) },
        { permission: 'doc:write', id: uuid(1) },
        { permission: 'doc:delete' },
        { permission: 'doc:read', id: uuid(2) },
        { permission: 'doc:read', id: uuid(3) },
        { permission: 'doc:read', id: uuid(4) },
        { permission: 'log:create' },
        { permission: 'key:rotate', some: true },
        { permission: 'log:read', id: uuid(5) }
      ],
      scopes: []
    })
  })

  it('writes down all that `actionsOn` allows: the answer depends on each', () => {
    const { policy: recording, record } = recordChecks(policy)
    recording.subject({ id: 'u1', roles: ['owner'] }).actionsOn(doc(1))
    expect(record().checks.map(({ permission }) => permission)).toEqual([
      'doc:read',
      'doc:write',
      'doc:delete'
    ])
  })

  it('watches subjects of every origin: parsed, of the system, narrowed, with more roles', () => {
    const { policy: recording, record } = recordChecks(policy)
    recording.systemSubject('purge').can('read', { type: 'log', org: 'o1' })
    const parsed = parseSubject(recording, { id: 'u1', roles: ['owner'] })
    if (parsed.ok) parsed.value.can('read', doc(1))
    const request = parseRequest(recording, {
      subject: { id: 'u1', roles: ['owner'] },
      action: 'write',
      object: doc(1)
    })
    if (request.ok) request.value.subject.can(request.value.action, request.value.object)
    const custom = { kind: 'site', grants: { site: { allow: { key: ['rotate'] } } } } as const
    recording
      .withRoles({ custom })
      .subject({ id: 'u1', roles: ['custom'] })
      .can('rotate', { type: 'key' })
    recording
      .subject({ id: 'u1', roles: ['owner'], scopes: ['any'] })
      .within({ scopes: ['docs.edit', policy.scopes.template('one_doc', { doc: uuid(1) })] })
      .can('write', doc(7))
    expect(record()).toEqual({
      checks: [
        { permission: 'log:read' },
        { permission: 'doc:read', id: uuid(1) },
        { permission: 'doc:write', id: uuid(1) },
        { permission: 'key:rotate' },
        { permission: 'doc:write', id: uuid(7) }
      ],
      scopes: ['everything', 'docs.edit', { template: 'one_doc', params: { doc: uuid(1) } }]
    })
  })

  it('writes down what assigning and sharing ask', () => {
    const document = parsePolicy({
      name: 'assigning',
      resources: { doc: { acl: true, actions: { read: '', share: '' } }, role: { actions: { assign: '' } } },
      roles: {
        owner: { kind: 'site', assigns: ['*'], grants: { site: { allow: { '*': '*' } } } },
        viewer: { kind: 'site' }
      },
      assignPermissions: { site: 'role:assign' },
      unassignPermissions: { site: 'role:assign' }
    })
    const asked = (ask: (subject: ReturnType<Policy['subject']>) => unknown): unknown => {
      const { policy: recording, record } = recordChecks(compile(document))
      ask(recording.subject({ id: 'u1', roles: ['owner'] }))
      return record().checks
    }
    expect(asked((owner) => owner.canAssign('viewer'))).toEqual([{ permission: 'role:assign' }])
    expect(asked((owner) => owner.canUnassign('viewer'))).toEqual([{ permission: 'role:assign' }])
    expect(asked((owner) => owner.assignableRoles())).toEqual([{ permission: 'role:assign' }])
    const acl = { users: { u2: ['read'] }, groups: { g1: ['*'] } }
    expect(asked((owner) => owner.canShare({ type: 'doc', id: 'd1' }, acl))).toEqual([
      { permission: 'doc:read', id: 'd1' },
      { permission: 'doc:share', id: 'd1' }
    ])
    expect(asked((owner) => owner.canMint({ scopes: ['doc:read'] }))).toEqual([])
  })

  it('leaves the policy given as it is, and answers as it does', () => {
    const { policy: recording, record } = recordChecks(policy)
    policy.subject({ id: 'u1', roles: ['owner'] }).can('read', doc(1))
    expect(record().checks).toEqual([])
    expect(recording.document).toBe(policy.document)
    const input = { id: 'u1', roles: ['member'] } as const
    for (const owner of ['u1', 'u2'])
      expect(recording.subject(input).explain('read', { type: 'doc', owner })).toEqual(
        policy.subject(input).explain('read', { type: 'doc', owner })
      )
  })
})

describe('suggestScopes', () => {
  const suggest = (checks: CheckRecord['checks'], settings = {}): ScopeSuggestion =>
    suggestScopes(policy, { checks, scopes: [] }, settings)

  it('prefers no excess, and then few names', () => {
    expect(suggest([{ permission: 'doc:read', id: uuid(1) }])).toEqual({
      scopes: ['doc:read'],
      allowList: [`doc:${uuid(1)}`],
      isExact: true,
      excess: [],
      uncovered: [],
      unused: []
    })
    const both = [{ permission: 'doc:read' }, { permission: 'doc:write' }]
    expect(suggest(both)).toMatchObject({ scopes: ['docs.edit'], allowList: ['doc:*'], excess: [] })
    expect(suggest([...both, { permission: 'doc:delete' }])).toMatchObject({
      scopes: ['docs.edit', 'doc:delete']
    })
  })

  it('with public scopes alone takes the least excess, what is added later counted', () => {
    expect(suggest([{ permission: 'log:read' }], { public: true })).toMatchObject({
      scopes: ['reader'],
      excess: ['doc:read', 'key:read', '*:read']
    })
    expect(suggest([{ permission: 'doc:delete' }], { public: true })).toMatchObject({
      scopes: ['doc:*'],
      excess: ['doc:read', 'doc:write', 'doc:*']
    })
    expect(
      suggest([{ permission: 'doc:read' }, { permission: 'doc:write' }, { permission: 'doc:delete' }], {
        public: true
      })
    ).toMatchObject({ scopes: ['doc:*'], excess: ['doc:*'] })
  })

  it('says which permissions no scope to choose from has, and leaves their objects out', () => {
    const internal = compile(
      parsePolicy({
        name: 'internal',
        resources: { doc: { actions: { read: '' } }, log: { actions: { read: '' } } },
        publicScopes: ['doc:read']
      })
    )
    const record = {
      checks: [
        { permission: 'doc:read', id: 'd1' },
        { permission: 'log:read', id: 'l1' }
      ],
      scopes: []
    }
    expect(suggestScopes(internal, record, { public: true })).toMatchObject({
      scopes: ['doc:read'],
      allowList: ['doc:d1'],
      uncovered: ['log:read']
    })
    expect(suggestScopes(internal, record)).toMatchObject({ scopes: ['doc:read', 'log:read'], uncovered: [] })
  })

  it('lists each object, and a type whole where only that matches', () => {
    const list = (...checks: CheckRecord['checks']): readonly string[] => suggest(checks).allowList
    expect(list({ permission: 'doc:read', id: uuid(2) }, { permission: 'log:read', id: uuid(1) })).toEqual([
      `doc:${uuid(2)}`,
      `log:${uuid(1)}`
    ])
    expect(list({ permission: 'doc:read', id: uuid(2) }, { permission: 'doc:write' })).toEqual(['doc:*'])
    for (const id of ['d1', '*', 'AAAAAAAA-AAAA-4AAA-AAAA-AAAAAAAAAAAA'])
      expect(list({ permission: 'doc:read', id })).toEqual(['doc:*'])
    expect(list({ permission: 'doc:read', some: true })).toEqual(['doc:*'])
    expect(list({ permission: 'doc:write', some: true }, { permission: 'doc:read', id: uuid(2) })).toEqual([
      `doc:${uuid(2)}`
    ])
  })

  it('lists types whole, those with the most objects first, where there are more than 128 objects', () => {
    const checks = (permission: string, count: number): CheckRecord['checks'] =>
      Array.from({ length: count }, (_, index) => ({ permission, id: uuid(index) }))
    expect(suggest([...checks('doc:read', 100), ...checks('log:read', 28)]).allowList).toHaveLength(128)
    const short = suggest([...checks('doc:read', 100), ...checks('log:read', 29)]).allowList
    expect(short).toHaveLength(30)
    expect(short[0]).toBe('doc:*')
  })

  it('for an empty record is a key that allows nothing', () => {
    expect(suggest([])).toMatchObject({ scopes: [], allowList: [], isExact: true })
  })

  it('names the scopes that were held and let through nothing of the run', () => {
    const template = { template: 'one_doc', params: { doc: uuid(1) } }
    const record: CheckRecord = {
      checks: [{ permission: 'doc:read', id: uuid(2) }],
      scopes: ['reader', 'key:rotate', 'docs.edit', template, 'log:*']
    }
    expect(suggestScopes(policy, record).unused).toEqual(['key:rotate', template, 'log:*'])
  })

  it('is exact while at most 12 declared scopes compete, and otherwise says that it may not be', () => {
    const many = (count: number): Policy => {
      const actions = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`a${index}`, '']))
      const scopes = Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `pair ${index}`,
          { allow: { doc: [`a${index}`, `a${index + 1}`] }, public: true }
        ])
      )
      return compile(parsePolicy({ name: 'many', resources: { doc: { actions } }, scopes }))
    }
    const record = (count: number): CheckRecord => ({
      checks: Array.from({ length: count }, (_, index) => ({ permission: `doc:a${index}` })),
      scopes: []
    })
    expect(suggestScopes(many(11), record(12))).toMatchObject({
      isExact: true,
      scopes: { length: 6 },
      excess: []
    })
    expect(suggestScopes(many(12), record(13))).toMatchObject({
      isExact: true,
      scopes: { length: 7 },
      excess: []
    })
    const found = suggestScopes(many(13), record(14))
    expect(found).toMatchObject({ isExact: false, excess: [], uncovered: [] })
    expect(found.scopes.length).toBeLessThanOrEqual(14)
  })

  it('throws for a record that is none, naming what is wrong with it', () => {
    const message = (record: unknown): unknown => {
      try {
        return suggestScopes(policy, asGiven(record))
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(message({ checks: [{ permission: 'doc:raed' }], scopes: [] })).toBe(
      'record.checks[0].permission: unknown action `raed` of `doc`; did you mean `read`?'
    )
    expect(message({ checks: [], scopes: ['redaer'] })).toBe(
      'record.scopes[0]: unknown scope `redaer`; did you mean `reader`?'
    )
    expect(message(null)).toBe('record: expected a record, `{ checks, scopes }`, not `null`')
  })
})

describe('parseRecord', () => {
  it('reads a record through JSON, with scopes or without', () => {
    const { policy: recording, record } = recordChecks(policy)
    const owner = recording.subject({ id: 'u1', roles: ['owner'], scopes: ['everything'] })
    owner.can('read', doc(1))
    owner.canSome('rotate', 'key')
    owner.can('write', { type: 'doc' })
    expect(parseRecord(policy, JSON.parse(JSON.stringify(record())))).toEqual({ ok: true, value: record() })
    expect(parseRecord(policy, { checks: [] })).toEqual({ ok: true, value: { checks: [], scopes: [] } })
  })

  it('gives every problem at once', () => {
    const parsed = parseRecord(policy, {
      checks: [
        null,
        { permission: 'doc' },
        { permission: 'docs:read' },
        { permission: 'doc:read', id: '' },
        { permission: 'doc:read', some: false },
        { permission: 'doc:read', ID: 'd1' },
        { permission: 7 }
      ],
      scopes: ['nope', 7, { template: 'one_doc', params: {} }],
      cheks: 1
    })
    expect(parsed.ok ? [] : parsed.problems.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'cheks invalid_request',
      'checks[0] invalid_request',
      'checks[1].permission invalid_request',
      'checks[3].id invalid_request',
      'checks[4].some invalid_request',
      'checks[5].ID invalid_request',
      'checks[6].permission invalid_request',
      'scopes[1] invalid_request',
      'checks[2].permission unknown_resource',
      'scopes[0] unknown_scope',
      'scopes[2].params.doc missing_parameter'
    ])
    for (const data of [undefined, 7, []]) expect(parseRecord(policy, data).ok).toBe(false)
    for (const data of [{}, { checks: {} }, { checks: [], scopes: null }])
      expect(orFailure(() => suggestScopes(policy, asGiven(data)))).toEqual({ error: 'invalid_request' })
  })
})

// --- in every world -------------------------------------------------------------------------------------------------

interface Run {
  readonly world: World
  readonly questions: readonly RolledQuestion[]
}

/** Runs of somebody who may do everything: what they ask is what counts. */
const generatedRuns: fc.Arbitrary<Run> = rolledMany(worldTape, questionTape, 12, (first, rest) => {
  const world = rollWorld(first)
  return { world, questions: rest.map((dice) => rollQuestion(dice, world)) }
})

/** The same where half of the policies have containers, attributes and the rest. */
const wideRuns: fc.Arbitrary<Run> = rolledMany(worldTapeV2, questionTapeV2, 12, (first, rest) => {
  const world = rollWorldV2(first)
  return { world, questions: rest.map((dice) => rollQuestion(dice, world, { v2: true })) }
})

function policyWith({ document, options }: World): Policy {
  const powerful = { everything: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
  const parsed: PolicyDocument = parsePolicy({ ...document, roles: { ...document.roles, ...powerful } })
  return compile(parsed, { options })
}

/** Asks a run's questions in turns by each way there is to ask. */
function ask(subject: ReturnType<Policy['subject']>, questions: readonly RolledQuestion[]): boolean[] {
  return questions.map(({ action, object }, index) => {
    const [name, about] = [asGiven(action), asGiven(object)]
    const ways: readonly (() => boolean)[] = [
      () => subject.can(name, about),
      () => subject.explain(name, about).allowed,
      () => subject.filter(name, [about]).length === 1,
      () => subject.canSome(name, asGiven(object['type'])),
      () => subject.actionsOn(about).includes(name)
    ]
    return ways[index % ways.length]?.() === true
  })
}

describe('in every world', () => {
  it.each([
    ['as it was', generatedRuns],
    ['with what came later', wideRuns]
  ])('the suggestion lets the run through, and every element of it is needed, %s', (_, some) => {
    fc.assert(
      fc.property(some, fc.boolean(), ({ world, questions }, isPublic) => {
        const compiled = policyWith(world)
        const { policy: recording, record } = recordChecks(compiled)
        const input = { id: 'u1', roles: ['everything'] }
        const before = ask(recording.subject(input), questions)
        const run = record()
        const { scopes, allowList, uncovered } = suggestScopes(compiled, run, { public: isPublic })
        if (!isPublic) expect(uncovered).toEqual([])
        const bare = compiled.subject(input)
        const key = bare.within({ scopes, allowList })
        if (uncovered.length === 0) expect(ask(key, questions)).toEqual(before)

        const missed: readonly string[] = uncovered
        const kept = run.checks.filter(({ permission }) => !missed.includes(permission))
        const isThrough = (ceiling: { scopes: readonly string[]; allowList: readonly string[] }): boolean => {
          const narrowed = bare.within(ceiling)
          return kept.every((check) => passes(world, narrowed, check))
        }
        expect(isThrough({ scopes, allowList })).toBe(true)
        // A scope may be needed for some attributes of what another one leaves uncovered.
        if (uncovered.length > 0 && some === wideRuns) return
        for (const index of scopes.keys())
          expect(
            isThrough({ scopes: scopes.toSpliced(index, 1), allowList }),
            `without ${scopes[index] ?? ''}`
          ).toBe(false)
        for (const index of allowList.keys())
          expect(isThrough({ scopes, allowList: allowList.toSpliced(index, 1) })).toBe(false)
      }),
      { numRuns }
    )
  })

  it('no other choice of scopes has less excess, or as much with fewer names', () => {
    let tried = 0
    fc.assert(
      fc.property(generatedRuns, fc.boolean(), ({ world, questions }, isPublic) => {
        const compiled = policyWith(world)
        const all = compiled.scopes.list(isPublic ? { public: true } : {})
        if (all.length > 13) return
        tried++
        const { policy: recording, record } = recordChecks(compiled)
        ask(recording.subject({ id: 'u1', roles: ['everything'] }), questions)
        const run = record()
        const needed = new Set(run.checks.map(({ permission }) => permission))
        const places = placesOf(world)
        const tables = all.map(({ allow }) =>
          places.map(([r, a]) => grantsNaming(allow, 'allow', r, a).length > 0)
        )
        const isNeeded = places.map(([resource, action]) => needed.has(`${resource}:${action}`))
        const cost = (chosen: readonly number[]): readonly number[] => {
          const isThrough = places.map((_, place) => chosen.some((scope) => tables[scope]?.[place] === true))
          return [
            isNeeded.filter((need, place) => need && isThrough[place] === false).length,
            isThrough.filter((through, place) => through && isNeeded[place] === false).length,
            chosen.length
          ]
        }
        const suggestion = suggestScopes(compiled, run, { public: isPublic })
        const found = cost(suggestion.scopes.map((name) => all.findIndex((scope) => scope.name === name)))
        expect(found).toEqual([
          suggestion.uncovered.length,
          suggestion.excess.length,
          suggestion.scopes.length
        ])
        for (let subset = 0; subset < 1 << all.length; subset++) {
          const other = cost([...all.keys()].filter((scope) => (subset & (1 << scope)) !== 0))
          // Said only where it is so: there are thousands of subsets.
          if (isBetter(other, found))
            expect.unreachable(fc.stringify({ needed, subset, found, other, suggestion }))
        }
      }),
      { numRuns }
    )
    expect(tried).toBeGreaterThan(least(numRuns / 10))
  })
})

/** Whether a subject with every role passes a check that was written down. */
function passes(
  { document }: World,
  subject: ReturnType<Policy['subject']>,
  { permission, id, attributes, some }: CheckRecord['checks'][number]
): boolean {
  const [type = '', action = ''] = permission.split(':')
  if (some === true) return subject.canSome(action, type, attributes)
  const { org, in: containers = {} } = document.resources[type] ?? {}
  const inside = Object.entries(containers).flatMap(([name, place]) => (place === 'required' ? [name] : []))
  return subject.can(action, {
    type,
    ...(id === undefined ? {} : { id }),
    ...(org === 'required' ? { org: 'o1' } : {}),
    ...Object.fromEntries(inside.map((name) => [name, 'p1'])),
    ...attributes
  })
}

/**
 * Every permission that there is or can come, as scopes can tell them apart: an action that a wildcard names, or a new
 * one, of a resource that lacks it or of a new resource.
 */
function placesOf({ document }: World): (readonly [resource: string, action: string])[] {
  const named = Object.values(document.scopes ?? {}).flatMap(({ allow }) => {
    const list = Object.hasOwn(allow, '*') ? (allow['*'] ?? '*') : '*'
    return partsOf(list).flatMap(({ names }) => (names === '*' ? [] : names))
  })
  const added = [...new Set([...named, '(new action)'])]
  return [...Object.entries(document.resources), ['(new resource)', { actions: {} }] as const].flatMap(
    ([resource, { actions }]) =>
      [...new Set([...Object.keys(actions), ...added])].map((action) => [resource, action] as const)
  )
}

function isBetter(a: readonly number[], b: readonly number[]): boolean {
  const differing = a.findIndex((value, index) => value !== b[index])
  return differing >= 0 && (a[differing] ?? 0) < (b[differing] ?? 0)
}

describe('for policies/coder', () => {
  it('the key of a script is as small as it can be', () => {
    const coder = compile(coderDocument)
    const { policy: recording, record } = recordChecks(coder)
    const org = uuid(100)
    const user = recording.subject({
      id: uuid(1),
      roles: ['member', { role: 'organization-member', org }],
      scopes: ['coder:all', 'user:read', 'file:*']
    })
    const workspace = { type: 'workspace', id: uuid(5), owner: uuid(1), org } as const
    for (const action of ['read', 'ssh', 'application_connect'] as const) user.authorize(action, workspace)
    const suggestion = suggestScopes(coder, record(), { public: true })
    expect(suggestion).toMatchObject({
      scopes: ['workspace:read', 'workspace:ssh', 'workspace:application_connect'].sort(
        (a, b) => place(coder, a) - place(coder, b)
      ),
      allowList: [`workspace:${uuid(5)}`],
      isExact: true,
      excess: [],
      unused: ['user:read', 'file:*']
    })
    const { scopes, allowList } = suggestion
    expect(user.within({ scopes, allowList }).can('ssh', workspace)).toBe(true)
  })
})

function place(coder: { readonly scopes: Policy['scopes'] }, permission: string): number {
  return coder.scopes.list().findIndex(({ name }) => name === permission)
}
