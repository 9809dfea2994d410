// Questions that are nearly well formed, and those that nearly allow: each beside the one that does.
import { describe, expect, it } from 'vitest'
import {
  compile,
  isCasemateError,
  parseObject,
  parsePolicy,
  parseRequest,
  parseSubject,
  RequestError,
  type ObjectRef,
  type Policy
} from 'casemate'
import { entriesOf, getIn, setIn, type PersistentMap } from '../../src/compile/persistent-map.js'

const resources = {
  doc: { acl: true, actions: { read: '', write: '' } },
  log: { actions: { read: '', prune: '' } }
}
const policy: Policy = compile(
  parsePolicy({
    name: 'questions',
    resources,
    roles: {
      reader: { kind: 'site', grants: { site: { allow: { '*': ['read'] } } } },
      member: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } }
    },
    systemSubjects: { purge: { grants: { site: { allow: { log: '*' } } } } },
    scopes: { logs: { allow: { log: '*' } } },
    scopeTemplates: {
      agent: { params: { doc: 'required' }, allow: { doc: ['read'] }, allowList: ['doc:{doc}'] },
      any: { params: {}, allow: { doc: ['read'] } }
    }
  })
)
const given = (value: unknown): never => value as never
const ada = policy.subject({ id: 'ada', roles: ['reader'] })

function errorOf(fails: () => unknown): unknown {
  try {
    fails()
  } catch (error) {
    return error
  }
  return undefined
}

function problemsOf(parsed: { ok: boolean; problems?: readonly { code: string; path: string }[] }): unknown {
  return parsed.ok ? 'ok' : parsed.problems?.map(({ code, path }) => `${path} ${code}`)
}

describe('many questions at once', () => {
  it('are refused with an action that no resource has, also where there are no rows', () => {
    for (const rows of [[], [{ type: 'doc' }]]) {
      expect(ada.filter('read', rows)).toEqual(rows)
      expect(errorOf(() => ada.filter('raed', rows))).toMatchObject({ code: 'unknown_action', hint: 'read' })
    }
    expect(errorOf(() => ada.filter('raed', []))).toMatchObject({
      path: 'action',
      value: 'raed',
      message: 'action: unknown action `raed`; did you mean `read`?'
    })
    expect(ada.filter('prune', [])).toEqual([])
    expect(ada.filter(given(policy.permission('doc', 'read')), [])).toEqual([])
    for (const action of [undefined, null, 5, {}, { index: 0 }])
      expect(errorOf(() => ada.filter(given(action), []))).toMatchObject({ code: 'invalid_request' })
  })

  it('are answered in an ordinary record, whatever they are called', () => {
    const question = { action: 'read', object: { type: 'doc' } }
    const answers = ada.canEach({ ['__proto__']: question, constructor: question, plain: question })
    expect(Object.getPrototypeOf(answers)).toBe(Object.prototype)
    expect(Object.entries(answers)).toEqual([
      ['__proto__', true],
      ['constructor', true],
      ['plain', true]
    ])
    expect(ada.canEach({ plain: question })).toStrictEqual({ plain: true })
  })

  it("pass on an error of the caller's own code as it is, one of ours too", () => {
    const own = new Error('no such row')
    const ours = errorOf(() => ada.can('read', { type: 'dok' }))
    for (const error of [own, ours]) {
      const toObject = (): ObjectRef => {
        throw error
      }
      expect(errorOf(() => ada.filter('read', [1], toObject))).toBe(error)
    }
    expect(errorOf(() => ada.filter('read', [1], () => ({ type: 'dok' })))).toMatchObject({
      path: 'rows[0].object.type'
    })
    const question = {
      get action(): string {
        throw own
      },
      object: { type: 'doc' }
    }
    expect(errorOf(() => ada.canEach({ question }))).toBe(own)
    const row = {
      type: 'doc',
      get owner(): string {
        throw own
      }
    }
    expect(errorOf(() => ada.filter('read', [row]))).toBe(own)
  })
})

describe('a question from outside', () => {
  it('may have no key beside the name of a system subject', () => {
    const parse = (data: object): unknown => problemsOf(parseSubject(policy, data, { allowSystem: true }))
    expect(parse({ system: 'purge' })).toBe('ok')
    for (const key of ['id', 'roles', 'scopes', 'allowList', 'sytem'])
      expect(parse({ system: 'purge', [key]: [] })).toEqual([`${key} invalid_request`])
  })

  it('may have no other key in a role that is held', () => {
    const parse = (role: object): unknown => problemsOf(parseSubject(policy, { id: 'ada', roles: [role] }))
    expect(parse({ role: 'member', org: 'o1' })).toBe('ok')
    expect(parse({ role: 'reader', ogr: 'o1' })).toEqual(['roles[0].ogr invalid_request'])
    expect(parse({ role: 'member', ogr: 'o1' })).toEqual([
      'roles[0].ogr invalid_request',
      'roles[0] role_needs_org'
    ])
    expect(parse({ role: 'reader', ['__proto__x']: 'o1' })).toEqual(['roles[0].__proto__x invalid_request'])
  })

  it('may have no ACL that is none', () => {
    const parse = (acl: unknown): unknown => problemsOf(parseObject(policy, { type: 'doc', acl }))
    for (const acl of [null, {}, { users: {} }, { users: { ada: ['read'] }, groups: { g: ['*'] } }])
      expect(parse(acl)).toBe('ok')
    for (const acl of [5, 0, '', 'ada', true, false, [], [{}]])
      expect(parse(acl)).toEqual(['acl invalid_request'])
    for (const list of [5, null, [], ['ada'], 'ada'])
      expect(parse({ users: list })).toEqual(['acl.users invalid_request'])
    expect(parse({ users: { ada: 'read' } })).toEqual(['acl.users.ada invalid_request'])
    expect(parse({ users: { ada: ['read', 5] } })).toEqual(['acl.users.ada[1] invalid_request'])
    expect(parse({ user: { ada: ['read'] } })).toEqual(['acl.user invalid_request'])
  })

  it('is told what an ACL is', () => {
    const parse = (acl: unknown): unknown => {
      const parsed = parseObject(policy, { type: 'doc', acl })
      return parsed.ok ? 'ok' : parsed.problems.map(({ message }) => message)
    }
    expect(parse(5)).toEqual(['acl: expected an ACL, `{ users, groups }`, not `5`'])
    expect(parse({ users: 5 })).toEqual(['acl.users: expected a record from id to actions, not `5`'])
    expect(parse({ users: { ada: 5 } })).toEqual(['acl.users.ada: expected a list of actions, not `5`'])
    expect(parse({ users: { ada: [5] } })).toEqual(['acl.users.ada[0]: expected an action, not `5`'])
  })

  it('names the place of every problem', () => {
    const request = {
      subject: {
        id: 5,
        roles: ['reedr', { role: 'member' }, 7],
        groups: [1],
        scopes: ['logz', { template: 'agnet' }]
      },
      action: 'reed',
      object: { type: 'doc', org: 'o1', anyOrg: true, owner: 7 },
      extra: 1
    }
    expect(problemsOf(parseRequest(policy, request))).toEqual([
      'extra invalid_request',
      'subject.id invalid_request',
      'subject.roles[2] invalid_request',
      'subject.groups[0] invalid_request',
      'object.owner invalid_request',
      'subject.roles[0] unknown_role',
      'subject.roles[1] role_needs_org',
      'subject.scopes[0] unknown_scope',
      'subject.scopes[1].template unknown_scope_template',
      'object.anyOrg any_org_with_org',
      'action unknown_action'
    ])
  })
})

describe('a ceiling', () => {
  it('has no template with a misspelt key, which would leave its parameters out', () => {
    const filled = { template: 'any', params: {} }
    expect(policy.subject({ id: 'ada', scopes: [filled] }).id).toBe('ada')
    expect(
      errorOf(() => policy.subject({ id: 'ada', scopes: [given({ template: 'any', parms: {} })] }))
    ).toMatchObject({
      code: 'invalid_request',
      path: 'scopes[0].parms',
      hint: 'params'
    })
    expect(problemsOf(parseSubject(policy, { id: 'ada', scopes: [{ template: 'any', parms: {} }] }))).toEqual(
      ['scopes[0].parms invalid_request']
    )
  })

  it('has no entry without a colon, which is not read as an id of every type', () => {
    expect(ada.within({ allowList: ['doc:docs'] }).can('read', { type: 'doc', id: 'docs' })).toBe(true)
    for (const entry of ['docs', 'doc', '*', ':docs', 'doc:', 'docs:docs', ''])
      expect(errorOf(() => ada.within({ allowList: [entry] }))).toMatchObject({
        code: 'invalid_allow_list_entry',
        path: 'ceiling.allowList[0]',
        value: entry
      })
  })

  it('has no entry of an unknown type, also where its id is a UUID', () => {
    const strict = compile(
      parsePolicy({ name: 'strict', ids: 'uuid', resources: { doc: { actions: { read: '' } } } })
    )
    const uuid = '00000000-0000-4000-a000-00000000000a'
    const keyOf = (entry: string) => strict.subject({ id: 'ada', allowList: [entry] })
    for (const entry of [`doc:${uuid}`, `doc:${uuid.toUpperCase()}`, `*:${uuid}`, 'doc:*', '*:*'])
      expect(keyOf(entry).id).toBe('ada')
    for (const entry of [
      `dox:${uuid}`,
      `dox:${uuid.toUpperCase()}`,
      'dox:*',
      `:${uuid}`,
      'doc:docs',
      '*:docs'
    ])
      expect(errorOf(() => keyOf(entry))).toMatchObject({ code: 'invalid_allow_list_entry' })
  })

  it('of many templates lets through what any of them does, and no other id', () => {
    const ids = Array.from({ length: 20 }, (_, i) => `d${i}`)
    const filled = ids.map((doc) => ({ template: 'agent', params: { doc } }))
    const can = (scopes: object[], id?: string): boolean =>
      ada
        .within({ scopes: scopes as never })
        .can('read', { type: 'doc', ...(id === undefined ? {} : { id }) })
    for (const count of [1, 8, 9, 20]) {
      const scopes = filled.slice(0, count)
      expect(ids.map((id) => can(scopes, id))).toEqual(ids.map((_, i) => i < count))
      expect([can(scopes, 'd20'), can(scopes)]).toEqual([false, false])
      const open = scopes.map(() => ({ template: 'any', params: {} }))
      expect([can(open, 'd20'), can(open), can([...scopes, ...open], 'd20')]).toEqual([true, true, true])
    }
  })

  it('is named by what stood in the way, and by which of several it was', () => {
    const template = { template: 'agent', params: { doc: 'd1' } }
    const d2 = { type: 'doc', id: 'd2' }
    const key = ada.within({ scopes: ['logs', template] })
    expect(ada.explain('read', d2)).toMatchObject({ allowed: true, reason: 'granted' })
    expect(ada.explain('read', d2).ceiling).toBeUndefined()
    expect(key.explain('read', { type: 'doc', id: 'd1' }).ceiling).toBeUndefined()
    expect(key.explain('read', d2)).toMatchObject({ allowed: false, reason: 'outside_allow_list' })
    expect(key.explain('read', d2).ceiling).toEqual({
      ceiling: 0,
      by: 'scope_list',
      scopes: ['agent'],
      allowList: ['doc:d1']
    })
    const writer = policy.subject({ id: 'ada', roles: ['reader'] })
    expect(
      writer
        .within({ allowList: ['doc:*'] })
        .within({ scopes: ['logs'] })
        .explain('read', d2)
    ).toMatchObject({
      reason: 'outside_scope',
      ceiling: { ceiling: 1, by: 'scopes', scopes: ['logs'] }
    })
    expect(
      writer
        .within({ scopes: ['doc:read'] })
        .within({ allowList: ['doc:d1'] })
        .explain('read', d2)
    ).toMatchObject({
      reason: 'outside_allow_list',
      ceiling: { ceiling: 1, by: 'allow_list', allowList: ['doc:d1'] }
    })
    expect(key.explain('write', d2)).toMatchObject({ reason: 'not_granted' })
    expect(key.explain('write', d2).ceiling).toBeUndefined()
  })
})

describe('an ACL entry under `anyOrg`', () => {
  const member = policy.subject({ id: 'ada', roles: [{ role: 'member', org: 'o1' }], groups: ['g'] })
  const can = (groups: Record<string, string[]>): boolean =>
    member.can('write', { type: 'doc', anyOrg: true, acl: { groups } })

  it('counts for a group, never for everyone in an organization, however that is called', () => {
    expect(can({ g: ['write'] })).toBe(true)
    for (const id of ['undefined', 'null', '', 'o1', 'true', '*']) {
      expect(can({ [id]: ['*'] })).toBe(false)
      expect(
        member.explain('write', { type: 'doc', anyOrg: true, acl: { groups: { [id]: ['*'] } } }).allowed
      ).toBe(false)
    }
    const inGroup = policy.subject({
      id: 'ada',
      roles: [{ role: 'member', org: 'o1' }],
      groups: ['undefined']
    })
    expect(inGroup.can('write', { type: 'doc', anyOrg: true, acl: { groups: { undefined: ['*'] } } })).toBe(
      true
    )
  })
})

describe('a resolved permission', () => {
  const variant = (change: object): Policy =>
    compile(parsePolicy({ name: 'other', resources: { ...resources, ...change } }))

  it('is that of every policy with the same catalogue, and of no other', () => {
    const object = { type: 'log' }
    expect(ada.can(variant({}).permission('log', 'read'), object)).toBe(true)
    const others = [
      { doc: { ...resources.doc, acl: false } },
      { log: { ...resources.log, acl: true } },
      { log: { ...resources.log, org: 'never' } },
      { log: { actions: { prune: '', read: '' } } },
      { more: { actions: { read: '' } } }
    ]
    for (const change of others)
      for (const ask of [ada.can.bind(ada), ada.explain.bind(ada)])
        expect(errorOf(() => ask(variant(change).permission('log', 'read'), object))).toMatchObject({
          code: 'invalid_request'
        })
  })

  it('leads to no table of its policy', () => {
    const permission = policy.permission('log', 'read')
    expect(Object.isFrozen(permission)).toBe(true)
    expect(Object.entries(permission)).toEqual([
      ['name', 'log:read'],
      ['action', 'read'],
      ['resource', 'log'],
      ['index', 2]
    ])
    // By this symbol copies of the package know each other's permissions.
    expect(Reflect.ownKeys(permission)).toContain(Symbol.for('casemate.catalogue'))
    for (const key of Reflect.ownKeys(permission))
      expect(typeof Reflect.get(permission, key)).not.toBe('object')
  })
})

describe('names whose hashes are equal', () => {
  // FNV-1a of 32 bits.
  const pairs = [
    ['costarring', 'liquid'],
    ['declinate', 'macallums'],
    ['altarage', 'zinke']
  ] as const

  it.each(pairs)('`%s` and `%s` are two keys of one map', (one, other) => {
    let map: PersistentMap<string> = setIn(undefined, one, 'first')
    expect(getIn(map, other)).toBeUndefined()
    const both = setIn(setIn(map, 'between', 'x'), other, 'second')
    map = setIn(both, one, 'changed')
    expect([getIn(map, one), getIn(map, other), getIn(map, 'between')]).toEqual(['changed', 'second', 'x'])
    expect([getIn(both, one), getIn(both, other)]).toEqual(['first', 'second'])
    expect([...entriesOf(map)].map(([key]) => key).sort()).toEqual([one, other, 'between'].sort())
  })

  it.each(pairs)('`%s` and `%s` are two roles, and two organizations', (one, other) => {
    const role = (actions: string[]) => ({
      kind: 'org' as const,
      grants: { org: { allow: { doc: actions } } }
    })
    const more = policy
      .withRoles({ [one]: role(['read']) }, { org: one })
      .withRoles({ [other]: role(['write']) }, { org: one })
      .withRoles({ [one]: role([]) }, { org: other })
    const can = (held: string, org: string, action: string): boolean =>
      more.subject({ id: 'ada', roles: [{ role: held, org }] }).can(action, { type: 'doc', org })
    expect([can(one, one, 'read'), can(one, one, 'write')]).toEqual([true, false])
    expect([can(other, one, 'read'), can(other, one, 'write')]).toEqual([false, true])
    expect(can(one, other, 'read')).toBe(false)
    expect(errorOf(() => can(other, other, 'write'))).toMatchObject({ code: 'unknown_role' })
  })
})

describe('the path of an error', () => {
  it.each<[string, () => unknown]>([
    ['id', () => policy.subject({ id: '' })],
    ['roles[1]', () => policy.subject({ id: 'ada', roles: ['reader', 'reeder'] })],
    ['roles[0].org', () => policy.subject({ id: 'ada', roles: [given({ role: 'member', org: 5 })] })],
    ['groups[1]', () => policy.subject({ id: 'ada', groups: ['g', given(5)] })],
    ['orgOptions.o1.plan', () => policy.subject({ id: 'ada', orgOptions: { o1: { plan: 1 } } })],
    ['scopes[0]', () => policy.subject({ id: 'ada', scopes: ['nothing'] })],
    [
      'scopes[0].params.doc',
      () => policy.subject({ id: 'ada', scopes: [{ template: 'agent', params: {} }] })
    ],
    ['allowList[1]', () => policy.subject({ id: 'ada', allowList: ['doc:*', 'x'] })],
    ['allowList', () => policy.subject({ id: 'ada', allowList: Array.from({ length: 129 }, () => '*:*') })],
    ['ceiling', () => ada.within({})],
    ['ceiling.scopes', () => ada.within(given({ scopes: undefined }))],
    ['ceiling.scope', () => ada.within(given({ scope: [] }))],
    ['object.type', () => ada.can('read', { type: 'dok' })],
    ['object.org', () => ada.can('read', given({ type: 'doc', org: 5 }))],
    ['object.acl', () => ada.can('read', given({ type: 'log', acl: {} }))],
    [
      'object.acl.users.ada[0]',
      () => policy.subject({ id: 'ada' }).can('read', given({ type: 'doc', acl: { users: { ada: [5] } } }))
    ],
    ['action', () => ada.can('raed', { type: 'doc' })],
    ['type', () => ada.canSome('read', 'dok')],
    ['key.scopes[0]', () => ada.canMint({ scopes: ['nothing'] })],
    ['acl.users.bob', () => ada.canShare({ type: 'doc' }, given({ users: { bob: 'read' } }))],
    ['role', () => ada.canAssign('nobody')],
    ['org', () => ada.canAssign('reader', given(5))],
    ['rows', () => ada.filter('read', given({}))],
    ['questions', () => ada.canEach(given([]))],
    ['a.action', () => ada.canEach({ a: given({ object: { type: 'doc' } }) })]
  ])('is `%s`, and its message begins with it', (path, fails) => {
    const error = errorOf(fails)
    expect(error).toBeInstanceOf(RequestError)
    expect(isCasemateError(error) && [error.path, error.message.startsWith(`${path}: `)]).toEqual([
      path,
      true
    ])
  })
})

describe('the value of an error', () => {
  const placed = compile(
    parsePolicy({ name: 'placed', resources: { licence: { org: 'never', actions: { read: '' } } } })
  ).subject({ id: 'ada' })

  it('is the organization that an object must not have, or that it asks for any', () => {
    const licence = { type: 'licence' }
    expect(placed.can('read', licence)).toBe(false)
    expect(errorOf(() => placed.can('read', { ...licence, org: 'o1' }))).toMatchObject({ value: 'o1' })
    expect(errorOf(() => placed.can('read', { ...licence, anyOrg: true }))).toMatchObject({ value: true })
    expect(errorOf(() => ada.can('read', { type: 'doc', org: 'o1', anyOrg: true }))).toMatchObject({
      code: 'any_org_with_org',
      value: true
    })
  })
})
