// Every role table that a role can have for one permission: one for each combination of the deployment's options and
// the organization's settings that changes its votes on it (told-apart.ts says which do). A role table is made when a
// permission is asked about, and is right for that permission only, and for what an ACL entry for it requires: the
// tables of all roles for all permissions under all settings would not fit in memory.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { OverlaidMap } from '../../compile/overlaid-map.js'
import { listRoles } from '../../compile/role-index.js'
import { compileRole, type RoleTable, type CompiledRole } from '../../compile/roles.js'
import type { OptionDocument } from '../../document/types.js'
import { combinations, tooManyCases, type Values } from './settings.js'
import { votedTogether } from './layers.js'
import { moved } from './alike.js'
import { dropIrrelevantOptions } from './irrelevant-options.js'
import { joinAsked, LayeredRole, narrowOptions, type AskedValues, type RoleLayers } from './told-apart.js'
import { quoteValue } from '../../problems/quote.js'
import type { OptionValue } from '../../types.js'

/** A role under given options and settings, with its role table there. */
export interface RoleCase {
  readonly role: CompiledRole
  /** Its role table; it may lack votes on permissions that were not asked for. */
  readonly roleTable: RoleTable
  /** The deployment's options that change its votes, with the values under which this is its role table. */
  readonly options: Values
  /** Likewise the settings of the organization in which it is held. */
  readonly settings: Values
}

/** Role cases with the same votes on a permission under the same conditions, in the order of the roles. */
export interface AlikeRoleCases {
  readonly byte: number
  /** Their votes on what an ACL entry for the permission requires; 0 where it requires nothing else. */
  readonly required: number
  /** The first of them, with its position among all. */
  readonly roleCases: readonly { readonly roleCase: RoleCase; readonly position: number }[]
}

/** How many role tables under options or settings are made in one go; each costs microseconds. */
const mostMade = 1_000_000
/** About how many bytes of role cases are kept for later questions about the same permission. */
const mostKept = 128 * 1024 * 1024
/** Bytes that a role case takes besides its table. */
const bytesOfEntry = 100

/** The role tables of a policy's roles, by permission. */
export class RoleCases {
  readonly #compiled: CompiledPolicy
  readonly #deployment: ReadonlyMap<string, OptionDocument>
  /** If only these roles differ from those of other role cases, and no option changes any. */
  readonly #changed: { readonly from: RoleCases; readonly roles: readonly CompiledRole[] } | undefined
  readonly #layered = new Map<CompiledRole, LayeredRole>()
  /** The role cases of roles, or of permissions, that no option changes. */
  readonly #plain: WeakMap<CompiledRole, readonly [RoleCase]>
  readonly #alike = new Map<number, readonly AlikeRoleCases[]>()
  readonly #ofRole = new Map<CompiledRole, Map<string, readonly RoleCase[]>>()
  #roles: readonly CompiledRole[] | undefined
  #positions: ReadonlyMap<string, number> | undefined
  #kept = 0
  #made = 0

  /** By default for all roles, custom ones included; what `cached` already has about a role is used again. */
  constructor(compiled: CompiledPolicy, roles?: readonly CompiledRole[], cached?: RoleCases) {
    this.#compiled = compiled
    this.#roles = roles
    this.#deployment = new Map(Object.entries(compiled.document.options ?? {}))
    const changes = roles === undefined && cached !== undefined ? cached.#changesIn(compiled) : undefined
    this.#changed = cached && changes && { from: cached, roles: changes }
    if (changes === undefined) this.#findLayers(cached)
    this.#plain = cached === undefined ? new WeakMap() : cached.#plain
  }

  /** The roles whose cases these are. */
  get roles(): readonly CompiledRole[] {
    return (this.#roles ??= listRoles(this.#compiled.roles))
  }

  /** The changed roles of a mutant, if nothing else differs in its roles and no option changes any role. */
  #changesIn({ roles }: CompiledPolicy): readonly CompiledRole[] | undefined {
    const before = this.#compiled.roles
    const { customSite, customOrg, customIn } = before
    const isSame =
      customSite === roles.customSite && customOrg === roles.customOrg && customIn === roles.customIn
    if (!isSame || this.#layered.size > 0) return undefined
    const changes = OverlaidMap.changesIn(roles.shipped, before.shipped)
    return changes === undefined || [...changes.values()].some(mayHaveVariants)
      ? undefined
      : [...changes.values()]
  }

  #findLayers(cached?: RoleCases): void {
    for (const role of this.roles) {
      if (!mayHaveVariants(role)) continue
      const one = cached?.layeredFor(role) ?? this.#layer(role)
      if (one.hasVariants) this.#layered.set(role, one)
    }
  }

  /**
   * Every role's role cases about a permission, in the order of the roles, those under the default values of options
   * first. Values that one role tells apart are told apart for all, so that role cases of two roles can be compared.
   *
   * @throws CasemateError `too_many_cases`.
   */
  about(permission: CompiledPermission): readonly RoleCase[] {
    const layers = new Map<CompiledRole, RoleLayers>()
    for (const [role, one] of this.#layered) {
      const found = one.about(permission)
      if (found.variants.length > 0) layers.set(role, found)
    }
    const asked = joinAsked([...layers.values()].map((one) => one.asked))
    return this.roles.flatMap((role) => {
      const found = layers.get(role)
      return found === undefined ? this.#plainOf(role) : this.#roleCase(role, found, asked, permission)
    })
  }

  /**
   * One role's role cases about a permission, under the values that it tells apart itself. With `byLine`, cases are
   * also kept apart where different lines give the same votes, and the values that no condition asks for are
   * represented by the first of them and not by the deployment's.
   *
   * @throws CasemateError `too_many_cases`.
   */
  ofRole(role: CompiledRole, permission: CompiledPermission, byLine = false): readonly RoleCase[] {
    const layers = this.#layered.get(role)
    if (layers === undefined) return this.#plainOf(role)
    const key = `${permission.index} ${String(byLine)}`
    const cached = this.#ofRole.get(role)?.get(key)
    if (cached !== undefined) return cached
    const found = layers.about(permission, { byLine })
    if (found.variants.length === 0) return this.#plainOf(role)
    const made = this.#roleCase(role, found, found.asked, permission, byLine)
    this.#forgetIfFull(made.length * (bytesOfEntry + this.#compiled.catalogue.permissions.length))
    this.#ofRole.set(role, (this.#ofRole.get(role) ?? new Map<string, readonly RoleCase[]>()).set(key, made))
    return made
  }

  /** The role cases about a permission in groups of equal votes and conditions; ordered by the first of each group. */
  alike(permission: CompiledPermission): readonly AlikeRoleCases[] {
    if (this.#changed !== undefined)
      return this.#alikeAfter(this.#changed.from, this.#changed.roles, permission)
    const cached = this.#alike.get(permission.index)
    if (cached !== undefined) return cached
    const groups = new Map<string, Group>()
    const roleCases = this.about(permission)
    const [, other] = votedTogether(permission)
    for (const [position, roleCase] of roleCases.entries()) {
      const { table } = roleCase.roleTable
      const byte = table[permission.index] ?? 0
      const required = other === undefined ? 0 : (table[other.index] ?? 0)
      const key = `${kindKey(roleCase.role)} ${byte} ${required} ${conditionKey(roleCase)}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { byte, required, roleCases: [{ roleCase, position }] })
      else group.roleCases.push({ roleCase, position })
    }
    this.#forgetIfFull(roleCases.length * bytesOfEntry)
    const made = [...groups.values()]
    this.#alike.set(permission.index, made)
    return made
  }

  /** The groups of other role cases, with changed roles in the place of those of their names. */
  #alikeAfter(
    from: RoleCases,
    changed: readonly CompiledRole[],
    permission: CompiledPermission
  ): readonly AlikeRoleCases[] {
    let groups = from.alike(permission)
    const [, other] = votedTogether(permission)
    from.#positions ??= new Map(from.roles.map(({ name }, position) => [name, position]))
    for (const role of changed) {
      const position = from.#positions.get(role.name) ?? 0
      const [roleCase] = this.#plainOf(role)
      const { table } = roleCase.roleTable
      const byte = table[permission.index] ?? 0
      const required = other === undefined ? 0 : (table[other.index] ?? 0)
      groups = moved(groups, { roleCase, position, byte, required }, (one) => kindKey(one.role))
    }
    return groups
  }

  /** The index of a role's variants by what they are about; `undefined` for a role that no variant concerns. */
  layeredFor(role: CompiledRole): LayeredRole | undefined {
    return this.#layered.get(role)
  }

  /** The role cases of a mutant, which has other roles; what is known of those that it shares is used again. */
  with(mutant: CompiledPolicy): RoleCases {
    return new RoleCases(mutant, undefined, this)
  }

  /** Counts bytes that are about to be kept, and empties the caches when they are too many. */
  #forgetIfFull(bytes: number): void {
    this.#kept += bytes
    if (this.#kept <= mostKept) return
    this.#alike.clear()
    this.#ofRole.clear()
    this.#kept = bytes
  }

  #plainOf(role: CompiledRole): readonly [RoleCase] {
    const cached = this.#plain.get(role)
    if (cached !== undefined) return cached
    const roleTable = this.#layered.get(role)?.baseRoleTable(this.#compiled.catalogue) ?? role.under([])
    const made = [{ role, roleTable, options: nothing, settings: nothing }] as const
    this.#plain.set(role, made)
    return made
  }

  #roleCase(
    role: CompiledRole,
    layers: RoleLayers,
    asked: AskedValues,
    permission: CompiledPermission,
    byLine = false
  ): readonly RoleCase[] {
    const { context, options, catalogue } = this.#compiled
    const one = this.#layered.get(role) ?? this.#layer(role)
    const asking = votedTogether(permission)
    const read = new Map(
      [...layers.asked.keys()].map((name) => [name, asked.get(name) ?? new Set<OptionValue>()])
    )
    const deployment = narrowOptions(this.#deployment, read, byLine ? undefined : options)
    const settings = narrowOptions(context.orgOptions, read)
    const about = `role ${quoteValue(role.name)} about ${quoteValue(permission.name)}`
    const roleCases = combinations(
      [...deployment.keys(), ...settings.keys()],
      new Map([...deployment, ...settings]),
      about
    )
    this.#made += roleCases.length
    if (this.#made > mostMade)
      throw tooManyCases(about, [...read.keys()], 'combinations of this and other permissions', mostMade)
    const made = roleCases.map((values): RoleCase => {
      const entries = Object.entries(values)
      return {
        role,
        roleTable: one.roleTableOf(layers, values, catalogue, asking),
        options: Object.fromEntries(entries.filter(([name]) => deployment.has(name))),
        settings: Object.fromEntries(entries.filter(([name]) => settings.has(name)))
      }
    })
    if (byLine) return made
    return dropIrrelevantOptions(made, (a, b) =>
      asking.every(({ index }) => a.roleTable.table[index] === b.roleTable.table[index])
    )
  }

  #layer(role: CompiledRole): LayeredRole {
    const at = role.isCustom ? [role.name] : ['roles', role.name]
    return new LayeredRole(role.name, role.document, at, this.#compiled.context.shipped)
  }
}

/** The options and settings of a role case that always holds. */
const nothing: Values = Object.freeze({})

interface Group extends AlikeRoleCases {
  readonly roleCases: { roleCase: RoleCase; position: number }[]
}

/** Most roles have no variants, and then there is nothing to look for. */
function mayHaveVariants({ document: { variants = [], includes = [] } }: CompiledRole): boolean {
  return variants.length > 0 || includes.length > 0
}

/** What kind of place a role is held in, and of a custom role of one container, in which. */
function kindKey({ kind, place }: CompiledRole): string {
  return kind === 'site' || kind === 'org' || place === undefined ? kind : JSON.stringify([kind, place])
}

/** The options and settings under which a role case holds, as text; empty if it always holds. */
function conditionKey({ options, settings }: RoleCase): string {
  if (options === nothing && settings === nothing) return ''
  const key = JSON.stringify([options, settings])
  return key === '[{},{}]' ? '' : key
}

/** A role compiled again under other values of the deployment's options; options not named keep their values. */
export function compileUnder(compiled: CompiledPolicy, role: CompiledRole, options: Values): CompiledRole {
  const isSame = Object.entries(options).every(([name, value]) => compiled.options.get(name) === value)
  if (isSame) return role
  const values: ReadonlyMap<string, OptionValue> = new Map([...compiled.options, ...Object.entries(options)])
  const at = role.isCustom ? [role.name] : ['roles', role.name]
  const custom = role.isCustom ? { place: role.place } : undefined
  return compileRole(role.name, role.document, at, { ...compiled.context, options: values }, custom)
}

/** Whether no option has different values in the two. */
export function agree(a: Values, b: Values): boolean {
  return Object.keys(a).every((name) => !Object.hasOwn(b, name) || b[name] === a[name])
}
