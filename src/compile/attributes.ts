// The attributes of a resource → numbered combinations of their values. Grants that ask for attributes are turned into
// votes on one combination each, so that a decision reads a table and never a condition. The first attribute's values
// change fastest; the combination of every first value has the number 0.
import type { AttributeDocument, Where } from '../document/types.js'
import type { AttributeValue } from '../types.js'

/** An attribute, and what each of its values adds to the number of a combination. */
export interface CompiledAttribute {
  readonly name: string
  readonly values: readonly AttributeValue[]
  /** What an object has that gives none; `undefined` where it has to give one. */
  readonly usual: AttributeValue | undefined
  /** What one value further adds to the number of a combination. */
  readonly step: number
}

/** One value of each attribute. */
export type Combination = ReadonlyMap<string, AttributeValue>

const noAttributes: readonly CompiledAttribute[] = Object.freeze([])
const alone: readonly Combination[] = Object.freeze([new Map()])

/** The attributes of a resource in the order of the document. */
export function compileAttributes(
  declared: Readonly<Record<string, AttributeDocument>> | undefined
): readonly CompiledAttribute[] {
  const entries = Object.entries(declared ?? {})
  if (entries.length === 0) return noAttributes
  let step = 1
  return entries.map(([name, { values, default: usual }]) => {
    const attribute = { name, values, usual, step }
    step *= values.length
    return attribute
  })
}

/**
 * What an object's value adds to the number of its combination; `undefined` for a value that the attribute does not
 * have, and for none where it has no default. There are few values, so they are walked.
 */
export function partOf({ values, usual, step }: CompiledAttribute, value: unknown): number | undefined {
  const own = value === undefined || value === null ? usual : value
  for (let i = 0; i < values.length; i++) if (values[i] === own) return i * step
  return undefined
}

/** What an object is taken to have where nothing is said of it: the default, else the first value. */
export function usualOrFirst({ usual, values: [first] }: CompiledAttribute): AttributeValue | undefined {
  return usual ?? first
}

/** Every combination of values by its number; of no attributes there is one. */
export function combinationsOf(attributes: readonly CompiledAttribute[]): readonly Combination[] {
  return attributes.reduce(
    (made, { name, values }) =>
      values.flatMap((value) => made.map((one) => new Map([...one, [name, value] as const]))),
    alone
  )
}

/** Whether an object with these attributes is one that a grant asks for. */
export function fulfils(combination: Combination, where: Where): boolean {
  return Object.entries(where).every(([name, wanted]) => {
    const value = combination.get(name)
    return value !== undefined && (Array.isArray(wanted) ? wanted.includes(value) : wanted === value)
  })
}
