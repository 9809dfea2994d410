// What a subject can be asked, as types. `N` carries the names of a policy written in TypeScript; with plain `Names`,
// for a policy that came from a file, every name is a string. Nothing here runs.
import type { Permission } from '../../compile/catalogue.js'
import type { StateHandle, subjectState } from '../../request/state.js'
import type { MintDecision } from '../../delegate/mint.js'
import type { PlaceInput } from '../../delegate/place.js'
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

/** Something that carries the names of a policy. */
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
 * The user or service that asks. Made by `policy.subject` or `policy.systemSubject`; it copies its input and never
 * changes. Every method throws a `RequestError` for a malformed question; nothing is allowed then.
 */
export interface Subject<N extends Names = Names> {
  readonly [names]?: N
  readonly [subjectState]: StateHandle
  /** Its id; empty for a system subject without one. */
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

  /** The rows that `can` allows, the same values in the same order. One malformed row throws an error that names it. */
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

  /** Several questions at once, each with a name for its answer. A malformed one throws an error that names it. */
  canEach<K extends string>(questions: Readonly<Record<K, QuestionOf<N>>>): Readonly<Record<K, boolean>>

  /**
   * Whether `can` is true for some object of the type: any id, owner, organization, containers, attributes and permitted
   * ACL. With `fields`, for some object that has these: `{ org: 'o1' }` asks about objects of that organization.
   */
  canSome<R extends keyof N['resources'] & string>(
    action: N['resources'][R]['actions'],
    type: R,
    fields?: FieldsOf<N, R>
  ): boolean

  /** The subject under one more ceiling; it only narrows. A ceiling with none of the keys is an error. */
  within(ceiling: CeilingInput<ScopeOf<Named<N>> | TemplateScopeOf<Named<N>>>): Subject<N>

  /**
   * The names of the roles that `canAssign` allows in a place: site roles, or those that are held in that organization or
   * container. Shipped roles in document order, then custom ones by name.
   *
   * @throws RequestError `invalid_request` for a place that is none.
   */
  assignableRoles(
    place?: PlaceInput
  ): readonly (NamesOf<Named<N>>['siteRoles'] | NamesOf<Named<N>>['orgRoles'])[]

  /**
   * Whether the subject may give the role to others in a place: an organization by its id, `{ org, project }` for a
   * container and the organization that it lies in, or (a site role) everywhere. That a container lies in an
   * organization, the caller says. All of this is needed:
   *
   * - A role that the subject holds lists it in `assigns`. An organization role reaches only roles of that organization
   *   and of containers in it, a container's role only those of that container.
   * - The role is assignable.
   * - Where the policy names `assignPermissions` for roles of this kind, the subject is allowed that permission
   *   there, on an object without owner and id, every attribute at its default or else at its first value. Where the
   *   resource has no objects there (`org: 'never'`, or for a site role `org: 'required'`), nobody is allowed it.
   * - For a subject with a ceiling the policy names such a permission, and the ceiling lets it through.
   * - A custom role also needs `canGrant`. Otherwise a declared delegation does not compare grants.
   *
   * @throws RequestError `unknown_role`, `role_needs_org`, `role_takes_no_org`, `role_needs_container`,
   * `role_takes_no_container`; `invalid_request` for a role that is not a text or a place that is none: one with an
   * unknown part, two containers or another type. An empty part counts as none.
   */
  canAssign(role: RoleOf<Named<N>>, place?: PlaceInput): boolean

  /**
   * The answer of `canAssign` with its reason, the entries of `assigns` that reach the role, and the decisions needed.
   */
  explainAssign(role: RoleOf<Named<N>>, place?: PlaceInput): AssignDecision

  /**
   * Whether the subject may take the role away from others: the same as `canAssign`, with `unassignPermissions`. So a
   * subject that could not give a custom role cannot take it away.
   *
   * @throws RequestError like `canAssign`.
   */
  canUnassign(role: RoleOf<Named<N>>, place?: PlaceInput): boolean

  /** The answer of `canUnassign` with its reason, the entries of `assigns` that reach the role, and what was needed. */
  explainUnassign(role: RoleOf<Named<N>>, place?: PlaceInput): AssignDecision

  /**
   * Whether the subject may make such a custom role in a place, as in `canAssign`: every allow in it and in the roles
   * that it includes is covered, under every setting of the options that their variants read. A grant is covered if the
   * subject holds it at the same or a wider level for at least the same attributes, no level from `site` down to the
   * grant's own denies it to the subject, its scopes let it through, and no allow list and no list of organizations
   * limits it. In a container a deny counts that is held in any container of a level down to the grant's own, since an
   * object may be in several. ACLs cover nothing; denies in the role need no cover. A wildcard includes what is added to
   * the catalogue later, so only wildcards cover it; a grant for every value of an attribute includes values added
   * later. A role whose variants distinguish more than 1,024 combinations of settings is refused.
   *
   * @throws PolicyError for what is not a custom role of that place.
   * @throws RequestError `invalid_request` for a place that is none.
   */
  canGrant(role: CustomRoleOf<Named<N>>, place?: PlaceInput): boolean

  /** The answer of `canGrant` with every grant of the role that is not covered, and why. */
  explainGrant(role: CustomRoleOf<Named<N>>, place?: PlaceInput): GrantDecision

  /**
   * Whether the subject may turn one custom role into another for all who hold it: under every setting, each allow that
   * is new at its level is covered as in `canGrant`, and so is each deny that is removed, as if it were an allow.
   * Grants that stay need no cover, even where the subject does not have them.
   *
   * @throws PolicyError for what is not a custom role of that place; its paths begin with `oldRole` or `newRole`.
   * @throws RequestError `invalid_request` for a place that is none.
   */
  canReplace(oldRole: CustomRoleOf<Named<N>>, newRole: CustomRoleOf<Named<N>>, place?: PlaceInput): boolean

  /** The answer of `canReplace` with every added allow and removed deny that is not covered, and why. */
  explainReplace(
    oldRole: CustomRoleOf<Named<N>>,
    newRole: CustomRoleOf<Named<N>>,
    place?: PlaceInput
  ): GrantDecision

  /**
   * Whether the subject may itself do to the object every action that the entries of the second ACL name, as `can`
   * decides (the object's own `acl` counts); `*` names all actions of the resource, a level its actions, and each action
   * also what it implies. Ask with the entries to be added.
   * An entry that names neither an action nor a level is refused; an ACL without entries is not. Whether the subject may share at
   * all is up to the policy, by an action of its own.
   *
   * @throws RequestError `acl_not_supported`; `invalid_request` for an ACL with anything wrong in it, such as an
   * unknown key; and whatever `can` throws about the object.
   */
  canShare<R extends ResourceOf<Named<N>>>(object: ObjectOf<Named<N>, R>, acl: AclOf<N, R>): boolean

  /** The answer of `canShare` with every action that the subject may not share, and the decision about it. */
  explainShare<R extends ResourceOf<Named<N>>>(object: ObjectOf<Named<N>, R>, acl: AclOf<N, R>): ShareDecision

  /**
   * Whether the subject may mint a key with this ceiling: each of the subject's own ceilings lets through every
   * permission on every object id that the key's ceiling lets through, and has the key's organizations. No `scopes` means
   * all, no `allowList` means all, no `onlyOrgs` means everywhere, so `{}` is a key without limits. Ceilings are compared by what they let through. A wildcard includes actions added
   * later, so only a wildcard covers one, and the key `'*'` also includes resources added later. Roles do not matter: a
   * key has those of its owner. Whether a subject may mint at all is up to the policy.
   *
   * @throws RequestError `invalid_request` for a key with an unknown key or with `null` or `undefined` in place of a
   * list; the codes of scopes, templates and allow lists for what they hold.
   */
  canMint(key: CeilingInput<ScopeOf<Named<N>> | TemplateScopeOf<Named<N>>>): boolean

  /** The answer of `canMint` with everything of the key that exceeds the subject's ceilings. */
  explainMint(key: CeilingInput<ScopeOf<Named<N>> | TemplateScopeOf<Named<N>>>): MintDecision
}

/** Some fields of an object of a resource. */
type FieldsOf<N extends Names, R extends ResourceOf<Named<N>>> = {
  readonly [K in Exclude<keyof ObjectOf<Named<N>, R>, 'type'>]?: ObjectOf<Named<N>, R>[K]
}

/** An ACL for objects of a resource; none fits where the resource has no ACL. */
type AclOf<N extends Names, R extends ResourceOf<Named<N>>> = NonNullable<ObjectOf<Named<N>, R>['acl']>

/** The type of `policy.subject(…)`. `P` is the type of the policy or of its document. */
export type SubjectOf<P> = Subject<NamesOf<P>>
