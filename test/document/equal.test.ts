// Two pieces of plain data are written alike exactly where Node's own comparison calls them equal.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWrittenAlike } from '../../src/document/equal.js'
import { runs } from '../support/depth.js'

/** Of few keys and values, so that two that are drawn are often equal. */
const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(0, 1, '0', true, null, undefined),
    fc.array(tie('data'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('0', 'a', 'b', 'toString'), tie('data'), {
      maxKeys: 2,
      noNullPrototype: true
    })
  )
}))

describe('data that is written alike', () => {
  it('is equal data, whatever the order of its keys', () => {
    fc.assert(
      fc.property(data, data, (a, b) => {
        expect(isWrittenAlike(a, b)).toBe(isDeepStrictEqual(a, b))
        expect(isWrittenAlike(a, structuredClone(a))).toBe(true)
      }),
      { numRuns: runs(2_000) }
    )
    expect(isWrittenAlike({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true)
  })

  it.each([
    [[], {}],
    [{ a: undefined }, {}],
    [{ toString: 1 }, { a: 1 }],
    [['a'], { 0: 'a' }],
    [
      [1, 2],
      [2, 1]
    ],
    [null, {}]
  ])('is not %j beside %j', (a, b) => {
    expect(isWrittenAlike(a, b)).toBe(false)
    expect(isWrittenAlike(b, a)).toBe(false)
  })
})
