// The question of the view `why`, and changes of it. A question is plain data; whether it makes sense, the policy says.
import type { CompiledPolicy } from '../../compile/compile.js'
import { isPlainObject } from '../../problems/plain.js'
import type { CeilingInput, ObjectRef, OptionValue, RoleHeld } from '../../types.js'
import { CellMemory } from '../cells.js'
import type { ExploreRequest } from '../request.js'
import { askersOf } from '../rows.js'

/** A subject with roles. */
export type Person = Exclude<ExploreRequest['subject'], { readonly system: string }>

/** Whether a value has the outline of a request. What its parts have wrong, the policy says. */
export function isRequest(value: unknown): value is ExploreRequest {
  if (!isPlainObject(value)) return false
  const within = value['within']
  return (
    isPlainObject(value['subject']) &&
    typeof value['action'] === 'string' &&
    isPlainObject(value['object']) &&
    typeof value['object']['type'] === 'string' &&
    (within === undefined || Array.isArray(within))
  )
}

/** A question to begin with: the first role and the first action. */
export function firstQuestion(compiled: CompiledPolicy): ExploreRequest {
  const [resource] = compiled.catalogue.resources.values()
  const [action = ''] = resource?.actions.keys() ?? []
  const [asker] = resource === undefined ? [] : askersOf(compiled, { resource: resource.name })
  const found = resource && asker && new CellMemory().reach(asker, resource.name, action).example
  return found ?? { subject: { id: 'u1', roles: [] }, action, object: { type: resource?.name ?? '' } }
}

export function isPerson(subject: ExploreRequest['subject']): subject is Person {
  return !Object.hasOwn(subject, 'system')
}

/** A person's fields as far as they are what a form can show; of a service, those of somebody without roles. */
export function personOf(subject: ExploreRequest['subject']): Person {
  if (!isPerson(subject)) return { id: 'u1', roles: [] }
  const given: Readonly<Record<string, unknown>> = { ...subject }
  const list = (key: string): object => (Array.isArray(given[key]) ? { [key]: given[key] } : {})
  const orgOptions = isPlainObject(given['orgOptions']) ? Object.entries(given['orgOptions']) : []
  const settings = orgOptions.flatMap(([org, values]) => (isSettings(values) ? [[org, values] as const] : []))
  return {
    id: textOf(given['id']),
    roles: itemsOf(given['roles']).filter(isHeld),
    groups: textsOf(given['groups']),
    ...(settings.length === 0 ? {} : { orgOptions: Object.fromEntries(settings) }),
    ...list('scopes'),
    ...list('allowList'),
    ...list('onlyOrgs')
  }
}

/** A text as it is, nothing as the empty one, and anything else as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}

/** The texts in a list. */
export function textsOf(value: unknown): string[] {
  return itemsOf(value).filter((one) => typeof one === 'string')
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isSettings(value: unknown): value is Readonly<Record<string, OptionValue>> {
  return (
    isPlainObject(value) &&
    Object.values(value).every((one) => ['string', 'number', 'boolean'].includes(typeof one))
  )
}

function isHeld(value: unknown): value is RoleHeld {
  if (typeof value === 'string') return true
  return (
    isPlainObject(value) &&
    Object.hasOwn(value, 'role') &&
    Object.values(value).every((one) => typeof one === 'string')
  )
}

/** The roles that a form can show. */
export function rolesOf({ roles = [] }: Person): readonly RoleHeld[] {
  return roles
}

/** A role as it is held: in `o1`, or in `project1`, where it needs a place and has none. */
export function heldRole(compiled: CompiledPolicy, name: string, place = ''): RoleHeld {
  const kind = compiled.roles.shipped.get(name)?.kind ?? 'site'
  if (kind === 'site') return name
  if (kind === 'org') return { role: name, org: place === '' ? 'o1' : place }
  return { role: name, [kind]: place === '' ? `${kind}1` : place }
}

export function nameOfRole(held: RoleHeld): string {
  return typeof held === 'string' ? held : held.role
}

/** The id of the place where a role is held; empty for none. */
export function placeOfRole(held: RoleHeld): string {
  if (typeof held === 'string') return ''
  return Object.entries(held).find(([key]) => key !== 'role')?.[1] ?? ''
}

/** The same with one field of the object set, or taken away. */
export function withField(request: ExploreRequest, field: string, value: unknown): ExploreRequest {
  const others = Object.entries(request.object).filter(([key]) => key !== field)
  const given: [string, unknown][] = value === undefined || value === '' ? [] : [[field, value]]
  return { ...request, object: { type: request.object.type, ...Object.fromEntries([...others, ...given]) } }
}

/** The same about another resource: what its objects have in common with those of the old one stays. */
export function withResource(
  { catalogue }: CompiledPolicy,
  request: ExploreRequest,
  name: string
): ExploreRequest {
  const resource = catalogue.resources.get(name)
  if (resource === undefined) return request
  const { id, owner, org, anyOrg } = request.object
  const isPlaced = resource.org !== 'never'
  const object: ObjectRef = {
    type: name,
    ...(id === undefined ? {} : { id }),
    ...(owner === undefined ? {} : { owner }),
    ...(isPlaced && org !== undefined ? { org } : {}),
    ...(isPlaced && anyOrg !== undefined ? { anyOrg } : {}),
    ...(resource.org === 'required' && org === undefined && anyOrg !== true ? { org: 'o1' } : {}),
    ...Object.fromEntries(
      catalogue.containers.flatMap((kind, number) =>
        resource.places[number] === 'required' ? [[kind, `${kind}1`] as const] : []
      )
    ),
    ...Object.fromEntries(
      resource.attributes.flatMap(({ name: attribute, values, usual }) =>
        usual === undefined ? [[attribute, values[0]] as const] : []
      )
    )
  }
  const action = resource.actions.has(request.action)
    ? request.action
    : ([...resource.actions.keys()][0] ?? '')
  return { ...request, action, object }
}

/** The same with a list of a person's ceiling, or without it: a list that is there is a ceiling, an empty one too. */
export function withCeiling(
  request: ExploreRequest,
  key: keyof CeilingInput,
  list: readonly unknown[] | undefined
): ExploreRequest {
  const person = personOf(request.subject)
  const others = Object.entries(person).filter(([one]) => one !== key)
  const subject = { id: person.id, roles: rolesOf(person), ...Object.fromEntries(others) }
  return { ...request, subject: list === undefined ? subject : { ...subject, [key]: list } }
}
