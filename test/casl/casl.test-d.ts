// An ability knows the names of its policy: a wrong action, resource or placement does not compile.
import { createMongoAbility, type AnyAbility, type MongoAbility } from '@casl/ability'
import { packRules, rulesToAST, rulesToFields } from '@casl/ability/extra'
import { describe, expectTypeOf, it } from 'vitest'

import { abilityOptions, toAbilityObject } from '../../src/casl/client/index.js'
import { abilityFor, type SubjectAbility } from '../../src/casl/index.js'
import { compile, definePolicy, parsePolicy } from '../../src/index.js'

const policy = compile(
  definePolicy({
    name: 'types',
    resources: {
      doc: { acl: true, actions: { read: 'Read', write: 'Write' } },
      team: { org: 'required', actions: { read: 'Read', invite: 'Invite' } },
      key: { org: 'never', actions: { revoke: 'Revoke' } }
    },
    roles: { member: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
  })
)
const ability = abilityFor(policy.subject({ id: 'u1', roles: ['member'] }))

describe('an ability of a typed policy', () => {
  it('takes the actions and objects of its resources, and bare types', () => {
    expectTypeOf(ability.can('read', 'doc')).toEqualTypeOf<boolean>()
    ability.can('write', { type: 'doc', acl: { users: { u1: ['read'] } } })
    ability.can('invite', { type: 'team', org: 'o1' })
    ability.can('invite', { type: 'team', anyOrg: true })
    ability.cannot('revoke', { type: 'key', owner: 'u1' })
    ability.relevantRuleFor('read', 'team')
  })

  it('refuses what the policy does not have', () => {
    // @ts-expect-error no such action
    ability.can('delete', 'doc')
    // @ts-expect-error no such resource
    ability.can('read', 'document')
    // @ts-expect-error an action of another resource
    ability.can('invite', 'doc')
    // @ts-expect-error an action of another resource, asked about an object
    ability.can('invite', { type: 'doc' })
    // @ts-expect-error an object that must be in an organization
    ability.can('read', { type: 'team' })
    // @ts-expect-error an object that is in no organization
    ability.can('revoke', { type: 'key', org: 'o1' })
    // @ts-expect-error an action without an object
    ability.can('read')
    // @ts-expect-error a wildcard of CASL
    ability.can('manage', 'all')
  })

  it('is an ability for the @casl packages', () => {
    expectTypeOf(ability).toExtend<AnyAbility>()
    expectTypeOf(rulesToAST(ability, 'read', 'doc')).not.toBeAny()
    rulesToFields(ability, 'read', 'doc')
    packRules(ability.rules)
    const copy = createMongoAbility<typeof ability>(ability.rules, abilityOptions)
    copy.can('read', 'doc')
    copy.can('read', toAbilityObject({ type: 'doc', owner: 'u1' }))
    // @ts-expect-error an action of another resource
    copy.can('invite', toAbilityObject({ type: 'doc', owner: 'u1' }))
  })
})

describe('an ability of a policy from a file', () => {
  it('takes any text', () => {
    const loaded = abilityFor(compile(parsePolicy({})).subject({ id: 'u1' }))
    expectTypeOf(loaded).toEqualTypeOf<SubjectAbility>()
    expectTypeOf(loaded).toExtend<MongoAbility>()
    loaded.can('anything', 'whatever')
    loaded.can('anything', { type: 'whatever', org: 'o1' })
    // @ts-expect-error an object without a type
    loaded.can('anything', { org: 'o1' })
  })
})
