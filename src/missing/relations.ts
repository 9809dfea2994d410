// Objects with another owner, another organization or other containers of one kind.
import type { CompiledPermission } from '../compile/catalogue.js'
import { canBeInOrg, canBeOutside } from '../levels.js'
import type { SubjectState } from '../request/state.js'
import type { ObjectRef } from '../types.js'
import { singleContainers } from '../verify/space/class-places.js'
import { containersOfObject } from './hypothetical.js'
import { allOrgs } from './places.js'
import type { RelationStep } from './types.js'

/** The object with the field of the step changed. In another organization, or in none, it asks for no `anyOrg`. */
export function change(object: ObjectRef, { field, value }: RelationStep): ObjectRef {
  const { type, ...fields } = object
  const kept = Object.entries(fields).filter(
    ([name]) => name !== field && !(field === 'org' && name === 'anyOrg')
  )
  const changed: Readonly<Record<string, unknown>> = Object.fromEntries(kept)
  return { ...changed, ...(value === undefined ? {} : { [field]: value }), type }
}

/** Every such change that could change the decision: one of each kind, and the organizations in the ACL. */
export function relationSteps(
  state: SubjectState,
  permission: CompiledPermission,
  object: ObjectRef
): RelationStep[] {
  return [
    ...ownerSteps(state, object),
    ...orgSteps(state, permission, object),
    ...containerSteps(state, permission, object)
  ]
}

function relation(field: string, value: string | undefined): RelationStep {
  return { kind: 'relation', field, value }
}

/** A deny for owners may stand before an allow of a container: to own less can help too. */
function ownerSteps({ id }: SubjectState, { owner }: ObjectRef): RelationStep[] {
  return id === '' ? [] : [relation('owner', owner === id ? undefined : id)]
}

function orgSteps(
  state: SubjectState,
  { definition }: CompiledPermission,
  object: ObjectRef
): RelationStep[] {
  if (!canBeInOrg(definition.org)) return []
  const named = Object.keys(object.acl?.groups ?? {}).filter((name) => name !== '')
  const isPlaced = (typeof object.org === 'string' && object.org !== '') || object.anyOrg === true
  return [
    ...allOrgs(state, named).flatMap((org) => (org === object.org ? [] : relation('org', org))),
    ...(canBeOutside(definition.org) && isPlaced ? [relation('org', undefined)] : [])
  ]
}

/** One container of each kind is enough: if roles allow in several at once, they allow in one of them alone. */
function containerSteps(
  state: SubjectState,
  permission: CompiledPermission,
  object: ObjectRef
): RelationStep[] {
  const containers = containersOfObject(state, permission, object)
  return state.compiled.catalogue.containers.flatMap((kind, number) => {
    const placement = permission.definition.places[number] ?? 'never'
    if (!canBeInOrg(placement)) return []
    const ids = new Set(containers[number])
    const others = singleContainers(state, kind).filter(({ id }) => ids.size !== 1 || !ids.has(id))
    return [
      ...others.map(({ id }) => relation(kind, id)),
      ...(canBeOutside(placement) && ids.size > 0 ? [relation(kind, undefined)] : [])
    ]
  })
}
