// What is wrong with a stored record of checks is said at its place; what a held scope of a template lets through is
// judged by the template's own list; and a record has what was allowed, no more.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { parseRecord, recordChecks, suggestScopes } from 'casemate/scopes'

const policy = compile(
  definePolicy({
    name: 'notes',
    resources: {
      note: { acl: true, actions: { read: 'Read', write: 'Write', share: 'Share' } },
      role: { actions: { assign: 'Assign' } },
      page: {
        attributes: { state: { values: ['draft', 'final'], default: 'draft' } },
        actions: { read: 'Read', write: 'Write' }
      }
    },
    roles: {
      owner: { kind: 'site', assigns: ['reader'], grants: { site: { allow: { '*': '*' } } } },
      reader: { kind: 'site', grants: { site: { allow: { note: ['read'] } } } },
      helper: { kind: 'site', assigns: ['reader'] }
    },
    assignPermissions: { site: 'role:assign' },
    unassignPermissions: { site: 'role:assign' },
    scopeTemplates: {
      one: { params: { id: 'required' }, allow: { note: ['read'] }, allowList: ['note:{id}'] },
      any: { params: { id: 'optional' }, allow: { note: ['read'] } }
    }
  })
)

function saidOf(data: unknown): string[] {
  const parsed = parseRecord(policy, data)
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message)
}

describe('a record that is wrong', () => {
  it.each([
    [7, 'expected a record, `{ checks, scopes }`, not `7`'],
    [{ checks: 7 }, 'checks: expected a list of checks, not `7`'],
    [{ checks: [], scopes: 7 }, 'scopes: expected a list of scopes, not `7`'],
    [{ checks: [7] }, 'checks[0]: expected a check, `{ permission, id }`, not `7`'],
    [
      { checks: [{ permission: 7 }] },
      'checks[0].permission: expected a permission, `resource:action`, not `7`'
    ],
    [
      { checks: [{ permission: 'note' }] },
      'checks[0].permission: expected a permission, `resource:action`, not `note`'
    ],
    [
      { checks: [{ permission: 'notes:read' }] },
      'checks[0].permission: unknown resource `notes`; did you mean `note`?'
    ],
    [{ checks: [{ permission: 'note:read', id: 7 }] }, 'checks[0].id: expected an id, not `7`'],
    [{ checks: [{ permission: 'note:read', id: '' }] }, 'checks[0].id: expected an id, not `""`'],
    [{ checks: [{ permission: 'note:read', some: false }] }, 'checks[0].some: expected `true`, not `false`'],
    [
      { checks: [{ permission: 'page:read', attributes: 7 }] },
      'checks[0].attributes: expected attributes by name, not `7`'
    ],
    [
      { checks: [{ permission: 'page:read', attributes: { stat: 'final' } }] },
      'checks[0].attributes.stat: unknown key `stat`; did you mean `state`?'
    ],
    [{ checks: [], scopes: [7] }, 'scopes[0]: expected a scope name or `{ template, params }`, not `7`'],
    [
      { checks: [], scopes: [{ template: 'on' }] },
      'scopes[0].template: unknown scope template `on`; did you mean `one`?'
    ]
  ])('%j', (data, message) => {
    expect(saidOf(data).map((said) => said.replace(/^: /, ''))).toEqual([message])
  })
})

describe('a record that was read', () => {
  it('has no key that says nothing', () => {
    expect(parseRecord(policy, { checks: [{ permission: 'note:read' }] })).toStrictEqual({
      ok: true,
      value: { checks: [{ permission: 'note:read' }], scopes: [] }
    })
  })

  it('leaves unused only what was held for no check at all', () => {
    const checks = [{ permission: 'note:read' }, { permission: 'role:assign' }]
    expect(suggestScopes(policy, { checks, scopes: ['note:read', 'note:write'] }).unused).toEqual([
      'note:write'
    ])
  })
})

describe('a template that was held', () => {
  const held = { template: 'one', params: { id: 'n1' } }
  const isUsed = (check: {
    readonly permission: string
    readonly id?: string
    readonly some?: true
  }): boolean => suggestScopes(policy, { checks: [check], scopes: [held] }).unused.length === 0

  it.each([
    [{ permission: 'note:read', id: 'n1' }, true],
    [{ permission: 'note:read', id: 'n2' }, false],
    [{ permission: 'note:read' }, false],
    [{ permission: 'note:read', some: true as const }, true],
    [{ permission: 'note:write', id: 'n1' }, false]
  ])('for the check %j is used: %j', (check, expected) => {
    expect(isUsed(check)).toBe(expected)
  })

  it('without a list of its own is used on every object', () => {
    const unused = (permission: string): unknown =>
      suggestScopes(policy, { checks: [{ permission, id: 'n7' }], scopes: [{ template: 'any', params: {} }] })
        .unused
    expect(unused('note:read')).toEqual([])
    expect(unused('note:write')).toHaveLength(1)
  })
})

describe('what was asked', () => {
  type Asker = ReturnType<typeof policy.subject>
  const recorded = (roles: ('owner' | 'reader' | 'helper')[], ask: (subject: Asker) => boolean): unknown => {
    const { policy: recording, record } = recordChecks(policy)
    const isAllowed = ask(recording.subject({ id: 'u1', roles }))
    return [isAllowed, record().checks.map(({ permission }) => permission)]
  }

  it('about assigning is recorded with the permission that it asked, where it was allowed', () => {
    expect(recorded(['owner'], (subject) => subject.canAssign('reader'))).toEqual([true, ['role:assign']])
    expect(recorded(['owner'], (subject) => subject.canAssign('helper'))).toEqual([false, []])
    expect(recorded(['helper'], (subject) => subject.canAssign('reader'))).toEqual([false, []])
    expect(recorded(['helper'], (subject) => subject.canUnassign('reader'))).toEqual([false, []])
  })

  it('about assigning is nothing, where the policy names no permission for it', () => {
    const free = compile(
      definePolicy({ name: 'free', resources: {}, roles: { owner: { kind: 'site', assigns: ['*'] } } })
    )
    const { policy: recording, record } = recordChecks(free)
    expect(recording.subject({ id: 'u1', roles: ['owner'] }).canAssign('owner')).toBe(true)
    expect(record().checks).toEqual([])
  })

  it('about sharing is recorded with the actions shared alone, where it was allowed', () => {
    const share = (acl: object) => (subject: Asker) => subject.canShare({ type: 'note', id: 'n1' }, acl)
    const acl = { users: { u2: ['read'] }, groups: { g1: ['write'] } }
    expect(recorded(['owner'], share(acl))).toEqual([true, ['note:read', 'note:write']])
    expect(recorded(['owner'], share({ users: { u2: ['*'] } }))).toEqual([
      true,
      ['note:read', 'note:write', 'note:share']
    ])
    expect(recorded(['reader'], share(acl))).toEqual([false, []])
  })

  it('about something of a type is recorded with the attributes that were asked about', () => {
    const { policy: recording, record } = recordChecks(policy)
    const subject = recording.subject({ id: 'u1', roles: ['owner'] })
    expect(subject.canSome('read', 'page', { state: 'final' })).toBe(true)
    expect(record().checks).toEqual([{ permission: 'page:read', attributes: { state: 'final' }, some: true }])
  })

  it('about something of a type says the same of a field that is undefined as of one that is missing', () => {
    const checksOf = (fields?: object) => {
      const { policy: recording, record } = recordChecks(policy)
      recording.subject({ id: 'u1', roles: ['owner'] }).canSome('read', 'page', fields)
      return record().checks
    }
    expect(checksOf()).toHaveLength(1)
    expect(checksOf({ state: undefined, owner: undefined })).toEqual(checksOf())
  })

  it('was asked with each scope and each template, and with no scope where there is only a list', () => {
    const { policy: recording, record } = recordChecks(policy)
    const subject = recording.subject({ id: 'u1', roles: ['owner'] })
    subject.within({ allowList: ['note:n1'] })
    expect(record().scopes).toEqual([])
    const templates = ['n1', 'n2'].map((id) => ({ template: 'one', params: { id } }) as const)
    subject.within({ scopes: ['note:read', ...templates, ...templates] })
    expect(record().scopes).toEqual(['note:read', ...templates])
  })

  it('was asked of subjects that look like those of the policy', () => {
    const { policy: recording } = recordChecks(policy)
    const names = [policy, recording].map((one) => one.subject({ id: 'u1' }).constructor.name)
    expect(names).toEqual(['Subject', 'Subject'])
  })
})
