// Nothing that a public function gives away leads back into a policy, and nothing that one was given stays in it: the
// test writes to all of it, everywhere that it can reach, and then asks everything again.
import { describe, expect, it } from 'vitest'
import * as casemate from 'casemate'
import * as casl from 'casemate/casl'
import * as difference from 'casemate/diff'
import * as guards from 'casemate/guard'
import * as linter from 'casemate/lint'
import * as missing from 'casemate/missing'
import * as mutation from 'casemate/mutate'
import * as node from 'casemate/node'
import * as runtime from 'casemate/runtime'
import * as scopes from 'casemate/scopes'
import * as testing from 'casemate/testing'
import * as verify from 'casemate/verify'
import { compile, definePolicy, parsePolicy, type Policy, type Subject, type SubjectInput } from 'casemate'

const write = (): Record<string, unknown> => ({
  name: 'notes',
  containers: [{ name: 'project' }, { name: 'team' }],
  resources: {
    note: {
      acl: { levels: { viewer: ['read'], editor: { except: ['delete'] } } },
      in: { project: 'optional' },
      attributes: { state: { values: ['draft', 'out'], default: 'draft' } },
      implies: { update: ['read'] },
      description: 'A note',
      actions: { read: 'r', update: 'u', delete: 'd' }
    },
    bill: { org: 'required', actions: { read: 'r', pay: 'p' } }
  },
  options: { isOpen: { values: [true, false], default: true } },
  orgOptions: { plan: { values: ['free', 'paid'], default: 'free' } },
  roles: {
    reader: { kind: 'site', grants: { site: { allow: { note: ['read'] } } }, assigns: ['member'] },
    writer: {
      kind: 'site',
      grants: { user: { allow: { note: { except: ['delete'] } } } },
      variants: [{ when: { isOpen: false }, grants: { user: { allow: { note: [] } } } }]
    },
    member: {
      kind: 'org',
      grants: { org: { allow: { bill: ['read'] } }, orgMember: { deny: { note: ['delete'] } } },
      variants: [{ when: { plan: 'paid' }, grants: { org: { allow: { bill: '*' } } } }],
      assigns: ['member', 'custom:org']
    },
    editor: {
      kind: 'project',
      grants: {
        project: { allow: { note: [{ actions: ['update', 'delete'], where: { state: 'draft' } }] } }
      },
      assigns: ['editor', 'custom:project']
    },
    chief: { kind: 'project', includes: ['editor'] }
  },
  systemSubjects: { purge: { grants: { site: { allow: { note: ['delete'] } } } } },
  scopes: { notes: { allow: { note: ['read', 'update'] }, aliases: ['n'], public: true } },
  publicScopes: ['note:read'],
  scopeTemplates: {
    one: { params: { id: 'required', quiet: 'flag' }, allow: { note: ['read'] }, allowList: ['note:{id}'] }
  },
  invariants: [{ name: 'nobody pays', permissions: ['bill:pay'], only: ['member'] }]
})

const inputs = (): readonly SubjectInput[] => [
  { id: 'ada' },
  { id: 'ada', roles: ['reader'] },
  { id: 'ada', roles: ['writer', { role: 'member', org: 'o1' }], groups: ['g1'] },
  { id: 'ada', roles: [{ role: 'member', org: 'o1' }], orgOptions: { o1: { plan: 'paid' } } },
  { id: 'ada', roles: ['reader', 'writer'], scopes: ['note:read'] },
  { id: 'ada', roles: [{ role: 'chief', project: 'p1' }], onlyOrgs: ['o1', '*none'] },
  {
    id: 'ada',
    roles: ['reader', 'writer'],
    scopes: ['n', { template: 'one', params: { id: 'n1' } }],
    allowList: ['note:n1', 'bill:*']
  }
]

const objects = (): readonly casemate.ObjectRef[] => [
  { type: 'note' },
  { type: 'note', id: 'n1', owner: 'ada' },
  { type: 'note', id: 'n2', owner: 'bob', acl: { users: { ada: ['delete'] }, groups: { g1: ['*'] } } },
  { type: 'note', owner: 'ada', org: 'o1' },
  { type: 'note', anyOrg: true },
  { type: 'note', project: ['p1', 'p2'], state: 'out' } as casemate.ObjectRef,
  { type: 'note', project: 'p1', owner: 'ada', acl: { users: { ada: ['viewer'] } } } as casemate.ObjectRef,
  { type: 'bill', id: 'b1', org: 'o1' },
  { type: 'bill', org: 'o2', owner: 'ada' }
]

const actions = { note: ['read', 'update', 'delete'], bill: ['read', 'pay'] } as const
const keys = [
  {},
  { scopes: ['note:read'] },
  { scopes: ['note:delete'] },
  { scopes: ['note:*'], allowList: ['note:n1'] }
]
const role = (): casemate.RoleDocument => ({ kind: 'org', grants: { org: { allow: { bill: ['read'] } } } })

type Asking = Pick<Subject, 'can' | 'explain' | 'actionsOn' | 'canSome'> & Partial<Omit<Subject, 'within'>>

function answersOf(subject: Asking): unknown {
  const asked = objects().flatMap((object) => {
    const ofType = actions[object.type as keyof typeof actions]
    return [
      subject.actionsOn(object),
      ...ofType.map((action) => [
        subject.can(action, object),
        subject.explain(action, object),
        subject.canSome(action, object.type)
      ])
    ]
  })
  return structuredClone([
    asked,
    keys.map((key) => subject.explainMint?.(key)),
    subject.explainGrant?.(role(), 'o1'),
    subject.explainAssign?.('member', 'o1'),
    subject.assignableRoles?.('o1')
  ])
}

function subjectsOf(policy: Policy): readonly Subject[] {
  return [...inputs().map((input) => policy.subject(input)), policy.systemSubject('purge')]
}

const page = { name: 'note.md', text: '| | Read (all) |\n|-|-|\n| reader | yes |\n' }

/** What a policy, one with more roles and one that was compiled ahead of time answer, and what they list. */
function everyAnswer(policy: Policy, file: unknown): unknown {
  const more = policy.withRoles({ helper: role() }, { org: 'o1' })
  const loaded = runtime.fromCompiled(file)
  const list = (of: Policy): unknown => [of.resources.list(), of.roles.list(), of.scopes.list(), of.options]
  return [
    structuredClone([list(policy), list(more)]),
    structuredClone([linter.lint(policy), linter.lintRules, mutation.mutationKinds, node.policyJsonSchema()]),
    structuredClone(mutation.mutate(policy, [page], { max: 3 })),
    ...subjectsOf(policy).map(answersOf),
    ...subjectsOf(more).map(answersOf),
    ...inputs().map((input) => answersOf(loaded.subject(input)))
  ]
}

/** Everything that the public functions of every entry point give for a policy, and what they export beside. */
function everyReturn(policy: Policy, file: unknown): readonly unknown[] {
  const subjects = subjectsOf(policy)
  const loaded = runtime.fromCompiled(file)
  const request = { subject: { id: 'ada', roles: ['reader'] }, action: 'read', object: objects()[2] }
  const { policy: recorded, record } = scopes.recordChecks(policy)
  recorded
    .subject({ id: 'ada', roles: ['reader'], scopes: ['note:read'] })
    .can('read', { type: 'note', id: 'n1' })
  const matrix = verify.matrixOf(policy, { resource: 'note' })
  return [
    policy,
    loaded,
    node.toCompiled(policy),
    policy.document,
    policy.options,
    policy.permission('note', 'read'),
    loaded.permission('note', 'read'),
    policy.withRoles({ helper: role() }, { org: 'o1' }),
    policy.resources.list(),
    policy.resources.get('note'),
    policy.roles.list(),
    policy.roles.get('member'),
    policy.scopes.list(),
    policy.scopes.get('note:read'),
    policy.scopes.get('note:*'),
    policy.scopes.get('n'),
    policy.scopes.template('one', { id: 'n1' }),
    casemate.parseSubject(policy, inputs()[2]),
    casemate.parseObject(policy, objects()[2]),
    casemate.parseRequest(policy, request),
    casemate.parseRequest(policy, {}),
    ...subjects.flatMap((subject) => [
      subject,
      subject.within({ scopes: ['note:read'], allowList: ['note:n1'] }),
      subject.actionsOn({ type: 'note' }),
      subject.assignableRoles('o1'),
      subject.explainAssign('member', 'o1'),
      subject.explainUnassign('member', 'o1'),
      subject.explainGrant(role(), 'o1'),
      subject.explainReplace(role(), { kind: 'org' }, 'o1'),
      subject.explainShare({ type: 'note' }, { users: { bob: ['read'] } }),
      subject.canEach({ a: { action: 'read', object: { type: 'note' } } }),
      subject.filter('read', [...objects()].slice(0, 2)),
      ...keys.map((key) => subject.explainMint(key)),
      ...objects().map((object) => subject.explain('read', object)),
      casl.abilityFor(subject),
      casl.abilityFor(subject).rules,
      missing.missing(subject, 'update', { type: 'note' }),
      verify.classesOf(subject, 'read', 'note'),
      scopes.missingScopes(subject, 'delete', { type: 'note' }),
      scopes.forbiddenResponse(subject, 'delete', { type: 'note' })
    ]),
    refusalOf(() => {
      subjects[0]?.authorize('delete', { type: 'note' })
    }),
    refusalOf(() => policy.subject({ id: 'ada', roles: ['reeder'] })),
    refusalOf(() => parsePolicy({})),
    record(),
    recorded,
    scopes.suggestScopes(policy, record()),
    scopes.parseRecord(policy, record()),
    scopes.ceilingOf(policy, {
      scopes: ['n', { template: 'one', params: { id: 'n1' } }],
      allow_list: ['note:n1']
    }),
    scopes.parseScope(policy, 'n'),
    scopes.parseAllowList(policy, ['note:n1']),
    scopes.normalizeAllowList(policy, ['note:n1']),
    scopes.uniteAllowLists(policy, ['note:n1'], ['bill:*']),
    scopes.intersectAllowLists(policy, ['note:n1'], ['note:*']),
    scopes.toAllowListTargets(['note:n1']),
    scopes.tokenRequestParser(policy, { maxLifetime: 9e12, defaultLifetime: 5e12 })({
      scopes: ['note:read']
    }),
    verify.verify(policy),
    linter.lint(policy),
    linter.lintRules,
    linter.lintToSarif(linter.lint(policy), { uri: 'policy.json' }),
    verify.checkMatrix(policy, page.text, { resource: 'note' }),
    verify.runSuite(policy, [page], { coverage: true }),
    mutation.mutate(policy, [page], { max: 3 }),
    mutation.mutationKinds,
    verify.whoCan(policy, 'note:read'),
    matrix,
    difference.diffPolicies(policy, compile(parsePolicy(write()), { options: { isOpen: false } })),
    verify.describeDecision,
    guards.guard(
      policy,
      { read: () => Promise.resolve(1) },
      { read: { action: 'read', object: () => ({ type: 'note' }) } }
    ),
    testing.checkPolicy,
    testing.matchers,
    casemate,
    node.policyJsonSchema()
  ]
}

function refusalOf(fails: () => unknown): unknown {
  try {
    fails()
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

/** Writes to a value and to all that can be reached from it, prototypes of our own classes included. */
function writeEverywhere(value: unknown, seen: Set<unknown>): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return
  seen.add(value)
  const reachable: unknown[] = []
  for (const key of Reflect.ownKeys(value)) reachable.push(Object.getOwnPropertyDescriptor(value, key)?.value)
  if (value instanceof Map || value instanceof Set) reachable.push(...value.keys(), ...value.values())
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!isForeign(prototype)) reachable.push(prototype)
  for (const inner of reachable) writeEverywhere(inner, seen)
  // Functions are what the program is made of; what they give away is what is looked at.
  if (typeof value === 'function') return
  const tries: readonly (() => unknown)[] = [
    ...Reflect.ownKeys(value).flatMap((key) => [
      () => Reflect.set(value, key, hostileFor(Reflect.get(value, key))),
      () => Reflect.defineProperty(value, key, { value: hostileFor(undefined) }),
      () => Reflect.deleteProperty(value, key)
    ]),
    () => Reflect.set(value, 'can', () => true),
    () => Reflect.set(value, 'owner', 'ada'),
    () => Reflect.setPrototypeOf(value, { can: () => true }),
    () => Array.isArray(value) && value.push('delete', '*', 'note:delete'),
    () => value instanceof Map && value.set('note', '*'),
    () => {
      if (value instanceof Map || value instanceof Set) value.clear()
    },
    () => value instanceof Set && value.add('delete'),
    () => ArrayBuffer.isView(value) && new Uint8Array(value.buffer).fill(255)
  ]
  for (const attempt of tries)
    try {
      attempt()
    } catch {
      // Refused, as it should be.
    }
}

function hostileFor(value: unknown): unknown {
  if (Array.isArray(value)) return ['read', 'update', 'delete', '*']
  return typeof value === 'boolean' || typeof value === 'function' ? () => true : '*'
}

const ours = new Set(['Policy', 'Subject', 'Permission'])

/** Whether a prototype is the language's, CASL's or an error's: to write there is to change another program. */
function isForeign(prototype: unknown): boolean {
  if (typeof prototype !== 'object' || prototype === null) return true
  const made: unknown = Reflect.get(prototype, 'constructor')
  return typeof made !== 'function' || !ours.has(made.name)
}

describe('a policy', () => {
  it('answers the same after everything that it gave away was written to', () => {
    const policy: Policy = compile(parsePolicy(write()))
    const text = JSON.stringify(node.toCompiled(policy))
    const before = everyAnswer(policy, JSON.parse(text))
    const given = everyReturn(policy, JSON.parse(text))
    const seen = new Set<unknown>([casemate])
    for (const value of given) writeEverywhere(value, seen)
    expect(seen.size).toBeGreaterThan(500)
    expect(everyAnswer(policy, JSON.parse(text))).toEqual(before)
    expect(JSON.stringify(node.toCompiled(policy))).toBe(text)
    expect(everyAnswer(compile(parsePolicy(write())), JSON.parse(text))).toEqual(before)
  })

  it('gives away no permission set that a key could be widened with', () => {
    const policy = compile(
      definePolicy({ name: 'x', resources: { note: { actions: { read: '', delete: '' } } } })
    )
    const scope = policy.scopes.get('note:read')
    const list: unknown = scope?.allow['note']
    expect(() => Array.isArray(list) && list.push('delete')).toThrow(TypeError)
    const key = policy.subject({ id: 'ada', scopes: ['note:read'] })
    expect(key.canMint({ scopes: ['note:read'] })).toBe(true)
    expect(key.canMint({ scopes: ['note:delete'] })).toBe(false)
  })

  it('answers the same after everything that it was given was changed', () => {
    const document = write()
    const settings = { options: { isOpen: true } }
    const policy: Policy = compile(document as never, settings)
    const defined: Policy = compile(parsePolicy(definePolicy(write() as never)))
    const added = { helper: role() }
    const place = { org: 'o1' }
    const more = policy.withRoles(added, place)
    const given = structuredClone([...inputs()])
    const ceiling = {
      scopes: ['note:read', { template: 'one', params: { id: 'n1' } }],
      allowList: ['note:n1']
    }
    const file: unknown = JSON.parse(JSON.stringify(node.toCompiled(more)))
    const loaded = runtime.fromCompiled(file)
    const subjects = given.flatMap((input) => [
      policy.subject(input),
      more.subject(input),
      loaded.subject(input)
    ])
    const all: readonly Asking[] = [...subjects, ...subjects.map((subject) => subject.within(ceiling))]
    const parsed = casemate.parseSubject(policy, given[2])
    const object = structuredClone(objects()[2])
    const read = casemate.parseObject(policy, object)
    if (!parsed.ok || !read.ok) throw new Error('what is well formed was not parsed')
    const before = all.map(answersOf)
    const compiled = JSON.stringify([
      node.toCompiled(policy),
      node.toCompiled(more),
      node.toCompiled(defined)
    ])
    const decided = structuredClone(parsed.value.explain('delete', read.value))
    const seen = new Set<unknown>()
    for (const value of [document, settings, added, place, given, ceiling, file, object])
      writeEverywhere(value, seen)
    expect(all.map(answersOf)).toEqual(before)
    expect(parsed.value.explain('delete', read.value)).toEqual(decided)
    expect(JSON.stringify([node.toCompiled(policy), node.toCompiled(more), node.toCompiled(defined)])).toBe(
      compiled
    )
  })
})

describe('a subject', () => {
  const policy: Policy = compile(parsePolicy(write()))
  const recorded = scopes.recordChecks(policy).policy
  const loaded = runtime.fromCompiled(JSON.parse(JSON.stringify(node.toCompiled(policy))))
  const made: readonly (readonly [string, object])[] = [policy, recorded, loaded].flatMap((from, index) => {
    const subject: { within(ceiling: casemate.CeilingInput): object } = from.subject({ id: 'ada' })
    const maker = ['a policy', 'a recording policy', 'the runtime'][index]
    return [
      [`of ${maker}`, subject] as const,
      [`of ${maker}, narrowed`, subject.within({ scopes: [] })] as const,
      [`of the system, of ${maker}`, from.systemSubject('purge')] as const
    ]
  })

  it.each(made)('%s is frozen, with what its methods are taken from', (_, subject) => {
    expect(Object.isFrozen(subject)).toBe(true)
    for (let at: unknown = subject; !isForeign(at); at = Object.getPrototypeOf(at))
      expect(Object.isFrozen(at)).toBe(true)
    expect(Reflect.set(subject, 'can', () => true)).toBe(false)
    expect(Reflect.set(Object.getPrototypeOf(subject) as object, 'can', () => true)).toBe(false)
    expect(Reflect.setPrototypeOf(subject, { can: () => true })).toBe(false)
  })
})
