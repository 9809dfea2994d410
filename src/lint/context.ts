// What the rules look at: the roles and system subjects of the document under every setting, every line of their
// grants, and whether a line's vote decides. It is read from the compiled policy, so rules are about decisions and not
// about text.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { partsOf, type WrittenLine } from '../compile/permission-set.js'
import type { RoleTable, CompiledRole } from '../compile/roles.js'
import type { ActionList, Grants, PermissionSet } from '../document/types.js'
import { RoleCases, type RoleCase } from '../verify/space/role-cases.js'
import type { Path } from '../problems/path.js'
import type { Effect, FixedLevel } from '../types.js'
import { levelBits, levels, canReach, levelsAbove } from '../levels.js'

/** A role or system subject of the document. */
export interface Voter {
  /** The role's name, or `system:NAME`. */
  readonly name: string
  readonly at: Path
  /** A system subject has none. */
  readonly role: CompiledRole | undefined
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
  readonly level: FixedLevel
  readonly effect: Effect
  readonly set: PermissionSet
  readonly at: Path
}

/** One line of a set. */
export interface Line extends LayerSet, WrittenLine {}

export interface LintContext {
  readonly compiled: CompiledPolicy
  readonly voters: readonly Voter[]
  /** Every line in the grants of roles and system subjects, in document order. */
  readonly lines: readonly Line[]
  /** The permissions of all resources by action, in catalogue order. */
  readonly byAction: ReadonlyMap<string, readonly CompiledPermission[]>
  /** A cache of verdicts on lines: for each part of a line, what decides in its place. */
  readonly verdicts: Map<Line, readonly (Verdict | undefined)[]>
}

/** What always decides in place of a line, or of one action of its list. */
export interface Verdict {
  readonly by: Effect
  /** The line that decides, where it is first found. */
  readonly path: string
  readonly decider: Decider
}

/** Roles that were added at run time are not in the document and are left out. */
export function createLintContext(compiled: CompiledPolicy): LintContext {
  const roleCases = new RoleCases(compiled, [...compiled.roles.shipped.values()])
  const roles = roleCases.roles.map((role): Voter => {
    const { name, document } = role
    const at = ['roles', name]
    return {
      name,
      at,
      role,
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
      roleCasesAbout: () => roleCase,
      layers: [{ at: [...at, 'grants'], grants: document.grants }],
      assigns: document.assigns ?? []
    }
  })
  const voters = [...roles, ...systems]
  const byAction = new Map<string, CompiledPermission[]>()
  for (const permission of compiled.catalogue.permissions) {
    const group = byAction.get(permission.action)
    if (group === undefined) byAction.set(permission.action, [permission])
    else group.push(permission)
  }
  return { compiled, voters, lines: [...linesOf(voters)], byAction, verdicts: new Map() }
}

/** Whether a voter votes on any permission, under any setting. */
export function saysAnything({ compiled }: LintContext, voter: Voter): boolean {
  return compiled.catalogue.permissions.some((permission) =>
    voter.roleCasesAbout(permission).some(({ roleTable }) => roleTable.table[permission.index] !== 0)
  )
}

/** The set of a level and effect in each of some layers that has one. */
export function setsOfLayers(layers: readonly Layer[], level: FixedLevel, effect: Effect): PermissionSet[] {
  return layers.map(({ grants }) => grants?.[level]?.[effect]).filter((set) => set !== undefined)
}

/** Every permission set in the grants of roles and system subjects, in document order. */
export function* setsIn({ voters }: Pick<LintContext, 'voters'>): Generator<LayerSet> {
  for (const voter of voters)
    for (const [layer, { at, grants }] of voter.layers.entries())
      for (const level of levels)
        for (const effect of ['allow', 'deny'] as const) {
          const set = grants?.[level]?.[effect]
          if (set !== undefined) yield { voter, layer, level, effect, set, at: [...at, level, effect] }
        }
}

function* linesOf(voters: readonly Voter[]): Generator<Line> {
  for (const layerSet of setsIn({ voters }))
    for (const [key, list] of Object.entries(layerSet.set))
      yield { ...layerSet, key, list, at: [...layerSet.at, key], parts: partsOf(list) }
}

export function isListEmpty(list: ActionList): boolean {
  return partsOf(list).every(({ names, isExcept }) => !isExcept && names.length === 0)
}

/** Whether a role table's vote on a permission comes from this very line. */
export function isVoteOf(
  roleTable: RoleTable,
  { level, effect, at }: Line,
  permission: CompiledPermission
): boolean {
  const found = roleTable.line(level, effect, permission)
  return (
    found !== undefined &&
    found.at.length === at.length &&
    found.at.every((segment, index) => segment === at[index])
  )
}

/** What keeps a vote of somebody who holds one role from deciding. */
export interface Decider {
  readonly level: FixedLevel
  readonly effect: Effect
}

/**
 * Which other vote of the same role table always decides in place of this one: a wider level's, or a deny of the same
 * level. `undefined` where the vote decides.
 */
export function deciderBefore(
  { table }: RoleTable,
  level: FixedLevel,
  effect: Effect,
  { index }: CompiledPermission
): Decider | undefined {
  const byte = table[index] ?? 0
  for (const wider of levelsAbove[level]) {
    const bits = levelBits[wider]
    if ((byte & bits.deny) !== 0) return { level: wider, effect: 'deny' }
    if ((byte & bits.allow) !== 0) return { level: wider, effect: 'allow' }
  }
  const isDenied = effect === 'allow' && (byte & levelBits[level].deny) !== 0
  return isDenied ? { level, effect: 'deny' } : undefined
}

/** Whether somebody who holds this role alone is allowed the permission on some object. */
export function allowsSomewhere(roleTable: RoleTable, permission: CompiledPermission): boolean {
  return levels.some(
    (level) =>
      canReach(level, permission.definition.org) &&
      ((roleTable.table[permission.index] ?? 0) & levelBits[level].allow) !== 0 &&
      deciderBefore(roleTable, level, 'allow', permission) === undefined
  )
}
