// Worlds: a valid policy document of one to six resources, the values of its deployment options, and custom roles at
// the site, in organizations and in containers.
import type {
  OptionDocument,
  PolicyData,
  ResourceDocument,
  RoleDocument,
  RoleKind,
  ScopeDocument,
  ScopeTemplateDocument,
  SystemSubjectDocument,
  TemplateParameter
} from '../../src/document/types.js'
import type { World } from '../model.js'
import type { Dice } from './dice.js'
import { rollGrants, rollPermissionSet, rollRole, type Catalogue } from './grants.js'
import { rollCustomIncludes, rollIncludes } from './includes.js'
import * as names from './names.js'
import { rollParts } from './resource.js'
import type { Level, OptionValue, OrgPlacement } from '../../src/types.js'

/** Numbers on the tape for one world: enough for most, and the rest falls to the simplest choices. */
export const worldTape = 1_200

/** The same for worlds that may have containers, attributes and the rest. */
export const worldTapeV2 = 2_400

export interface RollSettings {
  /**
   * Whether there may be what came later: containers, attributes, implied actions, included roles, ACL settings, wider
   * names, keys of organizations. About half of the worlds have them then.
   */
  readonly v2?: boolean
}

const everyLevel: readonly Level[] = ['org', 'orgMember', 'site', 'user']

/** A world; with `v2: true` half of them have the parts that came later. */
export function rollWorld(dice: Dice, { v2 = false }: RollSettings = {}): World {
  return v2 && dice.chance(50) ? rollWideWorld(dice) : rollPlainWorld(dice, v2)
}

/** A world of either kind. */
export function rollWorldV2(dice: Dice): World {
  return rollWorld(dice, { v2: true })
}

/** A world that has at least room for all that came later. */
export function rollWideWorld(dice: Dice): World {
  const count = [0, 1, 2, 1, 3, 2][dice.below(6)] ?? 0
  const containers = dice.some(names.containerNames, count, count)
  const resources = rollResources(
    dice,
    [...names.resourceNames, ...names.wideResourceNames],
    [...names.actionNames, ...names.wideActionNames],
    (resource) => rollParts(dice, resource, containers)
  )
  return rollRest(dice, resources, containers, true)
}

function rollPlainWorld(dice: Dice, v2: boolean): World {
  return rollRest(dice, rollResources(dice, names.resourceNames, names.actionNames), undefined, v2)
}

/** The rest of a world; without a list of containers, a world as they were before there were any. */
function rollRest(
  dice: Dice,
  resources: Catalogue,
  containers: readonly string[] | undefined,
  v2: boolean
): World {
  const optionNames = dice.some(names.optionNames, 0, 5)
  const orgOptionNames = optionNames.splice(0, dice.below(optionNames.length + 1))
  const options = record(optionNames, () => rollOption(dice))
  const orgOptions = record(orgOptionNames, () => rollOption(dice))
  const ids = dice.pick(['string', undefined, 'uuid'] as const)
  const scopes = rollScopes(dice, resources)
  const document: PolicyData = {
    name: 'generated',
    ...(ids === undefined ? {} : { ids }),
    ...(containers === undefined || containers.length === 0
      ? {}
      : { containers: containers.map((name) => ({ name })) }),
    resources,
    ...given('options', options),
    ...given('orgOptions', orgOptions),
    roles: rollRoles(dice, resources, containers, options, orgOptions),
    ...given(
      'systemSubjects',
      record(dice.some(names.systemNames, 0, 2), () => rollSystem(dice, resources))
    ),
    ...given('scopes', scopes),
    ...(dice.chance(20) ? { publicScopes: [`${Object.keys(resources)[0] ?? ''}:*`] } : {}),
    ...(dice.chance(20) ? { defaultScopes: Object.keys(scopes) } : {}),
    ...given(
      'scopeTemplates',
      record(dice.some(names.templateNames, 0, 2), () => rollTemplate(dice, resources, ids))
    )
  }
  const orgIds = v2 ? names.listableOrgIds(ids) : names.orgIds
  return {
    document,
    options: rollValues(dice, options),
    customRoles: rollCustomRoles(dice, document, orgIds, containers)
  }
}

function rollRoles(
  dice: Dice,
  resources: Catalogue,
  containers: readonly string[] | undefined,
  options: Readonly<Record<string, OptionDocument>>,
  orgOptions: Readonly<Record<string, OptionDocument>>
): Readonly<Record<string, RoleDocument>> {
  const pool = containers === undefined ? names.roleNames : [...names.roleNames, ...names.wideRoleNames]
  const most = containers === undefined || containers.length === 0 ? 6 : 8
  const roles = record(dice.some(pool, 2, most), () => {
    if (containers !== undefined && containers.length > 0 && dice.chance(60)) {
      const kind = dice.pick(containers)
      return rollRole(dice, resources, kind, [kind, `${kind}Member`], options)
    }
    const isSite = dice.chance(40)
    // An organization role's grants at the site reach everything: rare, or they decide everything.
    const orgLevels = dice.chance(25) ? everyLevel : everyLevel.slice(0, 2)
    return isSite
      ? rollRole(dice, resources, 'site', ['site', 'user'], options)
      : rollRole(dice, resources, 'org', orgLevels, { ...options, ...orgOptions })
  })
  return containers === undefined ? roles : rollIncludes(dice, roles)
}

function rollResources(
  dice: Dice,
  resourceNames: readonly string[],
  actionNames: readonly string[],
  withParts: (resource: ResourceDocument) => ResourceDocument = (resource) => resource
): Catalogue {
  return record(dice.some(resourceNames, 1, 6), (): ResourceDocument => {
    const org = dice.pick<OrgPlacement | undefined>([undefined, 'optional', undefined, 'required', 'never'])
    const actions = dice.some(actionNames, 1, 5)
    return withParts({
      ...(dice.chance(10) ? { description: 'A resource' } : {}),
      ...(dice.chance(60) ? { acl: dice.chance(80) } : {}),
      ...(org === undefined ? {} : { org }),
      actions: record(actions, (action) => `Do: ${action}`)
    })
  })
}

function rollOption(dice: Dice): OptionDocument {
  const values = dice.pick<readonly OptionValue[]>([
    [true, false],
    ['none', 'some', 'all'],
    [0, 1, 2],
    ['constructor', '__proto__'],
    ['only']
  ])
  return { values, ...(dice.chance(60) ? { default: dice.pick(values.toReversed()) } : {}) }
}

/** A value for every option without a default, and for some with one. */
function rollValues(
  dice: Dice,
  options: Readonly<Record<string, OptionDocument>>
): Record<string, OptionValue> {
  const isGiven = Object.entries(options).filter(
    ([, option]) => option.default === undefined || dice.chance(50)
  )
  return Object.fromEntries(isGiven.map(([option, { values }]) => [option, dice.pick(values)]))
}

function rollSystem(dice: Dice, resources: Catalogue): SystemSubjectDocument {
  const id = dice.chance(50) ? { id: dice.pick(names.subjectIds) } : {}
  const levels: readonly Level[] = 'id' in id ? ['site', 'user'] : ['site']
  return { ...id, ...(dice.chance(95) ? { grants: rollGrants(dice, resources, levels) } : {}) }
}

function rollScopes(dice: Dice, resources: Catalogue): Record<string, ScopeDocument> {
  const aliases = dice.some(names.aliasNames, 0, names.aliasNames.length)
  return record(dice.some(names.scopeNames, 0, 4), () => {
    const own = aliases.splice(0, dice.below(3))
    return {
      allow: rollPermissionSet(dice, resources),
      ...(own.length > 0 ? { aliases: own } : {}),
      ...(dice.chance(50) ? { public: dice.chance(50) } : {})
    }
  })
}

function rollTemplate(dice: Dice, resources: Catalogue, ids: PolicyData['ids']): ScopeTemplateDocument {
  const flags = dice.some(names.flagNames, 0, 2)
  const idParams = dice.some(names.paramNames, 0, 3)
  const params = {
    ...record(idParams, () => dice.pick<TemplateParameter>(['required', 'optional'])),
    ...record(flags, (): TemplateParameter => 'flag')
  }
  const variants = Array.from({ length: flags.length > 0 && dice.chance(80) ? 1 + dice.below(2) : 0 }, () => {
    const when = record(dice.some(flags, 1, 2), () => !dice.chance(50))
    return { when, allow: rollPermissionSet(dice, resources) }
  })
  const placeholders = idParams.map((param) => `{${param}}`)
  const places = [...placeholders, ...placeholders, '*', ...names.listableIds(ids).slice(0, 3)].filter(
    (place) => !place.startsWith('{') || placeholders.includes(place)
  )
  const entries = Array.from({ length: dice.below(5) }, () => {
    const type = dice.pick([...Object.keys(resources), '*'])
    return `${type}:${dice.pick(places)}`
  })
  return {
    params,
    allow: dice.chance(40) ? { '*': '*' } : rollPermissionSet(dice, resources),
    ...(variants.length > 0 ? { variants } : {}),
    ...(dice.chance(75) ? { allowList: [...new Set(entries)] } : {})
  }
}

function rollCustomRoles(
  dice: Dice,
  document: PolicyData,
  orgIds: readonly string[],
  containers: readonly string[] | undefined
): World['customRoles'] {
  const { resources, options = {}, orgOptions = {} } = document
  const customRole = (kind: RoleKind): RoleDocument => {
    const levels = kind === 'site' ? ['site', 'user'] : [kind, `${kind}Member`]
    const read = kind === 'org' ? { ...options, ...orgOptions } : options
    const role = rollRole(dice, resources, kind, levels, read)
    return containers === undefined ? role : rollCustomIncludes(dice, document, role)
  }
  const customRoles = (kind: RoleKind): Record<string, RoleDocument> =>
    record(dice.some(names.customRoleNames, 0, 2), () => customRole(kind))
  const inPlaces = (kind: RoleKind, ids: readonly string[]): Record<string, Record<string, RoleDocument>> =>
    record(dice.some(ids.slice(0, 4), 0, 2), () => customRoles(kind))
  // Two organizations may use one name, and the site a third time: no place's role stands for another's.
  return {
    site: customRoles('site'),
    orgs: inPlaces('org', orgIds),
    ...(containers === undefined || containers.length === 0
      ? {}
      : { containers: record(containers, (kind) => inPlaces(kind, names.containerIds)) })
  }
}

/** A record with these keys as its own, `__proto__` too. */
export function record<T>(keys: readonly string[], value: (key: string) => T): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, value(key)]))
}

function given<K extends string, T extends object>(key: K, value: T): { [P in K]?: T } {
  return Object.keys(value).length > 0 ? ({ [key]: value } as { [P in K]: T }) : {}
}
