// A guarded store: every method behind a rule, decided from the stored state, and refused before it runs.
import { beforeEach, describe, expect, it } from 'vitest'
import { compile, isForbidden, parsePolicy } from 'casemate'
import { guard, type Rules } from 'casemate/guard'
import { auditGuard } from 'casemate/testing'
import coder from '../policies/coder/index.js'
import type { NamesOf } from '../src/document/index.js'

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
    ['a method without a rule', { ping: undefined }, 'ping: no rule'],
    [
      'a rule without a method',
      { pong: 'public' },
      'pong: a rule without a method `pong`; did you mean `ping`?'
    ],
    ['a rule that is none', { ping: 'pubic' }, 'ping: no rule `pubic`'],
    ['two forms in one', { ping: { action: 'read', object: zero, rows: zero } }, 'ping: a rule has one of'],
    ['no action', { ping: { object: zero } }, 'ping.action: expected an action'],
    ['no function', { ping: { action: 'read', object: {} } }, 'ping.object: expected a function'],
    [
      'an unknown key',
      { ping: { action: 'read', object: zero, notfound: true } },
      'ping.notfound: unknown key'
    ],
    ['no checks', { ping: { all: [] } }, 'ping.all: expected some checks']
  ])('is not made with %s', (_what, change, said) => {
    expect(() => guard(policy, store, { ...rules, ...change } as never)).toThrow(said)
  })

  it('is not made where an inherited method has no rule', () => {
    const rest = Object.fromEntries(Object.entries(rules).filter(([name]) => name !== 'ping'))
    expect(() => guard(policy, store, rest as never)).toThrow('ping: a method without a rule')
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

  it('fails as a call fails for other reasons', async () => {
    const broken = { write: [() => Promise.reject(new Error('disk full'))] }
    await expect(auditGuard(policy, logs, audited, broken)).rejects.toThrow('disk full')
  })
})
