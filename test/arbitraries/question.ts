// Questions that have an answer in their world: subjects with any mix of roles, places, settings, groups and ceilings,
// and objects near enough to them that every level, entry and list has its say. Nothing here is malformed.
import type { ResourceDocument, RoleDocument } from '../../src/document/types.js'
import type { World } from '../model.js'
import type { Dice } from './dice.js'
import { closure } from './includes.js'
import * as names from './names.js'
import { record, type RollSettings } from './world.js'
import type { OrgPlacement } from '../../src/types.js'

type Data = Record<string, unknown>

/** A question as data, with the ceilings of `within` beside it. */
export interface RolledQuestion {
  readonly subject: Data
  readonly within: readonly Data[]
  readonly action: string
  readonly object: Data
}

/** Numbers on the tape for one question. */
export const questionTape = 120

/** The same for questions that may be about containers, attributes and the rest. */
export const questionTapeV2 = 200

/** What a question is about: chosen first, so that the rest can be aimed at it. */
interface Aim {
  readonly type: string
  readonly actions: readonly string[]
  readonly action: string
  readonly placement: OrgPlacement
  readonly resource: ResourceDocument
  readonly hasAcl: boolean
  /** What ACL entries may name besides the actions. */
  readonly aclLevels: readonly string[]
  /** By container, whether the object is in one. */
  readonly containers: readonly (readonly [name: string, placement: OrgPlacement])[]
  readonly orgIds: readonly string[]
  /** Whether keys may be limited to organizations. */
  readonly hasOrgLists: boolean
  readonly subjectId: string
  readonly objectId: string
}

/**
 * A question about whatever the world has. With `v2: true` keys may be limited to organizations, which every world
 * understands that has come so far.
 */
export function rollQuestion(dice: Dice, world: World, { v2 = false }: RollSettings = {}): RolledQuestion {
  const { resources, systemSubjects = {}, ids, containers = [] } = world.document
  const [type, resource] = dice.pick(Object.entries(resources))
  const actions = Object.keys(resource.actions)
  const systems = Object.keys(systemSubjects)
  const system = systems.length > 0 && dice.chance(15) ? dice.pick(systems) : undefined
  const declaredId = system === undefined ? undefined : systemSubjects[system]?.id
  const aim: Aim = {
    type,
    actions,
    action: rollAction(dice, resource),
    placement: resource.org ?? 'optional',
    resource,
    hasAcl: resource.acl !== undefined && resource.acl !== false,
    aclLevels: typeof resource.acl === 'object' ? Object.keys(resource.acl.levels ?? {}) : [],
    containers: containers.map(({ name }) => [name, resource.in?.[name] ?? 'never']),
    orgIds: v2 ? names.listableOrgIds(ids) : names.orgIds,
    hasOrgLists: v2,
    subjectId:
      declaredId ?? dice.pick(names.subjectIds.slice(0, dice.chance(25) ? names.subjectIds.length : 2)),
    objectId: dice.pick(names.objectIds(ids))
  }
  const who =
    system === undefined ? rollSubject(dice, world, aim) : { subject: { system }, held: [], groups: [] }
  const within = dice.chance(20) ? [rollWithin(dice, world, aim)] : []
  if (within.length > 0 && dice.chance(30)) within.push(rollWithin(dice, world, aim))
  return {
    subject: who.subject,
    within,
    action: aim.action,
    object: rollObject(dice, aim, who)
  }
}

/** Any action; more often than not, where there are such, one that another implies. */
function rollAction(dice: Dice, { actions, implies = {} }: ResourceDocument): string {
  const implied = Object.values(implies).flat()
  return implied.length > 0 && dice.chance(60) ? dice.pick(implied) : dice.pick(Object.keys(actions))
}

// --- subject --------------------------------------------------------------------------------------------------------

interface Who {
  readonly subject: Data
  readonly held: readonly Held[]
  readonly groups: readonly string[]
}

function rollSubject(dice: Dice, world: World, aim: Aim): Who {
  const held = rollRoles(dice, world, aim)
  const groups = dice.some(names.groupIds, 0, 3)
  const orgOptions = rollOrgOptions(dice, world, held, aim)
  const subject = {
    id: aim.subjectId,
    ...(held.length > 0 || dice.chance(50) ? { roles: held.map(({ entry }) => entry) } : {}),
    ...(groups.length > 0 || dice.chance(20) ? { groups } : {}),
    ...(Object.keys(orgOptions).length > 0 || dice.chance(10) ? { orgOptions } : {}),
    ...(dice.chance(30) ? { scopes: rollScopes(dice, world, aim) } : {}),
    ...(dice.chance(25) ? { allowList: rollAllowList(dice, world, aim) } : {}),
    ...(aim.hasOrgLists && dice.chance(25) ? { onlyOrgs: rollOrgList(dice, world, aim, orgsOf(held)) } : {})
  }
  return { subject, held, groups }
}

interface Held {
  readonly org?: string
  readonly container?: { readonly name: string; readonly id: string }
  readonly document: RoleDocument
  /** The role as the request has it, in one of the forms that a request may use. */
  readonly entry: unknown
}

const orgsOf = (held: readonly Held[]): string[] => [...new Set(held.flatMap(({ org }) => org ?? []))]

function rollRoles(dice: Dice, { document, customRoles }: World, aim: Aim): Held[] {
  const site = [...Object.entries(document.roles ?? {}), ...Object.entries(customRoles.site)]
  return Array.from({ length: [1, 0, 1, 2, 3, 3, 5][dice.below(7)] ?? 1 }, (): Held[] => {
    const org = rollNear(dice, aim.orgIds, 30)
    const own = ownEntries(customRoles.orgs, org)
    const places = aim.containers.map(([name]) => ({ name, id: rollNear(dice, names.containerIds, 30) }))
    const inPlaces = places.flatMap(({ name, id }) => ownEntries(customRoles.containers?.[name] ?? {}, id))
    const choices = [...site, ...own, ...own, ...inPlaces, ...inPlaces]
    if (choices.length === 0) return []
    const [role, chosen] = dice.pick(choices)
    // "A role's `org` or container that is missing, null or empty is none."
    const nowhere = (kinds: readonly string[]): Data => {
      const kind = kinds.length < 2 ? kinds[0] : dice.pick(kinds)
      return kind === undefined
        ? {}
        : dice.pick<Data>([{}, { [kind]: null }, { [kind]: '' }, { [kind]: undefined }])
    }
    const container = places.find(({ name }) => name === chosen.kind)
    const others = places.map(({ name }) => name).filter((name) => name !== chosen.kind)
    if (container !== undefined) {
      const none = dice.chance(15) ? nowhere(['org', ...others]) : {}
      return [{ container, document: chosen, entry: { role, [container.name]: container.id, ...none } }]
    }
    if (chosen.kind === 'org') {
      const none = others.length > 0 && dice.chance(15) ? nowhere(others) : {}
      return [{ org, document: chosen, entry: { role, org, ...none } }]
    }
    const none = nowhere(['org', ...others])
    return [{ document: chosen, entry: dice.chance(25) ? { role, ...none } : role }]
  }).flat()
}

/** One of the first two, and now and then any. */
function rollNear(dice: Dice, ids: readonly string[], anyPercent: number): string {
  return dice.pick(ids.slice(0, dice.chance(anyPercent) ? ids.length : 2))
}

function ownEntries(
  places: Readonly<Record<string, Readonly<Record<string, RoleDocument>>>>,
  id: string
): [string, RoleDocument][] {
  return Object.hasOwn(places, id) ? Object.entries(places[id] ?? {}) : []
}

/** What the held roles need, and some that nobody reads. */
function rollOrgOptions(dice: Dice, { document }: World, held: readonly Held[], aim: Aim): Data {
  const orgOptions = Object.entries(document.orgOptions ?? {})
  if (orgOptions.length === 0) return {}
  const orgs = [...new Set([...orgsOf(held), ...dice.some(aim.orgIds, 0, 1)])]
  const settings = orgs.map((org): [string, Data] => {
    const read = held
      .filter((role) => role.org === org)
      .flatMap((role) => closure(document.roles ?? {}, role.document))
      .flatMap(({ variants = [] }) => variants.flatMap(({ when }) => Object.keys(when)))
    const given = orgOptions.filter(([option, { default: standard }]) =>
      standard === undefined && read.includes(option) ? true : dice.chance(50)
    )
    return [org, Object.fromEntries(given.map(([option, { values }]) => [option, dice.pick(values)]))]
  })
  return Object.fromEntries(settings.filter(([, given]) => Object.keys(given).length > 0 || dice.chance(10)))
}

// --- ceilings -------------------------------------------------------------------------------------------------------

function rollWithin(dice: Dice, world: World, aim: Aim): Data {
  // "A `within` with none of `scopes`, `allowList` and `onlyOrgs`" is an error.
  const hasOrgs = aim.hasOrgLists && dice.chance(50)
  const which = dice.below(hasOrgs ? 4 : 3)
  if (which === 3) return { onlyOrgs: rollOrgList(dice, world, aim, []) }
  return {
    ...(hasOrgs ? { onlyOrgs: rollOrgList(dice, world, aim, []) } : {}),
    ...(which !== 1 ? { scopes: rollScopes(dice, world, aim) } : {}),
    ...(which !== 0 ? { allowList: rollAllowList(dice, world, aim) } : {})
  }
}

function rollScopes(dice: Dice, { document }: World, aim: Aim): unknown[] {
  const declared = Object.entries(document.scopes ?? {}).flatMap(([name, { aliases = [] }]) => [
    name,
    ...aliases
  ])
  const lowLevel = Object.entries(document.resources).flatMap(([resource, { actions }]) =>
    ['*', ...Object.keys(actions)].map((action) => `${resource}:${action}`)
  )
  const templates = Object.keys(document.scopeTemplates ?? {})
  return Array.from({ length: [1, 1, 2, 2, 3, 0][dice.below(6)] ?? 1 }, () => {
    const form = dice.below(100)
    if (form < 25) return `${aim.type}:${dice.pick([aim.action, '*', ...impliersIn(aim)])}`
    if (form < 45 && declared.length > 0) return dice.pick(declared)
    if (form < 95 && templates.length > 0) return rollTemplateScope(dice, document, dice.pick(templates), aim)
    return dice.pick(lowLevel)
  })
}

/** The actions that imply the one that is asked about, at once. */
function impliersIn({ resource, action }: Aim): string[] {
  const implies = Object.entries(resource.implies ?? {})
  return implies.filter(([, implied]) => implied.includes(action)).map(([implier]) => implier)
}

function rollTemplateScope(
  dice: Dice,
  { scopeTemplates = {}, ids }: World['document'],
  template: string,
  aim: Aim
): Data {
  const params = Object.entries(scopeTemplates[template]?.params ?? {})
  const listable = names.listableIds(ids)
  const given = params.filter(([, kind]) => kind === 'required' || dice.chance(kind === 'flag' ? 40 : 60))
  const values = given.map(([param, kind]): [string, unknown] => {
    if (kind === 'flag') return [param, dice.chance(50)]
    return [param, listable.includes(aim.objectId) && dice.chance(60) ? aim.objectId : dice.pick(listable)]
  })
  // `params` may be missing where nothing has to be given.
  return values.length > 0 || dice.chance(50)
    ? { template, params: Object.fromEntries(values) }
    : { template }
}

function rollAllowList(dice: Dice, { document }: World, aim: Aim): string[] {
  const listable = names.listableIds(document.ids)
  const entries = Array.from({ length: [1, 1, 2, 3, 0, 4][dice.below(6)] ?? 1 }, () => {
    const type = dice.chance(60) ? aim.type : dice.pick(['*', ...Object.keys(document.resources)])
    const id =
      listable.includes(aim.objectId) && dice.chance(50) ? aim.objectId : dice.pick(['*', ...listable])
    return `${type}:${id}`
  })
  // As many as a list may have, and not one more.
  return dice.chance(5)
    ? Array.from({ length: 128 }, (_, at) => entries[at % entries.length] ?? '*:*')
    : entries
}

/** Ids of organizations that a key may name, `*none` and now and then `*`. */
function rollOrgList(dice: Dice, { document }: World, aim: Aim, near: readonly string[]): string[] {
  const isListable = (id: string): boolean => document.ids !== 'uuid' || /^[0-9a-f-]{36}$/i.test(id)
  const ids = aim.orgIds.filter((id) => isListable(id) && !id.startsWith('*'))
  const own = near.filter((id) => isListable(id) && !id.startsWith('*'))
  const entries = Array.from({ length: [2, 1, 2, 3, 0, 4][dice.below(6)] ?? 2 }, () => {
    const form = dice.below(100)
    if (form < 15) return '*none'
    if (form >= 92) return '*'
    return own.length > 0 && form < 60 ? dice.pick(own) : rollNear(dice, ids, 40)
  })
  // As many as a list may have, and not one more.
  return dice.chance(5)
    ? Array.from({ length: 128 }, (_, at) => entries[at % entries.length] ?? '*none')
    : entries
}

// --- object ---------------------------------------------------------------------------------------------------------

function rollObject(dice: Dice, aim: Aim, { held, groups }: Who): Data {
  const orgs = orgsOf(held)
  const owner = dice.chance(55) ? aim.subjectId : dice.pick([undefined, ...names.subjectIds])
  const id = dice.chance(80) ? aim.objectId : undefined
  const org = orgs.length > 0 && dice.chance(65) ? dice.pick(orgs) : dice.pick(aim.orgIds)
  const isAny = aim.placement !== 'never' && dice.chance(20)
  const isInOrg =
    !isAny && (aim.placement === 'required' || (aim.placement === 'optional' && dice.chance(65)))
  return {
    type: aim.type,
    ...field(dice, 'id', id),
    ...field(dice, 'owner', owner),
    ...field(dice, 'org', isInOrg ? org : undefined),
    ...(isAny ? { anyOrg: true } : dice.chance(15) ? { anyOrg: dice.pick([false, null, undefined]) } : {}),
    ...(aim.hasAcl && dice.chance(55)
      ? { acl: rollAcl(dice, aim, [...groups, ...(isInOrg ? [org] : [])]) }
      : dice.chance(10)
        ? { acl: dice.pick([null, undefined]) }
        : {}),
    ...rollContainers(dice, aim, held),
    ...rollAttributes(dice, aim)
  }
}

function rollContainers(dice: Dice, aim: Aim, held: readonly Held[]): Data {
  const fields = aim.containers.map(([name, placement]): Data => {
    const near = held.flatMap(({ container }) => (container?.name === name ? [container.id] : []))
    const roll = (): string =>
      near.length > 0 && dice.chance(80) ? dice.pick(near) : rollNear(dice, names.containerIds, 40)
    if (placement === 'never' || (placement === 'optional' && dice.chance(25))) {
      return dice.chance(20) ? { [name]: dice.pick<unknown>([[], null, '', undefined]) } : {}
    }
    if (!dice.chance(40)) return { [name]: roll() }
    // In several at once; the same one twice is as good as once.
    return { [name]: Array.from({ length: 1 + dice.below(3) }, roll) }
  })
  return Object.assign({}, ...fields) as Data
}

/** "A missing or null attribute means its default"; one without default is given. */
function rollAttributes(dice: Dice, { resource }: Aim): Data {
  const fields = Object.entries(resource.attributes ?? {}).map(([name, attribute]): Data => {
    if (attribute.default === undefined || dice.chance(65)) return { [name]: dice.pick(attribute.values) }
    return dice.pick<Data>([{}, { [name]: null }, { [name]: undefined }])
  })
  return Object.assign({}, ...fields) as Data
}

/** A field, or one of the ways to say none. */
function field(dice: Dice, name: string, value: string | undefined): Data {
  return value === undefined
    ? dice.pick<Data>([{}, { [name]: null }, { [name]: '' }, { [name]: undefined }])
    : { [name]: value }
}

function rollAcl(dice: Dice, aim: Aim, groups: readonly string[]): Data {
  const entries = (near: readonly string[], all: readonly string[]): Record<string, string[]> => {
    const ids = new Set([...dice.some(near, 0, 2), ...dice.some(all, 0, 1)])
    return record([...ids], () => rollAclActions(dice, aim))
  }
  return {
    ...(dice.chance(60) ? { users: entries([aim.subjectId], names.subjectIds) } : {}),
    ...(dice.chance(75) ? { groups: entries(groups, names.groupIds) } : {})
  }
}

/** "An ACL action that the resource lacks matches nothing." */
function rollAclActions(dice: Dice, aim: Aim): string[] {
  const others = dice.some([...aim.actions, ...aim.aclLevels, 'nope', '__proto__', ''], 0, 2)
  if (aim.aclLevels.length > 0 && dice.chance(35)) return [...others, dice.pick(aim.aclLevels)]
  if (dice.chance(40)) return [...others, aim.action]
  return dice.chance(20) ? ['*', ...others] : others
}
