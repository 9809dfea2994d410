// What a scope template lets through under its flags, as proofs see it, is what its compiled table says.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compiledOf } from '../../../src/compile/compile.js'
import { letsThrough, waysAbout, waysToGive } from '../../../src/verify/space/templates.js'
import { rolled, rollWorldV2, worldTapeV2 } from '../../arbitraries/index.js'
import { policyOf } from '../../support/engine.js'
import { spread } from './spread.js'
import { floor, runs } from '../../support/depth.js'

describe('the ways to give the flags of a template', () => {
  it('let through what its table says, and those about a permission all that any way does', () => {
    let both = 0
    fc.assert(
      fc.property(rolled(worldTapeV2, rollWorldV2), (world) => {
        const { scopes, catalogue } = compiledOf(policyOf(world))
        for (const template of scopes.templates.values())
          for (const permission of spread(catalogue.permissions, 60)) {
            const every = waysToGive(template)
            const letting = every.map((given) => letsThrough(template.document, given, permission))
            const tables = every.map((given) => template.tableUnder(given)[permission.index] === 1)
            expect(letting).toEqual(tables)
            const about = waysAbout([template], permission)
            const found = about.map((given) => letsThrough(template.document, given, permission))
            expect(new Set(found)).toEqual(new Set(letting))
            if (new Set(found).size > 1) both++
          }
      }),
      { numRuns: runs(60), endOnFailure: true }
    )
    expect(both).toBeGreaterThan(floor(20))
  })
})
