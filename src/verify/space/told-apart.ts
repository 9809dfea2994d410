// Which values of options and settings make a difference to one permission. A role's votes on a permission depend only
// on the lines that its grants and variants have under two keys: the permission's resource, and `*`. So:
//
// - A variant without either key changes nothing about the permission, whatever its condition.
// - A variant whose lines say the same of the permission as every other line under that key changes nothing either: it
//   does not matter which of them is on top.
// - An option that no remaining variant reads changes nothing. Of an option that some read, the values that none of
//   them asks for cannot be told apart: every condition is false for them. One value stands for all of these.
//
// The roles that a role includes vote with it, each with its own variants under the same options and settings. And
// where an ACL entry for the permission needs that roles allow another one, what concerns that one is kept as well.
//
// So a statement that is checked for the values named here is checked for all. Where roles are looked at together, a
// value that one of them asks for is told apart for all of them, because both are held under the same setting.
import { includedRoles, type At, type RoleContext, type RoleTable } from '../../compile/roles.js'
import type { Catalogue, CompiledPermission } from '../../compile/catalogue.js'
import type { OptionDocument, RoleDocument } from '../../document/types.js'
import { LayeredDocument, type DocumentLayers, type LayersSettings, type VariantLayer } from './layers.js'
import type { Values } from './settings.js'
import type { OptionValue } from '../../types.js'

/** By option, the values that conditions ask for. */
export type AskedValues = ReadonlyMap<string, ReadonlySet<OptionValue>>

/** The parts of a role that can vote on a permission. */
export interface RoleLayers {
  /** The role's own layers, then those of each role that it includes. */
  readonly own: DocumentLayers
  readonly included: readonly DocumentLayers[]
  /** The variants of all of them. */
  readonly variants: readonly VariantLayer[]
  /** What the variants ask for, in the order in which the documents first name the options. */
  readonly asked: AskedValues
}

/** A role's document and those of the roles that it includes. Layers are computed on demand. */
export class LayeredRole {
  readonly name: string
  readonly document: RoleDocument
  /** Every option that its variants read, or those of included roles, in the order in which they name them. */
  readonly reads: readonly string[]
  /** Whether it has any variants, or an included role has. */
  readonly hasVariants: boolean
  readonly #own: LayeredDocument
  readonly #included: readonly LayeredDocument[]
  #order: ReadonlyMap<string, number> | undefined

  /** `at` is the path of the role in its document, and `shipped` has the roles that it may include. */
  constructor(name: string, document: RoleDocument, at: At, shipped: RoleContext['shipped']) {
    this.name = name
    this.document = document
    this.#own = new LayeredDocument(name, document, at)
    this.#included = [...includedRoles(document, shipped)].map(
      ([other, one]) => new LayeredDocument(other, one, ['roles', other])
    )
    const all = [this.#own, ...this.#included]
    this.reads = [...new Set(all.flatMap(({ reads }) => reads))]
    this.hasVariants = all.some((one) => (one.document.variants ?? []).length > 0)
  }

  /** Its layers, cut down to what concerns one permission and what an ACL entry for it requires. */
  about(permission: CompiledPermission, settings?: LayersSettings): RoleLayers {
    const own = this.#own.about(permission, settings)
    const included = this.#included.map((one) => one.about(permission, settings))
    const variants = included.length === 0 ? own.variants : [own, ...included].flatMap((one) => one.variants)
    return { own, included, variants, asked: this.#askedIn(variants) }
  }

  /**
   * Its role table for permissions of the layers' resource, under values of its options; without values no variant
   * applies.
   */
  roleTableOf(
    { own, included }: RoleLayers,
    values: Values,
    catalogue: Catalogue,
    permissions: readonly CompiledPermission[]
  ): RoleTable {
    const tables = this.#included.flatMap((one, index) => {
      const layers = included[index]
      return layers === undefined ? [] : [one.roleTableOf(layers, values, catalogue, permissions)]
    })
    return this.#own.roleTableOf(own, values, catalogue, permissions, tables)
  }

  /** The role table of its own grants and those of included roles, without any variant. */
  baseRoleTable(catalogue: Catalogue): RoleTable {
    return this.#own.baseRoleTable(
      catalogue,
      this.#included.map((one) => one.baseRoleTable(catalogue))
    )
  }

  #askedIn(variants: readonly VariantLayer[]): AskedValues {
    const asked = new Map<string, Set<OptionValue>>()
    for (const { when } of variants)
      for (const [name, value] of when) asked.set(name, (asked.get(name) ?? new Set()).add(value))
    if (asked.size < 2) return asked
    this.#order ??= new Map(this.reads.map((name, index) => [name, index]))
    const order = this.#order
    return new Map([...asked].sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0)))
  }
}

/** What several roles ask for, together. */
export function joinAsked(all: Iterable<AskedValues>): AskedValues {
  const joined = new Map<string, Set<OptionValue>>()
  for (const asked of all)
    for (const [name, values] of asked) {
      const union = joined.get(name) ?? new Set()
      joined.set(name, union)
      for (const value of values) union.add(value)
    }
  return joined
}

/**
 * One value of each kind that can be told apart, the option's default first: each value that is asked for, and one for
 * all the others, which is `usual` if it is one of them, else the first.
 */
export function valuesToldApart(
  { values, default: standard }: OptionDocument,
  asked: ReadonlySet<OptionValue> | undefined,
  usual?: OptionValue
): readonly OptionValue[] {
  const ordered = standard === undefined ? values : [standard, ...values.filter((v) => v !== standard)]
  const others = ordered.filter((value) => asked?.has(value) !== true)
  const standing = others.find((value) => value === usual) ?? others[0]
  return ordered.filter((value) => value === standing || asked?.has(value) === true)
}

/** The options with only the values that can be told apart; `usual` has the preferred ones to stand for the others. */
export function narrowOptions(
  declared: ReadonlyMap<string, OptionDocument>,
  asked: AskedValues,
  usual: ReadonlyMap<string, OptionValue> = new Map()
): ReadonlyMap<string, OptionDocument> {
  const narrowed = new Map<string, OptionDocument>()
  for (const [name, values] of asked) {
    const option = declared.get(name)
    // In the order of `valuesToldApart`, which begins with the default where that is among them.
    if (option !== undefined) narrowed.set(name, { values: valuesToldApart(option, values, usual.get(name)) })
  }
  return narrowed
}
