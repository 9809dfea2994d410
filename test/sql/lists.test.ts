// Lists of ids, as PostgreSQL reads them: those that a column can hold, each by itself, whatever stands beside it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listOf } from '../../src/sql/dialect/postgres-columns.js'
import { isStorable } from '../../src/sql/storable.js'

const one = '00000000-0000-4000-8000-00000000000a'
const id = fc.oneof(
  fc.constantFrom(one, one.toUpperCase(), `${one},${one}`, `${one},`, `,${one}`, '', ',', '1', '-2', '01'),
  fc.constantFrom('a"b', 'c\\', '\0', '\ud83d', '\ude00', '\ud83d\ude00', 'null', '{}', one.slice(1)),
  fc.uuid(),
  fc.string({ unit: 'binary' })
)
/** UUIDs alone, and what is nearly a list of them. */
const near = fc.constantFrom(one, `${one},${one}`, `${one},`, '')
const ids = fc.oneof(fc.array(id, { maxLength: 6 }), fc.array(near, { maxLength: 4 }))

describe('a list of ids', () => {
  it.each(['uuid', 'int8', 'text', 'cast'] as const)('of %s has those that the column can hold', (kind) => {
    const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
    fc.assert(
      fc.property(ids, (some) => {
        const held = some.filter((text) => isStorable(text, kind))
        // UUIDs alone are written alike for columns of every kind.
        const areUuids = some.length > 0 && some.every((text) => isStorable(text, 'uuid'))
        const isPlain = kind === 'uuid' || kind === 'int8' || areUuids
        const expected = `{${(isPlain ? held : held.map(quoted)).join(',')}}`
        expect(listOf(0, kind).value(Object.freeze(some))).toBe(expected)
      })
    )
  })

  it('has a UUID exactly if each of its characters is one of a UUID', () => {
    const characters = [
      ...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)),
      '\u0130',
      '😀'
    ]
    const differing = Array.from({ length: one.length }, (_, at) =>
      characters
        .map((character) => one.slice(0, at) + character + one.slice(at + 1))
        .filter((id) => {
          const held = isStorable(id, 'uuid') ? [one, id, one] : [one, one]
          return listOf(0, 'uuid').value([one, id, one]) !== `{${held.join(',')}}`
        })
    )
    expect(differing.flat()).toEqual([])
  })

  it('is as long as it has to be', () => {
    const many = Array.from({ length: 2500 }, (_, n) => one.slice(0, -4) + String(1000 + n))
    const withOdd = many.toSpliced(1500, 1, `${one},${one}`, 'x')
    const { value } = listOf(0, 'uuid')
    expect(value(many)).toBe(`{${many.join(',')}}`)
    expect(value(withOdd)).toBe(`{${many.toSpliced(1500, 1).join(',')}}`)
  })
})
