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
import { GivenIndex, type Alike, type Given, type Unit } from './lacking.js'
import { quoteValue } from '../problems/quote.js'
import type { Effect, Level } from '../types.js'
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

/** How much full explanations may compare; each part takes some ten nanoseconds. */
const mostCompared = 400_000_000

/** How much is compared to say what findings lack; each part takes some microseconds. */
const mostExplained = 400_000

/** A cache of what each role gives, and a count of the work so far. */
export class GivenRoles {
  /** Where each role stands in the document. */
  readonly positions: ReadonlyMap<CompiledRole, number>
  readonly #context: LintContext
  readonly #cached = new Map<string, Given>()
  /** By kind of role. */
  readonly #all: ReadonlyMap<RoleKind, GivenIndex>
  #left = mostCompared
  #explanations = mostExplained

  constructor(context: LintContext) {
    this.#context = context
    const roles = [...context.compiled.roles.shipped.values()]
    this.positions = new Map(roles.map((role, position) => [role, position]))
    const byKind = new Map<RoleKind, Alike[]>()
    for (const group of this.#group(roles)) {
      const kind = group.roles[0]?.kind ?? 'site'
      const alike = byKind.get(kind)
      if (alike === undefined) byKind.set(kind, [group])
      else alike.push(group)
    }
    this.#all = new Map([...byKind].map(([kind, groups]) => [kind, new GivenIndex(groups)]))
  }

  /**
   * The roles of the document that an entry of `assigns` reaches and of which the giver lacks something; a custom role
   * has to be covered anyway.
   */
  lackedOf(giver: Giver, { role: itself }: Voter, entry: string): readonly Alike[] {
    // A role of an organization reaches those of containers in it, a container's only those of that container.
    const isReached = (kind: RoleKind): boolean =>
      itself === undefined ||
      itself.kind === 'site' ||
      kind === itself.kind ||
      (itself.kind === 'org' && kind !== 'site')
    const named = entry === '*' ? undefined : this.#context.compiled.roles.shipped.get(entry)
    if (entry !== '*' && (named === undefined || named === itself)) return []
    const indexes: ReadonlyMap<RoleKind, GivenIndex> =
      named === undefined ? this.#all : new Map([[named.kind, new GivenIndex(this.#group([named]))]])
    return [...indexes].flatMap(([kind, index]) =>
      isReached(kind)
        ? index.lackedUnder(giver.maskFor(kind), ({ given: { key }, roles: [first] }) =>
            first === undefined ? false : giver.lacksMoreOf(first, key)
          )
        : []
    )
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

  /** Whether the giver lacks something that a role gives; `key` is equal for roles that give the same. */
  lacksMoreOf(role: CompiledRole, key: string): boolean {
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
  maskFor(kind: RoleKind): Uint8Array {
    const cached = this.#masks.get(kind)
    if (cached !== undefined) return cached
    const { permissions, containers } = this.#context.compiled.catalogue
    const mask = new Uint8Array(permissions.length).fill(anyAllow)
    for (const { state, place } of this.#holdingsFor(kind)) {
      const inOrg = place.org === undefined ? undefined : state.orgs.get(place.org)?.table
      const { container } = place
      const inContainer = container && state.containers[container.number]?.get(container.id)?.table
      const tables = [state.site.table, ...[...state.orgs.values()].map(({ table }) => table)]
      // A giver holds roles in one place, so it denies nothing in containers of other kinds.
      const ofContainer: readonly Level[] = container === undefined ? [] : containerLevels(container.kind)
      const bitsIn = (some: readonly Level[], effect: Effect, isThere: (level: Level) => boolean): number =>
        some.filter(isThere).reduce((bits, level) => bits | bitsAt(level)[effect], 0)
      const asked = levelsOfKind(kind).map((level) => {
        const bits = (some: readonly Level[], effect: Effect) => ({
          site: bitsIn(some, effect, (one) => isFixed(one) && !isOrgLevel(one)),
          org: bitsIn(some, effect, (one) => isFixed(one) && isOrgLevel(one)),
          container: bitsIn(some, effect, (one) => !isFixed(one) && ofContainer.includes(one))
        })
        const denying = bits(levelsDownTo(level, containers), 'deny')
        return { bit: bitsAt(level).allow, denying, allowing: bits(levelsOver(level), 'allow') }
      })
      for (let index = 0; index < mask.length; index++) {
        let everywhere = 0
        for (const table of tables) everywhere |= table[index] ?? 0
        const org = inOrg?.[index] ?? 0
        const within = inContainer?.[index] ?? 0
        let covered = 0
        for (const { bit, denying, allowing } of asked) {
          const denied = (everywhere & denying.site) | (org & denying.org) | (within & denying.container)
          const held = (everywhere & allowing.site) | (org & allowing.org) | (within & allowing.container)
          if (denied === 0 && held !== 0) covered |= bit
        }
        mask[index] = (mask[index] ?? 0) & covered
      }
    }
    this.#masks.set(kind, mask)
    return mask
  }
}
