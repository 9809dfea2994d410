// A role set: the roles that one subject holds, and in which organizations and containers. A role case `C` is a role
// under given options and settings, as one policy has it (role-cases.ts) or as two have it (src/diff/role-cases.ts);
// all here is the same for both. A role set becomes the state that decisions read, and the request data of the same
// subject.
import type { CompiledPolicy } from '../../compile/compile.js'
import type { RoleTable } from '../../compile/roles.js'
import type { Union, Unions } from '../../compile/tables.js'
import { DecidingSubject } from '../../decide/subject.js'
import type { OptionDocument } from '../../document/types.js'
import { noCeilings, noContainers, noGroups, type HeldIn, type SubjectState } from '../../request/state.js'
import type { OptionValue } from '../../types.js'
import type { RoleData, UserData } from './requests.js'
import type { Values } from './settings.js'

/** Where a role is held: an organization (`kind: 'org'`) or a container, whose kind is the container's name. */
export interface HeldPlace {
  readonly kind: string
  readonly id: string
}

/** A role and the place in which it is held; a site role has none. */
export interface HeldRole<C> {
  readonly roleCase: C
  readonly place: HeldPlace | undefined
}

export type RoleSet<C> = readonly HeldRole<C>[]

const userId = 'u1'

/** The places of a kind in which its roles are held; they may repeat. */
export function placesIn<C>(roleSet: RoleSet<C>, kind: string): string[] {
  return roleSet.flatMap(({ place }) => (place?.kind === kind ? place.id : []))
}

/** The organizations in which its roles are held; they may repeat. */
export function orgsOf<C>(roleSet: RoleSet<C>): string[] {
  return placesIn(roleSet, 'org')
}

/** Whether two members are held in the same place: both at the site, or in one organization or container. */
export function isSamePlace(a: HeldPlace | undefined, b: HeldPlace | undefined): boolean {
  return a?.kind === b?.kind && a?.id === b?.id
}

/** A place as text, for keys; empty for the site. */
export function placeKey(place: HeldPlace | undefined): string {
  return place === undefined ? '' : `${place.kind} ${place.id}`
}

/** The part of a subject's state that its roles decide. */
export type RoleVotes = Pick<SubjectState, 'site' | 'orgs' | 'containers'>

/**
 * The votes of a subject with a role set that also belongs to `orgs`. `containers` are the kinds of containers of the
 * policy that is asked, in its order. Role cases without a table are left out.
 */
export function uniteVotes<C>(
  roleSet: RoleSet<C>,
  tableOf: (roleCase: C) => RoleTable | undefined,
  { unite, empty }: Unions<RoleTable>,
  containers: readonly string[],
  orgs: readonly string[] = []
): RoleVotes {
  let site = empty
  const heldIn = new Map<string, Map<string, Union<RoleTable>>>([
    ['org', new Map(orgs.map((org) => [org, empty]))]
  ])
  for (const { roleCase, place } of roleSet) {
    const roleTable = tableOf(roleCase)
    if (roleTable === undefined) continue
    if (place === undefined || roleTable.reachesSite) site = unite(site, roleTable)
    if (place === undefined) continue
    const held = heldIn.get(place.kind) ?? new Map<string, Union<RoleTable>>()
    heldIn.set(place.kind, held.set(place.id, unite(held.get(place.id) ?? empty, roleTable)))
  }
  const inKind = (kind: string): HeldIn => heldIn.get(kind) ?? nowhere
  return {
    site,
    orgs: inKind('org'),
    containers: containers.length === 0 ? noContainers : containers.map(inKind)
  }
}

const nowhere: HeldIn = new Map()

/** The user with these votes, whom `roleSetData` describes. */
export function userWith(
  compiled: CompiledPolicy,
  { site, orgs, containers }: RoleVotes,
  ceilings: SubjectState['ceilings'] = noCeilings
): DecidingSubject {
  return new DecidingSubject({
    compiled,
    id: userId,
    system: undefined,
    site,
    orgs,
    containers,
    groups: noGroups,
    ceilings
  })
}

/** The user with a role set as request data. */
export function roleSetData<C>(
  roleSet: RoleSet<C>,
  nameOf: (roleCase: C) => string,
  settings: ReadonlyMap<string, Values>
): UserData {
  const roles = roleSet.map(({ roleCase, place }) => roleData(nameOf(roleCase), place))
  return {
    id: userId,
    roles,
    ...(settings.size === 0 ? {} : { orgOptions: Object.fromEntries(settings) })
  }
}

/** A role in a place as request data. */
export function roleData(role: string, place: HeldPlace | undefined): RoleData {
  if (place === undefined) return role
  return place.kind === 'org' ? { role, org: place.id } : { role, [place.kind]: place.id }
}

/** A setting of an organization, with the value that it has to have; `undefined` if any value will do. */
export type WantedSetting = readonly [org: string, name: string, value: OptionValue | undefined]

/**
 * The settings that a request gives for each organization, in the order in which they are wanted. Where any value will
 * do and the setting has no default, it is the first one that the policy declares.
 */
export function settingsByOrg(
  wanted: Iterable<WantedSetting>,
  declared: ReadonlyMap<string, OptionDocument>
): ReadonlyMap<string, Values> {
  const settings = new Map<string, Map<string, OptionValue>>()
  for (const [org, name, value] of wanted) {
    const values = settings.get(org) ?? new Map<string, OptionValue>()
    const option = declared.get(name)
    const given = value ?? values.get(name) ?? (option?.default === undefined ? option?.values[0] : undefined)
    if (given !== undefined) settings.set(org, values.set(name, given))
  }
  return new Map([...settings].map(([org, values]) => [org, Object.fromEntries(values)]))
}
