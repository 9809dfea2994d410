// A persistent map of very many keys, so that its nodes are full: what is set or removed is one key.
import { expect, it } from 'vitest'
import { entriesOf, getIn, removeIn, setIn, type PersistentMap } from '../../src/compile/persistent-map.js'

const keys = Array.from({ length: 3_000 }, (_, i) => `role-${i}`)

it('loses the key that is removed and no other, from the first to the last', () => {
  let map = keys.reduce<PersistentMap<number>>((made, key, i) => setIn(made, key, i), undefined)
  const whole = map
  for (const [i, key] of keys.entries()) {
    map = removeIn(map, key)
    expect(getIn(map, key)).toBeUndefined()
    const next = i + 1 < keys.length ? i + 1 : undefined
    for (const other of [next, keys.length - 1].filter((one) => one !== undefined && one > i))
      expect(getIn(map, keys[other!]!)).toBe(other)
    if (i % 500 === 0) expect([...entriesOf(map)]).toHaveLength(keys.length - i - 1)
  }
  expect(map).toBeUndefined()
  expect([...entriesOf(whole)]).toHaveLength(keys.length)
})
