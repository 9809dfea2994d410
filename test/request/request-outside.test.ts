// Data from outside is read to its last key: what is not understood is a problem with its path, at every depth.
import { describe, expect, it } from 'vitest'
import { compile, parseObject, parsePolicy, parseRequest, parseSubject } from 'casemate'

const policy = compile(
  parsePolicy({
    name: 'outside',
    resources: {
      doc: { acl: true, actions: { read: '', write: '' } },
      log: { actions: { read: '' } },
      room: { org: 'required', actions: { read: '' } },
      site: { org: 'never', actions: { read: '' } }
    },
    roles: {
      member: { kind: 'site', grants: { user: { allow: { doc: '*' } } } },
      viewer: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } }
    },
    systemSubjects: { purge: { grants: { site: { allow: { doc: '*' } } } } },
    scopes: { reading: { allow: { doc: ['read'] } } },
    scopeTemplates: { one: { params: { id: 'required' }, allow: { '*': ['read'] }, allowList: ['doc:{id}'] } }
  })
)
const allowSystem = { allowSystem: true }
type Result =
  ReturnType<typeof parseObject> | ReturnType<typeof parseSubject> | ReturnType<typeof parseRequest>
/** Every problem as `code path`, or `ok`. */
const read = (result: Result): unknown =>
  result.ok ? 'ok' : result.problems.map(({ code, path }) => `${code} ${path}`)
const subject = (data: unknown, settings = {}): unknown => read(parseSubject(policy, data, settings))
const object = (data: unknown): unknown => read(parseObject(policy, data))

describe('a system subject from outside', () => {
  it('has no other key: its ceiling would be lost', () => {
    expect(subject({ system: 'purge' }, allowSystem)).toBe('ok')
    for (const key of ['scopes', 'allowList', 'roles', 'id'])
      expect(subject({ system: 'purge', [key]: [] }, allowSystem)).toEqual([`invalid_request ${key}`])
    expect(
      read(
        parseRequest(
          policy,
          { subject: { system: 'purge', scopes: [] }, action: 'read', object: { type: 'doc' } },
          allowSystem
        )
      )
    ).toEqual(['invalid_request subject.scopes'])
  })

  it('is taken where it is expected and nowhere else', () => {
    for (const settings of [{}, { allowSystem: false }, { allowSystem: undefined }, { allowSystem: 1 }])
      expect(subject({ system: 'purge' }, settings)).toEqual(['invalid_request system'])
    expect(subject({ system: 'prge' }, allowSystem)).toEqual(['unknown_system_subject system'])
    expect(subject({ system: 7 }, allowSystem)).toEqual(['invalid_request system'])
  })
})

describe('what is parsed', () => {
  const member = { id: 'a', roles: ['member'] }
  const own = { type: 'doc', owner: 'a' }

  it('is the subject itself, one of the system too, and answers like any', () => {
    const one = parseSubject(policy, member)
    expect(one.ok && [one.value.id, one.value.can('write', own)]).toEqual(['a', true])
    const system = parseSubject(policy, { system: 'purge' }, allowSystem)
    expect(system.ok && [system.value.id, system.value.can('read', { type: 'doc' })]).toEqual(['', true])
  })

  it('is the question with its subject', () => {
    const request = parseRequest(policy, { subject: member, action: 'write', object: own })
    expect(request.ok && Object.keys(request.value)).toEqual(['subject', 'action', 'object'])
    expect(request.ok && [request.value.subject.id, request.value.action, request.value.object]).toEqual([
      'a',
      'write',
      own
    ])
    expect(request.ok && request.value.subject.can(request.value.action, request.value.object)).toBe(true)
  })

  it('is refused with the words, the place and the value of what is wrong', () => {
    const problems = (result: Result): unknown => (result.ok ? 'ok' : result.problems)
    expect(problems(parseSubject(policy, { system: 'purge' }))).toMatchObject([
      { path: 'system', message: 'system: system subjects are not allowed here', value: 'purge' }
    ])
    expect(problems(parseRequest(policy, 7))).toMatchObject([
      { path: '', message: 'expected a request, `{ subject, action, object }`, not `7`', value: 7 }
    ])
    const given = { subject: member, object: own }
    const prototype: unknown = Object.assign(Object.create(null), { action: 'write' })
    const inheriting: unknown = Object.assign(Object.create(prototype as object), given)
    expect(problems(parseRequest(policy, inheriting))).toMatchObject([
      { path: 'action', message: 'action: inherited; only own keys are read' },
      { path: 'action', message: 'action: expected an action, not `undefined`' }
    ])
  })
})

describe('a subject from outside', () => {
  it('has no unknown key, nor has any of its roles', () => {
    expect(subject({ id: 'a', roles: ['member', { role: 'viewer', org: 'o1' }, { role: 'member' }] })).toBe(
      'ok'
    )
    expect(subject({ id: 'a', rols: [] })).toEqual(['invalid_request rols'])
    expect(subject({ id: 'a', roles: [{ role: 'viewer', org: 'o1', ogr: 'o2' }] })).toEqual([
      'invalid_request roles[0].ogr'
    ])
    expect(subject({ id: 'a', roles: ['member', { role: 'member', ogr: 'o1' }] })).toEqual([
      'invalid_request roles[1].ogr'
    ])
  })

  it('has no unknown key in a scope template', () => {
    const template = (scope: object): unknown => subject({ id: 'a', scopes: [scope] })
    expect(template({ template: 'one', params: { id: 'x' } })).toBe('ok')
    expect(template({ template: 'one', params: { id: 'x' }, parms: {} })).toEqual([
      'invalid_request scopes[0].parms'
    ])
    expect(template({ template: 'one', parms: { id: 'x' } })).toContain('invalid_request scopes[0].parms')
    expect(template({ template: 'one', params: { id: 'x', di: 'y' } })).toEqual([
      'unknown_parameter scopes[0].params.di'
    ])
  })

  it('has no entry of an allow list without a colon, which names nothing', () => {
    expect(subject({ id: 'a', allowList: ['doc:docs', 'doc:*', '*:x', 'doc:a:b'] })).toBe('ok')
    for (const entry of ['docs', 'doc', '', ':docs', 'doc:', 'dox:1'])
      expect(subject({ id: 'a', allowList: [entry] })).toEqual(['invalid_allow_list_entry allowList[0]'])
    expect(() => policy.subject({ id: 'a', allowList: ['docs'] })).toThrow('allowList[0]')
  })

  it('has each value of its kind, and what is wrong with its shape comes first', () => {
    expect(subject({ id: 'a', roles: ['nobody'], groups: ['g', 1], scopes: [2] })).toEqual([
      'invalid_request groups[1]',
      'invalid_request scopes[0]',
      'unknown_role roles[0]'
    ])
    expect(subject({ id: 7 })).toEqual(['invalid_request id'])
    expect(subject({ id: '' })).toEqual(['empty_subject_id id'])
    expect(subject({})).toEqual(['empty_subject_id id'])
    for (const key of ['roles', 'groups', 'orgOptions', 'scopes', 'allowList'])
      for (const value of [null, undefined, 1, 'x'])
        expect(subject({ id: 'a', [key]: value })).toEqual([`invalid_request ${key}`])
    for (const data of [null, undefined, 1, 'x', [], () => 1])
      expect(subject(data)).toEqual(['invalid_request '])
  })
})

describe('an object from outside', () => {
  it('has an ACL of two records from id to actions, or none', () => {
    expect(object({ type: 'doc', acl: { users: { a: ['read'] }, groups: { g: ['*'] } } })).toBe('ok')
    expect(object({ type: 'doc', acl: {} })).toBe('ok')
    for (const acl of [5, 'users', [], true, () => 1])
      expect(object({ type: 'doc', acl })).toEqual(['invalid_request acl'])
    expect(object({ type: 'doc', acl: { users: 5 } })).toEqual(['invalid_request acl.users'])
    expect(object({ type: 'doc', acl: { groups: { g: 'read' } } })).toEqual(['invalid_request acl.groups.g'])
    expect(object({ type: 'doc', acl: { users: { a: ['read', 1] } } })).toEqual([
      'invalid_request acl.users.a[1]'
    ])
    expect(object({ type: 'doc', acl: { user: {} } })).toEqual(['invalid_request acl.user'])
    expect(object({ type: 'log', acl: {} })).toEqual(['acl_not_supported acl'])
  })

  it('has no unknown key, and every value of its kind', () => {
    expect(object({ type: 'doc', id: 'x', owner: 'a', org: 'o1' })).toBe('ok')
    expect(object({ type: 'doc', onwer: 'a' })).toEqual(['invalid_request onwer'])
    for (const key of ['id', 'owner', 'org'])
      expect(object({ type: 'doc', [key]: 1 })).toEqual([`invalid_request ${key}`])
    expect(object({ type: 'doc', anyOrg: 'yes' })).toEqual(['invalid_request anyOrg'])
    expect(object({ type: 1 })).toEqual(['invalid_request type'])
    expect(object({ type: 'dox' })).toEqual(['unknown_resource type'])
    expect(object({})).toEqual(['invalid_request type'])
    for (const data of [null, undefined, 1, 'x', []]) expect(object(data)).toEqual(['invalid_request '])
  })

  it('is where objects of its resource can be', () => {
    expect(object({ type: 'room', org: 'o1' })).toBe('ok')
    expect(object({ type: 'room', anyOrg: true })).toBe('ok')
    expect(object({ type: 'room', anyOrg: false })).toEqual(['missing_org org'])
    expect(object({ type: 'room', org: '' })).toEqual(['missing_org org'])
    expect(object({ type: 'site' })).toBe('ok')
    expect(object({ type: 'site', org: 'o1' })).toEqual(['unexpected_org org'])
    expect(object({ type: 'site', anyOrg: true })).toEqual(['unexpected_org anyOrg'])
    expect(object({ type: 'doc', org: 'o1', anyOrg: true })).toEqual(['any_org_with_org anyOrg'])
  })

  it('is given back with what was understood and nothing else', () => {
    const given = { type: 'doc', id: 'x', owner: '', org: null, anyOrg: false, acl: { users: {} } }
    expect(parseObject(policy, given)).toEqual({
      ok: true,
      value: { type: 'doc', id: 'x', acl: { users: {} } }
    })
    expect(parseObject(policy, { type: 'doc', anyOrg: true })).toEqual({
      ok: true,
      value: { type: 'doc', anyOrg: true }
    })
  })
})

describe('a request from outside', () => {
  const request = { subject: { id: 'a' }, action: 'read', object: { type: 'doc' } }
  const asked = (change: object): unknown => read(parseRequest(policy, { ...request, ...change }))

  it('has a subject, an action and an object, and every problem names its place', () => {
    expect(asked({})).toBe('ok')
    expect(asked({ actoin: 'read' })).toEqual(['invalid_request actoin'])
    expect(asked({ action: 'raed' })).toEqual(['unknown_action action'])
    expect(asked({ action: policy.permission('doc', 'read') })).toEqual(['invalid_request action'])
    expect(asked({ subject: {}, action: 1, object: { type: 'log', acl: {} } })).toEqual([
      'invalid_request action',
      'empty_subject_id subject.id',
      'acl_not_supported object.acl'
    ])
    for (const data of [null, undefined, 1, 'x', []])
      expect(read(parseRequest(policy, data))).toEqual(['invalid_request '])
  })
})

describe('a text from outside', () => {
  const whole = '\ud83d\udd11'
  /** A request with this text wherever an id can stand. */
  const asking = (id: string): object => ({
    subject: {
      id,
      roles: [{ role: 'viewer', org: id }],
      groups: [id],
      orgOptions: { [id]: {} },
      scopes: [{ template: 'one', params: { id } }],
      allowList: [`doc:${id}`],
      onlyOrgs: [id]
    },
    within: [{ allowList: [`doc:${id}`] }],
    action: 'read',
    object: { type: 'doc', id, owner: id, org: id, acl: { users: { [id]: ['read'] }, groups: { g: [id] } } }
  })

  it('has no half of a surrogate pair, wherever an id can stand', () => {
    expect(read(parseRequest(policy, asking(whole)))).toBe('ok')
    const half = asking('\ud800')
    expect(read(parseRequest(policy, half))).toEqual(
      [
        'subject.id',
        'subject.roles[0].org',
        'subject.groups[0]',
        'subject.orgOptions["\\ud800"]',
        'subject.scopes[0].params.id',
        'subject.allowList[0]',
        'subject.onlyOrgs[0]',
        'within[0].allowList[0]',
        'object.id',
        'object.owner',
        'object.org',
        'object.acl.users["\\ud800"]',
        'object.acl.groups.g[0]'
      ].map((path) => `invalid_request ${path}`)
    )
    expect(subject({ id: '\udfff' })).toEqual(['invalid_request id'])
    expect(object({ type: 'doc', owner: 'a\ud800' })).toEqual(['invalid_request owner'])
    expect(parseSubject(policy, { id: '\udfff' })).toMatchObject({
      problems: [{ message: 'id: half of a surrogate pair in `\\udfff`: not a UTF-8 text', value: '\udfff' }]
    })
  })

  it('is looked for in bounded time and without running code', () => {
    const round: Record<string, unknown> = { id: 'a' }
    round['more'] = [round, round, round]
    round['bytes'] = new Uint8Array(8)
    expect(subject(round)).toEqual(['invalid_request more', 'invalid_request bytes'])
    let deep: unknown = ''
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(subject({ id: 'a', deep })).toEqual(['invalid_request deep'])
    const getter = {
      get: () => {
        throw new TypeError('run')
      },
      enumerable: true
    }
    expect(subject(Object.defineProperty({ id: 'a' }, 'more', getter))).toEqual(['invalid_request more'])
  })
})
