// What a subject can be asked, as types. `N` carries the names of a policy written in TypeScript; with plain `Names`,
// for a policy that came from a file, every name is a string. Nothing here runs.
import type { Permission } from '../../compile/catalogue.js'
import type { StateHandle, subjectState } from '../../request/state.js'
import type { MintDecision } from '../../delegate/mint.js'
import type { AssignDecision, GrantDecision, ShareDecision } from '../../delegate/types.js'
import type {
  ActionOf,
  CustomRoleOf,
  Names,
  NamesOf,
  ObjectOf,
  ResourceOf,
  RoleOf,
  ScopeOf,
  TemplateScopeOf,
  names
} from '../../document/index.js'
import type { CeilingInput, Decision } from '../../types.js'

/** Whatever carries the names of a policy. */
export interface Named<N extends Names> {
  readonly [names]?: N
}

/** A question for `canEach`: an action on an object of any one resource. */
export type QuestionOf<N extends Names> = {
  [R in ResourceOf<Named<N>>]: {
    readonly action: ActionOf<Named<N>, R>
    readonly object: ObjectOf<Named<N>, R>
  }
}[ResourceOf<Named<N>>]

/**
 * Somebody who asks. Made by `policy.subject` or `policy.systemSubject`; it copies what it was given and never
 * changes. Every call throws a `RequestError` for a malformed question, and then nothing was allowed.
 */
export interface Subject<N extends Names = Names> {
  readonly [names]?: N
  readonly [subjectState]: StateHandle
  /** Empty for a system subject that declares none. */
  readonly id: string

  /**
   * Whether the subject may do this to the object: the roles held or an ACL entry allow it, and every ceiling lets
   * it through. Costs the same for one organization and a thousand; allocates nothing where it allows by a role.
   */
  can<R extends ResourceOf<Named<N>>>(
    action: ActionOf<Named<N>, R> | Permission<NoInfer<R>>,
    object: ObjectOf<Named<N>, R>
  ): boolean

  /** Like `can`, but a refusal throws a `ForbiddenError`, which is safe to show to a client. */
  authorize<R extends ResourceOf<Named<N>>>(
    action: ActionOf<Named<N>, R> | Permission<NoInfer<R>>,
    object: ObjectOf<Named<N>, R>
  ): void

  /** The same answer with its reason, the grants that decided, and every level's vote. */
  explain<R extends ResourceOf<Named<N>>>(
    action: ActionOf<Named<N>, R> | Permission<NoInfer<R>>,
    object: ObjectOf<Named<N>, R>
  ): Decision

  /** The actions that `can` allows on the object, in catalogue order. */
  actionsOn<R extends ResourceOf<Named<N>>>(object: ObjectOf<Named<N>, R>): ActionOf<Named<N>, R>[]

  /** The rows that `can` allows, the same values in the same order. One malformed row throws and is named. */
  filter<T extends ObjectOf<Named<N>>>(
    action: ActionOf<Named<N>, T['type']> | Permission<T['type']>,
    rows: readonly T[]
  ): T[]
  /** The rows that `can` allows, where a row has to be turned into an object first. */
  filter<R extends ResourceOf<Named<N>>, T>(
    action: ActionOf<Named<N>, R> | Permission<NoInfer<R>>,
    rows: readonly T[],
    toObject: (row: T) => ObjectOf<Named<N>, R>
  ): T[]

  /** Several questions at once, each with a name for its answer. One malformed question throws and is named. */
  canEach<K extends string>(questions: Readonly<Record<K, QuestionOf<N>>>): Readonly<Record<K, boolean>>

  /** Whether `can` is true for some object of the type: any id, owner, organization and permitted ACL. */
  canSome<R extends keyof N['resources'] & string>(action: N['resources'][R]['actions'], type: R): boolean

  /** The subject under one more ceiling; it only narrows. A ceiling with neither key is an error. */
  within(ceiling: CeilingInput<ScopeOf<Named<N>> | TemplateScopeOf<Named<N>>>): Subject<N>

  /**
   * The names of the roles that `canAssign` allows: site roles, or with `org` the roles held in that organization.
   * Shipped roles in document order, then custom ones by name.
   *
   * @throws RequestError `invalid_request` for an organization that is no text.
   */
  assignableRoles(org?: string): readonly (NamesOf<Named<N>>['siteRoles'] | NamesOf<Named<N>>['orgRoles'])[]

  /**
   * Whether the subject may give the role to others, in an organization or, a site role, everywhere: a role that it
   * holds lists it in `assigns` (that of an organization role reaches roles of the same organization alone), the role
   * is assignable, and where the policy names `assignPermissions` for roles of this kind, the subject is allowed that
   * permission on an object there that is nobody's and has no id. Where the permission's resource has no objects there
   * (`org: 'never'`, or for a site role `org: 'required'`), nobody is allowed it. A subject with a ceiling needs that
   * a permission is named and that the ceiling lets it through. A declared delegation does not compare grants; a
   * custom role also needs `canGrant`.
   *
   * @throws RequestError `unknown_role`, `role_needs_org`, `role_takes_no_org`; `invalid_request` for a role or an
   * organization that is no text. An `org` that is empty is none.
   */
  canAssign(role: RoleOf<Named<N>>, org?: string): boolean

  /** The answer of `canAssign` with its reason, the entries of `assigns` that reach the role, and what was asked. */
  explainAssign(role: RoleOf<Named<N>>, org?: string): AssignDecision

  /**
   * Whether the subject may take the role away from others: like `canAssign` in everything, with
   * `unassignPermissions`. Nobody takes away a custom role that they could not have given.
   *
   * @throws RequestError like `canAssign`.
   */
  canUnassign(role: RoleOf<Named<N>>, org?: string): boolean

  /** The answer of `canUnassign` with its reason, the entries of `assigns` that reach the role, and what was asked. */
  explainUnassign(role: RoleOf<Named<N>>, org?: string): AssignDecision

  /**
   * Whether the subject may make such a custom role, at the site or in an organization: every allow in it, under
   * every setting of the options that its variants read, is covered. Covered is what the subject holds at the same or
   * a wider level, denied to it at no level from `site` down to the grant's own, let through by its scopes with no
   * allow list in the way. ACLs cover nothing; denies in the role need no cover. A wildcard also means what is added
   * to the catalogue later, so that too must be covered: by wildcards. A role whose variants tell more than 1,024
   * combinations of settings apart is refused.
   *
   * @throws PolicyError for what is not a custom role of that place.
   * @throws RequestError `invalid_request` for an organization that is no text. An `org` that is empty is none.
   */
  canGrant(role: CustomRoleOf<Named<N>>, org?: string): boolean

  /** The answer of `canGrant` with every grant of the role that is not covered, and why. */
  explainGrant(role: CustomRoleOf<Named<N>>, org?: string): GrantDecision

  /**
   * Whether the subject may turn one custom role into another for all who hold it: under every setting, each allow
   * that is new at its level is covered as in `canGrant`, and each deny that is taken away as if it were an allow.
   * What stays, also what the subject lacks, needs no cover.
   *
   * @throws PolicyError for what is not a custom role of that place; its paths begin with `oldRole` or `newRole`.
   * @throws RequestError `invalid_request` for an organization that is no text. An `org` that is empty is none.
   */
  canReplace(oldRole: CustomRoleOf<Named<N>>, newRole: CustomRoleOf<Named<N>>, org?: string): boolean

  /** The answer of `canReplace` with every added allow and removed deny that is not covered, and why. */
  explainReplace(
    oldRole: CustomRoleOf<Named<N>>,
    newRole: CustomRoleOf<Named<N>>,
    org?: string
  ): GrantDecision

  /**
   * Whether the subject may itself do to the object, as `can` says (the object's own `acl` counts), every action that
   * the entries of the second ACL name; `*` names all of the resource's actions. Ask it with the entries that are
   * added. An entry that names an action which the resource lacks is refused; an ACL without entries is not. Whether
   * the subject may share at all is for the policy to say, by an action of its own.
   *
   * @throws RequestError `acl_not_supported`; `invalid_request` for an ACL with anything wrong in it, an unknown key
   * too; and whatever `can` throws about the object.
   */
  canShare<R extends ResourceOf<Named<N>>>(object: ObjectOf<Named<N>, R>, acl: AclOf<N, R>): boolean

  /** The answer of `canShare` with every action that the subject may not share, and the decision about it. */
  explainShare<R extends ResourceOf<Named<N>>>(object: ObjectOf<Named<N>, R>, acl: AclOf<N, R>): ShareDecision

  /**
   * Whether the subject may mint a key with such a ceiling: every permission on every object id that the key's
   * ceiling lets through, each of the subject's own ceilings lets through too. No `scopes` means all, no `allowList`
   * means all, so `{}` is a key without limits. Ceilings are compared by what they let through; a wildcard also means
   * the actions added later, so only a wildcard covers one, and the key `'*'` also means the resources added. Roles
   * are not asked: a key has its owner's, and whether somebody may mint at all is for the policy to say.
   *
   * @throws RequestError `invalid_request` for a key with an unknown key or with `null` or `undefined` in place of a
   * list; the codes of scopes, templates and allow lists for what they hold.
   */
  canMint(key: CeilingInput<ScopeOf<Named<N>> | TemplateScopeOf<Named<N>>>): boolean

  /** The answer of `canMint` with everything of the key that exceeds the subject's ceilings. */
  explainMint(key: CeilingInput<ScopeOf<Named<N>> | TemplateScopeOf<Named<N>>>): MintDecision
}

/** An ACL for objects of a resource; none fits where the resource has no ACL. */
type AclOf<N extends Names, R extends ResourceOf<Named<N>>> = NonNullable<ObjectOf<Named<N>, R>['acl']>

/** The type of `policy.subject(…)`. `P` is the type of the policy or of its document. */
export type SubjectOf<P> = Subject<NamesOf<P>>
