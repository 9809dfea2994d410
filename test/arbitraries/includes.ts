// Roles that include others: shipped ones of the same kind, in no circle.
import type { PolicyData, RoleDocument } from '../../src/document/types.js'
import type { Dice } from './dice.js'

type Roles = Readonly<Record<string, RoleDocument>>

/** The roles, some of them including some that stand before them, or in other documents behind them. */
export function rollIncludes(dice: Dice, roles: Roles): Roles {
  const entries = Object.entries(roles)
  const isForward = dice.chance(50)
  const grown = entries.map(([name, role], at): [string, RoleDocument] => {
    const others = isForward ? entries.slice(at + 1) : entries.slice(0, at)
    const likes = others.filter(([, { kind }]) => kind === role.kind).map(([other]) => other)
    return [name, including(dice, role, likes)]
  })
  return Object.fromEntries(grown)
}

/** A custom role that may include shipped ones. */
export function rollCustomIncludes(dice: Dice, { roles = {} }: PolicyData, role: RoleDocument): RoleDocument {
  const likes = Object.entries(roles).filter(([, { kind }]) => kind === role.kind)
  // "In an organization or container none with grants at `site` or `user`", those that it includes counted.
  const fitting = likes.filter(
    ([, like]) => role.kind === 'site' || !closure(roles, like).some(reachesFurther)
  )
  return including(
    dice,
    role,
    fitting.map(([name]) => name)
  )
}

function including(dice: Dice, role: RoleDocument, names: readonly string[]): RoleDocument {
  return names.length > 0 && dice.chance(50) ? { ...role, includes: dice.some(names, 1, 2) } : role
}

/** The role and all that it includes. */
export function closure(roles: Roles, role: RoleDocument): RoleDocument[] {
  const found = new Set([role])
  for (const each of found) {
    for (const name of each.includes ?? []) {
      const included = Object.hasOwn(roles, name) ? roles[name] : undefined
      if (included !== undefined) found.add(included)
    }
  }
  return [...found]
}

function reachesFurther({ grants, variants = [] }: RoleDocument): boolean {
  return [grants, ...variants.map((variant) => variant.grants)].some(
    (part) => part?.site !== undefined || part?.user !== undefined
  )
}
