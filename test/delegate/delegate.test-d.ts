// Delegation as the compiler sees it: the names of roles, actions and resources are those of the policy.
import { describe, expectTypeOf, it } from 'vitest'

import {
  compile,
  definePolicy,
  type AssignDecision,
  type GrantDecision,
  type ShareDecision
} from '../../src/index.js'

const policy = compile(
  definePolicy({
    name: 'typed',
    resources: {
      doc: { acl: true, actions: { read: '', write: '' } },
      page: { acl: true, org: 'required', actions: { print: '' } },
      log: { actions: { read: '' } }
    },
    roles: { owner: { kind: 'site' }, member: { kind: 'org' } }
  })
)
const subject = policy.subject({ id: 'u1', roles: ['owner'] })

describe('a role to be assigned', () => {
  it('is one of the policy', () => {
    expectTypeOf(subject.canAssign('owner')).toEqualTypeOf<boolean>()
    expectTypeOf(subject.explainUnassign('member', 'o1')).toEqualTypeOf<AssignDecision>()
    expectTypeOf(subject.assignableRoles('o1')).toEqualTypeOf<readonly ('owner' | 'member')[]>()
    // @ts-expect-error: no such role
    subject.canAssign('ownr')
    // @ts-expect-error: no such role
    subject.explainAssign('members', 'o1')
    // @ts-expect-error: a role has a name
    subject.canUnassign(undefined, 'o1')
    // @ts-expect-error: an organization is a text
    subject.canAssign('member', 5)
  })

  it('is any text once roles were added', () => {
    const changed = policy.withRoles({ intern: { kind: 'site' } }).subject({ id: 'u1', roles: ['intern'] })
    expectTypeOf(changed.canAssign('intern')).toEqualTypeOf<boolean>()
  })
})

describe('a role to be given', () => {
  it('is a document', () => {
    expectTypeOf(subject.explainGrant({ kind: 'org' }, 'o1')).toEqualTypeOf<GrantDecision>()
    // @ts-expect-error: a role has a kind
    subject.canGrant({})
    // @ts-expect-error: there is no such level
    subject.canGrant({ kind: 'org', grants: { team: {} } }, 'o1')
    // @ts-expect-error: an edit has two roles
    subject.canReplace({ kind: 'org' })
  })
})

describe('an ACL to be shared', () => {
  it('names actions of the object’s resource', () => {
    expectTypeOf(
      subject.explainShare({ type: 'doc' }, { users: { u2: ['read', '*'] } })
    ).toEqualTypeOf<ShareDecision>()
    subject.canShare({ type: 'page', org: 'o1' }, { groups: { g1: ['print'] } })
    // @ts-expect-error: no such action
    subject.canShare({ type: 'doc' }, { users: { u2: ['reed'] } })
    // @ts-expect-error: an action of another resource
    subject.canShare({ type: 'doc' }, { users: { u2: ['print'] } })
    // @ts-expect-error: the object of this resource has an organization
    subject.canShare({ type: 'page' }, { users: { u2: ['print'] } })
    // @ts-expect-error: this resource has no ACL
    subject.canShare({ type: 'log' }, { users: { u2: ['read'] } })
    // @ts-expect-error: an ACL has `users` and `groups`
    subject.canShare({ type: 'doc' }, { user: { u2: ['read'] } })
  })
})
