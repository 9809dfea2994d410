// The runtime: what it loads it decides and explains as the oracle does, and what is not whole it does not load.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { toCompiled } from '../../src/policy/to-compiled.js'
import { compile, isCasemateError, PolicyError } from '../../src/index.js'
import { fromCompiled, type RuntimePolicy, type RuntimeSubject } from '../../src/runtime/index.js'
import type { ObjectRef } from '../../src/types.js'
import { rolled, rollWorld, worldsWithCasesV2, worldTape } from '../arbitraries/index.js'
import { conform, type Backend } from '../decide/conformance.js'
import { asGiven, orFailure, policyOf, subjectOf as wholeSubjectOf, type Failure } from '../support/engine.js'
import type { Question, World } from '../model.js'

import saas from '../../policies/saas/index.js'
import { widePolicy } from './wide-places.js'
import { runs } from '../support/depth.js'

describe('a policy compiled ahead of time', () => {
  asRuntime('runtime can', (ask) => ({ can: ask((it) => it.subject.can(it.action, it.object)) }))
  asRuntime('runtime explain', (ask) => ({ explain: ask((it) => it.subject.explain(it.action, it.object)) }))
  asRuntime('runtime filter', (ask) => ({
    can: ask((it) => it.subject.filter(it.action, [it.object]).includes(it.object))
  }))
  asRuntime('runtime canEach', (ask) => ({
    can: ask(({ subject, action, object }) => subject.canEach({ one: { action, object } }).one)
  }))
  asRuntime('runtime actionsOn', (ask) => ({ actionsOn: ask((it) => it.subject.actionsOn(it.object)) }))
  asRuntime(
    'runtime canSome',
    (ask) => ({
      canSome: (question, type) => ask((it) => it.subject.canSome(it.action, type))(question)
    }),
    true
  )

  it('explains with the paths and permissions of the document it came from', () => {
    fc.assert(
      fc.property(rolled(worldTape, rollWorld), (world) => {
        const policy = policyOf(world)
        const loaded = load(world)
        for (const { name, kind, org } of policy.roles.list().slice(0, 5)) {
          const roles = kind === 'site' ? [name] : [{ role: name, org: org ?? 'o1' }]
          const input = asGiven({ id: 'u1', roles })
          if ('error' in orFailure(() => policy.subject(input))) continue
          for (const resource of policy.resources.list()) {
            const place = resource.org === 'required' ? { org: org ?? 'o1' } : {}
            for (const action of resource.actions) {
              const object = { type: resource.name, owner: 'u1', ...place }
              const expected = policy.subject(input).explain(action.name, object)
              expect(loaded.subject(input).explain(action.name, object)).toEqual(expected)
            }
          }
        }
      }),
      { numRuns: runs(30) }
    )
  })

  it('decides and explains with containers, attributes and the rest as the compiled policy does', () => {
    fc.assert(
      fc.property(worldsWithCasesV2, ({ world, cases }) => {
        const whole = policyOf(world)
        const loaded = load(world)
        for (const { question } of cases) {
          const action = asGiven(question.action)
          const object = asGiven(question.object)
          const ask = (subject: () => RuntimeSubject): unknown[] => [
            orFailure(() => subject().can(action, object)),
            orFailure(() => subject().explain(action, object)),
            orFailure(() => subject().actionsOn(object))
          ]
          expect(ask(() => subjectOf(loaded, question))).toEqual(ask(() => wholeSubjectOf(whole, question)))
        }
      }),
      { numRuns: runs(60) }
    )
  })

  it('takes the permissions of the policy that it was compiled from', () => {
    const policy = widePolicy()
    const loaded = fromCompiled(throughJson(toCompiled(policy)))
    const subject = loaded.subject({ id: 'u1', roles: ['auditor'] })
    expect(subject.can(policy.permission('task', 'read'), asGiven({ type: 'task', project: 'p1' }))).toBe(
      true
    )
  })

  it('resolves permissions once, and refuses those of another catalogue', () => {
    const policy = load({ document: saas, options: {}, customRoles: { site: {}, orgs: {} } })
    const [resource] = Object.keys(saas.resources)
    const [action] = Object.keys(saas.resources[resource!]!.actions)
    const permission = policy.permission(resource!, action!)
    const subject = policy.subject({ id: 'u1' })
    const object: ObjectRef = { type: resource!, owner: 'u1', org: 'o1' }
    expect(orFailure(() => subject.can(permission, object))).toEqual(
      orFailure(() => subject.can(action!, object))
    )
    const other = asGiven({ ...permission })
    expect(orFailure(() => subject.can(other, object))).toEqual({ error: 'invalid_request' })
  })
})

describe('fromCompiled', () => {
  const file = (): Record<string, unknown> => throughJson({ ...toCompiled(compile(saas)) })

  it('loads what toCompiled gave, also where whitespace differs', () => {
    const text = JSON.stringify(toCompiled(compile(saas)), null, 2)
    expect(fromCompiled(JSON.parse(text)).name).toBe(saas.name)
  })

  it('gives the same file for the same policy', () => {
    expect(JSON.stringify(toCompiled(compile(saas)))).toBe(JSON.stringify(toCompiled(compile(saas))))
  })

  it.each([null, undefined, 1, 'text', [], {}, { content: {} }])(
    'refuses %j as no compiled policy',
    (value) => {
      expect(refusal(value)).toMatchObject({ code: 'invalid_file', path: 'casemate' })
    }
  )

  it.each([0, 1, 3, '2', null, [2]])('refuses version %j and says so', (version) => {
    expect(refusal({ ...file(), casemate: version })).toMatchObject({ path: 'casemate', value: version })
  })

  it('refuses a file whose checksum is missing or another', () => {
    for (const checksum of [undefined, '', '0000000000000000', 7])
      expect(refusal({ ...file(), checksum })).toMatchObject({ code: 'invalid_file', path: 'checksum' })
  })

  it('refuses a content that lost or changed anything', () => {
    const whole = file()
    const places = placesIn(whole['content'], [])
    expect(places.length).toBeGreaterThan(50)
    for (const place of places) {
      expect(refusal(without(whole, ['content', ...place]))).toMatchObject({ path: 'checksum' })
    }
    expect(refusal({ ...whole, content: undefined })).toMatchObject({ path: 'checksum' })
  })

  it('is not changed by what happens to the value later', () => {
    const given = file()
    const policy = fromCompiled(given)
    clear(given)
    expect(given).toEqual({})
    const viewer = policy.subject({ id: 'u1', roles: [{ role: 'viewer', project: 'p1' }] })
    const key = viewer.within({ scopes: ['document:read'] })
    const document = { type: 'document', org: 'o1', project: 'p1', status: 'published', locked: true }
    expect(key.can('read', document)).toBe(true)
    expect(key.can('read', { ...document, status: 'draft' })).toBe(false)
    expect(key.can('comment', document)).toBe(false)
    expect(viewer.can('comment', document)).toBe(true)
  })

  it('keeps the options that the policy was compiled with, and its custom roles', () => {
    fc.assert(
      fc.property(rolled(worldTape, rollWorld), (world) => {
        const policy = policyOf(world)
        const loaded = load(world)
        for (const { name, kind, org } of policy.roles.list()) {
          const roles = kind === 'site' ? [name] : [{ role: name, org: org ?? 'o1' }]
          const input = asGiven({ id: 'u1', roles })
          const outcome = (from: { subject(given: never): unknown }): string =>
            'error' in Object(orFailure(() => from.subject(input))) ? 'refused' : 'made'
          expect(outcome(loaded)).toBe(outcome(policy))
        }
      }),
      { numRuns: runs(30) }
    )
  })

  it('reaches neither zod nor CASL nor Node', async () => {
    // What the build uses; not a dependency of its own.
    const require = createRequire(createRequire(import.meta.url).resolve('tsup'))
    const bundler = require('esbuild') as Bundler
    const entry = fileURLToPath(new URL('../../src/runtime/index.ts', import.meta.url))
    const { metafile } = await bundler.build({
      entryPoints: [entry],
      bundle: true,
      platform: 'neutral',
      metafile: true,
      write: false
    })
    const inputs = Object.keys(metafile.inputs)
    expect(inputs.length).toBeGreaterThan(5)
    expect(inputs.filter((input) => input.includes('node_modules'))).toEqual([])
  })
})

interface Bundler {
  build(options: object): Promise<{ readonly metafile: { readonly inputs: object } }>
}

interface Asked {
  readonly subject: RuntimeSubject
  readonly action: string
  readonly object: ObjectRef
}

type Asking = <T>(answer: (asked: Asked) => T) => (question: Question) => T | Failure

function asRuntime(name: string, backend: (ask: Asking) => Backend, isAboutTypes = false): void {
  const makeBackend = (world: World): Backend => {
    const policy = load(world)
    return backend((answer) => (question) => {
      const { action, object } = question
      return orFailure(() =>
        answer({ subject: subjectOf(policy, question), action: asGiven(action), object: asGiven(object) })
      )
    })
  }
  conform(name, makeBackend, { malformed: 'read', isAboutTypes })
}

function load(world: World): RuntimePolicy {
  return fromCompiled(throughJson(toCompiled(policyOf(world))))
}

function subjectOf(policy: RuntimePolicy, { subject: given, within = [] }: Question): RuntimeSubject {
  const isSystem = typeof given === 'object' && given !== null && Object.hasOwn(given, 'system')
  const { system }: { system?: unknown } = isSystem ? given : {}
  const subject = isSystem ? policy.systemSubject(asGiven(system)) : policy.subject(asGiven(given))
  return within.reduce<RuntimeSubject>((narrowed, ceiling) => narrowed.within(asGiven(ceiling)), subject)
}

/** The problem that a value is refused with. */
function refusal(value: unknown): unknown {
  try {
    fromCompiled(value)
  } catch (error) {
    if (!(error instanceof PolicyError) || !isCasemateError(error)) throw error
    return error.problems[0]
  }
  return 'loaded'
}

function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** Every place in plain data, as the keys that lead to it. */
function placesIn(value: unknown, at: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [[...at, key], ...placesIn(inner, [...at, key])])
}

/** Empties a value and everything in it. */
function clear(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    clear(inner)
    Reflect.deleteProperty(value, key)
  }
}

/** A copy without what stands at a place. */
function without(value: unknown, [key, ...rest]: readonly string[]): unknown {
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...(value as Record<string, unknown>) }
  const inner: unknown = Reflect.get(copy, key!)
  if (rest.length === 0) Reflect.deleteProperty(copy, key!)
  else Reflect.set(copy, key!, without(inner, rest))
  return copy
}
