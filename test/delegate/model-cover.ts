// Whether somebody holds what a grant would give: the sentences about `canGrant`, straight from the document.
import type { PermissionSet, PolicyData } from '../../src/document/types.js'
import type { AttributeValue, Effect, Level } from '../../src/types.js'
import { grantsNaming, impliersOf, own, type Attributes, type ListEntry } from '../model/document.js'
import type { CheckedSubject, HeldRole } from '../model/request.js'
import { containerNames } from '../model/shape.js'

/** A place as callers name it. */
export type Place = string | undefined | Readonly<Record<string, string>>

/** The parts of a place. */
export interface Parts {
  readonly org: string | undefined
  readonly container: { readonly name: string; readonly id: string } | undefined
}

export function partsOf(place: Place): Parts {
  if (typeof place !== 'object') return { org: place, container: undefined }
  const [container] = Object.entries(place).filter(([key]) => key !== 'org')
  return {
    org: own(place, 'org'),
    container: container && { name: container[0], id: container[1] }
  }
}

/** The kind of roles that are held there. */
export function kindOf(place: Place): string {
  const { org, container } = partsOf(place)
  return container?.name ?? (org === undefined ? 'site' : 'org')
}

/** One permission under one combination of attributes. */
export interface Wanted {
  readonly resource: string
  readonly action: string
  readonly attributes: Attributes
}

/** Every permission, under every combination of attributes. */
export function everyWanted({ resources }: PolicyData): readonly Wanted[] {
  return Object.entries(resources).flatMap(([resource, { actions, attributes = {} }]) =>
    combinationsOf(Object.entries(attributes).map(([name, { values }]) => [name, values])).flatMap((one) =>
      Object.keys(actions).map((action) => ({ resource, action, attributes: one }))
    )
  )
}

function combinationsOf(
  attributes: readonly (readonly [name: string, values: readonly AttributeValue[]])[]
): readonly Attributes[] {
  const [first, ...others] = attributes
  if (first === undefined) return [{}]
  const [name, values] = first
  return combinationsOf(others).flatMap((rest) =>
    values.map((value) => Object.fromEntries([[name, value], ...Object.entries(rest)]))
  )
}

/** Whether a set names a permission; an allow also by an action that implies it. */
export function has(document: PolicyData, set: PermissionSet, effect: Effect, wanted: Wanted): boolean {
  const { resource, action, attributes } = wanted
  const isNamed = (name: string, by: PermissionSet): boolean =>
    grantsNaming(by, effect, resource, name, attributes).length > 0
  if (isNamed(action, set)) return true
  if (effect === 'deny') return false
  // "An `except` of an action that another action of the same entry implies is a problem": no such document comes.
  const without = Object.entries(set).map(([key, list]): [string, PermissionSet[string]] => {
    const isLeftOut = list !== '*' && 'except' in list && list.except.includes(action)
    return [key, isLeftOut ? [] : list]
  })
  const rest = Object.fromEntries(without)
  return impliersOf(own(document.resources, resource), action).some((implier) => isNamed(implier, rest))
}

/** "The subject holds an allow at the same or a wider level, no level down to the grant's own denies it, …". */
export function isCovered(
  document: PolicyData,
  { held, ceilings }: CheckedSubject,
  level: Level,
  wanted: Wanted,
  place: Place
): boolean {
  const { org, container } = partsOf(place)
  const votes = (at: Level, effect: Effect, isHeard: (role: HeldRole) => boolean): boolean =>
    held
      .filter(isHeard)
      .some((role) =>
        [role, ...role.included].some(({ grants }) => has(document, grants(at, effect), effect, wanted))
      )
  // Grants at `org` and `orgMember` count where they are held; those at `site` and `user` wherever that is.
  const isHeardAt =
    (at: Level, anywhere: boolean) =>
    (role: HeldRole): boolean => {
      if (at === 'site' || at === 'user') return true
      if (at === 'org' || at === 'orgMember') return org !== undefined && role.org === org
      if (role.container?.name !== at.replace(/Member$/, '')) return false
      // An object of the place may be in other containers too: what is denied there is denied to the giver.
      return anywhere || (role.container.name === container?.name && role.container.id === container.id)
    }
  const isIn = (list: readonly ListEntry[] | undefined): boolean =>
    // "A list is in the way unless it holds `type:*` or `*:*`."
    list === undefined ||
    list.some(({ type, id }) => (type === '*' || type === wanted.resource) && id === '*')
  return (
    levelsOver(level).some((at) => votes(at, 'allow', isHeardAt(at, false))) &&
    !levelsDownTo(document, level).some((at) => votes(at, 'deny', isHeardAt(at, true))) &&
    ceilings.every(
      ({ scopes, allowList, onlyOrgs }) =>
        isIn(allowList) &&
        (scopes === undefined ||
          scopes.some(({ allow, list }) => has(document, allow, 'allow', wanted) && isIn(list))) &&
        (onlyOrgs === undefined || reachesAll(onlyOrgs, level, org))
    )
  )
}

/** Whether a key that is limited to organizations reaches all objects that a grant is about. */
function reachesAll(onlyOrgs: readonly string[], level: Level, org: string | undefined): boolean {
  if (onlyOrgs.includes('*')) return true
  if (level === 'site') return false
  if (level === 'user' || org === undefined) return onlyOrgs.includes('*none')
  return org !== '*none' && onlyOrgs.includes(org)
}

/** "The same or a wider level". */
function levelsOver(level: Level): readonly Level[] {
  if (level === 'site') return ['site']
  if (level === 'user') return ['site', 'user']
  if (level === 'org') return ['site', 'org']
  if (level === 'orgMember') return ['site', 'org', 'orgMember']
  if (!level.endsWith('Member')) return ['site', 'org', level]
  return ['site', 'org', 'orgMember', level.replace(/Member$/, ''), level]
}

/** "From `site` down to the grant's own". */
function levelsDownTo(document: PolicyData, level: Level): readonly Level[] {
  if (level === 'user') return ['site', 'user']
  const containers = containerNames(document).flatMap((name) => [name, `${name}Member`])
  const all: readonly Level[] = ['site', 'org', 'orgMember', ...containers]
  return all.slice(0, all.indexOf(level) + 1)
}
