// Cells of who may give a role: for each role (or system subject) alone and each role that it could list in its
// `assigns`, whether it lists it. They are counted where the policy lets anybody assign anything.
import type { CompiledPolicy } from '../../../compile/compile.js'
import { findRole, nameInFull } from '../../../compile/role-index.js'
import { explainAssign } from '../../../delegate/assign.js'
import type { RoleKind } from '../../../document/types.js'
import { isWithin } from '../../../levels.js'
import type { SubjectState } from '../../../request/state.js'
import { tooManyCases } from '../../space/settings.js'
import type { CoverageCell, Outcome, SuiteFilter } from '../types.js'
import type { PolicyVoter } from './cells.js'

/** A role or system subject, and which roles it may assign. */
interface Giver {
  readonly name: string
  /** The names of the shipped roles that it could assign, with their kinds; the same for all of its kind. */
  readonly possible: ReadonlyMap<string, RoleKind>
  readonly assigns: ReadonlySet<string>
}

/** The most cells that are listed. */
const mostListed = 20_000_000

export class GivingTable {
  readonly #givers: ReadonlyMap<string, Giver>
  readonly #seen = new Map<string, Set<string>>()

  constructor(
    compiled: CompiledPolicy,
    voters: readonly PolicyVoter[],
    { subject, resource, action }: SuiteFilter
  ) {
    const isAsked = resource === undefined && action === undefined
    const isCounted = isAsked && voters.some(({ assigns }) => assigns.length > 0)
    const byKind = new Map<RoleKind, Giver['possible']>()
    const possibleFor = (kind: RoleKind): Giver['possible'] => {
      const made = byKind.get(kind) ?? assignableWithin(compiled, kind)
      byKind.set(kind, made)
      return made
    }
    this.#givers = new Map(
      (isCounted ? voters : [])
        .filter(({ voter }) => subject === undefined || voter.name === subject)
        .map(({ voter: { name, kind }, assigns }) => [
          name,
          { name, possible: possibleFor(kind), assigns: new Set(assigns) }
        ])
    )
  }

  /** Records that a statement looked at whether somebody may give a role; ignored where that is not so. */
  see(name: string, role: string, outcome: Outcome): void {
    const giver = this.#givers.get(name)
    if (giver?.possible.has(role) !== true || outcomeOf(giver, role) !== outcome) return
    const seen = this.#seen.get(name) ?? new Set<string>()
    this.#seen.set(name, seen.add(role))
  }

  /** Records one answer to a subject: of those that list the role where it may, of all its roles where it may not. */
  seeAnswer(state: SubjectState, role: string, place: Readonly<Record<string, string>>): void {
    const { allowed, delegations } = explainAssign(state, 'assignPermissions', role, place)
    if (allowed) for (const { role: by } of delegations) this.see(by, role, 'allowed')
    else for (const name of namesAt(state, place)) this.see(name, role, 'refused')
  }

  /** Records that nobody but some may give a role. */
  seeOnly(role: string, only: (giver: string) => boolean): void {
    for (const name of this.#givers.keys()) if (!only(name)) this.see(name, role, 'refused')
  }

  count(): { readonly cells: number; readonly covered: number } {
    let [cells, covered] = [0, 0]
    for (const { name, possible } of this.#givers.values()) {
      cells += possible.size
      covered += this.#seen.get(name)?.size ?? 0
    }
    return { cells, covered }
  }

  /** @throws CasemateError `too_many_cases` where there are more than fit in memory. */
  *uncovered(): Generator<CoverageCell> {
    const { cells } = this.count()
    if (cells > mostListed)
      throw tooManyCases('the policy', [], 'roles that assign one another, to be listed', mostListed)
    for (const giver of this.#givers.values())
      for (const [role, level] of giver.possible)
        if (this.#seen.get(giver.name)?.has(role) !== true)
          yield { subject: giver.name, level, permission: `assign ${role}`, outcome: outcomeOf(giver, role) }
  }
}

function outcomeOf({ assigns }: Giver, role: string): Outcome {
  return assigns.has('*') || assigns.has(role) ? 'allowed' : 'refused'
}

/** The shipped roles that somebody who holds a role of a kind could be let assign. */
function assignableWithin({ roles }: CompiledPolicy, kind: RoleKind): Giver['possible'] {
  const assignable = [...roles.shipped.values()].filter(({ document }) => document.assignable !== false)
  return new Map(assignable.flatMap((role) => (isWithin(role.kind, kind) ? [[role.name, role.kind]] : [])))
}

/** The roles that a subject holds at the site and in a place, by the names that coverage gives them; or a service's. */
function namesAt(state: SubjectState, place: Readonly<Record<string, string>>): Set<string> {
  const { compiled, system, site, orgs, containers } = state
  if (system !== undefined) return new Set([`system:${system.name}`])
  const names = new Set<string>()
  for (const { role, document } of site.members) if (document?.kind === 'site') names.add(role)
  for (const [number, kind] of ['org', ...compiled.catalogue.containers].entries()) {
    const id = Object.hasOwn(place, kind) ? place[kind] : undefined
    const held = id === undefined ? undefined : (number === 0 ? orgs : containers[number - 1])?.get(id)
    for (const { role } of held?.members ?? []) {
      const found = findRole(compiled.roles, role, id, kind)
      if (found !== undefined) names.add(nameInFull(found))
    }
  }
  return names
}
