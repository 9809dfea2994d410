// What a rule and its method see of a call's arguments while the caller changes them.
import { describe, expect, it } from 'vitest'
import { compile } from 'casemate'
import { guard, type Rules } from 'casemate/guard'
import coder from '../../policies/coder/index.js'
import type { NamesOf } from '../../src/document/index.js'

const policy = compile(coder)
const member = policy.subject({ id: 'eve', roles: ['member'] })

interface Page {
  owner: string
  readonly [key: string]: unknown
}
interface Store {
  write(page: Page, ...more: unknown[]): Promise<readonly unknown[]>
}
const seen: unknown[][] = []
const store: Store = { write: (...args) => Promise.resolve(args) }
type PageRules = Rules<NamesOf<typeof policy>, Store>

const toObject = (page: Page) => ({ type: 'boundary_log' as const, owner: page.owner })
const later = async (_store: Store, ...args: [Page, ...unknown[]]) => {
  seen.push(args)
  await Promise.resolve()
  return toObject(args[0])
}
const guarded = (rules: PageRules['write']): Store => guard(policy, store, { write: rules }).as(member)
const copying = guarded({ action: 'create', object: later, copyArguments: true })

describe('the arguments of a guarded call', () => {
  it.each<[string, PageRules['write']]>([
    ['one check', { action: 'create', object: later, copyArguments: true }],
    [
      'all of several',
      {
        all: [
          { action: 'create', object: later },
          { action: 'create', object: later }
        ],
        copyArguments: true
      }
    ],
    ['any of several', { any: [{ action: 'create', object: later }], copyArguments: true }]
  ])(
    'are one frozen copy for the rule and the method, where a rule with %s says so',
    async (_what, rules) => {
      seen.length = 0
      const page = { owner: 'eve', tags: ['a'], nested: { deep: [{ n: 1 }] } }
      const writing = guarded(rules).write(page, 'x')
      page.owner = 'ada'
      page.tags.push('b')
      page.nested.deep.length = 0
      const written = await writing
      expect(written).toEqual([{ owner: 'eve', tags: ['a'], nested: { deep: [{ n: 1 }] } }, 'x'])
      for (const args of seen) expect(args).toEqual(written)
      const [copy] = written as [typeof page]
      expect(seen[0]?.[0]).toBe(copy)
      for (const part of [copy, copy.tags, copy.nested, copy.nested.deep, copy.nested.deep[0]])
        expect(Object.isFrozen(part)).toBe(true)
    }
  )

  it('are checked as they were when the call was made', async () => {
    const page = { owner: 'ada' }
    const writing = copying.write(page)
    page.owner = 'eve'
    await expect(writing).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('are written as they were checked where a rule awaits nothing, without a copy', async () => {
    let owner: string | undefined
    const noting = guard(
      policy,
      { write: (page: Page) => ((owner = page.owner), Promise.resolve()) },
      { write: { action: 'create', object: (_store, page) => toObject(page) } }
    ).as(member)
    const page = { owner: 'eve' }
    const writing = noting.write(page)
    page.owner = 'ada'
    await writing
    expect(owner).toBe('eve')
    await expect(noting.write(page)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it("are the caller's own where no rule says otherwise", async () => {
    const page = { owner: 'eve' }
    expect((await guarded({ action: 'create', object: later }).write(page))[0]).toBe(page)
  })

  it('are told to `notFound` as the rule saw them', async () => {
    let told: readonly unknown[] = []
    const hiding = guard(
      policy,
      store,
      { write: { action: 'create', object: later, copyArguments: true, notFound: true } },
      { notFound: (_method, args) => ((told = args), new Error('gone')) }
    ).as(member)
    const page = { owner: 'ada' }
    const writing = hiding.write(page)
    page.owner = 'eve'
    await expect(writing).rejects.toThrow('gone')
    expect(told).toEqual([{ owner: 'ada' }])
  })

  it('are copied with dates, maps, sets, getters, hostile keys and cycles', async () => {
    const date = new Date(0)
    const map = new Map([['k', { v: 1 }]])
    const list = [1, undefined, null, 2n]
    let reads = 0
    const page = {
      get owner() {
        return reads++ === 0 ? 'eve' : 'ada'
      },
      date,
      map,
      set: new Set([map]),
      list,
      bare: Object.assign(Object.create(null) as object, { x: 1 }),
      hostile: JSON.parse('{"__proto__":{"owner":"ada"},"constructor":1}') as object
    }
    const cyclic = Object.assign(page, { self: [page] as unknown[], again: list })
    reads = 0
    const writing = copying.write(cyclic)
    date.setTime(1)
    map.clear()
    list.push(3)
    const [copy] = (await writing) as [typeof cyclic]
    expect(copy.owner).toBe('eve')
    expect(copy.date).toEqual(new Date(0))
    expect(copy.map).toEqual(new Map([['k', { v: 1 }]]))
    expect(Object.isFrozen(copy.map.get('k'))).toBe(true)
    expect([...copy.set]).toEqual([copy.map])
    expect([...copy.set][0]).toBe(copy.map)
    expect(copy.list).toEqual([1, undefined, null, 2n])
    expect(copy.again).toBe(copy.list)
    expect(copy.self[0]).toBe(copy)
    expect(copy.bare).toEqual({ x: 1 })
    expect(Object.getOwnPropertyDescriptor(copy.hostile, '__proto__')?.value).toEqual({ owner: 'ada' })
    expect(Object.getPrototypeOf(copy.hostile)).toBe(Object.prototype)
  })

  class Row {
    readonly #owner = 'eve'
    get owner(): string {
      return this.#owner
    }
  }
  const deep = (levels: number): unknown => {
    let value: unknown = 1
    for (let i = 0; i < levels; i++) value = [value]
    return value
  }
  it.each<[string, unknown, string]>([
    ['a class instance', new Row(), 'write.arguments[1]: expected data, which can be copied, not `{…}`'],
    ['a function', () => 1, 'write.arguments[1]: expected data, which can be copied, not `function`'],
    ['one inside', { a: [new Row()] }, 'write.arguments[1].a[0]: expected data'],
    ['a method', { run: () => 1 }, 'write.arguments[1].run: expected data'],
    ['a symbol as a key', { [Symbol('s')]: 1 }, 'write.arguments[1]: expected data'],
    ['bytes', new Uint8Array(2), 'write.arguments[1]: expected data'],
    [
      'a map with a class instance as a key',
      new Map([[new Row(), 1]]),
      'write.arguments[1].key: expected data'
    ],
    ['one as a value', new Map([[1, new Row()]]), 'write.arguments[1].value: expected data'],
    ['a set with one', new Set([new Row()]), 'write.arguments[1].item: expected data'],
    ['data without an end', deep(100_000), 'expected data of at most 500 levels']
  ])('are refused where %s is to be copied, and the method does not run', async (_what, value, said) => {
    await expect(copying.write({ owner: 'eve' }, value)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(said) as string
    })
    // The method and `arguments` are levels too.
    expect(await copying.write({ owner: 'eve' }, deep(498))).toHaveLength(2)
    await expect(copying.write({ owner: 'eve' }, deep(499))).rejects.toThrow('at most 500 levels')
  })
})
