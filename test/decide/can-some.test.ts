// `canSome` beside `can` on every object of a small world: whatever is given of the object, the answer is that of the
// objects that have it. Then beside the model on generated worlds, with some fields of a generated object.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type ObjectRef, type SubjectInput } from 'casemate'
import { questionTapeV2, rolledMany, rollQuestion, rollWorldV2, worldTapeV2 } from '../arbitraries/index.js'
import { modelCanSome } from '../model.js'
import { floor, runs } from '../support/depth.js'
import { orFailure, policyOf, subjectOf } from '../support/engine.js'
import { objectOf } from '../support/objects.js'

const policy = compile(
  parsePolicy({
    name: 'some',
    containers: [{ name: 'project' }],
    resources: {
      doc: {
        acl: true,
        in: { project: 'optional' },
        attributes: { state: { values: ['draft', 'final'], default: 'draft' } },
        actions: { read: '', write: '' }
      },
      page: { org: 'required', in: { project: 'required' }, actions: { read: '' } },
      note: { org: 'never', actions: { read: '' } }
    },
    roles: {
      author: { kind: 'site', grants: { user: { allow: { doc: ['write'], note: ['read'] } } } },
      banned: { kind: 'site', grants: { site: { deny: { '*': '*' } } } },
      reader: {
        kind: 'org',
        grants: {
          org: { allow: { doc: { actions: ['read'], where: { state: 'final' } } } },
          orgMember: { allow: { page: ['read'] } }
        }
      },
      quiet: { kind: 'org', grants: {} },
      editor: { kind: 'project', grants: { project: { allow: { doc: ['write'], page: ['read'] } } } },
      locked: { kind: 'project', grants: { project: { deny: { doc: ['write'] } } } },
      shut: { kind: 'project', grants: { project: { deny: { page: ['read'] } } } }
    },
    scopes: { docs: { allow: { doc: '*' } } },
    systemSubjects: { purge: { grants: { site: { allow: { doc: ['write'] } } } } }
  })
)

const reader = { role: 'reader', org: 'o1' }
const subjects: readonly SubjectInput[] = [
  { id: 'me', roles: [] },
  { id: 'me', roles: ['author'] },
  { id: 'me', roles: ['author', 'banned'] },
  { id: 'me', roles: [reader, { role: 'quiet', org: 'o2' }], groups: ['g'] },
  { id: 'me', roles: [reader, { role: 'editor', project: 'p1' }, { role: 'locked', project: 'p2' }] },
  { id: 'me', roles: [reader, { role: 'reader', org: 'o2' }], onlyOrgs: ['o2'] },
  { id: 'me', roles: [reader, { role: 'reader', org: 'o2' }], onlyOrgs: ['o1'] },
  { id: 'me', roles: ['author', reader], scopes: ['docs'], allowList: ['doc:i1'] },
  { id: 'me', roles: ['author'], onlyOrgs: [] },
  { id: 'me', roles: ['author'], onlyOrgs: ['*none'] },
  { system: 'purge' }
].map((input) => input as SubjectInput)

const choices: Readonly<Record<string, readonly unknown[]>> = {
  id: [undefined, 'i1', 'i2'],
  owner: [undefined, 'me', 'you'],
  project: [undefined, 'p1', 'p2', 'p3'],
  state: [undefined, 'final'],
  acl: [undefined, { users: { me: ['read'] } }, { users: { me: ['*'] } }]
}
const inPlaces: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { org: 'o1' },
  { org: 'o2' },
  { org: 'o3' },
  { anyOrg: true }
]

/** Every object of a type that is valid. */
function* objectsOf(type: string): Generator<ObjectRef> {
  const [places, keys] = {
    doc: [inPlaces, ['id', 'owner', 'project', 'state', 'acl']] as const,
    page: [inPlaces.slice(1), ['id', 'owner', 'project']] as const
  }[type] ?? [[{}], ['id', 'owner']]
  const required = type === 'page' ? ['project'] : []
  let all: readonly Readonly<Record<string, unknown>>[] = places
  for (const key of keys) {
    const values = choices[key]!.slice(required.includes(key) ? 1 : 0)
    all = all.flatMap((one) => values.map((value) => (value === undefined ? one : { ...one, [key]: value })))
  }
  for (const fields of all) yield { type, ...fields }
}

const given: readonly Readonly<Record<string, unknown>>[] = [
  {},
  ...Object.entries(choices).flatMap(([key, values]) => values.slice(1).map((value) => ({ [key]: value }))),
  ...inPlaces.slice(1),
  { anyOrg: true, owner: 'you' },
  { org: 'o1', state: 'final' },
  { org: 'o1', state: 'draft', owner: 'me' },
  { org: 'o3', project: 'p1' },
  { project: 'p2', owner: 'me' }
]

const has = (object: ObjectRef, fields: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(fields).every(([key, value]) => {
    const found = (object as unknown as Record<string, unknown>)[key]
    return key === 'acl'
      ? JSON.stringify(found) === JSON.stringify(value)
      : (found ?? (key === 'state' ? 'draft' : undefined)) === value
  })

describe.each(subjects.map((input, i) => [i, input] as const))('canSome of subject %i', (_, input) => {
  const subject = 'system' in input ? policy.systemSubject('purge') : policy.subject(input)

  it.each([
    ['read', 'doc'],
    ['write', 'doc'],
    ['read', 'page'],
    ['read', 'note']
  ])('%s %s is `can` of some object that has what is given', (action, type) => {
    const objects = [...objectsOf(type)]
    const allowed = objects.filter((object) => subject.can(action as 'read', object))
    for (const fields of given) {
      // What no object of the type may have is an error of the question, which other tests ask for.
      if (!objects.some((object) => has(object, fields))) continue
      const expected = allowed.some((object) => has(object, fields))
      expect(subject.canSome(action as 'read', type as 'doc', fields as object), JSON.stringify(fields)).toBe(
        expected
      )
    }
  })

  it('takes an object that is not shared with all members for any object', () => {
    const pages = [...objectsOf('page')].filter((object) => !('anyOrg' in object))
    const isAllowed = pages.some((object) => subject.can('read', object))
    expect(subject.canSome('read', 'page', { anyOrg: false })).toBe(isAllowed)
  })

  it('takes an absent field for not given, and a null one for none', () => {
    const objects = [...objectsOf('doc')].filter((object) => !('anyOrg' in object))
    for (const action of ['read', 'write'] as const) {
      const allowed = objects.filter((object) => subject.can(action, object))
      for (const key of ['id', 'owner', 'org', 'project', 'acl', 'anyOrg']) {
        const without = allowed.some((object) => !(key in object))
        expect(subject.canSome(action, 'doc', { [key]: undefined }), key).toBe(subject.canSome(action, 'doc'))
        expect(subject.canSome(action, 'doc', { [key]: null }), key).toBe(without)
      }
      expect(subject.canSome(action, 'doc', { anyOrg: false })).toBe(allowed.length > 0)
    }
  })
})

describe('canSome of what has to be in a project', () => {
  it.each([[[]], [['another']], [['another', 'another!']], [['p1']]])(
    'asks about another project than %j',
    (projects) => {
      const shut = projects.map((project) => ({ role: 'shut', project }) as const)
      const roles = [{ role: 'reader', org: 'o1' } as const, ...shut]
      expect(policy.subject({ id: 'me', roles }).canSome('read', 'page', { owner: 'me' })).toBe(true)
      expect(policy.subject({ id: 'me', roles: shut }).canSome('read', 'page')).toBe(false)
    }
  )
})

describe('canSome of what is shared with members of no organization in the way', () => {
  const memos = compile(
    parsePolicy({
      name: 'memos',
      resources: { memo: { org: 'required', acl: { overridesDeny: false }, actions: { read: '' } } },
      roles: { muted: { kind: 'org', grants: { org: { deny: { memo: ['read'] } } } } }
    })
  )

  it.each([[['another']], [['another', 'another!']], [['o1']]])(
    'asks about another organization than %j',
    (orgs) => {
      const roles = orgs.map((org) => ({ role: 'muted', org }))
      expect(memos.subject({ id: 'me', roles }).canSome('read', 'memo')).toBe(true)
      expect(memos.subject({ id: 'me', roles, onlyOrgs: orgs }).canSome('read', 'memo')).toBe(false)
      expect(memos.subject({ id: 'me', roles, onlyOrgs: ['o2'] }).canSome('read', 'memo')).toBe(true)
    }
  )
})

describe('canSome of generated worlds', () => {
  const rolls = rolledMany(worldTapeV2, questionTapeV2, 8, (first, rest) => {
    const world = rollWorldV2(first)
    return { world, questions: rest.map((dice) => rollQuestion(dice, world, { v2: true })) }
  })

  it('answers like the model, whichever fields are given, left out or undefined', () => {
    const answers = new Map<unknown, number>()
    fc.assert(
      fc.property(rolls, fc.infiniteStream(fc.nat(2)), ({ world, questions }, choice) => {
        const policy = policyOf(world)
        for (const question of questions) {
          const object = objectOf(question)
          const { type } = object
          const fields = Object.fromEntries(
            Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
              const chosen = Number(choice.next().value)
              return chosen === 0 || key === 'type' ? [] : [[key, chosen === 1 ? undefined : value]]
            })
          )
          const found = orFailure(() =>
            subjectOf(policy, question).canSome(question.action, type, fields as object)
          )
          expect(found, JSON.stringify([question, Object.entries(fields)])).toEqual(
            modelCanSome(world, { ...question, type, fields })
          )
          answers.set(found, (answers.get(found) ?? 0) + 1)
        }
      }),
      { numRuns: runs(150, 20_000) }
    )
    for (const answer of [true, false]) expect(answers.get(answer) ?? 0).toBeGreaterThan(floor(150))
  })
})
