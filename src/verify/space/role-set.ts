// A role set: the roles that one subject holds, and in which organizations. A role case `C` is a role under given
// options and settings, as one policy has it (role-cases.ts) or as two have it (src/diff/role-cases.ts); all here is
// the same for both. A role set becomes the state that decisions read, and the request data of the same subject.
import type { CompiledPolicy } from '../../compile/compile.js'
import type { RoleTable } from '../../compile/roles.js'
import type { Unions } from '../../compile/tables.js'
import { DecidingSubject } from '../../decide/subject.js'
import type { OptionDocument } from '../../document/types.js'
import { noCeilings, noContainers, noGroups, type SubjectState } from '../../request/state.js'
import type { OptionValue } from '../../types.js'
import type { RoleData, UserData } from './requests.js'
import type { Values } from './settings.js'

/** A role and the organization in which it is held. */
export interface HeldRole<C> {
  readonly roleCase: C
  readonly org: string | undefined
}

export type RoleSet<C> = readonly HeldRole<C>[]

const userId = 'u1'

/** The organizations in which its roles are held; they may repeat. */
export function orgsOf<C>(roleSet: RoleSet<C>): string[] {
  return roleSet.flatMap(({ org }) => org ?? [])
}

/** The part of a subject's state that its roles decide. */
export type RoleVotes = Pick<SubjectState, 'site' | 'orgs'>

/** The votes of a subject with a role set that also belongs to `orgs`. Role cases without a table are left out. */
export function uniteVotes<C>(
  roleSet: RoleSet<C>,
  tableOf: (roleCase: C) => RoleTable | undefined,
  { unite, empty }: Unions<RoleTable>,
  orgs: readonly string[] = []
): RoleVotes {
  let site = empty
  const held = new Map(orgs.map((org) => [org, empty]))
  for (const { roleCase, org } of roleSet) {
    const roleTable = tableOf(roleCase)
    if (roleTable === undefined) continue
    if (org === undefined || roleTable.reachesSite) site = unite(site, roleTable)
    if (org !== undefined) held.set(org, unite(held.get(org) ?? empty, roleTable))
  }
  return { site, orgs: held }
}

/** The user with these votes, whom `roleSetData` describes. */
export function userWith(
  compiled: CompiledPolicy,
  { site, orgs }: RoleVotes,
  ceilings: SubjectState['ceilings'] = noCeilings
): DecidingSubject {
  return new DecidingSubject({
    compiled,
    id: userId,
    system: undefined,
    site,
    orgs,
    containers: noContainers,
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
  const roles = roleSet.map(({ roleCase, org }): RoleData =>
    org === undefined ? nameOf(roleCase) : { role: nameOf(roleCase), org }
  )
  return {
    id: userId,
    roles,
    ...(settings.size === 0 ? {} : { orgOptions: Object.fromEntries(settings) })
  }
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
