// The shape of a policy literal, for `definePolicy`: every name has a type parameter of its own and is inferred from
// the one place that declares it; all uses of it are `NoInfer`, so that a typo is an error where it stands and never
// a new name. Types only. What they cannot say is checked when the literal is parsed.
import type { InvariantDocument, LintDocument, RoleKind, TemplateParameter } from './types.js'
import type { Effect, OptionValue, OrgPlacement } from '../types.js'
import type { names } from './names.js'

interface ResourceLiteral {
  readonly description?: string
  readonly acl?: boolean
  readonly org?: OrgPlacement
  readonly actions: Readonly<Record<string, string>>
}
/** What the names are inferred from: here the resources, below the values of options, parameters, kinds of roles. */
export type ResourceLiterals = Readonly<Record<string, ResourceLiteral>>
/** No names at all: a record without string keys. An empty type would accept any record. */
export type None = { readonly [names]?: never }
export type OptionValues = Readonly<Record<string, OptionValue>>
export type TemplateParams = Readonly<Record<string, Readonly<Record<string, TemplateParameter>>>>
export type RoleKinds = Readonly<Record<string, RoleKind>>

type Text<T> = keyof T & string
type ActionIn<Resource extends ResourceLiteral> = Text<Resource['actions']>
type AnyAction<Resources extends ResourceLiterals> = {
  [R in keyof Resources]: ActionIn<Resources[R]>
}[keyof Resources]
type Wildcards<Resources extends ResourceLiterals> = `${Text<Resources>}:*`
type PermissionName<Resources extends ResourceLiterals> = {
  [R in Text<Resources>]: `${R}:${ActionIn<Resources[R]>}`
}[Text<Resources>]

type ScopeName<Resources extends ResourceLiterals, Declared extends string> =
  Declared | PermissionName<Resources> | Wildcards<Resources>

/** No key beyond those of `Shape`: inference alone would take a misspelt key for a part of the literal. */
type Exactly<T, Shape> = { readonly [K in Exclude<keyof T, keyof Shape>]: never }

type Actions<Action extends string> = '*' | readonly Action[] | { readonly except: readonly Action[] }
export type PermissionSetOf<Resources extends ResourceLiterals> = {
  // One mapped type and not two joined: a join would be searched anew for every grant.
  readonly [R in keyof Resources | '*']?: Actions<
    R extends keyof Resources ? ActionIn<Resources[R]> : AnyAction<Resources>
  >
}

type EffectsOf<Set> = { readonly [E in Effect]?: Set }
interface SiteGrants<Set> {
  readonly site?: EffectsOf<Set>
  readonly user?: EffectsOf<Set>
}
interface OrgGrants<Set> extends SiteGrants<Set> {
  readonly org?: EffectsOf<Set>
  readonly orgMember?: EffectsOf<Set>
}
type GrantsOf<Kind, Set> = Kind extends 'site' ? SiteGrants<Set> : OrgGrants<Set>

type When<Values> = { readonly [O in keyof Values]?: Values[O] }
interface RoleLiteral<Kind, Set, Setting, Role> {
  readonly kind: Kind
  readonly title?: string
  readonly description?: string
  readonly grants?: GrantsOf<Kind, Set>
  readonly variants?: readonly { readonly when: Setting; readonly grants: GrantsOf<Kind, Set> }[]
  readonly assigns?: readonly (Role | '*' | 'custom:site' | 'custom:org')[]
  readonly assignable?: boolean
}
interface OptionLiteral<Value> {
  readonly values: readonly Value[]
  readonly default?: NoInfer<Value>
  readonly description?: string
}
interface SystemSubjectLiteral<Set, Role> {
  readonly title?: string
  readonly description?: string
  readonly id?: string
  readonly grants?: SiteGrants<Set>
  readonly assigns?: readonly (Role | '*' | 'custom:site' | 'custom:org')[]
}
interface ScopeLiteral<Set, Alias> {
  readonly title?: string
  readonly description?: string
  readonly allow: Set
  readonly aliases?: readonly Alias[]
  readonly public?: boolean
}
type Flags<Params> = { [P in keyof Params]: Params[P] extends 'flag' ? P : never }[keyof Params]
interface TemplateLiteral<Params, Set, Entry> {
  readonly title?: string
  readonly description?: string
  readonly params: Params
  readonly allow: Set
  readonly variants?: readonly {
    readonly when: { readonly [P in NoInfer<Flags<Params>>]?: boolean }
    readonly allow: Set
  }[]
  readonly allowList?: readonly Entry[]
}
interface InvariantLiteral<Permission, Holder, Scope> extends InvariantDocument {
  readonly permissions: readonly (Permission & string)[]
  readonly only?: readonly (Holder & string)[]
  readonly always?: readonly (Holder & string)[]
  readonly scope?: Scope & string
}
interface AssignPermissionsLiteral<Permission> {
  readonly site?: Permission
  readonly org?: Permission
}

/** What `definePolicy` takes. `Set` is the permission set of the resources, resolved once for all roles and scopes. */
export interface PolicyLiteral<
  Resources extends ResourceLiterals,
  Options extends OptionValues,
  OrgOptions extends OptionValues,
  Roles extends RoleKinds,
  System extends string,
  Scope extends string,
  Alias extends string,
  Templates extends TemplateParams,
  Set
> {
  readonly $schema?: string
  readonly name: string
  readonly description?: string
  readonly ids?: 'uuid' | 'string'
  readonly resources: Resources & { readonly [R in keyof Resources]: Exactly<Resources[R], ResourceLiteral> }
  readonly options?: { readonly [O in keyof Options]: OptionLiteral<Options[O]> }
  readonly orgOptions?: { readonly [O in keyof OrgOptions]: OptionLiteral<OrgOptions[O]> }
  readonly roles?: {
    readonly [R in keyof Roles]: RoleLiteral<
      Roles[R],
      NoInfer<Set>,
      When<NoInfer<Options>> & (NoInfer<Roles[R]> extends 'site' ? unknown : When<NoInfer<OrgOptions>>),
      Text<NoInfer<Roles>>
    >
  }
  readonly assignPermissions?: AssignPermissionsLiteral<PermissionName<NoInfer<Resources>>>
  readonly unassignPermissions?: AssignPermissionsLiteral<PermissionName<NoInfer<Resources>>>
  readonly systemSubjects?: {
    readonly [S in System]: SystemSubjectLiteral<NoInfer<Set>, Text<NoInfer<Roles>>>
  }
  readonly scopes?: { readonly [S in Scope]: ScopeLiteral<NoInfer<Set>, Alias> }
  readonly publicScopes?: readonly ScopeName<NoInfer<Resources>, NoInfer<Scope | Alias>>[]
  readonly defaultScopes?: readonly ScopeName<NoInfer<Resources>, NoInfer<Scope | Alias>>[]
  readonly scopeTemplates?: {
    readonly [T in keyof Templates]: TemplateLiteral<
      Templates[T],
      NoInfer<Set>,
      `${Text<NoInfer<Resources>> | '*'}:${string}`
    >
  }
  readonly invariants?: readonly InvariantLiteral<
    PermissionName<NoInfer<Resources>> | Wildcards<NoInfer<Resources>>,
    Text<NoInfer<Roles>> | `system:${NoInfer<System>}`,
    ScopeName<NoInfer<Resources>, NoInfer<Scope | Alias> | Text<NoInfer<Templates>>>
  >[]
  readonly lint?: LintDocument
}
