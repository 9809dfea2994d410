// Combinations of attribute values → what is asked of each attribute: as little as a split by one attribute after the
// other gives.
import type { Combination, CompiledAttribute } from '../compile/attributes.js'
import type { CompiledResource } from '../compile/catalogue.js'

/** An attribute that must have one of some of its values. */
export interface AskedAttribute {
  readonly attribute: CompiledAttribute
  readonly values: readonly unknown[]
}

/**
 * What together asks for exactly these combinations, which may come more than once: an object has one of them if it has
 * all that one of the lists asks. An attribute that may have any of its values is not asked for.
 */
export function splitCombinations(
  { attributes, permissions, actions }: CompiledResource,
  combinations: readonly Combination[]
): readonly (readonly AskedAttribute[])[] {
  const some = [...new Set(combinations)]
  return some.length * actions.size === permissions.length ? [[]] : split(attributes, some)
}

function split(
  [attribute, ...others]: readonly CompiledAttribute[],
  combinations: readonly Combination[]
): readonly (readonly AskedAttribute[])[] {
  if (attribute === undefined) return [[]]
  const { name, values } = attribute
  const alike = new Map<string, { readonly values: unknown[]; readonly rest: readonly Combination[] }>()
  for (const value of values) {
    const rest = combinations.filter((one) => one.get(name) === value)
    if (rest.length === 0) continue
    const key = JSON.stringify(rest.map((one) => others.map((other) => one.get(other.name))))
    const group = alike.get(key)
    if (group === undefined) alike.set(key, { values: [value], rest })
    else group.values.push(value)
  }
  return [...alike.values()].flatMap(({ values: some, rest }) => {
    const asked = some.length === values.length ? [] : [{ attribute, values: some }]
    return split(others, rest).map((narrower) => [...asked, ...narrower])
  })
}
