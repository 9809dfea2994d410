// What a decision reads of a row besides its organization and owner, laid out so that `can` needs no records: what a
// resource has is a few bits, and each value of an attribute is what it adds to a permission's number. It says nothing
// that `CompiledResource` does not say; only decisions read it.
import type { OrgPlacement } from '../types.js'
import { partOf, type CompiledAttribute } from './attributes.js'

/** Where an object may be, as bits: in no organization, in one; then for each container in none, in one. */
export const NO_ORG = 1
export const IN_ORG = 2
/** Of the first container; the bits of the second and the third stand two and four higher. */
export const NO_CONTAINER = 4
export const IN_CONTAINER = 8
/** Its objects may be in an organization or in none, and have neither containers nor attributes. Beyond all places. */
export const SIMPLE = 256
/** Its objects have the first, second or third attribute of the policy, or one that comes after. */
export const FIRST = 512
export const SECOND = 1024
export const THIRD = 2048
export const FURTHER = 4096

/** What the objects of a resource may have, as bits; `names` are the attributes of the policy. */
export function formOf(
  org: OrgPlacement,
  containers: readonly OrgPlacement[],
  attributes: readonly CompiledAttribute[],
  names: readonly string[]
): number {
  if (org === 'optional' && containers.length + attributes.length === 0) return SIMPLE
  const places = [org, ...containers].reduce((bits, place, i) => bits | (allowed[place] << (2 * i)), 0)
  return attributes.reduce((bits, { name }) => bits | Math.min(FURTHER, FIRST << names.indexOf(name)), places)
}

/** Of organizations. */
const allowed: Readonly<Record<OrgPlacement, number>> = {
  optional: NO_ORG | IN_ORG,
  required: IN_ORG,
  never: NO_ORG
}

/** What the value of an attribute is: nothing that it has, none, `true`, `false`, or a text by its place after these. */
export const NO_VALUE = 0
export const NONE = 1
export const TRUE = 2
export const FALSE = 3
export const TEXT = 4

/** Less than any number of a permission, and so is the sum of some of it. */
const notThere = -(2 ** 24)

/** The attributes of a policy: a name is one attribute, whichever resources have it. */
export interface FieldsOfRows {
  readonly names: readonly string[]
  /** By attribute, the values that are texts. */
  readonly texts: readonly (readonly string[])[]
  /** By permission number, where its resource begins in `adds`. */
  readonly starts: Int32Array
  /** How many entries of `adds` an attribute has. */
  readonly width: number
  /** By resource, attribute and value, what it adds to a permission's number: far below zero for what is not there. */
  readonly adds: Int32Array
}

interface Declared {
  readonly attributes: readonly CompiledAttribute[]
  readonly actions: { readonly size: number }
  readonly permissions: { readonly length: number }
}

/** The attributes of the resources of a policy, in their order. */
export function fieldsOfRows(resources: readonly Declared[]): FieldsOfRows {
  const attributes = resources.flatMap((resource) => resource.attributes)
  const names = [...new Set(attributes.map(({ name }) => name))]
  const texts = names.map((name) => {
    const values = attributes.filter((one) => one.name === name).flatMap((one) => one.values)
    return [...new Set(values.filter((value) => typeof value === 'string'))]
  })
  const width = TEXT + Math.max(0, ...texts.map(({ length }) => length))
  const starts: number[] = []
  const adds: number[] = []
  for (const { attributes: own, actions, permissions } of resources) {
    for (let i = 0; i < permissions.length; i++) starts.push(adds.length)
    for (const [at, name] of names.entries()) {
      const attribute = own.find((one) => one.name === name)
      const start = adds.push(...new Array<number>(width).fill(notThere)) - width
      if (attribute === undefined) continue
      for (const [value, code] of codesOf(texts[at] ?? [])) {
        const part = partOf(attribute, value)
        if (part !== undefined) adds[start + code] = part * actions.size
      }
    }
  }
  return { names, texts, starts: Int32Array.from(starts), width, adds: Int32Array.from(adds) }
}

function codesOf(texts: readonly string[]): readonly (readonly [value: unknown, code: number])[] {
  return [
    [undefined, NONE],
    [true, TRUE],
    [false, FALSE],
    ...texts.map((text, i) => [text, TEXT + i] as const)
  ]
}
