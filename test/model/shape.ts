// The types of a request's parts, the spec's `invalid_request`: the first errors that are looked for. Everything is
// checked, as for data from outside. Of the policy it knows which fields there are.
import type { PolicyData } from '../../src/document/types.js'
import { ModelError, own, type Attributes } from './document.js'

/** The spec's section 5, and the ceilings that `within` lays on the subject one after the other. */
export interface Question {
  readonly subject: unknown
  readonly within?: readonly unknown[]
  readonly action: unknown
  readonly object: unknown
}

type Actions = readonly string[]

/** An object whose fields have the right types; its attributes may have any value, or none. */
export interface ShapedObject {
  readonly type: string
  readonly id: string | undefined
  readonly owner: string | undefined
  readonly org: string | undefined
  readonly anyOrg: boolean
  /** The ids of the containers that it is in, by the name of each container of the document. */
  readonly containers: Readonly<Record<string, readonly string[]>>
  readonly attributes: Data
  readonly acl?: {
    readonly users?: Readonly<Record<string, Actions>>
    readonly groups?: Readonly<Record<string, Actions>>
  }
}

export interface CheckedObject extends ShapedObject {
  readonly attributes: Attributes
}

export type Data = Readonly<Record<string, unknown>>

/** A question whose parts have the right types. */
export interface Shapes {
  readonly subject: Data
  readonly ceilings: readonly Data[]
  readonly object: ShapedObject
}

/** Checks the types of everything but the action; throws `invalid_request`, and no other code. */
export function checkShapes(
  document: PolicyData,
  { subject, within = [], object }: Omit<Question, 'action'>
): Shapes {
  const ceilings = within.map((ceiling) => {
    const data = record(ceiling, ceilingKeys)
    // "A `within` with none of `scopes`, `allowList` and `onlyOrgs`" is one.
    if (Object.keys(data).length === 0) throw new ModelError('invalid_request')
    return data
  })
  const subjectData = checkSubjectShape(document, subject)
  for (const ceiling of [subjectData, ...ceilings]) checkCeilingShape(ceiling)
  return {
    subject: subjectData,
    ceilings: [subjectData, ...ceilings],
    object: checkObjectShape(document, object)
  }
}

const ceilingKeys = ['scopes', 'allowList', 'onlyOrgs']

function checkSubjectShape(document: PolicyData, value: unknown): Data {
  const subject = record(value)
  if (Object.hasOwn(subject, 'system')) {
    // "A system subject is exactly `{"system":NAME}`."
    const { system } = record(subject, ['system'])
    if (typeof system !== 'string') throw new ModelError('invalid_request')
    return subject
  }
  const keys = ['id', 'roles', 'groups', 'orgOptions', ...ceilingKeys]
  // Lists "may be missing and are never null": a default stands in for what is missing alone.
  const { id, roles = [], groups = [], orgOptions = {} } = record(subject, keys)
  textOrNone(id)
  for (const held of array(roles)) {
    if (typeof held === 'string') continue
    // "A held role is `{"role":"maintainer","project":"p1"}`."
    const places = ['org', ...containerNames(document)]
    const data = record(held, ['role', ...places])
    if (typeof data['role'] !== 'string') throw new ModelError('invalid_request')
    for (const place of places) textOrNone(own(data, place))
  }
  texts(groups)
  for (const settings of Object.values(record(orgOptions))) record(settings)
  return subject
}

function checkCeilingShape(ceiling: Data): void {
  // "`scopes`, `allowList` or `onlyOrgs` present as `undefined` or `null` is an error."
  if (Object.hasOwn(ceiling, 'allowList')) array(ceiling['allowList'])
  if (Object.hasOwn(ceiling, 'onlyOrgs')) array(ceiling['onlyOrgs'])
  if (!Object.hasOwn(ceiling, 'scopes')) return
  for (const scope of array(ceiling['scopes'])) {
    if (typeof scope === 'string') continue
    const { template, params = {} } = record(scope, ['template', 'params'])
    if (typeof template !== 'string') throw new ModelError('invalid_request')
    record(params)
  }
}

function checkObjectShape(document: PolicyData, value: unknown): ShapedObject {
  const data = record(value)
  const { type, id, owner, org, anyOrg, acl } = data
  if (typeof type !== 'string') throw new ModelError('invalid_request')
  // "A field that is an attribute of another resource is unknown, and of an unknown resource every further field is
  // that is no container."
  const containers = containerNames(document)
  const attributes = Object.keys(own(document.resources, type)?.attributes ?? {})
  record(data, ['type', 'id', 'owner', 'org', 'anyOrg', 'acl', ...containers, ...attributes])
  const isAsking = anyOrg ?? false
  if (typeof isAsking !== 'boolean') throw new ModelError('invalid_request')
  return {
    type,
    id: textOrNone(id),
    owner: textOrNone(owner),
    org: textOrNone(org),
    anyOrg: isAsking,
    containers: Object.fromEntries(containers.map((name) => [name, containerIds(own(data, name))])),
    attributes: Object.fromEntries(attributes.map((name) => [name, own(data, name)])),
    ...(acl === undefined || acl === null ? {} : { acl: checkAclShape(acl) })
  }
}

/** "One field for each container with an id or a list of ids"; "in a list no entry is null or empty". */
function containerIds(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    const ids = texts(value)
    if (ids.includes('')) throw new ModelError('invalid_request')
    return ids
  }
  const id = textOrNone(value)
  return id === undefined ? [] : [id]
}

/** In the order of the document. */
export function containerNames(document: PolicyData): string[] {
  return (document.containers ?? []).map(({ name }) => name)
}

function checkAclShape(value: unknown): NonNullable<CheckedObject['acl']> {
  const { users = {}, groups = {} } = record(value, ['users', 'groups'])
  const entries = (map: unknown): Record<string, Actions> =>
    Object.fromEntries(Object.entries(record(map)).map(([id, actions]) => [id, texts(actions)]))
  return { users: entries(users), groups: entries(groups) }
}

/** A plain object, with no other keys than these where they are given: "any unknown key is" an `invalid_request`. */
export function record(value: unknown, keys?: readonly string[]): Data {
  if (typeof value !== 'object' || value === null) throw new ModelError('invalid_request')
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw new ModelError('invalid_request')
  const data: Data = Object.fromEntries(Object.entries(value))
  if (keys !== undefined && Object.keys(data).some((key) => !keys.includes(key))) {
    throw new ModelError('invalid_request')
  }
  return data
}

/** An array, whatever it holds. */
export function array(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new ModelError('invalid_request')
  return value
}

/** An array of strings. */
export function texts(value: unknown): string[] {
  return array(value).map((item) => {
    if (typeof item !== 'string') throw new ModelError('invalid_request')
    return item
  })
}

/** "A missing, null or empty-string field means none." */
export function textOrNone(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw new ModelError('invalid_request')
  return value
}
