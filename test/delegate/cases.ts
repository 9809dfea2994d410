// Worlds with delegations, and who gives what to whom in them. Roles to be given are mostly made from what the giver
// holds, narrowed, and then often changed in one place: near enough to the border that both answers are common.
import type fc from 'fast-check'

import type {
  ActionList,
  Effects,
  Grants,
  PermissionSet,
  PolicyData,
  RoleDocument
} from '../../src/document/types.js'
import {
  questionTape,
  rolledMany,
  rollQuestion,
  rollWorld,
  worldTape,
  type Dice
} from '../arbitraries/index.js'
import { check, type Giver, type Place } from './model.js'
import { modelActionsOn, type World } from '../model.js'
import type { Level } from '../../src/types.js'

type Data = Readonly<Record<string, unknown>>

export interface Delegation {
  readonly giver: Giver
  readonly org: Place
  /** Custom roles of that place. */
  readonly role: RoleDocument
  readonly changed: RoleDocument
  /** Somebody without a ceiling, with every setting that a role of the place may read. */
  readonly receiver: Data & { readonly id: string; readonly roles: readonly unknown[] }
  /** An object that may have an ACL of its own. */
  readonly object: Data & { readonly type: string }
  /** An ACL to be given to it. */
  readonly acl: {
    readonly users: Readonly<Record<string, readonly string[]>>
    readonly groups: Readonly<Record<string, readonly string[]>>
  }
}

export interface WorldWithDelegations {
  readonly world: World
  readonly delegations: readonly Delegation[]
}

const mostDelegations = 20

/** How many delegations a world has on average. */
export const delegationsPerWorld: number = (1 + mostDelegations) / 2

/** A world with one to twenty delegations. */
export const worldsWithDelegations: fc.Arbitrary<WorldWithDelegations> = rolledMany(
  worldTape + 150,
  3 * questionTape + 250,
  mostDelegations,
  (first, rest) => {
    const world = rollDelegatingWorld(first)
    return { world, delegations: rest.map((dice) => rollDelegation(dice, world)) }
  }
)

function rollDelegatingWorld(dice: Dice): World {
  const world = rollWorld(dice)
  const { document } = world
  const names = Object.keys(document.roles ?? {})
  const rollAssigns = (): { assigns?: string[] } => {
    const form = dice.below(100)
    if (form < 30) return {}
    if (form < 55) return { assigns: dice.chance(50) ? ['custom:org', 'custom:site'] : ['*'] }
    return { assigns: dice.some(['*', 'custom:org', 'custom:site', ...names], 1, 4) }
  }
  const roles = Object.entries(document.roles ?? {}).map(([name, role]) => {
    return [name, { ...role, ...rollAssigns(), ...(dice.chance(15) ? { assignable: false } : {}) }] as const
  })
  const systems = Object.entries(document.systemSubjects ?? {}).map(([name, system]) => {
    return [name, { ...system, ...rollAssigns() }] as const
  })
  const permissions = Object.entries(document.resources).flatMap(([resource, { actions }]) =>
    Object.keys(actions).map((action) => `${resource}:${action}`)
  )
  const rollNeeded = (): PolicyData['assignPermissions'] => ({
    ...(dice.chance(40) ? { site: dice.pick(permissions) } : {}),
    ...(dice.chance(40) ? { org: dice.pick(permissions) } : {})
  })
  return {
    ...world,
    document: {
      ...document,
      roles: Object.fromEntries(roles),
      ...(systems.length > 0 ? { systemSubjects: Object.fromEntries(systems) } : {}),
      ...(dice.chance(40) ? { assignPermissions: rollNeeded(), unassignPermissions: rollNeeded() } : {})
    }
  }
}

function rollDelegation(dice: Dice, world: World): Delegation {
  const { subject, within } = rollQuestion(dice, world)
  // A ceiling is in the way of nearly everything: as common as none, and no more.
  const isFree = dice.chance(40)
  const giver: Giver = isFree ? { subject: withoutCeiling(subject) } : { subject, within }
  const { held } = check(world, giver)
  const orgs = [...new Set(held.flatMap(({ org }) => org ?? [])), 'o1']
  const org = dice.chance(35) ? undefined : dice.pick(orgs)
  const role = rollGivenRole(dice, world, giver, org)
  const receiver = rollReceiver(dice, world, org)
  return {
    giver,
    org,
    role,
    changed: rollChanged(dice, world, giver, role, org),
    receiver,
    ...rollShare(dice, world, giver, receiver)
  }
}

/** A subject as data, its `scopes` and `allowList` left out. */
export function withoutCeiling(subject: unknown): Data {
  return Object.fromEntries(
    Object.entries(Object(subject) as Data).filter(([key]) => key !== 'scopes' && key !== 'allowList')
  )
}

function rollReceiver(dice: Dice, world: World, org: Place): Delegation['receiver'] {
  const { subject } = rollQuestion(dice, world)
  if (Object.hasOwn(subject, 'system'))
    return { id: 'u9', roles: [], orgOptions: everySetting(dice, world, org, {}) }
  const { id, roles = [], orgOptions = {}, ...rest } = withoutCeiling(subject)
  return {
    ...rest,
    id: String(id),
    // Who holds much gains little.
    roles: Array.isArray(roles) && dice.chance(50) ? roles : [],
    orgOptions: everySetting(dice, world, org, orgOptions)
  }
}

/** The settings given, and those of one organization filled in. */
function everySetting(dice: Dice, { document }: World, org: Place, given: unknown): Data {
  const settings = new Map(Object.entries(Object(given) as Data))
  if (org === undefined) return Object.fromEntries(settings)
  const chosen = Object.entries(document.orgOptions ?? {}).map(([option, { values }]) => {
    return [option, dice.pick(values)] as const
  })
  const own = Object(settings.get(org) ?? {}) as Data
  return Object.fromEntries([...settings, [org, { ...Object.fromEntries(chosen), ...own }]])
}

function rollShare(
  dice: Dice,
  world: World,
  giver: Giver,
  receiver: Delegation['receiver']
): Pick<Delegation, 'object' | 'acl'> {
  const { held, id: giverId = '' } = check(world, giver)
  const all = Object.entries(world.document.resources)
  const withAcl = all.filter(([, { acl }]) => acl === true)
  const [type, resource] = dice.pick(withAcl.length > 0 ? withAcl : all)
  const org = dice.pick(['o1', ...held.flatMap((role) => role.org ?? [])])
  const isInOrg = resource.org === 'required' || (resource.org !== 'never' && dice.chance(60))
  const own = dice.chance(20) && resource.acl === true ? { acl: { users: { [giverId]: ['*'] } } } : {}
  const owner = dice.chance(60) ? giverId : dice.pick([receiver.id, 'u1', ''])
  const object = { type, id: dice.pick(['i1', 'i2', '']), owner, ...(isInOrg ? { org } : {}), ...own }

  // Mostly what the giver may do, so that much is accepted.
  const able = modelActionsOn(world, { ...giver, object })
  const actions = 'error' in able || dice.chance(30) ? Object.keys(resource.actions) : able
  const entries = (ids: readonly string[]): Record<string, string[]> =>
    Object.fromEntries(
      ids.map((id) => {
        const odd = dice.chance(5) ? ['nope'] : []
        return [id, dice.chance(15) ? ['*', ...odd] : [...dice.some(actions, dice.below(2), 2), ...odd]]
      })
    )
  const users = [...(dice.chance(70) ? [receiver.id] : []), ...dice.some(['u2', '__proto__'], 0, 1)]
  return { object, acl: { users: entries(users), groups: entries(dice.some(['g1', org, 'g2'], 0, 1)) } }
}

// --- roles ----------------------------------------------------------------------------------------------------------

function levelsOf(org: Place): readonly Level[] {
  return org === undefined ? ['site', 'user'] : ['org', 'orgMember']
}

function rollGivenRole(dice: Dice, world: World, giver: Giver, org: Place): RoleDocument {
  const grants = (): Grants => {
    const levels = levelsOf(org).filter(() => dice.chance(65))
    return Object.fromEntries(levels.map((level) => [level, rollEffects(dice, world, giver, org, level)]))
  }
  const { options = {}, orgOptions = {} } = world.document
  const choices = Object.entries(org === undefined ? options : { ...options, ...orgOptions })
  const variants = Array.from(
    { length: choices.length > 0 && dice.chance(40) ? 1 + dice.below(2) : 0 },
    () => {
      const when = dice
        .some(choices, 1, 2)
        .map(([option, { values }]) => [option, dice.pick(values)] as const)
      return { when: Object.fromEntries(when), grants: grants() }
    }
  )
  return {
    kind: org === undefined ? 'site' : 'org',
    grants: grants(),
    ...(variants.length > 0 ? { variants } : {})
  }
}

function rollEffects(dice: Dice, world: World, giver: Giver, org: Place, level: Level): Effects {
  const allow = narrowSet(dice, world, heldSet(dice, world, giver, org, level), level)
  return {
    allow: dice.chance(30) ? changeSet(dice, world, allow, level) : allow,
    ...(dice.chance(30) ? { deny: changeSet(dice, world, {}, level) } : {})
  }
}

/** What some role of the giver allows at that level or a wider one; nothing where it holds none. */
function heldSet(dice: Dice, world: World, giver: Giver, org: Place, level: Level): PermissionSet {
  const wider: readonly Level[] =
    level === 'user' || level === 'site' ? [level, 'site'] : [level, 'org', 'site']
  const sets = check(world, giver).held.flatMap((holding) =>
    wider
      .filter((held) => held === 'site' || held === 'user' || holding.org === org)
      .map((held) => holding.grants(held, 'allow'))
      .filter((set) => Object.keys(set).length > 0)
  )
  return sets.length > 0 && dice.chance(90) ? dice.pick(sets) : {}
}

/** The set without some of it; a line that takes its resource out of the wildcard is rarely lost. */
function narrowSet(dice: Dice, world: World, set: PermissionSet, level: Level): PermissionSet {
  const lines = Object.entries(set).flatMap(([key, list]): [string, ActionList][] => {
    if (key !== '*' && !fits(world, key, level)) return []
    if (dice.chance(25) && !(Object.hasOwn(set, '*') && key !== '*' && dice.chance(70))) return []
    return [[key, dice.chance(30) ? narrowList(dice, world, key, list) : list]]
  })
  return Object.fromEntries(lines)
}

function narrowList(dice: Dice, world: World, key: string, list: ActionList): ActionList {
  const actions = actionsUnder(world, key)
  if (list === '*') return dice.chance(50) ? { except: dice.some(actions, 1, 2) } : dice.some(actions, 1, 3)
  if (!('except' in list)) return dice.some(list, 0, list.length)
  return dice.some(
    actions.filter((action) => !list.except.includes(action)),
    1,
    3
  )
}

/** The set with one line more, or another: more or less than it was. */
function changeSet(dice: Dice, world: World, set: PermissionSet, level: Level): PermissionSet {
  const keys = [...Object.keys(world.document.resources).filter((key) => fits(world, key, level)), '*']
  const key = dice.pick(keys)
  const actions = actionsUnder(world, key)
  const list = dice.pick<ActionList>([dice.some(actions, 1, 2), '*', { except: dice.some(actions, 1, 2) }])
  return Object.fromEntries([...Object.entries(set).filter(([other]) => other !== key), [key, list]])
}

/** Another role altogether, the role with more levels, or the role with one set changed. */
function rollChanged(dice: Dice, world: World, giver: Giver, role: RoleDocument, org: Place): RoleDocument {
  const form = dice.below(3)
  if (form === 0) return changeRole(dice, world, role, org)
  const other = rollGivenRole(dice, world, giver, org)
  return form === 1 ? other : { ...role, grants: { ...other.grants, ...role.grants } }
}

/** The role with one set changed, or gone. */
function changeRole(dice: Dice, world: World, role: RoleDocument, org: Place): RoleDocument {
  const level = dice.pick(levelsOf(org))
  const effects = role.grants?.[level] ?? {}
  const effect = dice.pick(['allow', 'deny'] as const)
  const set = effects[effect] ?? {}
  const changed = dice.chance(40) ? narrowSet(dice, world, set, level) : changeSet(dice, world, set, level)
  return { ...role, grants: { ...role.grants, [level]: { ...effects, [effect]: changed } } }
}

function actionsUnder({ document }: World, key: string): readonly string[] {
  if (key !== '*') return Object.keys(document.resources[key]?.actions ?? {})
  return [...new Set(Object.values(document.resources).flatMap(({ actions }) => Object.keys(actions)))]
}

/** Whether a grant of that level may name the resource. */
function fits({ document }: World, resource: string, level: Level): boolean {
  const placement = document.resources[resource]?.org
  return level === 'site' || placement !== (level === 'user' ? 'required' : 'never')
}
