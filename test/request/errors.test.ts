// Every error code of a question, by one question that raises it in process, beside the nearest one that does not;
// and what a refusal shows to whom.
import { describe, expect, it } from 'vitest'
import {
  CasemateError,
  compile,
  definePolicy,
  ForbiddenError,
  isCasemateError,
  isForbidden,
  parseObject,
  parsePolicy,
  parseRequest,
  PolicyError,
  RequestError,
  type Policy,
  type RequestErrorCode
} from 'casemate'

const document = definePolicy({
  name: 'errors',
  ids: 'uuid',
  resources: {
    doc: { acl: true, actions: { read: 'read', write: 'write' } },
    bill: { org: 'required', actions: { read: 'read' } },
    licence: { org: 'never', actions: { read: 'read' } }
  },
  options: { mode: { values: ['open', 'shut'], default: 'open' } },
  orgOptions: { plan: { values: ['free', 'paid'] } },
  roles: {
    member: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
    editor: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } },
    planner: {
      kind: 'org',
      grants: { org: { allow: { doc: ['read'] } } },
      variants: [{ when: { plan: 'free' }, grants: { org: { allow: { doc: [] } } } }]
    }
  },
  systemSubjects: { purge: { grants: { site: { allow: { doc: '*' } } } } },
  scopes: { everything: { allow: { '*': '*' }, aliases: ['all'] } },
  scopeTemplates: {
    agent: {
      params: { docId: 'required', billId: 'optional', isQuiet: 'flag' },
      allow: { '*': '*' },
      allowList: ['doc:{docId}', 'bill:{billId}']
    }
  }
})

// Wrong names are the point here: the policy is asked as one that came from a file.
const policy: Policy = compile(parsePolicy(JSON.parse(JSON.stringify(document))))
const id = '00000000-0000-4000-a000-000000000001'
const ada = policy.subject({ id: 'ada', roles: ['member'] })
const hostile = (value: unknown): never => value as never
const withEditors = policy.withRoles({ second: { kind: 'org' } }, { org: 'o1' })

/** A ceiling whose list got lost behind an accessor of its class. */
class LostCeiling {
  constructor(fields: object) {
    Object.assign(this, fields)
  }

  get allowList(): undefined {
    return undefined
  }
}

const placed: Policy = compile(
  parsePolicy({
    name: 'placed',
    containers: [{ name: 'project' }, { name: 'team' }],
    resources: {
      page: { in: { project: 'required' }, actions: { read: 'read' } },
      note: { attributes: { status: { values: ['draft', 'final'] } }, actions: { read: 'read' } }
    },
    roles: { boss: { kind: 'site' }, reader: { kind: 'project' } }
  })
)
const bo = placed.subject({ id: 'bo', roles: ['boss'] })
const page = { type: 'page', project: 'p1' }
const note = { type: 'note', status: 'draft' }
const holding = (...roles: object[]): unknown => placed.subject(hostile({ id: 'bo', roles }))

const placedCases: readonly (readonly [RequestErrorCode, fails: () => unknown, works: () => unknown])[] = [
  ['missing_container', () => bo.can('read', { type: 'page', project: [] }), () => bo.can('read', page)],
  ['unexpected_container', () => bo.can('read', { ...note, team: ['t'] }), () => bo.can('read', note)],
  [
    'unexpected_container',
    () => bo.can('read', { ...page, team: 't' }),
    () => bo.can('read', { ...page, team: '' })
  ],
  [
    'role_needs_container',
    () => holding({ role: 'reader', org: 'o' }),
    () => holding({ role: 'reader', project: 'p' })
  ],
  [
    'role_takes_no_org',
    () => holding({ role: 'reader', project: 'p', org: 'o' }),
    () => holding({ role: 'boss' })
  ],
  [
    'role_takes_no_container',
    () => holding({ role: 'reader', project: 'p', team: 't' }),
    () => holding({ role: 'reader', project: 'p', team: null })
  ],
  [
    'role_takes_no_container',
    () => holding({ role: 'boss', team: 't' }),
    () => holding({ role: 'boss', team: '' })
  ],
  ['missing_attribute', () => bo.can('read', { type: 'note', status: null }), () => bo.can('read', note)],
  ['invalid_attribute', () => bo.can('read', { type: 'note', status: 'fnal' }), () => bo.can('read', note)],
  ['invalid_attribute', () => bo.can('read', { type: 'note', status: '' }), () => bo.can('read', note)],
  ['invalid_request', () => bo.can('read', { type: 'page', project: ['p', ''] }), () => bo.can('read', page)],
  ['invalid_request', () => bo.can('read', { type: 'page', project: 5 }), () => bo.can('read', page)],
  [
    'org_list_too_long',
    () => bo.within({ onlyOrgs: Array.from({ length: 129 }, () => 'o') }),
    () => bo.within({ onlyOrgs: Array.from({ length: 128 }, () => 'o') })
  ],
  ['invalid_org_list_entry', () => bo.within({ onlyOrgs: [''] }), () => bo.within({ onlyOrgs: ['*none'] })],
  [
    'invalid_org_list_entry',
    () => ada.within({ onlyOrgs: ['o1'] }),
    () => ada.within({ onlyOrgs: [id, '*'] })
  ]
]

const cases: readonly (readonly [RequestErrorCode, fails: () => unknown, works: () => unknown])[] = [
  ['unknown_resource', () => ada.can('read', { type: '__proto__' }), () => ada.can('read', { type: 'doc' })],
  ['unknown_action', () => ada.can('constructor', { type: 'doc' }), () => ada.can('write', { type: 'doc' })],
  ['unknown_action', () => ada.can('write', { type: 'licence' }), () => ada.can('read', { type: 'licence' })],
  [
    'unknown_role',
    () => policy.subject({ id: 'ada', roles: ['toString'] }),
    () => policy.subject({ id: 'ada', roles: ['member'] })
  ],
  [
    'unknown_scope',
    () => policy.subject({ id: 'ada', scopes: ['doc:reed'] }),
    () => policy.subject({ id: 'ada', scopes: ['doc:read', 'doc:*', 'all'] })
  ],
  [
    'unknown_scope_template',
    () => policy.scopes.template('agnet', {}),
    () => policy.scopes.template('agent', { docId: id })
  ],
  ['unknown_system_subject', () => policy.systemSubject('prune'), () => policy.systemSubject('purge')],
  ['unknown_option', () => compile(document, hostile({ options: { mod: 'open' } })), () => compile(document)],
  [
    'unknown_option',
    () => policy.subject({ id: 'ada', orgOptions: { o1: { plam: 'free' } } }),
    () => policy.subject({ id: 'ada', orgOptions: { o1: { plan: 'free' } } })
  ],
  [
    'missing_parameter',
    () => policy.scopes.template('agent', {}),
    () => policy.scopes.template('agent', { docId: id, billId: undefined })
  ],
  [
    'unknown_parameter',
    () => policy.scopes.template('agent', { docId: id, constructor: id }),
    () => policy.scopes.template('agent', { docId: id, billId: id })
  ],
  ...['', '*', 'doc-1', true, null].map(
    (docId) =>
      [
        'invalid_parameter',
        () => policy.scopes.template('agent', hostile({ docId })),
        () => policy.scopes.template('agent', { docId: id.toUpperCase() })
      ] as const
  ),
  [
    'invalid_parameter',
    () => policy.scopes.template('agent', hostile({ docId: id, isQuiet: 'true' })),
    () => policy.scopes.template('agent', { docId: id, isQuiet: true })
  ],
  [
    'missing_option',
    () => policy.subject({ id: 'ada', roles: [{ role: 'planner', org: 'o1' }] }),
    () =>
      policy.subject({
        id: 'ada',
        roles: [{ role: 'planner', org: 'o1' }],
        orgOptions: { o1: { plan: 'paid' } }
      })
  ],
  [
    'invalid_option',
    () => policy.subject({ id: 'ada', orgOptions: { o1: { plan: 'fre' } } }),
    () => policy.subject({ id: 'ada', orgOptions: { o1: { plan: 'free' } } })
  ],
  [
    'invalid_option',
    () => compile(document, hostile({ options: { mode: true } })),
    () => compile(document, { options: { mode: 'shut' } })
  ],
  ...[undefined, null, ''].map(
    (none) =>
      [
        'empty_subject_id',
        () => policy.subject(hostile({ id: none })),
        () => policy.subject({ id: '__proto__' })
      ] as const
  ),
  ...[undefined, null, ''].map(
    (org) =>
      [
        'role_needs_org',
        () => policy.subject(hostile({ id: 'ada', roles: [{ role: 'editor', org }] })),
        () => policy.subject({ id: 'ada', roles: [{ role: 'editor', org: 'o1' }] })
      ] as const
  ),
  [
    'role_takes_no_org',
    () => policy.subject({ id: 'ada', roles: [{ role: 'member', org: 'o1' }] }),
    () => policy.subject({ id: 'ada', roles: [{ role: 'member', org: '' }] })
  ],
  [
    'any_org_with_org',
    () => ada.can('read', { type: 'doc', org: 'o1', anyOrg: true }),
    () => ada.can('read', { type: 'doc', org: 'o1', anyOrg: false })
  ],
  [
    'missing_org',
    () => ada.can('read', { type: 'bill' }),
    () => ada.can('read', { type: 'bill', anyOrg: true })
  ],
  [
    'unexpected_org',
    () => ada.can('read', { type: 'licence', org: 'o1' }),
    () => ada.can('read', { type: 'licence', org: '' })
  ],
  [
    'unexpected_org',
    () => ada.can('read', { type: 'licence', anyOrg: true }),
    () => ada.can('read', { type: 'licence', anyOrg: false })
  ],
  [
    'acl_not_supported',
    () => ada.can('read', { type: 'licence', acl: {} }),
    () => ada.can('read', { type: 'licence', acl: null })
  ],
  ...['doc', 'dok:*', ':x', 'doc:', 'doc:x', '', 7, null].map(
    (entry) =>
      [
        'invalid_allow_list_entry',
        () => ada.within({ allowList: [hostile(entry)] }),
        () => ada.within({ allowList: ['doc:*', `*:${id}`, '*:*'] })
      ] as const
  ),
  [
    'allow_list_too_long',
    () => ada.within({ allowList: new Array<string>(129).fill('doc:*') }),
    () => ada.within({ allowList: new Array<string>(128).fill('doc:*') })
  ],
  ...[
    () => policy.subject(hostile(undefined)),
    () => policy.subject(hostile('ada')),
    () => policy.subject(hostile({ id: 7 })),
    () => policy.subject(hostile({ id: 'ada', role: ['member'] })),
    () => policy.subject(hostile({ id: 'ada', roles: 'member' })),
    () => policy.subject(hostile({ id: 'ada', roles: null })),
    () => policy.subject(hostile({ id: 'ada', roles: [{ role: 7 }] })),
    () => policy.subject(hostile({ id: 'ada', roles: [{ role: 'editor', org: 7 }] })),
    () => policy.subject(hostile({ id: 'ada', groups: ['g', 7] })),
    () => policy.subject(hostile({ id: 'ada', groups: [, 'g'] })),
    () => policy.subject(hostile({ id: 'ada', orgOptions: { o1: null } })),
    () => policy.subject(hostile({ id: 'ada', scopes: undefined })),
    () => policy.subject(hostile({ id: 'ada', scopes: null })),
    () => policy.subject(hostile({ id: 'ada', allowList: undefined })),
    () => policy.subject(hostile({ id: 'ada', scopes: 'all' })),
    () => policy.subject(hostile(new LostCeiling({ id: 'ada', roles: ['member'] }))),
    () => ada.within(hostile(new LostCeiling({ scopes: ['doc:read'] }))),
    () => ada.within({}),
    () => ada.within(hostile(undefined)),
    () => ada.within(hostile({ scopes: null })),
    () => ada.within(hostile({ scopes: ['all'], scope: 'all' })),
    () => ada.can('read', hostile('doc')),
    () => ada.can('read', hostile(undefined)),
    () => ada.can('read', hostile(null)),
    () => ada.can('read', hostile([{ type: 'doc' }])),
    () => ada.can('read', hostile({})),
    () => ada.can('read', hostile({ type: 'doc', org: 7 })),
    () => ada.can('read', hostile({ type: 'doc', owner: ['ada'] })),
    () => ada.can('read', hostile({ type: 'doc', anyOrg: 'yes' })),
    () => ada.can(hostile(undefined), { type: 'doc' }),
    () => ada.can(hostile(null), { type: 'doc' }),
    () => ada.can(hostile({ index: 0, resource: 'doc', action: 'read' }), { type: 'doc' }),
    () => ada.can(policy.permission('doc', 'read'), hostile({ type: 'licence' })),
    () => ada.can(compile(otherCatalogue).permission('doc', 'read'), { type: 'doc' }),
    () => ada.within({ allowList: ['doc:*'] }).can('read', hostile({ type: 'doc', id: 7 })),
    () => policy.subject({ id: 'bob' }).can('read', hostile({ type: 'doc', acl: [] })),
    () => policy.subject({ id: 'bob' }).can('read', hostile({ type: 'doc', acl: { users: [] } })),
    () =>
      policy.subject({ id: 'bob' }).can('read', hostile({ type: 'doc', acl: { users: { bob: 'read' } } })),
    () => policy.subject({ id: 'bob' }).can('read', hostile({ type: 'doc', acl: { users: { bob: [7] } } })),
    () =>
      policy
        .subject({ id: 'bob' })
        .can('read', hostile({ type: 'doc', acl: { users: { bob: [, 'read'] } } })),
    () => ada.canEach(hostile({ a: null })),
    () => ada.canEach(hostile({ a: 'read' })),
    () => ada.canEach(hostile(null)),
    () => ada.canEach(hostile(5)),
    () => ada.filter('read', hostile(null)),
    () => ada.filter('read', hostile('doc')),
    () => withEditors.withRoles({}, hostile({ org: null })),
    () => withEditors.withRoles({}, hostile({ org: 5 })),
    () => withEditors.withRoles({}, hostile(null)),
    () => withEditors.roles.get('second', hostile(null)),
    () => withEditors.roles.get(hostile(5)),
    () => policy.scopes.get(hostile(5)),
    () => policy.resources.get(hostile(5)),
    () => compile(document, hostile(null)),
    () => compile(document, hostile({ options: null })),
    () => ada.canSome(hostile(7), 'doc'),
    () => policy.systemSubject(hostile(7)),
    () => policy.permission(hostile(7), 'read'),
    () => policy.scopes.template(hostile(7), {}),
    () => policy.scopes.canonical(hostile(7))
  ].map((fails) => ['invalid_request', fails, () => ada.can('read', { type: 'doc' })] as const),
  ...placedCases
]

const otherCatalogue = definePolicy({ name: 'other', resources: { doc: { actions: { read: 'read' } } } })

function thrownBy(fails: () => unknown): unknown {
  try {
    fails()
  } catch (error) {
    return error
  }
  return undefined
}

describe('a malformed question', () => {
  it.each(cases.map(([code, fails, works]) => ({ code, fails, works, source: fails.toString().slice(6) })))(
    'throws $code for $source',
    ({ code, fails, works }) => {
      expect(works).not.toThrow()
      const error = thrownBy(fails)
      expect(error).toBeInstanceOf(RequestError)
      expect(error).toMatchObject({ code, name: 'RequestError' })
      expect(isCasemateError(error) && !isForbidden(error)).toBe(true)
    }
  )

  it('is covered here with every code that there is', () => {
    const everyCode: Record<RequestErrorCode, true> = {
      unknown_resource: true,
      unknown_action: true,
      unknown_role: true,
      unknown_scope: true,
      unknown_scope_template: true,
      unknown_system_subject: true,
      unknown_option: true,
      missing_parameter: true,
      unknown_parameter: true,
      invalid_parameter: true,
      missing_option: true,
      invalid_option: true,
      empty_subject_id: true,
      role_needs_org: true,
      role_takes_no_org: true,
      any_org_with_org: true,
      missing_org: true,
      unexpected_org: true,
      missing_container: true,
      unexpected_container: true,
      role_needs_container: true,
      role_takes_no_container: true,
      missing_attribute: true,
      invalid_attribute: true,
      org_list_too_long: true,
      invalid_org_list_entry: true,
      acl_not_supported: true,
      invalid_allow_list_entry: true,
      allow_list_too_long: true,
      invalid_request: true
    }
    expect(new Set(cases.map(([code]) => code))).toEqual(new Set(Object.keys(everyCode)))
  })

  it('names the place, the value and the nearest valid name', () => {
    expect(
      thrownBy(() => policy.subject({ id: 'ada', roles: ['member', { role: 'editr', org: 'o1' }] }))
    ).toMatchObject({
      path: 'roles[1]',
      value: 'editr',
      hint: 'editor',
      message: 'roles[1]: unknown role `editr`; did you mean `editor`?'
    })
  })

  it("suggests an option's value as it is declared, not as it was given", () => {
    const flagged = definePolicy({
      name: 'flagged',
      resources: {},
      options: { x: { values: [true, false], default: true } }
    })
    expect(thrownBy(() => compile(flagged, hostile({ options: { x: 'true' } })))).toMatchObject({
      message: 'options.x: expected one of `true`, `false`, not `"true"`; did you mean `true`?'
    })
  })

  it('is the same in every way of asking, whatever kind of object a row is', () => {
    for (const row of [Object.assign([], { type: 'doc' }), Object.assign(() => 1, { type: 'doc' })]) {
      expect(ada.can('read', hostile(row))).toBe(true)
      expect(ada.explain('read', hostile(row)).allowed).toBe(true)
      expect(ada.actionsOn(hostile(row))).toEqual(['read', 'write'])
      expect(parseObject(policy, row)).toMatchObject({ ok: false, problems: [{ code: 'invalid_request' }] })
    }
  })

  it('names shape before subject, subject before object and object before action', () => {
    const codes = (data: object): readonly string[] => {
      const parsed = parseRequest(policy, data)
      return parsed.ok ? [] : parsed.problems.map(({ code }) => code)
    }
    const object = { type: 'doc', org: 'o1', anyOrg: true }
    expect(codes({ subject: { id: '' }, action: 'reed', object })).toEqual([
      'empty_subject_id',
      'any_org_with_org',
      'unknown_action'
    ])
    expect(codes({ subject: { id: '' }, action: 'reed', object: { ...object, owner: 7 } })[0]).toBe(
      'invalid_request'
    )
    expect(thrownBy(() => ada.can('reed', hostile({ ...object, owner: 7 })))).toMatchObject({
      code: 'invalid_request'
    })
    expect(thrownBy(() => ada.can('reed', object))).toMatchObject({ code: 'any_org_with_org' })
    expect(thrownBy(() => policy.subject(hostile({ id: '', roles: ['x', 7] })))).toMatchObject({
      code: 'invalid_request'
    })
  })

  it('names the element of many', () => {
    const rows = [{ type: 'doc' }, { type: 'docs' }]
    expect(thrownBy(() => ada.filter('read', rows))).toMatchObject({
      path: 'rows[1].object.type',
      code: 'unknown_resource'
    })
    expect(thrownBy(() => ada.canEach(hostile({ odd: null })))).toMatchObject({
      path: 'odd',
      message: 'odd: expected a question, `{ action, object }`, not `null`'
    })
    const questions = {
      fine: { action: 'read', object: { type: 'doc' } },
      odd: { action: 'reed', object: { type: 'doc' } }
    }
    expect(thrownBy(() => ada.canEach(questions))).toMatchObject({
      path: 'odd.action',
      code: 'unknown_action'
    })
  })
})

describe('a subject', () => {
  it('has nothing that can be assigned, also where no type forbids it', () => {
    const bob = policy.subject({ id: 'bob' }).within({ allowList: [] })
    for (const key of ['id', 'engine', 'system', 'site', 'orgs', 'groups', 'ceilings']) {
      Reflect.set(bob, key, key === 'id' ? 'ada' : [])
      expect(bob.can('read', { type: 'doc', acl: { users: { ada: ['*'], bob: ['*'] } } })).toBe(false)
    }
    expect(bob.id).toBe('bob')
  })

  it('shows nothing of its policy and of its groups where it is printed', () => {
    const bob = policy.subject({ id: 'bob', groups: ['g'] })
    expect(Object.keys(bob)).toEqual([])
    expect(JSON.stringify({ subject: bob })).toBe('{"subject":{}}')
    expect('groups' in bob || 'orgs' in bob || 'engine' in bob).toBe(false)
  })
})

describe('a refusal', () => {
  const eve = policy.subject({ id: 'eve', roles: [{ role: 'editor', org: 'secret-org' }] })
  const refused = thrownBy(() => {
    eve.authorize('write', { type: 'doc', org: 'secret-org' })
  })

  it('is a ForbiddenError with the status 403', () => {
    expect(refused).toBeInstanceOf(ForbiddenError)
    expect(refused).toMatchObject({ code: 'forbidden', status: 403, statusCode: 403, name: 'ForbiddenError' })
    expect(isForbidden(refused) && isCasemateError(refused)).toBe(true)
  })

  it('says what was asked and not why, wherever a client could see it', () => {
    const shown = `${String(refused)} ${JSON.stringify(refused)} ${JSON.stringify({ ...(refused as object) })}`
    expect(shown).toContain('not allowed to write this doc')
    expect(shown).not.toMatch(/secret-org|eve|editor|not_granted|votes/)
  })

  it('carries the decision for the log', () => {
    expect(isForbidden(refused) && refused.decision).toMatchObject({ allowed: false, reason: 'not_granted' })
    expect(Object.keys(refused as object)).not.toContain('decision')
  })

  it('does not happen where the action is allowed', () => {
    expect(
      thrownBy(() => {
        eve.authorize('read', { type: 'doc', org: 'secret-org' })
      })
    ).toBeUndefined()
  })

  it('is nothing that only looks like one', () => {
    for (const other of [undefined, null, 'forbidden', {}, new Error('forbidden'), { code: 'forbidden' }])
      expect(isForbidden(other) || isCasemateError(other)).toBe(false)
    expect(isForbidden(new CasemateError('not_expressible', 'x'))).toBe(false)
    expect(isCasemateError(new PolicyError([]))).toBe(true)
  })
})
