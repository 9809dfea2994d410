// The published interop scenarios as policies and stores of our own. What they ask is in `test/fixtures/authzen`.
import { compile, definePolicy, type Policy } from '../../src/index.js'
import type { DecisionSource, Listed } from '../../src/server/index.js'

/** A scenario, and the files of its requests. */
export interface Scenario {
  readonly name: string
  readonly files: readonly string[]
  readonly source: DecisionSource
}

// --- todo: a caller is known by a token's subject; the store knows the address, which owns todos, and the roles ------

const read = { user: ['can_read_user'], todo: ['can_read_todos'] } as const
const mine = { user: { allow: { todo: ['can_update_todo', 'can_delete_todo'] } } } as const
const todo: Policy = compile(
  definePolicy({
    name: 'todo',
    resources: {
      user: { actions: { can_read_user: 'see a person' } },
      todo: {
        actions: {
          can_read_todos: 'see the list',
          can_create_todo: 'add one',
          can_update_todo: 'complete one',
          can_delete_todo: 'remove one'
        }
      }
    },
    roles: {
      viewer: { kind: 'site', grants: { site: { allow: read } } },
      editor: {
        kind: 'site',
        grants: { site: { allow: { ...read, todo: ['can_read_todos', 'can_create_todo'] } }, ...mine }
      },
      admin: {
        kind: 'site',
        grants: {
          site: { allow: { ...read, todo: ['can_read_todos', 'can_create_todo', 'can_delete_todo'] } },
          ...mine
        }
      },
      evil_genius: {
        kind: 'site',
        grants: {
          site: { allow: { ...read, todo: ['can_read_todos', 'can_create_todo', 'can_update_todo'] } },
          ...mine
        }
      }
    }
  })
)

const people = new Map(
  [
    ['A2', 'rick@the-citadel.com', ['admin', 'evil_genius']] as const,
    ['E2', 'morty@the-citadel.com', ['editor']] as const,
    ['I2', 'summer@the-smiths.com', ['editor']] as const,
    ['M2', 'beth@the-smiths.com', ['viewer']] as const,
    ['Q2', 'jerry@the-smiths.com', ['viewer']] as const
  ].map(([part, id, roles]) => [
    `CiRmZD${part}MTRkMy1jMzlhLTQ3ODEtYjdiZC04Yjk2ZjVhNTEwMGQSBWxvY2Fs`,
    { id, roles }
  ])
)

const todoSource: DecisionSource = {
  policy: todo,
  subjects: ({ id }) => people.get(id),
  resources: ({ type, id, properties }) => ({ type, id, owner: properties['ownerID'] })
}

// --- gateway: a route is no id, but a kind of thing; the method is the action ------------------------------------------

const everything = { kind: 'site', grants: { site: { allow: { '*': '*' } } } } as const
const gateway: Policy = compile(
  definePolicy({
    name: 'gateway',
    resources: {
      route_users: { actions: { get: 'read a user' } },
      route_todos: { actions: { get: 'read all', post: 'add one' } },
      route_todo: { actions: { put: 'change one', delete: 'remove one' } }
    },
    roles: {
      viewer: { kind: 'site', grants: { site: { allow: { route_users: '*', route_todos: ['get'] } } } },
      editor: everything,
      admin: everything,
      evil_genius: everything
    }
  })
)
const routes = new Map([
  ['/users/{userId}', 'route_users'],
  ['/todos', 'route_todos'],
  ['/todos/{todoId}', 'route_todo']
])

const gatewaySource: DecisionSource = {
  policy: gateway,
  subjects: ({ id }) => people.get(id),
  resources: ({ id }) => {
    const type = routes.get(id)
    return type === undefined ? undefined : { type }
  },
  action: ({ name }) => name.toLowerCase()
}

// --- records: a department is an organization; whoever owns a record may do everything with it ------------------------

const sees = { kind: 'org', grants: { org: { allow: { record: ['view'] } } } } as const
const records: Policy = compile(
  definePolicy({
    name: 'records',
    resources: {
      record: {
        org: 'required',
        acl: true,
        actions: { view: 'see it', edit: 'change it', delete: 'remove it' }
      }
    },
    roles: {
      employee: sees,
      contractor: sees,
      manager: {
        kind: 'org',
        grants: { site: { allow: { record: ['view'] } }, org: { allow: { record: ['edit'] } } }
      }
    }
  })
)
const users = new Map([
  ['alice', { role: 'manager', org: 'Sales' }],
  ['bob', { role: 'employee', org: 'Legal' }],
  ['carol', { role: 'contractor', org: 'Legal' }],
  ['dan', { role: 'manager', org: 'Finance' }],
  ['erin', { role: 'employee', org: 'Finance' }],
  ['felix', { role: 'contractor', org: 'Accounting' }]
])
const rows = new Map(
  (
    'Legal:alice Legal:bob Legal:carol Accounting:dan Legal:erin Accounting:felix Sales:alice Legal:bob ' +
    'Accounting:carol Sales:dan Accounting:erin Legal:felix Sales:alice Accounting:bob Finance:carol Legal:dan ' +
    'Legal:erin Accounting:felix Legal:alice Accounting:bob'
  )
    .split(' ')
    .map((row, i) => {
      const [org = '', owner = ''] = row.split(':')
      const id = String(101 + i)
      return [id, { type: 'record', id, org, owner, acl: { users: { [owner]: ['*'] } } }]
    })
)

/** The keys of a map after one of them, in order. */
export function keysAfter(map: ReadonlyMap<string, unknown>, after: string | undefined): Listed[] {
  return [...map.keys()].sort().filter((key) => after === undefined || key > after)
}

const recordSource: DecisionSource = {
  policy: records,
  subjects: {
    find: ({ type, id }) => {
      const held = type === 'user' ? users.get(id) : undefined
      return held && { id, roles: [held] }
    },
    list: (type, after) => (type === 'user' ? keysAfter(users, after) : [])
  },
  resources: {
    find: ({ type, id }) => (type === 'record' ? rows.get(id) : undefined),
    list: (type, after) => (type === 'record' ? keysAfter(rows, after) : [])
  }
}

export const scenarios: readonly Scenario[] = [
  { name: 'todo', files: ['todo', 'todo-01'], source: todoSource },
  { name: 'gateway', files: ['gateway'], source: gatewaySource },
  { name: 'search', files: ['search-subject', 'search-resource', 'search-action'], source: recordSource },
  { name: 'identity provider', files: ['idp'], source: recordSource }
]
