// Which attributes of objects two policies together tell apart. Two values of an attribute are alike if both policies
// have both of them or neither, and every `where` of either policy holds for both or for neither. An attribute that a
// policy does not have is ignored there.
import { partOf } from '../compile/attributes.js'
import type { CompiledPermission, CompiledResource } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { AttributeValue } from '../types.js'
import { conditionsOn } from '../verify/space/attributes.js'

export type Attributes = Readonly<Record<string, AttributeValue>>

/** The attributes of an object. */
export interface ToldApart {
  readonly attributes: Attributes
  /** Those of them that it has to give: the others are what it has by default in each policy that has them. */
  readonly given: Attributes
}

const none: readonly ToldApart[] = [{ attributes: {}, given: {} }]

/** One combination of values for each kind of attributes, those with the fewest to give first. */
export function combinationsToldApart(
  policies: Readonly<Record<'old' | 'new', CompiledPolicy>>,
  resources: Readonly<Record<'old' | 'new', CompiledResource | undefined>>
): readonly ToldApart[] {
  const sides = (['new', 'old'] as const).flatMap((side) => {
    const resource = resources[side]
    return resource === undefined ? [] : [{ resource, conditions: conditionsOn(policies[side], resource) }]
  })
  const names = new Set(sides.flatMap(({ resource }) => resource.attributes.map(({ name }) => name)))
  if (names.size === 0) return none
  let all = none
  for (const name of names) {
    const declared = sides.flatMap(({ resource }) => resource.attributes.filter((one) => one.name === name))
    const about = sides.flatMap(({ conditions }) =>
      conditions.flatMap((where) => (Object.hasOwn(where, name) ? [[where[name] ?? []].flat()] : []))
    )
    const kindOf = (value: AttributeValue): string =>
      [...declared.map(({ values }) => values), ...about].map((some) => Number(some.includes(value))).join('')
    const usual = declared.flatMap((one) => one.usual ?? [])
    const standing = new Map<string, AttributeValue>()
    for (const value of [...usual, ...declared.flatMap(({ values }) => values)])
      if (!standing.has(kindOf(value))) standing.set(kindOf(value), value)
    all = all.flatMap(({ attributes, given }) =>
      [...standing.values()].map((value) => ({
        attributes: { ...attributes, [name]: value },
        given: declared.every((one) => one.usual === value) ? given : { ...given, [name]: value }
      }))
    )
  }
  return all.toSorted((a, b) => Object.keys(a.given).length - Object.keys(b.given).length)
}

/** The permission of an action on objects with these attributes; none where the resource lacks one of their values. */
export function permissionWith(
  { actions, permissions, attributes: declared }: CompiledResource,
  action: string,
  attributes: Attributes
): CompiledPermission | undefined {
  const first = actions.get(action)
  if (first === undefined || declared.length === 0) return first
  let number = 0
  for (const attribute of declared) {
    const part = partOf(
      attribute,
      Object.hasOwn(attributes, attribute.name) ? attributes[attribute.name] : undefined
    )
    if (part === undefined) return undefined
    number += part
  }
  return permissions[first.index - (permissions[0]?.index ?? 0) + number * actions.size]
}

/** Whether an object with some attributes is one that has to have these. */
export function hasAttributes(some: Attributes, wanted: Attributes): boolean {
  return Object.entries(wanted).every(([name, value]) => Object.hasOwn(some, name) && some[name] === value)
}

/** A part of a relation that says what attributes objects have, and the combinations that it covers. */
export interface AttributePart<T> {
  readonly attributes: Attributes
  readonly first: T
}

/**
 * The fewest conditions on attributes that hold for some of all combinations and for no others: of each attribute a
 * value, or none where it does not matter.
 */
export function describeAttributes<T extends { readonly attributes: Attributes }>(
  some: readonly T[],
  all: readonly Attributes[]
): readonly AttributePart<T>[] {
  const [plainest] = some
  if (plainest === undefined) return []
  if (some.length === all.length) return [{ attributes: {}, first: plainest }]
  const wanted = new Set(some.map(({ attributes }) => attributes))
  const left = new Set(some)
  const parts: AttributePart<T>[] = []
  for (const condition of conditionsOver(all)) {
    const covered = [...left].filter(({ attributes }) => hasAttributes(attributes, condition))
    const [first] = covered
    if (first === undefined || all.some((one) => hasAttributes(one, condition) && !wanted.has(one))) continue
    for (const one of covered) left.delete(one)
    parts.push({ attributes: condition, first })
  }
  return parts
}

/** Every condition that some attributes have certain values, those on the fewest attributes first. */
function conditionsOver(all: readonly Attributes[]): Attributes[] {
  const names = Object.keys(all[0] ?? {})
  const conditions = names.reduce<Attributes[]>(
    (made, name) => {
      const values = new Set(all.flatMap((one) => one[name] ?? []))
      return made.flatMap((one) => [one, ...[...values].map((value) => ({ ...one, [name]: value }))])
    },
    [{}]
  )
  return conditions.toSorted((a, b) => Object.keys(a).length - Object.keys(b).length)
}
