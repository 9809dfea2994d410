// An action and an object as given → a question. This is the slow and complete reading: all errors about an object come
// from here, in the order shape, object, action. The fast path of `can` takes only well-formed questions.
import { catalogueSignature, type CompiledPermission, type CompiledResource } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { hasFields, ownField, rowField } from '../problems/own-fields.js'
import { type RequestProblems } from '../problems/request-problems.js'
import type { AttributeValue, ObjectRef } from '../types.js'
import { checkContainers, readAttributes, readContainers, type ReadContainers } from './object-fields.js'
import { quoteValue } from '../problems/quote.js'
import { isPlainObject, isRecord } from '../problems/plain.js'
import type { Path } from '../problems/path.js'
import { canBeInOrg, canBeOutside } from '../levels.js'

/** A question after reading; `undefined` means "none". */
export interface Question {
  /** That of the object's attributes. */
  readonly permission: CompiledPermission
  readonly id: string | undefined
  readonly owner: string | undefined
  readonly org: string | undefined
  readonly anyOrg: boolean
  /** The containers that it is in, by the number of their kind. */
  readonly containers: ReadContainers
  /** The attributes that it gives, by name. */
  readonly attributes: ReadonlyMap<string, AttributeValue>
  /** Not checked before it is needed, unless the object comes from outside. */
  readonly acl: unknown
}

export interface QuestionMode {
  readonly objectPath: Path
  readonly actionPath: Path
  /** Data from outside: all of it is checked, and an unknown key is a problem. */
  readonly isOutside: boolean
  /** Whether a wrong id is a problem. In process it is only where a ceiling reads the id. */
  readonly readsId: boolean
}

const objectKeys: ReadonlySet<string> = new Set(['type', 'id', 'owner', 'org', 'anyOrg', 'acl'])

/** An object with its resource, before the action is known. */
export type ReadObject = Omit<Question, 'permission'> & {
  readonly resource: CompiledResource
  /** The number of its combination of attributes. */
  readonly combination: number
}

export function readQuestion(
  compiled: CompiledPolicy,
  action: unknown,
  object: unknown,
  mode: QuestionMode,
  problems: RequestProblems
): Question | undefined {
  const read = readObject(compiled, object, mode, problems)
  const permission = readAction(compiled, action, read?.resource, mode, problems)
  if (read === undefined || permission === undefined) return undefined
  const { resource, combination, id, owner, org, anyOrg, containers, attributes, acl } = read
  const asked = permissionAt(resource, permission, combination)
  return { permission: asked, id, owner, org, anyOrg, containers, attributes, acl }
}

/** The permission of an action on objects with a combination of attributes; `any` is the one of any combination. */
export function permissionAt(
  { actions, permissions }: CompiledResource,
  any: CompiledPermission,
  combination: number
): CompiledPermission {
  const start = permissions[0]?.index ?? 0
  return permissions[((any.index - start) % actions.size) + combination * actions.size] ?? any
}

export function readObject(
  compiled: CompiledPolicy,
  object: unknown,
  mode: QuestionMode,
  problems: RequestProblems
): ReadObject | undefined {
  const path = mode.objectPath
  // In process a row may be an object of any class, as in `can`.
  const isObject = mode.isOutside ? isRecord : hasFields
  if (!isObject(object)) {
    problems.addShape(path, 'an object with a `type`', object)
    return undefined
  }
  const field = (key: string): unknown => (mode.isOutside ? ownField : rowField)(object, key)
  const type = field('type')
  const { resources, containers: kinds } = compiled.catalogue
  const named = typeof type === 'string' ? resources.get(type) : undefined
  if (mode.isOutside || compiled.isStrict) {
    const attributes = named?.attributes.map(({ name }) => name) ?? []
    const keys =
      kinds.length + attributes.length === 0 ? objectKeys : new Set([...objectKeys, ...kinds, ...attributes])
    for (const key of Object.keys(object)) if (!keys.has(key)) problems.addUnknownKey(path, key, keys)
    if (mode.isOutside) problems.addInherited(path, object, keys)
  }
  const owner = readId(field('owner'), path, 'owner', problems)
  const org = readId(field('org'), path, 'org', problems)
  const id = readId(field('id'), path, 'id', mode.isOutside || mode.readsId ? problems : undefined)
  const anyOrg = readAnyOrg(field('anyOrg'), path, problems)
  const given = field('acl') ?? undefined
  const acl = mode.isOutside && given !== undefined ? copyAcl(given, [...path, 'acl'], problems) : given
  const containers = readContainers(kinds, field, path, problems)
  if (typeof type !== 'string') {
    problems.addShape([...path, 'type'], 'the name of a resource', type)
    return undefined
  }
  if (named === undefined) {
    problems.addUnknown('unknown_resource', [...path, 'type'], 'resource', type, resources)
    return undefined
  }
  checkOrg({ resource: named, org, anyOrg }, path, problems)
  checkContainers(named, kinds, containers, path, problems)
  const { attributes, combination } = readAttributes(named, field, path, problems)
  if (acl !== undefined && !named.acl)
    problems.add('acl_not_supported', [...path, 'acl'], `${quoteValue(named.name)} has no ACL`, named.name)
  return { resource: named, id, owner, org, anyOrg, containers, attributes, combination, acl }
}

/** The object with only the fields that casemate knows and that are present. */
export function toObjectRef(
  { catalogue }: CompiledPolicy,
  read: Omit<ReadObject, 'resource' | 'combination'>,
  type: string
): ObjectRef {
  const { id, owner, org, anyOrg, containers, attributes, acl } = read
  // Assigned one by one: a spread for each field takes a third of the time of an explanation.
  let object: { -readonly [K in keyof ObjectRef]: ObjectRef[K] } = { type }
  if (id !== undefined) object.id = id
  if (owner !== undefined) object.owner = owner
  if (org !== undefined) object.org = org
  if (anyOrg) object.anyOrg = anyOrg
  if (containers.length + attributes.size > 0)
    object = { ...object, ...declaredFields(catalogue.containers, read) }
  if (isPlainObject(acl)) object.acl = acl
  return object
}

function declaredFields(
  kinds: readonly string[],
  { containers, attributes }: Pick<ReadObject, 'containers' | 'attributes'>
): Readonly<Record<string, unknown>> {
  const places: [string, string | readonly string[]][] = []
  for (const [number, kind] of kinds.entries()) {
    const [first, ...others] = containers[number] ?? []
    if (first !== undefined)
      places.push([kind, others.length === 0 ? first : Object.freeze([first, ...others])])
  }
  return Object.fromEntries<unknown>([...places, ...attributes])
}

function readId(
  value: unknown,
  path: Path,
  key: string,
  problems: RequestProblems | undefined
): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (value !== undefined && value !== null) problems?.addShape([...path, key], 'a text', value)
  return undefined
}

function readAnyOrg(value: unknown, path: Path, problems: RequestProblems): boolean {
  if (typeof value === 'boolean') return value
  if (value !== undefined && value !== null) problems.addShape([...path, 'anyOrg'], 'true or false', value)
  return false
}

function checkOrg(
  { resource, org, anyOrg }: Pick<ReadObject, 'resource' | 'org' | 'anyOrg'>,
  path: Path,
  problems: RequestProblems
): void {
  const isPlaced = org !== undefined || anyOrg
  if (org !== undefined && anyOrg)
    problems.add('any_org_with_org', [...path, 'anyOrg'], 'both `org` and `anyOrg` are given', true)
  if (!isPlaced && !canBeOutside(resource.org))
    problems.add(
      'missing_org',
      [...path, 'org'],
      `${quoteValue(resource.name)} needs an \`org\`, or \`anyOrg: true\``
    )
  if (isPlaced && !canBeInOrg(resource.org))
    problems.add(
      'unexpected_org',
      [...path, anyOrg ? 'anyOrg' : 'org'],
      `${quoteValue(resource.name)} belongs to no organization`,
      org ?? true
    )
}

const aclKeys = new Set(['users', 'groups'])

/** A frozen copy of an ACL from outside, so that later changes to the data do not reach what was checked. */
function copyAcl(acl: unknown, path: Path, problems: RequestProblems): unknown {
  if (!isPlainObject(acl)) {
    problems.addShape(path, 'an ACL, `{ users, groups }`', acl)
    return acl
  }
  problems.addInherited(path, acl, aclKeys)
  return mapOwn(acl, (list, key) => {
    if (aclKeys.has(key)) return copyAclList(list, [...path, key], problems)
    problems.addUnknownKey(path, key, aclKeys)
    return undefined
  })
}

function copyAclList(list: unknown, path: Path, problems: RequestProblems): unknown {
  if (isPlainObject(list))
    return mapOwn(list, (entry, id) =>
      checkAclEntry(entry, [...path, id], problems)
        ? Object.freeze(Array.from({ length: entry.length }, (_, i) => entry[i]))
        : undefined
    )
  problems.addShape(path, 'a record from id to actions', list)
  return undefined
}

function mapOwn(
  fields: Readonly<Record<string, unknown>>,
  map: (value: unknown, key: string) => unknown
): unknown {
  return Object.freeze(
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, map(value, key)]))
  )
}

/** Whether an entry is a list of texts. */
export function checkAclEntry(
  entry: unknown,
  path: Path,
  problems: RequestProblems
): entry is readonly string[] {
  if (!Array.isArray(entry)) {
    problems.addShape(path, 'a list of actions', entry)
    return false
  }
  const wrong = indexOfNoText(entry)
  if (wrong >= 0) problems.addShape([...path, wrong], 'an action', entry[wrong])
  return wrong < 0
}

/**
 * Where a list has a hole or something else than a text first; -1 for nowhere. By index, because the list is the
 * caller's, and its methods may be the caller's own.
 */
export function indexOfNoText(list: readonly unknown[]): number {
  for (let i = 0; i < list.length; i++) if (typeof list[i] !== 'string') return i
  return -1
}

function readAction(
  compiled: CompiledPolicy,
  action: unknown,
  resource: CompiledResource | undefined,
  mode: QuestionMode,
  problems: RequestProblems
): CompiledPermission | undefined {
  const path = mode.actionPath
  if (typeof action === 'string') {
    const permission = resource?.actions.get(action)
    if (resource !== undefined && permission === undefined) {
      problems.addUnknownAction(path, action, resource)
    }
    return permission
  }
  const permission = mode.isOutside ? undefined : knownPermission(compiled, action)
  if (permission === undefined) problems.addShape(path, 'an action', action)
  else if (resource !== undefined && permission.definition !== resource)
    problems.addShape(mode.objectPath, `an object of type ${quoteValue(permission.resource)}`, resource.name)
  return permission
}

/** The permission of this catalogue, also if another policy with an equal catalogue resolved it. */
export function knownPermission(compiled: CompiledPolicy, value: unknown): CompiledPermission | undefined {
  const { signature, permissions } = compiled.catalogue
  if (!hasFields(value) || Reflect.get(value, catalogueSignature) !== signature) return undefined
  const index = ownField(value, 'index')
  return typeof index === 'number' ? permissions[index] : undefined
}
