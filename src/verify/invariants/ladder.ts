// Proves or refutes a ladder: of each two roles that follow each other, whatever one may do, held alone, the next may,
// held alone in the same place. The two are tried under every combination of options and settings that either of them
// tells apart, about every permission and every class of objects without ACL.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { listRoles } from '../../compile/role-index.js'
import type { CompiledRole } from '../../compile/roles.js'
import type { InvariantDocument } from '../../document/types.js'
import { stateOf } from '../../request/state.js'
import type { ObjectRef } from '../../types.js'
import { noScope } from '../space/ceilings.js'
import { relationClasses } from '../space/classes.js'
import { permissionsToldApart } from '../space/attributes.js'
import type { Counterexample } from '../space/requests.js'
import { agree, RoleCases, type RoleCase } from '../space/role-cases.js'
import type { RoleSet } from '../space/role-set.js'
import { placeFirst } from '../space/role-sets.js'
import { readHolders } from './read.js'
import { dataOf, deviationsOf, optionsOf, subjectWith } from './role-set.js'
import { rules } from './role-sets.js'
import { askAgain, Smallest, type Proving } from './search.js'

/** With `within`, only the permissions with these names are looked at. */
export function proveLadder(
  proving: Proving,
  { ladder = [] }: InvariantDocument,
  within?: ReadonlySet<string>
): { readonly counterexample: Counterexample | undefined; readonly decisions: number } {
  const { compiled, work } = proving
  readHolders(compiled, ladder)
  const steps = stepsOf(proving, ladder)
  const smallest = new Smallest<Counterexample>()
  let decisions = 0
  for (const permission of permissionsOf(compiled)) {
    if (within?.has(permission.name) === false) continue
    for (const step of steps)
      for (const [below, above] of casesOf(step, permission)) {
        work.spend()
        decisions++
        const object = refusedAbove(compiled, permission, below, above)
        if (object === undefined) continue
        const deviations = deviationsOf(compiled, [...below, ...above])
        smallest.note([1, deviations, Object.keys(object).length], () =>
          askBoth(compiled, permission, below, above, object)
        )
      }
  }
  return { counterexample: smallest.get(), decisions }
}

/** Two roles that follow each other, and their role cases, told apart together. */
interface Step {
  readonly lower: CompiledRole
  readonly upper: CompiledRole
  readonly cases: RoleCases
}

function stepsOf({ compiled, roleCases }: Proving, ladder: readonly string[]): readonly Step[] {
  const roles = listRoles(compiled.roles)
  const rungs = ladder.flatMap((name) => roles.find((role) => role.name === name) ?? [])
  return rungs.flatMap((upper, index): Step[] => {
    const lower = rungs[index - 1]
    return lower === undefined
      ? []
      : [{ lower, upper, cases: new RoleCases(compiled, [lower, upper], roleCases) }]
  })
}

type Held = RoleSet<RoleCase>

/** The two roles, each held alone, under every combination of options and settings. */
function* casesOf(
  { lower, upper, cases }: Step,
  permission: CompiledPermission
): Generator<readonly [below: Held, above: Held]> {
  const both = cases.about(permission)
  for (const below of both)
    for (const above of both)
      if (
        below.role === lower &&
        above.role === upper &&
        agree(below.options, above.options) &&
        agree(below.settings, above.settings)
      )
        yield [[placeFirst(rules, below)], [placeFirst(rules, above)]]
}

function permissionsOf(compiled: CompiledPolicy): readonly CompiledPermission[] {
  return [...compiled.catalogue.resources.values()].flatMap((resource) =>
    [...resource.actions.keys()].flatMap((action) => permissionsToldApart(compiled, resource, action))
  )
}

/** The object with the fewest fields on which the lower role is allowed and the upper one is refused. */
function refusedAbove(
  compiled: CompiledPolicy,
  permission: CompiledPermission,
  below: Held,
  above: Held
): ObjectRef | undefined {
  const votesOf = (roleSet: Held): (number | undefined)[] =>
    roleSet.map(({ roleCase }) => roleCase.roleTable.table[permission.index])
  // Most roles say the same of most permissions.
  if (votesOf(below).join() === votesOf(above).join()) return undefined
  const lower = subjectWith(compiled, below, noScope)
  const upper = subjectWith(compiled, above, noScope)
  // Both are held in the same place, so that the classes of one are those of the other.
  return relationClasses(stateOf(lower), permission, { acl: false }).find(
    ({ object }) => lower.can(permission, object) && !upper.can(permission, object)
  )?.object
}

function askBoth(
  compiled: CompiledPolicy,
  permission: CompiledPermission,
  below: Held,
  above: Held,
  object: ObjectRef
): Counterexample {
  const options = optionsOf([...below, ...above])
  const lower = askAgain(compiled, dataOf(compiled, below, noScope), options, permission, object)
  const upper = askAgain(compiled, dataOf(compiled, above, noScope), options, permission, object)
  return { ...upper, lower: { request: lower.request, decision: lower.decision } }
}
