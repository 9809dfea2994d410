// The words of an error: suggestions, paths, quoted values.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { suggest } from '../../src/problems/suggest.js'
import { formatPath } from '../../src/problems/path.js'
import { quoteValue } from '../../src/problems/quote.js'

describe('suggest', () => {
  const names = ['boundary_log', 'boundary_usage', 'workspace', 'api_key', 'read', 'ssh']

  it.each([
    ['boundary_logs', 'boundary_log'],
    ['boundry_log', 'boundary_log'],
    ['boundaryLog', 'boundary_log'],
    ['WORKSPACE', 'workspace'],
    ['wrokspace', 'workspace'],
    ['rea', 'read'],
    ['raed', 'read'],
    ['shs', 'ssh']
  ])('takes %j for %j', (value, meant) => {
    expect(suggest(value, names)).toBe(meant)
  })

  it.each(['', 'x', 'zz', 'template', 'toString', 'a'.repeat(65), 'workspace'.repeat(20_000)])(
    'has nothing near for %j',
    (value) => {
      expect(suggest(value, names)).toBeUndefined()
    }
  )

  it('prefers the nearer of two, and the first of equals', () => {
    expect(suggest('user_secrt', ['user_sect', 'user_secret'])).toBe('user_sect')
    expect(suggest('user_secre', ['user_sect', 'user_secret'])).toBe('user_secret')
    expect(suggest('cat', ['car', 'bat'])).toBe('car')
    expect(suggest('cat', ['bat', 'car'])).toBe('bat')
  })

  it('takes a swap of neighbours for one edit: `abdc` is nearer to `abcd` than to `abyz`', () => {
    expect(suggest('abdc', ['abyz', 'abcd'])).toBe('abcd')
  })

  it('finds every name again after one typo', () => {
    const words = fc.stringMatching(/^[a-z]{4,12}$/)
    const edits = fc.record({ word: words, at: fc.nat(), kind: fc.constantFrom('drop', 'double', 'swap') })
    fc.assert(
      fc.property(edits, ({ word, at, kind }) => {
        const i = at % (word.length - 1)
        const typo = {
          drop: word.slice(0, i) + word.slice(i + 1),
          double: word.slice(0, i + 1) + word.slice(i),
          swap: word.slice(0, i) + (word[i + 1] ?? '') + (word[i] ?? '') + word.slice(i + 2)
        }[kind]
        expect(suggest(typo, ['###############', word])).toBe(word)
      })
    )
  })
})

describe('the distance between names', () => {
  /** Edits, a swap of neighbours counted as one, as one would write it down. */
  function plainDistance(a: string, b: string): number {
    const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)]
    const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
    for (let i = 1; i <= a.length; i++) {
      rows.push([i])
      for (let j = 1; j <= b.length; j++) {
        const same = a[i - 1] === b[j - 1] ? 0 : 1
        const swapped =
          a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY
        rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same, swapped))
      }
    }
    return at(a.length, b.length)
  }

  it('decides which of many is suggested, up to four edits and two fifths of the longer name', () => {
    const name = fc.stringMatching(/^[abc]{1,14}$/)
    fc.assert(
      fc.property(name, fc.array(name, { minLength: 1, maxLength: 6 }), (value, candidates) => {
        const near = candidates
          .map((candidate) => ({ candidate, distance: plainDistance(value, candidate) }))
          .filter(
            ({ candidate, distance }) =>
              distance <= Math.min(4, Math.floor(Math.max(value.length, candidate.length) * 0.4))
          )
        const least = Math.min(...near.map(({ distance }) => distance))
        expect(suggest(value, candidates)).toBe(near.find(({ distance }) => distance === least)?.candidate)
      })
    )
  })
})

describe('formatPath', () => {
  it('joins keys by dots and puts positions in brackets', () => {
    expect(formatPath(['roles', 'owner', 'variants', 0, 'grants'])).toBe('roles.owner.variants[0].grants')
    expect(formatPath([2, 'name'])).toBe('[2].name')
    expect(formatPath([])).toBe('')
  })

  it('leaves word characters, `$`, `*` and `-` and quotes all else', () => {
    expect(formatPath(['$schema'])).toBe('$schema')
    expect(formatPath(['allow', '*'])).toBe('allow.*')
    expect(formatPath(['roles', 'template-admin'])).toBe('roles.template-admin')
    expect(formatPath(['scopes', 'coder:all', 'allow'])).toBe('scopes["coder:all"].allow')
    expect(formatPath(['scopes', 'a.b'])).toBe('scopes["a.b"]')
    expect(formatPath(['scopes', 'say "x"'])).toBe('scopes["say \\"x\\""]')
    expect(formatPath(['roles', ''])).toBe('roles[""]')
    expect(formatPath(['roles', 'rôle'])).toBe('roles["rôle"]')
  })

  it('never breaks a line and never grows without bound', () => {
    expect(formatPath(['a\nb\u202e'])).toBe('["a\\u000ab\\u202e"]')
    expect(formatPath(['x'.repeat(500_000)])).toBe(`${'x'.repeat(120)}…`)
    expect(formatPath([' '.repeat(500_000)])).toBe(`["${' '.repeat(120)}…"]`)
  })
})

describe('quoteValue', () => {
  it.each<[string, unknown]>([
    ['`boundary_logs`', 'boundary_logs'],
    ['`two words`', 'two words'],
    ['`""`', ''],
    ['`" x"`', ' x'],
    ['`"true"`', 'true'],
    ['`"7"`', '7'],
    ['`"null"`', 'null'],
    ['`true`', true],
    ['`7`', 7],
    ['`NaN`', Number.NaN],
    ['`null`', null],
    ['`undefined`', undefined],
    ['`10n`', 10n],
    ['`Symbol(s)`', Symbol('s')],
    ['`[…]`', [1, 2]],
    ['`{…}`', { a: 1 }],
    ['`function`', () => 1],
    ['`a\\u0060b`', 'a`b'],
    ['`a\\u0000b\\u2028c\\u{e0001}`', 'a\u0000b\u2028c\u{e0001}'],
    ['`\\ud800`', '\ud800'],
    [`\`${'x'.repeat(80)}…\``, 'x'.repeat(1_000_000)]
  ])('shows %s', (shown, value) => {
    expect(quoteValue(value)).toBe(shown)
  })

  it('asks an object nothing: no getter, no toJSON, no toString runs', () => {
    const trap = new Proxy({}, { get: () => expect.fail('was asked') })
    expect(quoteValue(trap)).toBe('`{…}`')
  })
})
