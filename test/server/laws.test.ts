// What a server says is what the policy says: on generated policies and requests, one by one, together and by search.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRequest, type Policy } from '../../src/index.js'
import { isPlainObject } from '../../src/problems/plain.js'
import { createHandler, type DecisionSource, type Handler } from '../../src/server/index.js'
import { worldsWithCasesV2, type WorldWithCases } from '../arbitraries/index.js'
import type { Question } from '../model.js'
import { policyOf } from '../support/engine.js'
import { floor, runs } from '../support/depth.js'
import { ask } from './ask.js'

/** A question that JSON and AuthZEN can hold: its subject and object are records, its action is a name. */
interface Stored {
  readonly subject: Readonly<Record<string, unknown>>
  readonly action: string
  readonly object: Readonly<Record<string, unknown>>
}

interface Answer {
  readonly decision: boolean
  readonly isError: boolean
}

function storedOf(question: Question): Stored | undefined {
  const { subject, action, object } = JSON.parse(JSON.stringify(question)) as Record<string, unknown>
  return isPlainObject(subject) && typeof action === 'string' && action !== '' && isPlainObject(object)
    ? { subject, action, object }
    : undefined
}

/** What `can` says of it. */
function expectedOf(policy: Policy, { subject, action, object }: Stored): Answer {
  const parsed = parseRequest(policy, { subject, action, object })
  return parsed.ok
    ? { decision: parsed.value.subject.can(parsed.value.action, parsed.value.object), isError: false }
    : { decision: false, isError: true }
}

function answerOf(body: unknown): Answer {
  const { decision, context } = body as { decision: boolean; context?: object }
  return { decision, isError: context !== undefined && 'error' in context }
}

/** A server whose store has every question's subject and object under its number. */
function serverOf({ world, cases }: WorldWithCases): {
  readonly handler: Handler
  readonly policy: Policy
  readonly stored: readonly Stored[]
} {
  const policy = policyOf(world)
  const stored = cases.flatMap(({ question }) => storedOf(question) ?? [])
  const ids = stored.map((_, i) => String(i)).sort()
  const list = (_: string, after: string | undefined): string[] => ids.filter((id) => id > (after ?? ''))
  const source: DecisionSource = {
    policy,
    subjects: { find: ({ id }) => stored[Number(id)]?.subject, list },
    resources: { find: ({ id }) => Promise.resolve(stored[Number(id)]?.object), list }
  }
  return { handler: createHandler(source, { pageSize: 3 }), policy, stored }
}

const entity = (index: number): object => ({ type: 'x', id: String(index) })
const itemOf = ({ action }: Stored, index: number): object => ({
  subject: entity(index),
  action: { name: action },
  resource: entity(index)
})

describe('a server', () => {
  it('answers as `can` does, alone and in one request', async () => {
    let [allowed, wrong] = [0, 0]
    await fc.assert(
      fc.asyncProperty(worldsWithCasesV2, async (drawn) => {
        const { handler, policy, stored } = serverOf(drawn)
        const items = stored.map(itemOf)
        const expected = stored.map((question) => expectedOf(policy, question))
        const alone = await Promise.all(
          items.map(async (item) => (await ask(handler, 'evaluation', item)).body)
        )
        expect(alone.map(answerOf)).toEqual(expected)
        if (items.length === 0) return
        const together = (await ask(handler, 'evaluations', { evaluations: items })).body
        expect(together).toEqual({ evaluations: alone })
        allowed += expected.filter(({ decision }) => decision).length
        wrong += expected.filter(({ isError }) => isError).length
      }),
      { numRuns: runs(150) }
    )
    expect(allowed).toBeGreaterThan(floor(100))
    expect(wrong).toBeGreaterThan(floor(100))
  })

  it('stops at the first deny, or the first permit, and not before', async () => {
    await fc.assert(
      fc.asyncProperty(worldsWithCasesV2, async (drawn) => {
        const { handler, policy, stored } = serverOf(drawn)
        const decisions = stored.map((question) => expectedOf(policy, question).decision)
        if (decisions.length === 0) return
        for (const [semantic, last] of [
          ['deny_on_first_deny', false],
          ['permit_on_first_permit', true]
        ] as const) {
          const body = { evaluations: stored.map(itemOf), options: { evaluations_semantic: semantic } }
          const { evaluations } = (await ask(handler, 'evaluations', body)).body as { evaluations: Answer[] }
          const end = decisions.indexOf(last)
          const expected = end < 0 ? decisions : decisions.slice(0, end + 1)
          expect(evaluations.map(({ decision }) => decision)).toEqual(expected)
        }
      }),
      { numRuns: runs(60) }
    )
  })

  it('reads what stands at the top for every item that lacks it', async () => {
    await fc.assert(
      fc.asyncProperty(worldsWithCasesV2, fc.nat(), async (drawn, seed) => {
        const { handler, stored } = serverOf(drawn)
        if (stored.length === 0) return
        const whole = itemOf(stored[seed % stored.length]!, seed % stored.length)
        const items = stored.map((question, i) => {
          const parts = Object.entries(itemOf(question, i))
          return Object.fromEntries(parts.filter((_, part) => (seed >> (i + part)) % 2 === 0))
        })
        const shared = await ask(handler, 'evaluations', { ...whole, evaluations: items })
        const spelt = await ask(handler, 'evaluations', {
          evaluations: items.map((item) => ({ ...whole, ...item }))
        })
        expect(shared.body).toEqual(spelt.body)
      }),
      { numRuns: runs(60) }
    )
  })

  it('finds exactly what its evaluations allow', async () => {
    await fc.assert(
      fc.asyncProperty(worldsWithCasesV2, async (drawn) => {
        const { handler, stored } = serverOf(drawn)
        const [question] = stored
        if (question === undefined) return
        const { policy } = { policy: policyOf(drawn.world) }
        const action = { name: question.action }
        const isAllowed = async (body: object): Promise<boolean> =>
          answerOf((await ask(handler, 'evaluation', body)).body).decision
        const whole = itemOf(question, 0)
        const subjects = await allowedAmong(stored, (i) => isAllowed({ ...whole, subject: entity(i) }))
        const resources = await allowedAmong(stored, (i) => isAllowed({ ...whole, resource: entity(i) }))
        expect(await allPages(handler, 'subject', { ...whole, subject: { type: 'x' } })).toEqual(subjects)
        expect(await allPages(handler, 'resource', { ...whole, resource: { type: 'x' } })).toEqual(resources)
        const resource = policy.resources.get(String(question.object['type']))
        const actions = resource?.actions.map(({ name }) => name) ?? []
        const may: string[] = []
        for (const name of actions) if (await isAllowed({ ...whole, action: { name } })) may.push(name)
        expect(await allPages(handler, 'action', { ...whole, action })).toEqual(may)
      }),
      { numRuns: runs(60) }
    )
  })
})

describe('a server without a store', () => {
  it('answers as `can` does about what the request says', async () => {
    let allowed = 0
    await fc.assert(
      fc.asyncProperty(worldsWithCasesV2, async ({ world, cases }) => {
        const policy = policyOf(world)
        const handler = createHandler({ policy, subjects: 'properties' })
        for (const { question } of cases) {
          const stored = storedOf(question)
          if (stored === undefined || !hasIds(stored)) continue
          const { id, ...subject } = stored.subject
          const { type, id: objectId, ...object } = stored.object
          const { body, status } = await ask(handler, 'evaluation', {
            subject: { type: 'user', id, properties: subject },
            action: { name: stored.action },
            resource: { type, id: objectId, properties: object }
          })
          expect(status).toBe(200)
          const expected = expectedOf(policy, stored)
          expect({ stored, answer: answerOf(body) }).toEqual({ stored, answer: expected })
          if (expected.decision) allowed++
        }
      }),
      { numRuns: runs(150) }
    )
    expect(allowed).toBeGreaterThan(floor(50))
  })
})

/** Whether AuthZEN can name both: it knows no entity without id. */
function hasIds({ subject, object }: Stored): boolean {
  const names = [subject['id'], object['type'], object['id']]
  return names.every((name) => typeof name === 'string' && name !== '')
}

async function allowedAmong(
  stored: readonly Stored[],
  isAllowed: (index: number) => Promise<boolean>
): Promise<string[]> {
  const ids: string[] = []
  for (const [index] of stored.entries()) if (await isAllowed(index)) ids.push(String(index))
  return ids.sort()
}

async function allPages(handler: Handler, search: string, question: object): Promise<string[]> {
  const found: string[] = []
  let page: object = {}
  for (;;) {
    const { body } = await ask(handler, `search/${search}`, { ...question, page })
    const read = body as { results: { id?: string; name?: string }[]; page: { next_token: string } }
    found.push(...read.results.map(({ id, name }) => id ?? name ?? ''))
    if (read.page.next_token === '') return found
    page = { token: read.page.next_token }
  }
}
