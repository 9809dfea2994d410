// Proves or refutes who may assign a role. The real delegation is asked (src/delegate) about the places in which the role
// can be held.
//
// Why two roles are enough. Take any set of roles that may assign a role somewhere, without a ceiling: a ceiling only
// takes away. One of them, `d`, lists the role in its `assigns` and is held where that reaches. Where the policy names a
// permission for that kind of role, the roles allow it on an object there that has no owner and no ACL: one of them, `r`,
// holds the allow, no role denies at that level, and all abstain at the levels above; so too in every subset that has
// `r`, because a deny that is left out can only help. So `d` and `r`, or one role that is both, may assign it as well. A
// role that is named here is a shipped one, for which no grants have to be covered.
import type { CompiledPolicy } from '../../compile/compile.js'
import { listRoles } from '../../compile/role-index.js'
import type { CompiledRole } from '../../compile/roles.js'
import { explainAssign } from '../../delegate/assign.js'
import { neededPermission, permissionThere } from '../../delegate/needed.js'
import type { AssignDecision } from '../../delegate/types.js'
import type { InvariantDocument } from '../../document/types.js'
import { DecidingSubject } from '../../decide/subject.js'
import { stateOf, systemState } from '../../request/state.js'
import { noScope } from '../space/ceilings.js'
import { describeDecision, subjectOf, type SubjectData } from '../space/requests.js'
import type { RoleCase } from '../space/role-cases.js'
import { placesIn, type RoleSet } from '../space/role-set.js'
import { pairsOf, placeFirst } from '../space/role-sets.js'
import { underOptions, type Values } from '../space/settings.js'
import { requestText } from '../space/words.js'
import { readHolders } from './read.js'
import { dataOf, deviationsOf, optionsOf, subjectWith } from './role-set.js'
import { firstOfEach, rules } from './role-sets.js'
import { Smallest, type Proving } from './search.js'

/** Somebody who may assign a role, against what an invariant says. */
export interface AssignCounterexample {
  /** Who. */
  readonly subject: SubjectData
  /** The role that may be assigned. */
  readonly role: string
  /** Where, as `canAssign` takes it: by `org` and by the container's name; empty for the site. */
  readonly place: PlaceData
  /** The deployment's options under which it may. */
  readonly options: Values
  /** What the policy answers, and why. */
  readonly decision: AssignDecision
}

/** A place by its parts. */
export type PlaceData = Readonly<Record<string, string>>

/**
 * @throws RequestError `unknown_role`, `unknown_system_subject`; CasemateError `too_many_cases`.
 */
export function proveAssigns(
  proving: Proving,
  { assigns = [], only = [] }: InvariantDocument
): {
  readonly counterexample: undefined
  readonly assignment: AssignCounterexample | undefined
  readonly decisions: number
} {
  const { compiled } = proving
  const holders = readHolders(compiled, only)
  const named = readHolders(compiled, assigns).roles
  const smallest = new Smallest<AssignCounterexample>()
  // A role that nobody lists is one that nobody may assign: that is something to say of it.
  let decisions = 0
  for (const role of listRoles(compiled.roles).filter((one) => !one.isCustom && named.has(one.name))) {
    decisions++
    for (const roleSet of roleSetsListing(proving, role, holders.roles)) {
      proving.work.spend()
      if (!smallest.isSmaller([roleSet.length, 0, 0])) continue
      const subject = subjectWith(compiled, roleSet, noScope)
      const place = placesOf(role, roleSet).find((one) => mayAssign(subject, role, one))
      if (place === undefined) continue
      const size = [roleSet.length, deviationsOf(compiled, roleSet), Object.keys(place).length] as const
      smallest.note(size, () =>
        askAgain(compiled, dataOf(compiled, roleSet, noScope), optionsOf(roleSet), role, place)
      )
    }
    for (const [name, system] of compiled.systemSubjects) {
      if (holders.systems.has(name)) continue
      const subject = new DecidingSubject(systemState(compiled, system))
      const place = placesOf(role, []).find((one) => mayAssign(subject, role, one))
      if (place !== undefined)
        smallest.note([1, 0, Object.keys(place).length], () =>
          askAgain(compiled, { system: name }, {}, role, place)
        )
    }
  }
  return { counterexample: undefined, assignment: smallest.get(), decisions }
}

/** The sets of roles to try, none of which holds a role of `only`: one that lists the role, and one more. */
function* roleSetsListing(
  { compiled, roleCases, work }: Proving,
  role: CompiledRole,
  only: ReadonlySet<string>
): Generator<RoleSet<RoleCase>> {
  if (role.document.assignable === false) return
  const isListing = ({ name, document }: CompiledRole): boolean =>
    !only.has(name) && (document.assigns ?? []).some((entry) => entry === '*' || entry === role.name)
  const first = neededPermission(compiled, 'assignPermissions', role)
  if (first === undefined) {
    for (const lister of roleCases.roles)
      if (isListing(lister)) yield [placeFirst(rules, underAnything(compiled, lister))]
    return
  }
  const permission = permissionThere(first)
  const listers = roleCases.about(permission).filter((roleCase) => isListing(roleCase.role))
  for (const lister of listers) yield [placeFirst(rules, lister)]
  const others = firstOfEach(roleCases, permission, (roleCase) => !only.has(roleCase.role.name))
  for (const lister of listers) {
    work.spend(others.length)
    for (const other of others) for (const { roleSet } of pairsOf(rules, lister, other)) yield roleSet
  }
}

/** A role of which only `assigns` matters, under whatever options and settings. */
function underAnything({ context }: CompiledPolicy, role: CompiledRole): RoleCase {
  const values = role.reads.flatMap((name) => {
    const option = context.orgOptions.get(name)
    return option?.default ?? option?.values[0] ?? []
  })
  return { role, roleTable: role.under(values), options: {}, settings: {} }
}

/** The places to ask about, those with the fewest parts first: where the roles of the set are held, if they are. */
function placesOf({ kind }: CompiledRole, roleSet: RoleSet<RoleCase>): readonly PlaceData[] {
  if (kind === 'site') return [{}]
  const heldIn = (one: string): readonly string[] => {
    const held = placesIn(roleSet, one)
    return held.length > 0 ? [...new Set(held)] : [rules.placeIds(one)[0]]
  }
  const orgs = heldIn('org').map((org) => ({ org }))
  if (kind === 'org') return orgs
  const inside = heldIn(kind).map((id): PlaceData => ({ [kind]: id }))
  return [...inside, ...orgs.flatMap((org) => inside.map((container) => ({ ...org, ...container })))]
}

function mayAssign(subject: DecidingSubject, { name }: CompiledRole, place: PlaceData): boolean {
  return explainAssign(stateOf(subject), 'assignPermissions', name, place).allowed
}

/** The counterexample, asked again of the policy compiled under its options. */
function askAgain(
  compiled: CompiledPolicy,
  subject: SubjectData,
  options: Values,
  { name: role }: CompiledRole,
  place: PlaceData
): AssignCounterexample {
  const under = underOptions(compiled, options)
  const decision = explainAssign(stateOf(subjectOf(under, subject)), 'assignPermissions', role, place)
  return { subject, role, place, options: Object.fromEntries(under.options), decision }
}

/** Why a role may be assigned, in one line. */
export function describeAssign({ reason, delegations, permission }: AssignDecision): string {
  const by = delegations.map(({ role, org, container, path }) => {
    const where = org ?? container
    return `${role}${where === undefined ? '' : ` in ${where}`} (${path})`
  })
  const asked = permission === undefined ? '' : `; ${describeDecision(permission)}`
  return `${reason}: ${by.join('; ')}${asked}`
}

/** Who may assign what and where, on one line, followed by the deployment's options. */
export function assignText({ subject, role, place, options }: AssignCounterexample): string {
  return requestText({ subject, assign: role, place }, options)
}
