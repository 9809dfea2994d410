// Denies that a role no longer has, and removed settings under which a role was allowed less. If a request shows it, it
// is reported as access gained. This file finds the rest: a role that is added later may allow what was denied, and no
// request can name a setting that is gone.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { RoleKind } from '../document/types.js'
import type { RoleCaseHolding } from './role-case-holding.js'
import { nameOf, votesOf, type Comparing } from './role-cases.js'
import { tellOf } from './search.js'
import type { AskedPermission, Direction } from './sides.js'
import type { Widening } from './types.js'
import { namesText } from './words.js'
import { quoteValue } from '../problems/quote.js'
import type { FixedLevel } from '../types.js'
import { levels, levelBits, voteBit, canBeOutside, canReach, levelsTo } from '../levels.js'

/** Whether a difference about a role and a permission was reported already. */
export type IsTold = (role: string, asked: AskedPermission) => boolean

export function deniesGone(
  comparing: Comparing,
  holdings: readonly RoleCaseHolding[],
  asked: readonly AskedPermission[],
  direction: Direction,
  isTold: IsTold
): Widening[] {
  const { allowing, refusing } = direction
  return holdings.flatMap((roleCases): Widening[] => {
    const { roles } = roleCases.holding
    if (roles.old === undefined || roles.new === undefined) return []
    const { kind } = roleCases.holding
    const name = nameOf(roleCases.holding, direction.allowing)
    const gone = asked.filter((one) => {
      comparing.work.spend(10, () => tellOf(one))
      const permission = one.in[allowing]
      if (permission === undefined || one.in[refusing] === undefined || roleCases.isSaidAlike(one))
        return false
      return (
        !isTold(name, one) &&
        roleCases.votes(one).some((votes) => deniesLess(votes[refusing], votes[allowing], permission, kind))
      )
    })
    if (gone.length === 0) return []
    const does = allowing === 'new' ? 'no longer denies' : 'now denies'
    return [
      {
        kind: 'deny',
        subject: name,
        message: `${quoteValue(name)} ${does} ${namesText(namesOf(gone))}`
      }
    ]
  })
}

/** Settings and values that the new policy does not have, under which a role of the old one was allowed less. */
export function settingsGone(
  comparing: Comparing,
  holdings: readonly RoleCaseHolding[],
  asked: readonly AskedPermission[]
): Widening[] {
  const gone = new Map<string, Map<string, AskedPermission[]>>()
  for (const roleCases of holdings) {
    const { roles, names, kind } = roleCases.holding
    if (roles.new === undefined || (roles.old?.reads ?? []).length === 0) continue
    for (const one of asked) {
      const permission = one.in.new
      if (permission === undefined || one.in.old === undefined) continue
      for (const roleCase of roleCases.roleCasesFor(one)) {
        const votes = votesOf(roleCase, one)
        const isMore =
          deniesLess(votes.old, votes.new, permission, kind) ||
          allowsMore(votes.old, votes.new, permission, kind)
        if (!isMore) continue
        for (const [setting, keys] of roleCase.settings) {
          const choices = comparing.settings.get(setting)
          if (keys.some((key) => choices?.get(key)?.isKnown.new !== false)) continue
          const text = `${quoteValue(setting)}${valuesText(keys.flatMap((key) => choices?.get(key)?.given ?? []))}`
          const roles = gone.get(text) ?? new Map<string, AskedPermission[]>()
          gone.set(text, roles)
          const listed = roles.get(names.new) ?? []
          roles.set(names.new, listed.includes(one) ? listed : [...listed, one])
        }
      }
    }
  }
  return [...gone].flatMap(([setting, roles]) =>
    [...roles].map(([role, permissions]): Widening => {
      const message = `setting that is gone: ${setting}; under it ${quoteValue(role)} was allowed less: ${namesText(namesOf(permissions))}`
      return { kind: 'setting', subject: role, message }
    })
  )
}

/** A permission is asked about for each combination of attributes. */
function namesOf(asked: readonly AskedPermission[]): string[] {
  return [...new Set(asked.map(({ name }) => name))]
}

function valuesText(values: readonly unknown[]): string {
  return values.length === 0 ? '' : ` with ${values.map(quoteValue).join(', ')}`
}

// --- votes ----------------------------------------------------------------------------------------------------------

/**
 * For each level that objects can have: the levels of a kind of role that are asked about them, in order. In the table
 * of a container its levels have the bits of an organization's.
 */
function asksFor(
  { definition: { org } }: CompiledPermission,
  kind: RoleKind
): readonly (readonly FixedLevel[])[] {
  if (kind !== 'site' && kind !== 'org') return inContainer
  return levels
    .filter((level) => canReach(level, org) && (level !== 'site' || canBeOutside(org)))
    .map((level) => levelsTo[level])
}

const inContainer: readonly (readonly FixedLevel[])[] = [['org'], ['org', 'orgMember']]

/** Whether a deny is gone somewhere, or moved to a narrower level, where a wider allow beats it. */
export function deniesLess(
  before: number,
  after: number,
  permission: CompiledPermission,
  kind: RoleKind
): boolean {
  return asksFor(permission, kind).some((levels) => {
    const [was, is] = [decision(before, levels), decision(after, levels)]
    return was.effect === 'deny' && (is.effect !== 'deny' || is.rank > was.rank)
  })
}

/** Whether something is allowed somewhere that was not. */
export function allowsMore(
  before: number,
  after: number,
  permission: CompiledPermission,
  kind: RoleKind
): boolean {
  return asksFor(permission, kind).some((levels) => {
    const [was, is] = [decision(before, levels), decision(after, levels)]
    return is.effect === 'allow' && was.effect !== 'allow'
  })
}

interface Decided {
  readonly effect: 'allow' | 'deny' | 'none'
  /** The position of the deciding level among those that are asked. */
  readonly rank: number
}

function decision(byte: number, levels: readonly FixedLevel[]): Decided {
  for (const [rank, level] of levels.entries()) {
    const bit = voteBit(byte, level)
    if (bit !== 0) return { effect: bit === levelBits[level].deny ? 'deny' : 'allow', rank }
  }
  return { effect: 'none', rank: levels.length }
}
