// The roles and grants of which one more is enough to allow a request in a situation.
import { requiredFor, type CompiledPermission } from '../compile/catalogue.js'
import { findRole, listRoles } from '../compile/role-index.js'
import type { CompiledRole } from '../compile/roles.js'
import { anyAllow, containerLevels } from '../levels.js'
import type { SubjectState } from '../request/state.js'
import { containersOfObject, isGranted, withGrant, withRole, type Held } from './hypothetical.js'
import type { Situation } from './situations.js'
import type { GrantStep, RoleStep } from './types.js'

/** The roles that help, those with the least power first. A system subject can hold none. */
export function helpingRoles(
  { state, object, places }: Situation,
  permission: CompiledPermission
): RoleStep[] {
  if (state.system !== undefined) return []
  const inside = containersOfObject(state, permission, object)
  const held = (role: CompiledRole): readonly Held[] => {
    if (role.kind === 'site') return [{}]
    if (role.kind === 'org') return (role.place === undefined ? places : [role.place]).map((org) => ({ org }))
    const ids = new Set(inside[state.compiled.catalogue.containers.indexOf(role.kind)])
    return [...ids].flatMap((id) =>
      role.place === undefined || role.place === id ? { container: { kind: role.kind, id } } : []
    )
  }
  const assignable = listRoles(state.compiled.roles).filter(({ document }) => document.assignable !== false)
  const helping = assignable.flatMap((role) =>
    held(role).flatMap((place): { step: RoleStep; power: number }[] => {
      const states = withRole(state, role, place, permission)
      const helps = states.length > 0 && states.every((one) => isGranted(one, permission, object))
      return helps ? [{ step: { kind: 'role', role: role.name, ...place }, power: powerOf(states) }] : []
    })
  )
  return helping.sort((a, b) => a.power - b.power).map(({ step }) => step)
}

/** How many permissions the subject then has somewhere: the more, the less a role is what was meant. */
function powerOf([state]: readonly SubjectState[]): number {
  if (state === undefined) return 0
  const unions = [state.site, ...[state.orgs, ...state.containers].flatMap((held) => [...held.values()])]
  const sizes = unions.map(({ table }) =>
    table.reduce((sum, byte) => sum + ((byte & anyAllow) === 0 ? 0 : 1), 0)
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** The grants that help, the narrowest first; those of what an ACL entry requires after those of the permission. */
export function helpingGrants(situation: Situation, permission: CompiledPermission): GrantStep[] {
  const { state, object } = situation
  const required = requiredFor(permission)
  const granted = required === undefined || required === permission ? [permission] : [permission, required]
  return granted.flatMap((one) =>
    grantPlaces(situation, one).flatMap((place): GrantStep[] =>
      isGranted(withGrant(state, place, one), permission, object)
        ? [{ kind: 'grant', ...place, permission: one.name }]
        : []
    )
  )
}

type GrantPlace = Omit<GrantStep, 'kind' | 'permission'>

/** The levels that are asked about the object, with the places where a role could have the grant. */
function grantPlaces({ state, object, places }: Situation, permission: CompiledPermission): GrantPlace[] {
  const isOwner = state.id !== '' && object.owner === state.id
  const isPlaced = (typeof object.org === 'string' && object.org !== '') || object.anyOrg === true
  const orgs = isPlaced && state.system === undefined ? places : []
  const inside = containersOfObject(state, permission, object)
  const isInside = inside.some((ids) => ids.length > 0)
  const containers = state.compiled.catalogue.containers
    .flatMap((kind, number) => [...new Set(inside[number])].map((id) => ({ kind, id })))
    .filter(() => state.system === undefined)
  return [
    ...(isOwner
      ? containers.map((container) => ({ level: containerLevels(container.kind)[1], container }))
      : []),
    ...(isOwner ? orgs.map((org) => ({ level: 'orgMember', org })) : []),
    ...(isOwner && !isPlaced && !isInside ? [{ level: 'user' }] : []),
    ...containers.map((container) => ({ level: container.kind, container })),
    ...orgs.map((org) => ({ level: 'org', org })),
    { level: 'site' }
  ]
}

/** The subject with one of these steps; of a role's unknown settings one state for each combination. */
export function statesAfter(
  state: SubjectState,
  step: RoleStep | GrantStep,
  permission: CompiledPermission
): SubjectState[] {
  if (step.kind === 'grant') {
    const granted = [permission, requiredFor(permission)].find((one) => one?.name === step.permission)
    return [withGrant(state, step, granted ?? permission)]
  }
  const { org, container } = step
  const role = findRole(state.compiled.roles, step.role, org ?? container?.id, container?.kind)
  return role === undefined ? [] : withRole(state, role, step, permission)
}
