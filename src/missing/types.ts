// Types of the steps that would let a refused request through.
import type { FixedLevel } from '../types.js'

/** The subject holds one role more; an organization role in that organization. */
export interface RoleStep {
  readonly kind: 'role'
  /** The role to hold. */
  readonly role: string
  /** The organization to hold it in; absent for a site role. */
  readonly org?: string
}

/** Some role of the subject, or the system subject itself, has one allow grant more. */
export interface GrantStep {
  readonly kind: 'grant'
  /** The level of the grant. */
  readonly level: FixedLevel
  /** `resource:action`. */
  readonly permission: string
  /** The organization in which that role is held, at `org` and `orgMember`. */
  readonly org?: string
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

/** The object's owner or organization is another; an organization of `undefined` is none. */
export interface RelationStep {
  readonly kind: 'relation'
  /** What would have to be another. */
  readonly field: 'owner' | 'org'
  /** What it would have to be. */
  readonly value: string | undefined
}

/** One change of a policy, a subject or an object. */
export type MissingStep = RoleStep | GrantStep | ScopeStep | EntryStep | RelationStep

/** The smallest change that lets a request through. */
export interface Missing {
  /** How many steps there are: 0 for a request that is allowed. */
  readonly size: number
  /** Taken together. */
  readonly steps: readonly MissingStep[]
  /** For each step, the other steps that could replace it while the rest stays. */
  readonly alternatives: readonly (readonly MissingStep[])[]
}
