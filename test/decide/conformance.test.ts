// Every way of asking the engine, against the oracle. A new way in is one more `conform` in this list.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ObjectRef, Permission, Policy, RoleDocument, Subject } from '../../src/index.js'
import { isForbidden, parseRequest } from '../../src/index.js'
import { rolled, rollWorld, worldTape } from '../arbitraries/index.js'
import { conform, type Backend } from './conformance.js'
import { asGiven, orFailure, policyOf, subjectOf, type Failure } from '../support/engine.js'
import type { Question, World } from '../model.js'
import { runs } from '../support/depth.js'
import { untraced } from '../support/untraced.js'

describe('in process', () => {
  inProcess('subject.can', (ask) => ({ can: ask((it) => it.subject.can(it.action, it.object)) }))
  inProcess('subject.can with a resolved permission', (ask) => ({
    can: ask((it) => it.subject.can(resolvedPermission(it), it.object))
  }))
  inProcess('subject.authorize', (ask) => ({ can: ask(isAuthorized) }))
  inProcess('subject.explain', (ask) => ({ explain: ask((it) => it.subject.explain(it.action, it.object)) }))
  inProcess('subject.filter', (ask) => ({
    can: ask((it) => it.subject.filter(it.action, [it.object]).includes(it.object))
  }))
  inProcess('subject.filter with rows', (ask) => ({
    can: ask((it) => it.subject.filter(it.action, [it], (row) => row.object).includes(it))
  }))
  inProcess('subject.canEach', (ask) => ({
    can: ask(({ subject, action, object }) => subject.canEach({ one: { action, object } }).one)
  }))
  inProcess('subject.actionsOn', (ask) => ({ actionsOn: ask((it) => it.subject.actionsOn(it.object)) }))
  inProcess(
    'subject.canSome',
    (ask) => ({
      canSome: (question, type) => ask((it) => it.subject.canSome(it.action, type))(question)
    }),
    true
  )
})

describe('data from outside', () => {
  conform(
    'parseRequest',
    (world) => {
      const policy = policyOf(world)
      return { can: (question) => orFailure(() => fromOutside(policy, question, (value) => value)) }
    },
    { malformed: 'checked' }
  )

  conform(
    'parseRequest of JSON, with a policy from JSON',
    (world) => {
      const policy = policyOf(throughJson(world))
      return { can: (question) => orFailure(() => fromOutside(policy, question, throughJson)) }
    },
    // JSON has no undefined, and no class instances: only what has an answer means the same there.
    { malformed: 'undefined' }
  )
})

describe('compile', () => {
  const worlds = rolled(worldTape, rollWorld)

  it('misses an option without default exactly where a role reads it', () => {
    fc.assert(
      fc.property(worlds, ({ document, options, customRoles }) => {
        const roles = [document.roles ?? {}, customRoles.site, ...Object.values(customRoles.orgs)].flatMap(
          Object.values
        )
        for (const [option, declared] of Object.entries(document.options ?? {})) {
          const isRead = roles.some(({ variants = [] }: RoleDocument) =>
            variants.some(({ when }) => Object.hasOwn(when, option))
          )
          const without = Object.fromEntries(Object.entries(options).filter(([name]) => name !== option))
          const compiled = orFailure(() => policyOf({ document, options: without, customRoles }))
          const isMissing = isRead && declared.default === undefined
          expect('error' in compiled ? compiled.error : 'none').toBe(isMissing ? 'missing_option' : 'none')
        }
      }),
      { numRuns: runs(60) }
    )
  })

  it('refuses an option that the policy does not have, and a value that the option does not have', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { document, options } = world
        const orgOptions = Object.keys(document.orgOptions ?? {})
        for (const option of ['nope', 'valueOf', ...orgOptions]) {
          const given = { ...options, ...Object.fromEntries([[option, true]]) }
          expect(orFailure(() => policyOf({ ...world, options: given }))).toEqual({ error: 'unknown_option' })
        }
        for (const option of Object.keys(document.options ?? {})) {
          const given = Object.fromEntries([...Object.entries(options), [option, 'nope']])
          expect(orFailure(() => policyOf({ ...world, options: given }))).toEqual({ error: 'invalid_option' })
        }
      }),
      { numRuns: runs(30) }
    )
  })
})

/** A question as a caller in process has it at hand. Any of it may be of the wrong type: that is what is tested. */
interface Asked {
  readonly policy: Policy
  readonly subject: Subject
  readonly action: string
  readonly object: ObjectRef
}

type Asking = <T>(answer: (asked: Asked) => T) => (question: Question) => T | Failure

/** A way of asking subjects that were made in process, with `within` applied one by one. */
function inProcess(name: string, backend: (ask: Asking) => Backend, isAboutTypes = false): void {
  const makeBackend = (world: World): Backend => {
    const policy = policyOf(world)
    return backend((answer) => (question) => {
      const { action, object } = question
      return orFailure(() =>
        answer({
          policy,
          subject: subjectOf(policy, question),
          action: asGiven(action),
          object: asGiven(object)
        })
      )
    })
  }
  conform(name, makeBackend, { malformed: 'read', isAboutTypes })
}

/** The permission that is asked for; some permission where the object has no type to resolve it with. */
function resolvedPermission({ policy, action, object }: Asked): Permission {
  const given: unknown = object
  if (typeof given === 'object' && given !== null) return policy.permission(object.type, action)
  const resource = policy.resources.list()[0]!
  return policy.permission(resource.name, resource.actions[0]!.name)
}

function isAuthorized({ subject, action, object }: Asked): boolean {
  try {
    untraced(() => {
      subject.authorize(action, object)
    })
    return true
  } catch (error) {
    if (!isForbidden(error)) throw error
    return false
  }
}

function fromOutside(policy: Policy, question: Question, send: (data: object) => unknown): boolean | Failure {
  const parsed = parseRequest(policy, send(question), { allowSystem: true })
  if (!parsed.ok) return { error: parsed.problems[0]?.code ?? 'no problem at all' }
  const { subject, action, object } = parsed.value
  return subject.can(action, object)
}

function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
