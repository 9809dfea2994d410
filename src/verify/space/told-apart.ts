// Which values of options and settings make a difference to one permission. A role's votes on a permission depend only
// on the lines that its grants and variants have under two keys: the permission's resource, and `*`. So:
//
// - A variant without either key changes nothing about the permission, whatever its condition.
// - A variant whose lines say the same of the action as every other line under that key changes nothing either: it does
//   not matter which of them is on top.
// - An option that no remaining variant reads changes nothing. Of an option that some read, the values that none of
//   them asks for cannot be told apart: every condition is false for them. One value stands for all of these.
//
// So a statement that is checked for the values named here is checked for all. Where roles are looked at together, a
// value that one of them asks for is told apart for all of them, because both are held under the same setting.
import { stackLayers, type At, type RoleTable, type GrantLayer } from '../../compile/roles.js'
import { listHas } from '../../compile/permission-set.js'
import type { Catalogue, CompiledPermission } from '../../compile/catalogue.js'
import type { ActionList, Grants, OptionDocument, RoleDocument } from '../../document/types.js'
import type { Values } from './settings.js'
import type { Effect, FixedLevel, OptionValue } from '../../types.js'
import { sets, own, wildcard, slotOf } from './slots.js'

/** By option, the values that conditions ask for. */
export type AskedValues = ReadonlyMap<string, ReadonlySet<OptionValue>>

/** A variant of a role: its condition, and those lines of its grants that can matter. */
export interface VariantLayer extends GrantLayer {
  readonly when: readonly (readonly [string, OptionValue])[]
  /** Where it has a line: a bit for each level, effect and key. */
  readonly slots: number
  /** Where its line names the permission's action; none where it has no line. */
  readonly says: number
}

/** A role's own grants, as far as they can matter. */
export type BaseLayer = Omit<VariantLayer, 'when'>

/** The parts of a role that can vote on a permission. */
export interface RoleLayers {
  readonly base: BaseLayer
  readonly variants: readonly VariantLayer[]
  /** What the variants ask for, in the order in which the role's document first names the options. */
  readonly asked: AskedValues
  /** The variants that apply under values of options, in order. */
  readonly appliedUnder: (values: Values) => readonly VariantLayer[]
}

export interface LayersSettings {
  /** Whether it also matters which line gives a vote: then variants that only repeat a line are kept. */
  readonly byLine?: boolean | undefined
}

/** A role's document, with its variants indexed by the keys that their grants have. Computed on demand. */
export class LayeredRole {
  readonly name: string
  readonly document: RoleDocument
  /** Every option that the role's variants read, in the order in which they name them. */
  readonly reads: readonly string[]
  readonly #at: At
  readonly #byKey: ReadonlyMap<string, readonly number[]>
  #order: ReadonlyMap<string, number> | undefined

  /** `at` is the path of the role in its document. */
  constructor(name: string, document: RoleDocument, at: At) {
    this.document = document
    this.name = name
    this.#at = at
    const variants = document.variants ?? []
    this.reads = [...new Set(variants.flatMap(({ when }) => Object.keys(when)))]
    this.#byKey = keysOf(variants)
  }

  /** Its layers, cut down to what concerns one permission. */
  about(permission: CompiledPermission, { byLine = false }: LayersSettings = {}): RoleLayers {
    const { resource } = permission
    const base = { ...pick(this.document.grants, permission), at: [...this.#at, 'grants'] }
    const numbers = new Set([resource, '*'].flatMap((key) => this.#byKey.get(key) ?? []))
    const touching = [...numbers].sort((a, b) => a - b).flatMap((index) => this.#variant(index, permission))
    const variants = byLine ? touching : withoutRepeats(base, touching)
    return { base, variants, asked: this.#askedIn(variants), appliedUnder: choosing(variants) }
  }

  /**
   * Its role table for permissions of the layers' resource, under values of its options; without values no variant
   * applies.
   */
  roleTableOf(
    { base, appliedUnder }: RoleLayers,
    values: Values,
    catalogue: Catalogue,
    permissions: readonly CompiledPermission[]
  ): RoleTable {
    const layers = [base, ...uppermost(appliedUnder(values))]
    return stackLayers(this.name, this.document, layers, catalogue, permissions)
  }

  /** The role table of its own grants, without any variant. */
  baseRoleTable(catalogue: Catalogue): RoleTable {
    const base = { grants: this.document.grants, at: [...this.#at, 'grants'] }
    return stackLayers(this.name, this.document, [base], catalogue, catalogue.permissions)
  }

  #variant(index: number, permission: CompiledPermission): VariantLayer[] {
    const variant = this.document.variants?.[index]
    if (variant === undefined) return []
    const at = [...this.#at, 'variants', index, 'grants']
    return [{ when: Object.entries(variant.when), ...pick(variant.grants, permission), at }]
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

/** Looks up the variants that apply by the values they ask for: there may be thousands, one for each value. */
function choosing(variants: readonly VariantLayer[]): RoleLayers['appliedUnder'] {
  const unconditional = variants.flatMap(({ when }, number) => (when.length === 0 ? [number] : []))
  let asking: Map<string, Map<OptionValue, number[]>> | undefined
  const index = (): Map<string, Map<OptionValue, number[]>> => {
    const made = new Map<string, Map<OptionValue, number[]>>()
    for (const [number, { when }] of variants.entries())
      for (const [option, value] of when) {
        const byValue = made.get(option) ?? new Map<OptionValue, number[]>()
        made.set(option, byValue)
        const numbers = byValue.get(value)
        if (numbers === undefined) byValue.set(value, [number])
        else numbers.push(number)
      }
    return made
  }
  return (values) => {
    asking ??= index()
    const met = new Map<number, number>()
    for (const [option, value] of Object.entries(values))
      for (const number of asking.get(option)?.get(value) ?? []) met.set(number, (met.get(number) ?? 0) + 1)
    const applied = [...met].flatMap(([number, count]) =>
      count === variants[number]?.when.length ? [number] : []
    )
    return [...applied, ...unconditional].sort((a, b) => a - b).flatMap((number) => variants[number] ?? [])
  }
}

function keysOf(variants: readonly { readonly grants: Grants }[]): ReadonlyMap<string, readonly number[]> {
  const byKey = new Map<string, number[]>()
  for (const [index, { grants }] of variants.entries()) {
    const keys = new Set<string>()
    for (const { level, effect } of sets) {
      const set = grants[level]?.[effect]
      if (set !== undefined) for (const key of Object.keys(set)) keys.add(key)
    }
    for (const key of keys) {
      const indices = byKey.get(key)
      if (indices === undefined) byKey.set(key, [index])
      else indices.push(index)
    }
  }
  return byKey
}

/** The lines of grants under the two keys, with bits for where there is a line and where it names the action. */
function pick(
  grants: Grants | undefined,
  { resource, action }: CompiledPermission
): Pick<VariantLayer, 'slots' | 'says'> & { readonly grants: Grants } {
  const picked: {
    [L in FixedLevel]?: { allow?: Record<string, ActionList>; deny?: Record<string, ActionList> }
  } = {}
  let slots = 0
  let says = 0
  for (const [index, { level, effect }] of sets.entries()) {
    if (grants?.[level]?.[effect] === undefined) continue
    for (const [position, key] of [resource, '*'].entries()) {
      const list = lineIn(grants, level, effect, key)
      if (list === undefined) continue
      ;((picked[level] ??= {})[effect] ??= {})[key] = list
      slots |= slotOf(index, position)
      if (listHas(list, action)) says |= slotOf(index, position)
    }
  }
  return { grants: picked, slots, says }
}

/** Of stacked layers, those that have a line which no layer above replaces. */
function uppermost(layers: readonly VariantLayer[]): readonly VariantLayer[] {
  const seen: VariantLayer[] = []
  let covered = 0
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index]
    if (layer === undefined || (layer.slots & ~covered) === 0) continue
    covered |= layer.slots
    seen.push(layer)
  }
  return seen.reverse()
}

function lineIn(
  grants: Grants | undefined,
  level: FixedLevel,
  effect: Effect,
  key: string
): ActionList | undefined {
  const set = grants?.[level]?.[effect]
  return set !== undefined && Object.hasOwn(set, key) ? set[key] : undefined
}

/**
 * The variants without those that change nothing: those whose every line is under a key where the role's own grants and
 * all variants say the same of the action.
 */
function withoutRepeats(base: BaseLayer, variants: readonly VariantLayer[]): readonly VariantLayer[] {
  let telling = 0
  for (const [index, { effect }] of sets.entries())
    for (const position of [own, wildcard]) {
      const slot = slotOf(index, position)
      const sayingOf = ({ slots, says }: BaseLayer): string => {
        if ((says & slot) !== 0) return 'yes'
        // In an allow a resource's own line keeps the wildcard out, whatever it lists.
        return (slots & slot) !== 0 && effect === 'allow' && position === own ? 'no' : 'nothing'
      }
      const saidByBase = sayingOf(base)
      if (variants.some((one) => (one.slots & slot) !== 0 && sayingOf(one) !== saidByBase)) telling |= slot
    }
  return variants.filter(({ slots }) => (slots & telling) !== 0)
}
