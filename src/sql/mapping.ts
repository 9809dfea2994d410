// The mapping of a resource to a table as users write it: every field of the resource is named, or is `null`. A field
// that is forgotten does not compile: without its `org`, every row would be one of no organization. Nothing here runs.
import type { Names, ResourceNames } from '../document/index.js'
import type { OrgPlacement } from '../types.js'

/**
 * How a column stores ids: it decides which ids the column can hold, and the type of the parameter. `cast` compares
 * the column's text byte by byte: for `citext`, enums, domains and collations in which two different texts are equal.
 * The text of such a column is what `column::text` gives, and rows have to be selected with that text.
 */
export type IdKind = 'text' | 'uuid' | 'int4' | 'int8' | 'cast'

/** How a column stores the values of an attribute that are texts. */
export type TextKind = 'text' | 'enum' | 'cast'

interface ColumnBase {
  /** The column's name, as it is: dots and quotes are parts of it. */
  readonly column: string
  /** The name of the field in the rows that `toObject` gets, where it is another one. */
  readonly property?: string
  /** Whether the column is declared NOT NULL: then nothing is asked about NULL. A text may still be empty. */
  readonly notNull?: boolean
}

/** A column with ids. */
export interface IdColumn extends ColumnBase {
  /** `text` if it is not given. */
  readonly as?: IdKind
}

/** A column with a list of ids. */
export interface IdArrayColumn extends ColumnBase {
  /** The kind of its elements; `text` if it is not given. */
  readonly as?: Exclude<IdKind, 'cast'>
  /** It has a list. */
  readonly array: true
  /** Whether a constraint keeps NULL, the empty text and lists of lists out of it: then nothing is asked about them. */
  readonly checked?: boolean
}

/** Another table with a row for each object and container. Rows with NULL or an empty text there count for nothing. */
export interface JoinTable {
  /** Its name, as it is. */
  readonly table: string
  /** The schema that it is in, where the connection does not find it by its name alone. */
  readonly schema?: string
  /** The column with the id of the object; of the same kind as the column of `id`. */
  readonly object: string
  /** The column with the id of the container. */
  readonly column: string
  /** The kind of that column; `text` if it is not given. */
  readonly as?: IdKind
}

/** ACLs as rows of another table, one for each object, grantee and action or level. */
export interface AclTable {
  /** Its name, as it is. */
  readonly table: string
  /** The schema that it is in, where the connection does not find it by its name alone. */
  readonly schema?: string
  /** The column with the id of the object; of the same kind as the column of `id`. */
  readonly object: string
  /** The column that says whom a row names: `user`, or `group` for a group or everyone in an organization. */
  readonly list: string
  /** The column with the id of the user, the name of the group, or the id of the organization. */
  readonly grantee: string
  /** The kind of that column; `text` if it is not given. */
  readonly granteeAs?: IdKind
  /** The column with an action, a level, or `*`; a text. */
  readonly action: string
}

/** ACLs as one or two jsonb columns, each a record from ids to lists of actions. */
export interface AclColumns {
  /** The column with entries for users; `null` where there are none. */
  readonly users: string | null
  /** The column with entries for groups and organizations; `null` where there are none. */
  readonly groups: string | null
  /**
   * Whether the CHECK that the table's `checks` gives is on the table: then nothing is asked about malformed entries.
   */
  readonly checked?: boolean
}

/** A column with one of the values of an attribute. */
export interface AttributeColumn<Kind extends string = TextKind | 'boolean'> extends ColumnBase {
  /** `text` if it is not given, and `boolean` for an attribute that is true or false. */
  readonly as?: Kind
  /** Whether a constraint or an enum keeps other values out of it: then nothing is asked about them. */
  readonly checked?: boolean
}

/** A column by its name alone, or with more about it. */
export type IdMapping = string | IdColumn

/** Where the containers of an object are found. */
export type ContainerMapping = string | IdColumn | IdArrayColumn | JoinTable

/** Where an ACL is found. */
export type AclMapping = AclTable | AclColumns

type Placed<Placement extends OrgPlacement, Given> = [Placement] extends ['required'] ? Given : Given | null

type AttributeOf<Value, HasDefault> =
  | string
  | AttributeColumn<[Value] extends [boolean] ? 'boolean' : TextKind>
  | ([HasDefault] extends [true] ? null : never)

type OrgField<Placement extends OrgPlacement> = [Placement] extends ['never']
  ? { readonly org?: null }
  : { readonly org: Placed<Placement, IdMapping> }

type InFields<In extends ResourceNames['in']> = {
  readonly [C in keyof In as [In[C]] extends ['never'] ? never : C]: Placed<In[C], ContainerMapping>
}

type AttributeFields<Values extends ResourceNames['attributes'], Defaults extends string> = {
  readonly [A in keyof Values]: AttributeOf<Values[A], A extends Defaults ? true : false>
}

type AclField<HasAcl extends boolean> = [HasAcl] extends [false]
  ? { readonly acl?: null }
  : { readonly acl: AclMapping | null }

interface AlwaysFields {
  /** The column of the id; without one (`null`) allow lists match rows by `*` alone. */
  readonly id: IdMapping | null
  /** The column of the owner; without one (`null`) every row is nobody's. */
  readonly owner: IdMapping | null
}

/** Of a policy that knows no names: any containers and attributes, each checked when the table is defined. */
export interface PlainMapping extends AlwaysFields {
  /** The column of the organization; `null` where no row is in one. */
  readonly org?: IdMapping | null
  /** Where the ACLs are; `null` where no row has one. */
  readonly acl?: AclMapping | null
  readonly [containerOrAttribute: string]:
    IdMapping | ContainerMapping | AclMapping | AttributeColumn | null | undefined
}

type MappingNamed<N extends ResourceNames> = AlwaysFields &
  OrgField<N['org']> &
  InFields<N['in']> &
  AttributeFields<N['attributes'], N['defaults']> &
  AclField<N['acl']>

/**
 * Which columns have the fields of a resource. Every field is named, or is `null`: `id`, `owner`, `org` unless its
 * objects are in no organization, every container that its objects may be in, every attribute, and `acl` where it has
 * one. What an object must have cannot be `null`.
 */
export type TableMapping<N extends Names, R extends string> = string extends keyof N['resources']
  ? PlainMapping
  : R extends keyof N['resources']
    ? MappingNamed<N['resources'][R]>
    : never
