// The roles and system subjects of the document, and every line of their grants.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { partsOf, type WrittenLine } from '../compile/permission-set.js'
import type { CompiledRole } from '../compile/roles.js'
import type { ActionList, Grants, PermissionSet } from '../document/types.js'
import { levelsOfKind } from '../levels.js'
import type { Path } from '../problems/path.js'
import type { Effect, Level } from '../types.js'
import { RoleCases, type RoleCase } from '../verify/space/role-cases.js'

/** A role or system subject of the document. */
export interface Voter {
  /** The role's name, or `system:NAME`. */
  readonly name: string
  readonly at: Path
  /** A system subject has none. */
  readonly role: CompiledRole | undefined
  /** The levels that its grants can have, in the order in which they are asked. */
  readonly levels: readonly Level[]
  /**
   * What it votes on a permission, under every combination of the options and settings that change it; `byLine` also
   * under those that only change which line says so.
   *
   * @throws CasemateError `too_many_cases`.
   */
  roleCasesAbout(permission: CompiledPermission, byLine?: boolean): readonly VoterRoleCase[]
  /** Its grants, and on top of them those of its variants, in order. */
  readonly layers: readonly Layer[]
  readonly assigns: readonly string[]
}

/** A role table, and the options and settings under which it holds. */
export type VoterRoleCase = Pick<RoleCase, 'roleTable' | 'options' | 'settings'>

export interface Layer {
  readonly at: Path
  readonly grants: Grants | undefined
}

/** A permission set of a voter, in one layer. */
export interface LayerSet {
  readonly voter: Voter
  readonly layer: number
  readonly level: Level
  readonly effect: Effect
  readonly set: PermissionSet
  readonly at: Path
}

/** One line of a set. */
export interface Line extends LayerSet, WrittenLine {}

/** Roles that were added at run time are not in the document and are left out. */
export function votersOf(compiled: CompiledPolicy): readonly Voter[] {
  const roleCases = new RoleCases(compiled, [...compiled.roles.shipped.values()])
  const roles = roleCases.roles.map((role): Voter => {
    const { name, kind, document } = role
    const at = ['roles', name]
    return {
      name,
      at,
      role,
      levels: levelsOfKind(kind),
      roleCasesAbout: (permission, byLine) => roleCases.ofRole(role, permission, byLine),
      layers: [
        { at: [...at, 'grants'], grants: document.grants },
        ...(document.variants ?? []).map(({ grants }, index) => ({
          at: [...at, 'variants', index, 'grants'],
          grants
        }))
      ],
      assigns: document.assigns ?? []
    }
  })
  const systems = [...compiled.systemSubjects.values()].map(({ name, document, roleTable }): Voter => {
    const at = ['systemSubjects', name]
    const roleCase = [{ roleTable, options: {}, settings: {} }]
    return {
      name: `system:${name}`,
      at,
      role: undefined,
      levels: levelsOfKind('site'),
      roleCasesAbout: () => roleCase,
      layers: [{ at: [...at, 'grants'], grants: document.grants }],
      assigns: document.assigns ?? []
    }
  })
  return [...roles, ...systems]
}

/** The set of a level and effect in each of some layers that has one. */
export function setsOfLayers(layers: readonly Layer[], level: Level, effect: Effect): PermissionSet[] {
  return layers.map(({ grants }) => grants?.[level]?.[effect]).filter((set) => set !== undefined)
}

/** Every permission set in the grants of roles and system subjects, in document order. */
export function* setsIn(voters: readonly Voter[]): Generator<LayerSet> {
  for (const voter of voters)
    for (const [layer, { at, grants }] of voter.layers.entries())
      for (const level of voter.levels)
        for (const effect of ['allow', 'deny'] as const) {
          const set = grants?.[level]?.[effect]
          if (set !== undefined) yield { voter, layer, level, effect, set, at: [...at, level, effect] }
        }
}

/** Every line of these sets. */
export function* linesIn(voters: readonly Voter[]): Generator<Line> {
  for (const layerSet of setsIn(voters))
    for (const [key, list] of Object.entries(layerSet.set))
      yield { ...layerSet, key, list, at: [...layerSet.at, key], parts: partsOf(list) }
}

export function isListEmpty(list: ActionList): boolean {
  return partsOf(list).every(({ names, isExcept }) => !isExcept && names.length === 0)
}
