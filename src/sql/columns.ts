// A mapping after reading: for each field of a resource the column that has it, or none.
import type { CompiledAttribute } from '../compile/attributes.js'
import type { CompiledResource } from '../compile/catalogue.js'
import type { IdKind, TextKind } from './mapping.js'

/** How a column stores what a decision reads. */
export type ColumnKind = IdKind | TextKind | 'boolean' | 'json'

export interface Column<Kind extends ColumnKind = ColumnKind> {
  readonly name: string
  /** The field of a row that has its value. */
  readonly property: string
  readonly kind: Kind
  /** Whether it is never NULL. */
  readonly isNotNull: boolean
}

/** The name of a table, in the schema that it is in if one is given. */
export interface TableName {
  readonly schema: string | undefined
  readonly table: string
}

/** Where the containers of one kind are found. */
export type ContainerSource =
  | { readonly form: 'column'; readonly column: Column<IdKind> }
  | { readonly form: 'array'; readonly column: Column<IdKind>; readonly isChecked: boolean }
  | {
      readonly form: 'join'
      readonly from: TableName
      readonly object: Column<IdKind>
      readonly column: Column<IdKind>
    }

/** Where an attribute is found. */
export interface AttributeSource {
  readonly attribute: CompiledAttribute
  /** None where every row has the default. */
  readonly column: Column<TextKind | 'boolean'> | undefined
  /** Whether the column has no other values than those of the attribute. */
  readonly isChecked: boolean
}

export type AclSource =
  | {
      readonly form: 'table'
      readonly from: TableName
      readonly object: Column<IdKind>
      readonly list: string
      readonly grantee: Column<IdKind>
      readonly action: string
    }
  | {
      readonly form: 'columns'
      readonly users: Column<'json'> | undefined
      readonly groups: Column<'json'> | undefined
      readonly isChecked: boolean
    }

/** Which columns have the fields of a resource; `undefined` where no row has the field. */
export interface Columns {
  readonly resource: CompiledResource
  readonly id: Column<IdKind> | undefined
  readonly owner: Column<IdKind> | undefined
  readonly org: Column<IdKind> | undefined
  /** The names of the containers, by number. */
  readonly kinds: readonly string[]
  /** By the number of a container. */
  readonly containers: readonly (ContainerSource | undefined)[]
  /** In the order of the resource. */
  readonly attributes: readonly AttributeSource[]
  readonly acl: AclSource | undefined
  /** Whether a column can have values that are not of its kind. */
  readonly isLoose: boolean
}

/** Whether the mapping names tables beside the one that is asked about. */
export function hasOtherTables({ acl, containers }: Columns): boolean {
  return acl?.form === 'table' || containers.some((source) => source?.form === 'join')
}

/** Whether texts of this kind can be empty, which is none. */
export function isText(kind: ColumnKind): boolean {
  return kind === 'text' || kind === 'cast'
}
