// Where the roles of a subject vote on the objects of a place, level by level: the tables that say yes or no, and the
// roles behind them, for explanations.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { RoleTable } from '../compile/roles.js'
import type { Union } from '../compile/tables.js'
import { grantsOfRole } from '../decide/votes.js'
import { bitsAt, containerLevels } from '../levels.js'
import type { HeldIn, SubjectState } from '../request/state.js'
import type { DecidingGrant, Effect, Level } from '../types.js'
import { isFuture } from './future.js'
import type { Place } from './place.js'
import { isOpen } from './written-names.js'

/** Roles that vote together. */
export interface Voters {
  readonly roleTables: readonly RoleTable[]
  /** Their united tables. */
  readonly table: Uint8Array | undefined
}

/** The roles that vote at the levels of a place. */
export interface Heard {
  /** Those that may allow what is in the place at a level. */
  readonly allowing: (level: Level) => Voters
  /** Those that may deny it: an object may be in further containers, so roles held in any of them count. */
  readonly denying: (level: Level) => Voters
}

const nobody: Voters = { roleTables: [], table: undefined }

export function heardAt({ compiled, site, orgs, containers }: SubjectState, place: Place): Heard {
  const held = place.org === undefined ? undefined : orgs.get(place.org)
  // Organization roles too, even if they do not vote at the site yet: a line there may match a future permission.
  const everywhere = {
    roleTables: [...new Set([...site.members, ...[...orgs.values()].flatMap(({ members }) => members)])],
    table: site.table
  }
  const inOrg = votersOf(held)
  const { container } = place
  const inContainer = votersOf(container && containers[container.number]?.get(container.id))
  const kinds = new Map(
    compiled.catalogue.containers.flatMap((kind, number) => {
      const voters = uniteAll(containers[number])
      return containerLevels(kind).map((level) => [level, voters] as const)
    })
  )
  const fixed = (level: Level): Voters | undefined => {
    if (level === 'site' || level === 'user') return everywhere
    return level === 'org' || level === 'orgMember' ? inOrg : undefined
  }
  return {
    allowing: (level) =>
      fixed(level) ??
      (container !== undefined && containerLevels(container.kind).includes(level) ? inContainer : nobody),
    denying: (level) => fixed(level) ?? kinds.get(level) ?? nobody
  }
}

function votersOf(held: Union<RoleTable> | undefined): Voters {
  return held === undefined ? nobody : { roleTables: held.members, table: held.table }
}

/** The roles held in any place of a kind. Many places have the same table. */
function uniteAll(held: HeldIn | undefined): Voters {
  const unions = [...new Set(held?.values())]
  const [first, ...others] = unions
  if (first === undefined || others.length === 0) return votersOf(first)
  const table = first.table.slice()
  for (const other of others)
    for (const [index, votes] of other.table.entries()) table[index] = (table[index] ?? 0) | votes
  return { roleTables: [...new Set(unions.flatMap(({ members }) => members))], table }
}

/** Whether some of the roles cast a vote on a permission, a future one included. */
export type Casts = (voters: Voters, level: Level, effect: Effect, permission: CompiledPermission) => boolean

/** Future permissions are in no table, and few lines match them; those are found once. */
export function createCasts({ compiled }: SubjectState): Casts {
  const open = new Map<Voters, Map<string, readonly RoleTable[]>>()
  const openAt = (voters: Voters, level: Level, effect: Effect): readonly RoleTable[] => {
    const byLine = open.get(voters) ?? new Map<string, readonly RoleTable[]>()
    open.set(voters, byLine)
    const key = `${level} ${effect}`
    const found =
      byLine.get(key) ??
      voters.roleTables
        .flatMap((roleTable) => [roleTable, ...roleTable.included])
        .filter((writer) => isOpen(writer.lines(level, effect), compiled.catalogue))
    byLine.set(key, found)
    return found
  }
  return (voters, level, effect, permission) =>
    isFuture(permission)
      ? openAt(voters, level, effect).some((writer) => writer.line(level, effect, permission) !== undefined)
      : ((voters.table?.[permission.index] ?? 0) & bitsAt(level)[effect]) !== 0
}

/** The denies of a level as an explanation names them, once for each place where the role is held. */
export function deniesAt(
  { compiled, orgs, containers }: SubjectState,
  place: Place,
  level: Level,
  { roleTables }: Voters,
  permission: CompiledPermission
): DecidingGrant[] {
  return roleTables.flatMap((roleTable) => {
    const grants = grantsOfRole(roleTable, level, 'deny', permission)
    const kind = roleTable.document?.kind ?? 'site'
    if (grants.length === 0 || kind === 'site') return grants
    const held = kind === 'org' ? orgs : containers[compiled.catalogue.containers.indexOf(kind)]
    const isThere = level === 'org' || level === 'orgMember'
    const ids = isThere ? [place.org] : placesOf(held, roleTable)
    return ids.flatMap((id) =>
      grants.map((grant) => {
        if (id === undefined) return grant
        return kind === 'org' ? { ...grant, org: id } : { ...grant, container: id }
      })
    )
  })
}

function placesOf(held: HeldIn | undefined, roleTable: RoleTable): string[] {
  return [...(held ?? [])].flatMap(([id, { members }]) => (members.includes(roleTable) ? [id] : []))
}
