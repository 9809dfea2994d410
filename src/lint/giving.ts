// What roles give, and what a giver of roles lacks of it: each role and each giver is read once, and roles that give the
// same are looked at together.
import type { CompiledRole } from '../compile/roles.js'
import { type SubjectState, stateOf } from '../request/state.js'
import { holdingsOf, type Holdings } from '../delegate/cover.js'
import { explainChange } from '../delegate/grant.js'
import type { Place } from '../delegate/place.js'
import type { Grants, RoleDocument, RoleKind } from '../document/types.js'
import { holdersOf } from '../verify/space/holders.js'
import { subjectOf } from '../verify/space/requests.js'
import { tooManyCases } from '../verify/space/settings.js'
import type { LintContext, Voter } from './context.js'
import { quoteValue } from '../problems/quote.js'
import type { FixedLevel } from '../types.js'
import { levelBits, levels, isOrgLevel, levelsTo, anyAllow } from '../levels.js'

/** Roles that give the same, in the order of the document. */
export interface Alike {
  readonly given: Given
  readonly roles: CompiledRole[]
}

/** A permission's number, and the allow bits that a role has there. */
type Unit = readonly [index: number, bits: number]

/** What a role gives, as far as its role table shows it. */
interface Given {
  readonly units: readonly Unit[]
  /** Whether `units` is all of it: no allow reaches what is added to the catalogue later, and no variant changes it. */
  readonly isWhole: boolean
  /** Equal for roles that give the same. */
  readonly key: string
}

const atSite: Place = { org: undefined, container: undefined }
const inAnOrg: Place = { org: 'o1', container: undefined }

/** How much full explanations may compare; each part takes some ten nanoseconds. */
const mostCompared = 400_000_000

/** How much is compared to say what findings lack; each part takes some microseconds. */
const mostExplained = 3_000_000

/** A cache of what each role gives, and a count of the work so far. */
export class GivenRoles {
  /** Where each role stands in the document. */
  readonly positions: ReadonlyMap<CompiledRole, number>
  readonly #context: LintContext
  readonly #cached = new Map<string, Given>()
  readonly #all: readonly Alike[]
  readonly #ofOrgs: readonly Alike[]
  #left = mostCompared
  #explanations = mostExplained

  constructor(context: LintContext) {
    this.#context = context
    const roles = [...context.compiled.roles.shipped.values()]
    this.positions = new Map(roles.map((role, position) => [role, position]))
    this.#all = this.#group(roles)
    this.#ofOrgs = this.#all.filter(({ roles: [first] }) => first?.kind === 'org')
  }

  /** The roles of the document that an entry of `assigns` reaches; a custom role has to be covered anyway. */
  reachedBy({ role: itself }: Voter, entry: string): readonly Alike[] {
    const isOrg = itself?.kind === 'org'
    if (entry === '*') return isOrg ? this.#ofOrgs : this.#all
    const named = this.#context.compiled.roles.shipped.get(entry)
    if (named === undefined || named === itself || (isOrg && named.kind !== 'org')) return []
    return this.#group([named])
  }

  #group(roles: readonly CompiledRole[]): readonly Alike[] {
    const groups = new Map<Given, Alike>()
    for (const role of roles) {
      if (role.document.assignable === false) continue
      const given = this.#of(role)
      const group = groups.get(given)
      if (group === undefined) groups.set(given, { given, roles: [role] })
      else group.roles.push(role)
    }
    return [...groups.values()]
  }

  #of(role: CompiledRole): Given {
    const key = allowsOf(role.document)
    const cached = this.#cached.get(key)
    if (cached !== undefined) return cached
    const isFixed = (role.document.variants ?? []).length === 0
    const made: Given = {
      units: isFixed ? unitsOf(role) : [],
      isWhole: isFixed && !isOpen(role.document.grants),
      key
    }
    this.#cached.set(key, made)
    return made
  }

  /** Whether a finding may still say what is lacking. Past a limit findings only name the roles: nobody reads thousands. */
  mayExplain(): boolean {
    const { permissions, resources } = this.#context.compiled.catalogue
    this.#explanations -= permissions.length + resources.size
    return this.#explanations >= 0
  }

  /** @throws CasemateError `too_many_cases`. */
  spend(giver: string): void {
    const { permissions, resources } = this.#context.compiled.catalogue
    this.#left -= permissions.length + resources.size + 100
    if (this.#left < 0)
      throw tooManyCases(`what ${quoteValue(giver)} assigns`, [], 'pairs of roles to compare', mostCompared)
  }
}

function unitsOf(role: CompiledRole): Unit[] {
  const { table } = role.under([])
  const units: Unit[] = []
  for (const [index, byte] of table.entries())
    if ((byte & anyAllow) !== 0) units.push([index, byte & anyAllow])
  return units
}

/** Whether an allow also means what may be added to the catalogue. */
function isOpen(grants: Grants | undefined): boolean {
  return levels.some((level) =>
    Object.entries(grants?.[level]?.allow ?? {}).some(
      ([key, list]) => key === '*' || list === '*' || 'except' in list
    )
  )
}

/** Everything that decides what a role gives. Denies are left out: giving one does not need holding anything. */
function allowsOf({ kind, grants, variants = [] }: RoleDocument): string {
  const allows = (one: Grants | undefined): unknown => levels.map((level) => one?.[level]?.allow ?? null)
  return JSON.stringify([
    kind,
    allows(grants),
    variants.map((variant) => [variant.when, allows(variant.grants)])
  ])
}

/** A role or system subject that assigns; what it holds is read once. */
export class Giver {
  readonly #context: LintContext
  readonly #voter: Voter
  readonly #given: GivenRoles
  readonly #holdings = new Map<RoleKind, readonly Holdings[]>()
  readonly #masks = new Map<RoleKind, Uint8Array>()
  readonly #lacks = new Map<string, boolean>()

  constructor(context: LintContext, voter: Voter, given: GivenRoles) {
    this.#context = context
    this.#voter = voter
    this.#given = given
  }

  get positions(): ReadonlyMap<CompiledRole, number> {
    return this.#given.positions
  }

  /** Whether the giver lacks something that a role gives. */
  lacksAnyOf(role: CompiledRole, { units, isWhole, key }: Given): boolean {
    const mask = this.#maskFor(role.kind)
    for (const [index, bits] of units) if ((bits & ~(mask[index] ?? 0)) !== 0) return true
    if (isWhole) return false
    const cached = this.#lacks.get(key) ?? this.lackedOf(role).length > 0
    this.#lacks.set(key, cached)
    return cached
  }

  /** The permissions of a role that the giver lacks, or why it may not give the role. */
  lackedOf(role: CompiledRole): readonly string[] {
    const lacking = this.#holdingsFor(role.kind).flatMap((holdings) => {
      this.#given.spend(this.#voter.name)
      const { allowed, reason, gaps } = explainChange(holdings, undefined, role)
      return allowed ? [] : gaps.length === 0 ? [reason] : gaps.map(({ permission }) => permission)
    })
    return [...new Set(lacking)]
  }

  #holdingsFor(kind: RoleKind): readonly Holdings[] {
    const cached = this.#holdings.get(kind)
    if (cached !== undefined) return cached
    const made = this.#states().map((state) => holdingsOf(state, kind === 'org' ? inAnOrg : atSite))
    this.#holdings.set(kind, made)
    return made
  }

  #states(): readonly SubjectState[] {
    const { compiled } = this.#context
    const { role, name } = this.#voter
    return role === undefined
      ? [stateOf(subjectOf(compiled, { system: name.slice('system:'.length) }))]
      : holdersOf(compiled, [role]).map(({ data }) => stateOf(subjectOf(compiled, data)))
  }

  /** By permission, the allow bits of the levels at which the giver holds it, whatever its settings. */
  #maskFor(kind: RoleKind): Uint8Array {
    const cached = this.#masks.get(kind)
    if (cached !== undefined) return cached
    const mask = new Uint8Array(this.#context.compiled.catalogue.permissions.length).fill(anyAllow)
    for (const { state, place } of this.#holdingsFor(kind)) {
      const inOrg = place.org === undefined ? undefined : state.orgs.get(place.org)?.table
      const tables = [state.site.table, ...[...state.orgs.values()].map(({ table }) => table)]
      for (const index of mask.keys()) {
        const everywhere = tables.reduce((byte, table) => byte | (table[index] ?? 0), 0)
        mask[index] = (mask[index] ?? 0) & coveredBits(everywhere, inOrg?.[index] ?? 0)
      }
    }
    this.#masks.set(kind, mask)
    return mask
  }
}

/** The allow bits of the levels that are covered, as `holdingsOf` says of one permission at a time. */
function coveredBits(everywhere: number, inOrg: number): number {
  const byteAt = (level: FixedLevel): number => (isOrgLevel(level) ? inOrg : everywhere)
  return levels.reduce((bits, level) => {
    const isDenied = levelsTo[level].some((wider) => (byteAt(wider) & levelBits[wider].deny) !== 0)
    const isHeld = levelsTo[level].some((wider) => (byteAt(wider) & levelBits[wider].allow) !== 0)
    return isHeld && !isDenied ? bits | levelBits[level].allow : bits
  }, 0)
}
