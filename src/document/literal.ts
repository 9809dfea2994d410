// The shape of a policy literal, for `definePolicy`. Every name has its own type parameter and is inferred from the one
// place that declares it; all uses are `NoInfer`, so that a typo is an error where it is and not a new name. Types
// only. What types cannot check is checked when the literal is parsed.
import type { InvariantDocument, LintDocument, TemplateParameter } from './types.js'
import type { OptionValue } from '../types.js'
import type { CheckedResources, ResourceLiterals } from './literal-resources.js'

/** The types that names are inferred from: option values, parameters, kinds of roles. */
export type OptionValues = Readonly<Record<string, OptionValue>>
export type TemplateParams = Readonly<Record<string, Readonly<Record<string, TemplateParameter>>>>
export type RoleKinds<Containers extends string> = Readonly<Record<string, 'site' | 'org' | Containers>>

type Text<T> = keyof T & string
type Wildcards<Resources extends ResourceLiterals> = `${Text<Resources>}:*`
type PermissionName<Resources extends ResourceLiterals> = {
  [R in Text<Resources>]: `${R}:${Text<Resources[R]['actions']>}`
}[Text<Resources>]

interface EffectsOf<Set> {
  /**
   * From resource to actions: `*`, a list, or `{ except: [...] }`; with `where` for objects with certain attributes.
   * `*` stands for every resource without its own key.
   */
  readonly allow?: Set
  /** Like `allow`, but the key `*` adds to the keys of their own. Within a level a deny beats every allow. */
  readonly deny?: Set
}
interface SiteGrants<Set> {
  /** Every object. */
  readonly site?: EffectsOf<Set>
  /** Objects that the subject owns and that belong to no organization and no container. */
  readonly user?: EffectsOf<Set>
}
interface OrgGrants<Set> extends SiteGrants<Set> {
  /** Objects of the organization in which the role is held. */
  readonly org?: EffectsOf<Set>
  /** Objects of that organization that the subject owns. */
  readonly orgMember?: EffectsOf<Set>
}
/** For a container `project`: objects in it, and those of them that the subject owns. */
type ContainerGrants<Kind extends string, Set> = {
  readonly [Level in Kind | `${Kind}Member`]?: EffectsOf<Set>
}
type GrantsOf<Kind, Set> = Kind extends 'site'
  ? SiteGrants<Set>
  : Kind extends 'org'
    ? OrgGrants<Set>
    : ContainerGrants<Kind & string, Set>

/** The names of the roles of each kind. */
type RolesByKind<Roles, Kind extends string> = {
  readonly [K in Kind]: { readonly [R in keyof Roles]: Roles[R] extends K ? R : never }[keyof Roles]
}
type Assignable<Role, Containers extends string> = Role | '*' | `custom:${'site' | 'org' | Containers}`

type When<Values> = { readonly [O in keyof Values]?: Values[O] }
interface RoleLiteral<Kind, Set, Setting, Included, Assigned> {
  /** Held everywhere (`'site'`), in one organization (`'org'`), or in one container, by the container's name. */
  readonly kind: Kind
  /** A short name for people. */
  readonly title?: string
  /** What it is for, for people. */
  readonly description?: string
  /** Roles of the same kind: it grants and denies whatever they do. */
  readonly includes?: readonly Included[]
  /** What the role allows and denies, by level. */
  readonly grants?: GrantsOf<Kind, Set>
  /** Applied in order where all of `when` holds: the keys they name replace the keys of that level and effect. */
  readonly variants?: readonly {
    /** The options that must have these values; none means always. */
    readonly when: Setting
    /** What replaces the role's own grants there, key by key. */
    readonly grants: GrantsOf<Kind, Set>
  }[]
  /** Roles that its holder may assign: names, `*`, `custom:site`, `custom:org`, `custom:` and a container. */
  readonly assigns?: readonly Assigned[]
  /** Whether subjects can assign it; with `false` only code gives it. Default: `true`. */
  readonly assignable?: boolean
}
interface OptionLiteral<Value> {
  /** Every value that it can have. */
  readonly values: readonly Value[]
  /** The value where none is given. An option without one must be given where a role reads it. */
  readonly default?: NoInfer<Value>
  /** What it changes, for people. */
  readonly description?: string
}
interface SystemSubjectLiteral<Set, Assigned> {
  /** A short name for people. */
  readonly title?: string
  /** What it does, for people. */
  readonly description?: string
  /** Its subject id, for objects that it owns and ACL entries that name it. Without one it owns nothing. */
  readonly id?: string
  /** What it allows and denies: at `site`, and at `user` where it has an id. */
  readonly grants?: SiteGrants<Set>
  /** Roles that it may assign: names, `*`, `custom:site`, `custom:org`, `custom:` and a container. */
  readonly assigns?: readonly Assigned[]
}
interface ScopeLiteral<Set, Alias> {
  /** A short name for people. */
  readonly title?: string
  /** What it lets through, for people. */
  readonly description?: string
  /**
   * From resource to actions: `*`, a list, or `{ except: [...] }`; with `where` for objects with certain attributes. The
   * key `*` stands for every resource without a key of its own.
   */
  readonly allow: Set
  /** Further names for it. */
  readonly aliases?: readonly Alias[]
  /** Whether a user may ask for it. Default: `false`. */
  readonly public?: boolean
}
type Flags<Params> = { [P in keyof Params]: Params[P] extends 'flag' ? P : never }[keyof Params]
interface TemplateLiteral<Params, Set, Entry> {
  /** A short name for people. */
  readonly title?: string
  /** What its instances let through, for people. */
  readonly description?: string
  /** From parameter to its kind: an id that is `'required'` or `'optional'`, or a `'flag'`. */
  readonly params: Params
  /**
   * From resource to actions: `*`, a list, or `{ except: [...] }`; with `where` for objects with certain attributes. The
   * key `*` stands for every resource without a key of its own.
   */
  readonly allow: Set
  /** Applied in order where the flags in `when` have these values: the keys they name replace those of `allow`. */
  readonly variants?: readonly {
    /** The flags that must have these values; one that is not given is `false`. */
    readonly when: { readonly [P in NoInfer<Flags<Params>>]?: boolean }
    /** What replaces the template's own `allow` there, key by key. */
    readonly allow: Set
  }[]
  /** Entries `type:id`, `type:*` or `type:{parameter}`; one whose optional parameter is not given is left out. */
  readonly allowList?: readonly Entry[]
}
type InvariantLiteral<Permission, Role, Holder, Scope> =
  | PermissionInvariantLiteral<Permission, Holder, Scope>
  | AssignInvariantLiteral<Role, Holder>
  | LadderInvariantLiteral<Role>
interface PermissionInvariantLiteral<Permission, Holder, Scope> extends InvariantDocument {
  readonly permissions: readonly (Permission & string)[]
  readonly only?: readonly (Holder & string)[]
  readonly always?: readonly (Holder & string)[]
  readonly scope?: Scope & string
  readonly assigns?: undefined
  readonly ladder?: undefined
}
interface PlainInvariantLiteral extends InvariantDocument {
  readonly permissions?: undefined
  readonly always?: undefined
  readonly relation?: undefined
  readonly scope?: undefined
  readonly acl?: undefined
}
interface AssignInvariantLiteral<Role, Holder> extends PlainInvariantLiteral {
  readonly assigns: readonly (Role & string)[]
  readonly only: readonly (Holder & string)[]
  readonly ladder?: undefined
}
interface LadderInvariantLiteral<Role> extends PlainInvariantLiteral {
  readonly ladder: readonly (Role & string)[]
  readonly only?: undefined
  readonly assigns?: undefined
}
interface ContainerLiteral<Name> {
  /** The field of an object, the kind of its roles and the level of their grants. */
  readonly name: Name
  /** What it is for, for people. */
  readonly description?: string
}
type AssignPermissionsLiteral<Permission, Containers extends string> = AssignPermissionsOf<Permission> & {
  readonly [C in Containers]?: Permission
}
interface AssignPermissionsOf<Permission> {
  /** For site roles: `resource:action`. */
  readonly site?: Permission
  /** For organization roles, in that organization: `resource:action`. */
  readonly org?: Permission
}

/**
 * What `definePolicy` takes. `Set` is the permission set of the resources, resolved once for all roles and scopes.
 * `Exact` is `never`: as a `const` parameter it makes the compiler infer the resources as they are written.
 */
export interface PolicyLiteral<
  Resources extends ResourceLiterals,
  Containers extends string,
  Options extends OptionValues,
  OrgOptions extends OptionValues,
  Roles extends RoleKinds<Containers>,
  System extends string,
  Scope extends string,
  Alias extends string,
  Templates extends TemplateParams,
  Set,
  Exact
> {
  /** Where editors find the JSON Schema of a policy. It decides nothing. */
  readonly $schema?: string
  /** The policy's name. */
  readonly name: string
  /** What the policy is about, for people. */
  readonly description?: string
  /** How ids in allow lists are checked. Default: `'string'`, any text. */
  readonly ids?: 'uuid' | 'string'
  /** Places for roles besides organizations, at most three: projects, teams, folders. Their levels are asked in this order. */
  readonly containers?: readonly ContainerLiteral<Containers>[]
  /**
   * The resources: from name to actions, and where the objects can be. Names match
   * `^[A-Za-z][A-Za-z0-9_-]*([./][A-Za-z0-9_-]+)*$`.
   */
  readonly resources: CheckedResources<Resources, NoInfer<Containers>> | Exact
  /** Settings of a deployment, fixed when the policy is compiled; roles read them in `variants`. */
  readonly options?: { readonly [O in keyof Options]: OptionLiteral<Options[O]> }
  /** Settings of one organization, given with the subject; organization roles read them in `variants`. */
  readonly orgOptions?: { readonly [O in keyof OrgOptions]: OptionLiteral<OrgOptions[O]> }
  /** Who may do what: from name to grants. Without a grant nothing is allowed. */
  readonly roles?: {
    readonly [R in keyof Roles]: RoleLiteral<
      Roles[R],
      NoInfer<Set>,
      When<NoInfer<Options>> &
        (NoInfer<Roles[R]> extends 'site' | NoInfer<Containers> ? unknown : When<NoInfer<OrgOptions>>),
      RolesByKind<NoInfer<Roles>, 'site' | 'org' | NoInfer<Containers>>[NoInfer<Roles[R]>],
      Assignable<Text<NoInfer<Roles>>, NoInfer<Containers>>
    >
  }
  /** The permission that a subject needs, besides `assigns`, to give a role of each kind. */
  readonly assignPermissions?: AssignPermissionsLiteral<
    PermissionName<NoInfer<Resources>>,
    NoInfer<Containers>
  >
  /** The permission that a subject needs, besides `assigns`, to take a role of each kind away. */
  readonly unassignPermissions?: AssignPermissionsLiteral<
    PermissionName<NoInfer<Resources>>,
    NoInfer<Containers>
  >
  /** Services of the application itself, with grants of their own: `policy.systemSubject(name)`. */
  readonly systemSubjects?: {
    readonly [S in System]: SystemSubjectLiteral<
      NoInfer<Set>,
      Assignable<Text<NoInfer<Roles>>, NoInfer<Containers>>
    >
  }
  /**
   * Ceilings for API keys, which only narrow. `resource:action` and `resource:*` are scopes without being
   * declared.
   */
  readonly scopes?: { readonly [S in Scope]: ScopeLiteral<NoInfer<Set>, Alias> }
  /** Scopes that a user may ask for, most often `resource:action` and `resource:*`. */
  readonly publicScopes?: readonly (
    NoInfer<Scope | Alias> | PermissionName<NoInfer<Resources>> | Wildcards<NoInfer<Resources>>
  )[]
  /** What a token request without scopes means. Without it, a token request names its scopes. */
  readonly defaultScopes?: readonly (
    NoInfer<Scope | Alias> | PermissionName<NoInfer<Resources>> | Wildcards<NoInfer<Resources>>
  )[]
  /** Scopes with parameters, for keys that reach single objects: `policy.scopes.template(name, params)`. */
  readonly scopeTemplates?: {
    readonly [T in keyof Templates]: TemplateLiteral<
      Templates[T],
      NoInfer<Set>,
      `${Text<NoInfer<Resources>> | '*'}:${string}`
    >
  }
  /** Statements that `casemate test` proves for every subject and object. */
  readonly invariants?: readonly InvariantLiteral<
    PermissionName<NoInfer<Resources>> | Wildcards<NoInfer<Resources>>,
    Text<NoInfer<Roles>>,
    Text<NoInfer<Roles>> | `system:${NoInfer<System>}`,
    | NoInfer<Scope | Alias>
    | Text<NoInfer<Templates>>
    | PermissionName<NoInfer<Resources>>
    | Wildcards<NoInfer<Resources>>
  >[]
  /** Findings of `casemate lint` that are meant to be there, each with its reason. */
  readonly lint?: LintDocument
}
