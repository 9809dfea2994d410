// What a role votes under the values that can be told apart is what it votes when it is compiled under them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listRoles } from '../../src/compile/role-index.js'
import { compileRole } from '../../src/compile/roles.js'
import { combinations, type Values } from '../../src/verify/space/settings.js'
import { LayeredRole, narrowOptions } from '../../src/verify/space/told-apart.js'
import { rolled, rollWorld, rollWorldV2, worldTape, worldTapeV2 } from '../arbitraries/index.js'
import { compiledOf } from '../../src/compile/compile.js'
import { votesUnder } from '../../src/verify/space/votes-under.js'
import { policyOf } from '../support/engine.js'
import { spread } from './space/spread.js'
import { floor, runs } from '../support/depth.js'

describe('the votes of a role under every combination of values', () => {
  it.each([
    ['what there was first', worldTape, rollWorld, 60],
    ['containers, attributes and the rest', worldTapeV2, rollWorldV2, 60]
  ] as const)(
    'are those of its compiled form, permission by permission, with %s',
    (_, tape, roll, numRuns) => {
      let variants = 0
      let applied = 0
      fc.assert(
        fc.property(rolled(tape, roll), (world) => {
          const compiled = compiledOf(policyOf(world))
          const { context, options } = compiled
          const deployment = new Map(Object.entries(world.document.options ?? {}))
          for (const role of listRoles(compiled.roles)) {
            const layered = new LayeredRole(role.name, role.document, ['roles', role.name], context.shipped)
            variants += role.document.variants?.length ?? 0
            const tables = new Map<string, Uint8Array>()
            const tableUnder = (values: Values): Uint8Array => {
              const key = JSON.stringify(values)
              const given = new Map([...options, ...Object.entries(values)])
              const made = compileRole(role.name, role.document, [], { ...context, options: given })
              const settings = made.reads.map(
                (name) => given.get(name) ?? context.orgOptions.get(name)?.values[0] ?? ''
              )
              const table = tables.get(key) ?? made.under(settings).table
              tables.set(key, table)
              return table
            }
            for (const permission of spread(compiled.catalogue.permissions, 40)) {
              const layers = layered.about(permission)
              const narrowed = new Map([
                ...narrowOptions(deployment, layers.asked),
                ...narrowOptions(context.orgOptions, layers.asked)
              ])
              const every = combinations(narrowed.keys(), narrowed)
              const expected = every.map((values) => tableUnder(values)[permission.index])
              if (new Set(expected).size > 1) applied++
              expect(votesUnder(layers, narrowed)).toEqual(expected)
            }
          }
        }),
        { numRuns: runs(numRuns), endOnFailure: true }
      )
      expect(variants).toBeGreaterThan(floor(20))
      expect(applied).toBeGreaterThan(floor(20))
    }
  )
})
