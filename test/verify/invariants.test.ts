// Invariants: proved exactly where no set of roles, option, setting and object refutes them, and refuted by a request
// that the policy really answers otherwise.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, parsePolicy, parseRequest, type Policy } from 'casemate'
import coder from '../../policies/coder/index.js'
import saas from '../../policies/saas/index.js'
import type { InvariantDocument, OptionDocument, PolicyData, RoleDocument } from '../../src/document/types.js'
import { printVerify, verify, type InvariantResult } from '../../src/verify/index.js'
import { rollRole, type Catalogue } from '../arbitraries/grants.js'
import { rolled, type Dice } from '../arbitraries/index.js'
import { record } from '../arbitraries/world.js'
import type { OptionValue } from '../../src/types.js'
import { floor, runs } from '../support/depth.js'

const base = {
  name: 'p',
  resources: {
    doc: { acl: true, actions: { read: '', update: '' } },
    log: { actions: { read: '' } },
    team: { org: 'required', actions: { read: '' } },
    key: { org: 'never', actions: { read: '' } }
  },
  options: { strict: { values: [true, false], default: true } },
  orgOptions: { plan: { values: ['free', 'paid'] }, open: { values: [true, false], default: true } },
  roles: {
    root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
    author: { kind: 'site', grants: { user: { allow: { doc: '*', log: '*', key: '*' } } } },
    lax: {
      kind: 'site',
      variants: [{ when: { strict: false }, grants: { site: { allow: { log: ['read'] } } } }]
    },
    member: {
      kind: 'org',
      grants: { org: { allow: { log: ['read'], team: ['read'] } } },
      variants: [{ when: { open: false, plan: 'free' }, grants: { org: { allow: { log: [] } } } }]
    },
    ghost: { kind: 'org', assignable: false, grants: { orgMember: { allow: { log: ['read'] } } } },
    banned: { kind: 'org', grants: { org: { deny: { team: ['read'] } }, site: { deny: { key: ['read'] } } } }
  },
  systemSubjects: { cron: { grants: { site: { allow: { doc: ['update'], team: ['read'] } } } } },
  scopes: { reading: { allow: { '*': ['read'] } } },
  scopeTemplates: {
    one: {
      params: { id: 'required', quiet: 'flag' },
      allow: { doc: '*' },
      variants: [{ when: { quiet: true }, allow: { doc: [] } }],
      allowList: ['doc:{id}']
    }
  }
} as const

function check(invariant: Omit<InvariantDocument, 'name'>): InvariantResult {
  const policy = compile(parsePolicy({ ...base, invariants: [{ name: 'x', ...invariant }] }))
  const [result] = verify(policy).invariants
  expectToReevaluate(policy, result!)
  return result!
}

/** The counterexample, asked again as data under its options, is answered otherwise than the invariant says. */
function expectToReevaluate(policy: Policy, { invariant, counterexample }: InvariantResult): void {
  if (counterexample === undefined) return
  const again = compile(policy.document, { options: counterexample.options })
  const data: unknown = JSON.parse(JSON.stringify(counterexample.request))
  const parsed = parseRequest(again, data, { allowSystem: true })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  const isAllowed = parsed.value.subject.can(parsed.value.action, parsed.value.object)
  expect(isAllowed).toBe(invariant.only !== undefined)
  expect(counterexample.decision.allowed).toBe(isAllowed)
}

describe('the progress of proofs', () => {
  it('is told after each invariant, up to all of them', () => {
    const policy = compile(saas)
    const told: (readonly [number, number])[] = []
    const { invariants } = verify(policy, { onProgress: (done, total) => told.push([done, total]) })
    expect(told).toEqual(invariants.map((_, index) => [index + 1, invariants.length]))
    expect(told.length).toBeGreaterThan(1)
  })
})

describe('the policies that ship', () => {
  it.each([
    ['coder', verify(compile(coder))],
    ['saas', verify(compile(saas))]
  ])('%s: every invariant is proved, and is about something', (_name, { ok, invariants }) => {
    expect(invariants.filter((one) => !one.ok || one.isEmpty).map(({ name }) => name)).toEqual([])
    expect(ok).toBe(true)
  })

  it('coder has at least twelve, and each fails once what it forbids is granted', () => {
    const policy = compile(coder)
    expect(policy.document.invariants?.length).toBeGreaterThanOrEqual(12)
    const everything = { kind: 'site', grants: { site: { allow: { '*': '*' } } } } as const
    const opened = verify(policy.withRoles({ everything }))
    const nothing = { kind: 'site', grants: { site: { deny: { '*': '*' } } } } as const
    const makers = { ...everything, assigns: ['*'] }
    const { roles, ...rest } = policy.document
    const given = verify(compile(parsePolicy({ ...rest, roles: { ...roles, makers } })))
    const closed = verify(policy.withRoles({ nothing }))
    for (const [index, { invariant, name }] of opened.invariants.entries()) {
      const failing =
        invariant.assigns !== undefined ? given : invariant.always === undefined ? opened : closed
      const system = invariant.always?.every((holder) => holder.startsWith('system:')) === true
      const isBeyondScope = invariant.scope !== undefined && invariant.always === undefined
      expect([name, failing.invariants[index]?.ok]).toEqual([name, system || isBeyondScope])
    }
  })
})

describe('only', () => {
  it('holds where nobody else is allowed, under any option and setting', () => {
    expect(
      check({ permissions: ['doc:update'], only: ['root', 'author', 'system:cron'], acl: false }).ok
    ).toBe(true)
    expect(check({ permissions: ['key:read'], only: ['root', 'author'] }).ok).toBe(true)
  })

  it('is refuted by the smallest set of roles and object', () => {
    expect(check({ permissions: ['doc:read'], only: ['root'], acl: false }).counterexample).toMatchObject({
      request: {
        subject: { id: 'u1', roles: ['author'] },
        action: 'read',
        object: { type: 'doc', owner: 'u1' }
      },
      options: { strict: true },
      decision: { reason: 'granted' }
    })
  })

  it('is refuted by a system subject, a role that nobody can assign, and an option out of the ordinary', () => {
    expect(
      check({ permissions: ['doc:update'], only: ['root', 'author'], acl: false }).counterexample?.request
        .subject
    ).toEqual({
      system: 'cron'
    })
    const ghost = check({ permissions: ['log:read'], only: ['root', 'author', 'member', 'lax'] })
      .counterexample?.request
    expect(ghost).toEqual({
      subject: { id: 'u1', roles: [{ role: 'ghost', org: 'o1' }] },
      action: 'read',
      object: { type: 'log', owner: 'u1', org: 'o1' }
    })
    const lax = check({
      permissions: ['log:read'],
      only: ['root', 'author', 'member', 'ghost']
    }).counterexample
    expect(lax).toMatchObject({
      options: { strict: false },
      request: { subject: { roles: ['lax'] }, object: { type: 'log' } }
    })
  })

  it('counts ACL entries unless told not to', () => {
    const all = ['root', 'author', 'system:cron']
    expect(check({ permissions: ['doc:update'], only: all }).counterexample?.request).toEqual({
      subject: { id: 'u1', roles: [] },
      action: 'update',
      object: { type: 'doc', acl: { users: { u1: ['update'] } } }
    })
  })

  it('needs a second role where an organization must be one of the subject', () => {
    const refuted = check({
      permissions: ['log:read'],
      only: ['member', 'ghost'],
      relation: 'other, own org'
    })
    expect(refuted.counterexample?.request.subject).toMatchObject({
      roles: ['root', { role: 'banned', org: 'o1' }]
    })
    expect(
      check({ permissions: ['log:read'], only: ['member', 'root', 'lax'], relation: 'other, own org' }).ok
    ).toBe(true)
  })

  it('gives the settings that a role needs', () => {
    const refuted = check({ permissions: ['team:read'], only: ['root', 'system:cron'] })
    expect(refuted.counterexample?.request.subject).toEqual({
      id: 'u1',
      roles: [{ role: 'member', org: 'o1' }],
      orgOptions: { o1: { plan: 'free' } }
    })
  })

  it('is about nobody where no object can be meant, and says so', () => {
    expect(check({ permissions: ['key:read'], only: [], relation: 'own org' })).toMatchObject({
      ok: true,
      isEmpty: true
    })
    expect(check({ permissions: ['key:read'], only: ['root', 'author'] })).toMatchObject({
      ok: true,
      isEmpty: false
    })
  })

  it('is narrowed by a scope or a template, with any parameters', () => {
    expect(check({ permissions: ['doc:update'], only: [], scope: 'reading' }).ok).toBe(true)
    expect(check({ permissions: ['log:read'], only: [], scope: 'one' }).ok).toBe(true)
    const listed = check({ permissions: ['doc:update'], only: [], scope: 'one', acl: false })
    expect(listed.counterexample?.request).toEqual({
      subject: { id: 'u1', roles: ['root'], scopes: [{ template: 'one', params: { id: 'id1' } }] },
      action: 'update',
      object: { type: 'doc', id: 'id1' }
    })
  })
})

describe('always', () => {
  it('holds where nothing that the subject may hold besides takes it away', () => {
    expect(check({ permissions: ['doc:*', 'log:read'], always: ['root'] }).ok).toBe(true)
    expect(check({ permissions: ['log:read'], always: ['author'], relation: 'own' }).ok).toBe(true)
    expect(check({ permissions: ['team:read'], always: ['system:cron'] }).ok).toBe(true)
  })

  it('is refuted by what a second role denies, or by what the role does not reach', () => {
    expect(check({ permissions: ['key:read'], always: ['root'] }).counterexample?.request).toEqual({
      subject: { id: 'u1', roles: ['root', { role: 'banned', org: 'o1' }] },
      action: 'read',
      object: { type: 'key' }
    })
    expect(check({ permissions: ['log:read'], always: ['author'] }).counterexample?.request).toEqual({
      subject: { id: 'u1', roles: ['author'] },
      action: 'read',
      object: { type: 'log' }
    })
  })

  it('means by `own org` of an organization role the one in which it is held', () => {
    const result = check({ permissions: ['log:read'], always: ['member'], relation: 'own org' })
    expect(result.counterexample?.request.subject).toEqual({
      id: 'u1',
      roles: [{ role: 'member', org: 'o1' }],
      orgOptions: { o1: { plan: 'free', open: false } }
    })
    expect(check({ permissions: ['log:read'], always: ['ghost'], relation: 'own, own org' }).ok).toBe(true)
  })

  it('is refuted by a scope that keeps it from the object', () => {
    expect(check({ permissions: ['doc:read'], always: ['root'], scope: 'reading' }).ok).toBe(true)
    expect(
      check({ permissions: ['doc:read'], always: ['root'], scope: 'one' }).counterexample?.request.object
    ).toEqual({ type: 'doc' })
  })
})

describe('on what withRoles returns', () => {
  it('an invariant can be refuted by a custom role, in its organization', () => {
    const policy = compile(
      parsePolicy({
        ...base,
        invariants: [
          { name: 'x', permissions: ['key:read', 'doc:read'], only: ['root', 'author'], acl: false }
        ]
      })
    )
    expect(verify(policy).ok).toBe(true)
    const custom = policy.withRoles(
      { intern: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } } },
      { org: 'acme' }
    )
    const [result] = verify(custom).invariants
    expect(result?.counterexample?.request).toEqual({
      subject: { id: 'u1', roles: [{ role: 'intern', org: 'acme' }] },
      action: 'read',
      object: { type: 'doc', org: 'acme' }
    })
    expect(verify(policy).ok).toBe(true)
  })
})

describe('printVerify', () => {
  it('shows the counterexample with why the policy answers so', () => {
    const policy = compile(
      parsePolicy({
        ...base,
        invariants: [
          { name: 'keys are private', permissions: ['key:read'], only: ['root', 'author'] },
          { name: 'logs too', permissions: ['log:read'], only: ['root', 'author', 'member', 'ghost'] }
        ]
      })
    )
    expect(printVerify(verify(policy))).toBe(
      [
        '✓ keys are private',
        '✗ logs too',
        '    allowed: granted: lax at site by log:read (roles.lax.variants[0].grants.site.allow.log)',
        '    {"subject":{"id":"u1","roles":["lax"]},"action":"read","object":{"type":"log"}} --option strict=false',
        '',
        '1 of 2 invariants does not hold'
      ].join('\n')
    )
  })
})

// --- brute force ----------------------------------------------------------------------------------------------------

/** A policy small enough to try every subject on: up to three site roles and three of an organization. */
const smallPolicies = rolled(600, (dice) => {
  const resources: Catalogue = record(dice.some(['doc', 'log'], 1, 2), () => ({
    acl: dice.chance(20),
    org: dice.pick(['optional', 'required', 'never'] as const),
    actions: { read: '', update: '' }
  }))
  const option = (): OptionDocument => ({
    values: [true, false],
    ...(dice.chance(60) ? { default: dice.chance(50) } : {})
  })
  const options: Record<string, OptionDocument> = dice.chance(40) ? { mode: option() } : {}
  const orgOptions: Record<string, OptionDocument> = dice.chance(50) ? { plan: option() } : {}
  const role = (kind: 'site' | 'org'): RoleDocument =>
    kind === 'site'
      ? rollRole(dice, resources, 'site', ['site', 'user'], options)
      : rollRole(
          dice,
          resources,
          'org',
          dice.chance(40) ? ['org', 'orgMember', 'site', 'user'] : ['org', 'orgMember'],
          {
            ...options,
            ...orgOptions
          }
        )
  const roles = {
    ...record(dice.some(['s1', 's2'], 1, 2), () => role('site')),
    ...record(dice.some(['r1', 'r2'], 1, 2), () => role('org'))
  }
  const document: PolicyData = {
    name: 'small',
    resources,
    options,
    orgOptions,
    roles,
    systemSubjects: {
      cron: { id: 'u1', grants: { site: { allow: { [Object.keys(resources)[0]!]: ['read'] } } } }
    },
    scopeTemplates: {
      key: {
        params: { id: 'required', all: 'flag' },
        allow: { '*': '*' },
        variants: [{ when: { all: true }, allow: { '*': ['read'] } }],
        allowList: [`${Object.keys(resources)[0]!}:{id}`]
      }
    }
  }
  const invariants = Array.from({ length: 4 }, (_, index) => rollInvariant(dice, document, `i${index}`))
  return parsePolicy({ ...document, invariants })
})

function rollInvariant(dice: Dice, { resources, roles = {} }: PolicyData, name: string): InvariantDocument {
  const holders = dice.some([...Object.keys(roles), 'system:cron'], 0, 4)
  const isAlways = dice.chance(50) && holders.length > 0
  const relations = [
    'own',
    'other',
    'own org',
    'other org',
    'no org',
    'own, own org',
    'other, own org',
    'other, other org'
  ]
  return {
    name,
    permissions: [`${dice.pick(Object.keys(resources))}:${dice.pick(['read', 'update', '*'])}`],
    ...(isAlways ? { always: holders } : { only: holders }),
    ...(dice.chance(60) ? { relation: dice.pick(relations) } : {}),
    ...(dice.chance(20) ? { scope: 'key' } : {}),
    ...(dice.chance(50) ? { acl: false } : {})
  }
}

interface Tried {
  readonly roles: readonly { readonly role: string; readonly org?: string }[]
  readonly settings: Readonly<Record<string, Readonly<Record<string, OptionValue>>>>
}

function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]])
}

function valuesOf(options: PolicyData['options'] = {}): Record<string, OptionValue>[] {
  return Object.entries(options).reduce<Record<string, OptionValue>[]>(
    (all, [name, { values }]) =>
      all.flatMap((before) => values.map((value) => ({ ...before, [name]: value }))),
    [{}]
  )
}

/** Every subject with any of the roles, in up to two organizations, under every setting of each. */
function everySubject({ roles = {}, orgOptions = {} }: PolicyData): Tried[] {
  const named = (kind: string) =>
    Object.entries(roles).flatMap(([role, { kind: own }]) => (own === kind ? [role] : []))
  const inOrg = (org: string) =>
    subsets(named('org')).flatMap((set) =>
      (set.length === 0 ? [{}] : valuesOf(orgOptions)).map((settings) => ({
        roles: set.map((role) => ({ role, org })),
        settings: set.length === 0 ? {} : { [org]: settings }
      }))
    )
  return subsets(named('site')).flatMap((site) =>
    inOrg('o1').flatMap((one) =>
      inOrg('o2').map((two) => ({
        roles: [...site.map((role) => ({ role })), ...one.roles, ...two.roles],
        settings: { ...one.settings, ...two.settings }
      }))
    )
  )
}

/** Whether a relation is about an object, told from ids alone; `home` is the organization of an `always` role. */
function isMeant(
  relation: string | undefined,
  object: Obj,
  orgs: ReadonlySet<string>,
  home: string | undefined
): boolean {
  if (relation === undefined) return true
  if (object.anyOrg === true) return false
  const place = object.org === undefined ? 'no org' : orgs.has(object.org) ? 'own org' : 'other org'
  if (place === 'own org' && relation.endsWith('own org') && home !== undefined && object.org !== home)
    return false
  const [first = '', second] = relation.split(', ')
  const isOwn = object.owner === 'u1'
  if (first === 'own' || first === 'other')
    return isOwn === (first === 'own') && place === (second ?? 'no org')
  return place === first
}

interface Obj {
  readonly type: string
  readonly id?: string
  readonly owner?: string
  readonly org?: string
  readonly anyOrg?: boolean
  readonly acl?: { readonly users: Readonly<Record<string, readonly string[]>> }
}

function everyObject(
  document: PolicyData,
  type: string,
  action: string,
  withAcl: boolean,
  withIds: boolean
): Obj[] {
  const { org: placement = 'optional', acl } = document.resources[type]!
  const places = [
    ...(placement === 'required' ? [] : [{}]),
    ...(placement === 'never' ? [] : [{ org: 'o1' }, { org: 'o2' }, { org: 'o3' }, { anyOrg: true }])
  ]
  const owners = [{}, { owner: 'u1' }, { owner: 'u2' }]
  const acls = withAcl && acl === true ? [{}, { acl: { users: { u1: [action] } } }] : [{}]
  const ids = withIds ? [{}, { id: 'k1' }, { id: 'x' }] : [{}]
  return places.flatMap((place) =>
    owners.flatMap((owner) =>
      acls.flatMap((entry) => ids.map((id) => ({ type, ...place, ...owner, ...entry, ...id })))
    )
  )
}

/** The fewest roles that refute the invariant on some object, all subjects tried; a system subject counts as one. */
function refutedByForce(
  document: PolicyData,
  policies: readonly Policy[],
  invariant: InvariantDocument
): number | undefined {
  const { permissions = [], only, always, relation, scope, acl } = invariant
  const holders = new Set(always ?? only)
  const asked = permissions.flatMap((text) => {
    const [type = '', action = ''] = text.split(':')
    return (action === '*' ? Object.keys(document.resources[type]!.actions) : [action]).map((one) => ({
      type,
      action: one
    }))
  })
  const ceilings =
    scope === undefined
      ? [{}]
      : [false, true].map((all) => ({ scopes: [{ template: scope, params: { id: 'k1', all } }] }))
  const tried = everySubject(document)
  let fewest = Number.POSITIVE_INFINITY
  for (const policy of policies) {
    const subjects = tried.flatMap(({ roles, settings }) =>
      ceilings.map((ceiling) => ({
        subject: policy.subject({ id: 'u1', roles, orgOptions: settings, ...ceiling }),
        names: roles.map(({ role }) => role),
        orgs: new Set(roles.flatMap(({ org }) => org ?? [])),
        // One case for each place where a role that an `always` names is held.
        homes:
          always === undefined
            ? [undefined]
            : roles.flatMap(({ role, org }) => (holders.has(role) ? [org] : []))
      }))
    )
    if (scope === undefined)
      subjects.push({
        subject: policy.systemSubject('cron'),
        names: ['system:cron'],
        orgs: new Set(),
        homes: [undefined]
      })
    for (const { subject, names, orgs, homes } of subjects) {
      const holds = names.some((name) => holders.has(name))
      if (always === undefined ? holds : !holds) continue
      for (const { type, action } of asked)
        for (const object of everyObject(
          document,
          type,
          action,
          only !== undefined && acl !== false,
          scope !== undefined
        ))
          if (
            homes.some((home) => isMeant(relation, object, orgs, home)) &&
            subject.can(action, object) === (only !== undefined)
          )
            fewest = Math.min(fewest, names.length)
    }
  }
  return Number.isFinite(fewest) ? fewest : undefined
}

/** How many roles the counterexample has; a system subject counts as one. */
function rolesIn({ counterexample }: InvariantResult): number | undefined {
  const subject = counterexample?.request.subject
  return subject === undefined ? undefined : 'system' in subject ? 1 : subject.roles.length
}

describe('on generated policies', () => {
  it('an invariant is proved exactly where brute force over every role set, option and setting finds nothing', () => {
    let proved = 0
    let refuted = 0
    fc.assert(
      fc.property(smallPolicies, (document) => {
        const policies = valuesOf(document.options).map((options) => compile(document, { options }))
        const { invariants } = verify(policies[0]!)
        for (const result of invariants) {
          const fewest = refutedByForce(document, policies, result.invariant)
          expect([result.invariant, rolesIn(result)]).toEqual([result.invariant, fewest])
          expectToReevaluate(policies[0]!, result)
          if (result.ok) proved++
          else refuted++
        }
      }),
      { numRuns: runs(100) }
    )
    expect(Math.min(proved, refuted)).toBeGreaterThan(floor(50))
  })
})

describe('definePolicy', () => {
  it('gives the same results as JSON', () => {
    const typed = compile(
      definePolicy({ ...base, invariants: [{ name: 'x', permissions: ['log:read'], only: ['root'] }] })
    )
    const plain = compile(parsePolicy(JSON.parse(JSON.stringify(typed.document))))
    expect(JSON.stringify(verify(typed))).toBe(JSON.stringify(verify(plain)))
  })
})
