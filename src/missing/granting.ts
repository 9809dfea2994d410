// The steps that make a role or an ACL entry allow a refused request, apart from ceilings. Roles and grants only add
// votes, and a grant at `site` allows wherever `site` does not deny, so one step is enough unless `site` denies. Then
// only an ACL entry can allow. For that the subject may have to belong to the object's organization: it takes one role
// or grant more, or another organization of the object, or both.
import type { CompiledPermission } from '../compile/catalogue.js'
import { listRoles } from '../compile/role-index.js'
import type { CompiledRole } from '../compile/roles.js'
import type { SubjectState } from '../request/state.js'
import type { ObjectRef } from '../types.js'
import { relationClasses } from '../verify/space/classes.js'
import { isGranted, withGrant, withRole } from './hypothetical.js'
import type { GrantStep, MissingStep, RelationStep, RoleStep } from './types.js'
import { canBeInOrg, canBeOutside, anyAllow } from '../levels.js'

/**
 * The smallest sets of steps, the one to prefer first: roles that exist, those with the least power first, then grants,
 * the narrowest first, then other objects. Empty where no steps help; one empty set where none are needed.
 */
export function stepsToGrant(
  state: SubjectState,
  permission: CompiledPermission,
  object: ObjectRef
): readonly (readonly MissingStep[])[] {
  if (isGranted(state, permission, object)) return [[]]
  const relations = relationSteps(state, permission, object)
  const single: MissingStep[] = [
    ...helpingRoles(state, permission, object),
    ...helpingGrants(state, permission, object),
    ...relations.filter((step) => isGranted(state, permission, change(object, step)))
  ]
  if (single.length > 0) return single.map((step) => [step])
  return [helpingRoles, helpingGrants].flatMap((helping) =>
    relations.flatMap((relation) =>
      helping(state, permission, change(object, relation)).map((step) => [step, relation])
    )
  )
}

/** The object with its owner or organization changed. */
export function change(object: ObjectRef, { field, value }: RelationStep): ObjectRef {
  const { owner, org, anyOrg, ...rest } = object
  if (field === 'owner')
    return {
      ...rest,
      ...(value === undefined ? {} : { owner: value }),
      ...(org === undefined ? {} : { org }),
      ...(anyOrg === undefined ? {} : { anyOrg })
    }
  return {
    ...rest,
    ...(owner === undefined ? {} : { owner }),
    ...(value === undefined ? {} : { org: value })
  }
}

function helpingRoles(state: SubjectState, permission: CompiledPermission, object: ObjectRef): RoleStep[] {
  if (state.system !== undefined) return []
  const places = placesFor(state, permission, object)
  const assignable = listRoles(state.compiled.roles).filter(({ document }) => document.assignable !== false)
  const helping = assignable.flatMap((role) =>
    placesOf(role, places).flatMap((org): { step: RoleStep; power: number }[] => {
      const states = withRole(state, role, org, permission)
      const helps = states.length > 0 && states.every((one) => isGranted(one, permission, object))
      const step: RoleStep = { kind: 'role', role: role.name, ...(org === undefined ? {} : { org }) }
      return helps ? [{ step, power: powerOf(states) }] : []
    })
  )
  return helping.sort((a, b) => a.power - b.power).map(({ step }) => step)
}

function placesOf(role: CompiledRole, places: readonly string[]): readonly (string | undefined)[] {
  if (role.kind === 'site') return [undefined]
  return role.place === undefined ? places : [role.place]
}

/**
 * Where one more role could matter: the object's organization, or one of each kind that the subject has and a new one.
 */
function placesFor(state: SubjectState, permission: CompiledPermission, object: ObjectRef): string[] {
  if (typeof object.org === 'string' && object.org !== '') return [object.org]
  const own = relationClasses(state, permission, { acl: false }).flatMap(({ orgs }) => orgs[0] ?? [])
  return [...new Set(own.length > 0 ? own : [...state.orgs.keys()].slice(0, 1)), newOrg(state)]
}

function newOrg(state: SubjectState): string {
  let number = 1
  while (state.orgs.has(`o${number}`)) number++
  return `o${number}`
}

/** How many permissions the subject then has somewhere: the more, the less a role is what was meant. */
function powerOf(states: readonly SubjectState[]): number {
  const [state] = states
  if (state === undefined) return 0
  const tables = [state.site.table, ...[...state.orgs.values()].map(({ table }) => table)]
  const sizes = tables.map((table) => table.reduce((sum, byte) => sum + ((byte & anyAllow) === 0 ? 0 : 1), 0))
  return sizes.reduce((sum, size) => sum + size, 0)
}

function helpingGrants(state: SubjectState, permission: CompiledPermission, object: ObjectRef): GrantStep[] {
  return grantSteps(state, permission, object).filter((step) =>
    isGranted(withGrant(state, step, permission), permission, object)
  )
}

function grantSteps(state: SubjectState, permission: CompiledPermission, object: ObjectRef): GrantStep[] {
  const isOwner = state.id !== '' && object.owner === state.id
  const hasOrg = typeof object.org === 'string' && object.org !== ''
  const grant = (level: GrantStep['level'], org?: string): GrantStep => ({
    kind: 'grant',
    level,
    permission: permission.name,
    ...(org === undefined ? {} : { org })
  })
  const isPlaced = hasOrg || object.anyOrg === true
  const orgs = isPlaced && state.system === undefined ? placesFor(state, permission, object) : []
  return [
    ...(isOwner ? orgs.map((org) => grant('orgMember', org)) : []),
    ...(isOwner && !isPlaced ? [grant('user')] : []),
    ...orgs.map((org) => grant('org', org)),
    grant('site')
  ]
}

/** Every other owner and organization that could change the decision: one of each kind, and those in the ACL. */
function relationSteps(
  state: SubjectState,
  permission: CompiledPermission,
  object: ObjectRef
): RelationStep[] {
  const owner: RelationStep[] =
    state.id === '' || object.owner === state.id
      ? []
      : [{ kind: 'relation', field: 'owner', value: state.id }]
  const { org: placement } = permission.definition
  if (!canBeInOrg(placement)) return owner
  const own = relationClasses(state, permission, { acl: false }).flatMap(({ orgs }) => orgs[0] ?? [])
  const named = Object.keys(object.acl?.groups ?? {}).filter((name) => name !== '')
  const orgs = [...new Set([...own, ...named, newOrg(state)])].filter((org) => org !== object.org)
  const isPlaced = (typeof object.org === 'string' && object.org !== '') || object.anyOrg === true
  const none: RelationStep[] =
    canBeOutside(placement) && isPlaced ? [{ kind: 'relation', field: 'org', value: undefined }] : []
  return [
    ...owner,
    ...orgs.map((value): RelationStep => ({ kind: 'relation', field: 'org', value })),
    ...none
  ]
}
