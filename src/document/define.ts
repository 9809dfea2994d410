// The names of a policy as types, inferred from its literal, and the types of its objects, subjects and scopes. Clever
// types live here and in `literal.ts` only. Nothing runs but `definePolicy`.
import type {
  Acl,
  CeilingInput,
  Level,
  ObjectRef,
  OrgOptions,
  RoleHeld,
  TemplateScope,
  OrgPlacement
} from '../types.js'
import type {
  None,
  OptionValues,
  PermissionSetOf,
  PolicyLiteral,
  ResourceLiterals,
  RoleKinds,
  TemplateParams
} from './literal.js'
import { parsePolicy } from './parse.js'
import type {
  ActionList,
  PermissionSet,
  PolicyData,
  RoleDocument,
  RoleVariant,
  TemplateParameter
} from './types.js'
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
/** The names of all roles. */
export type RoleOf<P> = SiteRoleOf<P> | OrgRoleOf<P>
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

/** A role as a subject holds it: a site role by its name, an organization role with its organization. */
export type RoleHeldOf<P> =
  IsPlain<NamesOf<P>> extends true
    ? RoleHeld
    : | SiteRoleOf<P>
      | { readonly role: SiteRoleOf<P>; readonly org?: null | undefined }
      | { readonly role: OrgRoleOf<P>; readonly org: string }

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

/** A permission set with the names of the policy, or any stored one. */
type CustomSet<N extends Names> =
  PermissionSet | { readonly [R in (keyof N['resources'] & string) | '*']?: ActionList<ActionsAt<N, R>> }
type ActionsAt<N extends Names, R extends string> = N['resources'][R extends '*'
  ? keyof N['resources']
  : R]['actions']
interface CustomEffects<Set> {
  readonly allow?: Set | undefined
  readonly deny?: Set | undefined
}
type CustomGrants<Set> = { readonly [L in Level]?: CustomEffects<Set> | undefined }

/**
 * A custom role, as `withRoles` takes it. Editors complete the policy's resources and actions; any `RoleDocument` fits,
 * since a stored role is checked when it is used.
 */
export interface CustomRoleOf<P> extends Omit<RoleDocument, 'grants' | 'variants'> {
  /** What it allows and denies, by level. */
  readonly grants?: CustomGrants<CustomSet<NamesOf<P>>> | undefined
  /** Grants that replace others under values of options. */
  readonly variants?:
    | readonly {
        readonly when: RoleVariant['when']
        readonly grants: CustomGrants<CustomSet<NamesOf<P>>>
      }[]
    | undefined
}

/** An object of resource `R`, with an organization, an ACL and the like only where the resource has them. */
export type ObjectOf<P, R extends ResourceOf<P> = ResourceOf<P>> =
  IsPlain<NamesOf<P>> extends true
    ? ObjectRef & { readonly type: R }
    : R extends unknown
      ? ObjectNamed<R, NamesOf<P>['resources'][R]>
      : never

type ObjectNamed<R extends string, N extends ResourceNames> = ObjectFields<
  R,
  N['acl'] extends false ? never : Acl<N['actions']>
> &
  PlacementOf<N['org']>

interface ObjectFields<R extends string, A extends Acl> extends Pick<ObjectRef, 'id' | 'owner'> {
  readonly type: R
  readonly acl?: A | null | undefined
}

declare const nowhere: unique symbol
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
  const Options extends OptionValues = None,
  const OrgOptions extends OptionValues = None,
  const Roles extends RoleKinds = None,
  const System extends string = never,
  const Scope extends string = never,
  const Alias extends string = never,
  const Templates extends TemplateParams = None,
  Set = PermissionSetOf<Resources>
>(
  policy: PolicyLiteral<Resources, Options, OrgOptions, Roles, System, Scope, Alias, Templates, Set>
  // Written out here: the compiler then writes plain names into a user's declarations, and not a type that they cannot
  // import. The keys of `None` are left out.
): PolicyDocument<{
  readonly resources: {
    readonly [R in keyof Resources]: {
      readonly actions: keyof Resources[R]['actions'] & string
      readonly org: Resources[R] extends { readonly org: infer O extends OrgPlacement } ? O : 'optional'
      readonly acl: Resources[R] extends { readonly acl: infer A extends boolean } ? A : false
    }
  }
  readonly siteRoles: { [R in keyof Roles & string]: Roles[R] extends 'site' ? R : never }[keyof Roles &
    string]
  readonly orgRoles: { [R in keyof Roles & string]: Roles[R] extends 'org' ? R : never }[keyof Roles & string]
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
