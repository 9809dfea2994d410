// Finds renames: a name that is gone and a new name with the same grants. They are compared as one, so that any other
// difference between the two is still reported. Each name has at most one counterpart, and only if both have the same
// votes on every permission that both policies have.
import { Groups, hashOf, mostTried, sharedOf } from './rename-groups.js'
import { RoleCaseHolding } from './role-case-holding.js'
import { placeOf, type Comparing, type Holding } from './role-cases.js'
import { changedSystems } from './representatives.js'
import { both, type AskedPermission, type OldNew, type Side } from './sides.js'
import type { Rename } from './types.js'
import { quoteValue } from '../problems/quote.js'

/** Holdings with the renamed ones joined. */
export interface RenamedHoldings {
  readonly holdings: readonly RoleCaseHolding[]
  readonly renamed: readonly Rename[]
}

export function joinHoldings(
  comparing: Comparing,
  holdings: readonly Holding[],
  asked: readonly AskedPermission[],
  declared: ReadonlyMap<string, string>
): RenamedHoldings {
  const shared = sharedOf(asked)
  const targets = new Set(declared.values())
  const isGuessed = ({ names }: Holding): boolean => !declared.has(names.old) && !targets.has(names.new)
  const gone = holdings.filter(({ roles }) => roles.new === undefined)
  const came = holdings.filter((one) => one.roles.old === undefined && isGuessed(one))
  const written = new Groups<Holding>()
  const similar = new Groups<Holding>()
  if (came.length > 0)
    for (const one of gone.filter(isGuessed)) {
      written.add(writtenKey(one, 'old'), one)
      similar.add(saidKey(comparing, one, 'old', shared), one)
    }
  const renamed: Rename[] = []
  const taken = new Set<Holding>()
  const joined = holdings.map((holding): { readonly of: Holding; readonly roleCases: RoleCaseHolding } => {
    const itself = { of: holding, roleCases: new RoleCaseHolding(comparing, holding) }
    if (holding.roles.old !== undefined || gone.length === 0) return itself
    const isDeclared = targets.has(holding.names.new)
    // Of several with the same votes, the one that is written the same comes first.
    const some = isDeclared
      ? gone.filter((one) => isDeclaredAs(one, holding, declared))
      : [
          ...written.first(writtenKey(holding, 'new'), taken, 1),
          ...similar.first(saidKey(comparing, holding, 'new', shared), taken, mostTried)
        ]
    for (const one of some) {
      const { place, names, roles } = one
      const whole: Holding = {
        ...holding,
        names: { old: names.old, new: holding.names.new },
        roles: { old: roles.old, new: holding.roles.new }
      }
      const roleCases = new RoleCaseHolding(comparing, whole)
      if (!isDeclared && !isSame(comparing, roleCases, shared)) continue
      taken.add(one)
      const where = placeOf({ kind: holding.kind, place })
      const inPlace =
        where === undefined ? {} : where.kind === 'org' ? { org: where.id } : { container: where }
      const said = isDeclared ? { isDeclared } : {}
      renamed.push({ kind: 'role', from: names.old, to: holding.names.new, ...inPlace, ...said })
      return { of: holding, roleCases }
    }
    return itself
  })
  const left = joined.filter(({ of }) => !taken.has(of))
  return { holdings: left.map(({ roleCases }) => roleCases), renamed }
}

/** Whether a role is declared as renamed to another one that is held in the same place. */
function isDeclaredAs(one: Holding, other: Holding, declared: ReadonlyMap<string, string>): boolean {
  return declared.get(one.names.old) === other.names.new && placeKey(one) === placeKey(other)
}

function placeKey({ kind, place }: Holding): string {
  return JSON.stringify([kind, place ?? null])
}

function writtenKey(holding: Holding, side: Side): string {
  return `${placeKey(holding)} ${JSON.stringify(holding.roles[side]?.document)}`
}

/** Equal for holdings with the same votes on the shared permissions, under the plainest settings. */
function saidKey(
  comparing: Comparing,
  holding: Holding,
  side: Side,
  shared: readonly AskedPermission[]
): string {
  const table = new RoleCaseHolding(comparing, holding).plainest()[side]?.table
  comparing.work.spend(shared.length, () => tellOf(holding))
  return `${placeKey(holding)} ${hashOf(shared, side, table)}`
}

function tellOf({ names }: Holding): { about: string; names: readonly string[] } {
  return { about: `role ${quoteValue(names.new)}`, names: [] }
}

/** Whether a role says something in both policies, and the same about every permission that both have. */
function isSame(
  comparing: Comparing,
  roleCases: RoleCaseHolding,
  shared: readonly AskedPermission[]
): boolean {
  comparing.work.spend(4 * shared.length, () => tellOf(roleCases.holding))
  return (
    shared.every((one) => roleCases.isSaidAlike(one)) &&
    shared.some((one) => roleCases.votes(one).some((votes) => votes.new !== 0))
  )
}

/**
 * System subjects by both names, and those of them that were renamed. `changedOnly` leaves out those that are the same
 * in both policies.
 */
export function joinSystems(
  { policies }: Pick<Comparing, 'policies'>,
  asked: readonly AskedPermission[],
  declared: ReadonlyMap<string, string>,
  changedOnly: boolean
): { readonly systems: readonly OldNew<string>[]; readonly renamed: readonly Rename[] } {
  const shared = sharedOf(asked)
  const names = both((side) => changedSystems(policies, side, changedOnly))
  const gone = names.old.filter((name) => !policies.new.systemSubjects.has(name))
  const said = new Map([...declared].map(([from, to]) => [to, from]))
  const keyOf = (side: Side, name: string): string => {
    const system = policies[side].systemSubjects.get(name)
    return `${hashOf(shared, side, system?.roleTable.table)} ${system?.document.id ?? ''}`
  }
  const similar = new Groups<string>()
  if (names.new.some((name) => !policies.old.systemSubjects.has(name)))
    for (const name of gone) if (!declared.has(name)) similar.add(keyOf('old', name), name)
  const taken = new Set<string>()
  const renamed: Rename[] = []
  const systems = names.new.map((to): OldNew<string> => {
    if (policies.old.systemSubjects.has(to)) return { old: to, new: to }
    const from =
      said.get(to) ??
      similar
        .first(keyOf('new', to), taken, mostTried)
        .find((name) => isSameSystem({ policies }, { old: name, new: to }, shared))
    if (from === undefined) return { old: to, new: to }
    taken.add(from)
    renamed.push({ kind: 'system', from, to, ...(said.has(to) ? { isDeclared: true } : {}) })
    return { old: from, new: to }
  })
  const left = gone.filter((name) => !taken.has(name)).map((name) => ({ old: name, new: name }))
  return { systems: [...systems, ...left], renamed }
}

function isSameSystem(
  { policies }: Pick<Comparing, 'policies'>,
  names: OldNew<string>,
  shared: readonly AskedPermission[]
): boolean {
  const found = both((side) => policies[side].systemSubjects.get(names[side]))
  const vote = (side: Side, one: AskedPermission): number =>
    found[side]?.roleTable.table[one.in[side]?.index ?? -1] ?? 0
  return (
    (found.old?.document.id ?? '') === (found.new?.document.id ?? '') &&
    shared.every((one) => vote('old', one) === vote('new', one)) &&
    shared.some((one) => vote('new', one) !== 0)
  )
}
