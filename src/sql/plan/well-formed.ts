// The rows that a decision can be asked about. Of all others `can` throws, and they are left out: one malformed row must
// not make a page fail. The parts of ACLs that are read are checked where they are read.
import { canBeOutside } from '../../levels.js'
import type { Columns } from '../columns.js'
import type { Column } from '../columns.js'
import { attributeIs } from './attributes.js'
import { all, not, type Condition } from './condition.js'

/** A fault of a row, with the code of the error that `can` throws about it. */
export interface RowFault {
  readonly code:
    'missing_org' | 'missing_container' | 'missing_attribute' | 'invalid_attribute' | 'invalid_request'
  /** The field that is wrong. */
  readonly field: string
  /** The rows that have the fault. */
  readonly condition: Condition
  /** Whether every row with it has another fault too: then it is asked for by its own name alone. */
  readonly isCovered?: boolean
}

/** The rows that are well formed. */
export function wellFormed(columns: Columns): Condition {
  const faults = faultsOf(columns).filter(({ isCovered = false }) => !isCovered)
  return all(...faults.map(({ condition }) => not(condition)))
}

/** What can be wrong with a row, apart from its ACL, in the order in which `can` finds it. */
export function faultsOf(columns: Columns): readonly RowFault[] {
  const { resource, org, containers, kinds, attributes } = columns
  const faults = unreadableIn(columns)
  containers.forEach((source, container) => {
    if (source?.form === 'array' && !source.isChecked)
      faults.push({
        code: 'invalid_request',
        field: kinds[container] ?? '',
        condition: not({ kind: 'containerList', container })
      })
  })
  if (!canBeOutside(resource.org) && org !== undefined)
    faults.push({ code: 'missing_org', field: 'org', condition: { kind: 'noOrg' } })
  containers.forEach((source, container) => {
    if (source !== undefined && resource.places[container] === 'required')
      faults.push({
        code: 'missing_container',
        field: kinds[container] ?? '',
        condition: { kind: 'noContainer', container }
      })
  })
  attributes.forEach((source, number) => {
    const { attribute, column, isChecked } = source
    if (column === undefined) return
    const { name: field, values, usual } = attribute
    const given = attributeIs(source, number, values)
    const hasOthers = !isChecked && column.kind !== 'boolean'
    if (usual === undefined && !column.isNotNull) {
      const condition: Condition = { kind: 'attribute', attribute: number, values: [], orNone: true }
      faults.push({ code: 'missing_attribute', field, condition, isCovered: hasOthers })
    }
    if (hasOthers) faults.push({ code: 'invalid_attribute', field, condition: not(given) })
  })
  return faults
}

/** Columns with values that no decision can be given, where the database does not keep them out. */
function unreadableIn({ isLoose, id, owner, org, containers, kinds, attributes, acl }: Columns): RowFault[] {
  if (!isLoose) return []
  const halves = acl?.form === 'columns' ? acl : undefined
  const fields: readonly (readonly [field: string, column: Column | undefined])[] = [
    ['id', id],
    ['owner', owner],
    ['org', org],
    ...containers.map((source, number) => {
      const column = source?.form === 'join' ? undefined : source?.column
      return [kinds[number] ?? '', column] as const
    }),
    ...attributes.map(({ attribute, column }) => [attribute.name, column] as const),
    ['acl.users', halves?.users],
    ['acl.groups', halves?.groups]
  ]
  return fields.flatMap(([field, column]): RowFault[] =>
    column === undefined
      ? []
      : [{ code: 'invalid_request', field, condition: not({ kind: 'readable', column }) }]
  )
}

/** What can be wrong with an ACL in columns; `can` finds it only where it reads the entry. */
export function aclFaultsOf({ acl, isLoose }: Columns): readonly RowFault[] {
  if (acl?.form !== 'columns' || isLoose) return []
  return (['users', 'groups'] as const).flatMap((list) =>
    acl[list] === undefined
      ? []
      : [
          {
            code: 'invalid_request' as const,
            field: `acl.${list}`,
            condition: not({ kind: 'aclColumn', list })
          }
        ]
  )
}
