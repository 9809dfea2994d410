// What a guard says of rules that are none, what it tells of its decisions, and how it refuses what a store hands it.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type ObjectRef } from 'casemate'
import { guard, type GuardSettings } from 'casemate/guard'

const policy = compile(
  parsePolicy({
    name: 'pages',
    resources: { page: { actions: { read: '', write: '' } } },
    roles: { member: { kind: 'site', grants: { user: { allow: { page: '*' } } } } }
  })
)
const eve = policy.subject({ id: 'eve', roles: ['member'] })
const page = (owner: unknown): ObjectRef => ({ type: 'page', owner: owner as string })
const derive = (): ObjectRef => page('eve')

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>
type Watch = { readonly watch?: (method: string, outcome: string) => void }
const guarded = (store: object, rules: object, settings: GuardSettings & Watch = {}): Methods =>
  guard(policy, store, rules as never, settings).as(eve) as Methods

describe('a rule that is none', () => {
  const store = { ping: derive, getts: derive, get: derive }
  const fine = { ping: 'public', getts: 'public', get: 'public' }
  const said = (rule: unknown): unknown => {
    try {
      guard(policy, store, { ...fine, ping: rule } as never)
    } catch (error) {
      return error
    }
    return 'made'
  }
  const oneOf = 'ping: expected exactly one of `object`, `result`, `rows`, `where`, `all` and `any`; found'

  it.each<[unknown, string, string, string | undefined]>([
    ['pubic', 'ping: expected a rule, not `pubic`; did you mean `public`?', 'ping', 'public'],
    [
      'transactoin',
      'ping: expected a rule, not `transactoin`; did you mean `transaction`?',
      'ping',
      'transaction'
    ],
    ['hiden', 'ping: expected a rule, not `hiden`; did you mean `hidden`?', 'ping', 'hidden'],
    [7, 'ping: expected a rule, not `7`', 'ping', undefined],
    [['public'], 'ping: expected a rule, not `[…]`', 'ping', undefined],
    [{ action: 'read' }, `${oneOf} \`""\``, 'ping', undefined],
    [{ action: 'read', notFound: true, copyArguments: true }, `${oneOf} \`""\``, 'ping', undefined],
    [{ objct: derive }, 'ping.objct: unknown key `objct`; did you mean `object`?', 'ping.objct', 'object'],
    [{ action: 'read', object: derive, rows: derive, x: 1 }, `${oneOf} \`object, rows\``, 'ping', undefined],
    [{ action: 'read', rows: 1 }, 'ping.rows: expected a function, not `1`', 'ping.rows', undefined],
    [{ action: 'read', result: 1 }, 'ping.result: expected a function, not `1`', 'ping.result', undefined],
    [{ action: 'read', object: 1 }, 'ping.object: expected a function, not `1`', 'ping.object', undefined],
    [{ rows: derive }, 'ping.action: expected an action, not `undefined`', 'ping.action', undefined],
    [{ result: derive }, 'ping.action: expected an action, not `undefined`', 'ping.action', undefined],
    [
      { action: 'raed', rows: derive },
      'ping.action: no resource has the action `raed`; did you mean `read`?',
      'ping.action',
      'read'
    ],
    [{ all: 7 }, 'ping.all: expected some checks, not `7`', 'ping.all', undefined],
    [{ any: [] }, 'ping.any: expected some checks, not `[…]`', 'ping.any', undefined],
    [{ all: [7] }, 'ping.all[0]: expected a check, not `7`', 'ping.all[0]', undefined],
    [
      { any: [{ action: 'read', object: derive }, undefined] },
      'ping.any[1]: expected a check, not `undefined`',
      'ping.any[1]',
      undefined
    ],
    [
      { all: [{ object: derive }] },
      'ping.all[0].action: expected an action, not `undefined`',
      'ping.all[0].action',
      undefined
    ],
    [
      { all: [{ action: 'read' }] },
      'ping.all[0].object: expected a function, not `undefined`',
      'ping.all[0].object',
      undefined
    ],
    [
      { all: [{ action: 'read', objcet: 1 }] },
      'ping.all[0].objcet: unknown key `objcet`; did you mean `object`?',
      'ping.all[0].objcet',
      'object'
    ],
    [
      { action: 'read', object: derive, notFound: true },
      'ping.notFound: the guard has no setting `notFound`, which is needed for `true`',
      'ping.notFound',
      undefined
    ]
  ])('is an error that says what is wrong, where, and what is near: %j', (rule, message, path, hint) => {
    expect(said(rule)).toMatchObject({ name: 'CasemateError', code: 'invalid_guard', message, path, hint })
  })

  it('tells the value that was not understood', () => {
    expect(said('pubic')).toMatchObject({ value: 'pubic' })
    expect(said({ action: 'read', object: derive, notFound: true })).toMatchObject({ value: true })
  })

  it.each([
    [{ all: [{ action: 'read', object: derive }], notFound: false, copyArguments: false }],
    [{ any: [{ action: 'read', object: derive }], notFound: false, copyArguments: true }],
    [{ action: 'read', object: derive, notFound: false, copyArguments: true }],
    [{ action: 'read', result: derive, notFound: true }],
    [{ action: 'read', rows: derive }]
  ])('is not what has every key that it may have: %j', (rule) => {
    expect(said(rule)).toBe('made')
  })

  it('is told apart from a method without a rule, of which the nearest free one is suggested', () => {
    const get = { get: derive, getts: derive }
    expect(() => guard(policy, get, { get: 'public', gett: 'public' } as never)).toThrow(
      'gett: there is no method `gett`; did you mean `getts`?'
    )
    expect(() => guard(policy, get, { get: 'public', getts: 'public', gettt: 'public' } as never)).toThrow(
      'gettt: there is no method `gettt`; did you mean `getts`?'
    )
    expect(() => guard(policy, store, { ping: 'public', get: 'public', gett: 'public' } as never)).toThrow(
      'gett: there is no method `gett`; did you mean `getts`?'
    )
  })
})

describe('a decision of a guard', () => {
  it('is told to who watches: what was allowed, what was denied, and of a list both', async () => {
    const told: string[] = []
    const watch = (method: string, outcome: string): void => void told.push(`${method} ${outcome}`)
    const store = {
      one: (owner: unknown) => owner,
      list: (...owners: unknown[]) => owners,
      write: () => 'written'
    }
    const rules = {
      one: { action: 'read', result: page },
      list: { action: 'read', rows: page },
      write: { action: 'write', object: (_store: unknown, owner: unknown) => page(owner) }
    }
    const methods = guarded(store, rules, { watch })
    const after = async (method: string, ...args: unknown[]): Promise<unknown[]> => {
      told.length = 0
      const answer = await methods[method]?.(...args).catch(
        (error: unknown) => (error as { code: string }).code
      )
      return [answer, ...told]
    }
    expect(await after('one', 'eve')).toEqual(['eve', 'one allowed'])
    expect(await after('one', 'ada')).toEqual(['forbidden', 'one denied'])
    expect(await after('write', 'eve')).toEqual(['written', 'write allowed'])
    expect(await after('write', 'ada')).toEqual(['forbidden', 'write denied'])
    expect(await after('list', 'eve', 'eve')).toEqual([['eve', 'eve'], 'list allowed'])
    expect(await after('list', 'eve', 'ada')).toEqual([['eve'], 'list allowed', 'list denied'])
    expect(await after('list', 'ada')).toEqual([[], 'list denied'])
    expect(await after('list')).toEqual([[]])
  })

  it('stands, whatever becomes of the object meanwhile', async () => {
    let owner = 'ada'
    const watch = (): void => void (owner = 'eve')
    const rules = {
      write: {
        action: 'write',
        object: () => ({
          type: 'page',
          get owner() {
            return owner
          }
        })
      }
    }
    await expect(guarded({ write: () => 'written' }, rules, { watch })['write']?.()).rejects.toMatchObject({
      code: 'invalid_guard',
      message: 'write: refused, and then allowed'
    })
  })
})

describe('what a store hands a guard', () => {
  const rules = {
    list: { action: 'read', rows: page },
    one: { action: 'read', result: page },
    find: { action: 'read', result: page, notFound: true },
    run: 'transaction',
    gone: 'public'
  }
  const store: Record<string, unknown> = {
    list: () => ({ length: 0 }),
    one: (value: unknown) => value,
    find: (value: unknown) => value,
    run: (work: (inner: object) => Promise<unknown>) => work(store),
    gone: () => 1
  }
  const fails = (message: string): object => ({ code: 'invalid_guard', message })

  it('is an error of its own where it is no list, no method, or no callback', async () => {
    const methods = guarded(store, rules)
    await expect(methods['list']?.()).rejects.toMatchObject(
      fails('list: expected the method to return a list')
    )
    await expect(methods['run']?.('work')).rejects.toMatchObject(
      fails('run: expected a function as first argument, not `work`')
    )
    const without = { ...store, gone: store['gone'] }
    const later = guarded(without, rules)
    without.gone = undefined
    await expect(later['gone']?.()).rejects.toMatchObject(fails('gone: the store has no such method'))
  })

  it('is missing where it is null or undefined, and asked about otherwise', async () => {
    const none = new Error('none')
    const methods = guarded(store, rules, { notFound: () => none })
    for (const missing of [null, undefined]) {
      expect(await methods['one']?.(missing)).toBe(missing)
      await expect(methods['find']?.(missing)).rejects.toBe(none)
    }
    await expect(methods['one']?.('ada')).rejects.toMatchObject({ code: 'forbidden' })
    await expect(methods['find']?.('ada')).rejects.toBe(none)
    await expect(methods['find']?.(0)).rejects.toMatchObject({ code: 'invalid_request' })
    expect(await methods['find']?.('eve')).toBe('eve')
  })

  it('is thrown where `notFound` gives an error without a prototype', async () => {
    const bare: unknown = Object.setPrototypeOf(new Error('bare'), null)
    const thrown = await guarded(store, rules, { notFound: () => bare })
      ['find']?.('ada')
      .then(
        () => 'answered',
        (error: unknown) => error
      )
    expect(thrown === bare).toBe(true)
  })
})
