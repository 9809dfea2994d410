// Details of reasons: which of several lists of organizations refuses, and an entry of an ACL that needs what the roles
// allow an owner alone.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy } from 'casemate'
import { orFailure } from '../support/engine.js'

const policy = compile(
  parsePolicy({
    name: 'reasons',
    containers: [{ name: 'team' }, { name: 'project' }, { name: 'folder' }],
    resources: {
      doc: { acl: { requires: 'share' }, actions: { read: '', share: '' } },
      note: { acl: { overridesDeny: false }, actions: { read: '' } },
      page: { in: { team: 'optional', project: 'optional', folder: 'optional' }, actions: { read: '' } }
    },
    roles: {
      root: { kind: 'site', grants: { site: { allow: { doc: '*' } } } },
      author: { kind: 'site', grants: { user: { allow: { doc: ['share'] } } } },
      hermit: { kind: 'site', grants: { user: { deny: { note: ['read'] } } } },
      lead: { kind: 'team', grants: { team: { allow: { page: ['read'] } } } },
      editor: { kind: 'project', grants: { project: { allow: { page: ['read'] } } } },
      reader: { kind: 'folder', grants: { folder: { allow: { page: ['read'] } } } }
    }
  })
)

describe('explain', () => {
  it('names the list that refuses and not one that does not', () => {
    const key = policy.subject({ id: 'me', roles: ['root'], onlyOrgs: ['o1', 'o2'] })
    const narrow = key.within({ onlyOrgs: ['o2'] })
    expect(['o1', 'o2', 'o3'].map((org) => key.can('read', { type: 'doc', org }))).toEqual([
      true,
      true,
      false
    ])
    expect(['o1', 'o2', 'o3'].map((org) => narrow.can('read', { type: 'doc', org }))).toEqual([
      false,
      true,
      false
    ])
    const refusal = (org: string): unknown => narrow.explain('read', { type: 'doc', org }).ceiling
    expect(refusal('o1')).toEqual({ ceiling: 1, by: 'organizations', onlyOrgs: ['o2'] })
    expect(refusal('o3')).toEqual({ ceiling: 0, by: 'organizations', onlyOrgs: ['o1', 'o2'] })
  })

  it('counts an entry that needs what its owner alone may do', () => {
    const author = policy.subject({ id: 'me', roles: ['author'] })
    const acl = { users: { me: ['read'] } }
    const reasonOf = (owner?: string): string =>
      author.explain('read', { type: 'doc', acl, ...(owner === undefined ? {} : { owner }) }).reason
    const canAs = (owner: string | undefined): boolean => author.can('read', { type: 'doc', acl, owner })
    expect([canAs('me'), canAs('you'), canAs(undefined)]).toEqual([true, false, false])
    expect([reasonOf('me'), reasonOf('you'), reasonOf()]).toEqual([
      'granted_by_acl',
      'not_granted',
      'not_granted'
    ])
  })
})

describe('an entry that beats no deny', () => {
  it('does not beat that of what is the subject’s own, and counts for all else', () => {
    const hermit = policy.subject({ id: 'me', roles: ['hermit'] })
    const acl = { users: { me: ['read'] } }
    const canAs = (fields: object): boolean => hermit.can('read', { type: 'note', acl, ...fields })
    expect([
      canAs({ owner: 'me' }),
      canAs({ owner: 'you' }),
      canAs({}),
      canAs({ owner: 'me', org: 'o1' })
    ]).toEqual([...[false, true, true, true]])
  })
})

describe('a policy of three containers', () => {
  it.each([
    ['lead', 'team'],
    ['editor', 'project'],
    ['reader', 'folder']
  ] as const)('lets a %s read in their own %s', (role, kind) => {
    const subject = policy.subject({ id: 'me', roles: [{ role, [kind]: 'x' }] })
    for (const at of ['team', 'project', 'folder'] as const)
      for (const id of ['x', 'y'])
        expect(subject.can('read', { type: 'page', [at]: id })).toBe(at === kind && id === 'x')
  })

  it.each([[5], [[5]], [['x', null]], [['x', '']], [[undefined]], [{ 0: 'x', length: 1 }]])(
    'takes %j for no places, whichever of them it is given for',
    (places) => {
      const subject = policy.subject({ id: 'me', roles: [{ role: 'reader', folder: 'x' }] })
      for (const at of ['team', 'project', 'folder'])
        expect(() => subject.can('read', { type: 'page', folder: 'x', [at]: places })).toThrow(
          expect.objectContaining({
            code: 'invalid_request',
            path: expect.stringMatching(`^object.${at}`) as string
          })
        )
    }
  )

  it.each(['team', 'project', 'folder'])('takes no %s from what every object inherits', (kind) => {
    const role = { team: 'lead', project: 'editor', folder: 'reader' }[kind]
    const subject = policy.subject({ id: 'me', roles: [{ role, [kind]: 'x' }] } as never)
    const ask = (): unknown => orFailure(() => subject.can('read', { type: 'page' }))
    expect(ask()).toBe(false)
    Object.defineProperty(Object.prototype, kind, { value: 'x', configurable: true })
    try {
      expect(ask()).not.toBe(true)
    } finally {
      Reflect.deleteProperty(Object.prototype, kind)
    }
  })

  it('takes `anyOrg: false` and `null` for not asked', () => {
    const subject = policy.subject({ id: 'me', roles: ['root'], onlyOrgs: ['*none'] })
    for (const anyOrg of [false, null, undefined])
      expect(subject.can('read', { type: 'doc', anyOrg })).toBe(true)
  })
})
