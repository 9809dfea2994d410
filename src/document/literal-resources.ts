// The shape of the resources of a policy literal, and of the permission sets that name their actions. Types only; see
// `literal.ts`.
import type { AttributeValue, OrgPlacement } from '../types.js'
import type { names } from './names.js'

/** No names at all: a record without string keys. An empty type would accept any record. */
export type None = { readonly [names]?: never }
interface AttributeLiteral<Value> {
  /** Every value that it can have: 2 to 16 texts, or `true` and `false`. */
  readonly values: readonly Value[]
  /** The value of an object that has none. Without it an object must have one. */
  readonly default?: Value
  /** What it says, for people. */
  readonly description?: string
}
interface AclLiteral<Action extends string> {
  /** Names for sets of actions, which entries may name in place of actions. */
  readonly levels?: Readonly<Record<string, Actions<Action>>>
  /** Whether an entry for a user counts only if the user belongs to the object's organization. Default: `false`. */
  readonly members?: boolean
  /** An action that roles must allow on the same object for any entry to count. */
  readonly requires?: Action
  /** Whether an entry beats the deny of a role. Default: `true`. */
  readonly overridesDeny?: boolean
}
interface ResourceLiteral<Action extends string, Attributes, Containers extends string> {
  /** What it is, for people. */
  readonly description?: string
  /** Whether its objects may carry an ACL, and how it counts. Default: `false`. */
  readonly acl?: boolean | AclLiteral<Action>
  /**
   * Whether its objects belong to an organization: they may (`'optional'`, the default), must (`'required'`) or
   * cannot (`'never'`).
   */
  readonly org?: OrgPlacement
  /** By container, whether its objects are in one. Default: `'never'`. */
  readonly in?: None & { readonly [C in Containers]?: OrgPlacement }
  /** Facts about its objects that grants may ask for, each with a few values. */
  readonly attributes?: { readonly [A in keyof Attributes]: AttributeLiteral<ValueOf<Attributes[A]>> }
  /** From action to its description. */
  readonly actions: Readonly<Record<string, string>>
  /** From action to the actions that an allow of it allows too. */
  readonly implies?: { readonly [A in Action]?: readonly Action[] }
}
type ValueOf<Attribute> = Attribute extends { readonly values: readonly (infer Value)[] } ? Value : never
type AttributesOf<Resource> = Resource extends { readonly attributes: infer A } ? A : None
/** The type that the names of resources, actions, attributes and levels are inferred from. */
export type ResourceLiterals = Readonly<
  Record<
    string,
    Omit<ResourceLiteral<string, None, string>, 'attributes' | 'in'> & {
      readonly attributes?: AttributeLiterals
      readonly in?: Placements
    }
  >
>
export type AttributeLiterals = Readonly<Record<string, AttributeLiteral<AttributeValue>>>
export type Placements = Readonly<Record<string, OrgPlacement>>
/**
 * What resources may say, with their own actions and attributes. Names are inferred from the branch that is not taken:
 * an intersection with what was inferred would call a wrong name `never`.
 */
export type CheckedResources<Resources, Containers extends string> = Resources extends ResourceLiterals
  ? {
      readonly [R in keyof Resources]: ResourceLiteral<
        keyof Resources[R]['actions'] & string,
        AttributesOf<Resources[R]>,
        Containers
      >
    }
  : Resources
type AnyAction<Resources extends ResourceLiterals> = {
  [R in keyof Resources]: keyof Resources[R]['actions'] & string
}[keyof Resources]
export type Actions<Action extends string> = '*' | readonly Action[] | AllActionsBut<Action>
interface AllActionsBut<Action> {
  /** All actions of the resource but these. */
  readonly except: readonly Action[]
}
interface SomeActions<Action, Where> {
  /** All actions of the resource, or a list. */
  readonly actions: '*' | readonly Action[]
  /** Only for objects with these attributes: a value or several for each. */
  readonly where: Where
}
interface AllActionsButWhere<Action, Where> extends AllActionsBut<Action> {
  /** Only for objects with these attributes: a value or several for each. */
  readonly where?: Where
}
/** The same for a resource with attributes. */
type ActionsWhere<Action extends string, Where> =
  | '*'
  | readonly (Action | SomeActions<Action, Where>)[]
  | SomeActions<Action, Where>
  | AllActionsButWhere<Action, Where>
type ValuesOf<Attributes> = { readonly [A in keyof Attributes]: ValueOf<Attributes[A]> }
type WhereOf<Values> = { readonly [A in keyof Values]?: Values[A] | readonly Values[A][] }
export type PermissionSetOf<Resources extends ResourceLiterals> = {
  // One mapped type, not an intersection of two: the compiler would search an intersection again for every grant.
  readonly [R in keyof Resources | '*']?: R extends keyof Resources
    ? // No named type here: a compiler message would show the name in place of the actions.
      Resources[R] extends { readonly attributes: infer Attributes }
      ? ActionsWhere<keyof Resources[R]['actions'] & string, WhereOf<ValuesOf<Attributes>>>
      : Actions<keyof Resources[R]['actions'] & string>
    : Actions<AnyAction<Resources>>
}
