// Who a guard takes for a subject: the one that its policy made, as it was made, and nothing that poses as one.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy } from 'casemate'
import { guard } from 'casemate/guard'
import { recordChecks } from 'casemate/scopes'
import coder from '../../policies/coder/index.js'

const policy = compile(coder)
const state = Symbol.for('casemate.state')
const rules = {
  write: { action: 'create', object: (_store: unknown, owner: string) => ({ type: 'boundary_log', owner }) }
} as const
const store = { write: (owner: string) => Promise.resolve(`wrote for ${owner}`) }
const guarding = guard(policy, store, rules as never)

const newMember = () => policy.subject({ id: 'eve', roles: ['member'] })
type Member = ReturnType<typeof newMember>
const member = newMember()
const purge = policy.systemSubject('dbpurge')
const stateOf = (subject: unknown): object => (subject as Record<symbol, object>)[state] as object
const answers = {
  can: () => true,
  authorize: () => undefined,
  filter: (_action: string, rows: unknown[]) => rows
}

/** What trying to change something gives: whether it was refused as TypeScript's strict code is refused. */
const isRefused = (change: () => unknown): boolean => {
  try {
    return change() === false
  } catch (error) {
    if (error instanceof TypeError) return true
    throw error
  }
}
const writes = async (subject: unknown, owner: string): Promise<unknown> =>
  guarding.as(subject as Member).write(owner)

describe('a subject', () => {
  it.each([
    'can',
    'authorize',
    'explain',
    'filter',
    'canEach',
    'canSome',
    'canAssign',
    'canGrant',
    'canMint',
    'within',
    'id',
    'more'
  ])(
    'keeps its `%s`: it can be replaced on the subject and on its classes neither before nor after `as`',
    async (name) => {
      const subject = newMember()
      const store = guarding.as(subject)
      for (let at: object = subject; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
        expect(isRefused(() => Reflect.set(at, name, () => true))).toBe(true)
        expect(isRefused(() => Object.defineProperty(at, name, { value: () => true }))).toBe(true)
        expect(isRefused(() => Object.setPrototypeOf(at, answers) as unknown)).toBe(true)
        expect(isRefused(() => Reflect.deleteProperty(at, name)) || !Object.hasOwn(at, name)).toBe(true)
      }
      await expect(store.write('ada')).rejects.toMatchObject({ code: 'forbidden' })
      await expect(writes(subject, 'ada')).rejects.toMatchObject({ code: 'forbidden' })
      expect(await store.write('eve')).toBe('wrote for eve')
    }
  )

  it('has one store of a guard, and another subject another', () => {
    const guarded = guard(policy, { read: (id: string) => Promise.resolve(id) }, { read: 'public' })
    expect(guarded.as(member)).toBe(guarded.as(member))
    expect(guarded.as(member.within({ scopes: [] }))).not.toBe(guarded.as(member))
    expect(() => guarded.as(Object.create(member) as never)).toThrow()
  })

  it('keeps its state as it was made', () => {
    const narrowed = member.within({ scopes: [] })
    expect(isRefused(() => Object.assign(stateOf(narrowed), { ceilings: [] }))).toBe(true)
    expect(narrowed.can('create', { type: 'boundary_log', owner: 'eve' })).toBe(false)
    expect(member.can('create', { type: 'boundary_log', owner: 'eve' })).toBe(true)
  })

  it.each([
    ['a policy', member],
    ['a ceiling', member.within({ scopes: [] })],
    ['a system', purge],
    ['a recording policy', recordChecks(policy).policy.subject({ id: 'eve', roles: ['member'] })]
  ])('of %s gives nobody its class', (_what, subject) => {
    const Class = subject.constructor as new (state: object) => Member
    class Forged extends Class {
      override can = answers.can
    }
    const stolen = { ...stateOf(purge), id: 'ada' }
    for (const make of [
      () => new Class(stolen),
      () => new Forged(stolen),
      () => new Forged(stateOf(purge)),
      () => (Class as unknown as (state: object) => unknown)(stolen),
      () => Reflect.construct(Class, [stolen], Object) as unknown
    ])
      expect(make).toThrow('cannot make a subject here; its policy makes them')
    expect(() => guarding.as(Reflect.construct(Object, [stolen], Forged) as Member)).toThrow(
      'a subject of the policy'
    )
  })
})

describe('a guard', () => {
  class Getter {
    get [state](): object {
      return stateOf(purge)
    }
    can = answers.can
    authorize = answers.authorize
    filter = answers.filter
  }
  const forged: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['null', null],
    ['a text', 'eve'],
    ['a record of answers', answers],
    ['a stolen state', { ...answers, [state]: stateOf(purge) }],
    [
      'a stolen state behind a prototype',
      Object.create(Object.create({ [state]: stateOf(purge) }) as object, {})
    ],
    ['the state itself', stateOf(member)],
    ['a class with a getter for the state', new Getter()],
    ['what inherits from a subject', Object.create(member)],
    [
      'what inherits from it with answers of its own',
      Object.assign(Object.create(Object.create(member) as object) as object, {})
    ],
    ['what inherits from its class', Object.create(Object.getPrototypeOf(member) as object)],
    ['a proxy of a subject', new Proxy(member, {})],
    [
      'a proxy that answers for a subject',
      new Proxy(member, { get: (target, key) => (key === state ? stateOf(target) : answers.can) })
    ],
    ['a function', Object.assign(() => true, answers, { [state]: stateOf(purge) })],
    ['a copy of a subject', { ...member }],
    [
      'the subject of another policy',
      compile(parsePolicy({ name: 'other', resources: {} })).subject({ id: 'eve' })
    ],
    ['the subject of the same policy compiled again', compile(coder).subject({ id: 'eve' })]
  ]
  it.each(forged)('takes no %s for a subject', (_what, stranger) => {
    expect(() => guarding.as(stranger as Member)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringContaining('subject: expected a subject of the policy of this guard') as string
      })
    )
  })

  it.each([
    ['its policy', member],
    ['a policy with more roles', policy.withRoles({}).subject({ id: 'eve', roles: ['member'] })],
    ['a ceiling', member.within({ scopes: ['coder:all'] })],
    ['a recording policy', recordChecks(policy).policy.subject({ id: 'eve', roles: ['member'] })]
  ])('takes a subject of %s', async (_what, subject) => {
    expect(await writes(subject, 'eve')).toBe('wrote for eve')
    await expect(writes(subject, 'ada')).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('asks a subject that takes notes, so that they are complete', async () => {
    const { policy: recording, record } = recordChecks(policy)
    await writes(recording.subject({ id: 'eve', roles: ['member'] }), 'eve')
    expect(record().checks).toEqual([{ permission: 'boundary_log:create' }])
  })
})
