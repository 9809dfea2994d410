// Only what an object says itself counts. A key on a prototype (of JSON that was assigned, of a class, of
// `Object.prototype` after somebody wrote there) gives nobody a role, an owner, a place or an entry, and takes no limit
// away.
import { describe, expect, it } from 'vitest'
import {
  compile,
  definePolicy,
  parseObject,
  parsePolicy,
  parseRequest,
  parseSubject,
  type Policy,
  type Subject
} from 'casemate'
import { abilityFor } from 'casemate/casl'
import { toCompiled } from 'casemate/node'
import { fromCompiled } from 'casemate/runtime'
import {
  allowListMatches,
  ceilingOf,
  forbiddenResponse,
  missingScopes,
  tokenRequestParser
} from 'casemate/scopes'
import { orFailure } from '../support/engine.js'

const document = definePolicy({
  name: 'prototypes',
  resources: {
    note: { acl: true, actions: { read: '', delete: '' } },
    log: { actions: { read: '', delete: '' } },
    bill: { org: 'required', actions: { read: '', delete: '' } }
  },
  roles: {
    writer: { kind: 'site', grants: { user: { allow: { note: '*', log: '*' } } } },
    admin: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
    member: { kind: 'org', grants: { org: { allow: { '*': ['read'] } } } }
  },
  systemSubjects: { purge: { grants: { site: { allow: { log: '*' } } } } },
  scopes: { everything: { allow: { '*': '*' } } },
  scopeTemplates: { one: { params: { id: 'required' }, allow: { note: ['read'] }, allowList: ['note:{id}'] } }
})
const policy: Policy = compile(parsePolicy(document))
const file: unknown = JSON.parse(JSON.stringify(toCompiled(policy)))
const given = (value: unknown): never => value as never

/** What `JSON.parse` and `Object.assign` make of a `__proto__` in a text: an object that inherits its fields. */
const assigned = (text: string): object => Object.assign({}, JSON.parse(text) as object)
const inheriting = (inherited: object, own: object): object =>
  Object.assign(Object.create(inherited) as object, own)

describe('an object from outside', () => {
  it('does not own what its `__proto__` owns', () => {
    const writer = policy.subject({ id: 'a', roles: ['writer'] })
    const owned = parseObject(policy, { type: 'note', owner: 'a' })
    expect(owned.ok && writer.can('delete', owned.value)).toBe(true)
    expect(parseObject(policy, assigned('{"type":"note","__proto__":{"owner":"a"}}'))).toMatchObject({
      ok: false,
      problems: [{ code: 'invalid_request', path: 'owner' }]
    })
  })

  it.each(['type', 'id', 'owner', 'org', 'anyOrg', 'acl'])('has no inherited `%s`', (key) => {
    const whole: Record<string, unknown> = {
      type: 'note',
      id: 'n1',
      owner: 'a',
      [key === 'anyOrg' ? 'anyOrg' : 'org']: key === 'anyOrg' ? true : 'o1',
      acl: { users: { a: ['read'] } }
    }
    const { [key]: moved, ...own } = whole
    expect(parseObject(policy, whole).ok).toBe(true)
    const parsed = parseObject(policy, inheriting({ [key]: moved }, own))
    expect(!parsed.ok && parsed.problems[0]).toMatchObject({ code: 'invalid_request', path: key })
  })

  it('has no ACL lists that an ACL inherits', () => {
    const acl = (lists: object): unknown => ({ type: 'note', acl: lists })
    expect(parseObject(policy, acl({ users: { a: ['read'] } })).ok).toBe(true)
    expect(parseObject(policy, acl(inheriting({ users: { a: ['read'] } }, {}))).ok).toBe(false)
  })

  it('is what was checked, whatever becomes of the data', () => {
    const data = { type: 'note', acl: { users: { a: ['read'] } } }
    const parsed = parseObject(policy, data)
    data.acl.users.a.push('delete')
    const a = policy.subject({ id: 'a' })
    expect(parsed.ok && a.can('read', parsed.value)).toBe(true)
    expect(parsed.ok && a.can('delete', parsed.value)).toBe(false)
  })
})

describe('a subject', () => {
  const admin = { id: 'a', roles: ['admin'] }

  it.each(['id', 'roles', 'groups', 'orgOptions', 'scopes', 'allowList', 'onlyOrgs'])(
    'has no inherited `%s`',
    (key) => {
      const whole: Record<string, unknown> = {
        id: 'a',
        roles: ['writer'],
        groups: ['g'],
        orgOptions: {},
        scopes: ['everything'],
        allowList: ['*:*'],
        onlyOrgs: ['*', '*none']
      }
      const { [key]: moved, ...own } = whole
      const inherited = inheriting({ [key]: moved }, own)
      expect(parseSubject(policy, whole).ok).toBe(true)
      expect(policy.subject(given(whole)).id).toBe('a')
      expect(orFailure(() => policy.subject(given(inherited)))).toEqual({ error: 'invalid_request' })
      expect(orFailure(() => fromCompiled(file).subject(given(inherited)))).toEqual({
        error: 'invalid_request'
      })
      const parsed = parseSubject(policy, inherited)
      const request = parseRequest(policy, { subject: inherited, action: 'read', object: { type: 'note' } })
      for (const refused of [parsed, request]) expect(refused.ok).toBe(false)
    }
  )

  it('holds no role that an entry inherits, nor one in an organization that it inherits', () => {
    const held = { role: 'member', org: 'o1' }
    for (const roles of [[held], [inheriting({}, held)]])
      expect(policy.subject({ id: 'a', roles: given(roles) }).can('read', { type: 'bill', org: 'o1' })).toBe(
        true
      )
    for (const entry of [inheriting({ role: 'admin' }, {}), inheriting({ org: 'o1' }, { role: 'member' })])
      for (const ask of [
        () => policy.subject({ id: 'a', roles: given([entry]) }),
        () => fromCompiled(file).subject({ id: 'a', roles: given([entry]) })
      ])
        expect(orFailure(ask)).toEqual({ error: 'invalid_request' })
  })

  it('of the system is none by an inherited name or an inherited leave', () => {
    const system = { system: 'purge' }
    expect(parseSubject(policy, system, { allowSystem: true }).ok).toBe(true)
    expect(parseSubject(policy, system, given(inheriting({ allowSystem: true }, {}))).ok).toBe(false)
    expect(parseSubject(policy, inheriting(system, {}), { allowSystem: true }).ok).toBe(false)
  })

  it('loses no ceiling that an object inherits: it is an error', () => {
    for (const inherited of [{ scopes: [] }, { allowList: [] }, { onlyOrgs: [] }])
      for (const own of [{}, { scopes: ['everything'] }, { allowList: ['*:*'] }, { onlyOrgs: ['*'] }]) {
        const ceiling = inheriting(inherited, own)
        if (Object.keys(inherited)[0] === Object.keys(own)[0]) continue
        expect(orFailure(() => policy.subject(admin).within(ceiling))).toEqual({ error: 'invalid_request' })
        expect(orFailure(() => policy.subject(admin).canMint(ceiling))).toEqual({ error: 'invalid_request' })
      }
  })
})

describe('other objects of a caller', () => {
  it('give a stored token no inherited scopes', () => {
    const whole = { scopes: ['everything'], allow_list: ['*:*'] }
    expect(ceilingOf(policy, whole).ok).toBe(true)
    expect(ceilingOf(policy, inheriting({ scopes: ['everything'] }, { allow_list: ['*:*'] })).ok).toBe(false)
    expect(ceilingOf(policy, inheriting({ allow_list: ['*:*'] }, { scopes: ['everything'] })).ok).toBe(false)
  })

  it('give custom roles no inherited place', () => {
    const roles = { helper: { kind: 'org' as const } }
    expect(policy.withRoles(roles, { org: 'o1' }).roles.get('helper', 'o1')?.org).toBe('o1')
    expect(orFailure(() => policy.withRoles(roles, given(inheriting({ org: 'o1' }, {}))))).toEqual({
      error: 'invalid_request'
    })
  })
})

/** Writes to `Object.prototype` for as long as the questions take. */
function polluted<T>(key: string, value: unknown, ask: () => T): T {
  Object.defineProperty(Object.prototype, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true
  })
  try {
    return ask()
  } finally {
    Reflect.deleteProperty(Object.prototype, key)
  }
}

/** For each name the values that would serve somebody best. */
const pollutions: readonly (readonly [string, unknown])[] = [
  ['type', 'note'],
  ['id', 'a'],
  ['id', 'n1'],
  ['owner', 'a'],
  ['org', 'o1'],
  ['org', null],
  ['anyOrg', true],
  ['acl', { users: { a: ['*'] } }],
  ['acl', true],
  ['users', { a: ['*'] }],
  ['groups', { o1: ['*'], g: ['*'] }],
  ['groups', ['g']],
  ['roles', ['admin']],
  ['role', 'admin'],
  ['orgOptions', {}],
  ['scopes', ['everything']],
  ['scope', 'everything'],
  ['allowList', ['*:*']],
  ['onlyOrgs', ['*', '*none']],
  ['allow_list', ['*:*']],
  ['template', 'one'],
  ['params', { id: 'n1' }],
  ['system', 'purge'],
  ['allowSystem', true],
  ['options', {}],
  ['public', true],
  ['action', 'delete'],
  ['subject', { id: 'a', roles: ['admin'] }],
  ['object', { type: 'log', owner: 'a' }],
  ['a', ['*']],
  ['kind', 'site'],
  ['site', { allow: { '*': '*' } }],
  ['user', { allow: { '*': '*' } }],
  ['grants', { site: { allow: { '*': '*' } } }],
  ['allow', { '*': '*' }],
  ['variants', [{ when: {}, grants: { site: { allow: { '*': '*' } } } }]],
  ['assigns', ['*']],
  ['assignable', true],
  ['assignPermissions', { site: 'note:read' }],
  ['casemate', 1],
  ['content', (file as { content: unknown }).content],
  ['checksum', (file as { checksum: unknown }).checksum]
]

/** Every question that a caller can put, as allowed or not; an error is no allow. */
function everyAllow(): readonly boolean[] {
  const anew = orFailure(() => compile(document) as Policy)
  const loaded = fromCompiled(file)
  const compileAnew = (): Policy => ('error' in anew ? policy : anew)
  const isAllowed = (ask: () => unknown): boolean => {
    const answer = orFailure(ask)
    return answer === true
  }
  const made: (() => { can: Subject['can'] })[] = []
  for (const from of [() => policy, compileAnew, () => loaded])
    for (const subject of [
      {},
      { id: 'a' },
      { id: 'b', roles: ['writer'] },
      { id: 'a', roles: [{ role: 'member', org: 'o2' }] },
      { id: 'a', roles: [{}] },
      { id: 'a', scopes: [] },
      { id: 'a', roles: ['admin'], allowList: [] },
      { id: 'a', roles: ['admin'], scopes: [{}] },
      { id: 'a', roles: ['admin'], scopes: [{ template: 'one' }] }
    ])
      made.push(
        () => from().subject(given(subject)),
        () => from().subject(given(subject)).within({ scopes: [] }),
        () => from().subject(given(subject)).within(given({}))
      )
  made.push(
    () => policy.subject({ id: 'a', roles: ['writer'] }),
    () => compileAnew().systemSubject('purge'),
    () => parsedSubject({ system: 'purge' }),
    () => parsedSubject({}),
    () => parsedSubject({ id: 'a' }),
    () => parsedSubject({ id: 'a', roles: [{}] })
  )
  const objects: readonly object[] = [
    {},
    { type: 'note' },
    { type: 'note', acl: {} },
    { type: 'note', acl: { users: {} } },
    { type: 'log' },
    { type: 'bill' },
    { type: 'bill', org: 'o1' },
    new (class {
      readonly type = 'log'
    })()
  ]
  const parsed = objects.map((object) => orFailure(() => parseObject(policy, object)))
  const allows = made.flatMap((make) => {
    const subject = orFailure(make)
    if ('error' in subject) return new Array<boolean>(objects.length * 14).fill(false)
    return objects.flatMap((object, i) =>
      (['read', 'delete'] as const).flatMap((action) => [
        isAllowed(() => subject.can(action, given(object))),
        isAllowed(() => (subject as Subject).explain(action, given(object)).allowed),
        isAllowed(() => (subject as Subject).canEach({ one: { action, object: given(object) } }).one),
        isAllowed(() => (subject as Subject).canEach({ one: given({}) }).one),
        isAllowed(() => (subject as Subject).filter(action, [given(object)]).length > 0),
        isAllowed(() => (subject as Subject).actionsOn(given(object)).includes(action)),
        isAllowed(() => {
          const read = parsed[i]
          return read !== undefined && 'ok' in read && read.ok && subject.can(action, read.value)
        })
      ])
    )
  })
  const writer = policy.subject({ id: 'a', roles: ['writer'] })
  const key = policy.subject({ id: 'a', roles: ['admin'], scopes: ['note:read'], allowList: ['note:n2'] })
  const ability = (subject: Subject) => (action: string, object: object) => () =>
    abilityFor(subject).can(action, given(object))
  allows.push(
    ...objects
      .filter((object) => 'type' in object)
      .flatMap((object) => [
        isAllowed(ability(writer)('read', object)),
        isAllowed(ability(policy.subject({ id: 'a' }))('read', object))
      ]),
    isAllowed(() => parseRequest(policy, {}).ok),
    isAllowed(
      () => parseRequest(policy, { subject: { system: 'purge' }, action: 'read', object: { type: 'log' } }).ok
    ),
    isAllowed(() => parseObject(policy, {}).ok),
    isAllowed(() => ceilingOf(policy, {}).ok),
    isAllowed(() => tokenRequestParser(policy, { maxLifetime: 2e12, defaultLifetime: 1e12 })({}).ok),
    isAllowed(() => key.canMint({ scopes: ['note:read'] })),
    isAllowed(() => key.canMint({})),
    isAllowed(() => writer.canAssign('admin')),
    isAllowed(() => writer.canAssign('member', 'o1')),
    isAllowed(() => writer.canGrant(given({}))),
    isAllowed(() => writer.canGrant({ kind: 'site', grants: { site: { allow: { note: ['read'] } } } })),
    isAllowed(() => writer.canShare({ type: 'note' }, { users: { b: ['read'] } })),
    isAllowed(() => allowListMatches(policy, ['note:n1'], { type: 'note' })),
    isAllowed(() => missingScopes(key, 'read', { type: 'note' }) === undefined),
    isAllowed(() => forbiddenResponse(key, 'read', { type: 'note' }).body.code === 'forbidden'),
    isAllowed(() => fromCompiled({}).name === document.name),
    isAllowed(() =>
      compileAnew()
        .withRoles({ more: { kind: 'site' } })
        .subject({ id: 'b', roles: ['more'] })
        .can('read', { type: 'log' })
    )
  )
  return allows
}

describe('whatever is written to `Object.prototype`', () => {
  const before = everyAllow()

  it('is asked about questions of both answers', () => {
    expect(before).toContain(true)
    expect(before.filter((isAllowed) => !isAllowed).length).toBeGreaterThan(1000)
  })

  it.each(pollutions)('a `%s` there (%j) turns no answer into an allow', (key, value) => {
    const during = polluted(key, value, () => everyAllow())
    expect(
      during
        .map((isAllowed, index) => (isAllowed && before[index] !== true ? index : -1))
        .filter((index) => index >= 0)
    ).toEqual([])
  })

  it('is forgotten with what was written', () => {
    expect(everyAllow()).toEqual(before)
  })

  it("leaves the answers about what is an object's own as they are", () => {
    const writer = policy.subject({ id: 'a', roles: ['writer'] })
    const row = new (class {
      readonly type = 'log'
      get owner(): string {
        return 'a'
      }
    })()
    const [mine, foreign] = polluted('owner', 'a', () => [
      writer.can('read', row),
      writer.can('read', { type: 'log' })
    ])
    expect([mine, foreign]).toEqual([true, false])
  })

  it("leaves an ability every field that is an object's own", () => {
    const member = policy.subject({ id: 'a', roles: [{ role: 'member', org: 'o2' }] })
    const key = policy.subject({ id: 'a', roles: ['admin'], allowList: ['log:l1'] })
    const acl = { users: { a: ['read'] } }
    const asked: readonly (readonly [Subject, object, boolean])[] = [
      [member, { type: 'log', org: 'o2' }, true],
      [member, { type: 'log', org: 'o1' }, false],
      [member, { type: 'log', anyOrg: true }, true],
      [member, { type: 'log', anyOrg: false }, false],
      [member, { type: 'note', acl }, true],
      [member, { type: 'note', acl: {} }, false],
      [key, { type: 'log', id: 'l1' }, true],
      [key, { type: 'log', id: 'l2' }, false]
    ]
    const said = polluted('owner', 'b', () =>
      asked.map(([subject, object]) => abilityFor(subject).can('read', given(object)))
    )
    expect(said).toEqual(asked.map(([, , expected]) => expected))
  })
})

/** The subject that parsing gives, refusing where it gives none. */
function parsedSubject(data: object): Subject {
  const parsed = parseSubject(policy, data)
  return parsed.ok ? parsed.value : policy.subject(given(null))
}

describe('a name that a policy declares, written to `Object.prototype`', () => {
  const placed = compile(
    parsePolicy({
      name: 'placed',
      containers: [{ name: 'project' }],
      resources: {
        file: {
          in: { project: 'optional' },
          attributes: { locked: { values: [true, false], default: true } },
          actions: { read: '', drop: '' }
        },
        page: { acl: { levels: { viewer: ['read'] } }, actions: { read: '', drop: '' } }
      },
      roles: {
        dev: { kind: 'project', grants: { project: { allow: { file: ['read'] } } }, assigns: ['dev'] },
        reader: {
          kind: 'site',
          grants: { site: { allow: { file: [{ actions: ['read'], where: { locked: false } }] } } }
        }
      }
    })
  )
  const dev = { role: 'dev', project: 'p1' }

  it('puts no role into a container', () => {
    const ask = (): unknown[] => [
      orFailure(() => placed.subject({ id: 'a', roles: [given({ role: 'dev' })] })),
      orFailure(() => placed.subject({ id: 'a', roles: ['dev'] })),
      parseSubject(placed, { id: 'a', roles: [{ role: 'dev' }] }).ok,
      orFailure(() => placed.subject({ id: 'a', roles: [dev] }).canAssign('dev', {})),
      placed.subject({ id: 'a', roles: [dev] }).can('read', { type: 'file' }),
      placed.subject({ id: 'a', roles: [dev] }).can('read', { type: 'file', project: 'p1' })
    ]
    const refused = { error: 'role_needs_container' }
    expect(ask()).toEqual([refused, refused, false, refused, false, true])
    expect(polluted('project', 'p1', ask)).toEqual(ask())
  })

  it('is no attribute and no field that `canSome` is given', () => {
    const [reader, held] = [
      placed.subject({ id: 'a', roles: ['reader'] }),
      placed.subject({ id: 'a', roles: [dev] })
    ]
    const ask = (): unknown[] => [
      reader.can('read', { type: 'file' }),
      reader.canSome('read', 'file'),
      reader.canSome('read', 'file', given({ locked: true })),
      held.canSome('read', 'file')
    ]
    expect(ask()).toEqual([false, true, false, true])
    for (const [key, value] of [
      ['locked', false],
      ['locked', true],
      ['project', 'p1'],
      ['project', 'p2']
    ] as const)
      expect(polluted(key, value, ask)).toEqual(ask())
  })

  it('is read of a list by index, whatever its methods say', () => {
    const lying = (list: unknown[], said: unknown[]): never =>
      given(
        Object.assign([...list], {
          [Symbol.iterator]: () => said[Symbol.iterator](),
          includes: () => true,
          some: () => true,
          find: () => said[0],
          findIndex: () => -1
        })
      )
    const subject = placed.subject({ id: 'a', roles: [dev] })
    const ask = (object: object): unknown[] => [
      orFailure(() => subject.can('read', given(object))),
      orFailure(() => subject.explain('read', given(object)).allowed)
    ]
    const file = (project: unknown): object => ({ type: 'file', project })
    expect(ask(file(['p1']))).toEqual([true, true])
    expect(ask(file(lying(['p2'], ['p1'])))).toEqual([false, false])
    const invalid = { error: 'invalid_request' }
    expect(ask(file(lying([7, 'p1'], ['p1'])))).toEqual([invalid, invalid])
    const page = (words: unknown): object => ({ type: 'page', acl: { users: { a: words } } })
    expect(ask(page(['viewer']))).toEqual([true, true])
    expect(ask(page(lying(['drop'], ['viewer'])))).toEqual([false, false])
    expect(ask(page(lying([7], ['viewer'])))).toEqual(ask(page([7])))
  })

  it('makes of a list of actions no exception and no condition', () => {
    const ask = (): unknown[] => {
      const added = placed.withRoles(
        { extra: { kind: 'project', grants: { project: { allow: { file: ['read'] } } } } },
        { project: 'p1' }
      )
      const subject = added.subject({ id: 'a', roles: [{ role: 'extra', project: 'p1' }] })
      const acl = { users: { b: ['viewer'] } } as const
      return [
        subject.can('read', { type: 'file', project: 'p1' }),
        subject.can('drop', { type: 'file', project: 'p1' }),
        compile(document)
          .subject({ id: 'b', roles: ['admin'], scopes: ['note:read'] })
          .can('delete', { type: 'note' }),
        compile(placed.document)
          .subject({ id: 'b' })
          .can('drop', { type: 'page', acl: given(acl) })
      ]
    }
    expect(ask()).toEqual([true, false, false, false])
    for (const key of ['except', 'where', 'actions']) {
      expect(polluted(key, [], ask)).toEqual(ask())
      expect(polluted(key, {}, ask)).toEqual(ask())
    }
  })
})
