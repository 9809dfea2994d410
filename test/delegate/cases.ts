// Worlds with delegations, and who gives what to whom in them. Roles to be given are mostly made from what the giver
// holds, narrowed, and then often changed in one place: near enough to the border that both answers are common.
import type fc from 'fast-check'

import type {
  Effects,
  Grants,
  PermissionSet,
  PolicyData,
  ResourceDocument,
  RoleDocument
} from '../../src/document/types.js'
import {
  questionTape,
  questionTapeV2,
  rolledMany,
  rollQuestion,
  rollWorld,
  worldTape,
  worldTapeV2,
  type Dice,
  type RollSettings
} from '../arbitraries/index.js'
import { check, type Giver, type Place } from './model.js'
import { kindOf, partsOf } from './model-cover.js'
import { modelActionsOn, type World } from '../model.js'
import type { Level } from '../../src/types.js'
import { changeSet, customIncludes, narrowSet, type SetAt } from './role-cases.js'

type Data = Readonly<Record<string, unknown>>

export interface Delegation {
  readonly giver: Giver
  readonly place: Place
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
    const world = rollDelegatingWorld(first, {})
    return { world, delegations: rest.map((dice) => rollDelegation(dice, world, {})) }
  }
)

/** The same over worlds with containers, attributes and the rest. */
export const worldsWithDelegationsV2: fc.Arbitrary<WorldWithDelegations> = rolledMany(
  worldTapeV2 + 150,
  3 * questionTapeV2 + 300,
  mostDelegations,
  (first, rest) => {
    const world = rollDelegatingWorld(first, { v2: true })
    return { world, delegations: rest.map((dice) => rollDelegation(dice, world, { v2: true })) }
  }
)

function rollDelegatingWorld(dice: Dice, settings: RollSettings): World {
  const world = rollWorld(dice, settings)
  const { document } = world
  const names = Object.keys(document.roles ?? {})
  const containers = (document.containers ?? []).map(({ name }) => name)
  const customs = ['custom:org', 'custom:site', ...containers.map((name) => `custom:${name}`)]
  // A custom role includes none that only code gives.
  const included = new Set(rolesOf(world).flatMap(({ includes = [] }) => includes))
  const rollAssigns = (): { assigns?: string[] } => {
    const form = dice.below(100)
    if (form < 30) return {}
    if (form < 55) return { assigns: dice.chance(50) ? customs : ['*'] }
    return { assigns: dice.some(['*', ...customs, ...names], 1, 4) }
  }
  const roles = Object.entries(document.roles ?? {}).map(([name, role]) => {
    return [
      name,
      { ...role, ...rollAssigns(), ...(dice.chance(15) && !included.has(name) ? { assignable: false } : {}) }
    ] as const
  })
  const systems = Object.entries(document.systemSubjects ?? {}).map(([name, system]) => {
    return [name, { ...system, ...rollAssigns() }] as const
  })
  const permissions = Object.entries(document.resources).flatMap(([resource, { actions }]) =>
    Object.keys(actions).map((action) => `${resource}:${action}`)
  )
  const rollNeeded = (): PolicyData['assignPermissions'] => ({
    ...(dice.chance(40) ? { site: dice.pick(permissions) } : {}),
    ...(dice.chance(40) ? { org: dice.pick(permissions) } : {}),
    ...Object.fromEntries(
      containers.flatMap((name) => (dice.chance(40) ? [[name, dice.pick(permissions)] as const] : []))
    )
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

function rolesOf({ document, customRoles: { site, orgs, containers = {} } }: World): readonly RoleDocument[] {
  const inContainers = Object.values(containers).flatMap((places) => Object.values(places))
  return [document.roles ?? {}, site, ...Object.values(orgs), ...inContainers].flatMap((roles) =>
    Object.values(roles)
  )
}

function rollDelegation(dice: Dice, world: World, settings: RollSettings): Delegation {
  const { subject, within } = rollQuestion(dice, world, settings)
  // A ceiling is in the way of nearly everything: as common as none, and no more.
  const isFree = dice.chance(40)
  const giver: Giver = isFree ? { subject: withoutCeiling(subject) } : { subject, within }
  const { held } = check(world, giver)
  const place = rollPlace(dice, world, held)
  const role = rollGivenRole(dice, world, giver, place)
  const receiver = rollReceiver(dice, world, partsOf(place).org)
  return {
    giver,
    place,
    role,
    changed: rollChanged(dice, world, giver, role, place),
    receiver,
    ...rollShare(dice, world, giver, receiver)
  }
}

/** Mostly where the giver holds roles: the site, an organization, or a container in one or in none. */
function rollPlace(dice: Dice, { document }: World, held: ReturnType<typeof check>['held']): Place {
  const orgs = [...new Set(held.flatMap(({ org }) => org ?? [])), 'o1']
  const containers = (document.containers ?? []).map(({ name }) => name)
  if (containers.length > 0 && dice.chance(50)) {
    const near = held.flatMap(({ container }) => container ?? [])
    const { name, id } = dice.pick([...near, { name: dice.pick(containers), id: 'p1' }])
    return { ...(dice.chance(65) ? { org: dice.pick(orgs) } : {}), [name]: id }
  }
  return dice.chance(35) ? undefined : dice.pick(orgs)
}

/** A subject as data without its ceiling. */
export function withoutCeiling(subject: unknown): Data {
  return Object.fromEntries(
    Object.entries(Object(subject) as Data).filter(
      ([key]) => key !== 'scopes' && key !== 'allowList' && key !== 'onlyOrgs'
    )
  )
}

function rollReceiver(dice: Dice, world: World, org: string | undefined): Delegation['receiver'] {
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
function everySetting(dice: Dice, { document }: World, org: string | undefined, given: unknown): Data {
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
  const withAcl = all.filter(([, { acl }]) => acl !== undefined && acl !== false)
  const [type, resource] = dice.pick(withAcl.length > 0 ? withAcl : all)
  const org = dice.pick(['o1', ...held.flatMap((role) => role.org ?? [])])
  const isInOrg = resource.org === 'required' || (resource.org !== 'never' && dice.chance(60))
  const hasAcl = resource.acl !== undefined && resource.acl !== false
  const own = dice.chance(20) && hasAcl ? { acl: { users: { [giverId]: ['*'] } } } : {}
  const owner = dice.chance(60) ? giverId : dice.pick([receiver.id, 'u1', ''])
  const parts = rollObjectParts(dice, resource, held)
  const object = {
    type,
    id: dice.pick(['i1', 'i2', '']),
    owner,
    ...(isInOrg ? { org } : {}),
    ...own,
    ...parts
  }

  // Mostly what the giver may do, so that much is accepted.
  const able = modelActionsOn(world, { ...giver, object })
  const actions = 'error' in able || dice.chance(30) ? Object.keys(resource.actions) : able
  const levels = typeof resource.acl === 'object' ? Object.keys(resource.acl.levels ?? {}) : []
  const entries = (ids: readonly string[]): Record<string, string[]> =>
    Object.fromEntries(
      ids.map((id) => {
        const level = levels.length > 0 && dice.chance(30) ? [dice.pick(levels)] : []
        const odd = [...level, ...(dice.chance(5) ? ['nope'] : [])]
        return [id, dice.chance(15) ? ['*', ...odd] : [...dice.some(actions, dice.below(2), 2), ...odd]]
      })
    )
  const users = [...(dice.chance(70) ? [receiver.id] : []), ...dice.some(['u2', '__proto__'], 0, 1)]
  return { object, acl: { users: entries(users), groups: entries(dice.some(['g1', org, 'g2'], 0, 1)) } }
}

/** The containers that an object of the resource is in, and its attributes. */
function rollObjectParts(
  dice: Dice,
  { in: places = {}, attributes = {} }: ResourceDocument,
  held: ReturnType<typeof check>['held']
): Data {
  const containers = Object.entries(places).flatMap(([name, placement]) => {
    if (placement === 'never' || (placement === 'optional' && dice.chance(40))) return []
    const near = held.flatMap(({ container }) => (container?.name === name ? [container.id] : []))
    return [
      [name, dice.chance(20) ? [dice.pick([...near, 'p1']), 'p2'] : dice.pick([...near, 'p1'])] as const
    ]
  })
  const values = Object.entries(attributes).flatMap(([name, attribute]) =>
    attribute.default !== undefined && dice.chance(40) ? [] : [[name, dice.pick(attribute.values)] as const]
  )
  return Object.fromEntries<unknown>([...containers, ...values])
}

// --- roles ----------------------------------------------------------------------------------------------------------

function levelsOf(place: Place): readonly Level[] {
  const kind = kindOf(place)
  return kind === 'site' ? ['site', 'user'] : [kind, `${kind}Member`]
}

function rollGivenRole(dice: Dice, world: World, giver: Giver, place: Place): RoleDocument {
  const grants = (): Grants => {
    const levels = levelsOf(place).filter(() => dice.chance(65))
    return Object.fromEntries(levels.map((level) => [level, rollEffects(dice, world, giver, place, level)]))
  }
  const { options = {}, orgOptions = {} } = world.document
  const kind = kindOf(place)
  const choices = Object.entries(kind === 'org' ? { ...options, ...orgOptions } : options)
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
    kind,
    ...customIncludes(dice, world, kind),
    grants: grants(),
    ...(variants.length > 0 ? { variants } : {})
  }
}

function rollEffects(dice: Dice, world: World, giver: Giver, place: Place, level: Level): Effects {
  const at: SetAt = { world, level, effect: 'allow' }
  const allow = narrowSet(dice, at, heldSet(dice, world, giver, place, level))
  return {
    allow: dice.chance(30) ? changeSet(dice, at, allow) : allow,
    ...(dice.chance(30) ? { deny: changeSet(dice, { ...at, effect: 'deny' }, {}) } : {})
  }
}

/** What some role of the giver allows at that level or a wider one; nothing where it holds none. */
function heldSet(dice: Dice, world: World, giver: Giver, place: Place, level: Level): PermissionSet {
  const { org, container } = partsOf(place)
  const own = level.endsWith('Member') ? [level, level.slice(0, -'Member'.length)] : [level]
  const wider: readonly Level[] =
    level === 'user' || level === 'site' ? [level, 'site'] : [...new Set([...own, 'org', 'site'])]
  const sets = check(world, giver).held.flatMap((holding) =>
    wider
      .filter((held) => {
        if (held === 'site' || held === 'user') return true
        if (held === 'org' || held === 'orgMember') return holding.org === org
        return holding.container?.id === container?.id && holding.container?.name === container?.name
      })
      .map((held) => holding.grants(held, 'allow'))
      .filter((set) => Object.keys(set).length > 0)
  )
  return sets.length > 0 && dice.chance(90) ? dice.pick(sets) : {}
}

/** Another role altogether, the role with more levels, or the role with one set changed. */
function rollChanged(dice: Dice, world: World, giver: Giver, role: RoleDocument, place: Place): RoleDocument {
  const form = dice.below(3)
  if (form === 0) return changeRole(dice, world, role, place)
  const other = rollGivenRole(dice, world, giver, place)
  return form === 1 ? other : { ...role, grants: { ...other.grants, ...role.grants } }
}

/** The role with one set changed, or gone. */
function changeRole(dice: Dice, world: World, role: RoleDocument, place: Place): RoleDocument {
  const level = dice.pick(levelsOf(place))
  const effects = role.grants?.[level] ?? {}
  const effect = dice.pick(['allow', 'deny'] as const)
  const set = effects[effect] ?? {}
  const at: SetAt = { world, level, effect }
  const changed = dice.chance(40) ? narrowSet(dice, at, set) : changeSet(dice, at, set)
  return { ...role, grants: { ...role.grants, [level]: { ...effects, [effect]: changed } } }
}
