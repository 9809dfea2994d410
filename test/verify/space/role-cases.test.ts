// The role tables that proofs look at are those that roles have: under every combination of options and settings that
// a role case stands for, and no other votes come up under any.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CompiledPermission } from '../../../src/compile/catalogue.js'
import { compiledOf, type CompiledPolicy } from '../../../src/compile/compile.js'
import { listRoles } from '../../../src/compile/role-index.js'
import type { CompiledRole, RoleTable } from '../../../src/compile/roles.js'
import { grantsOfRole } from '../../../src/decide/votes.js'
import { levelsOfKind } from '../../../src/levels.js'
import type { Effect } from '../../../src/types.js'
import { votedTogether } from '../../../src/verify/space/layers.js'
import { agree, compileUnder, RoleCases, type RoleCase } from '../../../src/verify/space/role-cases.js'
import { combinations, compileAgain, type Values } from '../../../src/verify/space/settings.js'
import { LayeredRole } from '../../../src/verify/space/told-apart.js'
import { rolled, rollWorldV2, worldTapeV2 } from '../../arbitraries/index.js'
import { policyOf } from '../../support/engine.js'
import { spread } from './spread.js'
import { floor, runs } from '../../support/depth.js'

const effects: readonly Effect[] = ['allow', 'deny']

interface Real {
  readonly values: Values
  readonly roleTable: RoleTable
}

/** The role's tables under every combination of what its variants and those of included roles read. */
function realTables(compiled: CompiledPolicy, role: CompiledRole): Real[] {
  const { context, document } = compiled
  const { reads } = new LayeredRole(role.name, role.document, [], context.shipped)
  const declared = new Map([...Object.entries(document.options ?? {}), ...context.orgOptions])
  return combinations(reads, declared).map((values) => {
    const options = Object.fromEntries(Object.entries(values).filter(([name]) => compiled.options.has(name)))
    const made = compileUnder(compiled, role, options)
    return { values, roleTable: made.under(made.reads.map((name) => values[name] ?? '')) }
  })
}

function votesOf({ table }: RoleTable, permission: CompiledPermission): string {
  return votedTogether(permission)
    .map(({ index }) => table[index])
    .join()
}

function votesIn(
  held: readonly { readonly roleTable: RoleTable }[],
  permission: CompiledPermission
): Set<string> {
  return new Set(held.map(({ roleTable }) => votesOf(roleTable, permission)))
}

/** Who casts the votes of a role table on a permission, and by which lines. */
function grantsOf(roleTable: RoleTable, role: CompiledRole, permission: CompiledPermission): string {
  return JSON.stringify(
    levelsOfKind(role.kind).flatMap((level) =>
      effects.map((effect) => grantsOfRole(roleTable, level, effect, permission))
    )
  )
}

function under(real: readonly Real[], { options, settings }: RoleCase): Real[] {
  return real.filter(({ values }) => agree(options, values) && agree(settings, values))
}

describe('role cases', () => {
  it('have the votes of the compiled role under what they stand for, and together all of its votes', () => {
    let changing = 0
    let included = 0
    let required = 0
    fc.assert(
      fc.property(rolled(worldTapeV2, rollWorldV2), (world) => {
        const compiled = compiledOf(policyOf(world))
        const roleCases = new RoleCases(compiled)
        const real = new Map(roleCases.roles.map((role) => [role, realTables(compiled, role)]))
        const { permissions } = compiled.catalogue
        const sharing = permissions.filter((permission) => votedTogether(permission).length > 1)
        for (const permission of [...spread(permissions, 5), ...spread(sharing, 2)]) {
          const about = roleCases.about(permission)
          if (votedTogether(permission).length > 1) required++
          for (const role of roleCases.roles) {
            const tables = real.get(role) ?? []
            const every = votesIn(tables, permission)
            if (every.size > 1) changing++
            const ofRole = roleCases.ofRole(role, permission)
            const byLine = roleCases.ofRole(role, permission, true)
            for (const cases of [about.filter((one) => one.role === role), ofRole, byLine]) {
              expect(votesIn(cases, permission)).toEqual(every)
              const wrong = cases.filter((one) =>
                [...votesIn(under(tables, one), permission)].some(
                  (votes) => votes !== votesOf(one.roleTable, permission)
                )
              )
              expect(wrong).toEqual([])
            }
            if (byLine.some(({ roleTable }) => roleTable.included.length > 0)) included++
            const lines = new Map(tables.map((one) => [one, grantsOf(one.roleTable, role, permission)]))
            const kept = byLine.map((one) => {
              const found = grantsOf(one.roleTable, role, permission)
              const meant = under(tables, one).map((real) => lines.get(real))
              expect(new Set(meant)).toEqual(new Set([found]))
              return found
            })
            expect(new Set(kept)).toEqual(new Set(lines.values()))
          }
        }
      }),
      { numRuns: runs(50), endOnFailure: true }
    )
    expect(changing).toBeGreaterThan(floor(10))
    expect(included).toBeGreaterThan(floor(10))
    expect(required).toBeGreaterThan(floor(5))
  })

  it('that are alike have the same votes, also on what an ACL entry requires, in places of one kind', () => {
    fc.assert(
      fc.property(rolled(worldTapeV2, rollWorldV2), (world) => {
        const compiled = compiledOf(policyOf(world))
        const roleCases = new RoleCases(compiled)
        for (const permission of spread(compiled.catalogue.permissions, 15)) {
          const groups = roleCases.alike(permission)
          for (const { byte, required, roleCases: group } of groups) {
            const [, other] = votedTogether(permission)
            for (const { roleCase } of group) {
              const { table } = roleCase.roleTable
              expect(table[permission.index]).toBe(byte)
              expect(other === undefined ? 0 : table[other.index]).toBe(required)
              expect(roleCase.role.kind).toBe(group[0]?.roleCase.role.kind)
            }
          }
          const all = groups.flatMap(({ roleCases: group }) => group).sort((a, b) => a.position - b.position)
          const described = ({ role, options, settings }: RoleCase): unknown[] => [
            role.name,
            options,
            settings
          ]
          expect(all.map(({ roleCase }) => described(roleCase))).toEqual(
            roleCases.about(permission).map(described)
          )
        }
      }),
      { numRuns: runs(30), endOnFailure: true }
    )
  })
})

describe('a policy that is compiled again', () => {
  it('has every custom role where it was', () => {
    let inContainers = 0
    fc.assert(
      fc.property(rolled(worldTapeV2, rollWorldV2), (world) => {
        const compiled = compiledOf(policyOf(world))
        const again = compileAgain(compiled, compiled.document)
        const described = ({ roles }: CompiledPolicy): unknown[] =>
          listRoles(roles).map(({ name, kind, place, isCustom, document }) => [
            name,
            kind,
            place,
            isCustom,
            document
          ])
        expect(described(again)).toEqual(described(compiled))
        inContainers += again.roles.customIn.size
      }),
      { numRuns: runs(60), endOnFailure: true }
    )
    expect(inContainers).toBeGreaterThan(floor(5))
  })
})
