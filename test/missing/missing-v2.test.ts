// What a refused request lacks where a policy has containers, attributes, implied actions, included roles, settings of
// ACLs and keys of organizations.
import fc from 'fast-check'
import { compile, parsePolicy, type ObjectRef } from 'casemate'
import { describe, expect, it } from 'vitest'
import { describeStep, missing, type Missing, type MissingStep } from '../../src/missing/index.js'
import { questionTapeV2, rolledMany, rollQuestion, worldTapeV2 } from '../arbitraries/index.js'
import { rollWideWorld } from '../arbitraries/world.js'
import type { World } from '../model.js'
import { asGiven, policyOf, subjectOf } from '../support/engine.js'
import { isOwnSeed } from '../seed.js'
import { runs } from '../support/depth.js'
import { objectOf } from '../support/objects.js'
import { apply, fewestSteps, isAllowed, type Asked } from './brute-force.js'

const policy = compile(
  parsePolicy({
    name: 'p',
    containers: [{ name: 'project' }],
    resources: {
      doc: {
        in: { project: 'optional' },
        attributes: { status: { values: ['draft', 'published'], default: 'draft' } },
        actions: { read: '', update: '' },
        implies: { update: ['read'] }
      },
      page: {
        in: { project: 'required' },
        acl: { requires: 'use', members: true, overridesDeny: true },
        actions: { read: '', use: '' }
      },
      file: { acl: { overridesDeny: false }, actions: { read: '' } }
    },
    roles: {
      viewer: {
        kind: 'project',
        grants: { project: { allow: { doc: [{ actions: ['read'], where: { status: 'published' } }] } } }
      },
      writer: {
        kind: 'project',
        includes: ['viewer'],
        grants: { project: { allow: { doc: ['update'] } } }
      },
      user: { kind: 'project', grants: { project: { allow: { page: ['use'] } } } },
      owner: { kind: 'project', grants: { projectMember: { allow: { doc: '*' } } } },
      member: { kind: 'org', grants: {} },
      strict: { kind: 'org', grants: { orgMember: { deny: { doc: ['update'] } } } },
      banned: { kind: 'site', grants: { site: { deny: { page: ['read'] } } } },
      barred: { kind: 'org', grants: { org: { deny: { file: '*' } } } }
    }
  })
)

function steps(input: object, action: string, object: object): Missing | undefined {
  return missing(policy.subject(asGiven(input)), asGiven(action), asGiven(object as ObjectRef))
}

const inProject = (id: string): Pick<Extract<MissingStep, { kind: 'role' }>, 'container'> => ({
  container: { kind: 'project', id }
})
const words = (found: Missing | undefined): readonly (readonly string[])[] | undefined =>
  found?.steps.map((step, index) => [step, ...(found.alternatives[index] ?? [])].map(describeStep))

describe('a container', () => {
  it('takes a role, then a grant, where the object is in it, with the attributes that it has', () => {
    const published = steps({ id: 'u1' }, 'read', { type: 'doc', project: 'p1', status: 'published' })
    expect(published).toEqual({
      size: 1,
      steps: [{ kind: 'role', role: 'viewer', ...inProject('p1') }],
      alternatives: [
        [
          { kind: 'role', role: 'writer', ...inProject('p1') },
          { kind: 'grant', level: 'project', permission: 'doc:read', ...inProject('p1') },
          { kind: 'grant', level: 'site', permission: 'doc:read' }
        ]
      ]
    })
    // Only what implies it reads a draft.
    expect(words(steps({ id: 'u1' }, 'read', { type: 'doc', project: 'p1' }))).toEqual([
      [
        'the role writer in the project p1',
        'a grant of doc:read at project in the project p1',
        'a grant of doc:read at site'
      ]
    ])
  })

  it('is each of those that the object is in, and the narrowest level stands first', () => {
    const object = { type: 'doc', owner: 'u1', org: 'acme', project: ['p1', 'p2'] }
    const [all] = words(steps({ id: 'u1' }, 'update', object)) ?? []
    expect(all).toEqual([
      'the role writer in the project p1',
      'the role writer in the project p2',
      'the role owner in the project p1',
      'the role owner in the project p2',
      'a grant of doc:update at projectMember in the project p1',
      'a grant of doc:update at projectMember in the project p2',
      'a grant of doc:update at orgMember in acme',
      'a grant of doc:update at project in the project p1',
      'a grant of doc:update at project in the project p2',
      'a grant of doc:update at org in acme',
      'a grant of doc:update at site'
    ])
  })

  it('may be another one, or another owner may have the object', () => {
    const subject = { id: 'u1', roles: [{ role: 'writer', project: 'p1' }] }
    const [all = []] = words(steps(subject, 'update', { type: 'doc', project: 'p9' })) ?? []
    expect(all.at(-1)).toBe('an object in the project p1')
    const owned = { id: 'u1', roles: [...subject.roles, { role: 'strict', org: 'acme' }] }
    const object = { type: 'doc', project: 'p1', org: 'acme', owner: 'u1' }
    const found = steps(owned, 'update', object)
    expect(words(found)?.[0]).toContain('an object without owner')
    expect(words(found)?.[0]).toContain('an object in no organization')
  })

  it('is not one that a role of another container helps in', () => {
    const places = policy.withRoles(
      { local: { kind: 'project', grants: { project: { allow: { doc: '*' } } } } },
      { project: 'p2' }
    )
    const roles = (project: string): readonly string[] => {
      const found = missing(
        places.subject({ id: 'u1' }),
        asGiven('update'),
        asGiven({ type: 'doc', project })
      )
      return [...(found?.steps ?? []), ...(found?.alternatives[0] ?? [])].map(describeStep)
    }
    expect(roles('p2')).toContain('the role local in the project p2')
    expect(roles('p1').filter((one) => one.includes('local'))).toEqual([])
  })
})

describe('an ACL entry with settings', () => {
  const acl = { users: { u1: ['read'] } }

  it('needs what the resource requires, and to belong to the organization', () => {
    const banned = { id: 'u1', roles: ['banned'] }
    const object = { type: 'page', org: 'acme', project: 'p1', acl }
    const both = steps(banned, 'read', object)
    expect(words(both)?.[0]).toEqual(['a grant of page:use at org in acme'])
    const member = { id: 'u1', roles: ['banned', { role: 'member', org: 'acme' }] }
    expect(words(steps(member, 'read', object))?.[0]).toEqual([
      'the role user in the project p1',
      'a grant of page:use at project in the project p1',
      'a grant of page:use at org in acme',
      'a grant of page:use at site'
    ])
    const using = { id: 'u1', roles: ['banned', { role: 'user', project: 'p1' }] }
    expect(words(steps(using, 'read', object))?.[0]?.slice(0, 2)).toEqual([
      'the role member in acme',
      'the role strict in acme'
    ])
  })

  it('does not count where roles deny and entries do not override that', () => {
    const barred = { id: 'u1', roles: [{ role: 'barred', org: 'acme' }] }
    expect(words(steps(barred, 'read', { type: 'file', org: 'acme', acl }))?.[0]).toEqual([
      'a grant of file:read at site',
      'an object in the organization o1',
      'an object in no organization'
    ])
  })
})

describe('a list of organizations', () => {
  const held = { id: 'u1', roles: [{ role: 'writer', project: 'p1' }] }
  const object = { type: 'doc', project: 'p1', org: 'acme' }

  it('takes the organization of the object, or `*`, or the object moves', () => {
    expect(steps({ ...held, onlyOrgs: ['other'] }, 'update', object)).toEqual({
      size: 1,
      steps: [{ kind: 'org', org: 'acme', ceiling: 0 }],
      alternatives: [
        [
          { kind: 'org', org: '*', ceiling: 0 },
          { kind: 'relation', field: 'org', value: 'other' }
        ]
      ]
    })
    expect(words(steps({ ...held, onlyOrgs: [] }, 'update', { ...object, org: undefined }))?.[0]).toEqual([
      'the entry *none in the list of organizations',
      'the entry * in the list of organizations'
    ])
  })

  it('is the more reason to move the object the more lists there are', () => {
    const narrowed = policy
      .subject(asGiven({ ...held, onlyOrgs: ['other', 'third'] }))
      .within({ onlyOrgs: ['other'] })
    const ask = (one: object): Missing | undefined => missing(narrowed, asGiven('update'), asGiven(one))
    expect(ask(object)?.steps).toEqual([{ kind: 'relation', field: 'org', value: 'other' }])
    // The first list has it, so the second one is all that lacks it.
    expect(ask({ ...object, org: 'third' })?.steps).toEqual([{ kind: 'org', org: 'third', ceiling: 1 }])
  })

  it('takes none where it is full', () => {
    const full = Array.from({ length: 128 }, () => 'other')
    const found = steps({ ...held, onlyOrgs: full }, 'update', object)
    expect(found?.steps).toEqual([{ kind: 'relation', field: 'org', value: 'other' }])
    expect(
      steps({ ...held, onlyOrgs: full.map(() => '*none') }, 'update', {
        ...object,
        anyOrg: true,
        org: undefined
      })?.steps
    ).toEqual([{ kind: 'relation', field: 'org', value: undefined }])
  })

  it('needs one organization that counts under `anyOrg`', () => {
    const member = { id: 'u1', roles: [...held.roles, { role: 'member', org: 'acme' }] }
    const any = { type: 'doc', project: 'p1', anyOrg: true }
    expect(steps({ ...member, onlyOrgs: ['acme'] }, 'update', any)?.size).toBe(0)
    expect(steps({ ...member, onlyOrgs: ['other'] }, 'update', any)?.steps).toEqual([
      { kind: 'org', org: 'acme', ceiling: 0 }
    ])
    const both = { ...member, roles: [...member.roles, { role: 'barred', org: 'third' }] }
    expect(words(steps({ ...both, onlyOrgs: ['*none'] }, 'update', any))?.[0]).toEqual([
      'the entry acme in the list of organizations',
      'the entry * in the list of organizations',
      'the entry third in the list of organizations',
      'an object in no organization'
    ])
    expect(steps({ ...held, onlyOrgs: ['other'] }, 'update', any)?.steps).toContainEqual({
      kind: 'role',
      role: 'member',
      org: 'other'
    })
  })

  it('takes `*` where it cannot name the organization', () => {
    const uuids = compile(
      parsePolicy({
        name: 'p',
        ids: 'uuid',
        resources: { doc: { actions: { read: '' } } },
        roles: { root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
      })
    )
    const key = uuids.subject({ id: 'u1', roles: ['root'], onlyOrgs: [] })
    const all = (org: string): readonly string[] | undefined =>
      words(missing(key, 'read', { type: 'doc', org }))?.[0]
    const uuid = '00000000-0000-4000-a000-00000000000a'
    const star = 'the entry * in the list of organizations'
    expect(all('acme')).toEqual([star])
    expect(all(uuid)).toEqual([`the entry ${uuid} in the list of organizations`, star])
    // A list has its ids in lower case, and ids are compared as exact texts.
    expect(all(uuid.toUpperCase())).toEqual([star])
  })
})

it('puts every step in words', () => {
  const all: MissingStep[] = [
    { kind: 'role', role: 'viewer', ...inProject('p1') },
    { kind: 'grant', level: 'projectMember', permission: 'doc:read', ...inProject('p1') },
    { kind: 'org', org: '*none', ceiling: 0 },
    { kind: 'relation', field: 'project', value: 'p1' },
    { kind: 'relation', field: 'project', value: undefined },
    { kind: 'relation', field: 'owner', value: undefined }
  ]
  expect(all.map(describeStep)).toEqual([
    'the role viewer in the project p1',
    'a grant of doc:read at projectMember in the project p1',
    'the entry *none in the list of organizations',
    'an object in the project p1',
    'an object in no project',
    'an object without owner'
  ])
})

// --- brute force ----------------------------------------------------------------------------------------------------

const worlds = rolledMany(worldTapeV2, questionTapeV2, 6, (first, rest) => {
  const world = rollWideWorld(first)
  return { world, questions: rest.map((dice) => rollQuestion(dice, world, { v2: true })) }
})

/** What was found, after checking it. */
function check(asked: Asked, world: World): Missing | undefined {
  const { policy: generated, action, object } = asked
  const found = missing(subjectOf(generated, asked), action, object)
  const fewest = fewestSteps(asked, world)
  if (fewest <= 2) expect(found?.size).toBe(fewest)
  else expect(found?.size ?? 3).toBeGreaterThan(2)
  if (found === undefined) return undefined
  expect([found.steps.length, found.alternatives.length]).toEqual([found.size, found.size])
  expect([found.steps, isAllowed(found.steps.reduce(apply, asked))]).toEqual([found.steps, true])
  for (const [index, others] of found.alternatives.entries())
    for (const other of others.slice(0, 12)) {
      const replaced = found.steps.with(index, other)
      expect([replaced, isAllowed(replaced.reduce(apply, asked))]).toEqual([replaced, true])
    }
  return found
}

/** The request without scopes and allow lists, of which each may take a step of its own. */
function withoutThese(asked: Asked): Asked {
  const cut = (data: Asked['subject']): Asked['subject'] =>
    Object.fromEntries(Object.entries(data).filter(([key]) => key !== 'scopes' && key !== 'allowList'))
  return {
    ...asked,
    subject: cut(asked.subject),
    within: asked.within.map(cut).filter((one) => Object.keys(one).length > 0)
  }
}

describe('on generated requests to policies of every kind', () => {
  it('its steps let the request through, each alternative does, and no two steps do where it says more', () => {
    const seen = new Set<unknown>()
    fc.assert(
      fc.property(worlds, ({ world, questions }) => {
        const generated = policyOf(world)
        for (const question of questions) {
          const { subject, within, action } = question
          const asked: Asked = { policy: generated, subject, within, action, object: objectOf(question) }
          const found = check(asked, world)
          // Scopes and lists may take more steps than can be tried; what else is missing takes few.
          const hasThese = [subject, ...within].some((one) => 'scopes' in one || 'allowList' in one)
          const other = hasThese ? check(withoutThese(asked), world) : found
          const more = (found?.steps ?? []).filter(({ kind }) => kind === 'scope' || kind === 'entry')
          if (found !== undefined) expect(other?.size).toBe(found.size - more.length)
          seen.add(found?.size)
          for (const step of [...(found?.steps ?? []), ...(found?.alternatives.flat() ?? [])])
            seen.add('container' in step ? `${step.kind} in a container` : step.kind)
        }
      }),
      { numRuns: runs(24) }
    )
    if (isOwnSeed)
      expect([...seen]).toEqual(expect.arrayContaining([1, 2, 'role', 'grant', 'org', 'relation']))
  })
})
