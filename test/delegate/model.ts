// The oracle of delegation: the spec's section 7, sentence by sentence, straight from the document. It shares no code
// with the engine. What a wildcard comes to mean is not argued about but tried: the document is given actions,
// resources and values that it lacks, and everything must be covered there too.
import type { PolicyData, ResourceDocument, RoleDocument } from '../../src/document/types.js'
import { modelAnswer, type ErrorAnswer, type World } from '../model.js'
import { grantsOf, impliersOf, own, type Settings } from '../model/document.js'
import { checkSubjectAndObject, type CheckedSubject } from '../model/request.js'
import { containerNames } from '../model/shape.js'
import type { Effect, Level, OptionValue } from '../../src/types.js'
import { everyWanted, has, isCovered, kindOf, partsOf, type Place, type Wanted } from './model-cover.js'
import { everyAddition } from './additions.js'

export type { Place } from './model-cover.js'

/** Somebody who gives: a subject as data, and the ceilings that `within` lays on it. */
export interface Giver {
  readonly subject: unknown
  readonly within?: readonly unknown[]
}

/** `canAssign`, or with `unassignPermissions` `canUnassign`. */
export function modelCanAssign(
  world: World,
  giver: Giver,
  name: string,
  place: Place,
  which: 'assignPermissions' | 'unassignPermissions' = 'assignPermissions'
): boolean | ErrorAnswer {
  const { document } = world
  const { org, container } = partsOf(place)
  const role = roleNamed(world, name, place)
  if (role === undefined) return { error: 'unknown_role' }
  if (role.kind === 'org' && org === undefined) return { error: 'role_needs_org' }
  if (role.kind === 'site' && org !== undefined) return { error: 'role_takes_no_org' }
  if (containerNames(document).includes(role.kind) && container?.name !== role.kind)
    return { error: 'role_needs_container' }
  if (container !== undefined && container.name !== role.kind) return { error: 'role_takes_no_container' }

  const isCustom = !Object.hasOwn(document.roles ?? {}, name)
  const reaches = (entry: string): boolean =>
    entry === '*' || (isCustom ? entry === `custom:${role.kind}` : entry === name)
  const { held, ceilings } = check(world, giver)
  const isListed = held.some((holding) => {
    const assigns = assignsOf(world, holding.role)
    // "An org role's `assigns` reach roles of the same organization and of containers in it alone, a container role's
    // those of the same container."
    const isOfOrg = holding.org === undefined || holding.org === org
    const there = holding.container
    const isOfContainer = there === undefined || (there.name === container?.name && there.id === container.id)
    return isOfOrg && isOfContainer && assigns.some(reaches)
  })
  if (!isListed || role.assignable === false) return false

  // "Where the policy names `assignPermissions` the subject is allowed that permission on an object in that
  // organization (or on one in none, for a site role; for a container's role: on one in that container and
  // organization, with every attribute at its default, else at its first value)."
  const permission = document[which]?.[role.kind]
  if (permission !== undefined) {
    const colon = permission.indexOf(':')
    const [type, action] = [permission.slice(0, colon), permission.slice(colon + 1)]
    const attributes = Object.entries(own(document.resources, type)?.attributes ?? {})
    const object = Object.fromEntries<unknown>([
      ['type', type],
      ...(org === undefined ? [] : [['org', org] as const]),
      ...(container === undefined ? [] : [[container.name, container.id] as const]),
      ...attributes.map(([attribute, { default: usual, values }]) => [attribute, usual ?? values[0]] as const)
    ])
    const answer = modelAnswer(world, { ...giver, action, object })
    // An error: there is no object of that resource there.
    if ('error' in answer || !answer.allowed) return false
  } else if (ceilings.some((ceiling) => Object.keys(ceiling).length > 0)) {
    return false
  }
  return !isCustom || modelCanGrant(world, giver, role, place)
}

/** The names that `canAssign` allows, in no promised order. */
export function modelAssignableRoles(world: World, giver: Giver, place: Place): readonly string[] {
  const { site, orgs, containers } = world.customRoles
  const { org, container } = partsOf(place)
  const inContainer = container && own(own(containers, container.name), container.id)
  const custom = container !== undefined ? inContainer : org === undefined ? site : own(orgs, org)
  const names = [...Object.keys(world.document.roles ?? {}), ...Object.keys(custom ?? {})]
  return names.filter((name) => modelCanAssign(world, giver, name, place) === true)
}

/** `canGrant` of a role that is a custom role of that place. */
export function modelCanGrant(world: World, giver: Giver, role: RoleDocument, place: Place): boolean {
  return modelCanReplace(world, giver, { kind: role.kind }, role, place)
}

/** `canReplace` of two custom roles of that place. */
export function modelCanReplace(
  world: World,
  giver: Giver,
  oldRole: RoleDocument,
  newRole: RoleDocument,
  place: Place
): boolean {
  const kind = kindOf(place)
  const levels: readonly Level[] = kind === 'site' ? ['site', 'user'] : [kind, `${kind}Member`]
  return [world, ...everyAddition(world)].every((when) => {
    const { document } = when
    const subject = check(when, giver)
    const [before, after] = [closure(document, oldRole), closure(document, newRole)]
    return settingsOf(document, [...before, ...after]).every((setting) => {
      const names = (roles: readonly RoleDocument[], level: Level, effect: Effect, wanted: Wanted): boolean =>
        roles.some((role) => has(document, grantsOf(role, level, effect, setting), effect, wanted))
      return levels.every((level) =>
        everyWanted(document).every((wanted) => {
          const isAdded = names(after, level, 'allow', wanted) && !names(before, level, 'allow', wanted)
          // "Every deny taken away counts as an allow added."
          const isFreed = names(before, level, 'deny', wanted) && !names(after, level, 'deny', wanted)
          return !(isAdded || isFreed) || isCovered(document, subject, level, wanted, place)
        })
      )
    })
  })
}

/** `canShare` of an ACL without defects; `error` where the object has one. */
export function modelCanShare(
  world: World,
  giver: Giver,
  object: Readonly<Record<string, unknown>>,
  acl: { readonly users?: Entries; readonly groups?: Entries }
): boolean | ErrorAnswer {
  const resource = own(world.document.resources, String(object['type']))
  const words = [...Object.values(acl.users ?? {}), ...Object.values(acl.groups ?? {})].flat()
  for (const word of words) {
    const meant = actionsMeant(resource, word)
    // "Every action that the entries name is one that the subject may itself do": one that the resource lacks is not.
    const actions = meant ?? [word]
    for (const action of actions) {
      const answer = modelAnswer(world, { ...giver, action, object })
      if ('error' in answer && answer.error !== 'unknown_action') return answer
      if ('error' in answer || !answer.allowed) return false
    }
  }
  return true
}

/** "Holds that level's actions (and what they imply)"; `undefined` for a word that is neither action nor level. */
function actionsMeant(resource: ResourceDocument | undefined, word: string): readonly string[] | undefined {
  const all = Object.keys(resource?.actions ?? {})
  if (word === '*') return all
  const acl = resource?.acl
  const level = typeof acl === 'object' ? own(acl.levels, word) : undefined
  if (level === undefined && !all.includes(word)) return undefined
  const isNamed = (action: string): boolean => {
    if (level === undefined) return action === word
    if (level === '*') return true
    return 'except' in level ? !level.except.includes(action) : level.includes(action)
  }
  return all.filter((action) => impliersOf(resource, action).some(isNamed))
}

type Entries = Readonly<Record<string, readonly string[]>>

/** Who gives, as the semantics sees it: the roles held with their grants, the ceilings. */
export function check(world: World, giver: Giver): CheckedSubject {
  return checkSubjectAndObject(world, { ...giver, object: someObject(world.document) }).subject
}

/** Any object without defects. */
function someObject({ resources }: PolicyData): Readonly<Record<string, unknown>> {
  const nothing: ResourceDocument = { actions: {} }
  const [[type, resource] = ['', nothing]] = Object.entries(resources)
  const { org, in: places = {}, attributes = {} } = resource
  const required = Object.entries(places).filter(([, placement]) => placement === 'required')
  return Object.fromEntries<unknown>([
    ['type', type],
    ...(org === 'required' ? [['anyOrg', true] as const] : []),
    ...required.map(([name]) => [name, 'anywhere'] as const),
    ...Object.entries(attributes).map(([name, { values }]) => [name, values[0]] as const)
  ])
}

/** The role, and the shipped roles that it includes. */
function closure({ roles }: PolicyData, role: RoleDocument): readonly RoleDocument[] {
  const found = new Set([role])
  for (const each of found)
    for (const name of each.includes ?? []) {
      const included = own(roles, name)
      if (included !== undefined) found.add(included)
    }
  return [...found]
}

/** Every combination of values of the options that the roles' variants read. */
function settingsOf(
  { options = {}, orgOptions = {} }: PolicyData,
  roles: readonly RoleDocument[]
): readonly Settings[] {
  const asked = roles.flatMap(({ variants = [] }) => variants.flatMap(({ when }) => Object.keys(when)))
  const combinations = [...new Set(asked)].reduce<ReadonlyMap<string, OptionValue>[]>(
    (before, option) => {
      const { values } = own(orgOptions, option) ?? own(options, option) ?? { values: [] }
      return before.flatMap((setting) => values.map((value) => new Map([...setting, [option, value]])))
    },
    [new Map()]
  )
  return combinations.map((setting) => (option) => setting.get(option))
}

/** The role that a name means there; a role of another place has no name here. */
function roleNamed(world: World, name: string, place: Place): RoleDocument | undefined {
  const { site, orgs, containers } = world.customRoles
  const { org, container } = partsOf(place)
  const inside = container && own(own(own(containers, container.name), container.id), name)
  const inOrg = org === undefined ? undefined : own(own(orgs, org), name)
  return own(world.document.roles, name) ?? inside ?? inOrg ?? own(site, name)
}

/** What a holding lists: a custom role has no `assigns`. */
function assignsOf({ document }: World, holder: string): readonly string[] {
  const system = holder.startsWith('system:')
    ? own(document.systemSubjects, holder.slice('system:'.length))
    : undefined
  return (system ?? own(document.roles, holder))?.assigns ?? []
}
