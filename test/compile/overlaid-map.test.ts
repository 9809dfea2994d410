// A map with some values changed is as a copy of it with the same changes.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OverlaidMap } from '../../src/compile/overlaid-map.js'

const names: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor')
const entries = fc.array(
  fc.tuple(
    names,
    fc.nat().map((number) => ({ number }))
  )
)

it('reads as a copy of the map with the same changes', () => {
  fc.assert(
    fc.property(entries, entries, (all, some) => {
      const below = new Map(all)
      const changes = new Map(some.filter(([name]) => below.has(name)))
      const overlaid = new OverlaidMap(below, changes)
      const copied = new Map([...below, ...changes])
      expect([...overlaid]).toEqual([...copied])
      expect([...overlaid.entries()]).toEqual([...copied])
      expect([...overlaid.keys()]).toEqual([...copied.keys()])
      expect([...overlaid.values()]).toEqual([...copied.values()])
      expect(overlaid.size).toBe(copied.size)
      const visited: unknown[] = []
      overlaid.forEach((value, key) => visited.push([key, value]))
      expect(visited).toEqual([...copied])
      for (const name of ['a', 'b', 'c', '__proto__', 'constructor', 'd'])
        expect([overlaid.has(name), overlaid.get(name)]).toEqual([copied.has(name), copied.get(name)])
    })
  )
})

it('tells its changes from the map that it was made from, and from no other', () => {
  const below = new Map([['a', { number: 1 }]])
  const overlaid = new OverlaidMap(below, new Map([['a', { number: 2 }]]))
  expect(OverlaidMap.changesIn(overlaid, below)).toEqual(new Map([['a', { number: 2 }]]))
  expect(OverlaidMap.changesIn(below, below)).toEqual(new Map())
  expect(OverlaidMap.changesIn(overlaid, new Map(below))).toBeUndefined()
})
