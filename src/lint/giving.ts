// What roles give, and what a giver of roles lacks of it: each role and each giver is read once, and roles that give the
// same are looked at together.
import { partsOf } from '../compile/permission-set.js'
import { includedRoles, type CompiledRole } from '../compile/roles.js'
import { type SubjectState, stateOf } from '../request/state.js'
import { holdingsOf, type Holdings } from '../delegate/cover.js'
import { explainChange } from '../delegate/grant.js'
import type { Place } from '../delegate/place.js'
import type { Grants, RoleDocument, RoleKind } from '../document/types.js'
import { holdersOf } from '../verify/space/holders.js'
import { subjectOf } from '../verify/space/requests.js'
import { tooManyCases } from '../verify/space/settings.js'
import type { LintContext } from './context.js'
import { quoteValue } from '../problems/quote.js'
import type { Level } from '../types.js'
import {
  anyAllow,
  bitsAt,
  containerLevels,
  isFixed,
  isOrgLevel,
  levelsDownTo,
  levelsOfKind,
  levelsOver
} from '../levels.js'
import type { Voter } from './voters.js'

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
  #left = mostCompared
  #explanations = mostExplained

  constructor(context: LintContext) {
    this.#context = context
    const roles = [...context.compiled.roles.shipped.values()]
    this.positions = new Map(roles.map((role, position) => [role, position]))
    this.#all = this.#group(roles)
  }

  /** The roles of the document that an entry of `assigns` reaches; a custom role has to be covered anyway. */
  reachedBy({ role: itself }: Voter, entry: string): readonly Alike[] {
    // A role of an organization reaches those of containers in it, a container's only those of that container.
    const isReached = ({ kind }: CompiledRole): boolean =>
      itself === undefined ||
      itself.kind === 'site' ||
      kind === itself.kind ||
      (itself.kind === 'org' && kind !== 'site')
    if (entry === '*')
      return this.#all.filter(({ roles: [first] }) => first !== undefined && isReached(first))
    const named = this.#context.compiled.roles.shipped.get(entry)
    return named === undefined || named === itself || !isReached(named) ? [] : this.#group([named])
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
    const { shipped } = this.#context.compiled.context
    const documents = [role.document, ...includedRoles(role.document, shipped).values()]
    const key = allowsOf(documents)
    const cached = this.#cached.get(key)
    if (cached !== undefined) return cached
    const isPlain = documents.every(({ variants = [] }) => variants.length === 0)
    const made: Given = {
      units: isPlain ? unitsOf(role) : [],
      isWhole: isPlain && !documents.some(isOpen),
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
function isOpen({ kind, grants }: RoleDocument): boolean {
  return levelsOfKind(kind).some((level) =>
    Object.entries(grants?.[level]?.allow ?? {}).some(
      ([key, list]) => key === '*' || partsOf(list).some(({ names, isExcept }) => names === '*' || isExcept)
    )
  )
}

/**
 * Everything that decides what a role gives, with the roles that it includes. Denies are left out: giving one does not
 * need holding anything.
 */
function allowsOf(documents: readonly RoleDocument[]): string {
  return JSON.stringify(
    documents.map(({ kind, grants, variants = [] }) => {
      const allows = (one: Grants | undefined): unknown =>
        levelsOfKind(kind).map((level) => one?.[level]?.allow ?? null)
      return [kind, allows(grants), variants.map((variant) => [variant.when, allows(variant.grants)])]
    })
  )
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
    const made = this.#states().map((state) => holdingsOf(state, this.#placeIn(state, kind)))
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

  /** Where a role of a kind is given: in the place in which the giver holds its own, if it is one of that kind. */
  #placeIn({ containers }: SubjectState, kind: RoleKind): Place {
    if (kind === 'site') return { org: undefined, container: undefined }
    if (kind === 'org') return { org: 'o1', container: undefined }
    const number = this.#context.compiled.catalogue.containers.indexOf(kind)
    const [id = 'c1'] = containers[number]?.keys() ?? []
    return { org: 'o1', container: { kind, number, id } }
  }

  /** By permission, the allow bits of the levels at which the giver holds it, whatever its settings. */
  #maskFor(kind: RoleKind): Uint8Array {
    const known = this.#masks.get(kind)
    if (known !== undefined) return known
    const { permissions, containers } = this.#context.compiled.catalogue
    const mask = new Uint8Array(permissions.length).fill(anyAllow)
    const asked = levelsOfKind(kind).map((level) => ({
      bit: bitsAt(level).allow,
      denying: levelsDownTo(level, containers),
      allowing: levelsOver(level)
    }))
    for (const { state, place } of this.#holdingsFor(kind)) {
      const inOrg = place.org === undefined ? undefined : state.orgs.get(place.org)?.table
      const { container } = place
      const inContainer = container && state.containers[container.number]?.get(container.id)?.table
      const tables = [state.site.table, ...[...state.orgs.values()].map(({ table }) => table)]
      const ofContainer: readonly Level[] = container === undefined ? [] : containerLevels(container.kind)
      for (const index of mask.keys()) {
        const everywhere = tables.reduce((byte, table) => byte | (table[index] ?? 0), 0)
        // A giver holds roles in one place, so it denies nothing in containers of other kinds.
        const byteAt = (level: Level): number => {
          if (isFixed(level)) return isOrgLevel(level) ? (inOrg?.[index] ?? 0) : everywhere
          return ofContainer.includes(level) ? (inContainer?.[index] ?? 0) : 0
        }
        const covered = asked.reduce((bits, { bit, denying, allowing }) => {
          const isDenied = denying.some((level) => (byteAt(level) & bitsAt(level).deny) !== 0)
          const isHeld = allowing.some((level) => (byteAt(level) & bitsAt(level).allow) !== 0)
          return isHeld && !isDenied ? bits | bit : bits
        }, 0)
        mask[index] = (mask[index] ?? 0) & covered
      }
    }
    this.#masks.set(kind, mask)
    return mask
  }
}
