// From a request as data to a checked one: the errors of the spec's section 2, looked for in its order: shape,
// subject, object, action. Everything is checked, as for data from outside. It decides nothing.
import type { PermissionSet, RoleDocument } from '../../src/document/types.js'
import {
  grantsOf,
  ModelError,
  own,
  parseEntry,
  scopeFromTemplate,
  scopeNamed,
  type HeldScope,
  type ListEntry,
  type World
} from './document.js'
import {
  array,
  checkShapes,
  record,
  textOrNone,
  texts,
  type CheckedObject,
  type Data,
  type Question,
  type Shapes
} from './shape.js'
import type { Effect, Level, OptionValue } from '../../src/types.js'

/** A role held once; a system subject counts as one. */
export interface HeldRole {
  readonly role: string
  readonly org: string | undefined
  readonly grants: (level: Level, effect: Effect) => PermissionSet
}

export interface Ceiling {
  readonly scopes?: readonly HeldScope[]
  readonly allowList?: readonly ListEntry[]
}

export interface CheckedSubject {
  /** None only for a system subject. */
  readonly id: string | undefined
  readonly held: readonly HeldRole[]
  readonly groups: readonly string[]
  readonly ceilings: readonly Ceiling[]
}

/** Checks a question; throws a `ModelError` with the first code in the spec's order. */
export function checkQuestion(
  world: World,
  question: Question
): { subject: CheckedSubject; object: CheckedObject; action: string } {
  const { action } = question
  if (typeof action !== 'string') throw new ModelError('invalid_request')
  const { subject, object, actions } = checkSubjectAndObject(world, question)
  if (!actions.includes(action)) throw new ModelError('unknown_action')
  return { subject, object, action }
}

/** Checks all but the action; `actions` are those of the object's resource, in catalogue order. */
export function checkSubjectAndObject(
  world: World,
  question: Omit<Question, 'action'>
): { subject: CheckedSubject; object: CheckedObject; actions: readonly string[] } {
  const shapes = checkShapes(question)
  const subject = checkSubject(world, shapes)
  return { subject, object: shapes.object, actions: checkObject(world, shapes.object) }
}

function checkSubject(world: World, { subject, ceilings: ceilingData }: Shapes): CheckedSubject {
  const who = Object.hasOwn(subject, 'system')
    ? checkSystemSubject(world, subject['system'])
    : checkOrdinarySubject(world, subject)
  const ceilings = ceilingData.map((data): Ceiling => {
    const scopes = own(data, 'scopes')
    const allowList = own(data, 'allowList')
    return {
      ...(scopes === undefined ? {} : { scopes: array(scopes).map((scope) => checkScope(world, scope)) }),
      ...(allowList === undefined ? {} : { allowList: checkAllowList(world, array(allowList)) })
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
    grants: (level, effect) => grantsOf(system, level, effect, () => undefined)
  }
  return { id: textOrNone(system.id), held: [held], groups: [] }
}

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
    const { role, org } = typeof item === 'string' ? { role: item } : record(item)
    return holdRole(world, String(role), textOrNone(org), orgOptions)
  })
  return { id, held, groups: texts(subject['groups'] ?? []) }
}

function holdRole(
  world: World,
  name: string,
  org: string | undefined,
  orgOptions: ReadonlyMap<string, unknown>
): HeldRole {
  const role = findRole(world, name, org)
  const settings = record((org === undefined ? undefined : orgOptions.get(org)) ?? {})
  const setting = (option: string): OptionValue | undefined => {
    const deployment = own(world.document.options, option)
    if (deployment !== undefined) return own(world.options, option) ?? deployment.default
    const orgOption = own(world.document.orgOptions, option)
    return orgOption?.values.find((value) => value === own(settings, option)) ?? orgOption?.default
  }
  // "An option without default that a held role reads."
  for (const variant of role.variants ?? []) {
    for (const option of Object.keys(variant.when)) {
      if (setting(option) === undefined) throw new ModelError('missing_option')
    }
  }
  return { role: name, org, grants: (level, effect) => grantsOf(role, level, effect, setting) }
}

/** A shipped role, or a custom one of the site or of that organization. */
function findRole(world: World, name: string, org: string | undefined): RoleDocument {
  const { site, orgs } = world.customRoles
  const inSite = [own(world.document.roles, name), own(site, name)].find((role) => role !== undefined)
  const inOrg = org === undefined ? undefined : own(own(orgs, org), name)
  const role = inOrg ?? inSite
  if (role === undefined) throw new ModelError('unknown_role')
  if (role.kind === 'org' && org === undefined) throw new ModelError('role_needs_org')
  if (role.kind === 'site' && org !== undefined) throw new ModelError('role_takes_no_org')
  return role
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

function checkObject(world: World, object: CheckedObject): string[] {
  const resource = own(world.document.resources, object.type)
  if (resource === undefined) throw new ModelError('unknown_resource')
  const isInOrg = object.org !== undefined || object.anyOrg
  if (object.org !== undefined && object.anyOrg) throw new ModelError('any_org_with_org')
  if (resource.org === 'required' && !isInOrg) throw new ModelError('missing_org')
  if (resource.org === 'never' && isInOrg) throw new ModelError('unexpected_org')
  if (object.acl !== undefined && resource.acl !== true) throw new ModelError('acl_not_supported')
  return Object.keys(resource.actions)
}
