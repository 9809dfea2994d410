// Matchers and checks as the compiler sees them: names are those of the policy whose subject or policy is expected of.
import { describe, expect, expectTypeOf, it } from 'vitest'

import { compile, definePolicy, parsePolicy, type Subject } from '../../src/index.js'
import { checkPolicy, matchers, type PolicyExpectation } from '../../src/testing/index.js'

const policy = compile(
  definePolicy({
    name: 'typed',
    resources: {
      doc: { actions: { read: '', write: '' } },
      page: { org: 'required', actions: { print: '' } }
    },
    roles: { owner: { kind: 'site' } }
  })
)
const subject = policy.subject({ id: 'u1', roles: ['owner'] })

describe('matchers', () => {
  it('are what expect.extend takes', () => {
    expectTypeOf(expect.extend).toBeCallableWith(matchers)
  })

  it('know the names of the policy', () => {
    expect(subject).toBeAllowed('read', { type: 'doc' })
    expect(subject).not.toBeAllowed('print', { type: 'page', org: 'o1' })
    expect(subject).toBeDenied('write', { type: 'doc' }, { reason: 'denied' })
    expect(policy).toMatchMatrix('', { resource: 'doc' })
    expect(policy).toHoldInvariants()
    // @ts-expect-error: no such action
    expect(subject).toBeAllowed('print', { type: 'doc' })
    // @ts-expect-error: no such resource
    expect(subject).toBeDenied('read', { type: 'book' })
    // @ts-expect-error: a page is in an organization
    expect(subject).not.toBeAllowed('print', { type: 'page' })
    // @ts-expect-error: no refusal has this reason
    expect(subject).toBeDenied('read', { type: 'doc' }, { reason: 'granted' })
  })

  it('take any name where the policy has none that the compiler knows', () => {
    const loaded: Subject = compile(parsePolicy({})).subject({ id: 'u1' })
    expect(loaded).toBeAllowed('anything', { type: 'whatever' })
  })
})

describe('checks', () => {
  it('take any policy', () => {
    expectTypeOf(checkPolicy).toBeCallableWith(policy)
    expectTypeOf(checkPolicy).toBeCallableWith(compile(parsePolicy({})), { matrices: { doc: '' } })
  })

  it('expect an answer or an error, not both and not neither', () => {
    const request = { subject: { system: 's' }, action: 'read', object: { type: 'doc' } }
    expectTypeOf<PolicyExpectation>().toExtend<{ readonly request: object }>()
    const right: PolicyExpectation[] = [
      { request, allowed: true },
      { request, allowed: false, reason: 'denied', note: 'why' },
      { request, error: 'unknown_action' }
    ]
    expectTypeOf(right).toExtend<readonly PolicyExpectation[]>()
    // @ts-expect-error: neither an answer nor an error
    const neither: PolicyExpectation = { request }
    // @ts-expect-error: an answer and an error
    const both: PolicyExpectation = { request, allowed: true, error: 'unknown_action' }
    expectTypeOf([neither, both]).toBeArray()
  })
})
