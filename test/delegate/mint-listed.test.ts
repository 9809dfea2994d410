// A key may name what its maker's lists leave, type by type and id by id, and nothing else.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy } from 'casemate'

const policy = compile(
  parsePolicy({
    name: 'lists',
    resources: { doc: { actions: { read: '', write: '' } }, log: { actions: { read: '' } } },
    roles: { root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } },
    scopes: { docs: { allow: { doc: '*' } }, all: { allow: { '*': '*' } } },
    scopeTemplates: { one: { params: { id: 'required' }, allow: { doc: ['read'] }, allowList: ['doc:{id}'] } }
  })
)

type Ids = readonly string[] | undefined
const lists: readonly Ids[] = [undefined, [], ['a'], ['a', 'b'], ['b'], ['c'], ['*'], ['*', 'a']]
const entriesOf = (ids: Ids): { allowList?: string[] } =>
  ids === undefined ? {} : { allowList: ids.map((id) => `doc:${id}`) }
/** What a list leaves of three ids and of all others. */
const leaves = (ids: Ids): readonly string[] =>
  ids === undefined || ids.includes('*') ? ['a', 'b', 'c', 'others'] : ids

describe.each(lists.map((ids) => [ids]))('who may act on %j', (held) => {
  const maker = policy.subject({ id: 'me', roles: ['root'], scopes: ['docs'], ...entriesOf(held) })

  it.each(lists.map((ids) => [ids]))('makes a key for %j where that is no more', (asked) => {
    const isLess = leaves(asked).every((id) => leaves(held).includes(id))
    expect(maker.canMint({ scopes: ['docs'], ...entriesOf(asked) })).toBe(isLess)
    expect(maker.canMint({ scopes: ['docs'], allowList: ['log:*'] })).toBe(true)
    // What no scope of the key is about its list may name.
    const more = {
      scopes: ['docs' as const],
      allowList: [...(entriesOf(asked).allowList ?? ['doc:*']), 'log:x']
    }
    expect(maker.canMint(more)).toBe(isLess)
  })

  it.each(['a', 'b', 'c'])('makes a key by a template for %s where that is no more', (id) => {
    const scopes = [{ template: 'one', params: { id } } as const]
    expect(maker.canMint({ scopes })).toBe(leaves(held).includes(id))
    for (const other of ['a', 'b', 'c'])
      expect(maker.canMint({ scopes, allowList: [`doc:${other}`] })).toBe(
        other !== id || leaves(held).includes(id)
      )
  })
})
