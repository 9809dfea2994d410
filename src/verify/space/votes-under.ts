// A role's votes on a permission under all combinations of options and settings.
import type { OptionDocument } from '../../document/types.js'
import type { OptionValue } from '../../types.js'
import { sets, own, wildcard, slotOf } from './slots.js'
import type { BaseLayer, DocumentLayers, VariantLayer } from './layers.js'
import type { RoleLayers } from './told-apart.js'
import { levelBits } from '../../levels.js'

/**
 * The votes on the layers' permission under every combination of values of some options: one byte for each, as in a
 * role table, in the order of `combinations`; those of included roles are united with the role's own.
 */
export function votesUnder(
  { own, included }: RoleLayers,
  options: ReadonlyMap<string, OptionDocument>
): readonly number[] {
  return included.reduce<readonly number[]>(
    (votes, layers) => {
      const more = documentVotes(layers, options)
      return votes.map((vote, index) => vote | (more[index] ?? 0))
    },
    documentVotes(own, options)
  )
}

/** The variants that can still apply are narrowed down value by value: what combinations share is computed once. */
function documentVotes(
  { base, variants }: DocumentLayers,
  options: ReadonlyMap<string, OptionDocument>
): readonly number[] {
  const votes: number[] = []
  const declared = [...options]
  const choose = (depth: number, left: readonly Conditional[]): void => {
    const [name, { values }] = declared[depth] ?? ['', { values: [] }]
    if (depth === declared.length) {
      votes.push(voteOf(base, left))
      return
    }
    const { free, byValue } = splitBy(name, left)
    for (const value of values) {
      const asking = byValue.get(value)
      choose(depth + 1, asking === undefined ? free : merge(free, asking))
    }
  }
  // A condition on an option that is not among `options` is never true.
  const conditional = variants.flatMap((layer, number): Conditional[] =>
    layer.when.every(([name]) => options.has(name)) ? [{ layer, number, when: new Map(layer.when) }] : []
  )
  choose(0, conditional)
  return votes
}

interface Conditional {
  readonly layer: VariantLayer
  readonly number: number
  readonly when: ReadonlyMap<string, OptionValue>
}

function splitBy(
  name: string,
  left: readonly Conditional[]
): { readonly free: readonly Conditional[]; readonly byValue: ReadonlyMap<OptionValue, Conditional[]> } {
  const free: Conditional[] = []
  const byValue = new Map<OptionValue, Conditional[]>()
  for (const one of left) {
    const value = one.when.get(name)
    const asking = value === undefined ? free : byValue.get(value)
    if (asking !== undefined) asking.push(one)
    else if (value !== undefined) byValue.set(value, [one])
  }
  return { free, byValue }
}

/** Merges two ordered lists. */
function merge(a: readonly Conditional[], b: readonly Conditional[]): readonly Conditional[] {
  return a.length === 0 ? b : [...a, ...b].sort((one, other) => one.number - other.number)
}

/** The votes of a document's own grants with some variants on top, as one byte. */
function voteOf({ slots, says }: BaseLayer, applied: readonly Conditional[]): number {
  let named = slots
  let yes = says
  for (const { layer } of applied) {
    named |= layer.slots
    yes = (yes & ~layer.slots) | layer.says
  }
  let vote = 0
  for (const [index, { level, effect }] of sets.entries()) {
    const isKeptOut = effect === 'allow' && (named & slotOf(index, own)) !== 0
    const asked = isKeptOut ? slotOf(index, own) : slotOf(index, own) | slotOf(index, wildcard)
    if ((yes & asked) !== 0) vote |= levelBits[level][effect]
  }
  return vote
}
