// What does not compile: a method without a rule, a rule without a method, and a transaction that would hand out more
// than its guarded store.
import { describe, expectTypeOf, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { guard, type Guarded, type MethodOf, type Rules } from 'casemate/guard'
import { defineTable, type RowFilter, type SqlCondition } from 'casemate/sql'
import coder from '../../policies/coder/index.js'
import type { NamesOf } from '../../src/document/index.js'

const policy = compile(coder)
type CoderNames = NamesOf<typeof policy>

class Shelf {
  readonly title: string = 'logs'
  count(owner: string): number {
    return this.ownedBy(owner).length
  }
  find?(index: number): Promise<string | undefined>
  *each(): Generator<string> {
    yield this.title
  }
  transaction<T>(run: (store: Shelf) => Promise<T>, level?: 'strict'): Promise<T> {
    return level === undefined ? run(this) : run(new Shelf())
  }
  get size(): number {
    return 0
  }
  private ownedBy(owner: string): readonly string[] {
    return [owner]
  }
}

const rules = {
  count: 'public',
  find: { action: 'read', result: (owner: string) => ({ type: 'workspace' as const, owner }) },
  each: 'public',
  transaction: 'transaction'
} as const
const helpers = { size: 'hidden', ownedBy: 'hidden' } as const

describe('the methods of a store', () => {
  it('are all of its functions that can be seen', () => {
    expectTypeOf<MethodOf<Shelf>>().toEqualTypeOf<'count' | 'find' | 'each' | 'transaction'>()
  })

  it('answer through a promise when they are guarded', () => {
    type Store = Guarded<Shelf>
    expectTypeOf<keyof Store>().toEqualTypeOf<'count' | 'find' | 'each' | 'transaction'>()
    expectTypeOf<Store['count']>().toEqualTypeOf<(owner: string) => Promise<number>>()
    expectTypeOf<Store['find']>().toEqualTypeOf<
      ((index: number) => Promise<string | undefined>) | undefined
    >()
    expectTypeOf<ReturnType<Store['each']>>().toEqualTypeOf<Promise<Generator<string>>>()
  })

  it('are guarded in a transaction too, whose answer is that of its callback', () => {
    const run = (store: Guarded<Shelf>): Promise<number> =>
      store.transaction(async (inner) => {
        expectTypeOf(inner).toEqualTypeOf<Guarded<Shelf>>()
        const counted = inner.count('ada')
        expectTypeOf(counted).toEqualTypeOf<Promise<number>>()
        return counted
      }, 'strict')
    expectTypeOf(run).returns.resolves.toEqualTypeOf<number>()
  })
})

describe('the rules of a store', () => {
  const shelf = new Shelf()

  it('are one for each method, and `hidden` for what is none', () => {
    expectTypeOf({ ...rules, ...helpers }).toExtend<Rules<CoderNames, Shelf, 'size' | 'ownedBy'>>()
    expectTypeOf(() => guard(policy, shelf, { ...rules, ...helpers })).toBeFunction()
    // An optional method may be missing, and its rule then is; it is never forgotten.
    expectTypeOf({ ...rules, find: undefined }).toExtend<Rules<CoderNames, Shelf>>()
    const withoutFind = { count: rules.count, each: rules.each, transaction: rules.transaction }
    expectTypeOf(withoutFind).not.toExtend<Rules<CoderNames, Shelf>>()
    expectTypeOf({ ...rules, count: undefined }).not.toExtend<Rules<CoderNames, Shelf>>()
    expectTypeOf(() =>
      guard(policy, shelf, {
        count: { action: 'read', object: (_shelf, owner) => ({ type: 'workspace', owner }) },
        find: undefined,
        each: 'public',
        transaction: 'transaction',
        size: 'hidden',
        ownedBy: 'hidden'
      })
    ).toBeFunction()
    // @ts-expect-error -- a method without a rule
    expectTypeOf(() => guard(policy, shelf, { ...withoutFind, ...helpers })).toBeFunction()
    // @ts-expect-error -- a rule without a method that is not `hidden`
    expectTypeOf(() => guard(policy, shelf, { ...rules, ...helpers, cuont: 'public' })).toBeFunction()
    // @ts-expect-error -- a method that can be seen is not hidden
    expectTypeOf(() => guard(policy, shelf, { ...rules, ...helpers, count: 'hidden' })).toBeFunction()
    // @ts-expect-error -- a transaction that is public would hand out the store itself
    expectTypeOf(() => guard(policy, shelf, { ...rules, ...helpers, transaction: 'public' })).toBeFunction()
  })

  it('take for a transaction only what hands its callback a store, and gives back what that gave', () => {
    interface Leaking {
      raw<T>(run: (store: Leaking, connection: object) => Promise<T>): Promise<T>
      maybe<T>(run: (store: Leaking, connection?: object) => Promise<T>): Promise<T>
      chained(run: (store: Leaking) => Promise<void>): Promise<Leaking>
      each(run: (row: unknown) => Promise<void>): Promise<void>
    }
    type LeakingRules = Rules<CoderNames, Leaking>
    expectTypeOf<'transaction'>().not.toExtend<LeakingRules[keyof LeakingRules]>()
    interface Sound {
      settled(run: (store: Sound) => Promise<void>): Promise<void>
    }
    expectTypeOf<Rules<CoderNames, Sound>['settled']>().toEqualTypeOf<'transaction'>()
  })
})

describe('a method that takes a condition first', () => {
  const tables = compile(
    definePolicy({
      name: 'x',
      resources: { note: { actions: { read: '' } }, log: { actions: { list: '' } } },
      roles: {}
    })
  )
  const notes = defineTable(tables, 'note', { id: 'id', owner: null, org: null })
  interface Row {
    readonly id: string
  }
  interface Store {
    page(where: RowFilter, size: number): Promise<Row[]>
    count(where: SqlCondition): number
    maybe(where?: RowFilter): Promise<Row[]>
    anything(where: unknown): Promise<Row[]>
    single(where: RowFilter): Promise<Row>
  }
  type StoreRules = Rules<NamesOf<typeof tables>, Store>

  it('loses it when it is guarded', () => {
    expectTypeOf<Guarded<Store>['page']>().toEqualTypeOf<(size: number) => Promise<Row[]>>()
    expectTypeOf<Guarded<Store>['count']>().toEqualTypeOf<() => Promise<number>>()
    expectTypeOf<Guarded<Store>['anything']>().toEqualTypeOf<Store['anything']>()
  })

  it('has a rule with `where`, and no other', () => {
    const where = { action: 'read', where: notes } as const
    expectTypeOf(where).toExtend<StoreRules['page']>()
    expectTypeOf(where).toExtend<StoreRules['count']>()
    expectTypeOf<'public'>().not.toExtend<StoreRules['page']>()
    expectTypeOf<{ action: 'list'; where: typeof notes }>().not.toExtend<StoreRules['page']>()
    expectTypeOf({ action: 'read', rows: () => ({ type: 'note' }) } as const).not.toExtend<
      StoreRules['page']
    >()
    expectTypeOf<StoreRules['single']>().toEqualTypeOf<never>()
  })

  it('is one that has to get it', () => {
    expectTypeOf({ action: 'read', where: notes } as const).not.toExtend<StoreRules['maybe']>()
    expectTypeOf({ action: 'read', where: notes } as const).not.toExtend<StoreRules['anything']>()
    expectTypeOf<'public'>().toExtend<StoreRules['anything']>()
  })
})

describe('a rule that hides what is unreadable', () => {
  const files = compile(
    definePolicy({
      name: 'x',
      resources: {
        file: { actions: { read: '', update: '' } },
        mail: { actions: { view: '', update: '' } }
      },
      roles: {}
    })
  )
  interface Store {
    touch(id: string): Promise<{ readonly id: string } | undefined>
  }
  type Touch = Rules<NamesOf<typeof files>, Store>['touch']
  type OfFile = () => { readonly type: 'file' } | undefined
  type OfMail = () => { readonly type: 'mail' } | undefined
  type OfResult = () => { readonly type: 'mail' }

  it('needs an action `read` of its resource, or names another that it has', () => {
    expectTypeOf<{ action: 'update'; object: OfFile; notFound: 'unreadable' }>().toExtend<Touch>()
    expectTypeOf<{ action: 'update'; object: OfMail; notFound: 'unreadable' }>().not.toExtend<Touch>()
    expectTypeOf<{
      action: 'update'
      object: OfMail
      notFound: { unreadable: 'view' }
    }>().toExtend<Touch>()
    expectTypeOf<{
      action: 'update'
      object: OfMail
      notFound: { unreadable: 'read' }
    }>().not.toExtend<Touch>()
    expectTypeOf<{
      action: 'update'
      object: OfFile
      notFound: { unreadable: 'update' }
    }>().toExtend<Touch>()
    expectTypeOf<{ action: 'update'; result: OfResult; notFound: 'unreadable' }>().not.toExtend<Touch>()
    expectTypeOf<{
      action: 'update'
      result: OfResult
      notFound: { unreadable: 'view' }
    }>().toExtend<Touch>()
  })

  it('may have no object, and one that answers refusals as they are may not', () => {
    expectTypeOf<{ action: 'update'; object: OfFile; notFound: true }>().toExtend<Touch>()
    expectTypeOf<{ action: 'update'; object: OfFile; notFound: false }>().not.toExtend<Touch>()
    expectTypeOf<{ action: 'update'; object: OfFile }>().not.toExtend<Touch>()
  })

  it('is written in place, its arguments inferred, for one object and for several', () => {
    const store: Store = { touch: () => Promise.resolve(undefined) }
    const both = { action: 'update', object: (): ReturnType<OfMail> => ({ type: 'mail' }) } as const
    expectTypeOf(() =>
      guard(files, store, {
        touch: { action: 'update', object: (_store, id) => ({ type: 'file', id }), notFound: 'unreadable' }
      })
    ).toBeFunction()
    expectTypeOf(() =>
      guard(files, store, {
        touch: {
          all: [
            { action: 'update', object: (_store, id) => ({ type: 'file', id }) },
            { action: 'read', object: (_store, id) => ({ type: 'file', id }) }
          ],
          notFound: 'unreadable'
        }
      })
    ).toBeFunction()
    expectTypeOf(() =>
      // @ts-expect-error -- mails have no action `read`
      guard(files, store, { touch: { all: [both], notFound: 'unreadable' } })
    ).toBeFunction()
    expectTypeOf(() =>
      guard(files, store, { touch: { any: [both], notFound: { unreadable: 'view' } } })
    ).toBeFunction()
    expectTypeOf(() =>
      // @ts-expect-error -- no resource has this action
      guard(files, store, { touch: { any: [both], notFound: { unreadable: 'open' } } })
    ).toBeFunction()
  })
})
