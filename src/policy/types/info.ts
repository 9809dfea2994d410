// Types that describe the resources, roles and scopes of a policy. Nothing here runs.
import type { Names, NamesOf, ResourceOf, TemplateOf, TemplateParamsOf } from '../../document/index.js'
import type { PermissionSet, RoleDocument, RoleKind } from '../../document/types.js'
import type { Named } from './subject.js'
import type { AttributeValue, OrgPlacement } from '../../types.js'

/** A resource as the catalogue has it. */
export interface ResourceInfo<R extends string = string, A extends string = string> {
  /** Its name in the document. */
  readonly name: R
  /** As the document has it. */
  readonly description: string | undefined
  /** Whether its objects are in an organization; `optional` where the document does not say. */
  readonly org: OrgPlacement
  /** Whether its objects may carry an ACL. */
  readonly acl: boolean
  /** By container, whether its objects are in one. */
  readonly in: Readonly<Record<string, OrgPlacement>>
  /** By attribute, the values that an object may have. */
  readonly attributes: Readonly<Record<string, readonly AttributeValue[]>>
  /** In catalogue order. */
  readonly actions: readonly { readonly name: A; readonly description: string }[]
}

/** A role, shipped or custom. */
export interface RoleInfo<R extends string = string> {
  /** Its name. Custom roles of different organizations may have the same name. */
  readonly name: R
  /** Where it is held. */
  readonly kind: RoleKind
  /** As the document has it. */
  readonly title: string | undefined
  /** As the document has it. */
  readonly description: string | undefined
  /** Whether it was added by `withRoles`. */
  readonly isCustom: boolean
  /** The organization of a custom organization role. */
  readonly org: string | undefined
  /** The id of the container of a custom role of one; its kind is `kind`. */
  readonly container: string | undefined
  /** Whether others can be given it; false where the document says `assignable: false`. */
  readonly isAssignable: boolean
  /** The role as the document or `withRoles` has it. */
  readonly document: RoleDocument
}

/** A scope, declared or low-level. */
export interface ScopeInfo<S extends string = string> {
  /** The canonical name. */
  readonly name: S
  /** As the document has it. */
  readonly title: string | undefined
  /** As the document has it. */
  readonly description: string | undefined
  /** `declared` in the document, or a `low-level` name of the catalogue. */
  readonly kind: 'declared' | 'low-level'
  /** Whether a user may ask for it. Decisions do not use this. */
  readonly isPublic: boolean
  /** Other names that mean the same. */
  readonly aliases: readonly string[]
  /** As written in the document. */
  readonly allow: PermissionSet
  /** What it expands to, `resource:action` in catalogue order. */
  readonly permissions: readonly string[]
}

/** The scopes of a policy. */
// Written without the type names of `define.ts`, so that a user's declarations list the scopes.
export interface PolicyScopes<
  N extends Names = Names,
  Scope extends string =
    | NamesOf<Named<N>>['scopes']
    | {
        [R in ResourceOf<Named<N>>]: `${R}:${NamesOf<Named<N>>['resources'][R]['actions'] | '*'}`
      }[ResourceOf<Named<N>>]
> {
  /** Every scope, aliases not counted: declared ones in document order, then low-level ones in catalogue order. */
  list(filter?: { readonly public?: boolean | undefined }): readonly ScopeInfo<Scope>[]
  /** By name or alias; `undefined` where there is none. */
  get(name: string): ScopeInfo<Scope> | undefined
  /**
   * The name that an alias stands for; a canonical name stands for itself.
   *
   * @throws RequestError `unknown_scope`.
   */
  canonical(name: Scope): Scope
  /**
   * A template with its parameters filled in, for `scopes` of a subject or ceiling.
   *
   * @throws RequestError `unknown_scope_template`, `missing_parameter`, `unknown_parameter`, `invalid_parameter`.
   */
  template<T extends TemplateOf<Named<N>>>(
    name: T,
    params: TemplateParamsOf<Named<N>, T>
  ): { readonly template: T; readonly params: TemplateParamsOf<Named<N>, T> }
}
