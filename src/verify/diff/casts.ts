// Roles as both policies have them: one holding for each role that a subject can be given, and its ballots in both
// under every choice of the options that it reads in either. A role that a policy does not have says nothing there.
import { findRole, listRoles } from '../../compile/role-index.js'
import type { Ballot, CompiledRole } from '../../compile/roles.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { createUnions, type Unions } from '../../compile/tables.js'
import type { RoleKind } from '../../document/types.js'
import { compileUnder, withoutIdle } from '../invariants/ballots.js'
import { underOptions, valueIn, type Values } from '../settings.js'
import { choicesOf, chosenOf, combineChoices, valuesIn, type Choices } from './choices.js'
import { both, type Asked, type Both, type Side } from './sides.js'

/** What every part of a comparison reads. */
export interface Comparing {
  readonly engines: Both<CompiledPolicy>
  readonly unions: Both<Unions<Ballot>>
  readonly options: Choices
  readonly settings: Choices
  /** A policy under values of its deployment's options. */
  engineUnder(side: Side, values: Values): CompiledPolicy
  /** Two organizations that are no custom role's own. */
  readonly orgs: readonly [string, string]
}

/** A role that a subject can hold, at the site or in an organization. */
export interface Holding {
  readonly kind: RoleKind
  /** What each policy calls it; the same but for a rename. */
  readonly names: Both<string>
  /** The only organization in which it can be held, of a custom organization role. */
  readonly place: string | undefined
  readonly roles: Both<CompiledRole | undefined>
}

/** A holding under one choice of the options and settings that it reads. */
export interface Cast {
  readonly holding: Holding
  /** Keys of choices. */
  readonly options: Values
  readonly settings: Values
  /** `undefined` where a policy does not have the role, or a setting's value that it needs. */
  readonly ballots: Both<Ballot | undefined>
}

export function startComparing(engines: Both<CompiledPolicy>, fixed: Values = {}): Comparing {
  const places = new Set(
    (['old', 'new'] as const).flatMap((side) => listRoles(engines[side].roles).map(({ place }) => place))
  )
  const orgs: string[] = []
  for (let number = 1; orgs.length < 2; number++) if (!places.has(`o${number}`)) orgs.push(`o${number}`)
  const [first = 'o1', second = 'o2'] = orgs
  return {
    engines,
    unions: both((side) => createUnions<Ballot>(engines[side].catalogue.permissions.length)),
    options: choicesOf(
      both((side) => new Map(Object.entries(engines[side].document.options ?? {}))),
      'deployment',
      fixed
    ),
    settings: choicesOf(
      both((side) => engines[side].context.orgOptions),
      'organization'
    ),
    engineUnder: rememberUnder(engines),
    orgs: [first, second]
  }
}

function rememberUnder(engines: Both<CompiledPolicy>): Comparing['engineUnder'] {
  const known = new Map<string, CompiledPolicy>()
  return (side, values) => {
    const key = JSON.stringify([side, Object.entries(values)])
    const engine = known.get(key) ?? underOptions(engines[side], values)
    known.set(key, engine)
    return engine
  }
}

/** Every holding of either policy: the new one's roles in order, then those that are gone. */
export function listHoldings({ engines, orgs }: Pick<Comparing, 'engines' | 'orgs'>): Holding[] {
  const holdings = new Map<string, Holding>()
  for (const side of ['new', 'old'] as const)
    for (const { kind, name, place } of listRoles(engines[side].roles)) {
      const key = JSON.stringify([kind, name, place ?? null])
      const org = kind === 'site' ? undefined : (place ?? orgs[0])
      const roles = both((of) => {
        const role = findRole(engines[of].roles, name, org)
        return role?.kind === kind ? role : undefined
      })
      if (!holdings.has(key)) holdings.set(key, { kind, names: both(() => name), place, roles })
    }
  return [...holdings.values()]
}

/** A holding's ballots, the plainest choices first. */
export function castHolding({ engines, options, settings }: Comparing, holding: Holding): Cast[] {
  const asked = new Set(
    (['new', 'old'] as const).flatMap((side) =>
      (holding.roles[side]?.document.variants ?? []).flatMap((variant) => Object.keys(variant.when))
    )
  )
  const named = (choices: Choices): string[] => [...asked].filter((name) => choices.has(name))
  return combineChoices(named(options), options).flatMap((chosen) => {
    const compiled = both((side) => {
      const role = holding.roles[side]
      return role === undefined
        ? undefined
        : compileUnder(engines[side], role, valuesIn(side, chosen, options))
    })
    return combineChoices(named(settings), settings).map((set): Cast => {
      const ballots = both((side) => ballotUnder(compiled[side], valuesIn(side, set, settings)))
      return { holding, options: chosen, settings: set, ballots }
    })
  })
}

function ballotUnder(role: CompiledRole | undefined, settings: Values): Ballot | undefined {
  const values = role?.reads.flatMap((name) => valueIn(settings, name) ?? []) ?? []
  return role === undefined || values.length < role.reads.length ? undefined : role.under(values)
}

/** What a cast says about a permission in each policy. */
export function votesOf(cast: Cast, asked: Asked): Both<number> {
  return both((side) => {
    const index = asked.in[side]?.index
    return index === undefined ? 0 : (cast.ballots[side]?.table[index] ?? 0)
  })
}

export function isSaidAlike({ ballots }: Cast, { in: { old, new: current } }: Asked): boolean {
  const before = old === undefined ? 0 : (ballots.old?.table[old.index] ?? 0)
  return before === (current === undefined ? 0 : (ballots.new?.table[current.index] ?? 0))
}

/** A holding's casts without the options and settings that do not change what it says about a permission. */
export function relevantCasts(casts: readonly Cast[], asked: Asked): readonly Cast[] {
  return withoutIdle(casts, (a, b) => {
    const [one, other] = [votesOf(a, asked), votesOf(b, asked)]
    return one.old === other.old && one.new === other.new
  })
}

/** Whether somebody can hold the role so where a policy is asked: it knows the role and every setting that is given. */
export function isHeldIn(side: Side, { holding, settings }: Cast, comparing: Comparing): boolean {
  const role = holding.roles[side]
  return (
    role !== undefined &&
    chosenOf(settings, comparing.settings).every(
      ([name, { values, isKnown }]) =>
        isKnown[side] && (values[side] !== undefined || !role.reads.includes(name))
    )
  )
}
