// The scenario of the certification, in our own words: properties become roles, resources and actions of a policy.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, type Policy } from '../../src/index.js'
import { createHandler, type DecisionSource } from '../../src/server/index.js'
import { ask, get, type Answered } from './ask.js'
import { keysAfter } from './interop.js'

const actions = { read: 'read', write: 'write', soft_delete: 'hide', delete: 'remove' } as const
const policy: Policy = compile(
  definePolicy({
    name: 'certification',
    resources: { record: { actions }, archived_record: { actions } },
    roles: {
      writer: {
        kind: 'site',
        grants: { site: { allow: { record: ['read', 'write', 'soft_delete'] } } }
      },
      reader: { kind: 'site', grants: { site: { allow: { record: ['read'] } } } },
      admin: { kind: 'site', grants: { site: { allow: { archived_record: ['read', 'write'] } } } }
    }
  })
)
const stored = new Map([
  ['alice', ['writer']],
  ['bob', ['reader']]
])
const statuses = new Map([
  ['record-1', 'active'],
  ['record-2', 'archived']
])
const source: DecisionSource = {
  policy,
  subjects: {
    find: ({ type, id, properties }) => {
      const roles = type === 'user' ? stored.get(id) : undefined
      return roles && { id, roles: properties['role'] === 'admin' ? [...roles, 'admin'] : roles }
    },
    list: (type, after) => (type === 'user' ? keysAfter(stored, after) : [])
  },
  resources: {
    find: ({ type, id, properties }) => {
      const status = type === 'record' ? statuses.get(id) : undefined
      const isArchived = (properties['status'] ?? status) === 'archived'
      return status === undefined ? undefined : { type: isArchived ? 'archived_record' : 'record', id }
    },
    list: (type, after) => (type === 'record' ? keysAfter(statuses, after) : [])
  },
  action: ({ name, properties }) => (name === 'delete' && properties['soft'] === true ? 'soft_delete' : name),
  actionName: (name) => (name === 'soft_delete' ? 'delete' : name)
}
const handler = createHandler(source, { identifier: 'https://pdp.example.com' })

const alice = { type: 'user', id: 'alice' }
const bob = { type: 'user', id: 'bob' }
const adminBob = { ...bob, properties: { role: 'admin' } }
const first = { type: 'record', id: 'record-1' }
const second = { type: 'record', id: 'record-2' }
const archived = { ...second, properties: { status: 'archived' } }
const [read, write] = [{ name: 'read' }, { name: 'write' }]
const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' }
const whole = { subject: alice, action: read, resource: first }

describe('an evaluation', () => {
  it.each([
    ['a writer may read', whole, true],
    ['a writer may write', { ...whole, action: write }, true],
    ['a reader may read', { ...whole, subject: bob }, true],
    ['a reader may not write', { ...whole, subject: bob, action: write }, false],
    ['a context changes nothing', { ...whole, context }, true],
    ['a writer may not write what is archived', { ...whole, action: write, resource: archived }, false],
    ['an admin may', { subject: adminBob, action: write, resource: archived }, true],
    ['a soft removal is allowed', { ...whole, action: { name: 'delete', properties: { soft: true } } }, true],
    ['a hard one is not', { ...whole, action: { name: 'delete', properties: { soft: false } } }, false],
    [
      'further properties change nothing',
      {
        subject: { ...alice, properties: { department: 'Sales', role: 'manager' } },
        action: { ...read, properties: { method: 'GET' } },
        resource: { ...first, properties: { status: 'active', owner: 'bob' } }
      },
      true
    ],
    ['unknown keys change nothing', { ...whole, foo: 'bar', later: { nested: true } }, true]
  ])('%s', async (_, body, decision) => {
    const answered = await ask(handler, 'evaluation', body)
    expect(answered).toMatchObject({ status: 200, body: { decision } })
    expect(answered.headers.get('content-type')).toBe('application/json')
  })

  it.each([
    ['no subject', { action: read, resource: first }],
    ['no action', { subject: alice, resource: first }],
    ['no resource', { subject: alice, action: read }],
    ['a subject without type', { ...whole, subject: { id: 'alice' } }],
    ['a subject without id', { ...whole, subject: { type: 'user' } }],
    ['an action without name', { ...whole, action: {} }],
    ['a resource without type', { ...whole, resource: { id: 'record-1' } }],
    ['a resource without id', { ...whole, resource: { type: 'record' } }],
    ['a subject that is a text', { ...whole, subject: 'alice' }],
    ['a name that is a number', { ...whole, action: { name: 123 } }],
    ['properties that are a list', { ...whole, subject: { ...alice, properties: [] } }],
    ['a context that is null', { ...whole, context: null }],
    ['text that is no JSON', '{nope'],
    ['a key twice', '{"subject":{},"subject":{}}'],
    ['nothing', ''],
    ['a list', '[]']
  ])('refuses %s', async (_, body) => {
    expect((await ask(handler, 'evaluation', body)).status).toBe(400)
  })

  it('refuses another content type', async () => {
    const answered = await ask(handler, 'evaluation', whole, { 'content-type': 'text/plain' })
    expect(answered).toMatchObject({ status: 400, body: 'content-type: expected application/json' })
    const withCharset = { 'content-type': 'application/json; charset=utf-8' }
    expect((await ask(handler, 'evaluation', whole, withCharset)).status).toBe(200)
  })

  it('gives the id of a request back, also with an error', async () => {
    for (const body of [whole, {}])
      expect(
        (await ask(handler, 'evaluation', body, { 'x-request-id': 'abc-1' })).headers.get('x-request-id')
      ).toBe('abc-1')
  })

  it('answers the same question alike each time', async () => {
    for (let i = 0; i < 5; i++)
      expect((await ask(handler, 'evaluation', whole)).body).toEqual({ decision: true })
  })

  it('is no, with an error, for whom and what it does not know', async () => {
    const mallory = { ...whole, subject: { type: 'user', id: 'mallory' } }
    expect((await ask(handler, 'evaluation', mallory)).body).toEqual({
      decision: false,
      context: { error: { status: 404, code: 'unknown_subject', message: 'unknown subject' } }
    })
    const misspelt = { ...whole, action: { name: 'raed' } }
    expect((await ask(handler, 'evaluation', misspelt)).body).toMatchObject({
      decision: false,
      context: { error: { status: 400, code: 'unknown_action', hint: 'read' } }
    })
  })
})

describe('several evaluations', () => {
  const decisions = ({ body }: Answered): unknown =>
    (body as { evaluations: { decision: boolean }[] }).evaluations.map(({ decision }) => decision)

  it.each([
    [
      'one subject and action',
      { subject: alice, action: read, evaluations: [{ resource: first }, { resource: second }] },
      [true, false]
    ],
    [
      'one subject and resource',
      { subject: bob, resource: first, evaluations: [{ action: read }, { action: write }] },
      [true, false]
    ],
    [
      'many subjects',
      { action: write, resource: archived, evaluations: [{ subject: alice }, { subject: adminBob }] },
      [false, true]
    ],
    [
      'whole items',
      { evaluations: [whole, { subject: bob, action: write, resource: first }] },
      [true, false]
    ],
    ['an item that is all defaults', { ...whole, evaluations: [{}, { resource: archived }] }, [true, false]],
    [
      'a default is replaced whole',
      { subject: adminBob, action: write, resource: archived, evaluations: [{}, { subject: bob }] },
      [true, false]
    ],
    [
      'a context of one item',
      { ...whole, context, evaluations: [{}, { context: { source: 'x' } }] },
      [true, true]
    ]
  ])('%s', async (_, body, expected) => {
    const answered = await ask(handler, 'evaluations', body)
    expect(answered.status).toBe(200)
    expect(decisions(answered)).toEqual(expected)
  })

  it('are no where an item is malformed, with its error, and the others are answered', async () => {
    const body = {
      subject: alice,
      action: read,
      evaluations: [{ resource: first }, {}, 7, { resource: { id: 'x' } }]
    }
    expect((await ask(handler, 'evaluations', body)).body).toEqual({
      evaluations: [
        { decision: true },
        ...['resource: missing', 'expected an object', 'resource.type: missing'].map((message) => ({
          decision: false,
          context: { error: { status: 400, code: 'invalid_request', message } }
        }))
      ]
    })
  })

  it('without items are one evaluation', async () => {
    for (const body of [whole, { ...whole, evaluations: [] }])
      expect((await ask(handler, 'evaluations', body)).body).toEqual({ decision: true })
    expect((await ask(handler, 'evaluations', { subject: alice, evaluations: [] })).status).toBe(400)
  })

  const items = (...resources: object[]): object => ({
    subject: alice,
    action: write,
    evaluations: resources.map((resource) => ({ resource }))
  })

  it.each([
    ['execute_all', [first, archived, first], [true, false, true]],
    ['deny_on_first_deny', [first, archived, first], [true, false]],
    ['permit_on_first_permit', [archived, first, first], [false, true]]
  ])('%s', async (evaluations_semantic, resources, expected) => {
    const body = { ...items(...resources), options: { evaluations_semantic } }
    expect(decisions(await ask(handler, 'evaluations', body))).toEqual(expected)
  })

  it.each([
    ['an unknown semantic', { options: { evaluations_semantic: 'x' } }],
    ['a semantic that is null', { options: { evaluations_semantic: null } }],
    ['options that are a list', { options: [] }],
    ['a default that is a text', { subject: 'alice' }],
    ['items that are no list', { evaluations: {} }]
  ])('refuse %s', async (_, part) => {
    expect((await ask(handler, 'evaluations', { ...items(first), ...part })).status).toBe(400)
  })
})

describe('a search', () => {
  const found = ({ body }: Answered): unknown =>
    (body as { results: { id?: string; name?: string }[] }).results.map(({ id, name }) => id ?? name)
  const [user, record] = [{ type: 'user' }, { type: 'record' }]

  it.each([
    ['subject', { subject: user, action: read, resource: first }, ['alice', 'bob']],
    ['subject', { subject: user, action: read, resource: first, context }, ['alice', 'bob']],
    ['subject', { subject: alice, action: read, resource: first }, ['alice', 'bob']],
    [
      'subject',
      { subject: { ...user, properties: { role: 'admin' } }, action: write, resource: archived },
      ['alice', 'bob']
    ],
    ['subject', { subject: user, action: write, resource: archived }, []],
    ['resource', { subject: alice, action: read, resource: record }, ['record-1']],
    ['resource', { subject: alice, action: read, resource: first }, ['record-1']],
    ['resource', { subject: adminBob, action: write, resource: record }, ['record-2']],
    ['action', { subject: alice, resource: first }, ['read', 'write', 'delete']],
    ['action', { subject: adminBob, resource: archived }, ['read', 'write']],
    ['action', { subject: { type: 'user', id: 'nobody' }, resource: first }, []],
    ['subject', { subject: { type: 'spaceship' }, action: read, resource: first }, []],
    ['resource', { subject: alice, action: read, resource: { type: 'spaceship' } }, []],
    ['subject', { subject: user, action: read, resource: { type: 'record', id: 'nope' } }, []],
    ['subject', { subject: user, action: { name: 'fly' }, resource: first }, []]
  ])('for %s %#', async (endpoint, body, expected) => {
    const answered = await ask(handler, `search/${endpoint}`, body)
    expect(answered).toMatchObject({
      status: 200,
      body: { page: { next_token: '', count: expected.length } }
    })
    expect(found(answered)).toEqual(expected)
  })

  it.each([
    ['subject', { subject: user, resource: first }],
    ['resource', { action: read, resource: record }],
    ['action', { subject: alice }],
    ['subject', { subject: user, action: read, resource: record }],
    ['resource', { subject: user, action: read, resource: record }],
    ['action', { subject: user, resource: first }]
  ])('for %s refuses a part that is missing %#', async (endpoint, body) => {
    expect((await ask(handler, `search/${endpoint}`, body)).status).toBe(400)
  })
})

describe('the metadata', () => {
  it('name every endpoint', async () => {
    const { status, body } = await get(handler, '/.well-known/authzen-configuration')
    const at = 'https://pdp.example.com/access/v1'
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        policy_decision_point: 'https://pdp.example.com',
        access_evaluation_endpoint: `${at}/evaluation`,
        access_evaluations_endpoint: `${at}/evaluations`,
        search_subject_endpoint: `${at}/search/subject`,
        search_resource_endpoint: `${at}/search/resource`,
        search_action_endpoint: `${at}/search/action`
      }
    })
  })

  it('name no search that there is not', async () => {
    const own = createHandler(
      { policy, subjects: () => undefined },
      { identifier: 'https://pdp.example.com/' }
    )
    const { body } = await get(own, '/.well-known/authzen-configuration')
    expect(Object.keys(body as object)).not.toContain('search_subject_endpoint')
    expect((await ask(own, 'search/subject', {})).status).toBe(404)
    expect((await get(createHandler(source), '/.well-known/authzen-configuration')).status).toBe(404)
  })
})
