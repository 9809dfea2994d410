// What compiled forms are kept in: maps whose keys' hashes meet, unions of tables, and a file's checksum.
import { describe, expect, it } from 'vitest'
import { checksumOf } from '../../src/compile/compiled-file.js'
import { entriesOf, getIn, setIn, type PersistentMap } from '../../src/compile/persistent-map.js'
import { createUnions, type Tabled, type Union } from '../../src/compile/tables.js'

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

describe('a union of tables', () => {
  /** A member with one byte of its own, which counts how often it is asked for its bits. */
  const memberAt = (place: number, size: number): Tabled & { asked: number } => ({
    asked: 0,
    get table() {
      const table = new Uint8Array(size)
      this.addTo(table)
      return table
    },
    addTo(table) {
      this.asked++
      table[place] = (table[place] ?? 0) | 1
    }
  })
  const members = Array.from({ length: 70 }, (_, place) => memberAt(place, 70))
  const first = (count: number): Tabled[] => members.slice(0, count)
  const bits = ({ table }: Union<Tabled>): number => table.reduce((sum, byte) => sum + byte, 0)

  it('has the bits of its members, each once and in the order given', () => {
    const { empty, unite } = createUnions(70)
    const [a, b] = [memberAt(0, 70), memberAt(1, 70)] as const
    const both = unite(unite(empty, b), a)
    expect(both.members).toEqual([b, a])
    expect([...both.table.slice(0, 3)]).toEqual([1, 1, 0])
    expect(unite(both, b)).toBe(both)
    expect(unite(both, a)).toBe(both)
    expect([empty.members, bits(empty)]).toEqual([[], 0])
  })

  it('is the same one for the same members in the same order, up to 64 of them', () => {
    for (const way of ['unite', 'gather'] as const) {
      const unions = createUnions(70)
      const made = (count: number): Union<Tabled> => first(count).reduce(unions[way], unions.empty)
      expect(made(64)).toBe(made(64))
      expect(made(65)).not.toBe(made(65))
      expect(made(70).members).toEqual(members)
      expect([64, 65, 70].map((count) => bits(made(count)))).toEqual([64, 65, 70])
    }
  })

  it('of more members grows in place, leaves what it grew from, and has each member once', () => {
    const { empty, gather } = createUnions(70)
    const many = first(64).reduce(gather, empty)
    const [one, other] = [memberAt(64, 70), memberAt(65, 70)] as const
    const more = gather(many, one)
    expect(gather(more, other)).toBe(more)
    const before = one.asked
    expect(gather(gather(more, one), members[0] as Tabled)).toBe(more)
    expect(one.asked).toBe(before)
    expect(more.members).toEqual([...first(64), one, other])
    expect([bits(more), bits(many), many.members.length]).toEqual([66, 64, 64])
  })

  it('is forgotten with all others above 32 MiB of them, and made again as it was', () => {
    const size = 8 * 1024 * 1024
    const { empty, unite, anew } = createUnions(size)
    const made = (place: number): Tabled => memberAt(place, size)
    const [a, b, c, d, e] = [made(0), made(1), made(2), made(3), made(4)] as const
    const united = unite(empty, a)
    const both = unite(united, b)
    unite(both, b)
    for (const member of [c, d]) unite(empty, member)
    expect(unite(empty, a) === united && unite(united, b) === both).toBe(true)
    unite(empty, e)
    expect(unite(united, b) === both).toBe(false)
    const again = unite(empty, a)
    expect(again === united).toBe(false)
    expect([again.members.length, again.members[0] === a, ...again.table.slice(0, 2)]).toEqual([
      1,
      true,
      1,
      0
    ])
    expect(unite(empty, a) === again).toBe(true)
    expect(anew().empty === empty).toBe(false)
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
