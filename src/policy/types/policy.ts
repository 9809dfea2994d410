// The public type of a compiled policy. Nothing here runs.
import type { Permission } from '../../compile/catalogue.js'
import type { CompiledHandle, compiledPolicy } from '../../compile/compile.js'
import type { createdSubject, provenState } from '../internals.js'
import type { StateHandle } from '../../request/state.js'
import type {
  CustomRoleOf,
  Names,
  NamesOf,
  PolicyDocument,
  SubjectInputOf,
  SystemSubjectOf,
  names
} from '../../document/index.js'
import type { PolicyScopes, ResourceInfo, RoleInfo } from './info.js'
import type { Named, Subject } from './subject.js'
import type { OptionValue } from '../../types.js'

/** A compiled policy. Immutable; everything that casemate does with a policy reads this one form. */
export interface Policy<N extends Names = Names> {
  readonly [names]?: N
  readonly [compiledPolicy]: CompiledHandle
  readonly [createdSubject]: (state: StateHandle) => Subject<N>
  readonly [provenState]: (subject: unknown) => StateHandle | undefined
  /** As the document has it. */
  readonly name: string
  /** The checked document. Frozen; roles of `withRoles` are not in it. */
  readonly document: PolicyDocument<N>
  /** The deployment's options as compiled, defaults included. */
  readonly options: Readonly<Record<string, OptionValue>>

  /**
   * A subject; it belongs to the organizations in which it holds a role.
   *
   * @throws RequestError with the codes of roles, options, scopes and allow lists; `empty_subject_id`.
   */
  subject(input: SubjectInputOf<Named<N>>): Subject<N>

  /**
   * A service of the application itself.
   *
   * @throws RequestError `unknown_system_subject`.
   */
  systemSubject(name: SystemSubjectOf<Named<N>>): Subject<N>

  /**
   * A permission resolved once, for `can(permission, object)`.
   *
   * @throws RequestError `unknown_resource`, `unknown_action`.
   */
  permission<R extends keyof N['resources'] & string, A extends N['resources'][R]['actions']>(
    resource: R,
    action: A
  ): Permission<R, A>

  /**
   * A new policy with more roles, at the site, in one organization or in one container; this one stays as it is and shares its tables.
   * A custom role replaces one of the same name in the same place, never a shipped one. In the result, the type of role
   * names is `string`.
   *
   * @throws PolicyError for roles that are not custom roles of that place.
   * @throws RequestError `missing_option` for one that reads an option of the deployment that has no value.
   */
  withRoles(
    roles: Readonly<Record<string, CustomRoleOf<Named<N>>>>,
    place?: { readonly org?: string | undefined; readonly [container: string]: string | undefined }
  ): Policy<WithRoles<N>>

  /**
   * A new policy without these custom roles of the site, of one organization or of one container; this one stays as it
   * is and shares its tables. A subject that holds one of them is then an error, never a subject without the role.
   *
   * @throws RequestError `unknown_role` for a name that is no custom role of that place; `invalid_request` for what is no
   * list of names or no place.
   */
  withoutRoles(
    names: readonly string[],
    place?: { readonly org?: string | undefined; readonly [container: string]: string | undefined }
  ): Policy<N>

  /** The resources, in catalogue order. */
  readonly resources: {
    /** Every resource, in catalogue order. */
    list(): readonly ResourceInfo<keyof NamesOf<Named<N>>['resources'] & string>[]
    /** A resource by its name; `undefined` where there is none. */
    get(name: string): ResourceInfo<keyof NamesOf<Named<N>>['resources'] & string> | undefined
  }
  /** The roles, shipped and custom. */
  readonly roles: {
    /** The shipped roles in document order, then custom ones by name. */
    list(): readonly RoleInfo[]
    /**
     * A role by its name at the site or, with `place`, in an organization or, with the container's name as `kind`, in a
     * container.
     */
    get(name: string, place?: string, kind?: string): RoleInfo | undefined
  }
  /** The scopes and scope templates. */
  readonly scopes: PolicyScopes<N>
}

/** The names of a policy after `withRoles`: the compiler does not know the names of custom roles, but all others. */
export type WithRoles<N extends Names> = string extends N['siteRoles']
  ? N
  : {
      readonly resources: N['resources']
      readonly siteRoles: string
      readonly orgRoles: string
      readonly containers: N['containers']
      readonly containerRoles: { readonly [role: string]: N['containers'] }
      readonly scopes: N['scopes']
      readonly templates: N['templates']
      readonly systemSubjects: N['systemSubjects']
      readonly options: N['options']
      readonly orgOptions: N['orgOptions']
    }

/**
 * The type of `compile(document)`, for parameters, and for exports under `isolatedDeclarations`. `P` is the type of the
 * document, or of anything else that carries its names. With `'custom'` it is the type after `withRoles`, where a role
 * may have any name; a policy without custom roles fits there too.
 *
 * @example
 * function report(policy: PolicyOf<typeof document>): void
 * function tenant(id: string): PolicyOf<typeof document, 'custom'>
 */
export type PolicyOf<P, Roles extends 'shipped' | 'custom' = 'shipped'> = Policy<
  Roles extends 'custom' ? WithRoles<NamesOf<P>> : NamesOf<P>
>
