// What is remembered is bounded: a cache of so many values never holds more, and gives what was stored last.
import { expect, it } from 'vitest'
import { Remembered } from '../../src/compile/remembered.js'

it('forgets everything when it is full, and holds what came since', () => {
  const cache = new Remembered<number>(3)
  const held = (): (number | undefined)[] => ['a', 'b', 'c', 'd'].map((key) => cache.get(key))
  expect([cache.add('a', 1), cache.add('b', 2), cache.add('c', 3)]).toEqual([1, 2, 3])
  expect(held()).toEqual([1, 2, 3, undefined])
  expect(cache.add('d', 4)).toBe(4)
  expect(held()).toEqual([undefined, undefined, undefined, 4])
  cache.clear()
  expect(held()).toEqual([undefined, undefined, undefined, undefined])
})
