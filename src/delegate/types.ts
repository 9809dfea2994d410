// The answers of the `explain…` methods of delegation: which role delegates, which grant is not covered, which action
// may not be shared. Nothing in this file runs.
import type {
  AclEntry,
  DecidingGrant,
  Decision,
  ObjectRef,
  Reason,
  Effect,
  Level,
  OptionValue
} from '../types.js'

/** Why a role may, or may not, be given or taken away: the first of these that applies, checked in this order. */
export type AssignReason =
  /** The role says `assignable: false`: only code gives it. */
  | 'not_assignable'
  /** No role of the subject lists the role in its `assigns`. */
  | 'not_delegated'
  /** The subject has a ceiling, and the policy names no permission that the ceiling could let through. */
  | 'no_permission_named'
  /** The permission's resource has no objects there: all of them are in organizations or a container, or none is. */
  | 'permission_has_no_object'
  /** The permission that the policy names is not allowed: `permission` says why. */
  | 'permission_refused'
  /** A custom role, and some of its grants are not covered: `cover` says which. */
  | 'not_covered'
  | 'delegated'

/** An entry of `assigns` that reaches the role. */
export interface Delegation {
  /** The role that is held, or `system:NAME`. */
  readonly role: string
  /** The organization in which it is held; absent for other roles and a system subject. */
  readonly org?: string
  /** The id of the container in which it is held; absent for other roles and a system subject. */
  readonly container?: string
  /** As written: a role's name, `*`, `custom:site`, `custom:org` or `custom:` with a container's name. */
  readonly assigns: string
  /** Where in the document, as `roles.owner.assigns[0]`. */
  readonly path: string
}

/** Whether a subject may give a role to others, or take it away, and why. */
export interface AssignDecision {
  /** Whether the role may be given or taken away. */
  readonly allowed: boolean
  /** Why, or why not. */
  readonly reason: AssignReason
  /** The role that was asked about. */
  readonly role: string
  /** The organization of the place; absent for a site role, and where a container was named without one. */
  readonly org?: string
  /** The id of the container in which the role is held, whose kind is that of the role; absent for other roles. */
  readonly container?: string
  /** All entries that reach the role, also where it is refused for another reason. */
  readonly delegations: readonly Delegation[]
  /** The decision about the permission that the policy names; absent where it was not needed. */
  readonly permission?: Decision
  /** The answer of `explainGrant` for a custom role; absent where it was not needed. */
  readonly cover?: GrantDecision
}

/** Why a grant is not covered. */
export type GapReason =
  /** The subject holds no allow for it at this level or a wider one; an ACL covers nothing. */
  | 'not_held'
  /** A level from `site` down to the grant's own denies it to the subject. */
  | 'denied'
  /** A scope of the subject does not have it. */
  | 'outside_scope'
  /** An allow list refuses it: the subject's, or a scope's own. */
  | 'outside_allow_list'
  /** A list of organizations leaves out some objects that the grant is about. */
  | 'outside_org'

/** One line of a role that the subject does not cover, or not all of it. */
export interface GrantGap {
  /** Why the line is not covered. */
  readonly reason: GapReason
  /** `allow`: the line would be added. `deny`: the line would be removed, which allows what it denied. */
  readonly effect: Effect
  /** The level of the line. */
  readonly level: Level
  /** The included role in which the line is written; absent where it is the role's own. */
  readonly included?: string
  /** As written: `boundary_log:read`, `workspace:*`, `*:*`, `workspace:* except ssh`. */
  readonly permission: string
  /**
   * Where in the role, as `role.grants.org.allow.workspace`; in `explainReplace` it begins with `oldRole` or `newRole`. A
   * line of an included role has its path in the policy.
   */
  readonly path: string
  /**
   * The permissions of the catalogue that are not covered, in catalogue order; where it is only some of a permission's
   * objects, with the attributes of those: `document:update where status = published`.
   */
  readonly permissions: readonly string[]
  /**
   * What the line will include once it is added to the catalogue, and the subject will not have: `workspace:*` (actions
   * added to it, or that an action comes to imply), `workspace:delete` (an action that does not exist yet), `*:read` and
   * `*:*` (resources added), `document:read where status = *` (values added).
   */
  readonly future: readonly string[]
  /** The subject's own denies, where the reason is `denied`. */
  readonly denies: readonly DecidingGrant[]
  /** Settings under which the line is in force; empty where the role reads none. */
  readonly settings: Readonly<Record<string, OptionValue>>
}

/** Whether a subject covers all that a role, or a change of one, would give. */
export interface GrantDecision {
  /** Whether all of it is covered. */
  readonly allowed: boolean
  /** `too_many_settings`: the variants distinguish over 1,024 combinations of settings; refused without a check. */
  readonly reason: 'covered' | 'not_covered' | 'too_many_settings'
  /** The organization of the place; absent for a site role, and where a container was named without one. */
  readonly org?: string
  /** The id of the container in which the role is held, whose kind is that of the role; absent for other roles. */
  readonly container?: string
  /** Every line that is not covered, in the order of levels and of the catalogue. */
  readonly gaps: readonly GrantGap[]
}

/** An action that an ACL names and the subject may not share. */
export interface ShareGap {
  /** The action as the ACL names it, or one of those that `*` or a level stands for or that an action implies. */
  readonly action: string
  /** Why the subject may not do it itself; `unknown_action`: the resource has no such action or level. */
  readonly reason: Reason | 'unknown_action'
  /** The entries that name it, including `*`, levels, and actions that imply it. */
  readonly entries: readonly AclEntry[]
  /** Absent for an unknown action. */
  readonly decision?: Decision
}

/** Whether a subject may itself do all that an ACL would let others do. */
export interface ShareDecision {
  /** Whether there are no gaps. */
  readonly allowed: boolean
  /** The same as a word. */
  readonly reason: 'shareable' | 'not_shareable'
  /** The object as it was asked about. */
  readonly object: ObjectRef
  /** Every action that may not be shared; empty where all may be. */
  readonly gaps: readonly ShareGap[]
}
