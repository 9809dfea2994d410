// Combinations of attribute values → conditions that ask for them: as few as a split by one attribute after the other
// gives. A default is what an object has that gives none, so that values with it are asked for by the others.
import type { Combination, CompiledAttribute } from '../compile/attributes.js'
import type { CompiledResource } from '../compile/catalogue.js'
import { valuePart, type Part } from './parts.js'

/** The conditions that together hold for these combinations of a resource's attributes alone; one list for each rule. */
export function attributeParts(
  { attributes, permissions, actions }: CompiledResource,
  combinations: readonly Combination[]
): readonly (readonly Part[])[] {
  return combinations.length * actions.size === permissions.length ? [[]] : split(attributes, combinations)
}

function split(
  [attribute, ...others]: readonly CompiledAttribute[],
  combinations: readonly Combination[]
): readonly (readonly Part[])[] {
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
    const parts = partsFor(attribute, some)
    return split(others, rest).map((narrower) => [...parts, ...narrower])
  })
}

function partsFor({ name, values, usual }: CompiledAttribute, some: readonly unknown[]): readonly Part[] {
  if (some.length === values.length) return []
  if (usual === undefined || !some.includes(usual)) return [valuePart(name, some, true)]
  const others = values.filter((value) => !some.includes(value))
  return [valuePart(name, others, false)]
}
