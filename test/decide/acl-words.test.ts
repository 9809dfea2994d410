// Which word of an ACL entry an explanation names, and what places are asked about by `canSome` where roles are held in
// containers that bear the names it would ask about.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { asGiven } from '../support/engine.js'

const policy = compile(
  definePolicy({
    name: 'notes',
    containers: [{ name: 'project' }],
    resources: {
      note: {
        acl: { levels: { viewer: ['read'], editor: ['read', 'write'] } },
        actions: { read: 'Read', write: 'Write' }
      },
      plan: { in: { project: 'required' }, actions: { read: 'Read' } }
    },
    roles: {
      planner: { kind: 'project', grants: { project: { allow: { plan: ['read'] } } } },
      barred: { kind: 'project', grants: { project: { deny: { plan: ['read'] } } } },
      reader: { kind: 'site', grants: { site: { allow: { plan: ['read'] } } } }
    }
  })
)

describe('an explanation names, of the words that allow,', () => {
  it.each([
    [['viewer', 'editor'], 'read', 'viewer'],
    [['editor', 'viewer'], 'read', 'editor'],
    [['viewer', 'editor'], 'write', 'editor'],
    [['viewer', 'read', 'editor'], 'read', 'read'],
    [['*', 'editor', 'viewer'], 'read', 'editor'],
    [['*', 'viewer'], 'write', '*']
  ] as const)('of %j for %s the word %s', (words, action, word) => {
    const object = { type: 'note', acl: { users: { ada: [...words] } } } as const
    expect(policy.subject({ id: 'ada' }).explain(action, asGiven(object)).acl).toEqual({
      list: 'users',
      id: 'ada',
      action: word
    })
  })
})

describe('`canSome` asks about a container that nobody meant', () => {
  it.each([[['another']], [['another', 'another!']], [['p1']]])(
    'where the subject is barred in %j',
    (projects) => {
      const roles = projects.map((project) => ({ role: 'barred', project }))
      const subject = policy.subject(asGiven({ id: 'ada', roles: ['reader', ...roles] }))
      expect(subject.canSome('read', 'plan')).toBe(true)
    }
  )
})
