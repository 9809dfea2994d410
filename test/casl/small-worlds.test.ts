// Abilities beside their subjects in a world of few places: subjects of every kind, and objects that differ in all that
// rules ask about, taken in turn from all that there are.
import { createMongoAbility, type MongoAbility } from '@casl/ability'
import { describe, expect, it } from 'vitest'

import { abilityOptions, toAbilityObject } from '../../src/casl/client/index.js'
import { abilityFor } from '../../src/casl/index.js'
import { compile, parsePolicy, type ObjectRef, type PolicyData } from '../../src/index.js'
import { orFailure } from '../support/engine.js'
import { throughJson } from './readings.js'

const actions = ['read', 'update', 'share']
const all = { read: '', update: '', share: '' }
const document = {
  name: 'small',
  containers: [{ name: 'project' }, { name: 'folder' }],
  resources: {
    doc: {
      acl: true,
      in: { project: 'optional', folder: 'optional' },
      attributes: { state: { values: ['draft', 'final'], default: 'draft' } },
      actions: all
    },
    log: {
      acl: { requires: 'share', members: true, overridesDeny: false },
      org: 'required',
      in: { project: 'required' },
      actions: all
    },
    memo: { org: 'never', acl: { requires: 'share' }, actions: all },
    plan: { in: { folder: 'required' }, acl: { members: true }, actions: all },
    page: { acl: { overridesDeny: false }, actions: all }
  },
  roles: {
    base: { kind: 'site', grants: { user: { allow: { '*': ['read', 'update'] } } } },
    sharer: { kind: 'site', grants: { site: { allow: { '*': ['share'] } } } },
    hermit: { kind: 'site', grants: { user: { allow: { '*': '*' }, deny: { '*': ['update'] } } } },
    banned: { kind: 'site', grants: { site: { deny: { doc: ['update'], page: ['read'] } } } },
    reader: {
      kind: 'org',
      grants: {
        org: {
          allow: { doc: { actions: ['read'], where: { state: 'final' } }, page: ['read'], plan: ['read'] }
        },
        orgMember: { allow: { '*': ['update', 'share'] }, deny: { page: ['update'] } }
      }
    },
    muted: { kind: 'org', grants: { org: { deny: { '*': ['read'] } } } },
    editor: {
      kind: 'project',
      grants: { project: { allow: { '*': ['read', 'share'] } }, projectMember: { deny: { '*': ['update'] } } }
    },
    author: { kind: 'project', grants: { projectMember: { allow: { '*': '*' } } } },
    shut: { kind: 'project', grants: { project: { deny: { doc: ['read'], log: ['update'] } } } },
    keeper: {
      kind: 'folder',
      grants: { folder: { allow: { '*': ['update'] } }, folderMember: { allow: { '*': ['read'] } } }
    },
    sealed: { kind: 'folder', grants: { folderMember: { deny: { '*': '*' } } } }
  },
  scopes: {
    reading: { allow: { '*': ['read'] } },
    final: { allow: { doc: { actions: '*', where: { state: 'final' } } } }
  },
  systemSubjects: { purge: { grants: { site: { allow: { doc: ['update'], log: '*' } } } } }
} as PolicyData
const policy = compile(parsePolicy(document))

const inOrgs = (role: string, ...orgs: string[]): object[] => orgs.map((org) => ({ role, org }))
const inProjects = (role: string, ...ids: string[]): object[] => ids.map((project) => ({ role, project }))
const inFolders = (role: string, ...ids: string[]): object[] => ids.map((folder) => ({ role, folder }))
const many = Array.from({ length: 40 }, (_, n) => `g${n}`)

const subjects: Readonly<Record<string, object>> = {
  nobody: { roles: [] },
  'of no group': { roles: ['base'] },
  'of a group': { roles: ['base'], groups: ['g1'] },
  'of many groups': { roles: [...inOrgs('reader', 'o1')], groups: many },
  'banned, and sharing': { roles: ['banned', 'sharer', ...inOrgs('reader', 'o1', 'o2')], groups: ['g1'] },
  hermit: { roles: ['hermit'] },
  'a hermit in places': { roles: ['hermit', ...inProjects('editor', 'p1'), ...inFolders('sealed', 'f1')] },
  'muted somewhere': { roles: ['base', ...inOrgs('reader', 'o1'), ...inOrgs('muted', 'o2')], groups: ['g1'] },
  'muted everywhere': { roles: [...inOrgs('muted', 'o1', 'o2'), ...inProjects('editor', 'p1', 'p2')] },
  'in projects': { roles: [...inProjects('editor', 'p1'), ...inProjects('shut', 'p2')] },
  'an author in folders': {
    roles: [
      'base',
      ...inProjects('author', 'p1', 'p3'),
      ...inFolders('keeper', 'f1'),
      ...inFolders('sealed', 'f2')
    ]
  },
  'in all kinds of places': {
    roles: [
      ...['base', ...inOrgs('reader', 'o1'), ...inOrgs('muted', 'o2')],
      ...[...inProjects('editor', 'p1'), ...inProjects('shut', 'p2'), ...inFolders('keeper', 'f1')]
    ],
    groups: ['g1', 'g2']
  },
  'a key of two organizations': {
    roles: ['base', ...inOrgs('reader', 'o1', 'o2')],
    onlyOrgs: ['o1', 'o3'],
    groups: ['g1']
  },
  'a key outside organizations': {
    roles: ['base', 'sharer', ...inOrgs('reader', 'o1')],
    onlyOrgs: ['*none']
  },
  'a key of nowhere': { roles: ['base', ...inOrgs('reader', 'o1')], onlyOrgs: [] },
  'a key that reads': { roles: ['base', 'sharer', ...inOrgs('reader', 'o1')], scopes: ['reading'] },
  'a key of what is final': {
    roles: ['base', ...inOrgs('reader', 'o1')],
    scopes: ['final'],
    onlyOrgs: ['o1', '*none']
  },
  'a key of two objects': {
    roles: ['base', 'sharer', ...inProjects('editor', 'p1')],
    allowList: ['doc:i1', 'log:i2']
  },
  'a key of pages': { roles: ['sharer', ...inOrgs('reader', 'o1', 'o2')], allowList: ['page:*'] }
}

type Fields = Readonly<Record<string, unknown>>
const choices: readonly (readonly Fields[])[] = [
  [{}, { owner: 'me' }, { owner: 'you' }],
  [{}, { org: 'o1' }, { org: 'o2' }, { org: 'o3' }, { anyOrg: true }],
  [{}, { project: 'p1' }, { project: 'p2' }, { project: 'p9' }, { project: ['p1', 'p2'] }],
  [{}, { folder: 'f1' }, { folder: 'f2' }, { folder: 'f9' }],
  [{}, { state: 'final' }],
  [{}, { id: 'i1' }, { id: 'i2' }],
  [
    ...[{}, { acl: { users: { me: ['read'] } } }, { acl: { users: { you: ['*'] }, groups: { g1: ['*'] } } }],
    ...[
      { acl: { groups: { o1: ['update'], g2: [] } } },
      { acl: { groups: { g39: ['share', 'read'], o2: ['*'] } } }
    ],
    ...[{ acl: { users: { me: ['share', '*'] }, groups: { other: ['read'] } } }, { acl: {} }]
  ]
]
const total = choices.reduce((count, some) => count * some.length, 1)

/** The object of a number, as the digits of a number say which field has which value. */
function objectOf(type: string, number: number): ObjectRef {
  let left = number % total
  const parts = choices.map((some) => {
    const part = some[left % some.length]
    left = Math.floor(left / some.length)
    return part
  })
  return Object.assign({ type }, ...parts) as ObjectRef
}

describe.each([...Object.entries(subjects), ['the system', undefined] as const])('%s', (name, input) => {
  const subject = input === undefined ? policy.systemSubject('purge') : policy.subject({ id: 'me', ...input })
  const ability: MongoAbility = abilityFor(subject)
  const copy = createMongoAbility(throughJson(ability.rules), abilityOptions)

  it.each(Object.keys(document.resources))('has an ability that decides about each %s as it does', (type) => {
    for (let n = 0; n < 240; n++) {
      // A step that has no divisor in common with the number of objects meets each of them once.
      const object = objectOf(type, n * 7919 + name.length)
      for (const action of actions) {
        const expected = orFailure(() => subject.can(action, object))
        if (typeof expected !== 'boolean') break
        if (
          ability.can(action, object) !== expected ||
          copy.can(action, toAbilityObject(object)) !== expected
        )
          expect.fail(`${name}: it does not say ${expected} to ${action} on ${JSON.stringify(object)}`)
      }
    }
    for (const action of actions)
      expect(ability.can(action, type), action).toBe(subject.canSome(action, type))
  })
})
