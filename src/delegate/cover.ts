// What a subject's own grants cover in a place. Checks one permission at one level, an existing or a future one. An ACL
// covers nothing, and a ceiling must let the permission through on every object that the level is about.
import type { CompiledPermission } from '../compile/catalogue.js'
import { includedRoles } from '../compile/roles.js'
import { hasOrgLimit, isWithinOrgs } from '../decide/counting-orgs.js'
import type { SubjectState } from '../request/state.js'
import type { Grants, PermissionSet, RoleDocument, RoleVariant } from '../document/types.js'
import type { DecidingGrant, Level } from '../types.js'
import { isFixed, levels, levelsDownTo, levelsOver } from '../levels.js'
import { ceilingInTheWay, setsOfCeilings, writeCeilings } from './held-scopes.js'
import { futurePermissions } from './future.js'
import { createCasts, deniesAt, heardAt } from './holdings-at.js'
import type { Place } from './place.js'
import type { GapReason } from './types.js'
import { joinNames, namesIn } from './written-names.js'

/** Why a permission is not covered; `denies` are denies that the subject itself holds. */
export interface Shortfall {
  readonly reason: GapReason
  readonly denies: readonly DecidingGrant[]
}

/** A subject's holdings, read once for many questions. */
export interface Holdings {
  readonly state: SubjectState
  readonly place: Place
  /** Why a grant of the permission at that level is not covered; `undefined` where it is. */
  shortfall(level: Level, permission: CompiledPermission): Shortfall | undefined
  /** Stand-ins for future permissions, enough to check the subject's lines and these sets. */
  futurePermissions(sets: Iterable<PermissionSet | undefined>): readonly CompiledPermission[]
}

export function holdingsOf(state: SubjectState, place: Place): Holdings {
  const { catalogue } = state.compiled
  const ceilings = writeCeilings(state.compiled, state.ceilings)
  const { allowing, denying } = heardAt(state, place)
  const casts = createCasts(state)

  const shortfall = (level: Level, permission: CompiledPermission): Shortfall | undefined => {
    const denyingLevels = levelsDownTo(level, catalogue.containers).filter((wider) =>
      casts(denying(wider), wider, 'deny', permission)
    )
    if (denyingLevels.length > 0) {
      const denies = denyingLevels.flatMap((wider) =>
        deniesAt(state, place, wider, denying(wider), permission)
      )
      return { reason: 'denied', denies }
    }
    if (!levelsOver(level).some((wider) => casts(allowing(wider), wider, 'allow', permission)))
      return { reason: 'not_held', denies: [] }
    const reason = ceilingInTheWay(ceilings, permission) ?? orgsInTheWay(state, level, place)
    return reason && { reason, denies: [] }
  }

  const names = namesIn([...setsOfState(state), ...setsOfCeilings(ceilings)])
  // Made when it is first asked for: of many givers of roles, few are asked about what comes later.
  let future: readonly CompiledPermission[] | undefined
  return {
    state,
    place,
    shortfall,
    futurePermissions: (sets) => {
      const all = joinNames(names, namesIn(sets))
      return all === undefined
        ? (future ??= futurePermissions(catalogue, names))
        : futurePermissions(catalogue, all)
    }
  }
}

/** Whether a list of organizations refuses some objects that a level is about; a grant at `site` is about all. */
function orgsInTheWay({ ceilings }: SubjectState, level: Level, place: Place): 'outside_org' | undefined {
  const isThrough =
    level === 'site'
      ? !hasOrgLimit(ceilings)
      : isWithinOrgs(ceilings, level === 'user' ? undefined : place.org)
  return isThrough ? undefined : 'outside_org'
}

/** Every permission set of what a subject holds. */
function* setsOfState({
  site,
  orgs,
  containers,
  system
}: SubjectState): Generator<PermissionSet | undefined> {
  const unions = [site, ...orgs.values(), ...containers.flatMap((held) => [...held.values()])]
  const roleTables = new Set(unions.flatMap(({ members }) => members))
  for (const { document, included } of roleTables)
    for (const one of [document, ...included.map((role) => role.document)])
      if (one !== undefined) yield* setsOfDocument(one)
  if (system !== undefined) yield* setsOfDocument(system.document)
}

/** Every permission set of a role and of the roles that it includes. */
export function* setsOfRole(
  document: RoleDocument,
  shipped: Readonly<Record<string, RoleDocument>>
): Generator<PermissionSet | undefined> {
  yield* setsOfDocument(document)
  for (const included of includedRoles(document, shipped).values()) yield* setsOfDocument(included)
}

/** Every permission set of a role or system subject, including those of its variants. */
function* setsOfDocument(document: {
  readonly grants?: Grants | undefined
  readonly variants?: readonly RoleVariant[] | undefined
}): Generator<PermissionSet | undefined> {
  for (const { grants = {} } of [document, ...(document.variants ?? [])])
    for (const level of [...levels, ...Object.keys(grants).filter((key) => !isFixed(key))]) {
      yield grants[level]?.allow
      yield grants[level]?.deny
    }
}
