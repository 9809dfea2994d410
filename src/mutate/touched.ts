// The permissions about which a mutant can decide differently from the policy; if there are none, the two decide every
// question alike. And those about which it can at least give another reason, which an expectation may ask for.
//
// Only votes that can ever decide are compared. A vote at `site` comes first, so votes of the same role table at
// narrower levels do not matter then; a vote at `org` hides `orgMember`; a deny hides an allow of its level; and no
// object is at a level that its resource's placement rules out. This holds for every subject that holds the role,
// whatever else it holds, because other roles can only add votes at each level.
import { splitName } from '../problems/names.js'
import { requiredFor, type Catalogue, type CompiledPermission } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { listRoles } from '../compile/role-index.js'
import { Remembered } from '../compile/remembered.js'
import type { CompiledRole } from '../compile/roles.js'
import type { CompiledTemplate } from '../compile/scopes.js'
import type { Grants, OptionDocument, RoleDocument, RoleKind } from '../document/types.js'
import { requireFew, tooManyCases } from '../verify/space/settings.js'
import { letsThrough, waysAbout } from '../verify/space/templates.js'
import { joinAsked, LayeredRole, narrowOptions, type RoleLayers } from '../verify/space/told-apart.js'
import { includingRoles } from './apply.js'
import { lineOf } from './sets.js'
import type { MutatedPart } from './types.js'
import { quoteValue } from '../problems/quote.js'
import type { FixedLevel } from '../types.js'
import { votesUnder } from '../verify/space/votes-under.js'
import { canBeInOrg, canReach, levels, levelsOfKind, levelsTo, voteBit } from '../levels.js'

/** What a mutant can change, both in catalogue order. */
export interface Touched {
  /** Permissions that it can decide differently. */
  readonly decided: readonly CompiledPermission[]
  /** These, and those for which it can refuse for another reason. */
  readonly reasoned: readonly CompiledPermission[]
}

/** How many variants and combinations of options may be looked at for all mutants together, each some microseconds. */
const mostCompared = 2_000_000
/** Of how many permissions the layers of roles are kept; each may have thousands of variants. */
const mostLayers = 16

/** Compares parts of one policy with those of its mutants. */
export class Comparison {
  /** The policy's roles that include others. */
  readonly including: readonly CompiledRole[]
  readonly #compiled: CompiledPolicy
  readonly #deployment: ReadonlyMap<string, OptionDocument>
  readonly #layered = new Map<string, LayeredRole>()
  readonly #layers = new Remembered<RoleLayers>(mostLayers)
  #left = mostCompared

  constructor(compiled: CompiledPolicy) {
    this.#compiled = compiled
    this.including = includingRoles(compiled)
    this.#deployment = new Map(Object.entries(compiled.document.options ?? {}))
  }

  /** @throws CasemateError `too_many_cases`. */
  touched(mutant: CompiledPolicy, part: MutatedPart): Touched {
    const numbers = new Set<number>()
    const reasons = new Set<number>()
    if (part.kind === 'role') this.#compareRole(mutant, part.name, numbers)
    else if (part.kind === 'systemSubject') {
      const before = this.#compiled.systemSubjects.get(part.name)?.roleTable
      const after = mutant.systemSubjects.get(part.name)?.roleTable
      const { catalogue } = this.#compiled
      for (const permission of catalogue.permissions) {
        const [old, made] = [before?.table[permission.index] ?? 0, after?.table[permission.index] ?? 0]
        if (differ(old, made, levelsReached(permission, 'site', catalogue))) numbers.add(permission.index)
      }
    } else if (part.kind === 'resource') {
      for (const { index, resource } of this.#compiled.catalogue.permissions)
        if (resource === part.name) numbers.add(index)
    } else if (part.kind === 'setting') this.#compareDefault(part.name, numbers)
    else if (part.kind === 'scope') this.#compareScope(mutant, part.name, numbers, reasons)
    const { permissions } = this.#compiled.catalogue
    for (const permission of permissions) {
      // An ACL entry for it counts where roles allow the other one.
      const required = requiredFor(permission)
      if (required !== undefined && numbers.has(required.index)) numbers.add(permission.index)
    }
    return {
      decided: permissions.filter(({ index }) => numbers.has(index)),
      reasoned: permissions.filter(({ index }) => numbers.has(index) || reasons.has(index))
    }
  }

  #compareRole(mutant: CompiledPolicy, name: string, numbers: Set<number>): void {
    const role = mutant.roles.shipped.get(name)
    const original = this.#compiled.roles.shipped.get(name)
    if (role === undefined || original === undefined) return
    const { permissions } = this.#compiled.catalogue
    // If the role needs other settings than before, requests that do not give them become errors or stop being errors.
    if (needs(original, mutant).join() !== needs(role, mutant).join())
      for (const { index } of permissions) numbers.add(index)
    const before = this.#layered.get(name) ?? layered(original, this.#compiled)
    this.#layered.set(name, before)
    const after = layered(role, mutant)
    // Without variants a role has one table under every setting.
    if (!before.hasVariants && !after.hasVariants) {
      const reachedBy = (one: CompiledPermission): readonly FixedLevel[] =>
        levelsReached(one, role.kind, this.#compiled.catalogue)
      const [old, made] = [original.under([]).table, role.under([]).table]
      for (const one of permissions)
        if (
          old[one.index] !== made[one.index] &&
          differ(old[one.index] ?? 0, made[one.index] ?? 0, reachedBy(one))
        )
          numbers.add(one.index)
      return
    }
    // The document's own role, not the copy that was compiled: only with that does the mutant share what is the same.
    const keys = rewrittenKeys(this.#compiled.document.roles?.[name] ?? original.document, role.document)
    for (const permission of permissions)
      if (keys === undefined || keys.has(permission.resource) || keys.has('*'))
        this.#compareLayers(before, after, permission, numbers)
  }

  /**
   * Compares the votes of two forms of a role on a permission, under every setting that makes a difference to either.
   */
  #compareLayers(
    before: LayeredRole,
    after: LayeredRole,
    permission: CompiledPermission,
    numbers: Set<number>
  ): void {
    const { context, options } = this.#compiled
    const key = `${permission.index} ${before.name}`
    const old = this.#layers.get(key) ?? this.#layers.add(key, before.about(permission))
    const layers = [old, after.about(permission)] as const
    const asked = joinAsked(layers.map(({ asked: by }) => by))
    const narrowed = new Map([
      ...narrowOptions(this.#deployment, asked, options),
      ...narrowOptions(context.orgOptions, asked)
    ])
    const about = `role ${quoteValue(before.name)} about ${quoteValue(permission.name)}`
    const count = requireFew(
      [...narrowed].map(([name, { values }]) => [name, values.length]),
      about
    )
    this.#left -= count + layers.reduce((sum, { variants }) => sum + variants.length, 0)
    if (this.#left < 0) throw tooManyCases(about, [...narrowed.keys()], 'steps for all mutants', mostCompared)
    const [votes, made] = [votesUnder(layers[0], narrowed), votesUnder(layers[1], narrowed)]
    const reached = levelsReached(permission, after.document.kind, this.#compiled.catalogue)
    if (votes.some((vote, index) => differ(vote, made[index] ?? 0, reached))) numbers.add(permission.index)
  }

  /** What the variants of all roles that read a setting are about. */
  #compareDefault(setting: string, numbers: Set<number>): void {
    const keys = new Set<string>()
    for (const { document } of listRoles(this.#compiled.roles))
      for (const { when, grants } of document.variants ?? [])
        if (Object.hasOwn(when, setting))
          for (const effects of Object.values(grants))
            for (const set of [effects?.allow, effects?.deny])
              for (const key of Object.keys(set ?? {})) keys.add(key)
    for (const { index, resource } of this.#compiled.catalogue.permissions)
      if (keys.has(resource) || keys.has('*')) numbers.add(index)
  }

  #compareScope(mutant: CompiledPolicy, name: string, numbers: Set<number>, reasons: Set<number>): void {
    const [before, after] = [this.#compiled.scopes.find(name), mutant.scopes.find(name)]
    if (before !== undefined && after !== undefined) compareTables(before.table, after.table, numbers)
    const [template, changed] = [this.#compiled.scopes.templates.get(name), mutant.scopes.templates.get(name)]
    if (template !== undefined && changed !== undefined)
      this.#compareTemplates(template, changed, numbers, reasons)
  }

  #compareTemplates(
    before: CompiledTemplate,
    after: CompiledTemplate,
    numbers: Set<number>,
    reasons: Set<number>
  ): void {
    const old = before.document.allowList
    const made = after.document.allowList
    for (const permission of this.#compiled.catalogue.permissions)
      for (const given of waysAbout([before, after], permission)) {
        const [whether, lets] = [before, after].map(({ document }) =>
          letsThrough(document, given, permission)
        )
        const { index, resource } = permission
        if (entriesFor(old, whether === true, resource) !== entriesFor(made, lets === true, resource))
          numbers.add(index)
        // Outside the scope, or inside it and outside its list: refused either way.
        if (whether !== lets) reasons.add(index)
      }
  }
}

/**
 * The keys under which two forms of a role have different lines; `undefined` if more variants than one, or an included
 * role, were added or dropped. Mutants share every part that they do not change.
 */
function rewrittenKeys(before: RoleDocument, after: RoleDocument): ReadonlySet<string> | undefined {
  const [old = [], all = []] = [before.variants, after.variants]
  const dropped =
    old.length === all.length + 1 ? old.findIndex((one, index) => one !== all[index]) : undefined
  const made = dropped === undefined ? all : all.toSpliced(dropped, 0, { when: {}, grants: {} })
  if (old.length !== made.length || before.includes?.join('\n') !== after.includes?.join('\n'))
    return undefined
  const keys = new Set<string>()
  const compare = (one: Grants | undefined, other: Grants | undefined): void => {
    if (one === other) return
    for (const level of levelsOfKind(before.kind))
      for (const effect of ['allow', 'deny'] as const) {
        const [a, b] = [one?.[level]?.[effect], other?.[level]?.[effect]]
        if (a === b) continue
        for (const key of Object.keys({ ...a, ...b })) if (lineOf(a, key) !== lineOf(b, key)) keys.add(key)
      }
  }
  compare(before.grants, after.grants)
  for (const [index, variant] of old.entries()) compare(variant.grants, made[index]?.grants)
  return keys
}

function layered({ name, document }: CompiledRole, { context }: CompiledPolicy): LayeredRole {
  return new LayeredRole(name, document, ['roles', name], context.shipped)
}

/** The levels of a kind of role that can be asked about a permission; those of a container as `org` and `orgMember`. */
function levelsReached(
  { definition: { org, places } }: CompiledPermission,
  kind: RoleKind,
  { containers }: Catalogue
): readonly FixedLevel[] {
  if (kind !== 'site' && kind !== 'org')
    return canBeInOrg(places[containers.indexOf(kind)] ?? 'never') ? ['org', 'orgMember'] : []
  return levels.filter(
    (level) => canReach(level, org) && (level !== 'user' || places.every((place) => place !== 'required'))
  )
}

/** Whether some question at these levels can tell two votes apart. */
function differ(old: number, made: number, reached: readonly FixedLevel[]): boolean {
  return old !== made && askable(old, reached) !== askable(made, reached)
}

/** What a template lets through of a permission: nothing, everything, or the ids of these entries. */
function entriesFor(list: readonly string[] | undefined, isThrough: boolean, resource: string): string {
  if (!isThrough) return ''
  if (list === undefined) return '*'
  const matching = list.map(splitName).filter(([type]) => type === resource || type === '*')
  const ids = new Set(matching.map(([, id]) => id))
  return ids.has('*') ? '*' : JSON.stringify([...ids].sort()).replace(/^\[\]$/, '')
}

/** The settings without default that a holder of the role has to give. */
function needs(role: CompiledRole, { context }: CompiledPolicy): string[] {
  return role.reads.filter((option) => context.orgOptions.get(option)?.default === undefined)
}

function compareTables(before: Uint8Array, after: Uint8Array, numbers: Set<number>): void {
  before.forEach((byte, index) => {
    if (byte !== after[index]) numbers.add(index)
  })
}

/** The votes in a byte that can decide some question at these levels. */
function askable(byte: number, reached: readonly FixedLevel[]): number {
  return reached.reduce((votes, level) => {
    const isAsked = levelsTo[level].slice(0, -1).every((wider) => voteBit(byte, wider) === 0)
    return isAsked ? votes | voteBit(byte, level) : votes
  }, 0)
}
