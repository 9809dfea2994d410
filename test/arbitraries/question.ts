// Questions that have an answer in their world: subjects with any mix of roles, organizations, settings, groups and
// ceilings, and objects near enough to them that every level, entry and list has its say. Nothing here is malformed.
import type { RoleDocument } from '../../src/document/types.js'
import type { World } from '../model.js'
import type { Dice } from './dice.js'
import * as names from './names.js'
import { record } from './world.js'
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

/** What a question is about: chosen first, so that the rest can be aimed at it. */
interface Aim {
  readonly type: string
  readonly actions: readonly string[]
  readonly action: string
  readonly placement: OrgPlacement
  readonly hasAcl: boolean
  readonly subjectId: string
  readonly objectId: string
}

export function rollQuestion(dice: Dice, world: World): RolledQuestion {
  const { resources, systemSubjects = {}, ids } = world.document
  const [type, resource] = dice.pick(Object.entries(resources))
  const actions = Object.keys(resource.actions)
  const systems = Object.keys(systemSubjects)
  const system = systems.length > 0 && dice.chance(15) ? dice.pick(systems) : undefined
  const declaredId = system === undefined ? undefined : systemSubjects[system]?.id
  const aim: Aim = {
    type,
    actions,
    action: dice.pick(actions),
    placement: resource.org ?? 'optional',
    hasAcl: resource.acl === true,
    subjectId:
      declaredId ?? dice.pick(names.subjectIds.slice(0, dice.chance(25) ? names.subjectIds.length : 2)),
    objectId: dice.pick(names.objectIds(ids))
  }
  const who =
    system === undefined ? rollSubject(dice, world, aim) : { subject: { system }, orgs: [], groups: [] }
  const within = dice.chance(20) ? [rollWithin(dice, world, aim)] : []
  if (within.length > 0 && dice.chance(30)) within.push(rollWithin(dice, world, aim))
  return {
    subject: who.subject,
    within,
    action: aim.action,
    object: rollObject(dice, aim, who.orgs, who.groups)
  }
}

// --- subject --------------------------------------------------------------------------------------------------------

interface Who {
  readonly subject: Data
  readonly orgs: readonly string[]
  readonly groups: readonly string[]
}

function rollSubject(dice: Dice, world: World, aim: Aim): Who {
  const held = rollRoles(dice, world)
  const orgs = [...new Set(held.flatMap(({ org }) => org ?? []))]
  const groups = dice.some(names.groupIds, 0, 3)
  const orgOptions = rollOrgOptions(dice, world, held)
  const subject = {
    id: aim.subjectId,
    ...(held.length > 0 || dice.chance(50) ? { roles: held.map(({ entry }) => entry) } : {}),
    ...(groups.length > 0 || dice.chance(20) ? { groups } : {}),
    ...(Object.keys(orgOptions).length > 0 || dice.chance(10) ? { orgOptions } : {}),
    ...(dice.chance(30) ? { scopes: rollScopes(dice, world, aim) } : {}),
    ...(dice.chance(25) ? { allowList: rollAllowList(dice, world, aim) } : {})
  }
  return { subject, orgs, groups }
}

interface Held {
  readonly org?: string
  readonly document: RoleDocument
  /** The role as the request has it, in one of the forms that a request may use. */
  readonly entry: unknown
}

function rollRoles(dice: Dice, { document, customRoles }: World): Held[] {
  const site = [...Object.entries(document.roles ?? {}), ...Object.entries(customRoles.site)]
  return Array.from({ length: [1, 0, 1, 2, 3, 3, 5][dice.below(7)] ?? 1 }, (): Held[] => {
    const org = dice.pick(names.orgIds.slice(0, dice.chance(30) ? names.orgIds.length : 2))
    const own = Object.hasOwn(customRoles.orgs, org) ? Object.entries(customRoles.orgs[org] ?? {}) : []
    const choices = [...site, ...own, ...own]
    if (choices.length === 0) return []
    const [role, chosen] = dice.pick(choices)
    if (chosen.kind === 'org') return [{ org, document: chosen, entry: { role, org } }]
    const none: Data = dice.pick<Data>([{}, { org: null }, { org: '' }, { org: undefined }])
    return [{ document: chosen, entry: dice.chance(25) ? { role, ...none } : role }]
  }).flat()
}

/** What the held roles need, and some that nobody reads. */
function rollOrgOptions(dice: Dice, { document }: World, held: readonly Held[]): Data {
  const orgOptions = Object.entries(document.orgOptions ?? {})
  if (orgOptions.length === 0) return {}
  const orgs = [...new Set([...held.flatMap(({ org }) => org ?? []), ...dice.some(names.orgIds, 0, 1)])]
  const settings = orgs.map((org): [string, Data] => {
    const read = held
      .filter((role) => role.org === org)
      .flatMap((role) => (role.document.variants ?? []).flatMap(({ when }) => Object.keys(when)))
    const given = orgOptions.filter(([option, { default: standard }]) =>
      standard === undefined && read.includes(option) ? true : dice.chance(50)
    )
    return [org, Object.fromEntries(given.map(([option, { values }]) => [option, dice.pick(values)]))]
  })
  return Object.fromEntries(settings.filter(([, given]) => Object.keys(given).length > 0 || dice.chance(10)))
}

// --- ceilings -------------------------------------------------------------------------------------------------------

function rollWithin(dice: Dice, world: World, aim: Aim): Data {
  const which = dice.below(3)
  return {
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
    if (form < 25) return `${aim.type}:${dice.pick([aim.action, '*'])}`
    if (form < 45 && declared.length > 0) return dice.pick(declared)
    if (form < 95 && templates.length > 0) return rollTemplateScope(dice, document, dice.pick(templates), aim)
    return dice.pick(lowLevel)
  })
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

// --- object ---------------------------------------------------------------------------------------------------------

function rollObject(dice: Dice, aim: Aim, orgs: readonly string[], groups: readonly string[]): Data {
  const owner = dice.chance(55) ? aim.subjectId : dice.pick([undefined, ...names.subjectIds])
  const id = dice.chance(80) ? aim.objectId : undefined
  const org = orgs.length > 0 && dice.chance(65) ? dice.pick(orgs) : dice.pick(names.orgIds)
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
        : {})
  }
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
  const others = dice.some([...aim.actions, 'nope', '__proto__', ''], 0, 2)
  if (dice.chance(40)) return [...others, aim.action]
  return dice.chance(20) ? ['*', ...others] : others
}
