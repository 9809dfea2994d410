// What is heard of lists: the first row of each outcome, whether the method or its condition found them, and that nothing
// was found.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, type ObjectRef } from 'casemate'
import { guard } from 'casemate/guard'
import { defineTable, type RowFilter } from 'casemate/sql'

const policy = compile(
  definePolicy({
    name: 'x',
    resources: { note: { actions: { read: '' } } },
    roles: { member: { kind: 'org', grants: { org: { allow: { note: ['read'] } } } } }
  })
)
const notes = defineTable(policy, 'note', { id: 'id', owner: 'owner', org: 'org' })
const ada = policy.subject({ id: 'ada', roles: [{ role: 'member', org: 'o1' }] })
const row = (id: string, org: string): { id: string; owner: null; org: string } => ({ id, owner: null, org })

const lists = {
  none: [],
  kept: [row('n1', 'o1'), row('n2', 'o1')],
  refused: [row('n1', 'o2'), row('n2', 'o2')],
  refusedFirst: [row('n1', 'o2'), row('n2', 'o1'), row('n3', 'o2'), row('n4', 'o1')],
  keptFirst: [row('n1', 'o1'), row('n2', 'o2'), row('n3', 'o1')]
} as const
type Name = keyof typeof lists

const store = {
  rows: (name: Name) => Promise.resolve(lists[name]),
  where: (_: RowFilter, name: Name) => Promise.resolve(lists[name]),
  count: (_: RowFilter, found: number | bigint) => Promise.resolve(found)
}
type Row = (typeof lists.kept)[number]
const toObject = ({ id, org }: Row): ObjectRef => ({ type: 'note', id, org })
const rules = {
  rows: { action: 'read', rows: toObject },
  where: { action: 'read', where: notes, as: 'n' },
  count: { action: 'read', where: notes }
} as const

interface Heard {
  readonly outcome: string
  readonly permission: string
  readonly id?: string | null | undefined
}

async function heardOf(call: (guarded: never) => Promise<unknown>): Promise<readonly Heard[]> {
  const heard: Heard[] = []
  const guarded = guard(policy, store, rules as never, {
    watch: (
      _method: string,
      outcome: string,
      { permission, object }: { permission: string; object?: ObjectRef }
    ) => {
      heard.push({ outcome, permission, ...(object === undefined ? {} : { id: object.id }) })
    }
  })
  await call(guarded.as(ada) as never)
  return heard
}

const allowed = (id: string): Heard => ({ outcome: 'allowed', permission: 'note:read', id })
const denied = (id: string): Heard => ({ outcome: 'denied', permission: 'note:read', id })

describe.each(['rows', 'where'] as const)('of the rows of a rule with `%s`', (method) => {
  it.each([
    ['kept', [allowed('n1')]],
    ['refused', [denied('n1')]],
    ['refusedFirst', [allowed('n2'), denied('n1')]],
    ['keptFirst', [allowed('n1'), denied('n2')]]
  ] as const)('%s', async (name, expected) => {
    const heard = await heardOf((guarded: Record<string, (name: Name) => Promise<unknown>>) =>
      guarded[method]!(name)
    )
    expect(heard).toEqual(expected)
  })
})

describe('where nothing is found', () => {
  it('a method of its own says nothing, and a condition refused what there was', async () => {
    const ask = (method: string): Promise<readonly Heard[]> =>
      heardOf((guarded: Record<string, (name: Name) => Promise<unknown>>) => guarded[method]!('none'))
    expect(await ask('rows')).toEqual([])
    expect(await ask('where')).toEqual([{ outcome: 'denied', permission: 'note:read' }])
  })

  it.each([
    [0, 'denied'],
    [0n, 'denied'],
    [3, 'allowed'],
    [3n, 'allowed']
  ] as const)('a count of %d is heard as %s', async (count, outcome) => {
    const heard = await heardOf((guarded: { count(found: number | bigint): Promise<unknown> }) =>
      guarded.count(count)
    )
    expect(heard).toEqual([{ outcome, permission: 'note:read' }])
  })
})

describe('the name by which a statement calls the table', () => {
  it('is that of the rule', async () => {
    const texts: string[] = []
    const listing = {
      list: (where: RowFilter) => {
        texts.push(where.toPg().text)
        return Promise.resolve([])
      }
    }
    for (const as of ['doc', undefined])
      await guard(policy, listing, { list: { action: 'read', where: notes, ...(as && { as }) } } as const)
        .as(ada)
        .list()
    expect(texts[0]).toContain('doc.org')
    expect(texts[1]).not.toContain('doc.')
  })
})
