// Checks a cell under `Assign ROLE`: in every kind of place that it is about, whether the subject may give the role
// there. A decision about giving depends on what is held in the place, so one place stands for all alike.
import { explainAssign } from '../../delegate/assign.js'
import { hasObjectThere, neededPermission } from '../../delegate/needed.js'
import type { Place } from '../../delegate/place.js'
import type { AssignDecision } from '../../delegate/types.js'
import type { CompiledRole } from '../../compile/roles.js'
import type { Relation } from '../../document/relation.js'
import { stateOf, type SubjectState } from '../../request/state.js'
import { orgClasses, singleContainers, type ContainerClass, type OrgClass } from '../space/class-places.js'
import { isAbout, isReached, vocabularyOf, writeRelation } from '../space/relations.js'
import type { SubjectData } from '../space/requests.js'
import type { Values } from '../space/settings.js'
import type { AssignColumn } from './assign-column.js'
import type { Expectation } from './cell.js'
import type { MatrixSubject } from './subjects.js'

/** A question about giving a role, as plain data, and its answer. */
export interface Assignment {
  /** Who would give it. */
  readonly subject: SubjectData
  /** The role to be given. */
  readonly role: string
  /** Where: by `org` and the container's name; empty for a role that is held everywhere. */
  readonly place: Readonly<Record<string, string>>
  /** The deployment's options under which it is answered. */
  readonly options: Values
  /** What the policy answers, and why. */
  readonly decision: AssignDecision
}

/** Why a cell under `Assign ROLE` does not hold. */
export interface AssignFailure {
  readonly kind: 'refused' | 'allowed' | 'no_object' | 'other_role'
  readonly message: string
  readonly assignment?: Assignment
}

/** The first failure; `undefined` where the cell holds in every place that it is about, for every subject. */
export function checkAssign(
  expectation: Expectation,
  column: AssignColumn,
  subjects: readonly MatrixSubject[]
): AssignFailure | undefined {
  for (const subject of subjects) {
    const failure = checkSubject(expectation, column, subject)
    if (failure !== undefined) return failure
  }
  return undefined
}

function checkSubject(
  expectation: Expectation,
  { role, roles, relation }: AssignColumn,
  asked: MatrixSubject
): AssignFailure | undefined {
  const state = stateOf(asked.subject)
  const places = roles.flatMap((one) => placesOf(state, one))
  const claimed = expectation.kind === 'reach' ? expectation.relations : [relation]
  const empty = claimed.find((part) => !places.some((place) => isAbout(part, place)))
  if (expectation.kind !== 'no' && empty !== undefined)
    return { kind: 'no_object', message: noPlace(state, empty) }
  for (const one of places) {
    if (!isAbout(relation, one)) continue
    const expected =
      expectation.kind === 'reach' ? isReached(expectation.relations, one) : expectation.kind === 'yes'
    const decision = explainAssign(state, 'assignPermissions', role, one.given)
    const isOther =
      expected &&
      expectation.kind !== 'no' &&
      expectation.via !== undefined &&
      !decision.delegations.some(({ role: by }) => by === expectation.via)
    if (decision.allowed === expected && !isOther) continue
    const { data: subject, options } = asked
    const kind = decision.allowed !== expected ? (expected ? 'refused' : 'allowed') : 'other_role'
    const said = kind === 'other_role' ? 'allowed, but by another role' : kind
    const assignment: Assignment = { subject, role, place: one.given, options, decision }
    return { kind, message: `${said}: ${describe(decision)}`, assignment }
  }
  return undefined
}

function noPlace({ compiled }: SubjectState, relation: Relation): string {
  return `no place is \`${writeRelation(relation, vocabularyOf(compiled.catalogue))}\` to this subject`
}

function describe({ reason, delegations, permission }: AssignDecision): string {
  const by = delegations.map(({ role, assigns, path }) => `${role} assigns ${assigns} (${path})`)
  const parts = [
    reason,
    ...by,
    ...(permission === undefined ? [] : [`${permission.permission}: ${permission.reason}`])
  ]
  return parts.join('; ')
}

interface RolePlace {
  readonly owner: 'none'
  readonly org: OrgClass
  readonly belongs: boolean
  readonly containers: Readonly<Record<string, ContainerClass>>
  /** As callers of `canAssign` name it. */
  readonly given: Readonly<Record<string, string>>
}

/** One place of each kind in which a role can be held. */
export function placesOf(state: SubjectState, role: CompiledRole): RolePlace[] {
  const { kind, place: only } = role
  if (kind === 'site') return [{ owner: 'none', org: 'none', belongs: true, containers: {}, given: {} }]
  if (kind === 'org') return orgsOf(state, only).map(({ org, id }) => placed(org, id, {}, {}))
  const held = state.containers[state.compiled.catalogue.containers.indexOf(kind)]
  const inside =
    only === undefined
      ? singleContainers(state, kind)
      : [{ place: held?.has(only) === true ? ('own' as const) : ('foreign' as const), id: only }]
  const all = inside.flatMap(({ place, id }) =>
    [{ org: 'none' as const, id: undefined }, ...orgsOf(state)].map(({ org, id: there }) =>
      placed(org, there, { [kind]: place }, { [kind]: id })
    )
  )
  // Where a permission is needed, a container is where its objects are: in an organization, or in none.
  const needed = neededPermission(state.compiled, 'assignPermissions', role)
  const number = state.compiled.catalogue.containers.indexOf(kind)
  const possible = all.filter(
    ({ given }) => needed === undefined || hasObjectThere(needed, placeFrom(given, kind, number))
  )
  return possible.length > 0 ? possible : all
}

function placeFrom(given: Readonly<Record<string, string>>, kind: string, number: number): Place {
  return { org: given['org'], container: { kind, number, id: given[kind] ?? '' } }
}

function placed(
  org: OrgClass,
  id: string | undefined,
  containers: RolePlace['containers'],
  given: Readonly<Record<string, string>>
): RolePlace {
  return {
    owner: 'none',
    org,
    belongs: true,
    containers,
    given: { ...(id === undefined ? {} : { org: id }), ...given }
  }
}

/** One organization of each kind, or the only one that there is. */
function orgsOf(state: SubjectState, only?: string): { org: 'own' | 'foreign'; id: string }[] {
  if (only !== undefined) return [{ org: state.orgs.has(only) ? 'own' : 'foreign', id: only }]
  return orgClasses(state, 'required').flatMap(({ kind, fields }) =>
    (kind === 'own' || kind === 'foreign') && typeof fields.org === 'string'
      ? [{ org: kind, id: fields.org }]
      : []
  )
}
