// Groups of role cases that are alike, changed by one role: of thousands of roles a mutant changes one.

/** Cases with the same votes, in the order of all. */
interface Group<C> {
  readonly byte: number
  readonly required: number
  readonly roleCases: readonly { readonly roleCase: C; readonly position: number }[]
}

/** A role case that always holds, with its place among all and its votes. */
interface Changed<C> {
  readonly roleCase: C
  readonly position: number
  readonly byte: number
  readonly required: number
}

/**
 * The groups with another role case at one position, in the order of their first ones. Every role case has to hold
 * under all options; `kindOf` is equal for roles that may be in one group.
 */
export function moved<C>(
  groups: readonly Group<C>[],
  { roleCase, position, byte, required }: Changed<C>,
  kindOf: (roleCase: C) => string
): readonly Group<C>[] {
  const left = groups.flatMap((group) => {
    const at = group.roleCases.findIndex((one) => one.position === position)
    if (at < 0) return [group]
    return group.roleCases.length === 1 ? [] : [{ ...group, roleCases: group.roleCases.toSpliced(at, 1) }]
  })
  const kind = kindOf(roleCase)
  const number = left.findIndex(
    (one) =>
      one.byte === byte &&
      one.required === required &&
      one.roleCases.slice(0, 1).every((first) => kindOf(first.roleCase) === kind)
  )
  const there = left[number]
  const added = { roleCase, position }
  if (there === undefined) left.push({ byte, required, roleCases: [added] })
  else {
    const next = there.roleCases.findIndex((one) => one.position > position)
    const index = next < 0 ? there.roleCases.length : next
    left[number] = { ...there, roleCases: there.roleCases.toSpliced(index, 0, added) }
  }
  const firstOf = ({ roleCases: [first] }: Group<C>): number => first?.position ?? 0
  return left.sort((a, b) => firstOf(a) - firstOf(b))
}
