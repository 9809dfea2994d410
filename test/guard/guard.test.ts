// A guarded store: every method behind a rule, decided from the stored state, and refused before it runs.
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'
import { compile, isForbidden, parsePolicy } from 'casemate'
import { guard, type Guard, type Rules } from 'casemate/guard'
import { auditGuard, type GuardCalls } from 'casemate/testing'
import coder from '../../policies/coder/index.js'
import type { NamesOf } from '../../src/document/index.js'

const policy = compile(coder)
const ada = '00000000-0000-4000-a000-00000000000a'
const eve = '00000000-0000-4000-a000-00000000000e'
const id = '00000000-0000-4000-a000-000000000001'

interface Log {
  readonly agentId: string
  readonly text: string
}
interface StoredLog extends Log {
  readonly ownerId: string
}

interface Store {
  workspaceOfAgent(agentId: string): Promise<{ ownerId: string }>
  insertBoundaryLog(log: Log): Promise<void>
  boundaryLogs(): Promise<StoredLog[]>
  boundaryLog(index: number): Promise<StoredLog | undefined>
  deleteBoundaryLogsBefore(index: number): Promise<number>
  moveAgent(agentId: string, ownerId: string): Promise<void>
  transaction<T>(run: (store: Store) => Promise<T>): Promise<T>
  ping(): Promise<string>
}

class MemoryStore implements Store {
  readonly #owners = new Map([
    ['agent-a', ada],
    ['agent-e', eve]
  ])
  readonly logs: StoredLog[] = []
  calls = 0

  workspaceOfAgent = (agentId: string): Promise<{ ownerId: string }> =>
    Promise.resolve({ ownerId: this.#owners.get(agentId) ?? '' })
  insertBoundaryLog(log: Log): Promise<void> {
    this.calls++
    this.logs.push({ ...log, ownerId: this.#owners.get(log.agentId) ?? '' })
    return Promise.resolve()
  }
  boundaryLogs(): Promise<StoredLog[]> {
    return Promise.resolve(this.logs)
  }
  boundaryLog(index: number): Promise<StoredLog | undefined> {
    return Promise.resolve(this.logs[index])
  }
  deleteBoundaryLogsBefore(index: number): Promise<number> {
    this.calls++
    return Promise.resolve(this.logs.splice(0, index).length)
  }
  moveAgent(agentId: string, ownerId: string): Promise<void> {
    this.#owners.set(agentId, ownerId)
    return Promise.resolve()
  }
  transaction<T>(run: (store: Store) => Promise<T>): Promise<T> {
    return run(this)
  }
  ping(): Promise<string> {
    return Promise.resolve('pong')
  }
}

type CoderNames = NamesOf<typeof policy>

const rules: Rules<CoderNames, Store> = {
  workspaceOfAgent: { action: 'read', object: () => ({ type: 'workspace' }) },
  insertBoundaryLog: {
    action: 'create',
    object: async (store, log) => ({
      type: 'boundary_log',
      owner: (await store.workspaceOfAgent(log.agentId)).ownerId
    })
  },
  boundaryLogs: { action: 'read', rows: (row) => ({ type: 'boundary_log', owner: row.ownerId }) },
  boundaryLog: {
    action: 'read',
    result: (row) => ({ type: 'boundary_log', owner: row.ownerId }),
    notFound: true
  },
  deleteBoundaryLogsBefore: { action: 'delete', object: () => ({ type: 'boundary_log' }) },
  moveAgent: {
    all: [
      {
        action: 'update',
        object: async (store, agentId) => ({
          type: 'workspace',
          owner: (await store.workspaceOfAgent(agentId)).ownerId
        })
      },
      { action: 'update', object: (_store, _agentId, ownerId) => ({ type: 'workspace', owner: ownerId }) }
    ]
  },
  transaction: 'transaction',
  ping: 'public'
}

const agentScope = policy.scopes.template('workspace_agent', {
  workspaceId: id,
  ownerId: ada,
  templateId: id,
  versionId: id
})
const agent = policy.subject({ id: ada, roles: ['member', 'owner'], scopes: [agentScope] })
const owner = policy.subject({ id: ada, roles: ['member', 'owner'] })
const member = policy.subject({ id: eve, roles: ['member'] })
const purge = policy.systemSubject('dbpurge')

const zero = (): number => 0

let store: MemoryStore
beforeEach(() => {
  store = new MemoryStore()
})
const guarded = (): ReturnType<typeof guard<CoderNames, Store>> => guard(policy, store, rules)
const refusal = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'allowed',
    (error: unknown) => isForbidden(error)
  )

describe('a guarded store', () => {
  it('lets an agent write for its own workspace', async () => {
    await guarded().as(agent).insertBoundaryLog({ agentId: 'agent-a', text: 'x' })
    expect(store.logs).toHaveLength(1)
  })

  it("refuses an agent that writes for another's, and never reaches the method", async () => {
    expect(await refusal(guarded().as(agent).insertBoundaryLog({ agentId: 'agent-e', text: 'x' }))).toBe(true)
    expect(store.calls).toBe(0)
  })

  it('derives the owner from the stored state and not from what a caller claims', async () => {
    const claim = { agentId: 'agent-e', text: 'x', ownerId: ada }
    expect(await refusal(guarded().as(agent).insertBoundaryLog(claim))).toBe(true)
  })

  it('leaves out of a list what the subject may not see', async () => {
    await guarded().as(agent).insertBoundaryLog({ agentId: 'agent-a', text: 'x' })
    expect(await guarded().as(owner).boundaryLogs()).toHaveLength(1)
    expect(await guarded().as(agent).boundaryLogs()).toEqual([])
  })

  it('answers a refusal exactly as a missing row where it is told to', async () => {
    await guarded().as(agent).insertBoundaryLog({ agentId: 'agent-a', text: 'x' })
    expect(await guarded().as(owner).boundaryLog(0)).toMatchObject({ text: 'x' })
    const refused = await guarded().as(member).boundaryLog(0)
    expect(refused).toBe(await guarded().as(member).boundaryLog(7))
    class Missing extends Error {}
    const strict = guard(policy, store, rules, { notFound: () => new Missing('no such log') })
    for (const index of [0, 7])
      await expect(strict.as(member).boundaryLog(index)).rejects.toStrictEqual(new Missing('no such log'))
  })

  it.each([
    ['gives back', (method: string) => new Error(`no ${method}`)],
    [
      'throws',
      (method: string) => {
        throw new Error(`no ${method}`)
      }
    ],
    ['gives back later', (method: string) => Promise.resolve(new Error(`no ${method}`))]
  ])(
    'never answers a refused write as if it were done: it rejects with what `notFound` %s',
    async (_how, notFound) => {
      const pages = new Map([['p1', ada]])
      const removals = {
        remove: (page: string) => Promise.resolve(void pages.delete(page))
      }
      const hiding = guard(
        policy,
        removals,
        {
          remove: {
            action: 'update',
            object: (_store, page) => {
              const ownerId = pages.get(page)
              return ownerId === undefined ? undefined : { type: 'workspace', id: page, owner: ownerId }
            },
            notFound: true
          }
        },
        { notFound }
      )
      for (const page of ['p1', 'p2'])
        await expect(hiding.as(member).remove(page)).rejects.toStrictEqual(new Error('no remove'))
      expect(pages.size).toBe(1)
      await hiding.as(owner).remove('p1')
      expect(pages.size).toBe(0)
    }
  )

  it('tells `notFound` of the arguments, so that it can give the error that the store throws itself', async () => {
    class NoSuchLog extends Error {}
    const finding = {
      find: (index: number) => {
        const found = store.logs[index]
        return found === undefined ? Promise.reject(new NoSuchLog(`no log ${index}`)) : Promise.resolve(found)
      }
    }
    await guarded().as(agent).insertBoundaryLog({ agentId: 'agent-a', text: 'x' })
    const hiding = guard(
      policy,
      finding,
      {
        find: {
          action: 'read',
          result: (row) => ({ type: 'boundary_log', owner: row.ownerId }),
          notFound: true
        }
      },
      { notFound: (_method, [index]) => new NoSuchLog(`no log ${String(index)}`) }
    )
    for (const index of [0, 7])
      await expect(hiding.as(member).find(index)).rejects.toStrictEqual(new NoSuchLog(`no log ${index}`))
    expect(await hiding.as(owner).find(0)).toMatchObject({ text: 'x' })
  })

  it('asks for all permissions of a method that touches several things', async () => {
    expect(await refusal(guarded().as(owner).moveAgent('agent-e', ada))).toBe('allowed')
    expect(await refusal(guarded().as(member).moveAgent('agent-e', ada))).toBe(true)
    const either = guard(
      policy,
      { either: (owner: string) => Promise.resolve(`done for ${owner}`) },
      {
        either: {
          any: [
            { action: 'delete', object: () => ({ type: 'boundary_log' }) },
            { action: 'create', object: (_store, ownerId) => ({ type: 'boundary_log', owner: ownerId }) }
          ]
        }
      }
    )
    expect(await either.as(purge).either(ada)).toBe(`done for ${ada}`)
    expect(await either.as(member).either(eve)).toBe(`done for ${eve}`)
    expect(await refusal(either.as(member).either(ada))).toBe(true)
  })

  it('asks with `all` for each permission, and with `any` for one, whichever comes first', async () => {
    const one = {
      action: 'create',
      object: (_store: unknown, ownerId: string) => ({ type: 'boundary_log', owner: ownerId })
    }
    const other = {
      action: 'create',
      object: (_store: unknown, _first: string, ownerId: string) => ({ type: 'boundary_log', owner: ownerId })
    }
    const touching = {
      both: (...owners: string[]) => Promise.resolve(owners),
      either: (...owners: string[]) => Promise.resolve(owners)
    }
    const guarding = guard(policy, touching, {
      both: { all: [one, other] },
      either: { any: [one, other] }
    } as never).as(member)
    const answers = async (method: 'both' | 'either'): Promise<unknown[]> =>
      Promise.all(
        [
          [eve, eve],
          [eve, ada],
          [ada, eve],
          [ada, ada]
        ].map((owners) => refusal(guarding[method](...owners)))
      )
    expect(await answers('both')).toEqual(['allowed', true, true, true])
    expect(await answers('either')).toEqual(['allowed', 'allowed', 'allowed', true])
  })

  it('guards the store of a transaction for the same subject, and derives from it', async () => {
    const moved = guarded()
      .as(owner)
      .transaction(async (inner) => {
        await inner.moveAgent('agent-e', ada)
        await inner.insertBoundaryLog({ agentId: 'agent-e', text: 'mine now' })
      })
    await moved
    expect(store.logs).toHaveLength(1)
    const refused = guarded()
      .as(member)
      .transaction((inner) => inner.deleteBoundaryLogsBefore(9))
    expect(await refusal(refused)).toBe(true)
    expect(store.logs).toHaveLength(1)
  })

  it('hands the callback of a transaction its guarded store and nothing else', async () => {
    const raw = { query: () => 'everything' }
    const leaking = {
      count: () => Promise.resolve(1),
      transaction: (run: (inner: unknown, connection: unknown) => Promise<unknown>) => run(leaking, raw)
    }
    const given: unknown[] = []
    const leak = guard(policy, leaking, {
      count: 'public',
      transaction: 'transaction'
    } as never) as unknown as {
      as(subject: unknown): { transaction(run: (...args: unknown[]) => Promise<unknown>): Promise<unknown> }
    }
    await leak.as(member).transaction((...args) => Promise.resolve(given.push(...args)))
    expect(given).toHaveLength(1)
    expect(given[0]).not.toBe(leaking)
  })

  it('answers a transaction with what its callback gave, whatever the store makes of it', async () => {
    let swallowed: unknown
    const chaining = {
      ping: () => Promise.resolve('pong'),
      // Gives itself back, tries twice, and swallows what fails.
      transaction: async (run: (inner: object) => Promise<unknown>): Promise<unknown> => {
        await run(chaining).catch(() => undefined)
        await run(chaining).catch((error: unknown) => (swallowed = error))
        return chaining
      }
    }
    const chained = guard(policy, chaining, { ping: 'public', transaction: 'transaction' } as never).as(
      member
    ) as unknown as {
      transaction(run: (inner: { ping(): Promise<string> }) => Promise<unknown>): Promise<unknown>
    }
    let attempt = 0
    expect(await chained.transaction(async (inner) => `${await inner.ping()} ${++attempt}`)).toBe('pong 2')
    attempt = 0
    const failing = chained.transaction(() =>
      ++attempt === 1 ? Promise.resolve('done') : Promise.reject(new Error('rolled back'))
    )
    await expect(failing).rejects.toThrow('transaction: the transaction ended before its callback')
    expect(swallowed).toStrictEqual(new Error('rolled back'))
  })

  it.each([undefined, null, 'store', 7])(
    'rejects a transaction that hands its callback %j',
    async (nothing) => {
      let inside: unknown
      const empty = {
        ping: () => Promise.resolve('pong'),
        open: (run: (inner: unknown) => Promise<unknown>) => run(nothing),
        swallow: (run: (inner: unknown) => Promise<unknown>) =>
          run(nothing).catch((error: unknown) => (inside = error))
      }
      const emptied = guard(policy, empty, {
        ping: 'public',
        open: 'transaction',
        swallow: 'transaction'
      } as never).as(member) as unknown as Record<'open' | 'swallow', (run: unknown) => Promise<unknown>>
      const run = (inner: { ping(): Promise<string> }): Promise<string> => inner.ping()
      const said = `expected the store of the transaction, not \`${nothing === 'store' ? 'store' : String(nothing)}\``
      await expect(emptied.open(run)).rejects.toMatchObject({
        code: 'invalid_guard',
        message: `open: ${said}`
      })
      await expect(emptied.swallow(run)).rejects.toMatchObject({ code: 'invalid_guard' })
      expect(inside).toMatchObject({ code: 'invalid_guard', message: `swallow: ${said}` })
    }
  )

  it.each([
    ['an error', 'new Error("gone")'],
    ['an error of another kind', 'new TypeError("gone")'],
    [
      'an error that calls itself something else',
      'class E extends Error { get [Symbol.toStringTag]() { return "E" } }; new E("gone")'
    ],
    ['what inherits from an error', 'Object.create(new RangeError("gone"))']
  ])('throws %s of another realm that `notFound` gives', async (_what, code) => {
    const answer: unknown = runInNewContext(code)
    expect(answer).not.toBeInstanceOf(Error)
    const removals = { remove: () => Promise.resolve('removed') }
    const hiding = guard(
      policy,
      removals,
      { remove: { action: 'update', object: () => ({ type: 'workspace', owner: ada }), notFound: true } },
      { notFound: () => answer }
    )
    const thrown: unknown = await hiding
      .as(member)
      .remove()
      .then(
        () => 'answered',
        (error: unknown) => error
      )
    expect(thrown).toBe(answer)
    expect(await hiding.as(owner).remove()).toBe('removed')
  })

  it('returns what `notFound` gives that is no error', async () => {
    const row = { name: 'none', message: 'an ordinary row' }
    const hiding = guard(policy, store, rules, { notFound: () => row })
    expect(await hiding.as(member).boundaryLog(7)).toBe(row)
  })

  it('guards a class with private helpers, getters, generators and methods that answer at once', async () => {
    class Shelf {
      readonly #logs = [{ ownerId: ada }, { ownerId: eve }]
      count(ownerId: string): number {
        return this.ownedBy(ownerId).length
      }
      *each(): Generator<string> {
        yield* this.#logs.map(({ ownerId }) => ownerId)
      }
      find?(index: number): Promise<string | undefined>
      peek?(index: number): Promise<string | undefined>
      get size(): number {
        return this.#logs.length
      }
      private ownedBy(ownerId: string): readonly unknown[] {
        return this.#logs.filter((log) => log.ownerId === ownerId)
      }
    }
    const shelf = new Shelf()
    shelf.find = (index) => Promise.resolve([...shelf.each()][index])
    const shelved = guard(policy, shelf, {
      count: { action: 'create', object: (_shelf, ownerId) => ({ type: 'boundary_log', owner: ownerId }) },
      each: 'public',
      find: { action: 'create', result: (ownerId) => ({ type: 'boundary_log', owner: ownerId }) },
      peek: undefined,
      size: 'hidden',
      ownedBy: 'hidden'
    })
    expect(await shelved.as(member).count(eve)).toBe(1)
    expect(await refusal(shelved.as(member).count(ada))).toBe(true)
    expect([...(await shelved.as(member).each())]).toEqual([ada, eve])
    expect(await shelved.as(member).find?.(1)).toBe(eve)
    expect(Object.keys(shelved.as(member)).sort()).toEqual(['count', 'each', 'find'])
    const visible = { count: 'public', each: 'public', find: 'public', peek: undefined } as const
    expect(() => guard(policy, shelf, visible)).toThrow('size: there is no rule for the method')
    expect(() =>
      guard(policy, shelf, {
        count: 'public',
        each: 'public',
        find: undefined,
        peek: undefined,
        size: 'hidden',
        ownedBy: 'hidden'
      })
    ).toThrow('find: expected a rule, not `undefined`')
  })

  it('lets a service act as a system subject, and anybody call what is public', async () => {
    await guarded().as(agent).insertBoundaryLog({ agentId: 'agent-a', text: 'x' })
    expect(await refusal(guarded().as(owner).deleteBoundaryLogsBefore(1))).toBe(true)
    expect(await guarded().as(purge).deleteBoundaryLogsBefore(1)).toBe(1)
    expect(await guarded().as(member).ping()).toBe('pong')
  })

  it('has no call but through a subject of its policy', () => {
    expect(Object.keys(guarded())).toEqual(['as'])
    expect(Object.keys(guarded().as(owner)).sort()).toEqual(Object.keys(rules).sort())
    expect('logs' in guarded().as(owner)).toBe(false)
    for (const stranger of [undefined, null, {}, { can: () => true }, 'ada'])
      expect(() => guarded().as(stranger as never)).toThrow('subject')
    const other = compile(parsePolicy({ name: 'other', resources: {} }))
    expect(() => guarded().as(other.subject({ id: 'ada' }) as never)).toThrow('a subject of the policy')
  })

  it('refuses to decide about what a rule does not derive', async () => {
    const nothing = { action: 'read', object: () => undefined }
    const broken = guard(policy, store, { ...rules, ping: nothing } as never)
    await expect(broken.as(owner).ping()).rejects.toMatchObject({
      code: 'invalid_request'
    })
  })

  it.each([
    ['a method without a rule', { ping: undefined }, 'ping: expected a rule'],
    ['a rule without a method', { pong: 'public' }, 'pong: there is no method `pong`; did you mean `ping`?'],
    [
      'a rule without a method that takes the place of one',
      { ping: undefined, poing: 'public' },
      'ping: expected a rule, not `undefined`'
    ],
    ['a rule that is none', { ping: 'pubic' }, 'ping: expected a rule, not `pubic`'],
    [
      'two forms in one',
      { ping: { action: 'read', object: zero, rows: zero } },
      'ping: expected exactly one of'
    ],
    ['no action', { ping: { object: zero } }, 'ping.action: expected an action'],
    ['no function', { ping: { action: 'read', object: {} } }, 'ping.object: expected a function'],
    [
      'an unknown key',
      { ping: { action: 'read', object: zero, notfound: true } },
      'ping.notfound: unknown key `notfound`; did you mean `notFound`?'
    ],
    ['a misspelt form', { ping: { action: 'read', objct: zero } }, 'did you mean `object`?'],
    ['no checks', { ping: { all: [] } }, 'ping.all: expected some checks'],
    [
      'an action that no resource has',
      { ping: { action: 'reed', object: zero } },
      'ping.action: no resource has the action `reed`; did you mean `read`?'
    ],
    [
      'such an action among several checks',
      { ping: { any: [{ action: '__proto__', object: zero }] } },
      'ping.any[0].action: no resource has the action `__proto__`'
    ],
    [
      'an unknown key of a check',
      { ping: { all: [{ action: 'read', object: zero, notFound: true }] } },
      'ping.all[0].notFound: unknown key'
    ],
    [
      'an action beside several checks',
      { ping: { action: 'read', all: [{ action: 'read', object: zero }] } },
      'ping.action: unknown key `action`'
    ],
    [
      'a `notFound` that is neither true nor false',
      { ping: { action: 'read', result: zero, notFound: 'yes' } },
      'ping.notFound: expected true, false, `unreadable` or `{ unreadable: action }`, not `yes`'
    ],
    [
      'a `notFound` that got lost',
      { ping: { action: 'read', result: zero, notFound: undefined } },
      'ping.notFound'
    ],
    [
      'a `copyArguments` that is neither true nor false',
      { ping: { action: 'read', object: zero, copyArguments: 1 } },
      'ping.copyArguments: expected true or false, not `1`'
    ],
    [
      'a `copyArguments` after the method ran',
      { ping: { action: 'read', result: zero, copyArguments: true } },
      'ping.copyArguments: unknown key'
    ],
    [
      'a `notFound` of a list',
      { ping: { action: 'read', rows: zero, notFound: true } },
      'ping.notFound: unknown key'
    ],
    [
      'a `notFound` before the method runs, without an answer',
      { ping: { action: 'read', object: zero, notFound: true } },
      'ping.notFound: the guard has no setting `notFound`'
    ],
    [
      'the same for several checks',
      { ping: { all: [{ action: 'read', object: zero }], notFound: true } },
      'ping.notFound: the guard has no setting `notFound`'
    ]
  ])('is not made with %s', (_what, change, said) => {
    expect(() => guard(policy, store, { ...rules, ...change } as never)).toThrow(said)
  })

  it.each([
    [{ notfound: zero }, 'settings.notfound: unknown key `notfound`; did you mean `notFound`?'],
    [{ notFound: true }, 'settings.notFound: expected a function, not `true`'],
    [{ watch: {} }, 'settings.watch: expected a function'],
    [null, 'settings: expected settings']
  ])('is not made with the settings %j', (settings, said) => {
    expect(() => guard(policy, store, rules, settings as never)).toThrow(said)
  })

  it('says of a method without a rule that it has none, and suggests no rule of another method', () => {
    const pair = { get: zero, set: zero }
    const read = { action: 'read', object: () => ({ type: 'workspace' }) }
    const make = (given: object) => (): unknown => guard(policy, pair, given as never)
    expect(make({ get: read })).toThrow(/^set: there is no rule for the method `set`$/)
    expect(make({ get: read, sett: read })).toThrow('sett: there is no method `sett`; did you mean `set`?')
    expect(make({ get: read, gett: read })).toThrow('gett: there is no method `gett`; did you mean `get`?')
    expect(make({ get: read, set: read })).not.toThrow()
  })

  it('reads rules and settings of their own keys alone, once', async () => {
    const settings: { notFound?: () => Error } = { notFound: () => new Error('gone') }
    const hiding = { ...rules, ping: { action: 'delete', object: zero, notFound: true } }
    const lent = Object.assign(Object.create({ action: 'read' }) as object, { object: zero })
    expect(() => guard(policy, store, { ...rules, ping: lent } as never)).toThrow(
      'ping.action: expected an action'
    )
    const one = Object.assign(Object.create({ object: zero }) as object, { action: 'read' })
    expect(() => guard(policy, store, { ...rules, ping: { all: [one] } } as never)).toThrow(
      'ping.all[0].object: expected a function'
    )
    expect(() => guard(policy, store, hiding as never, Object.create(settings) as typeof settings)).toThrow(
      'ping.notFound: the guard has no setting'
    )
    const made = guard(
      policy,
      store,
      { ...rules, moveAgent: { ...(rules.moveAgent as object), notFound: true } } as never,
      settings
    )
    delete settings.notFound
    Object.assign(settings, { subject: owner })
    await expect(made.as(member).moveAgent('agent-a', eve)).rejects.toThrow('gone')
  })

  it('is not made where an inherited method has no rule', () => {
    const rest = Object.fromEntries(Object.entries(rules).filter(([name]) => name !== 'ping'))
    expect(() => guard(policy, store, rest as never)).toThrow('ping: there is no rule for the method')
  })
})

describe('an audit of a guard', () => {
  const logs = { write: (ownerId: string) => Promise.resolve(ownerId), ping: () => Promise.resolve() }
  const audited: Rules<CoderNames, typeof logs> = {
    write: { action: 'create', object: (_store, ownerId) => ({ type: 'boundary_log', owner: ownerId }) },
    ping: 'public'
  }

  it('is satisfied where every rule was seen to allow and to refuse', async () => {
    await auditGuard(policy, logs, audited, {
      write: [(guarding) => guarding.as(member).write(eve), (guarding) => guarding.as(member).write(ada)]
    })
  })

  it('names the method whose calls never saw a denial, and never an allow', async () => {
    const never = auditGuard(policy, logs, audited, { write: [(guarding) => guarding.as(member).write(eve)] })
    await expect(never).rejects.toMatchObject({
      code: 'incomplete_audit',
      message: 'write: no call was denied'
    })
    await expect(auditGuard(policy, logs, audited, {})).rejects.toThrow('write: no call was allowed')
  })

  it('takes a refusal that is answered as not found for one, and nothing else of that call', async () => {
    const known = new Set(['p1'])
    const pages = { remove: (page: string) => Promise.resolve(known.delete(page)) }
    const hiding: Rules<CoderNames, typeof pages> = {
      remove: {
        action: 'update',
        object: (_store, page) => (known.has(page) ? { type: 'workspace', id: page } : undefined),
        notFound: true
      }
    }
    for (const notFound of [
      () => new Error('not found'),
      () => {
        throw new Error('not found')
      }
    ]) {
      known.add('p1')
      const audit = (remove: GuardCalls<CoderNames, typeof pages>['remove']): Promise<void> =>
        auditGuard(policy, pages, hiding, { remove: remove ?? [] }, { notFound })
      await audit([
        (guarding) => guarding.as(member).remove('p1'),
        (guarding) => guarding.as(owner).remove('p1')
      ])
      await expect(audit([(guarding) => guarding.as(member).remove('p2')])).rejects.toThrow('not found')
      known.add('p1')
      const wrong = async (guarding: Guard<CoderNames, typeof pages>): Promise<void> => {
        await guarding
          .as(member)
          .remove('p1')
          .catch(() => undefined)
        throw new Error('it should say more')
      }
      await expect(audit([wrong])).rejects.toThrow('it should say more')
    }
  })

  it('takes a call that throws its refusal at once for one that rejects', async () => {
    const eager = (): never => {
      throw new Error('disk full')
    }
    await expect(auditGuard(policy, logs, audited, { write: [eager] })).rejects.toThrow('disk full')
    const refusing = (): never => {
      member.authorize('create', { type: 'boundary_log', owner: ada })
      throw new Error('allowed')
    }
    await expect(auditGuard(policy, logs, audited, { write: [refusing] })).rejects.toThrow(
      'write: no call was allowed'
    )
  })

  it('fails as a call fails for other reasons', async () => {
    const broken = { write: [() => Promise.reject(new Error('disk full'))] }
    await expect(auditGuard(policy, logs, audited, broken)).rejects.toThrow('disk full')
  })
})
