// Rules with `where`: checked when the guard is made; the condition is the subject's, and what comes back is checked.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { guard } from 'casemate/guard'
import { defineTable, whereFor, type RowFilter } from 'casemate/sql'
import { auditGuard } from 'casemate/testing'

const document = definePolicy({
  name: 'x',
  resources: {
    note: { actions: { read: '' } },
    doc: { acl: true, actions: { read: '', update: '' } }
  },
  roles: {
    member: { kind: 'org', grants: { org: { allow: { note: ['read'], doc: ['read'] } } } }
  }
})
const policy = compile(document)
const notes = defineTable(policy, 'note', { id: 'id', owner: 'owner', org: 'org' })
const docs = defineTable(policy, 'doc', {
  id: 'id',
  owner: null,
  org: 'org',
  acl: { table: 'acl', object: 'doc', list: 'list', grantee: 'grantee', action: 'action' }
})
const ada = policy.subject({ id: 'ada', roles: [{ role: 'member', org: 'o1' }] })
const eve = policy.subject({ id: 'eve', roles: [] })

interface Row {
  readonly id: string
  readonly owner: string | null
  readonly org: string | null
}
const rows: readonly Row[] = [
  { id: 'n1', owner: 'ada', org: 'o1' },
  { id: 'n2', owner: 'ada', org: 'o2' },
  { id: 'n3', owner: null, org: null }
]

interface Store {
  list(where: RowFilter, prefix?: string): Promise<readonly Row[]>
}
const seen: RowFilter[] = []
const store: Store = {
  list: (where, prefix = '') => {
    seen.push(where)
    return Promise.resolve(rows.filter(({ id }) => id.startsWith(prefix)))
  }
}
const rules = { list: { action: 'read', where: notes } } as const
const guarded = guard(policy, store, rules)

describe('a rule with `where`', () => {
  it('hands the method the condition of the subject that calls it', async () => {
    await guarded.as(ada).list()
    await guarded.as(eve).list()
    const [ofAda, ofEve] = seen.slice(-2)
    expect(ofAda?.toPg(2)).toEqual(whereFor(ada, 'read', notes).toPg(2))
    expect(ofEve?.always).toBe(false)
    expect(Object.isFrozen(ofAda)).toBe(true)
  })

  it('passes on the other arguments, and leaves out rows that the subject may not see', async () => {
    expect(await guarded.as(ada).list()).toEqual([rows[0]])
    expect(await guarded.as(ada).list('n2')).toEqual([])
    expect(await guarded.as(eve).list()).toEqual([])
  })

  it('does so inside a transaction', async () => {
    interface Inner extends Store {
      transaction<T>(run: (store: Inner) => Promise<T>): Promise<T>
    }
    const inner: Inner = { ...store, transaction: (run) => run(inner) }
    const all = guard(policy, inner, { ...rules, transaction: 'transaction' })
    expect(await all.as(ada).transaction((one) => one.list('n1'))).toEqual([rows[0]])
    expect(await all.as(eve).transaction((one) => one.list('n1'))).toEqual([])
  })

  it('is audited like any other: somebody sees something, and somebody nothing', async () => {
    const audit = (calls: readonly (typeof ada)[]): Promise<void> =>
      auditGuard(policy, store, rules, { list: calls.map((subject) => (one) => one.as(subject).list('n1')) })
    await expect(audit([ada, eve])).resolves.toBeUndefined()
    await expect(audit([ada])).rejects.toThrow('list: no call was denied')
    await expect(audit([eve])).rejects.toThrow('list: no call was allowed')
  })

  it('passes on a count, and nothing else than lists and counts', async () => {
    const answer = (value: unknown): Promise<unknown> => {
      const one: { list(where: RowFilter): Promise<number> } = {
        list: () => Promise.resolve(value as number)
      }
      return guard(policy, one, rules).as(eve).list()
    }
    expect(await answer(3)).toBe(3)
    expect(await answer(3n)).toBe(3n)
    for (const value of ['3', null, undefined, { rows }, new Set(rows)])
      await expect(answer(value)).rejects.toMatchObject({
        code: 'invalid_guard',
        message: 'list: expected the method to return a list or a count'
      })
  })

  const other = defineTable(compile(document), 'note', { id: 'id', owner: 'owner', org: 'org' })
  const acl = { action: 'read', where: docs, rows: () => ({ type: 'doc' }) }
  it.each([
    [{ action: 'read', where: {} }, 'list.where: expected a table'],
    [{ action: 'read', where: undefined }, 'list.where: expected a table'],
    [{ action: 'read', where: Object.create(notes) as object }, 'list.where: expected a table'],
    [{ action: 'read', where: other }, 'list.where: expected a table'],
    [
      { action: 'raed', where: notes },
      'list.action: no resource has the action `raed`; did you mean `read`?'
    ],
    [{ action: 'update', where: notes }, 'list.action: `note` has no action `update`'],
    [{ where: notes }, 'list.action: expected an action'],
    [{ action: 'read', where: notes, as: '' }, 'list.as: expected a name, not `""`'],
    [{ action: 'read', where: notes, as: 'casemate_x' }, 'list.as: expected a name'],
    [{ action: 'read', where: notes, rows: 'x' }, 'list.rows: expected a function'],
    [{ action: 'read', where: notes, notFound: true }, 'list.notFound: unknown key'],
    [{ action: 'read', where: notes, result: () => ({}) }, 'expected exactly one of'],
    [acl, 'list.as: expected the name by which the statement calls the table']
  ])('is refused when the guard is made: %j', (rule, message) => {
    expect(() => guard(policy, store, { list: rule } as never)).toThrow(message)
    expect(() => guard(policy, store, { list: rule } as never)).toThrow(
      expect.objectContaining({ code: 'invalid_guard' })
    )
  })

  it('takes a table that names others, with the name of the statement and a way to read its rows', () => {
    expect(() => guard(policy, store, { list: { ...acl, as: 'd' } } as never)).not.toThrow()
  })

  it('gives of such a table no list that it cannot check, and counts', async () => {
    const found: { rows: readonly Row[] | number } = { rows: [] }
    const one: { list(where: RowFilter): Promise<unknown> } = { list: () => Promise.resolve(found.rows) }
    const counting = guard(policy, one, { list: { action: 'read', where: docs, as: 'd' } } as never)
    await expect(counting.as(ada).list()).rejects.toMatchObject({
      code: 'invalid_guard',
      message: 'list.rows: expected how a row is read with those of the other tables, not `undefined`'
    })
    found.rows = 2
    expect(await counting.as(ada).list()).toBe(2)
  })
})
