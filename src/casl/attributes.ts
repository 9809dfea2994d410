// Combinations of attribute values → conditions that ask for them. A default is what an object has that gives none, so
// that values with it are asked for by the others.
import type { Combination } from '../compile/attributes.js'
import type { CompiledResource } from '../compile/catalogue.js'
import { splitCombinations, type AskedAttribute } from '../reach/combinations.js'
import { valuePart, type Part } from './parts.js'

/** The conditions that together hold for these combinations of a resource's attributes alone; one list for each rule. */
export function attributeParts(
  resource: CompiledResource,
  combinations: readonly Combination[]
): readonly (readonly Part[])[] {
  return splitCombinations(resource, combinations).map((asked) => asked.map(partFor))
}

function partFor({ attribute: { name, values, usual }, values: some }: AskedAttribute): Part {
  if (usual === undefined || !some.includes(usual)) return valuePart(name, some, true)
  const others = values.filter((value) => !some.includes(value))
  return valuePart(name, others, false)
}
