// The layers of one role document that can vote on a permission: its own grants, and on top of them the variants that
// apply. What says nothing about the permission, or only repeats what all others say, is left out.
import { requiredFor, type Catalogue, type CompiledPermission } from '../../compile/catalogue.js'
import { listNames } from '../../compile/permission-set.js'
import { optionsRead, stackLayers, type At, type GrantLayer, type RoleTable } from '../../compile/roles.js'
import type { ActionList, Grants, RoleDocument } from '../../document/types.js'
import type { Effect, Level, OptionValue } from '../../types.js'
import type { Values } from './settings.js'
import { own, sets, setsOfKind, slotOf, wildcard, type SetOfKind } from './slots.js'

/** A variant of a role: its condition, and those lines of its grants that can matter. */
export interface VariantLayer extends GrantLayer {
  readonly when: readonly (readonly [string, OptionValue])[]
  /** Where it has a line: a bit for each level, effect and key. */
  readonly slots: number
  /** Where its line names the permission; none where it has no line. */
  readonly says: number
}

/** A role's own grants, as far as they can matter. */
export type BaseLayer = Omit<VariantLayer, 'when'>

/** The parts of one role document that can vote on a permission. */
export interface DocumentLayers {
  readonly base: BaseLayer
  readonly variants: readonly VariantLayer[]
  /** The variants that apply under values of options, in order. */
  readonly appliedUnder: (values: Values) => readonly VariantLayer[]
}

export interface LayersSettings {
  /** Whether it also matters which line gives a vote: then variants that only repeat a line are kept. */
  readonly byLine?: boolean | undefined
}

/** The permission, and what roles must allow too for an ACL entry to grant it. */
export function votedTogether(permission: CompiledPermission): readonly CompiledPermission[] {
  const required = requiredFor(permission)
  return required === undefined || required === permission ? [permission] : [permission, required]
}

/** A role's document, with its variants indexed by the keys that their grants have. */
export class LayeredDocument {
  readonly document: RoleDocument
  /** Every option that the variants read, in the order in which they name them. */
  readonly reads: readonly string[]
  readonly #name: string
  readonly #at: At
  readonly #sets: readonly SetOfKind[]
  readonly #byKey: ReadonlyMap<string, readonly number[]>

  /** `at` is the path of the role in its document. */
  constructor(name: string, document: RoleDocument, at: At) {
    this.document = document
    this.#name = name
    this.#at = at
    this.#sets = setsOfKind(document.kind)
    const variants = document.variants ?? []
    this.reads = optionsRead([document])
    this.#byKey = keysOf(variants, this.#sets)
  }

  /** Its layers, cut down to what concerns one permission and what an ACL entry for it requires. */
  about(permission: CompiledPermission, { byLine = false }: LayersSettings = {}): DocumentLayers {
    const { resource } = permission
    const found = new Set([resource, '*'].flatMap((key) => this.#byKey.get(key) ?? []))
    const numbers = [...found].sort((a, b) => a - b)
    const base = this.#base(permission)
    const touching = numbers.flatMap((number) => this.#variant(number, permission))
    const variants = byLine ? touching : this.#withoutRepeats(base, touching, numbers, permission)
    return { base, variants, appliedUnder: choosing(variants) }
  }

  /** The role table that layers give under values of options, for some permissions of their resource. */
  roleTableOf(
    { base, appliedUnder }: DocumentLayers,
    values: Values,
    catalogue: Catalogue,
    permissions: readonly CompiledPermission[],
    included?: readonly RoleTable[]
  ): RoleTable {
    const layers = [base, ...uppermost(appliedUnder(values))]
    return stackLayers(this.#name, this.document, layers, catalogue, permissions, included)
  }

  /** The role table of its own grants, without any variant. */
  baseRoleTable(catalogue: Catalogue, included?: readonly RoleTable[]): RoleTable {
    const base = { grants: this.document.grants, at: [...this.#at, 'grants'] }
    return stackLayers(this.#name, this.document, [base], catalogue, catalogue.permissions, included)
  }

  #base(permission: CompiledPermission): BaseLayer {
    return { ...this.#pick(this.document.grants, permission), at: [...this.#at, 'grants'] }
  }

  #variant(number: number, permission: CompiledPermission): VariantLayer[] {
    const variant = this.document.variants?.[number]
    if (variant === undefined) return []
    const at = [...this.#at, 'variants', number, 'grants']
    return [{ when: Object.entries(variant.when), ...this.#pick(variant.grants, permission), at }]
  }

  /** The layers of some variants without those that change no vote, on the permission and on what it requires. */
  #withoutRepeats(
    base: BaseLayer,
    touching: readonly VariantLayer[],
    numbers: readonly number[],
    permission: CompiledPermission
  ): readonly VariantLayer[] {
    const telling = withoutRepeats(base, touching)
    const [, required] = votedTogether(permission)
    if (required === undefined) return telling
    const others = numbers.flatMap((number) => this.#variant(number, required))
    const kept = new Set([...telling, ...withoutRepeats(this.#base(required), others)])
    return touching.filter((layer, index) => {
      const other = others[index]
      return kept.has(layer) || (other !== undefined && kept.has(other))
    })
  }

  /** The lines of grants under the two keys, with bits for where there is a line and where it names the permission. */
  #pick(grants: Grants | undefined, permission: CompiledPermission): Omit<BaseLayer, 'at'> {
    const picked: Record<string, { allow?: Record<string, ActionList>; deny?: Record<string, ActionList> }> =
      {}
    let slots = 0
    let says = 0
    for (const { level, effect, set } of this.#sets) {
      if (grants?.[level]?.[effect] === undefined) continue
      for (const [position, key] of [permission.resource, '*'].entries()) {
        const list = lineIn(grants, level, effect, key)
        if (list === undefined) continue
        ;((picked[level] ??= {})[effect] ??= {})[key] = list
        slots |= slotOf(set, position)
        if (listNames(list, effect, permission)) says |= slotOf(set, position)
      }
    }
    return { grants: picked, slots, says }
  }
}

/** Looks up the variants that apply by the values they ask for: there may be thousands, one for each value. */
function choosing(variants: readonly VariantLayer[]): DocumentLayers['appliedUnder'] {
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

function keysOf(
  variants: readonly { readonly grants: Grants }[],
  setsOfRole: readonly SetOfKind[]
): ReadonlyMap<string, readonly number[]> {
  const byKey = new Map<string, number[]>()
  for (const [index, { grants }] of variants.entries()) {
    for (const { level, effect } of setsOfRole) {
      const set = grants[level]?.[effect]
      if (set === undefined) continue
      for (const key of Object.keys(set)) {
        const indices = byKey.get(key)
        if (indices === undefined) byKey.set(key, [index])
        else if (indices.at(-1) !== index) indices.push(index)
      }
    }
  }
  return byKey
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
  level: Level,
  effect: Effect,
  key: string
): ActionList | undefined {
  const set = grants?.[level]?.[effect]
  return set !== undefined && Object.hasOwn(set, key) ? set[key] : undefined
}

/**
 * The variants without those that change nothing: those whose every line is under a key where the role's own grants and
 * all variants say the same of the permission.
 */
function withoutRepeats(base: BaseLayer, variants: readonly VariantLayer[]): readonly VariantLayer[] {
  if (variants.length === 0) return variants
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
