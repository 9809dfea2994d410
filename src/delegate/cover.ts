// What a subject's own grants cover, at one place: the site or an organization. Asked of one permission at one level,
// today's or one still to come; an ACL covers nothing, and a ceiling must let the permission through on every id.
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

/** Why a permission is not covered; `denies` are the subject's own. */
export interface Shortfall {
  readonly reason: GapReason
  readonly denies: readonly DecidingGrant[]
}

/** A subject's holdings, read once for many questions. */
export interface Holdings {
  readonly state: SubjectState
  readonly org: string | undefined
  /** What keeps a grant of the permission at that level from being covered; `undefined` where it is. */
  shortfall(level: Level, permission: CompiledPermission): Shortfall | undefined
  /** Stand-ins for all that may be added to the catalogue, enough for the subject's lines and for these sets. */
  permissionsToCome(sets: Iterable<PermissionSet | undefined>): readonly CompiledPermission[]
}

export function holdingsOf(state: SubjectState, org: string | undefined): Holdings {
  const ceilings = writeCeilings(state.compiled, state.ceilings)
  const { catalogue } = state.compiled
  // Those of organizations too, whether or not they vote at the site so far: a line there may reach what is added.
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
  // What is to come is in no table, and few lines of few roles mean it.
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

/** Every permission set that a role or system subject has, its variants' among them. */
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

/** The denies of a level as an explanation names them, an organization role's once for each place where it is held. */
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
