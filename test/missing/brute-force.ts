// Every step that somebody could think of, taken through the public interface on the request as data, and the fewest
// of them that let the request through. Shares no code with what it checks.
import { compile, isCasemateError, type ObjectRef, type Policy, type RoleDocument } from 'casemate'
import type { ActionList, ActionsWhere, PolicyData } from '../../src/document/types.js'
import type { MissingStep } from '../../src/missing/index.js'
import type { World } from '../model.js'
import { asGiven, subjectOf } from '../support/engine.js'
import { untraced } from '../support/untraced.js'

type Data = Readonly<Record<string, unknown>>
type GrantStep = Extract<MissingStep, { kind: 'grant' }>
type RoleStep = Extract<MissingStep, { kind: 'role' }>
type Place = Pick<RoleStep, 'org' | 'container'>

/** A request as data. */
export interface Asked {
  readonly policy: Policy
  readonly subject: Data
  readonly within: readonly Data[]
  readonly action: string
  readonly object: ObjectRef
}

const ceilingKeys = ['scopes', 'allowList', 'onlyOrgs']

function ceilingsOf({ subject, within }: Asked): readonly Data[] {
  return [subject, ...within].filter((one) => ceilingKeys.some((key) => key in one))
}

// --- taking a step --------------------------------------------------------------------------------------------------

/** Takes a step; a grant becomes a role of a name with that number. */
export function apply(asked: Asked, step: MissingStep, index: number): Asked {
  if (step.kind === 'role') return addRole(asked, step.role, step)
  if (step.kind === 'grant') return addGrant(asked, step, `granted ${index}`)
  if (step.kind === 'relation') {
    const { field, value } = step
    const moved = field === 'org' ? { anyOrg: undefined } : {}
    return { ...asked, object: { ...asked.object, ...moved, [field]: value } }
  }
  const changed = ceilingsOf(asked)[step.ceiling]!
  const [key, entry] = {
    scope: (one: { scope?: string }) => ['scopes', one.scope] as const,
    entry: (one: { entry?: string }) => ['allowList', one.entry] as const,
    org: (one: { org?: string }) => ['onlyOrgs', one.org] as const
  }[step.kind](step)
  const added = { ...changed, [key]: [...(changed[key] as unknown[]), entry] }
  return {
    ...asked,
    subject: asked.subject === changed ? added : asked.subject,
    within: asked.within.map((one) => (one === changed ? added : one))
  }
}

function addRole(asked: Asked, role: string, place: Place): Asked {
  const where = placeData(place)
  const held = Object.keys(where).length === 0 ? role : { role, ...where }
  const roles = [...((asked.subject['roles'] ?? []) as unknown[]), held]
  return { ...asked, subject: { ...asked.subject, roles } }
}

function placeData({ org, container }: Place): Readonly<Record<string, string>> {
  if (container !== undefined) return { [container.kind]: container.id }
  return org === undefined ? {} : { org }
}

function addGrant(asked: Asked, step: GrantStep, name: string): Asked {
  const colon = step.permission.indexOf(':')
  const resource = step.permission.slice(0, colon)
  const action = step.permission.slice(colon + 1)
  const system = asked.subject['system']
  if (typeof system !== 'string') {
    const grants = { [step.level]: { allow: { [resource]: [action] } } }
    const kind = step.container?.kind ?? (step.org === undefined ? 'site' : 'org')
    const role: RoleDocument = { kind, grants }
    return addRole({ ...asked, policy: withGrantRole(asked.policy, name, role, step) }, name, step)
  }
  // A system subject's grant is a change of the document: the service is given a line of its own beside the old ones.
  const { document, options } = asked.policy
  const systems = Object.entries(document.systemSubjects ?? {}).map(([key, value]) => {
    if (key !== system) return [key, value] as const
    const level = step.level === 'user' ? 'user' : 'site'
    const before = value.grants?.[level]?.allow ?? {}
    const list = Object.hasOwn(before, resource) ? before[resource] : before['*']
    const all = withAction(list, action, Object.keys(document.resources[resource]!.actions))
    const allow = Object.fromEntries([...Object.entries(before), [resource, all]])
    return [
      key,
      { ...value, grants: { ...value.grants, [level]: { ...value.grants?.[level], allow } } }
    ] as const
  })
  const changed: PolicyData = { ...document, systemSubjects: Object.fromEntries(systems) }
  return { ...asked, policy: compile(changed, { options }) }
}

/** The policies with one such role more: the same steps are taken from many requests. */
const made = new WeakMap<Policy, Map<string, Policy>>()

function withGrantRole(policy: Policy, name: string, role: RoleDocument, place: Place): Policy {
  const known = made.get(policy) ?? new Map<string, Policy>()
  made.set(policy, known)
  const key = JSON.stringify([name, role, placeData(place)])
  const policyMade = known.get(key) ?? policy.withRoles({ [name]: role }, asGiven(placeData(place)))
  known.set(key, policyMade)
  return policyMade
}

/** The list with one action more, for objects with any attributes. */
function withAction(list: ActionList | undefined, action: string, actions: readonly string[]): ActionList {
  if (list === undefined) return [action]
  if (list === '*') return '*'
  const others = (except: readonly string[]): string[] => actions.filter((one) => !except.includes(one))
  const plain = (some: readonly (string | ActionsWhere)[]): (string | ActionsWhere)[] => [
    ...some.filter((one) => typeof one !== 'string' || (one !== action && actions.includes(one))),
    action
  ]
  if ('except' in list) {
    const kept = others(list.except)
    if (!('where' in list) || list.where === undefined) return plain(kept)
    return kept.length === 0 ? [action] : [{ actions: kept, where: list.where }, action]
  }
  return 'actions' in list ? [list, action] : plain(list)
}

/** Whether the request is allowed; false where it cannot be asked: a role without its setting, say. */
export function isAllowed({ policy: asked, subject, within, action, object }: Asked): boolean {
  try {
    return untraced(() => subjectOf(asked, { subject, within }).can(action, object))
  } catch (error) {
    if (isCasemateError(error)) return false
    throw error
  }
}

// --- every step -----------------------------------------------------------------------------------------------------

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const texts = (value: unknown): readonly string[] => [value].flat().filter(isText)
const unique = (...lists: readonly (readonly unknown[])[]): string[] => [
  ...new Set(lists.flat().filter(isText))
]

/** Every step that somebody could think of, without a thought for whether it helps. */
function everyStep(asked: Asked, { document }: World): MissingStep[] {
  const { subject, object } = asked
  const held = ((subject['roles'] ?? []) as readonly (string | Data)[]).filter(
    (role): role is Data => typeof role !== 'string'
  )
  const row: Data = { ...object }
  const ceilings = ceilingsOf(asked)
  const lists = ceilings.flatMap(({ onlyOrgs }) => texts(onlyOrgs))
  const orgs = unique(
    held.map((one) => one['org']),
    [object.org, 'new'],
    Object.keys(object.acl?.groups ?? {}),
    // Where ids are UUIDs, a list has them in lower case, and an object has the one that it is in as an exact text.
    lists
      .filter((org) => org !== '*' && org !== '*none')
      .flatMap((org) => (document.ids === 'uuid' ? [org, org.toLowerCase()] : org))
  )
  const containers = (document.containers ?? []).map(({ name }) => {
    const ids = unique(
      held.map((one) => one[name]),
      texts(row[name]),
      ['new']
    )
    return { kind: name, ids }
  })
  return [
    ...('system' in subject ? [] : roleSteps(asked, orgs, containers)),
    ...grantSteps(asked, document, orgs, containers),
    ...ceilings.flatMap((one, ceiling) => ceilingSteps(asked, document, one, ceiling, orgs)),
    ...relationSteps(asked, orgs, containers)
  ]
}

type Containers = readonly { readonly kind: string; readonly ids: readonly string[] }[]

function roleSteps({ policy }: Asked, orgs: readonly string[], containers: Containers): MissingStep[] {
  return policy.roles
    .list()
    .filter(({ isAssignable }) => isAssignable)
    .flatMap(({ name, kind, org, container }): MissingStep[] => {
      if (kind === 'site') return [{ kind: 'role', role: name }]
      if (kind === 'org')
        return (org === undefined ? orgs : [org]).map((place) => ({ kind: 'role', role: name, org: place }))
      const ids = containers.find((one) => one.kind === kind)?.ids ?? []
      return (container === undefined ? ids : [container]).map((id) => ({
        kind: 'role',
        role: name,
        container: { kind, id }
      }))
    })
}

function grantSteps(
  { subject, action, object }: Asked,
  { resources }: PolicyData,
  orgs: readonly string[],
  containers: Containers
): MissingStep[] {
  const { acl } = resources[object.type]!
  const required = typeof acl === 'object' ? acl.requires : undefined
  return unique([action, required]).flatMap((one): MissingStep[] => {
    const permission = `${object.type}:${one}`
    const grant = (level: string, place: Place = {}): MissingStep => {
      return { kind: 'grant', level, permission, ...place }
    }
    const isSystem = 'system' in subject
    return [
      grant('site'),
      grant('user'),
      ...(isSystem ? [] : orgs.flatMap((org) => [grant('org', { org }), grant('orgMember', { org })])),
      ...(isSystem ? [] : containers).flatMap(({ kind, ids }) =>
        ids.flatMap((id) => [
          grant(kind, { container: { kind, id } }),
          grant(`${kind}Member`, { container: { kind, id } })
        ])
      )
    ]
  })
}

function ceilingSteps(
  { policy, object }: Asked,
  { ids }: PolicyData,
  one: Data,
  ceiling: number,
  orgs: readonly string[]
): MissingStep[] {
  const isListable = ids !== 'uuid' || /^[\da-f-]{36}$/i.test(object.id ?? '')
  const entries = [...(isListable ? [`${object.type}:${object.id ?? '*'}`] : []), `${object.type}:*`, '*:*']
  return [
    ...('scopes' in one
      ? policy.scopes.list().map(({ name }): MissingStep => ({ kind: 'scope', scope: name, ceiling }))
      : []),
    ...('allowList' in one ? entries.map((entry): MissingStep => ({ kind: 'entry', entry, ceiling })) : []),
    ...('onlyOrgs' in one
      ? [...orgs, '*none', '*'].map((org): MissingStep => ({ kind: 'org', org, ceiling }))
      : [])
  ]
}

function relationSteps({ subject }: Asked, orgs: readonly string[], containers: Containers): MissingStep[] {
  const fields: readonly (readonly [string, readonly (string | undefined)[]])[] = [
    ['owner', [subject['id'] as string | undefined, 'somebody', undefined]],
    ['org', [...orgs, undefined]],
    ...containers.map(({ kind, ids }) => [kind, [...ids, undefined]] as const)
  ]
  return fields.flatMap(([field, values]) =>
    values.map((value): MissingStep => ({ kind: 'relation', field, value }))
  )
}

// --- the fewest -----------------------------------------------------------------------------------------------------

/** The fewest of these steps that let the request through, up to two; infinite where two do not. */
export function fewestSteps(asked: Asked, world: World): number {
  if (isAllowed(asked)) return 0
  const all = everyStep(asked, world)
  const tried = all.flatMap((step) => tryStep(asked, step, 1))
  if (tried.some(({ after }) => isAllowed(after))) return 1
  for (const { step, after } of tried)
    for (const second of all) {
      // One relation of the object is changed at most.
      if (second === step || (step.kind === 'relation' && second.kind === 'relation')) continue
      if (tryStep(after, second, 2).some((both) => isAllowed(both.after))) return 2
    }
  return Number.POSITIVE_INFINITY
}

/** A step may not be possible: a custom role with a grant that never matches is refused. */
function tryStep(asked: Asked, step: MissingStep, index: number): { step: MissingStep; after: Asked }[] {
  try {
    return [{ step, after: untraced(() => apply(asked, step, index)) }]
  } catch (error) {
    if (isCasemateError(error)) return []
    throw error
  }
}
