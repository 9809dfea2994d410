// From a request as data to a checked one: the errors of the spec's section 2, looked for in its order: shape,
// subject, object, action. Everything is checked, as for data from outside. It decides nothing.
import type { PermissionSet, PolicyData, ResourceDocument, RoleDocument } from '../../src/document/types.js'
import {
  grantsOf,
  ModelError,
  own,
  parseEntry,
  parseOrgEntry,
  scopeFromTemplate,
  scopeNamed,
  type Attributes,
  type HeldScope,
  type ListEntry,
  type Settings,
  type World
} from './document.js'
import {
  array,
  checkShapes,
  containerNames,
  record,
  textOrNone,
  texts,
  type CheckedObject,
  type Data,
  type Question,
  type ShapedObject,
  type Shapes
} from './shape.js'
import type { AttributeValue, Effect, Level, OptionValue } from '../../src/types.js'

type GrantsAt = (level: Level, effect: Effect) => PermissionSet

/** A role held once; a system subject counts as one. */
export interface HeldRole {
  readonly role: string
  readonly org: string | undefined
  /** Where a role of a container is held. */
  readonly container?: { readonly name: string; readonly id: string }
  /** Its own grants. */
  readonly grants: GrantsAt
  /** The roles that it includes, directly or through others, each once. */
  readonly included: readonly { readonly role: string; readonly grants: GrantsAt }[]
}

export interface Ceiling {
  readonly scopes?: readonly HeldScope[]
  readonly allowList?: readonly ListEntry[]
  readonly onlyOrgs?: readonly string[]
}

export interface CheckedSubject {
  /** None only for a system subject. */
  readonly id: string | undefined
  readonly held: readonly HeldRole[]
  readonly groups: readonly string[]
  readonly ceilings: readonly Ceiling[]
}

/** A question without errors, but for its action. */
export interface Asked {
  readonly document: PolicyData
  readonly subject: CheckedSubject
  readonly object: CheckedObject
  /** That of the object. */
  readonly resource: ResourceDocument
  /** Those of the resource, in catalogue order. */
  readonly actions: readonly string[]
}

/** Checks a question; throws a `ModelError` with the first code in the spec's order. */
export function checkQuestion(world: World, question: Question): Asked & { readonly action: string } {
  const { action } = question
  if (typeof action !== 'string') throw new ModelError('invalid_request')
  const asked = checkSubjectAndObject(world, question)
  if (!asked.actions.includes(action)) throw new ModelError('unknown_action')
  return { ...asked, action }
}

/** Checks all but the action. */
export function checkSubjectAndObject(world: World, question: Omit<Question, 'action'>): Asked {
  const { document } = world
  const shapes = checkShapes(document, question)
  const subject = checkSubject(world, shapes)
  const { object, resource } = checkObject(document, shapes.object)
  return { document, subject, object, resource, actions: Object.keys(resource.actions) }
}

function checkSubject(world: World, { subject, ceilings: ceilingData }: Shapes): CheckedSubject {
  const who = Object.hasOwn(subject, 'system')
    ? checkSystemSubject(world, subject['system'])
    : checkOrdinarySubject(world, subject)
  // "Then each ceiling's scopes, list, organizations."
  const ceilings = ceilingData.map((data): Ceiling => {
    const scopes = own(data, 'scopes')
    const allowList = own(data, 'allowList')
    const onlyOrgs = own(data, 'onlyOrgs')
    return {
      ...(scopes === undefined ? {} : { scopes: array(scopes).map((scope) => checkScope(world, scope)) }),
      ...(allowList === undefined ? {} : { allowList: checkAllowList(world, array(allowList)) }),
      ...(onlyOrgs === undefined ? {} : { onlyOrgs: checkOrgList(world, array(onlyOrgs)) })
    }
  })
  return { ...who, ceilings }
}

/** "It has no roles, groups or organizations"; "without an id it owns nothing and no ACL entry names it". */
function checkSystemSubject(world: World, name: unknown): Omit<CheckedSubject, 'ceilings'> {
  const system = typeof name === 'string' ? own(world.document.systemSubjects, name) : undefined
  if (system === undefined) throw new ModelError('unknown_system_subject')
  const held: HeldRole = {
    role: `system:${String(name)}`,
    org: undefined,
    grants: (level, effect) => grantsOf(system, level, effect, () => undefined),
    included: []
  }
  return { id: textOrNone(system.id), held: [held], groups: [] }
}

/** "Subject (id, settings, each role in turn with the options that it reads, …)". */
function checkOrdinarySubject(world: World, subject: Data): Omit<CheckedSubject, 'ceilings'> {
  const id = textOrNone(subject['id'])
  if (id === undefined) throw new ModelError('empty_subject_id')
  const orgOptions = new Map(Object.entries(record(subject['orgOptions'] ?? {})))
  for (const settings of orgOptions.values()) {
    for (const [option, value] of Object.entries(record(settings))) {
      const declared = own(world.document.orgOptions, option)
      if (declared === undefined) throw new ModelError('unknown_option')
      if (!declared.values.some((allowed) => allowed === value)) throw new ModelError('invalid_option')
    }
  }
  const held = array(subject['roles'] ?? []).map((item): HeldRole => {
    const data = typeof item === 'string' ? { role: item } : record(item)
    return holdRole(world, data, orgOptions)
  })
  return { id, held, groups: texts(subject['groups'] ?? []) }
}

function holdRole(world: World, data: Data, orgOptions: ReadonlyMap<string, unknown>): HeldRole {
  const name = String(data['role'])
  const role = findRole(world, name, data)
  checkPlaces(world, role, data)
  const org = textOrNone(own(data, 'org'))
  const settings = record((org === undefined ? undefined : orgOptions.get(org)) ?? {})
  const setting: Settings = (option): OptionValue | undefined => {
    const deployment = own(world.document.options, option)
    if (deployment !== undefined) return own(world.options, option) ?? deployment.default
    const orgOption = own(world.document.orgOptions, option)
    return orgOption?.values.find((value) => value === own(settings, option)) ?? orgOption?.default
  }
  const included = includedIn(world.document, role)
  // "An option without default that a held role reads"; "a setting that an included role reads is read by it".
  for (const each of [role, ...included.values()]) {
    for (const option of (each.variants ?? []).flatMap(({ when }) => Object.keys(when))) {
      if (setting(option) === undefined) throw new ModelError('missing_option')
    }
  }
  // "The role's ballot at each level is its own united with theirs, each with its own variants under the same
  // settings."
  const grantsIn =
    (document: RoleDocument): GrantsAt =>
    (level, effect) =>
      grantsOf(document, level, effect, setting)
  const container = textOrNone(own(data, role.kind))
  return {
    role: name,
    org,
    ...(containerNames(world.document).includes(role.kind) && container !== undefined
      ? { container: { name: role.kind, id: container } }
      : {}),
    grants: grantsIn(role),
    included: [...included].map(([other, document]) => ({ role: other, grants: grantsIn(document) }))
  }
}

/** "Names shipped roles of the same kind, in no circle": those, and those that they include. */
function includedIn(document: PolicyData, role: RoleDocument): ReadonlyMap<string, RoleDocument> {
  const found = new Map<string, RoleDocument>()
  const names = [...(role.includes ?? [])]
  for (const name of names) {
    const included = own(document.roles, name)
    if (included === undefined || found.has(name)) continue
    found.set(name, included)
    names.push(...(included.includes ?? []))
  }
  return found
}

/** A shipped role, or a custom one of the place in which it is held: of that container, that organization, the site. */
function findRole({ document, customRoles }: World, name: string, data: Data): RoleDocument {
  const { site, orgs, containers } = customRoles
  const inContainers = containerNames(document).map((container) => {
    const id = textOrNone(own(data, container))
    return id === undefined ? undefined : own(own(own(containers, container), id), name)
  })
  const org = textOrNone(own(data, 'org'))
  const inOrg = org === undefined ? undefined : own(own(orgs, org), name)
  const everywhere = [own(document.roles, name), own(site, name)]
  const role = [...inContainers, inOrg, ...everywhere].find((found) => found !== undefined)
  if (role === undefined) throw new ModelError('unknown_role')
  return role
}

/** "In the order of this table, except that a container's role needs before it takes none." */
function checkPlaces({ document }: World, role: RoleDocument, data: Data): void {
  const org = textOrNone(own(data, 'org'))
  const containers = containerNames(document).filter((name) => textOrNone(own(data, name)) !== undefined)
  const isOfContainer = role.kind !== 'site' && role.kind !== 'org'
  if (isOfContainer && !containers.includes(role.kind)) throw new ModelError('role_needs_container')
  if (role.kind === 'org' && org === undefined) throw new ModelError('role_needs_org')
  // "A container's role with an `org`: `role_takes_no_org`."
  if (role.kind !== 'org' && org !== undefined) throw new ModelError('role_takes_no_org')
  // "Any role with a container that is not of its kind."
  if (containers.some((name) => name !== role.kind)) throw new ModelError('role_takes_no_container')
}

function checkScope(world: World, scope: unknown): HeldScope {
  if (typeof scope === 'string') return scopeNamed(world.document, scope)
  const { template, params = {} } = record(scope)
  return scopeFromTemplate(world.document, String(template), record(params))
}

function checkAllowList(world: World, list: readonly unknown[]): ListEntry[] {
  if (list.length > 128) throw new ModelError('allow_list_too_long')
  return list.map((text) => parseEntry(world.document, text))
}

function checkOrgList(world: World, list: readonly unknown[]): string[] {
  // "A list is too long before an entry is bad."
  if (list.length > 128) throw new ModelError('org_list_too_long')
  return list.map((entry) => parseOrgEntry(world.document, entry))
}

/** "Object (organization, containers, attributes, ACL)". */
function checkObject(
  document: PolicyData,
  object: ShapedObject
): { readonly object: CheckedObject; readonly resource: ResourceDocument } {
  const resource = own(document.resources, object.type)
  if (resource === undefined) throw new ModelError('unknown_resource')
  const isInOrg = object.org !== undefined || object.anyOrg
  if (object.org !== undefined && object.anyOrg) throw new ModelError('any_org_with_org')
  if (resource.org === 'required' && !isInOrg) throw new ModelError('missing_org')
  if (resource.org === 'never' && isInOrg) throw new ModelError('unexpected_org')
  checkContainers(resource, object)
  const attributes = checkAttributes(resource, object)
  const hasAcls = resource.acl !== undefined && resource.acl !== false
  if (object.acl !== undefined && !hasAcls) throw new ModelError('acl_not_supported')
  return { object: { ...object, attributes }, resource }
}

/** "`'required'`, `'optional'` or, the default for each container, `'never'`." */
function checkContainers(resource: ResourceDocument, { containers }: ShapedObject): void {
  const placed = Object.entries(containers).map(([name, ids]) => {
    return { placement: own(resource.in, name) ?? 'never', isIn: ids.length > 0 }
  })
  if (placed.some(({ placement, isIn }) => placement === 'required' && !isIn)) {
    throw new ModelError('missing_container')
  }
  if (placed.some(({ placement, isIn }) => placement === 'never' && isIn)) {
    throw new ModelError('unexpected_container')
  }
}

/** "A missing or null attribute means its default." */
function checkAttributes(resource: ResourceDocument, { attributes }: ShapedObject): Attributes {
  const given = Object.entries(resource.attributes ?? {}).map(([name, declared]) => {
    return { name, values: declared.values, value: own(attributes, name) ?? declared.default }
  })
  if (given.some(({ value }) => value === undefined)) throw new ModelError('missing_attribute')
  // "A value of whatever type that the attribute does not have."
  const checked = given.map(({ name, values, value }): [string, AttributeValue] => {
    const known = values.find((one) => one === value)
    if (known === undefined) throw new ModelError('invalid_attribute')
    return [name, known]
  })
  return Object.fromEntries(checked)
}
