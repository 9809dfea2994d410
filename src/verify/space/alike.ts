// Groups of role cases that are alike, changed by one role: of thousands of roles a mutant changes one.
import type { CompiledRole } from '../../compile/roles.js'
import type { AlikeRoleCases, RoleCase } from './role-cases.js'

/** A role case that always holds, with its place among all and its votes. */
export interface Changed {
  readonly roleCase: RoleCase
  readonly position: number
  readonly byte: number
  readonly required: number
}

/**
 * The groups with another role case at one position, in the order of their first ones. Every role case has to hold
 * under all options; `kindKey` is equal for roles that may be in one group.
 */
export function moved(
  groups: readonly AlikeRoleCases[],
  { roleCase, position, byte, required }: Changed,
  kindKey: (role: CompiledRole) => string
): readonly AlikeRoleCases[] {
  const left = groups.flatMap((group) => {
    const at = group.roleCases.findIndex((one) => one.position === position)
    if (at < 0) return [group]
    return group.roleCases.length === 1 ? [] : [{ ...group, roleCases: group.roleCases.toSpliced(at, 1) }]
  })
  const kind = kindKey(roleCase.role)
  const number = left.findIndex(
    (one) =>
      one.byte === byte &&
      one.required === required &&
      one.roleCases.slice(0, 1).every((first) => kindKey(first.roleCase.role) === kind)
  )
  const there = left[number]
  const added = { roleCase, position }
  if (there === undefined) left.push({ byte, required, roleCases: [added] })
  else {
    const next = there.roleCases.findIndex((one) => one.position > position)
    const index = next < 0 ? there.roleCases.length : next
    left[number] = { ...there, roleCases: there.roleCases.toSpliced(index, 0, added) }
  }
  const firstOf = ({ roleCases: [first] }: AlikeRoleCases): number => first?.position ?? 0
  return left.sort((a, b) => firstOf(a) - firstOf(b))
}
