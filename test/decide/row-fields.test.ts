// Attributes are read twice: from a row for `can`, without allocating, and field by field for everything else. Where the
// first has a result it is the second's, and it has one for whatever a well-formed row gives.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type AttributeDocument, type Policy } from 'casemate'
import { permissionOn } from '../../src/decide/read-fields.js'
import { numberWith } from '../../src/decide/read-row.js'
import { compiledOf } from '../../src/compile/compile.js'

const names = ['state', 'kind', 'hidden', 'size', 'tier']
const texts = ['draft', 'final', 'a']
const values = [...texts, true, false]

const attribute = fc
  .record({
    values: fc.oneof(
      fc.shuffledSubarray(texts, { minLength: 2 }),
      fc.shuffledSubarray([true, false], { minLength: 2 })
    ),
    hasDefault: fc.boolean()
  })
  .map(({ values: own, hasDefault }): AttributeDocument => ({
    values: own,
    ...(hasDefault ? { default: own.at(-1)! } : {})
  }))

/** Three resources of two actions each, which share some names of attributes. */
const policies = fc
  .array(fc.dictionary(fc.constantFrom(...names), attribute, { maxKeys: 3 }), { minLength: 3, maxLength: 3 })
  .map((all) =>
    compile(
      parsePolicy({
        name: 'rows',
        resources: Object.fromEntries(
          all.map((attributes, i) => [`r${i}`, { attributes, actions: { read: '', write: '' } }])
        ),
        roles: {}
      })
    )
  )

/** What rows give: every value that some attribute has, and what no attribute has. */
const given: readonly unknown[] = [undefined, null, ...values, 'none such', 5, Number.NaN, ['draft'], {}]
const rows = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...given))

interface Reading {
  readonly quick: number
  readonly whole: number | undefined
}

function* readings(policy: Policy, row: object): Generator<Reading> {
  const { catalogue } = compiledOf(policy)
  for (const { name, permissions } of catalogue.resources.values())
    for (const first of permissions.slice(0, 2)) {
      const form = catalogue.grid.forms[first.index] ?? 0
      yield {
        quick: numberWith(catalogue.grid.fields, form, first.index, row),
        whole: permissionOn(first, { ...row, type: name })?.index
      }
    }
}

describe('the number of a permission on a row', () => {
  it('is that of the permission on its attributes, and is read again where they are malformed', () => {
    fc.assert(
      fc.property(policies, fc.array(rows, { minLength: 1, maxLength: 20 }), (policy, all) => {
        for (const row of all)
          for (const { quick, whole } of readings(policy, row)) {
            if (whole === undefined) expect(quick).toBeLessThan(0)
            else expect(quick).toBe(whole)
          }
      })
    )
  })

  it('is read again where something wrote an attribute to every object', () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(...names), rows, (policy, name, row) => {
        const declared = [...compiledOf(policy).catalogue.resources.values()].map(({ attributes }) =>
          attributes.some((one) => one.name === name)
        )
        Object.defineProperty(Object.prototype, name, { value: 'draft', configurable: true })
        const quick = [...readings(policy, row)].map((one) => one.quick)
        Reflect.deleteProperty(Object.prototype, name)
        for (const [i, isHad] of declared.entries())
          if (isHad) for (const one of quick.slice(2 * i, 2 * i + 2)) expect(one).toBeLessThan(0)
      })
    )
  })
})
