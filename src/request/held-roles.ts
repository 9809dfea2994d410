// The roles that a subject says it holds → one union of tables for the site, one for each organization, and one for each
// container.
import type { CompiledPolicy } from '../compile/compile.js'
import type { RoleTable } from '../compile/roles.js'
import type { Union } from '../compile/tables.js'
import { ownFields } from '../problems/own-fields.js'
import type { Path } from '../problems/path.js'
import { isRecord } from '../problems/plain.js'
import type { RequestProblems } from '../problems/request-problems.js'
import { findRoleTable, type Settings } from './role-table.js'
import { noContainers, noOrgs, type SubjectState } from './state.js'

const noMaps: readonly Map<string, Union<RoleTable>>[] = []
const roleKeys: ReadonlySet<string> = new Set(['role', 'org'])

export interface ReadMode {
  /** The path of the subject in a request. */
  readonly path: Path
  /** Whether it is data from outside. Then no key may be `null`, `undefined` or unknown, at any depth. */
  readonly isOutside: boolean
}

export function readRoles(
  compiled: CompiledPolicy,
  given: unknown,
  settings: Settings | undefined,
  mode: ReadMode,
  problems: RequestProblems
): Pick<SubjectState, 'site' | 'orgs' | 'containers'> {
  const { empty, unite } = compiled.roleTables
  const { containers: kinds } = compiled.catalogue
  const keys = kinds.length === 0 ? roleKeys : new Set([...roleKeys, ...kinds])
  let site = empty
  let alone = empty
  let last = ''
  let same: RoleTable | undefined
  if (given === undefined) return { site, orgs: noOrgs, containers: noContainers }
  if (!Array.isArray(given)) {
    problems.addShape([...mode.path, 'roles'], 'a list of roles', given)
    return { site, orgs: noOrgs, containers: noContainers }
  }
  const orgs = new Map<string, Union<RoleTable>>()
  const containers = kinds.length === 0 ? noMaps : kinds.map(() => new Map<string, Union<RoleTable>>())
  for (let i = 0; i < given.length; i++) {
    const entry: unknown = given[i]
    const held = typeof entry === 'string' ? undefined : readHeld(entry, keys, kinds, i, mode, problems)
    const name = typeof entry === 'string' ? entry : roleName(held, entry, keys, i, mode, problems)
    if (name === undefined) continue
    const place = held?.['org']
    const org = typeof place === 'string' && place !== '' ? place : rolePlace(place, 'org', i, mode, problems)
    const inside = kinds.length === 0 ? undefined : roleContainers(held, kinds, i, mode, problems)
    // Many subjects hold the same role in many organizations, so the table found for the last one is reused.
    const isRepeated = same !== undefined && org !== undefined && inside === undefined && name === last
    const roleTable = isRepeated
      ? same
      : findRoleTable(compiled, name, org, settings, mode.path, i, problems, inside)
    if (roleTable === undefined) continue
    if (inside !== undefined) {
      const number = kinds.findIndex((kind) => inside.has(kind))
      const id = inside.get(kinds[number] ?? '') ?? ''
      const before = containers[number]?.get(id) ?? empty
      containers[number]?.set(id, compiled.roleTables.gather(before, roleTable))
      continue
    }
    if (roleTable !== same) {
      last = name
      same = settings === undefined && isAlikeEverywhere(compiled, name, roleTable) ? roleTable : undefined
    }
    if (org === undefined || roleTable.reachesSite) site = compiled.roleTables.gather(site, roleTable)
    if (org === undefined) continue
    const before = orgs.get(org)
    if (before === undefined && alone.members[0] !== roleTable) alone = unite(empty, roleTable)
    orgs.set(org, before === undefined ? alone : compiled.roleTables.gather(before, roleTable))
  }
  return {
    site,
    orgs: orgs.size === 0 ? noOrgs : orgs,
    containers: kinds.length === 0 ? noContainers : containers
  }
}

/** Whether this table is the same in every organization: that of a shipped organization role without settings. */
function isAlikeEverywhere(compiled: CompiledPolicy, name: string, roleTable: RoleTable): boolean {
  const role = compiled.roles.shipped.get(name)
  return role?.kind === 'org' && role.byDefault === roleTable
}

/** The own keys of a role given as a record; `undefined` if it is not a record. */
function readHeld(
  entry: unknown,
  keys: ReadonlySet<string>,
  kinds: readonly string[],
  i: number,
  mode: ReadMode,
  problems: RequestProblems
): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(entry)) return undefined
  const held = ownFields(entry, keys, kinds)
  if (held !== entry) problems.addInherited([...mode.path, 'roles', i], entry, keys)
  return held
}

function roleName(
  held: Readonly<Record<string, unknown>> | undefined,
  entry: unknown,
  keys: ReadonlySet<string>,
  i: number,
  mode: ReadMode,
  problems: RequestProblems
): string | undefined {
  const role = held?.['role']
  if (!isRecord(entry) || typeof role !== 'string') {
    problems.addShape([...mode.path, 'roles', i], 'a role, or `{ role, org }`', entry)
    return undefined
  }
  if (mode.isOutside)
    for (const key of Object.keys(entry))
      if (!keys.has(key)) problems.addUnknownKey([...mode.path, 'roles', i], key, keys)
  return role
}

/** The id of the organization or container in which a role is held. */
function rolePlace(
  place: unknown,
  key: string,
  i: number,
  mode: ReadMode,
  problems: RequestProblems
): string | undefined {
  if (typeof place === 'string') return place === '' ? undefined : place
  if (place !== undefined && place !== null)
    problems.addShape(
      [...mode.path, 'roles', i, key],
      key === 'org' ? 'an organization' : `the id of a ${key}`,
      place
    )
  return undefined
}

/** The containers that a held role names, by kind; `undefined` where it names none. */
function roleContainers(
  held: Readonly<Record<string, unknown>> | undefined,
  kinds: readonly string[],
  i: number,
  mode: ReadMode,
  problems: RequestProblems
): ReadonlyMap<string, string> | undefined {
  if (held === undefined) return undefined
  const places = kinds.flatMap((kind) => {
    const place = rolePlace(held[kind], kind, i, mode, problems)
    return place === undefined ? [] : [[kind, place] as const]
  })
  return places.length === 0 ? undefined : new Map(places)
}
