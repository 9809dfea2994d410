// What a policy decides, as cells that can be counted: for each role (or system subject) alone, each permission and
// each level that its objects can have, allowed or refused. The cells are read from role tables, so neither the order
// of keys nor the way a grant is written changes a number.
import type { CompiledPermission } from '../../../compile/catalogue.js'
import type { CompiledPolicy } from '../../../compile/compile.js'
import { findRole, listRoles, nameInFull } from '../../../compile/role-index.js'
import type { CompiledRole } from '../../../compile/roles.js'
import { RoleCases } from '../../space/role-cases.js'
import type { RoleKind } from '../../../document/types.js'
import { whereText } from '../../../compile/permission-set.js'
import type { FixedLevel, Level } from '../../../types.js'
import type { Outcome, CoverageCell } from '../types.js'
import {
  canBeInOrg,
  canBeOutside,
  canReach,
  containerLevels,
  isOfOwner,
  isOrgLevel,
  levelBits,
  levels,
  levelsTo,
  voteBit
} from '../../../levels.js'
import { permissionsToldApart, standingFor } from '../../space/attributes.js'

/** A role or system subject, and what decides which levels it can vote at. */
export interface Voter {
  /** No two voters have the same. */
  readonly name: string
  readonly kind: RoleKind
  /** Whether it can own anything: a system subject without id cannot. */
  readonly owns: boolean
}

/** The outcome at a level: that of the first level on the way to it that does not abstain. */
export interface CellVote {
  readonly outcome: Outcome
  /** The level that decided; `undefined` where all abstain. */
  readonly by: FixedLevel | undefined
}

/** What votes (a byte of a role table) decide about the objects whose narrowest level this is. */
export function voteAt(byte: number, level: FixedLevel): CellVote {
  for (const one of levelsTo[level]) {
    const bit = voteBit(byte, one)
    if (bit !== 0) return { outcome: bit === levelBits[one].deny ? 'refused' : 'allowed', by: one }
  }
  return { outcome: 'refused', by: undefined }
}

/**
 * The levels that objects of a permission can have for a voter, widest first. Those of a container's role are `org` and
 * `orgMember`, whose bits they are in its table; `nameOf` says what they are called.
 */
export function levelsOf(
  { kind, owns }: Voter,
  { definition: { org, places } }: CompiledPermission,
  containers: readonly string[]
): FixedLevel[] {
  const isContainers = kind !== 'site' && kind !== 'org'
  const inside = places[containers.indexOf(kind)] ?? 'never'
  const canBeAt = (level: FixedLevel): boolean => {
    if (isContainers) return isOrgLevel(level) && canBeInOrg(inside)
    if (level === 'user' && !places.every(canBeOutside)) return false
    return canReach(level, org) && (kind === 'org' || !isOrgLevel(level))
  }
  return levels.filter((level) => canBeAt(level) && (owns || !isOfOwner(level)))
}

/** A level of a voter as the policy calls it. */
export function nameOf({ kind }: Voter, level: FixedLevel): Level {
  if (kind === 'site' || kind === 'org' || !isOrgLevel(level)) return level
  const [all, own] = containerLevels(kind)
  return isOfOwner(level) ? own : all
}

/** A voter of a policy, and each byte that its role tables can have about a permission. */
export interface PolicyVoter {
  readonly voter: Voter
  /** The role's name; `undefined` for a system subject. */
  readonly role: string | undefined
  /** The entries of its `assigns`. */
  readonly assigns: readonly string[]
  readonly bytesOf: (permission: CompiledPermission) => ReadonlySet<number>
}

/** Every voter of a policy: its roles in order, then its system subjects. */
export function votersOf(compiled: CompiledPolicy): PolicyVoter[] {
  const roleCases = new RoleCases(compiled)
  const roles = listRoles(compiled.roles).map((role): PolicyVoter => {
    const voter = voterFor(role)
    const bytesOf = (permission: CompiledPermission): ReadonlySet<number> =>
      new Set(
        roleCases.ofRole(role, permission).map(({ roleTable }) => roleTable.table[permission.index] ?? 0)
      )
    return { voter, role: role.name, assigns: role.document.assigns ?? [], bytesOf }
  })
  const systems = [...compiled.systemSubjects.values()].map(({ name, document, roleTable }): PolicyVoter => ({
    voter: systemVoter(name, document.id),
    role: undefined,
    assigns: document.assigns ?? [],
    bytesOf: ({ index }) => new Set([roleTable.table[index] ?? 0])
  }))
  return [...roles, ...systems]
}

export function systemVoter(name: string, id: string | undefined): Voter {
  return { name: `system:${name}`, kind: 'site', owns: id !== undefined && id !== '' }
}

/** The voter of a role that is held at the site, in an organization or in a container. */
export function voterOf(
  compiled: CompiledPolicy,
  role: string,
  place?: string,
  kind?: RoleKind
): Voter | undefined {
  const found = findRole(compiled.roles, role, place, kind)
  return found && voterFor(found)
}

function voterFor(role: CompiledRole): Voter {
  return { name: nameInFull(role), kind: role.kind, owns: true }
}

/** The cells of a policy, and which of them were looked at. */
export class CellTable {
  readonly voters: readonly PolicyVoter[]
  readonly #compiled: CompiledPolicy
  /** Of attributes that the policy does not tell apart, one permission stands for all. */
  readonly #permissions: readonly CompiledPermission[]
  /** The cells, by voter, then permission and level: a bit for each outcome that exists. */
  readonly #there = new Map<string, Uint8Array>()
  readonly #seen = new Map<string, Uint8Array>()

  constructor(compiled: CompiledPolicy, isAsked: (voter: string, permission: CompiledPermission) => boolean) {
    const { resources, permissions, containers } = compiled.catalogue
    this.#compiled = compiled
    this.#permissions = [...resources.values()].flatMap((resource) =>
      [...resource.actions.keys()].flatMap((action) => permissionsToldApart(compiled, resource, action))
    )
    this.voters = votersOf(compiled)
    for (const { voter, bytesOf } of this.voters) {
      const cells = new Uint8Array(permissions.length * levels.length)
      for (const permission of this.#permissions) {
        if (!isAsked(voter.name, permission)) continue
        const bytes = bytesOf(permission)
        for (const level of levelsOf(voter, permission, containers))
          for (const byte of bytes) {
            const at = cellAt(permission.index, level)
            cells[at] = (cells[at] ?? 0) | outcomeBit[voteAt(byte, level).outcome]
          }
      }
      this.#there.set(voter.name, cells)
      this.#seen.set(voter.name, new Uint8Array(cells.length))
    }
  }

  /** Records that a statement looked at a cell; ignored if there is no such cell. */
  see(voter: string, permission: CompiledPermission, level: FixedLevel, outcome: Outcome): void {
    const at = cellAt(standingFor(this.#compiled, permission).index, level)
    const isThere = ((this.#there.get(voter)?.[at] ?? 0) & outcomeBit[outcome]) !== 0
    const seen = this.#seen.get(voter)
    if (isThere && seen !== undefined) seen[at] = (seen[at] ?? 0) | outcomeBit[outcome]
  }

  /** How many cells there are, and how many of them were looked at. */
  count(): { readonly cells: number; readonly covered: number } {
    let [cells, covered] = [0, 0]
    for (const [subject, there] of this.#there) {
      const seen = this.#seen.get(subject)
      for (const [at, outcomes] of there.entries())
        for (const bit of [outcomeBit.allowed, outcomeBit.refused])
          if ((outcomes & bit) !== 0) {
            cells++
            if (((seen?.[at] ?? 0) & bit) !== 0) covered++
          }
    }
    return { cells, covered }
  }

  /** Every cell that was not looked at, by voter, permission in catalogue order and level. */
  *uncovered(): Generator<CoverageCell> {
    for (const { voter } of this.voters) {
      const there = this.#there.get(voter.name)
      const seen = this.#seen.get(voter.name)
      for (const permission of this.#permissions)
        for (const level of levels)
          for (const outcome of ['allowed', 'refused'] as const) {
            const at = cellAt(permission.index, level)
            const isThere = ((there?.[at] ?? 0) & outcomeBit[outcome]) !== 0
            const isSeen = ((seen?.[at] ?? 0) & outcomeBit[outcome]) !== 0
            if (!isThere || isSeen) continue
            const { name, attributes } = permission
            const where = attributes.size === 0 ? {} : { where: whereText(Object.fromEntries(attributes)) }
            yield { subject: voter.name, level: nameOf(voter, level), permission: name, ...where, outcome }
          }
    }
  }
}

const outcomeBit: Readonly<Record<Outcome, number>> = { allowed: 1, refused: 2 }

function cellAt(permission: number, level: FixedLevel): number {
  return permission * levels.length + levels.indexOf(level)
}
