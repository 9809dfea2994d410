// What CASL, Mongo paths and JavaScript make easy to get wrong, one by one: each allow beside its nearest deny, and
// wherever it can be, in every reading of the rules.
import { createMongoAbility, ForbiddenError, type MongoAbility, type MongoQuery } from '@casl/ability'
import { packRules, rulesToAST, rulesToFields, unpackRules } from '@casl/ability/extra'
import { describe, expect, it } from 'vitest'

import { abilityOptions, toAbilityObject } from '../../src/casl/client/index.js'
import { abilityFor } from '../../src/casl/index.js'
import { compile, parsePolicy, type ObjectRef, type Subject, type SubjectInput } from '../../src/index.js'
import { readingsOf, throughJson } from './readings.js'

const actions = { read: 'Read', write: 'Write' }
const policy = compile(
  parsePolicy({
    name: 'traps',
    resources: {
      doc: { acl: true, actions },
      log: { actions },
      team: { org: 'required', actions },
      key: { org: 'never', acl: true, actions },
      constructor: { actions }
    },
    roles: {
      root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
      reader: { kind: 'site', grants: { site: { allow: { '*': ['read'] } } } },
      owner: {
        kind: 'site',
        grants: { user: { allow: { doc: '*', log: '*', key: '*', constructor: '*' } } }
      },
      self: { kind: 'site', grants: { user: { allow: { '*': '*' } } } },
      blocked: { kind: 'site', grants: { site: { deny: { doc: ['write'] } } } },
      admin: { kind: 'org', grants: { org: { allow: { '*': '*', key: [] } } } },
      member: { kind: 'org', grants: { orgMember: { allow: { '*': '*', key: [] } } } },
      guest: { kind: 'org' }
    },
    systemSubjects: {
      sweeper: { grants: { site: { allow: { doc: ['read'] } } } },
      keeper: { id: 'keeper', grants: { user: { allow: { log: ['read'] } } } }
    },
    scopes: { none: { allow: {} } },
    scopeTemplates: {
      agent: { params: { doc: 'required' }, allow: { doc: ['read'] }, allowList: ['doc:{doc}'] }
    }
  })
)

type Input = Omit<SubjectInput, 'id'> & { readonly id?: string }

function subjectOf(input: Input): Subject {
  return policy.subject({ id: 'u1', ...input })
}

/** The answer of the subject, which every reading of its ability must give too. */
function ask(input: Input | Subject, action: string, object: ObjectRef): boolean {
  const subject = 'can' in input ? input : subjectOf(input)
  const answer = subject.can(action, object)
  const readings = Object.entries(readingsOf(abilityFor(subject), action, object.type))
  expect(readings.map(([name, can]) => [name, can(object)])).toEqual(readings.map(([name]) => [name, answer]))
  return answer
}

const inOrg = (role: string, org: string): { role: string; org: string } => ({ role, org })

describe('an ability', () => {
  it('is a real one', () => {
    const ability = abilityFor(subjectOf({ roles: ['owner'] }))
    expect(ability).toBeInstanceOf(createMongoAbility().constructor)
    expect(() => {
      ForbiddenError.from(ability).throwUnlessCan('write', { type: 'log', owner: 'u2' })
    }).toThrow('Cannot execute "write" on "log"')
    expect(ability.actionsFor('log')).toEqual(['read', 'write'])
    expect(ability.cannot('read', 'team')).toBe(true)
  })

  it('has frozen rules, with everything in them', () => {
    const deepFrozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null
        ? true
        : Object.isFrozen(value) && Object.values(value).every(deepFrozen)
    const { rules } = abilityFor(
      subjectOf({
        roles: ['owner', inOrg('admin', 'o1'), inOrg('admin', 'o2'), inOrg('guest', 'o3')],
        groups: ['g']
      })
    )
    expect(rules.length).toBeGreaterThan(7)
    expect(rules.filter((rule) => !deepFrozen(rule))).toEqual([])
  })

  it('says no to a missing object, and to one without a type', () => {
    const ability: MongoAbility = abilityFor(subjectOf({ roles: ['reader'] }))
    expect(ability.can('read', 'doc')).toBe(true)
    for (const object of [undefined, null, '', {}, { type: undefined }, { type: 7 }, { type: 'all' }, 'all'])
      expect(ability.can('read', object as never)).toBe(false)
    expect(abilityOptions.detectSubjectType({ type: 'doc' })).toBe('doc')
    expect(abilityOptions.detectSubjectType({ type: Date as never })).toBe('')
  })

  it('knows resources and actions that are named like members of objects', () => {
    expect(ask({ roles: ['owner'] }, 'read', { type: 'constructor', owner: 'u1' })).toBe(true)
    expect(ask({ roles: ['owner'] }, 'read', { type: 'constructor', owner: 'u2' })).toBe(false)
    const ability: MongoAbility = abilityFor(subjectOf({ roles: ['owner'] }))
    expect(ability.can('constructor', { type: 'log' })).toBe(false)
    expect(ability.can('read', { type: '__proto__' })).toBe(false)
  })

  it('says no where `can` throws because of `anyOrg` beside an organization', () => {
    const ability: MongoAbility = abilityFor(subjectOf({ roles: [inOrg('admin', 'o1')] }))
    expect(ability.can('read', { type: 'log', anyOrg: true })).toBe(true)
    expect(ability.can('read', { type: 'log', anyOrg: true, org: 'o2' })).toBe(false)
  })

  it('takes rules from elsewhere through `update`', () => {
    const ability = abilityFor(subjectOf({ roles: ['owner'] }))
    const other = abilityFor(subjectOf({ id: 'u2', roles: ['owner'] }))
    ability.update(throughJson(other.rules))
    expect(ability.can('read', { type: 'log', owner: 'u2' })).toBe(true)
    expect(ability.can('read', { type: 'log', owner: 'u1' })).toBe(false)
  })
})

describe('no organization', () => {
  class Row {
    readonly type = 'log'
    readonly owner = 'u1'
    get org(): string {
      return 'o1'
    }
  }

  it.each<[string, object]>([
    ['missing', {}],
    ['undefined', { org: undefined }],
    ['null', { org: null }],
    ['the empty text', { org: '' }]
  ])('may be %s', (_how, none) => {
    expect(ask({ roles: ['owner'] }, 'read', { type: 'log', owner: 'u1', ...none })).toBe(true)
    expect(ask({ roles: ['owner'] }, 'read', { type: 'log', owner: 'u2', ...none })).toBe(false)
    expect(ask({ roles: ['owner'] }, 'read', { type: 'log', owner: 'u1', ...none, anyOrg: true })).toBe(false)
  })

  it('is not what an organization in a getter or on a prototype is', () => {
    const ability = abilityFor(subjectOf({ roles: ['owner'] }))
    const copy = createMongoAbility(throughJson(ability.rules), abilityOptions)
    const inherited: ObjectRef = Object.assign(Object.create({ org: 'o1' }) as object, {
      type: 'log',
      owner: 'u1'
    })
    for (const row of [new Row(), inherited]) {
      expect([ability.can('read', row), copy.can('read', toAbilityObject(row))]).toEqual([false, false])
      expect(subjectOf({ roles: ['owner'] }).can('read', row)).toBe(false)
    }
  })

  it('is not any organization whose id sorts before others', () => {
    for (const org of [' ', '\u0000', '!', '__proto__', 'null', 'undefined'])
      expect(ask({ roles: ['owner'] }, 'read', { type: 'log', owner: 'u1', org })).toBe(false)
  })
})

describe('ids', () => {
  const hostile = [
    '__proto__',
    'constructor',
    'toString',
    '*',
    '**',
    '$in',
    '$where',
    'a/b',
    ' ',
    '0',
    'é\u0301役',
    '\ud800',
    'null',
    'a.b',
    'user:u1',
    'everyone'
  ]

  it.each(hostile)('%j is an ordinary id of a subject, an organization, a group and an object', (id) => {
    const own: Input = { id, roles: ['owner', inOrg('member', id)], groups: [id] }
    expect(ask(own, 'write', { type: 'log', owner: id })).toBe(true)
    expect(ask(own, 'write', { type: 'log', owner: `${id}x` })).toBe(false)
    expect(ask(own, 'write', { type: 'team', org: id, owner: id })).toBe(true)
    expect(ask(own, 'write', { type: 'team', org: 'o1', owner: id })).toBe(false)
    expect(ask(own, 'write', { type: 'doc', org: 'o1', acl: { users: { [id]: ['write'] } } })).toBe(true)
    expect(ask(own, 'write', { type: 'doc', org: 'o1', acl: { users: { [`${id}x`]: ['write'] } } })).toBe(
      false
    )
    expect(ask(own, 'write', { type: 'doc', org: id, acl: { groups: { [id]: ['write'] } } })).toBe(true)
    expect(ask(own, 'write', { type: 'doc', org: 'o1', acl: { groups: { [id]: ['write'] } } })).toBe(false)
    expect(ask(own, 'write', { type: 'doc', org: id, acl: {} })).toBe(false)
    if (id === '*') return
    const limited: Input = { ...own, allowList: [`log:${id}`] }
    expect(ask(limited, 'write', { type: 'log', owner: id, id })).toBe(true)
    expect(ask(limited, 'write', { type: 'log', owner: id, id: `${id}x` })).toBe(false)
    expect(ask(limited, 'write', { type: 'log', owner: id })).toBe(false)
  })

  it('are compared exactly: case and digits matter', () => {
    expect(ask({ id: '1', roles: ['owner'] }, 'read', { type: 'log', owner: '1' })).toBe(true)
    expect(ask({ id: '1', roles: ['owner'] }, 'read', { type: 'log', owner: '01' })).toBe(false)
    expect(ask({ id: 'u1', roles: ['owner'] }, 'read', { type: 'log', owner: 'U1' })).toBe(false)
  })

  it('with a dot in a list of a ceiling are no path', () => {
    const limited: Input = { roles: ['owner'], allowList: ['log:a.b'] }
    expect(ask(limited, 'read', { type: 'log', owner: 'u1', id: 'a.b' })).toBe(true)
    expect(ask(limited, 'read', { type: 'log', owner: 'u1', id: 'a' })).toBe(false)
  })
})

describe('ACL entries', () => {
  it('grant the action or every action, to the subject wherever the object is', () => {
    for (const held of ['write', '*'])
      expect(ask({}, 'write', { type: 'doc', org: 'o9', acl: { users: { u1: ['read', held] } } })).toBe(true)
    expect(ask({}, 'write', { type: 'doc', org: 'o9', acl: { users: { u1: ['read', 'nope'] } } })).toBe(false)
    expect(ask({}, 'write', { type: 'doc', org: 'o9', acl: { groups: { u1: ['write'] } } })).toBe(false)
  })

  it('of a group count in organizations that the subject belongs to, and with `anyOrg` if there is one', () => {
    const acl = { groups: { g1: ['read'] } }
    const guest: Input = { roles: [inOrg('guest', 'o1')], groups: ['g1'] }
    expect(ask(guest, 'read', { type: 'doc', org: 'o1', acl })).toBe(true)
    expect(ask(guest, 'read', { type: 'doc', org: 'o2', acl })).toBe(false)
    expect(ask(guest, 'read', { type: 'doc', acl })).toBe(false)
    expect(ask(guest, 'read', { type: 'doc', anyOrg: true, acl })).toBe(true)
    expect(ask({ groups: ['g1'] }, 'read', { type: 'doc', anyOrg: true, acl })).toBe(false)
    expect(ask({ groups: ['g1'] }, 'read', { type: 'doc', org: 'o1', acl })).toBe(false)
  })

  it('for everyone count in their own organization, not in another and not with `anyOrg`', () => {
    const acl = { groups: { o1: ['read'] } }
    const guest: Input = { roles: [inOrg('guest', 'o1'), inOrg('guest', 'o2')] }
    expect(ask(guest, 'read', { type: 'doc', org: 'o1', acl })).toBe(true)
    expect(ask(guest, 'read', { type: 'doc', org: 'o2', acl })).toBe(false)
    expect(ask(guest, 'read', { type: 'doc', anyOrg: true, acl })).toBe(false)
    // Who also holds a group of that name reads them wherever it belongs.
    const grouped: Input = { ...guest, groups: ['o1'] }
    expect(ask(grouped, 'read', { type: 'doc', org: 'o2', acl })).toBe(true)
    expect(ask(grouped, 'read', { type: 'doc', anyOrg: true, acl })).toBe(true)
  })

  it('have no rule where they add nothing', () => {
    const namedBy = (input: Input): unknown[] =>
      abilityFor(subjectOf(input))
        .rulesFor('write', 'doc')
        .flatMap(({ conditions = {} }) =>
          'acl' in conditions ? [{ ...conditions, acl: whoIn(conditions) }] : []
        )
    const guest = [inOrg('guest', 'o1'), inOrg('guest', 'o2')]
    const user = { acl: 'user:u1' }
    const groups = { $in: ['group:g1', 'everyone'] }
    expect(namedBy({ roles: guest, groups: ['g1'] })).toEqual([
      { org: { $in: ['o1', 'o2'] }, acl: groups },
      { anyOrg: { $eq: true }, acl: groups },
      user
    ])
    // Without groups there is nobody whom an entry under `anyOrg` could name.
    expect(namedBy({ roles: guest })).toEqual([{ org: { $in: ['o1', 'o2'] }, acl: 'everyone' }, user])
    // One organization allows everything: "in some organization?" is allowed anyway.
    expect(namedBy({ roles: [inOrg('guest', 'o2'), inOrg('admin', 'o1')], groups: ['g1'] })).toEqual([
      { org: 'o2', acl: groups },
      user
    ])
    expect(namedBy({ roles: [inOrg('admin', 'o1')], groups: ['g1'] })).toEqual([user])
    expect(namedBy({ groups: ['g1'] })).toEqual([user])
    expect(namedBy({ roles: ['root', ...guest], groups: ['g1'] })).toEqual([])
  })

  it('for a group without a name are not for everyone in no organization', () => {
    const acl = { groups: { '': ['read'] } } as const
    expect(toAbilityObject({ type: 'doc', org: '', acl })).toEqual({
      type: 'doc',
      acl: [{ who: 'group:', may: ['read'] }]
    })
    const guest: Input = { roles: [inOrg('guest', 'o1')], groups: ['g1'] }
    expect(ask(guest, 'read', { type: 'doc', org: '', anyOrg: true, acl })).toBe(false)
    expect(ask({ ...guest, groups: [''] }, 'read', { type: 'doc', org: '', anyOrg: true, acl })).toBe(true)
  })

  it('beat a deny, whatever an organization would have allowed', () => {
    const roles = ['blocked', inOrg('admin', 'o1')]
    const acl = { groups: { o1: ['write'] } }
    expect(ask({ roles }, 'write', { type: 'doc', org: 'o1', acl })).toBe(true)
    expect(ask({ roles }, 'write', { type: 'doc', org: 'o1' })).toBe(false)
    expect(ask({ roles, scopes: ['doc:read'] }, 'write', { type: 'doc', org: 'o1', acl })).toBe(false)
  })

  it('are never read from a prototype, an array or a text', () => {
    const ability: MongoAbility = abilityFor(
      subjectOf({ id: 'u1', roles: [inOrg('guest', 'o1')], groups: ['g1'] })
    )
    const copy = createMongoAbility(throughJson(ability.rules), abilityOptions)
    const bare = Object.assign(Object.create(null) as object, { u1: ['read'], g1: ['read'], o1: ['read'] })
    const inherited: unknown = Object.create(bare)
    for (const acl of [{ users: inherited }, { groups: inherited }]) {
      const object = { type: 'doc', org: 'o1', acl }
      expect([ability.can('read', object), copy.can('read', toAbilityObject(object as ObjectRef))]).toEqual([
        false,
        false
      ])
    }
    const named: MongoAbility = abilityFor(
      subjectOf({ id: 'length', roles: [inOrg('guest', 'o1')], groups: ['0'] })
    )
    for (const acl of [
      { users: ['read'] },
      { groups: [['read']] },
      { users: 'read' },
      { users: { length: 'read' } }
    ])
      expect(named.can('read', { type: 'doc', org: 'o1', acl })).toBe(false)
  })
})

function whoIn(conditions: MongoQuery): unknown {
  const { acl } = conditions as { readonly acl?: { readonly $elemMatch?: { readonly who?: unknown } } }
  return acl?.$elemMatch?.who
}

describe('a system subject', () => {
  it('without an id owns nothing and is named by no entry', () => {
    const sweeper = policy.systemSubject('sweeper')
    expect(ask(sweeper, 'read', { type: 'doc', owner: '' })).toBe(true)
    expect(ask(sweeper, 'write', { type: 'doc', owner: '', acl: { users: { '': ['write'] } } })).toBe(false)
    expect(abilityFor(sweeper).rules).toEqual([{ action: 'read', subject: 'doc' }])
  })

  it('with an id owns what has it, and may be named', () => {
    const keeper = policy.systemSubject('keeper')
    expect(ask(keeper, 'read', { type: 'log', owner: 'keeper' })).toBe(true)
    expect(ask(keeper, 'read', { type: 'log', owner: 'u1' })).toBe(false)
    expect(ask(keeper, 'write', { type: 'doc', acl: { users: { keeper: ['write'] } } })).toBe(true)
    expect(ask(keeper, 'write', { type: 'doc', acl: { users: { u1: ['write'] } } })).toBe(false)
  })
})

describe('ceilings', () => {
  const object = { type: 'doc', id: 'd1', owner: 'u1' } as const

  it('fold into the rules that are there, and add none', () => {
    const free = subjectOf({ roles: ['owner', inOrg('admin', 'o1'), inOrg('member', 'o2')] })
    const limited = free.within({ allowList: ['*:d1', 'doc:d2', 'log:*'] }).within({ allowList: ['*:d1'] })
    const count = (subject: Subject, type: string): number =>
      abilityFor(subject).possibleRulesFor('read', type).length
    expect(count(limited, 'doc')).toBe(count(free, 'doc'))
    expect(count(limited, 'log')).toBe(4)
    expect(ask(limited, 'read', object)).toBe(true)
    expect(ask(limited, 'read', { ...object, id: 'd2' })).toBe(false)
    expect(ask(limited, 'read', { type: 'log', id: 'd1', owner: 'u1' })).toBe(true)
    expect(ask(limited, 'read', { type: 'log', owner: 'u1' })).toBe(false)
  })

  it('limit each scope by its own list alone', () => {
    const agent = { template: 'agent', params: { doc: 'd1' } }
    const limited: Input = { roles: ['owner'], scopes: [agent, 'doc:write'] }
    expect(ask(limited, 'read', object)).toBe(true)
    expect(ask(limited, 'read', { ...object, id: 'd2' })).toBe(false)
    expect(ask(limited, 'write', { ...object, id: 'd2' })).toBe(true)
    expect(ask({ ...limited, scopes: [agent, 'doc:read'] }, 'read', { ...object, id: 'd2' })).toBe(true)
  })

  it('leave no rule where they let nothing through, so that a bare type is answered with no', () => {
    const owner = subjectOf({ roles: ['owner'] })
    const shut = [
      owner.within({ scopes: [] }),
      owner.within({ scopes: ['none'] }),
      owner.within({ allowList: [] }),
      owner.within({ allowList: ['doc:d1'] }).within({ allowList: ['doc:d2'] })
    ]
    for (const subject of shut) {
      expect(abilityFor(subject).rules).toEqual([])
      expect(abilityFor(subject).can('read', 'doc')).toBe(false)
    }
  })
})

describe('placements', () => {
  it('leave no rule for objects that cannot be', () => {
    const may = (input: Input, type: string): boolean => {
      const subject = subjectOf(input)
      expect(abilityFor(subject).can('write', type)).toBe(subject.canSome('write', type))
      return subject.canSome('write', type)
    }
    expect(may({ roles: ['self'] }, 'log')).toBe(true)
    expect(may({ roles: ['self'] }, 'team')).toBe(false)
    expect(may({ roles: [inOrg('admin', 'o1')] }, 'team')).toBe(true)
    expect(ask({ roles: ['owner'] }, 'write', { type: 'key', owner: 'u1' })).toBe(true)
    // An entry of a group counts in organizations alone, and a key is in none.
    const rules = abilityFor(subjectOf({ roles: [inOrg('guest', 'o1')], groups: ['g1'] })).rulesFor(
      'write',
      'key'
    )
    expect(rules.map(({ conditions = {} }) => ({ ...conditions, acl: whoIn(conditions) }))).toEqual([
      { acl: 'user:u1' }
    ])
  })
})

describe('rules for others of the @casl packages', () => {
  it('give a new object what they ask for by one value: its owner, organization and id', () => {
    const ability = abilityFor(
      subjectOf({ roles: ['owner', inOrg('member', 'o1')], groups: ['g1'], allowList: ['doc:d1'] })
    )
    expect(ability.rulesFor('write', 'doc').length).toBeGreaterThan(5)
    expect(rulesToFields(ability as MongoAbility, 'write', 'doc')).toEqual({
      owner: 'u1',
      org: 'o1',
      id: 'd1'
    })
    const admin = abilityFor(subjectOf({ roles: [inOrg('admin', 'o1')] }))
    expect(rulesToFields(admin as MongoAbility, 'write', 'log')).toEqual({ org: 'o1' })
    const both = abilityFor(subjectOf({ roles: [inOrg('admin', 'o1'), inOrg('admin', 'o2')] }))
    expect(rulesToFields(both as MongoAbility, 'write', 'log')).toEqual({})
  })

  it('become a syntax tree, none where nothing is allowed', () => {
    const ability: MongoAbility = abilityFor(subjectOf({ roles: [inOrg('admin', 'o1')] }))
    expect(throughJson(rulesToAST(ability, 'read', 'team'))).toEqual({
      operator: 'or',
      value: [
        { operator: 'eq', field: 'org', value: 'o1' },
        { operator: 'eq', field: 'anyOrg', value: true }
      ]
    })
    expect(rulesToAST(ability, 'read', 'key')).not.toBeNull()
    expect(rulesToAST(abilityFor(subjectOf({ roles: [] })) as MongoAbility, 'read', 'team')).toBeNull()
  })

  it('survive packing', () => {
    const { rules } = abilityFor(
      subjectOf({ roles: ['reader', 'owner', inOrg('member', 'o1')], groups: ['a,b'] })
    )
    const conditionsOf = (list: readonly { readonly conditions?: unknown }[]): unknown[] =>
      list.map(({ conditions }) => conditions)
    const unpacked = unpackRules(throughJson(packRules(rules)))
    expect(conditionsOf(unpacked)).toEqual(conditionsOf(rules))
    expect(unpacked.map(({ action, subject }) => [action, subject])).toEqual(
      rules.map(({ action, subject }) => [[action].flat(), [subject].flat()])
    )
  })
})

describe('a subject of a thousand organizations', () => {
  const rolesIn = (count: number): { role: string; org: string }[] =>
    Array.from({ length: count }, (_, i) => inOrg(i % 2 === 0 ? 'admin' : 'member', `o${i}`))

  it('has the rules of a subject of two, where there is no ACL', () => {
    const counts = [2, 1_000].map(
      (count) =>
        abilityFor(subjectOf({ roles: ['owner', ...rolesIn(count)] })).possibleRulesFor('write', 'log').length
    )
    expect(counts).toEqual([4, 4])
  })

  it('decides by each of them', () => {
    const many = subjectOf({ roles: rolesIn(1_000), groups: ['g1'] })
    expect(ask(many, 'write', { type: 'doc', org: 'o998', owner: 'u2' })).toBe(true)
    expect(ask(many, 'write', { type: 'doc', org: 'o999', owner: 'u2' })).toBe(false)
    expect(ask(many, 'write', { type: 'doc', org: 'o999', owner: 'u1' })).toBe(true)
    expect(ask(many, 'write', { type: 'doc', org: 'o999', acl: { groups: { o999: ['write'] } } })).toBe(true)
    expect(ask(many, 'write', { type: 'doc', org: 'o999', acl: { groups: { o997: ['write'] } } })).toBe(false)
    expect(ask(many, 'write', { type: 'doc', org: 'o1000', owner: 'u1' })).toBe(false)
  })
})

describe('the object that an ability is asked about', () => {
  it('is in an organization or in any, never both', () => {
    expect(toAbilityObject({ type: 'doc', org: 'o1', anyOrg: true })).toEqual({ type: 'doc', org: 'o1' })
    expect(toAbilityObject({ type: 'doc', anyOrg: true })).toEqual({ type: 'doc', anyOrg: true })
    expect(toAbilityObject({ type: 'doc', org: '', anyOrg: true })).toEqual({ type: 'doc', anyOrg: true })
  })
})
