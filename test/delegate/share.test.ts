// What a subject may let others do to an object: each rule's yes stands beside its nearest no.
import { describe, expect, it } from 'vitest'

import { compile, isCasemateError, parsePolicy, type Acl } from '../../src/index.js'

const policy = compile(
  parsePolicy({
    name: 'sharing',
    resources: {
      doc: { acl: true, actions: { read: '', write: '', share: '' } },
      page: { acl: true, org: 'required', actions: { read: '' } },
      log: { actions: { read: '' } }
    },
    roles: {
      reader: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } },
      author: { kind: 'org', grants: { orgMember: { allow: { doc: '*' } } } },
      auditor: { kind: 'site', grants: { site: { allow: { log: ['read'] } } } }
    },
    systemSubjects: { sweeper: { grants: { site: { allow: { doc: ['read'] } } } } }
  })
)
const subject = policy.subject({
  id: 'u1',
  roles: ['auditor', { role: 'reader', org: 'o1' }, { role: 'author', org: 'o1' }],
  groups: ['g1']
})
const own = { type: 'doc', id: 'd1', owner: 'u1', org: 'o1' }
const others = { ...own, owner: 'u2' }

describe('an action may be shared', () => {
  it('where the subject may do it itself, on that very object', () => {
    expect(subject.canShare(others, { users: { u3: ['read'] } })).toBe(true)
    expect(subject.canShare(others, { users: { u3: ['write'] } })).toBe(false)
    expect(subject.canShare(own, { users: { u3: ['write'] } })).toBe(true)
    expect(subject.canShare({ ...others, org: 'o2' }, { users: { u3: ['read'] } })).toBe(false)
  })

  it('with groups as with users', () => {
    expect(subject.canShare(others, { groups: { g2: ['read'], o1: ['read'] } })).toBe(true)
    expect(subject.canShare(others, { groups: { g2: ['read'], o1: ['write'] } })).toBe(false)
  })

  it('only with every other that is named', () => {
    expect(subject.canShare(others, { users: { u3: ['read'], u4: ['read', 'write'] } })).toBe(false)
    expect(subject.canShare(others, { users: { u3: ['read'] }, groups: { g2: ['share'] } })).toBe(false)
  })

  it('as `*` where the subject may do all of them', () => {
    expect(subject.canShare(own, { users: { u3: ['*'] } })).toBe(true)
    expect(subject.canShare(others, { users: { u3: ['*'] } })).toBe(false)
    expect(subject.explainShare(others, { users: { u3: ['*'] } }).gaps.map(({ action }) => action)).toEqual([
      'write',
      'share'
    ])
  })

  it('where the object’s own ACL is what allows it', () => {
    const acl: Acl = { users: { u1: ['write'] } }
    expect(subject.canShare({ ...others, acl }, { users: { u3: ['write'] } })).toBe(true)
    expect(subject.canShare({ ...others, acl }, { users: { u3: ['share'] } })).toBe(false)
  })

  it('within the ceiling alone', () => {
    const read: Acl = { users: { u3: ['read'] } }
    expect(subject.within({ scopes: ['doc:read'] }).canShare(own, read)).toBe(true)
    expect(subject.within({ scopes: ['doc:read'] }).canShare(own, { users: { u3: ['write'] } })).toBe(false)
    expect(subject.within({ allowList: ['doc:d1'] }).canShare(own, read)).toBe(true)
    expect(subject.within({ allowList: ['doc:d2'] }).canShare(own, read)).toBe(false)
  })

  it('by a system subject as by anybody', () => {
    expect(policy.systemSubject('sweeper').canShare(others, { users: { u3: ['read'] } })).toBe(true)
    expect(policy.systemSubject('sweeper').canShare(others, { users: { u3: ['write'] } })).toBe(false)
  })

  it('not where the resource lacks it, whatever the subject holds', () => {
    expect(subject.explainShare(own, { users: { u3: ['read', 'fly'] } })).toEqual({
      allowed: false,
      reason: 'not_shareable',
      object: own,
      gaps: [
        { action: 'fly', reason: 'unknown_action', entries: [{ list: 'users', id: 'u3', action: 'fly' }] }
      ]
    })
    const { gaps } = subject.explainShare(others, { users: { u3: ['fly', 'write', 'swim', 'read'] } })
    expect(gaps.map(({ action, reason }) => [action, reason])).toEqual([
      ['fly', 'unknown_action'],
      ['write', 'not_granted'],
      ['swim', 'unknown_action']
    ])
    expect(subject.canShare(own, { users: { u3: ['__proto__'] } })).toBe(false)
    expect(subject.canShare(own, { users: { u3: [''] } })).toBe(false)
  })

  it('to nobody, by anybody: an ACL without entries gives nothing', () => {
    const nobody = policy.subject({ id: 'u9' })
    for (const acl of [{}, { users: {} }, { users: { u3: [] }, groups: {} }, { users: undefined }])
      expect(nobody.canShare(others, acl)).toBe(true)
    expect(nobody.canShare(others, { users: { u3: ['read'] } })).toBe(false)
  })
})

describe('the explanation of a share', () => {
  it('names each refused action once, with every entry that names it and the decision', () => {
    const acl = { users: { u3: ['write', 'read'] }, groups: { g2: ['write'] } }
    const { gaps, ...decision } = subject.explainShare(others, acl)
    expect(decision).toEqual({ allowed: false, reason: 'not_shareable', object: others })
    expect(gaps).toEqual([
      {
        action: 'write',
        reason: 'not_granted',
        entries: [
          { list: 'users', id: 'u3', action: 'write' },
          { list: 'groups', id: 'g2', action: 'write' }
        ],
        decision: subject.explain('write', others)
      }
    ])
    expect(subject.explainShare(own, acl)).toEqual({
      allowed: true,
      reason: 'shareable',
      object: own,
      gaps: []
    })
  })

  it('keeps an id like `__proto__` as the ordinary id that it is', () => {
    const acl = JSON.parse('{"users":{"__proto__":["write"]}}') as Acl
    expect(subject.explainShare(others, acl).gaps[0]?.entries).toEqual([
      { list: 'users', id: '__proto__', action: 'write' }
    ])
    expect(subject.canShare(own, acl)).toBe(true)
  })

  it('says `*` of an entry that names the action so', () => {
    const acl = { users: { u3: ['*'] }, groups: { g2: ['write'] } }
    expect(subject.explainShare(others, acl).gaps[0]).toMatchObject({
      action: 'write',
      entries: [
        { list: 'users', id: 'u3', action: '*' },
        { list: 'groups', id: 'g2', action: 'write' }
      ]
    })
  })
})

describe('a malformed share', () => {
  const codeOf = (object: unknown, acl: unknown): string => {
    try {
      subject.canShare(object as never, acl as never)
    } catch (error) {
      if (isCasemateError(error)) return error.code
      throw error
    }
    return 'no error'
  }
  const read = { users: { u3: ['read'] } }

  it('is an error where the resource has no ACL, also for who may do it', () => {
    expect(subject.can('read', { type: 'log' })).toBe(true)
    expect(codeOf({ type: 'log' }, read)).toBe('acl_not_supported')
    expect(codeOf({ type: 'log' }, {})).toBe('acl_not_supported')
  })

  it('is an error of the object as in a decision', () => {
    expect(codeOf({ type: 'dog' }, read)).toBe('unknown_resource')
    expect(codeOf({ type: 'page' }, read)).toBe('missing_org')
    expect(codeOf({ ...own, anyOrg: true }, read)).toBe('any_org_with_org')
    expect(codeOf({ ...own, owner: 5 }, read)).toBe('invalid_request')
    expect(codeOf(undefined, read)).toBe('invalid_request')
    expect(codeOf({ type: 'log', acl: {} }, read)).toBe('acl_not_supported')
  })

  it('is one as far as a decision reads the object: a row may have other columns', () => {
    expect(subject.canShare({ ...own, title: 'a column' }, read)).toBe(true)
    expect(subject.canShare({ ...own, id: 5 } as never, read)).toBe(true)
    const key = subject.within({ allowList: ['*:*'] })
    expect(() => key.canShare({ ...own, id: 5 } as never, read)).toThrow(
      'object.id: expected a text, not `5`'
    )
  })

  it('is an error wherever the ACL is wrong, however little of it a decision would read', () => {
    const wrong: unknown[] = [
      undefined,
      null,
      [],
      'u3',
      new Map(),
      { user: { u3: ['read'] } },
      { users: ['u3'] },
      { users: null },
      { groups: 'g1' },
      { users: { u3: 'read' } },
      { users: { u3: [5] } },
      { users: { u3: ['read'] }, groups: { g2: null } }
    ]
    for (const acl of wrong) expect(codeOf(own, acl), JSON.stringify(acl)).toBe('invalid_request')
  })

  it('names the nearest key', () => {
    expect(() => subject.canShare(own, { user: { u3: ['read'] } } as never)).toThrow(
      'acl.user: unknown key `user`; did you mean `users`?'
    )
  })

  it('is looked for in its shape before its object', () => {
    expect(codeOf({ type: 'dog' }, { users: 5 })).toBe('invalid_request')
    expect(codeOf({ type: 'log' }, { users: 5 })).toBe('invalid_request')
  })
})
