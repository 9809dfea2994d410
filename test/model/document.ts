// What a document says before anybody asks: permission sets, variants and scopes, read the slow way, straight from
// the plain data. It resolves nothing ahead of time and shares no code with the engine. It trusts that the document
// is valid: finding problems in documents is not its job.
import type {
  ActionList,
  ActionsExcept,
  ActionsWhere,
  Grants,
  PermissionSet,
  PolicyData,
  ResourceDocument,
  RoleDocument,
  Where
} from '../../src/document/types.js'
import type { AttributeValue, Effect, Level, OptionValue } from '../../src/types.js'

/** A document with everything that is fixed before the first request: deployment options and custom roles. */
export interface World {
  readonly document: PolicyData
  readonly options: Readonly<Record<string, OptionValue>>
  readonly customRoles: {
    readonly site: CustomRoles
    readonly orgs: Readonly<Record<string, CustomRoles>>
    /** By the container's name and an id. */
    readonly containers?: Readonly<Record<string, Readonly<Record<string, CustomRoles>>>>
  }
}

type CustomRoles = Readonly<Record<string, RoleDocument>>

/** "A policy to which they were never added": the world without custom roles of the site, or of a place of a kind. */
export function worldWithout(world: World, names: readonly string[], kind: string, id = ''): World {
  const { site, orgs, containers = {} } = world.customRoles
  const less = (roles: CustomRoles = {}): CustomRoles =>
    Object.fromEntries(Object.entries(roles).filter(([name]) => !names.includes(name)))
  if (kind === 'site') return { ...world, customRoles: { ...world.customRoles, site: less(site) } }
  if (kind === 'org')
    return { ...world, customRoles: { ...world.customRoles, orgs: { ...orgs, [id]: less(orgs[id]) } } }
  const places = { ...containers[kind], [id]: less(containers[kind]?.[id]) }
  return { ...world, customRoles: { ...world.customRoles, containers: { ...containers, [kind]: places } } }
}

/** The spec's error codes for requests. */
export type ErrorCode =
  | 'unknown_resource'
  | 'unknown_action'
  | 'unknown_role'
  | 'unknown_scope'
  | 'unknown_scope_template'
  | 'unknown_system_subject'
  | 'unknown_option'
  | 'missing_parameter'
  | 'unknown_parameter'
  | 'invalid_parameter'
  | 'missing_option'
  | 'invalid_option'
  | 'empty_subject_id'
  | 'role_needs_org'
  | 'role_takes_no_org'
  | 'any_org_with_org'
  | 'missing_org'
  | 'unexpected_org'
  | 'missing_container'
  | 'unexpected_container'
  | 'role_needs_container'
  | 'role_takes_no_container'
  | 'missing_attribute'
  | 'invalid_attribute'
  | 'acl_not_supported'
  | 'org_list_too_long'
  | 'invalid_org_list_entry'
  | 'invalid_allow_list_entry'
  | 'allow_list_too_long'
  | 'invalid_request'

/** Thrown inside the model where the spec says that a question is an error. */
export class ModelError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode) {
    super(code)
    this.code = code
  }
}

/** A record's own entry: names like `__proto__` are ordinary names. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

/** The values of an object's attributes, defaults included. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** The grants of `set` that name `resource:action` for an object with these attributes, as they are written there. */
export function grantsNaming(
  set: PermissionSet | undefined,
  effect: Effect,
  resource: string,
  action: string,
  attributes: Attributes = {}
): string[] {
  if (set === undefined) return []
  // "In an allow, a named key replaces the wildcard for that resource. In a deny, the wildcard and the named keys
  // add up."
  const keys = effect === 'deny' ? [resource, '*'] : [Object.hasOwn(set, resource) ? resource : '*']
  return keys.flatMap((key) => {
    const list = own(set, key)
    return list === undefined ? [] : grantsInList(key, list, action, attributes)
  })
}

/** "All its actions, a list, or all but a list"; "a list may also hold `{ actions, where }`". */
function grantsInList(key: string, list: ActionList, action: string, attributes: Attributes): string[] {
  if (list === '*') return [`${key}:*`]
  if ('except' in list) {
    if (list.except.includes(action) || !isMatching(list.where, attributes)) return []
    return [`${key}:* except ${list.except.join(', ')}${whereText(list.where)}`]
  }
  const items: readonly (string | ActionsWhere)[] = 'actions' in list ? [list] : list
  return items.flatMap((item) => {
    const { actions, where } = typeof item === 'string' ? { actions: [item], where: undefined } : item
    if (!isMatching(where, attributes)) return []
    if (actions === '*') return [`${key}:*${whereText(where)}`]
    return actions.includes(action) ? [`${key}:${action}${whereText(where)}`] : []
  })
}

/** "If it has a `where`, every attribute that it names has one of the values that it gives." */
function isMatching(where: ActionsExcept['where'], attributes: Attributes): boolean {
  return Object.entries(where ?? {}).every(([attribute, values]) =>
    valuesOf(values).some((value) => value === own(attributes, attribute))
  )
}

/** As a grant with a `where` is named: `doc:update where status = draft | published, locked = false`. */
function whereText(where: Where | undefined): string {
  if (where === undefined) return ''
  const parts = Object.entries(where).map(([name, values]) => `${name} = ${valuesOf(values).join(' | ')}`)
  return ` where ${parts.join(', ')}`
}

function valuesOf(values: Where[string]): readonly AttributeValue[] {
  return typeof values === 'object' ? values : [values]
}

/**
 * The grants of an allow that let `resource:action` through: those that name it or an action that implies it. "An allow
 * of an action that implies others is an allow of those too, under the same `where`"; "denies imply nothing".
 */
export function grantsAllowing(
  document: PolicyData,
  set: PermissionSet | undefined,
  resource: string,
  action: string,
  attributes: Attributes
): string[] {
  const grants = impliersOf(own(document.resources, resource), action).flatMap((named) =>
    grantsNaming(set, 'allow', resource, named, attributes)
  )
  // A wildcard may name the action and another that implies it: one grant all the same.
  return [...new Set(grants)]
}

/** The action itself and all that imply it, directly or through others. */
export function impliersOf(resource: ResourceDocument | undefined, action: string): string[] {
  const found = [action]
  for (const implied of found) {
    for (const [implier, those] of Object.entries(resource?.implies ?? {})) {
      if (those.includes(implied) && !found.includes(implier)) found.push(implier)
    }
  }
  return found
}

/** The values of options that one role, held once, sees. */
export type Settings = (option: string) => OptionValue | undefined

/** A role's permission set of one level and effect, its variants applied. */
export function grantsOf(
  role: { grants?: Grants | undefined; variants?: RoleDocument['variants'] },
  level: Level,
  effect: Effect,
  setting: Settings
): PermissionSet {
  let set: PermissionSet = role.grants?.[level]?.[effect] ?? {}
  // "Variants are applied in order where all of their `when` holds (strict equality): the keys they name replace
  // the role's keys of the same level and effect, other keys stay."
  for (const variant of role.variants ?? []) {
    const holds = Object.entries(variant.when).every(([option, value]) => setting(option) === value)
    if (holds) set = { ...set, ...variant.grants[level]?.[effect] }
  }
  return set
}

/** An entry of an allow list, split. */
export interface ListEntry {
  readonly type: string
  readonly id: string
}

/** A scope that somebody holds: a permission set, and the list of its own that a template's instance may carry. */
export interface HeldScope {
  readonly allow: PermissionSet
  readonly list?: readonly ListEntry[]
}

/** The scope of that name: declared, by its name or an alias, or low-level. */
export function scopeNamed(document: PolicyData, name: string): HeldScope {
  for (const [declared, scope] of Object.entries(document.scopes ?? {})) {
    if (declared === name || scope.aliases?.includes(name)) return { allow: scope.allow }
  }
  // "Low-level scopes are not declared: every `resource:action` and `resource:*` of the catalogue is a scope name."
  for (const [resource, { actions }] of Object.entries(document.resources)) {
    if (name === `${resource}:*`) return { allow: { [resource]: '*' } }
    for (const action of Object.keys(actions)) {
      if (name === `${resource}:${action}`) return { allow: { [resource]: [action] } }
    }
  }
  throw new ModelError('unknown_scope')
}

/** The instance of a scope template with those parameters. */
export function scopeFromTemplate(
  document: PolicyData,
  name: string,
  params: Readonly<Record<string, unknown>>
): HeldScope {
  const template = own(document.scopeTemplates, name)
  if (template === undefined) throw new ModelError('unknown_scope_template')
  const isGiven = (param: string): boolean => own(params, param) !== undefined
  for (const param of Object.keys(params)) {
    if (!Object.hasOwn(template.params, param)) throw new ModelError('unknown_parameter')
  }
  for (const [param, kind] of Object.entries(template.params)) {
    if (!isGiven(param) && kind === 'required') throw new ModelError('missing_parameter')
    // "A parameter's value is an id or, for a flag, a boolean; never empty, never `*`."
    const isValid = (value: unknown): boolean =>
      kind === 'flag' ? typeof value === 'boolean' : value !== '*' && isListableId(document, value)
    if (isGiven(param) && !isValid(own(params, param))) throw new ModelError('invalid_parameter')
  }

  let allow = template.allow
  for (const variant of template.variants ?? []) {
    // "A flag not given is false."
    const holds = Object.entries(variant.when).every(
      ([flag, value]) => (own(params, flag) ?? false) === value
    )
    if (holds) allow = { ...allow, ...variant.allow }
  }
  if (template.allowList === undefined) return { allow }
  const list = template.allowList.flatMap((text) => {
    const entry = splitEntry(text)
    if (!entry.id.startsWith('{') || !entry.id.endsWith('}')) return [parseEntry(document, text)]
    const value = own(params, entry.id.slice(1, -1))
    // "An entry whose optional parameter is not given is left out."
    return typeof value === 'string' ? [{ type: entry.type, id: listedId(document, value) }] : []
  })
  return { allow, list }
}

/** Checks and splits an entry `type:id`, `type:*`, `*:id` or `*:*`. */
export function parseEntry(document: PolicyData, text: unknown): ListEntry {
  if (typeof text !== 'string' || !text.includes(':')) throw new ModelError('invalid_allow_list_entry')
  const { type, id } = splitEntry(text)
  const isKnownType = type === '*' || Object.hasOwn(document.resources, type)
  if (!isKnownType || !isListableId(document, id)) throw new ModelError('invalid_allow_list_entry')
  return { type, id: listedId(document, id) }
}

/** "Split at the first colon": an id may hold others. */
function splitEntry(text: string): ListEntry {
  const colon = text.indexOf(':')
  return { type: text.slice(0, colon), id: text.slice(colon + 1) }
}

/** An entry of `onlyOrgs`: an id of an organization, `*none` or `*`. */
export function parseOrgEntry(document: PolicyData, entry: unknown): string {
  // "No text or empty or, with `ids: 'uuid'`, neither a UUID nor `*` nor `*none`."
  if (entry === '*none') return entry
  if (!isListableId(document, entry)) throw new ModelError('invalid_org_list_entry')
  return listedId(document, entry)
}

function isListableId(document: PolicyData, id: unknown): id is string {
  if (typeof id !== 'string' || id === '') return false
  return document.ids !== 'uuid' || id === '*' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)
}

/** "UUIDs there and in `onlyOrgs` are lower-cased when parsed": in lists and parameters, nowhere else. */
function listedId(document: PolicyData, id: string): string {
  return document.ids === 'uuid' ? id.toLowerCase() : id
}
