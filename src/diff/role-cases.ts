// Roles as both policies have them: one holding for each role that a subject can hold, and what a comparison reads of
// it. A role that a policy does not have has no votes there.
import { findRole, listCustomRoles, listRoles, nameInFull } from '../compile/role-index.js'
import type { RoleTable, CompiledRole } from '../compile/roles.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { createUnions, type Unions } from '../compile/tables.js'
import { isWrittenAlike } from '../document/equal.js'
import type { RoleKind } from '../document/types.js'
import { placeKey, type HeldPlace } from '../verify/space/role-set.js'
import { freePlaces, type HoldingRules } from '../verify/space/role-sets.js'
import type { Values } from '../verify/space/settings.js'
import { choicesOf, type Choices } from './choices.js'
import { Work } from './limits.js'
import { SubjectCache } from './subject-cache.js'
import { both, type AskedPermission, type OldNew, type Side } from './sides.js'
import { canBoth, type Ways } from './ways.js'
import type { OptionValue } from '../types.js'

/** What every part of a comparison reads. */
export interface Comparing {
  readonly policies: OldNew<CompiledPolicy>
  readonly unions: OldNew<Unions<RoleTable>>
  readonly options: Choices
  readonly settings: Choices
  readonly rules: HoldingRules<RoleCase>
  readonly work: Work
  /** Whether both have the same catalogue and options, so that a role that is written alike says the same. */
  readonly isGroundEqual: boolean
  /** Subjects of each policy, by the role tables that they hold. */
  readonly subjects: OldNew<SubjectCache>
  /** The choices of an option that mean a given value in a policy; equal sets are the same object. */
  choicesWith(
    kind: Setting,
    name: string,
    side: Side,
    value: OptionValue | undefined
  ): ReadonlySet<OptionValue>
}

/** Whether an option is the deployment's or an organization's. */
export type Setting = 'options' | 'settings'

/** A role that a subject can hold, at the site, in an organization or in a container. */
export interface Holding {
  readonly kind: RoleKind
  /** What each policy calls it; the same but for a rename. */
  readonly names: OldNew<string>
  /** For a custom role of an organization or container: the id of the only one in which it can be held. */
  readonly place: string | undefined
  readonly roles: OldNew<CompiledRole | undefined>
}

/** What one of the policies calls a role among all of its roles. */
export function nameOf({ names, kind, place }: Holding, side: Side): string {
  return nameInFull({ name: names[side], kind, place })
}

/** A holding, with choices of options and settings under which its votes on a permission are the same. */
export interface RoleCase {
  readonly holding: Holding
  readonly options: Ways
  readonly settings: Ways
  /** `undefined` where a policy does not have the role, or a setting's value that it needs. */
  readonly roleTables: OldNew<RoleTable | undefined>
}

export function startComparing(
  policies: OldNew<CompiledPolicy>,
  fixed: Values = {},
  work: Work = new Work()
): Comparing {
  const taken = new Set(
    (['old', 'new'] as const).flatMap((side) =>
      listCustomRoles(policies[side].roles).flatMap((role) => placeKey(placeOf(role)) || [])
    )
  )
  const choices = {
    options: choicesOf(
      both((side) => new Map(Object.entries(policies[side].document.options ?? {}))),
      'deployment',
      fixed
    ),
    settings: choicesOf(
      both((side) => policies[side].context.orgOptions),
      'organization'
    )
  }
  return {
    policies,
    unions: both((side) => createUnions<RoleTable>(policies[side].catalogue.permissions.length)),
    ...choices,
    rules: {
      roleOf: ({ holding }) => holding,
      placeIds: freePlaces((place) => taken.has(placeKey(place))),
      canShareOptions: (a, b) => canBoth(a.options, b.options),
      canShareSettings: (a, b) => canBoth(a.settings, b.settings)
    },
    work,
    isGroundEqual: isWrittenAlike(groundOf(policies.old), groundOf(policies.new)),
    subjects: both(() => new SubjectCache(work)),
    choicesWith: rememberChoices(choices)
  }
}

function groundOf({ document }: CompiledPolicy): readonly unknown[] {
  const { containers, resources, options, orgOptions } = document
  return [containers, resources, options, orgOptions]
}

/** An option's choices by the value that they are in a policy. */
function rememberChoices(choices: Readonly<Record<Setting, Choices>>): Comparing['choicesWith'] {
  const byOption = new Map<string, ReadonlyMap<OptionValue | undefined, ReadonlySet<OptionValue>>>()
  const bySet = new Map<string, ReadonlySet<OptionValue>>()
  const none: ReadonlySet<OptionValue> = new Set()
  const read = (kind: Setting, name: string, side: Side) => {
    const found = new Map<OptionValue | undefined, OptionValue[]>()
    for (const [key, { values }] of choices[kind].get(name) ?? []) {
      const keys = found.get(values[side])
      if (keys === undefined) found.set(values[side], [key])
      else keys.push(key)
    }
    return new Map(
      [...found].map(([value, keys]) => {
        const text = keys.join()
        const cached = bySet.get(text) ?? new Set(keys)
        bySet.set(text, cached)
        return [value, cached] as const
      })
    )
  }
  return (kind, name, side, value) => {
    const key = `${kind} ${side} ${name}`
    const cached = byOption.get(key) ?? read(kind, name, side)
    byOption.set(key, cached)
    return cached.get(value) ?? none
  }
}

/**
 * Every holding of either policy: the new one's roles in order, then those that are gone. `roles` has the roles to list
 * of each, by default all.
 */
export function listHoldings(
  { policies, rules }: Pick<Comparing, 'policies' | 'rules'>,
  roles: OldNew<readonly CompiledRole[]> = both((side) => listRoles(policies[side].roles))
): Holding[] {
  const holdings = new Map<string, Holding>()
  for (const side of ['new', 'old'] as const)
    for (const { kind, name, place } of roles[side]) {
      const key = place === undefined ? `${kind} ${name}` : JSON.stringify([kind, name, place])
      const id = kind === 'site' ? undefined : (place ?? rules.placeIds(kind)[0])
      const held = both((of) => {
        const found = findRole(policies[of].roles, name, id, kind)
        return found?.kind === kind ? found : undefined
      })
      if (!holdings.has(key)) holdings.set(key, { kind, names: both(() => name), place, roles: held })
    }
  return [...holdings.values()]
}

/** The only place of a custom role of an organization or container. */
export function placeOf({ kind, place }: Pick<Holding, 'kind' | 'place'>): HeldPlace | undefined {
  return place === undefined ? undefined : { kind, id: place }
}

/** The votes of a role case on a permission in each policy. */
export function votesOf(roleCase: Pick<RoleCase, 'roleTables'>, asked: AskedPermission): OldNew<number> {
  return votesOn(roleCase, asked.in)
}

/** Its votes on what roles have to allow for an ACL entry to count. */
export function gateVotesOf(roleCase: Pick<RoleCase, 'roleTables'>, asked: AskedPermission): OldNew<number> {
  return votesOn(roleCase, asked.gates)
}

function votesOn(
  { roleTables }: Pick<RoleCase, 'roleTables'>,
  permissions: AskedPermission['in']
): OldNew<number> {
  return {
    old: votesIn(roleTables.old, permissions.old),
    new: votesIn(roleTables.new, permissions.new)
  }
}

function votesIn(roleTable: RoleTable | undefined, permission: AskedPermission['in'][Side]): number {
  return roleTable === undefined || permission === undefined ? 0 : (roleTable.table[permission.index] ?? 0)
}

/** Equal for role cases with the same votes on a permission and on what an ACL entry for it needs, in both policies. */
export function votesNumber(roleCase: Pick<RoleCase, 'roleTables'>, asked: AskedPermission): number {
  const votes = votesOf(roleCase, asked)
  const gates = gateVotesOf(roleCase, asked)
  return votes.old + 256 * (votes.new + 256 * (gates.old + 256 * gates.new))
}

/** Whether it has the same votes on a permission, and on what an ACL entry for it needs, in both policies. */
export function isSaidAlike({ old, new: current }: RoleCase['roleTables'], asked: AskedPermission): boolean {
  const { in: found, gates } = asked
  return (
    votesIn(old, found.old) === votesIn(current, found.new) &&
    votesIn(old, gates.old) === votesIn(current, gates.new)
  )
}

/**
 * The role case with only the settings that a policy knows, as the role can be held in that policy; `undefined` if it
 * cannot be held there.
 */
export function heldIn(side: Side, roleCase: RoleCase, { settings }: Comparing): RoleCase | undefined {
  const role = roleCase.holding.roles[side]
  if (role === undefined) return undefined
  if (roleCase.settings.size === 0) return roleCase
  const known = new Map<string, readonly OptionValue[]>()
  for (const [name, keys] of roleCase.settings) {
    const choices = settings.get(name)
    const left = keys.filter((key) => {
      const choice = choices?.get(key)
      return (
        choice?.isKnown[side] === true && (choice.values[side] !== undefined || !role.reads.includes(name))
      )
    })
    if (left.length === 0) return undefined
    known.set(name, left)
  }
  return { ...roleCase, settings: known }
}
