// What a decision reads of a row besides its organization and owner, laid out so that `can` needs neither names of
// values nor records: where a row may be is one number, and each value of an attribute is what it adds to a
// permission's number. It says nothing that `CompiledResource` does not say; only decisions read it.
import type { OrgPlacement } from '../types.js'
import { partOf, type CompiledAttribute } from './attributes.js'

/** An attribute as a decision reads it. */
export interface FieldOfRow {
  readonly name: string
  /** What `true`, `false` and no value add to the number of a permission; -1 where there is no such combination. */
  readonly ifTrue: number
  readonly ifFalse: number
  readonly ifNone: number
  /** The values that are texts, and what each adds. */
  readonly texts: readonly string[]
  readonly ifText: readonly number[]
}

/** Where an object may be, as bits: in no organization, in one, in no container, in one. */
export const NO_ORG = 1
export const IN_ORG = 2
export const NO_CONTAINER = 4
export const IN_CONTAINER = 8

/**
 * Where objects of a resource may be. Nowhere in a policy of several containers: there no row is read quickly.
 */
export function placesAllowed(org: OrgPlacement, containers: readonly OrgPlacement[]): number {
  if (containers.length > 1) return 0
  const [container = 'never'] = containers
  return allowed[org] | (allowed[container] << 2)
}

/** Of organizations; those of containers stand two bits higher. */
const allowed: Readonly<Record<OrgPlacement, number>> = {
  optional: NO_ORG | IN_ORG,
  required: IN_ORG,
  never: NO_ORG
}

const noFields: FieldsOfRow = Object.freeze([])

/** The attributes of a resource, each at the place that its name has in the policy; `undefined` for those of others. */
export type FieldsOfRow = readonly (FieldOfRow | undefined)[]

/** The attributes of a resource with so many actions. `names` are those of the policy and get those that are new. */
export function fieldsOfRow(
  attributes: readonly CompiledAttribute[],
  actionCount: number,
  names: string[]
): FieldsOfRow {
  if (attributes.length === 0) return noFields
  const fields: (FieldOfRow | undefined)[] = []
  for (const attribute of attributes) {
    const { name, values } = attribute
    if (!names.includes(name)) names.push(name)
    const at = names.indexOf(name)
    while (fields.length <= at) fields.push(undefined)
    const adds = (value: unknown): number => {
      const part = partOf(attribute, value)
      return part === undefined ? -1 : part * actionCount
    }
    const texts = values.filter((value) => typeof value === 'string')
    fields[at] = {
      name,
      ifTrue: adds(true),
      ifFalse: adds(false),
      ifNone: adds(undefined),
      texts,
      ifText: texts.map(adds)
    }
  }
  return fields
}
