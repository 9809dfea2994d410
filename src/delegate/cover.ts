// What a subject's own grants cover, at the site or in an organization. Checks one permission at one level, an existing
// or a future one. An ACL covers nothing, and a ceiling must let the permission through on every id.
import type { CompiledPermission } from '../compile/catalogue.js'
import { linePath, writtenPermission } from '../compile/permission-set.js'
import type { RoleTable } from '../compile/roles.js'
import type { SubjectState } from '../request/state.js'
import type { Grants, PermissionSet, RoleVariant } from '../document/types.js'
import type { DecidingGrant, Effect, Level } from '../types.js'
import { ceilingInTheWay, isOpen, setsOfCeilings, writeCeilings } from './held-scopes.js'
import { isToCome, permissionsToCome, wildcardActions } from './future.js'
import type { GapReason } from './types.js'
import { levels, levelBits, isOrgLevel, levelsTo } from '../levels.js'

/** Why a permission is not covered; `denies` are denies that the subject itself holds. */
export interface Shortfall {
  readonly reason: GapReason
  readonly denies: readonly DecidingGrant[]
}

/** A subject's holdings, read once for many questions. */
export interface Holdings {
  readonly state: SubjectState
  readonly org: string | undefined
  /** Why a grant of the permission at that level is not covered; `undefined` where it is. */
  shortfall(level: Level, permission: CompiledPermission): Shortfall | undefined
  /** Stand-ins for future permissions, enough to check the subject's lines and these sets. */
  permissionsToCome(sets: Iterable<PermissionSet | undefined>): readonly CompiledPermission[]
}

export function holdingsOf(state: SubjectState, org: string | undefined): Holdings {
  const ceilings = writeCeilings(state.compiled, state.ceilings)
  const { catalogue } = state.compiled
  // Organization roles too, even if they do not vote at the site yet: a line there may match a future permission.
  const everywhere = [
    ...new Set([...state.site.members, ...[...state.orgs.values()].flatMap(({ members }) => members)])
  ]
  const inOrg = (org === undefined ? undefined : state.orgs.get(org)?.members) ?? []
  const roleTablesAt = (level: Level): readonly RoleTable[] => (isOrgLevel(level) ? inOrg : everywhere)
  const tableAt = (level: Level): Uint8Array | undefined =>
    !isOrgLevel(level) ? state.site.table : org === undefined ? undefined : state.orgs.get(org)?.table
  const openRoleTables = new Map<string, readonly RoleTable[]>()
  const openAt = (level: Level, effect: Effect): readonly RoleTable[] => {
    const key = `${level} ${effect}`
    const open =
      openRoleTables.get(key) ??
      roleTablesAt(level).filter((roleTable) => isOpen(roleTable.lines(level, effect)))
    openRoleTables.set(key, open)
    return open
  }
  // Future permissions are in no table, and only lines with wildcards match them.
  const votes = (level: Level, effect: Effect, permission: CompiledPermission): boolean =>
    isToCome(permission)
      ? openAt(level, effect).some((roleTable) => roleTable.line(level, effect, permission) !== undefined)
      : ((tableAt(level)?.[permission.index] ?? 0) & levelBits[level][effect]) !== 0

  const shortfall = (level: Level, permission: CompiledPermission): Shortfall | undefined => {
    const levels = levelsTo[level]
    const denying = levels.filter((wider) => votes(wider, 'deny', permission))
    if (denying.length > 0) {
      const denies = denying.flatMap((wider) => deniesAt(state, org, wider, roleTablesAt(wider), permission))
      return { reason: 'denied', denies }
    }
    if (!levels.some((wider) => votes(wider, 'allow', permission))) return { reason: 'not_held', denies: [] }
    const reason = ceilingInTheWay(ceilings, permission)
    return reason && { reason, denies: [] }
  }

  const heldSets = everywhere.flatMap(({ document }) =>
    document === undefined ? [] : [...setsOfRole(document)]
  )
  const systemSets = state.system === undefined ? [] : setsOfRole(state.system.document)
  const actions = wildcardActions([...heldSets, ...systemSets, ...setsOfCeilings(ceilings)])
  const toCome = permissionsToCome(catalogue, actions)
  return {
    state,
    org,
    shortfall,
    permissionsToCome: (sets) => {
      const more = [...wildcardActions(sets)].filter((action) => !actions.has(action))
      return more.length === 0 ? toCome : permissionsToCome(catalogue, new Set([...actions, ...more]))
    }
  }
}

/** Every permission set of a role or system subject, including those of its variants. */
export function* setsOfRole(document: {
  readonly grants?: Grants | undefined
  readonly variants?: readonly RoleVariant[] | undefined
}): Generator<PermissionSet | undefined> {
  for (const { grants } of [document, ...(document.variants ?? [])])
    for (const level of levels) {
      yield grants?.[level]?.allow
      yield grants?.[level]?.deny
    }
}

/** The denies of a level as an explanation names them, those of an organization role once for each organization. */
function deniesAt(
  state: SubjectState,
  org: string | undefined,
  level: Level,
  roleTables: readonly RoleTable[],
  permission: CompiledPermission
): DecidingGrant[] {
  return roleTables.flatMap((roleTable) => {
    const line = roleTable.line(level, 'deny', permission)
    if (line === undefined) return []
    const grant = {
      role: roleTable.role,
      level,
      permission: writtenPermission(line, permission.action),
      path: linePath(line)
    }
    if (roleTable.document?.kind !== 'org') return [grant]
    if (isOrgLevel(level)) return [{ ...grant, ...(org === undefined ? {} : { org }) }]
    const places = [...state.orgs].filter(([, held]) => held.members.includes(roleTable))
    return places.map(([place]) => ({ ...grant, org: place }))
  })
}
