// What compiled forms are kept in: maps whose keys' hashes meet, and a file's checksum.
import { describe, expect, it } from 'vitest'
import { checksumOf } from '../../src/compile/compiled-file.js'
import { entriesOf, getIn, setIn, type PersistentMap } from '../../src/compile/persistent-map.js'

/** The hash that the map is made with. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
const mapOf = (keys: readonly string[]): PersistentMap<string> =>
  keys.reduce<PersistentMap<string>>((map, key) => setIn(map, key, `value of ${key}`), undefined)

describe('a persistent map', () => {
  // Two pairs whose whole hashes are the same.
  const pairs = [
    ['costarring', 'liquid'],
    ['declinate', 'macallums']
  ] as const

  it('keeps keys apart whose hashes are the same', () => {
    for (const [one, other] of pairs) {
      expect(hashOf(one)).toBe(hashOf(other))
      const map = setIn(setIn(setIn<number>(undefined, one, 1), 'third', 3), other, 2)
      expect([one, other, 'third'].map((key) => getIn(map, key))).toEqual([1, 2, 3])
      const changed = setIn(map, one, 7)
      expect([one, other, 'third'].map((key) => getIn(changed, key))).toEqual([7, 2, 3])
      expect(getIn(map, one)).toBe(1)
      expect(new Map(entriesOf(changed))).toEqual(
        new Map([
          [one, 7],
          [other, 2],
          ['third', 3]
        ])
      )
    }
  })

  it('knows no key whose hash alone it has', () => {
    for (const [one, other] of pairs) {
      expect(getIn(mapOf([one]), other)).toBeUndefined()
      expect(getIn(mapOf([other, 'a', 'b']), one)).toBeUndefined()
    }
  })

  it('knows what was set last, among thousands, and nothing else', () => {
    const keys = Array.from({ length: 3000 }, (_, i) => `role ${i}`)
    const map = mapOf(keys)
    for (const key of keys) expect(getIn(map, key)).toBe(`value of ${key}`)
    expect(getIn(map, 'role 3000')).toBeUndefined()
    expect([...entriesOf(map)]).toHaveLength(3000)
    expect([...entriesOf(setIn(map, 'role 7', 'other'))]).toHaveLength(3000)
    expect(getIn(map, 'role 7')).toBe('value of role 7')
    expect([...entriesOf(undefined)]).toEqual([])
  })
})

describe('the checksum of a compiled file', () => {
  it('is the same on every machine and in every version of this format', () => {
    expect(checksumOf('')).toBe('01000193811c9dc5')
    expect(checksumOf('a')).toBe('efafc426e40c292c')
    expect(checksumOf('{"name":"café","n":1}')).toBe('e3a44568c2658f52')
  })

  it('differs where one character does, or two change places', () => {
    for (const text of ['abd', 'acb', 'ab', 'abcd', 'Abc'])
      expect(checksumOf(text)).not.toBe(checksumOf('abc'))
  })
})
