// The oracle of delegation: the spec's section 7, sentence by sentence, straight from the document. It shares no code
// with the engine. What a wildcard "also means tomorrow" is not argued about but tried: the document is given actions
// and resources that it lacks, and everything must be covered there too.
import type { PermissionSet, PolicyData, RoleDocument } from '../../src/document/types.js'
import { modelAnswer, type ErrorAnswer, type World } from '../model.js'
import { grantsNaming, grantsOf, own } from '../model/document.js'
import { checkSubjectAndObject, type CheckedSubject } from '../model/request.js'
import type { Effect, Level, OptionValue } from '../../src/types.js'

/** Somebody who gives: a subject as data, and the ceilings that `within` lays on it. */
export interface Giver {
  readonly subject: unknown
  readonly within?: readonly unknown[]
}

export type Place = string | undefined

/** `canAssign`, or with `unassignPermissions` `canUnassign`. */
export function modelCanAssign(
  world: World,
  giver: Giver,
  name: string,
  org: Place,
  which: 'assignPermissions' | 'unassignPermissions' = 'assignPermissions'
): boolean | ErrorAnswer {
  const { document } = world
  const role = roleNamed(world, name, org)
  if (role === undefined) return { error: 'unknown_role' }
  if (role.kind === 'org' && org === undefined) return { error: 'role_needs_org' }
  if (role.kind === 'site' && org !== undefined) return { error: 'role_takes_no_org' }

  const isCustom = !Object.hasOwn(document.roles ?? {}, name)
  const reaches = (entry: string): boolean =>
    entry === '*' || (isCustom ? entry === `custom:${role.kind}` : entry === name)
  const { held, ceilings } = check(world, giver)
  const isListed = held.some((holding) => {
    const assigns = assignsOf(world, holding.role)
    // "An org role's `assigns` reach org roles of the same organization alone."
    return (holding.org === undefined || holding.org === org) && assigns.some(reaches)
  })
  if (!isListed || role.assignable === false) return false

  // "Where the policy names `assignPermissions` the subject is allowed that permission on an object in that
  // organization (or on one in none, for a site role)."
  const permission = document[which]?.[role.kind]
  if (permission !== undefined) {
    const [type, action] = permission.split(':')
    const answer = modelAnswer(world, {
      ...giver,
      action,
      object: { type, ...(org === undefined ? {} : { org }) }
    })
    // An error: there is no object of that resource there.
    if ('error' in answer || !answer.allowed) return false
  } else if (ceilings.some(({ scopes, allowList }) => scopes !== undefined || allowList !== undefined)) {
    return false
  }
  return !isCustom || modelCanGrant(world, giver, role, org)
}

/** The names that `canAssign` allows, in no promised order. */
export function modelAssignableRoles(world: World, giver: Giver, org: Place): readonly string[] {
  const { site, orgs } = world.customRoles
  const custom = org === undefined ? site : own(orgs, org)
  const names = [...Object.keys(world.document.roles ?? {}), ...Object.keys(custom ?? {})]
  return names.filter((name) => modelCanAssign(world, giver, name, org) === true)
}

/** `canGrant` of a role that is a custom role of that place. */
export function modelCanGrant(world: World, giver: Giver, role: RoleDocument, org: Place): boolean {
  return modelCanReplace(world, giver, { kind: role.kind }, role, org)
}

/** `canReplace` of two custom roles of that place. */
export function modelCanReplace(
  world: World,
  giver: Giver,
  oldRole: RoleDocument,
  newRole: RoleDocument,
  org: Place
): boolean {
  const levels: readonly Level[] = org === undefined ? ['site', 'user'] : ['org', 'orgMember']
  return [world, tomorrow(world)].every((when) => {
    const subject = check(when, giver)
    return settingsOf(when.document, [oldRole, newRole]).every((setting) => {
      const names = (
        role: RoleDocument,
        level: Level,
        effect: Effect,
        permission: readonly string[]
      ): boolean => has(grantsOf(role, level, effect, setting), effect, permission)
      return levels.every((level) =>
        permissionsOf(when.document).every((permission) => {
          const isAdded =
            names(newRole, level, 'allow', permission) && !names(oldRole, level, 'allow', permission)
          // "Every deny taken away counts as an allow added."
          const isFreed =
            names(oldRole, level, 'deny', permission) && !names(newRole, level, 'deny', permission)
          return !(isAdded || isFreed) || isCovered(subject, level, permission, org)
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
  const actions = Object.keys(own(world.document.resources, String(object['type']))?.actions ?? {})
  const named = [...Object.values(acl.users ?? {}), ...Object.values(acl.groups ?? {})].flat()
  for (const action of named.flatMap((name) => (name === '*' ? actions : [name]))) {
    const answer = modelAnswer(world, { ...giver, action, object })
    // "Every action that the entries name is one that the subject may itself do": one that the resource lacks is not.
    if ('error' in answer && answer.error !== 'unknown_action') return answer
    if ('error' in answer || !answer.allowed) return false
  }
  return true
}

type Entries = Readonly<Record<string, readonly string[]>>

/** The document with everything that may be added to it: every action everywhere, a new action, a new resource. */
export function tomorrow(world: World): World {
  const { resources } = world.document
  const known = Object.values(resources).flatMap(({ actions }) => Object.keys(actions))
  const actions = Object.fromEntries([...known, 'new_action'].map((action) => [action, 'added']))
  const grown = Object.entries(resources).map(([name, resource]) => {
    return [name, { ...resource, actions: { ...resource.actions, ...actions } }] as const
  })
  const document = {
    ...world.document,
    resources: { ...Object.fromEntries(grown), new_resource: { actions } }
  }
  return { ...world, document }
}

/** Who gives, as the semantics sees it: the roles held with their grants, the ceilings. */
export function check(world: World, giver: Giver): CheckedSubject {
  const [[type, resource] = ['', undefined]] = Object.entries(world.document.resources)
  const object = { type, ...(resource?.org === 'required' ? { anyOrg: true } : {}) }
  return checkSubjectAndObject(world, { ...giver, object }).subject
}

/** "The same or a wider level": these, and "from `site` down to the grant's own" are the same ones. */
const upTo: Readonly<Record<Level, readonly Level[]>> = {
  site: ['site'],
  org: ['site', 'org'],
  orgMember: ['site', 'org', 'orgMember'],
  user: ['site', 'user']
}

function isCovered(
  { held, ceilings }: CheckedSubject,
  grantLevel: Level,
  permission: readonly string[],
  org: Place
): boolean {
  const votes = (effect: Effect): boolean =>
    upTo[grantLevel].some((level) =>
      held
        // Grants at `org` and `orgMember` count where they are held; those at `site` and `user` wherever that is.
        .filter((role) => level === 'site' || level === 'user' || role.org === org)
        .some((role) => has(role.grants(level, effect), effect, permission))
    )
  // "A list is in the way unless it holds `type:*` or `*:*`."
  const isInTheWay = (list: readonly { type: string; id: string }[] | undefined): boolean =>
    list !== undefined && !list.some(({ type, id }) => (type === '*' || type === permission[0]) && id === '*')
  return (
    votes('allow') &&
    !votes('deny') &&
    ceilings.every(
      ({ scopes, allowList }) =>
        !isInTheWay(allowList) &&
        (scopes === undefined ||
          scopes.some(({ allow, list }) => has(allow, 'allow', permission) && !isInTheWay(list)))
    )
  )
}

function has(set: PermissionSet, effect: Effect, [resource = '', action = '']: readonly string[]): boolean {
  return grantsNaming(set, effect, resource, action).length > 0
}

function permissionsOf({ resources }: PolicyData): (readonly [string, string])[] {
  return Object.entries(resources).flatMap(([resource, { actions }]) =>
    Object.keys(actions).map((action) => [resource, action] as const)
  )
}

/** Every combination of values of the options that the roles' variants read. */
function settingsOf(
  { options = {}, orgOptions = {} }: PolicyData,
  roles: readonly RoleDocument[]
): ((option: string) => OptionValue | undefined)[] {
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
function roleNamed(world: World, name: string, org: Place): RoleDocument | undefined {
  const { site, orgs } = world.customRoles
  const there = org === undefined ? undefined : own(own(orgs, org), name)
  return own(world.document.roles, name) ?? there ?? own(site, name)
}

/** What a holding lists: a custom role has no `assigns`. */
function assignsOf({ document }: World, holder: string): readonly string[] {
  const system = holder.startsWith('system:')
    ? own(document.systemSubjects, holder.slice('system:'.length))
    : undefined
  return (system ?? own(document.roles, holder))?.assigns ?? []
}
