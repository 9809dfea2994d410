// Types of the steps that would let a refused request through.
import type { Level } from '../types.js'

/** A container in which a role is held: its kind is the container's name in the policy. */
export interface ContainerPlace {
  /** The container's name, as `project`. */
  readonly kind: string
  /** Which one. */
  readonly id: string
}

/** The subject holds one role more; one of an organization or a container in that place. */
export interface RoleStep {
  readonly kind: 'role'
  /** The role to hold. */
  readonly role: string
  /** The organization to hold it in; absent for every other role. */
  readonly org?: string
  /** The container to hold it in; absent for every other role. */
  readonly container?: ContainerPlace
}

/**
 * Some role of the subject, or the system subject itself, has one allow grant more, for objects with any attributes.
 * Where only an ACL entry can help, the grant may be of the action that entries of the resource require.
 */
export interface GrantStep {
  readonly kind: 'grant'
  /** The level of the grant. */
  readonly level: Level
  /** `resource:action`. */
  readonly permission: string
  /** The organization in which that role is held, at `org` and `orgMember`. */
  readonly org?: string
  /** The container in which that role is held, at a level of a container. */
  readonly container?: ContainerPlace
}

/** A ceiling has one scope more. */
export interface ScopeStep {
  readonly kind: 'scope'
  /** The scope to add, declared or low-level. */
  readonly scope: string
  /** Which of the ceilings added by `within`: 0 is the first. */
  readonly ceiling: number
}

/** A ceiling's allow list has one entry more. */
export interface EntryStep {
  readonly kind: 'entry'
  /** The entry to add, `type:id` or `type:*`. */
  readonly entry: string
  /** Which of the ceilings added by `within`: 0 is the first. */
  readonly ceiling: number
}

/** A ceiling's list of organizations, `onlyOrgs`, has one entry more. */
export interface OrgStep {
  readonly kind: 'org'
  /** The entry to add: an organization, `*none` or `*`. */
  readonly org: string
  /** Which of the ceilings added by `within`: 0 is the first. */
  readonly ceiling: number
}

/** The object's owner, its organization or its containers of one kind are another; `undefined` is none. */
export interface RelationStep {
  readonly kind: 'relation'
  /** What would have to be another: a field of the object, for a container its name in the policy. */
  readonly field: 'owner' | 'org' | (string & {})
  /** What it would have to be; for a container the only one of its kind. */
  readonly value: string | undefined
}

/** One change of a policy, a subject or an object. */
export type MissingStep = RoleStep | GrantStep | ScopeStep | EntryStep | OrgStep | RelationStep

/** The smallest change that lets a request through. */
export interface Missing {
  /** How many steps there are: 0 for a request that is allowed. */
  readonly size: number
  /** Taken together. */
  readonly steps: readonly MissingStep[]
  /** For each step, the other steps that could replace it while the rest stays. */
  readonly alternatives: readonly (readonly MissingStep[])[]
}
