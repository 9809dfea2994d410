// A rule names all permissions that have everything in common. Two that differ in one thing alone (in which
// organizations, whose objects, which ids, which ACL entries) do not share one.
import { describe, expect, it } from 'vitest'

import { abilityFor } from '../../src/casl/index.js'
import { compile, parsePolicy, type ObjectRef, type Subject, type SubjectInput } from '../../src/index.js'
import { readingsOf } from './readings.js'

const actions = { read: '', write: '', delete: '' }
const resource = { acl: true, actions }
const policy = compile(
  parsePolicy({
    name: 'grouping',
    resources: { doc: resource, log: resource, note: resource },
    roles: {
      reader: { kind: 'site', grants: { site: { allow: { '*': ['read'] } } } },
      docs: { kind: 'org', grants: { org: { allow: { doc: '*' } } } },
      logs: { kind: 'org', grants: { org: { allow: { log: '*' } } } },
      mixed: { kind: 'org', grants: { org: { allow: { doc: '*' } }, orgMember: { allow: { log: '*' } } } },
      helper: { kind: 'org', grants: { orgMember: { allow: { doc: ['read', 'delete'] } } } },
      guest: { kind: 'org' }
    }
  })
)

function subjectOf(input: Omit<SubjectInput, 'id'>): Subject {
  return policy.subject({ id: 'u1', ...input })
}

/** The answer about reading, which every reading of the ability must give too. */
function canRead(subject: Subject, object: ObjectRef): boolean {
  const answer = subject.can('read', object)
  for (const [name, can] of Object.entries(readingsOf(abilityFor(subject), 'read', object.type)))
    expect([name, can(object)]).toEqual([name, answer])
  return answer
}

const inOrg = (role: string, org: string): { role: string; org: string } => ({ role, org })

describe('permissions that are told apart', () => {
  it('by the organizations in which they are allowed', () => {
    const subject = subjectOf({ roles: [inOrg('docs', 'o1'), inOrg('logs', 'o2')] })
    expect(canRead(subject, { type: 'doc', org: 'o1' })).toBe(true)
    expect(canRead(subject, { type: 'doc', org: 'o2' })).toBe(false)
    expect(canRead(subject, { type: 'log', org: 'o2' })).toBe(true)
    expect(canRead(subject, { type: 'log', org: 'o1' })).toBe(false)
  })

  it('by whose objects are allowed', () => {
    const subject = subjectOf({ roles: [inOrg('mixed', 'o1')] })
    expect(canRead(subject, { type: 'doc', org: 'o1', owner: 'u2' })).toBe(true)
    expect(canRead(subject, { type: 'log', org: 'o1', owner: 'u1' })).toBe(true)
    expect(canRead(subject, { type: 'log', org: 'o1', owner: 'u2' })).toBe(false)
    expect(canRead(subject, { type: 'log', anyOrg: true, owner: 'u2' })).toBe(false)
  })

  it('by the ids that a list names of each type', () => {
    const ids = { doc: 'd1', log: 'l1', note: 'n1' }
    const allowList = Object.entries(ids).map(([type, id]) => `${type}:${id}`)
    for (const [type, own] of Object.entries(ids))
      for (const id of Object.values(ids)) {
        expect(canRead(subjectOf({ roles: ['reader'], allowList }), { type, id })).toBe(id === own)
        // By an entry for the subject alone.
        const acl = { users: { u1: ['read'] } }
        expect(canRead(subjectOf({ allowList }), { type, id, acl })).toBe(id === own)
      }
  })

  it('by the organizations in which an entry for a group adds something', () => {
    const subject = subjectOf({ roles: [inOrg('docs', 'o1'), inOrg('logs', 'o2')], groups: ['g1'] })
    for (const type of ['doc', 'log', 'note'])
      for (const org of ['o1', 'o2', 'o3'])
        expect(canRead(subject, { type, org, acl: { groups: { g1: ['read'] } } })).toBe(org !== 'o3')
  })
})

describe('a rule', () => {
  it('names actions in the order of the catalogue, whatever else is allowed of each', () => {
    const { rules } = abilityFor(subjectOf({ roles: [inOrg('docs', 'o1'), inOrg('helper', 'o2')] }))
    expect(rules).toContainEqual({
      action: ['read', 'write', 'delete'],
      subject: 'doc',
      conditions: { org: 'o1' }
    })
  })
})
