// What an ability of ours does not read: what objects only inherit, and names that stand for nothing.
import type { MongoAbility } from '@casl/ability'
import { afterEach, describe, expect, it } from 'vitest'

import { abilityFor } from '../../src/casl/index.js'
import { compile, parsePolicy, type ObjectRef } from '../../src/index.js'

const policy = compile(
  parsePolicy({
    name: 'shared',
    containers: [{ name: 'project' }],
    resources: { doc: { acl: true, in: { project: 'optional' }, actions: { read: '', write: '' } } },
    roles: {
      base: { kind: 'site', grants: { user: { allow: { doc: ['write'] } } } },
      member: { kind: 'org', grants: { org: { allow: { doc: ['write'] } } } },
      editor: { kind: 'project', grants: { project: { allow: { doc: ['read'] } } } }
    }
  })
)
const subject = policy.subject({
  id: 'me',
  roles: ['base', { role: 'member', org: 'o1' }, { role: 'editor', project: 'p1' }],
  groups: ['g1', 'g2']
})
const ability: MongoAbility = abilityFor(subject)

type Fields = Readonly<Record<string, unknown>>
const pollute = (fields: Fields): void => {
  for (const [key, value] of Object.entries(fields))
    Object.defineProperty(Object.prototype, key, { value, configurable: true, writable: true })
}

describe('what every object inherits', () => {
  const polluted = {
    owner: 'me',
    org: 'o1',
    project: 'p1',
    acl: { users: { me: ['*'] } },
    users: { me: ['*'] },
    who: 'user:me'
  }
  afterEach(() => {
    for (const key of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, key)
  })

  it.each(Object.entries(polluted))('is not read: %s', (key, value) => {
    pollute({ [key]: value })
    for (const action of ['read', 'write'])
      expect(ability.can(action, { type: 'doc' } as ObjectRef)).toBe(false)
  })

  it.each(Object.entries(polluted))('leaves what objects have themselves: %s', (key, value) => {
    pollute({ [key]: value })
    const can = (action: string, fields: Fields): boolean =>
      ability.can(action, { type: 'doc', ...fields } as ObjectRef)
    const none = { owner: null, org: null, project: null, acl: null }
    expect(can('write', { ...none, owner: 'me' })).toBe(true)
    expect(can('write', { ...none, owner: 'you' })).toBe(false)
    expect(can('write', { ...none, org: 'o1' })).toBe(true)
    expect(can('write', { ...none, org: 'o2' })).toBe(false)
    expect(can('read', { ...none, project: 'p1' })).toBe(true)
    expect(can('read', { ...none, project: ['p2', 'p1'] })).toBe(true)
    expect(can('read', { ...none, project: 'p2' })).toBe(false)
    expect(can('read', { ...none, acl: { users: { me: ['read'] } } })).toBe(true)
    expect(can('read', { ...none, acl: { users: { you: ['*'], me: ['write'] } } })).toBe(false)
    expect(can('read', { ...none, org: 'o1', acl: { groups: { g2: ['read'], other: [] } } })).toBe(true)
    expect(can('read', { ...none, org: 'o1', acl: { groups: { other: ['read'], g1: ['write'] } } })).toBe(
      false
    )
    expect(can('read', { ...none, org: 'o1', acl: { groups: { o1: ['*'] } } })).toBe(true)
  })
})

describe('an entry for everyone in an organization', () => {
  it.each(['undefined', 'null', '', 'true'])('is none where there is no organization: %j', (name) => {
    const acl = { groups: { [name]: ['read'] } }
    for (const fields of [{}, { org: undefined }, { org: null }, { org: '' }, { anyOrg: true }]) {
      const object = { type: 'doc', acl, ...fields } as ObjectRef
      expect(ability.can('read', object)).toBe(false)
      expect(subject.can('read', object)).toBe(false)
    }
  })
})
