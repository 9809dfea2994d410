// What a vote of a role does: which line casts it, and whether another vote of the same role always decides in its place.
import type { Catalogue, CompiledPermission } from '../compile/catalogue.js'
import type { WrittenLine } from '../compile/permission-set.js'
import type { RoleTable } from '../compile/roles.js'
import { anyAllow, bitsAt, canReach, containerLevels, isFixed, levelsAbove, levelsOfKind } from '../levels.js'
import type { Effect, Level } from '../types.js'
import type { Line, Voter } from './voters.js'

/** Whether a level reaches objects of the permission's resource. */
export function isReachable(
  level: Level,
  { definition }: CompiledPermission,
  { containers }: Pick<Catalogue, 'containers'>
): boolean {
  const { org, places } = definition
  if (isFixed(level)) return canReach(level, org) && (level !== 'user' || !places.includes('required'))
  const number = containers.findIndex((name) => containerLevels(name).includes(level))
  return (places[number] ?? 'never') !== 'never'
}

/** Whether a role table's vote on a permission comes from this very line. */
export function isCastBy(
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

/** The line that casts a vote: the role's own, else that of the first included role that has one. */
export function castingLine(
  roleTable: RoleTable,
  level: Level,
  effect: Effect,
  permission: CompiledPermission
): WrittenLine | undefined {
  for (const one of [roleTable, ...roleTable.included]) {
    const line = one.line(level, effect, permission)
    if (line !== undefined) return line
  }
  return undefined
}

/** The votes of a role's own lines on a permission, without those of the roles that it includes. */
export function ownVotes(
  roleTable: RoleTable,
  levels: readonly Level[],
  permission: CompiledPermission
): number {
  let votes = 0
  for (const level of levels)
    for (const effect of ['allow', 'deny'] as const)
      if (roleTable.line(level, effect, permission) !== undefined) votes |= bitsAt(level)[effect]
  return votes
}

/** What keeps a vote of somebody who holds one role from deciding. */
export interface Decider {
  readonly level: Level
  readonly effect: Effect
}

/**
 * Which other of these votes of one role always decides in place of this one: a wider level's, or a deny of the same
 * level. `undefined` where the vote decides. What else is held does not matter: at each level a vote stands, or a deny
 * decides instead of it.
 */
export function deciderBefore(votes: number, level: Level, effect: Effect): Decider | undefined {
  for (const wider of widerInTable(level)) {
    const bits = bitsAt(wider)
    if ((votes & bits.deny) !== 0) return { level: wider, effect: 'deny' }
    if ((votes & bits.allow) !== 0) return { level: wider, effect: 'allow' }
  }
  const isDenied = effect === 'allow' && (votes & bitsAt(level).deny) !== 0
  return isDenied ? { level, effect: 'deny' } : undefined
}

/** The levels of the same table that are asked before a level: a container's role has only the container's two. */
function widerInTable(level: Level): readonly Level[] {
  if (isFixed(level)) return levelsAbove[level]
  return level.endsWith('Member') ? [level.slice(0, -'Member'.length)] : []
}

/** A role's votes on a permission. */
export function votesOn({ table }: Pick<RoleTable, 'table'>, { index }: CompiledPermission): number {
  return table[index] ?? 0
}

/** Whether somebody who holds this role alone is allowed the permission on some object. */
export function allowsSomewhere(
  roleTable: RoleTable,
  permission: CompiledPermission,
  catalogue: Catalogue
): boolean {
  const votes = votesOn(roleTable, permission)
  // Most roles say nothing of most permissions.
  if ((votes & anyAllow) === 0) return false
  return levelsOfKind(roleTable.document?.kind ?? 'site').some(
    (level) =>
      (votes & bitsAt(level).allow) !== 0 &&
      isReachable(level, permission, catalogue) &&
      deciderBefore(votes, level, 'allow') === undefined
  )
}

/** Whether a voter is allowed the permission on some object, under some setting. */
export function isEverAllowed(voter: Voter, permission: CompiledPermission, catalogue: Catalogue): boolean {
  return voter
    .roleCasesAbout(permission)
    .some(({ roleTable }) => allowsSomewhere(roleTable, permission, catalogue))
}
