// The names of a policy as types, inferred from its literal, and the types of its objects, subjects and scopes. Clever
// types live here and in `literal.ts` only. Nothing runs but `definePolicy`.
import type {
  Acl,
  AttributeValue,
  CeilingInput,
  ObjectRef,
  OrgOptions,
  RoleHeld,
  TemplateScope,
  OrgPlacement
} from '../types.js'
import type { OptionValues, PolicyLiteral, RoleKinds, TemplateParams } from './literal.js'
import type {
  AttributeLiterals,
  None,
  PermissionSetOf,
  Placements,
  ResourceLiterals
} from './literal-resources.js'
import { parsePolicy } from './parse.js'
import type { PolicyData, TemplateParameter } from './types.js'
import type { ResourceNames, Names, PolicyDocument, NamesOf } from './names.js'

/** The keys that are texts. Written so that a compiler message shows the keys and not this type. */
type KeyIn<T> = { readonly [K in keyof T & string]: K }[keyof T & string]
type IsPlain<N extends Names> = string extends keyof N['resources'] ? true : false

/** Resource names. */
export type ResourceOf<P> = KeyIn<NamesOf<P>['resources']>
/** The actions of resource `R`; of all of them without `R`. */
export type ActionOf<P, R extends ResourceOf<P> = ResourceOf<P>> = NamesOf<P>['resources'][R]['actions']
/** `resource:action` of the catalogue. */
export type PermissionOf<P> = { [R in ResourceOf<P>]: `${R}:${ActionOf<P, R>}` }[ResourceOf<P>]
/** The names of the site roles. */
export type SiteRoleOf<P> = NamesOf<P>['siteRoles']
/** The names of the organization roles. */
export type OrgRoleOf<P> = NamesOf<P>['orgRoles']
/** The names of the containers. */
export type ContainerOf<P> = NamesOf<P>['containers']
/** The names of the roles that are held in containers; of those held in container `C`. */
export type ContainerRoleOf<P, C extends ContainerOf<P> = ContainerOf<P>> = RolesIn<
  NamesOf<P>['containerRoles'],
  C
>
/** Custom roles may have any name. */
type RolesIn<Roles, C extends string> = string extends keyof Roles
  ? string
  : { readonly [R in keyof Roles & string]: Roles[R] extends C ? R : never }[keyof Roles & string]
/** The names of all roles. */
export type RoleOf<P> = SiteRoleOf<P> | OrgRoleOf<P> | ContainerRoleOf<P>
/** The names of the system subjects. */
export type SystemSubjectOf<P> = NamesOf<P>['systemSubjects']
/** Declared scopes, their aliases, every `resource:action` and `resource:*`. */
export type ScopeOf<P> = NamesOf<P>['scopes'] | PermissionOf<P> | `${ResourceOf<P>}:*`
/** The names of the scope templates. */
export type TemplateOf<P> = KeyIn<NamesOf<P>['templates']>
/** Values for deployment options, as `compile` takes them. */
export type OptionsOf<P> =
  IsPlain<NamesOf<P>> extends true ? OrgOptions[string] : OptionValuesOf<NamesOf<P>['options']>
/** Values for one organization's options, as a subject takes them. */
export type OrgOptionsOf<P> =
  IsPlain<NamesOf<P>> extends true ? OrgOptions[string] : OptionValuesOf<NamesOf<P>['orgOptions']>
type OptionValuesOf<Options> = [keyof Options] extends [never]
  ? None
  : { readonly [O in keyof Options]?: Options[O] }
/** The same as a setting, where `undefined` counts as not given. */
export type OptionSettings<Options> = [keyof Options] extends [never]
  ? None
  : { readonly [O in keyof Options]?: Options[O] | undefined }

type Having<Params, Kind extends TemplateParameter> = {
  [K in keyof Params]: Params[K] extends Kind ? K : never
}[keyof Params]

/** The parameters of template `T`: ids, and booleans for its flags. */
export type TemplateParamsOf<P, T extends TemplateOf<P> = TemplateOf<P>> =
  IsPlain<NamesOf<P>> extends true ? TemplateScope['params'] : ParamsOf<NamesOf<P>['templates'][T]>
type ParamsOf<Params> = {
  readonly [K in Having<Params, 'required'>]: string
} & {
  readonly [K in Having<Params, 'optional'>]?: string | undefined
} & {
  readonly [K in Having<Params, 'flag'>]?: boolean | undefined
}

/** An instance of one of the policy's scope templates. */
export type TemplateScopeOf<P> =
  IsPlain<NamesOf<P>> extends true
    ? TemplateScope
    : {
        [T in TemplateOf<P>]: { readonly template: T; readonly params: TemplateParamsOf<P, T> }
      }[TemplateOf<P>]

/**
 * A role as a subject holds it: a site role by its name, an organization role with its organization, a role of a
 * container with that: `{ role: 'maintainer', project: 'p1' }`.
 */
export type RoleHeldOf<P> =
  IsPlain<NamesOf<P>> extends true
    ? RoleHeld
    : | SiteRoleOf<P>
      | { readonly role: SiteRoleOf<P>; readonly org?: null | undefined }
      | { readonly role: OrgRoleOf<P>; readonly org: string }
      | HeldIn<NamesOf<P>['containerRoles'], ContainerOf<P>>
type HeldIn<Roles, Containers extends string> = {
  [C in Containers]: { readonly role: RolesIn<Roles, C>; readonly org?: null | undefined } & {
    readonly [K in C]: string
  }
}[Containers]

/** A subject of this policy, as `policy.subject` takes it. */
export interface SubjectInputOf<P> extends CeilingInput<ScopeOf<P> | TemplateScopeOf<P>> {
  /** Who it is, as objects name their owner. Never empty. */
  readonly id: string
  /** The roles held. Without it: none, and then only ACLs allow anything. */
  readonly roles?: readonly RoleHeldOf<P>[] | undefined
  /** The groups that ACL entries may name. */
  readonly groups?: readonly string[] | undefined
  /** Settings by organization. */
  readonly orgOptions?: Readonly<Record<string, OrgOptionsOf<P>>> | undefined
}

/**
 * An object of resource `R`, with an organization, containers, attributes, an ACL and the like only where the resource
 * has them. A required container and an attribute without default must be given.
 */
export type ObjectOf<P, R extends ResourceOf<P> = ResourceOf<P>> =
  IsPlain<NamesOf<P>> extends true
    ? PlainObject<R>
    : R extends unknown
      ? ObjectNamed<R, NamesOf<P>['resources'][R], NamesOf<P>['containers']>
      : never

/** Of a policy that knows no names: with any containers and attributes, and also of a type that states none. */
type PlainObject<R> =
  | (ObjectRef & { readonly type: R })
  | (ObjectRef & { readonly type: R; readonly [containerOrAttribute: string]: unknown })

type ObjectNamed<R extends string, N extends ResourceNames, Containers extends string> = ObjectFields<
  R,
  N['acl'] extends false ? never : Acl<N['actions'] | N['levels']>
> &
  PlacementOf<N['org']> &
  ContainersOf<N['in'], Containers> &
  AttributesOf<N['attributes'], N['defaults']>

interface ObjectFields<R extends string, A extends Acl> extends Pick<ObjectRef, 'id' | 'owner'> {
  readonly type: R
  readonly acl?: A | null | undefined
}

/** An id or several: an object can be in several containers of one kind. */
type Ids = string | readonly string[]
type Placed<In, Placement extends OrgPlacement> = {
  [C in keyof In & string]: In[C] extends Placement ? C : never
}[keyof In & string]
type ContainersOf<In, Containers extends string> = {
  readonly [C in Placed<In, 'required'>]: Ids
} & {
  readonly [C in Placed<In, 'optional'>]?: Ids | null | undefined
} & {
  readonly [C in Exclude<Containers, Placed<In, 'required' | 'optional'>>]?: NoContainer | null | undefined
}
type AttributesOf<Attributes, Defaults> = {
  readonly [A in Exclude<keyof Attributes & string, Defaults>]: Attributes[A]
} & {
  readonly [A in keyof Attributes & Defaults]?: Attributes[A] | null | undefined
}

declare const nowhere: unique symbol
/** A string that no container has; see `NoOrganization`. */
type NoContainer = string & { readonly [nowhere]: never }
/** A string that no organization has. If `org` took only `null`, editors would not offer types that need an `org`. */
type NoOrganization = string & { readonly [nowhere]: never }
interface InNoOrg {
  readonly org?: NoOrganization | null | undefined
  readonly anyOrg?: false | null | undefined
}
interface InAnyOrg {
  readonly org?: NoOrganization | null | undefined
  readonly anyOrg: true
}
interface InOrg {
  readonly org: string
  readonly anyOrg?: false | null | undefined
}
/** One shape for both, so that a row with `org: string | null` fits. */
interface InOrgOrNot {
  readonly org?: string | null | undefined
  readonly anyOrg?: false | null | undefined
}
type PlacementOf<O extends OrgPlacement> = O extends 'required'
  ? InOrg | InAnyOrg
  : O extends 'never'
    ? InNoOrg
    : InOrgOrNot | InAnyOrg

/**
 * A policy written in TypeScript: what `parsePolicy` returns, with every name as a literal type. A wrong name does
 * not compile; what types cannot check throws a `PolicyError` with every problem in it.
 */
export function definePolicy<
  const Resources extends ResourceLiterals,
  const Containers extends string = never,
  const Options extends OptionValues = None,
  const OrgOptions extends OptionValues = None,
  const Roles extends RoleKinds<Containers> = None,
  const System extends string = never,
  const Scope extends string = never,
  const Alias extends string = never,
  const Templates extends TemplateParams = None,
  Set = PermissionSetOf<Resources>,
  const Exact extends never = never
>(
  policy: PolicyLiteral<
    Resources,
    Containers,
    Options,
    OrgOptions,
    Roles,
    System,
    Scope,
    Alias,
    Templates,
    Set,
    Exact
  >
  // Written out here: the compiler then writes plain names into a user's declarations, and not a type that they cannot
  // import. The keys of `None` are left out.
): PolicyDocument<{
  readonly resources: {
    readonly [R in keyof Resources]: {
      readonly actions: keyof Resources[R]['actions'] & string
      readonly org: Resources[R] extends { readonly org: infer O extends OrgPlacement } ? O : 'optional'
      readonly in: Resources[R] extends { readonly in: infer I extends Placements }
        ? { readonly [C in keyof I & string]: I[C] }
        : { readonly [C in never]: OrgPlacement }
      readonly attributes: Resources[R] extends { readonly attributes: infer A extends AttributeLiterals }
        ? { readonly [K in keyof A & string]: A[K]['values'][number] }
        : { readonly [K in never]: AttributeValue }
      readonly defaults: Resources[R] extends { readonly attributes: infer A }
        ? {
            [K in keyof A & string]: A[K] extends { readonly default: AttributeValue } ? K : never
          }[keyof A & string]
        : never
      readonly acl: Resources[R] extends { readonly acl: infer A } ? (A extends boolean ? A : true) : false
      readonly levels: Resources[R] extends { readonly acl: { readonly levels: infer L } }
        ? keyof L & string
        : never
    }
  }
  readonly containers: Containers
  readonly siteRoles: { [R in keyof Roles & string]: Roles[R] extends 'site' ? R : never }[keyof Roles &
    string]
  readonly orgRoles: { [R in keyof Roles & string]: Roles[R] extends 'org' ? R : never }[keyof Roles & string]
  readonly containerRoles: {
    readonly [R in keyof Roles & string as Roles[R] extends 'site' | 'org' ? never : R]: Roles[R]
  }
  readonly scopes: Scope | Alias
  readonly templates: { readonly [T in keyof Templates & string]: Templates[T] }
  readonly systemSubjects: System
  readonly options: { readonly [O in keyof Options & string]: Options[O] }
  readonly orgOptions: { readonly [O in keyof OrgOptions & string]: OrgOptions[O] }
}> {
  // The names exist as types only, and only the signature states them: `PolicyData` has none.
  const document: PolicyData = parsePolicy(policy)
  return document
}
