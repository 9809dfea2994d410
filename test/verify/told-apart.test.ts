// What a role votes under the values that can be told apart is what it votes when it is compiled under them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from 'casemate'
import { listRoles } from '../../src/compile/role-index.js'
import { compileRole } from '../../src/compile/roles.js'
import { combinations } from '../../src/verify/space/settings.js'
import { LayeredRole, narrowOptions } from '../../src/verify/space/told-apart.js'
import { rolled, rollWorld, worldTape } from '../arbitraries/index.js'
import { compiledOf } from '../../src/compile/compile.js'
import { votesUnder } from '../../src/verify/space/votes-under.js'

describe('the votes of a role under every combination of values', () => {
  it('are those of its compiled form, permission by permission', () => {
    let variants = 0
    let applied = 0
    fc.assert(
      fc.property(rolled(worldTape, rollWorld), ({ document, options }) => {
        const compiled = compiledOf(compile(document, { options }))
        const deployment = new Map(Object.entries(document.options ?? {}))
        for (const role of listRoles(compiled.roles)) {
          const layered = new LayeredRole(role.name, role.document, ['roles', role.name])
          variants += role.document.variants?.length ?? 0
          for (const permission of compiled.catalogue.permissions) {
            const layers = layered.about(permission)
            const narrowed = new Map([
              ...narrowOptions(deployment, layers.asked),
              ...narrowOptions(compiled.context.orgOptions, layers.asked)
            ])
            const every = combinations(narrowed.keys(), narrowed)
            const expected = every.map((values) => {
              const given = new Map([...compiled.options, ...Object.entries(values)])
              const context = { ...compiled.context, options: given }
              const made = compileRole(role.name, role.document, [], context)
              const settings = made.reads.map(
                (name) => given.get(name) ?? compiled.context.orgOptions.get(name)?.values[0] ?? ''
              )
              return made.under(settings).table[permission.index]
            })
            if (new Set(expected).size > 1) applied++
            expect(votesUnder(layers, narrowed)).toEqual(expected)
          }
        }
      }),
      { numRuns: 60, endOnFailure: true }
    )
    expect(variants).toBeGreaterThan(20)
    expect(applied).toBeGreaterThan(20)
  })
})
