// Combinations of attributes → conditions on their columns.
import type { CompiledPermission } from '../../compile/catalogue.js'
import { splitCombinations } from '../../reach/combinations.js'
import type { AttributeSource, Columns } from '../columns.js'
import { all, always, any, never, type Condition } from './condition.js'

/** The rows whose attributes are those of one of the permissions. */
export function combinationsCondition(
  columns: Columns,
  permissions: readonly CompiledPermission[]
): Condition {
  const combinations = permissions.map(({ attributes }) => attributes)
  const asked = splitCombinations(columns.resource, combinations)
  return any(
    ...asked.map((parts) =>
      all(
        ...parts.map(({ attribute, values }) => {
          const number = columns.attributes.findIndex((source) => source.attribute === attribute)
          return attributeIs(columns.attributes[number], number, values)
        })
      )
    )
  )
}

/** The rows with one of these values; NULL is the default. */
export function attributeIs(
  source: AttributeSource | undefined,
  number: number,
  values: readonly unknown[]
): Condition {
  if (source === undefined) return never
  const { attribute, column } = source
  const hasUsual = attribute.usual !== undefined && values.includes(attribute.usual)
  if (column === undefined) return hasUsual ? always : never
  return { kind: 'attribute', attribute: number, values, orNone: hasUsual && !column.isNotNull }
}
