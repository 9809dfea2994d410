// Cells of who may give a role: for each role (or system subject) alone and each role that it could list in its
// `assigns`, whether it lists it. They are counted where the policy lets anybody assign anything.
import type { CompiledPolicy } from '../../../compile/compile.js'
import { findRole } from '../../../compile/role-index.js'
import type { CompiledRole } from '../../../compile/roles.js'
import { explainAssign } from '../../../delegate/assign.js'
import type { RoleKind } from '../../../document/types.js'
import { isWithin } from '../../../levels.js'
import type { SubjectState } from '../../../request/state.js'
import type { CoverageCell, Outcome, SuiteFilter } from '../types.js'
import type { PolicyVoter } from './cells.js'

/** A role or system subject, and the shipped roles that it could assign, each with whether it does. */
interface Giver {
  readonly name: string
  readonly given: ReadonlyMap<string, { readonly kind: RoleKind; readonly outcome: Outcome }>
}

export class GivingTable {
  readonly #givers: ReadonlyMap<string, Giver>
  readonly #seen = new Map<string, Set<string>>()

  constructor(
    compiled: CompiledPolicy,
    voters: readonly PolicyVoter[],
    { subject, resource, action }: SuiteFilter
  ) {
    const { roles = {}, systemSubjects = {} } = compiled.document
    const assigning = [...Object.values(roles), ...Object.values(systemSubjects)]
    const isAsked = resource === undefined && action === undefined
    const isCounted = isAsked && assigning.some(({ assigns = [] }) => assigns.length > 0)
    const assignable = [...compiled.roles.shipped.values()].filter(
      ({ document }) => document.assignable !== false
    )
    this.#givers = new Map(
      (isCounted ? voters : [])
        .filter(({ voter }) => subject === undefined || voter.name === subject)
        .map(({ voter: { name, kind }, assigns }) => [
          name,
          { name, given: givenBy(kind, assigns, assignable) }
        ])
    )
  }

  /** Records that a statement looked at whether somebody may give a role: everything that somebody's roles say of it. */
  see(giver: string, role: string, outcome: Outcome): void {
    if (this.#givers.get(giver)?.given.get(role)?.outcome !== outcome) return
    const seen = this.#seen.get(giver) ?? new Set<string>()
    this.#seen.set(giver, seen.add(role))
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
    for (const { name, given } of this.#givers.values()) {
      cells += given.size
      covered += this.#seen.get(name)?.size ?? 0
    }
    return { cells, covered }
  }

  *uncovered(): Generator<CoverageCell> {
    for (const { name, given } of this.#givers.values())
      for (const [role, { kind, outcome }] of given)
        if (this.#seen.get(name)?.has(role) !== true)
          yield { subject: name, level: kind, permission: `assign ${role}`, outcome }
  }
}

function givenBy(
  kind: RoleKind,
  assigns: readonly string[],
  assignable: readonly CompiledRole[]
): Giver['given'] {
  const listed = new Set(assigns)
  return new Map(
    assignable
      .filter((role) => isWithin(role.kind, kind))
      .map(({ name, kind: of }) => {
        const outcome = listed.has('*') || listed.has(name) ? 'allowed' : 'refused'
        return [name, { kind: of, outcome }] as const
      })
  )
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
      names.add(found?.place === undefined ? role : `${role} in ${found.place}`)
    }
  }
  return names
}
