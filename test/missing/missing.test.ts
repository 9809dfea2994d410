// What a refused request lacks: applying it lets the request through, and nothing smaller does.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compile,
  definePolicy,
  isCasemateError,
  type ObjectRef,
  type Policy,
  type RoleDocument
} from 'casemate'
import coder from '../../policies/coder/index.js'
import type { PolicyData } from '../../src/document/types.js'
import { describeStep, missing, type Missing, type MissingStep } from '../../src/missing/index.js'
import { questionTape, rolledMany, rollQuestion, rollWorld, worldTape } from '../arbitraries/index.js'
import type { World } from '../model.js'
import { objectOf } from '../support/objects.js'
import { policyOf, subjectOf } from '../support/engine.js'

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

// --- brute force ----------------------------------------------------------------------------------------------------

interface Asked {
  readonly policy: Policy
  readonly subject: Readonly<Record<string, unknown>>
  readonly within: readonly Readonly<Record<string, unknown>>[]
  readonly action: string
  readonly object: ObjectRef
}

/** Takes a step through the public interface, on the request as data. */
function apply(asked: Asked, step: MissingStep, index: number): Asked {
  if (step.kind === 'role') return addRole(asked, step.role, step.org)
  if (step.kind === 'grant') return addGrant(asked, step, `granted ${index}`)
  if (step.kind === 'relation') {
    const { owner, org, anyOrg, ...rest } = asked.object
    const changed = step.field === 'owner' ? { org, anyOrg, owner: step.value } : { owner, org: step.value }
    return { ...asked, object: { ...rest, ...changed } }
  }
  const ceilings = [asked.subject, ...asked.within].filter((one) => 'scopes' in one || 'allowList' in one)
  const changed = ceilings[step.ceiling]!
  const key = step.kind === 'scope' ? 'scopes' : 'allowList'
  const added = {
    ...changed,
    [key]: [
      ...(changed[key] as unknown[]),
      step.kind === 'scope' ? step.scope : 'entry' in step ? step.entry : step.org
    ]
  }
  return {
    ...asked,
    subject: asked.subject === changed ? added : asked.subject,
    within: asked.within.map((one) => (one === changed ? added : one))
  }
}

function addRole(asked: Asked, role: string, org: string | undefined): Asked {
  const roles = [...((asked.subject['roles'] ?? []) as unknown[]), org === undefined ? role : { role, org }]
  return { ...asked, subject: { ...asked.subject, roles } }
}

function addGrant(asked: Asked, step: Extract<MissingStep, { kind: 'grant' }>, name: string): Asked {
  const [resource = '', action = ''] = step.permission.split(':')
  const grants = { [step.level]: { allow: { [resource]: [action] } } }
  const system = asked.subject['system']
  if (typeof system !== 'string') {
    const role: RoleDocument = { kind: step.org === undefined ? 'site' : 'org', grants }
    return addRole(
      { ...asked, policy: asked.policy.withRoles({ [name]: role }, { org: step.org }) },
      name,
      step.org
    )
  }
  // A system subject's grant is a change of the document: the service is given a line of its own beside the old ones.
  const { document, options } = asked.policy
  const systems = Object.entries(document.systemSubjects ?? {}).map(([key, value]) => {
    if (key !== system) return [key, value] as const
    const level = step.level === 'user' ? 'user' : 'site'
    const before = value.grants?.[level]?.allow ?? {}
    const all = Object.keys(document.resources[resource]!.actions).filter(
      (one) => one === action || isListed(before, resource, one)
    )
    const allow = Object.fromEntries([...Object.entries(before), [resource, all]])
    return [
      key,
      { ...value, grants: { ...value.grants, [level]: { ...value.grants?.[level], allow } } }
    ] as const
  })
  const changed: PolicyData = { ...document, systemSubjects: Object.fromEntries(systems) }
  return { ...asked, policy: compile(changed, { options }) }
}

function isListed(set: Readonly<Record<string, unknown>>, resource: string, action: string): boolean {
  const list = Object.hasOwn(set, resource) ? set[resource] : set['*']
  if (list === undefined) return false
  if (list === '*') return true
  if (Array.isArray(list)) return list.includes(action)
  return !(list as { readonly except: readonly string[] }).except.includes(action)
}

/** Whether the request is allowed; false where it cannot be asked: a role without its setting, say. */
function isAllowed({ policy: asked, subject, within, action, object }: Asked): boolean {
  try {
    return subjectOf(asked, { subject, within }).can(action, object)
  } catch (error) {
    if (isCasemateError(error)) return false
    throw error
  }
}

/** Every step that somebody could think of, without a thought for whether it helps. */
function everyStep(
  { policy: asked, subject, within, action, object }: Asked,
  { document }: World
): MissingStep[] {
  const held = (subject['roles'] ?? []) as readonly (
    string | { readonly role: string; readonly org?: string }
  )[]
  const heldOrgs = held
    .flatMap((role) => (typeof role === 'string' ? [] : (role.org ?? [])))
    .filter((org) => org !== '')
  const orgs = [
    ...new Set([...heldOrgs, object.org ?? '', 'new', ...Object.keys(object.acl?.groups ?? {})])
  ].filter((org) => org !== '')
  const isSystem = 'system' in subject
  const permission = `${object.type}:${action}`
  const roles = isSystem ? [] : asked.roles.list().filter(({ isAssignable }) => isAssignable)
  const ceilings = [subject, ...within].filter((one) => 'scopes' in one || 'allowList' in one)
  const lists =
    document.ids === 'uuid' && !/^[\da-f-]{36}$/i.test(object.id ?? '')
      ? []
      : [`${object.type}:${object.id ?? '*'}`]
  return [
    ...roles.flatMap(({ name, kind, org }): MissingStep[] =>
      kind === 'site'
        ? [{ kind: 'role', role: name }]
        : (org === undefined ? orgs : [org]).map((place) => ({ kind: 'role', role: name, org: place }))
    ),
    { kind: 'grant', level: 'site', permission },
    { kind: 'grant', level: 'user', permission },
    ...(isSystem
      ? []
      : orgs.flatMap((org): MissingStep[] => [
          { kind: 'grant', level: 'org', permission, org },
          { kind: 'grant', level: 'orgMember', permission, org }
        ])),
    ...ceilings.flatMap((one, ceiling): MissingStep[] => [
      ...('scopes' in one
        ? asked.scopes.list().map(({ name }): MissingStep => ({ kind: 'scope', scope: name, ceiling }))
        : []),
      ...('allowList' in one
        ? [...lists, `${object.type}:*`, '*:*'].map((entry): MissingStep => ({
            kind: 'entry',
            entry,
            ceiling
          }))
        : [])
    ]),
    ...[subject['id'] as string | undefined, 'somebody', undefined].map((value): MissingStep => ({
      kind: 'relation',
      field: 'owner',
      value
    })),
    ...[...orgs, undefined].map((value): MissingStep => ({ kind: 'relation', field: 'org', value }))
  ]
}

/** The fewest of these steps that let the request through, up to two; infinite where two do not. */
function fewestSteps(asked: Asked, world: World): number {
  if (isAllowed(asked)) return 0
  const all = everyStep(asked, world)
  const tried = all.flatMap((step) => tryStep(asked, step, 1))
  if (tried.some(({ after }) => isAllowed(after))) return 1
  for (const { step, after } of tried)
    for (const second of all) {
      // One relation of the object is changed at most.
      if (second === step || (step.kind === 'relation' && second.kind === 'relation')) continue
      if (tryStep(after, second, 2).some((both) => isAllowed(both.after))) return 2
    }
  return Number.POSITIVE_INFINITY
}

/** A step may not be possible: a custom role with a grant that never matches is refused. */
function tryStep(asked: Asked, step: MissingStep, index: number): { step: MissingStep; after: Asked }[] {
  try {
    return [{ step, after: apply(asked, step, index) }]
  } catch (error) {
    if (isCasemateError(error)) return []
    throw error
  }
}

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
      { numRuns: 25 }
    )
    expect([...sizes.keys()].filter((size) => size !== undefined && size > 0 && size <= 2).length).toBe(2)
  })
})
