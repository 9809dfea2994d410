// Requests that mean harm: no answer is an error of the server, and none allows what the policy does not.
import fc from 'fast-check'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, describe, expect, it } from 'vitest'
import { compile, type Policy } from '../../src/index.js'
import { createHandler, openApi, storedSubjects } from '../../src/server/index.js'
import { floor, runs } from '../support/depth.js'
import { ask } from './ask.js'
import { hostileRequests } from './hostile-requests.js'

const policy: Policy = compile({
  name: 'notes',
  resources: { note: { acl: true, actions: { read: 'read it', write: 'change it' } } },
  roles: {
    reader: { kind: 'site', grants: { site: { allow: { note: ['read'] } } } },
    owner: { kind: 'site', grants: { user: { allow: { note: ['write'] } } } }
  },
  systemSubjects: { robot: { grants: { site: { allow: { note: '*' } } } } }
})
const subjects = storedSubjects(
  policy,
  '{"id":"a","roles":["reader"]}\n{"id":"b","roles":[]}\n{"id":"__proto__","roles":[]}\n'
)
const errors: unknown[] = []
const handler = createHandler(
  { policy, subjects },
  { maxBody: 20_000, maxEvaluations: 50, onError: (error) => errors.push(error) }
)

const ajv = new Ajv2020({ strict: false })
ajv.addSchema(openApi(), 'api')
const schemaOf = (name: string): ((value: unknown) => boolean) =>
  ajv.compile({ $ref: `api#/components/schemas/${name}` })
const answers: Readonly<Record<string, (value: unknown) => boolean>> = {
  evaluation: schemaOf('Decision'),
  evaluations: schemaOf('Decisions'),
  'search/subject': schemaOf('Found'),
  'search/resource': schemaOf('Found'),
  'search/action': schemaOf('FoundActions')
}

/** The questions that the policy answers with yes; an ACL or an owner in the request is part of the question. */
function mayBeAllowed(asked: unknown): boolean {
  const part = (key: string): Record<string, unknown> =>
    (asked as Record<string, Record<string, unknown> | undefined>)[key] ?? {}
  const [subject, object] = [part('subject'), part('resource')]
  if (subject['type'] !== 'user' || object['type'] !== 'note' || typeof object['id'] !== 'string')
    return false
  const properties = (object['properties'] ?? {}) as Record<string, unknown>
  if (Object.keys(properties).some((key) => !['acl', 'anyOrg', 'owner', 'org'].includes(key))) return false
  const { users } = (properties['acl'] ?? {}) as { users?: Record<string, unknown> }
  const isShared = Object.hasOwn(users ?? {}, String(subject['id']))
  return (subject['id'] === 'a' && part('action')['name'] === 'read') || isShared
}

describe('hostile requests', () => {
  it('get no error of the server and no wrong yes, however they are broken', async () => {
    const statuses = new Map<number, number>()
    let allowed = 0
    await fc.assert(
      fc.asyncProperty(hostileRequests, async ({ endpoint, bytes: sent, method, type }) => {
        const response = await handler(
          new Request(`http://pdp.test/access/v1/${endpoint}`, {
            method,
            headers: { 'content-type': type },
            body: sent
          })
        )
        const text = await response.text()
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
        expect(response.status).toBeLessThan(500)
        if (response.status !== 200) return
        const answered = JSON.parse(text) as { decision?: boolean; evaluations?: { decision: boolean }[] }
        const path = endpoint.split('?')[0] ?? ''
        const isDescribed = answers[path === '../v1/evaluation' ? 'evaluation' : path]
        expect(isDescribed?.(answered)).toBe(true)
        const asked = JSON.parse(sent.toString()) as Record<string, unknown>
        for (const [index, { decision }] of (answered.evaluations ?? []).entries())
          if (decision) {
            allowed++
            expect(mayBeAllowed({ ...asked, ...(asked['evaluations'] as object[])[index] })).toBe(true)
          }
        if (answered.decision === true) {
          allowed++
          expect(mayBeAllowed(asked)).toBe(true)
        }
      }),
      { numRuns: runs(10_000) }
    )
    expect(errors).toEqual([])
    expect(allowed).toBeGreaterThan(floor(100))
    expect(statuses.get(400)).toBeGreaterThan(floor(300))
  })
})

describe('keys on Object.prototype', () => {
  afterEach(() => {
    for (const key of Object.keys(Object.prototype)) Reflect.deleteProperty(Object.prototype, key)
  })

  it.each([
    ['subject', { type: 'user', id: 'a' }],
    ['action', { name: 'read' }],
    ['resource', { type: 'note', id: 'n1' }]
  ])('give no request a %s', async (key, part) => {
    const whole = {
      subject: { type: 'user', id: 'a' },
      action: { name: 'read' },
      resource: { type: 'note', id: 'n1' }
    }
    const rest = Object.fromEntries(Object.entries(whole).filter(([own]) => own !== key))
    Object.defineProperty(Object.prototype, key, {
      value: part,
      configurable: true,
      enumerable: true,
      writable: true
    })
    expect((await ask(handler, 'evaluation', rest)).status).toBe(400)
  })

  it.each([
    ['roles', ['reader']],
    ['evaluations', [{}]]
  ])('give nobody %s', async (key, part) => {
    Object.defineProperty(Object.prototype, key, {
      value: part,
      configurable: true,
      enumerable: true,
      writable: true
    })
    const asked = {
      subject: { type: 'user', id: 'b' },
      action: { name: 'read' },
      resource: { type: 'note', id: 'n1' }
    }
    expect((await ask(handler, 'evaluations', asked)).body).toEqual({ decision: false })
    const stateless = createHandler({ policy, subjects: 'properties' })
    const { body: described } = await ask(stateless, 'evaluation', asked)
    expect(described).toMatchObject({ decision: false })
  })
})
