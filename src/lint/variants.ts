// A rule about variants that a later variant of the same role or template undoes. Variants replace whole keys, so it
// looks at which keys they have, and at what the later one says there. There may be thousands of variants, one for each
// value of an option: those that always apply together are found by their conditions, and of the others only a limited
// number of pairs is looked at.
import type { Catalogue } from '../compile/catalogue.js'
import { lineHas, partsOf } from '../compile/permission-set.js'
import type { ActionList, PermissionSet } from '../document/types.js'
import type { Path } from '../problems/path.js'
import type { Effect } from '../types.js'
import type { LintContext } from './context.js'
import type { Remark, Rule } from './types.js'
import { isListEmpty, type Layer, type Voter } from './voters.js'

export const undoneVariant: Rule = {
  id: 'undone-variant',
  severity: 'warning',
  summary:
    'Two variants that undo each other: the later one replaces all that the other says, always or with what was there without it.',
  help: 'Take out the one that is undone, or make their conditions exclude each other.',
  *find(context) {
    const pairs = new Pairs(context.compiled.catalogue)
    for (const { at, base, variants } of layered(context))
      if (variants.length > 1) yield* pairs.remarksOn(at, base, variants, context)
  }
}

/** A key of a set that a variant replaces. */
interface Slot {
  readonly key: string
  readonly effect: Effect
  /** Of the wildcard of the same set. */
  readonly wildcard: string
  readonly list: ActionList
}

type Slots = ReadonlyMap<string, Slot>

interface Variant {
  readonly when: Readonly<Record<string, unknown>>
  readonly slots: Slots
}

interface Layered {
  readonly at: Path
  readonly base: Slots
  readonly variants: readonly Variant[]
}

function* layered({ voters, compiled: { document } }: LintContext): Generator<Layered> {
  for (const voter of voters) {
    const { variants = [] } = voter.role?.document ?? {}
    const [base, ...layers] = voter.layers
    if (variants.length > 1)
      yield {
        at: voter.at,
        base: slotsOf(voter, base),
        variants: variants.map(({ when }, index) => ({ when, slots: slotsOf(voter, layers[index]) }))
      }
  }
  for (const [name, { allow, variants = [] }] of Object.entries(document.scopeTemplates ?? {})) {
    const slotsIn = (set: PermissionSet): Slots => new Map(slots('', 'allow', set))
    yield {
      at: ['scopeTemplates', name],
      base: slotsIn(allow),
      variants: variants.map((one) => ({ when: one.when, slots: slotsIn(one.allow) }))
    }
  }
}

function slotsOf({ levels }: Voter, layer: Layer | undefined): Slots {
  return new Map(
    levels.flatMap((level) =>
      (['allow', 'deny'] as const).flatMap((effect) => [
        ...slots(level, effect, layer?.grants?.[level]?.[effect] ?? {})
      ])
    )
  )
}

function* slots(level: string, effect: Effect, set: PermissionSet): Generator<[string, Slot]> {
  const prefix = `${level} ${effect} `
  for (const [key, list] of Object.entries(set))
    yield [`${prefix}${key}`, { key, effect, wildcard: `${prefix}*`, list }]
}

/** How many pairs of variants are looked at. */
const mostPairs = 2_000_000
/** A variant with more conditions is not looked up by each choice of them. */
const mostConditions = 6

class Pairs {
  readonly #catalogue: Catalogue
  readonly #named = new WeakMap<Slot, string>()
  #left = mostPairs

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
  }

  *remarksOn(
    at: Path,
    base: Slots,
    variants: readonly Variant[],
    { pathOf }: LintContext
  ): Generator<Remark> {
    const byCondition = new Map<string, number[]>()
    for (const [index, { when }] of variants.entries()) {
      const key = conditionKey(Object.entries(when))
      const group = byCondition.get(key)
      if (group === undefined) byCondition.set(key, [index])
      else group.push(index)
    }
    const restoring = variants.map(({ slots }) => this.#restoredBy(slots, base, variants))
    const restorers = [...restoring.keys()].filter((index) => (restoring[index]?.size ?? 0) > 0)
    for (const [index, variant] of variants.entries()) {
      const place = [...at, 'variants', index]
      const always = this.#alwaysAfter(index, variants, byCondition)
      if (always !== undefined) {
        const other = pathOf([...at, 'variants', always])
        yield {
          at: place,
          message: `\`${other}\` undoes it: it applies wherever this one does, and replaces all of it`
        }
        continue
      }
      if (!this.#isChange(variant.slots, base)) continue
      const undoing = restorers.find(
        (other) =>
          other > index &&
          --this.#left >= 0 &&
          [...variant.slots.keys()].every((slot) => restoring[other]?.has(slot)) &&
          canBothApply(variant, variants[other])
      )
      if (undoing === undefined) continue
      const other = pathOf([...at, 'variants', undoing])
      yield {
        at: place,
        message: `\`${other}\` undoes it where both apply: what it replaces is then as it was`
      }
    }
  }

  /** A later variant that applies wherever this one does and has all of its keys. */
  #alwaysAfter(
    index: number,
    variants: readonly Variant[],
    byCondition: ReadonlyMap<string, readonly number[]>
  ): number | undefined {
    const { when, slots } = variants[index] ?? {}
    const entries = Object.entries(when ?? {})
    if (slots === undefined || slots.size === 0 || entries.length > mostConditions) return undefined
    const found = choicesOf(entries).flatMap((some) => {
      const later = byCondition.get(conditionKey(some)) ?? []
      return later.filter((other) => {
        if (other <= index || --this.#left < 0) return false
        return [...slots.keys()].every((slot) => variants[other]?.slots.has(slot))
      })
    })
    return found.length === 0 ? undefined : Math.min(...found)
  }

  /** The keys where a variant says what is said without any variant. */
  #restoredBy(slots: Slots, base: Slots, variants: readonly Variant[]): ReadonlySet<string> {
    const restored = new Set<string>()
    for (const [id, slot] of slots) {
      const before = base.get(id)
      const isAlike =
        before === undefined
          ? isListEmpty(slot.list) && !this.#takesOut(slot, base, variants)
          : this.#isAlike(slot, before)
      if (isAlike) restored.add(id)
    }
    return restored
  }

  /** In an allow an empty list takes its resource out of a wildcard, where there is one. */
  #takesOut({ effect, wildcard }: Slot, base: Slots, variants: readonly Variant[]): boolean {
    if (effect === 'deny') return false
    return base.has(wildcard) || variants.some(({ slots }) => slots.has(wildcard))
  }

  #isChange(slots: Slots, base: Slots): boolean {
    return [...slots].some(([id, slot]) => {
      const before = base.get(id)
      return before === undefined ? !isListEmpty(slot.list) : !this.#isAlike(slot, before)
    })
  }

  #isAlike(a: Slot, b: Slot): boolean {
    return a.list === b.list || this.#namedBy(a) === this.#namedBy(b)
  }

  /** What a list names, as text; of the wildcard as it is written, because it also means what is added. */
  #namedBy(slot: Slot): string {
    const { key, effect, list } = slot
    const resource = this.#catalogue.resources.get(key)
    if (resource === undefined || typeof list === 'string') return JSON.stringify(list)
    const cached = this.#named.get(slot)
    if (cached !== undefined) return cached
    const line = { key, list, at: [], parts: partsOf(list) }
    const named = resource.permissions.map((one) => (lineHas(line, effect, one) ? '1' : '0')).join('')
    this.#named.set(slot, named)
    return named
  }
}

type Condition = readonly (readonly [string, unknown])[]

function conditionKey(entries: Condition): string {
  return JSON.stringify([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Every choice of some of the entries, none and all of them among it. */
function choicesOf(entries: Condition): readonly Condition[] {
  return entries.reduce<readonly Condition[]>(
    (choices, entry) => [...choices, ...choices.map((some) => [...some, entry])],
    [[]]
  )
}

function canBothApply(one: Variant, other: Variant | undefined): boolean {
  return Object.entries(one.when).every(
    ([option, value]) =>
      other === undefined || !Object.hasOwn(other.when, option) || other.when[option] === value
  )
}
