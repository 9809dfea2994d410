// Types of mutants: small changes of a policy document that a test should notice, each of a named kind.
import type { PolicyData } from '../document/types.js'

/** Every kind of change, with what it does. */
export const mutationKinds = Object.freeze({
  'drop-action': 'takes an action out of an allow',
  'drop-resource': "takes a resource out of an allow's wildcard",
  'add-action': 'adds an action to a line of an allow',
  'add-resource': 'allows an action of a resource that an allow does not name',
  wildcard: "makes all of a resource's actions of a line's list",
  'drop-where': 'lets a part of an allow reach objects whatever one of their attributes is',
  'drop-deny': 'takes an action out of a deny',
  'allow-to-deny': 'turns an allowed action into a denied one',
  'deny-to-allow': 'turns a denied action into an allowed one',
  widen: 'moves a line to the next wider level',
  narrow: 'moves a line to the next narrower level',
  'drop-variant': 'drops a variant of a role or of a scope template',
  'drop-include': 'takes an included role out of a role',
  'narrow-scope': 'takes an action or a resource out of a scope or a scope template',
  'widen-scope': 'adds an action to a scope or a scope template',
  'narrow-list': "drops an entry of a scope template's allow list",
  'widen-list': "makes an entry of a scope template's allow list match every id, or drops the list",
  'loosen-place': 'lets objects of a resource be in an organization or container, or in none',
  'drop-implies': 'lets an action no longer allow another one',
  'add-implies': 'lets an action allow another one too',
  'loosen-acl': "drops what narrows a resource's ACL entries, or makes a level every action",
  'turn-default': 'makes another value the default of a setting of organizations',
  'turn-alias': 'makes another name of a scope mean the next scope',
  'add-assign': 'lets a role or a system subject assign one role more, or every role',
  assignable: 'lets a role be assigned that could not be',
  'free-assign': 'asks for no permission to give a role',
  'free-unassign': 'asks for no permission to take a role away',
  'make-public': 'lets users request a scope',
  'add-default': 'makes a scope one of those that a token request without scopes means'
} as const)

/**
 * The kinds that no statement can be about: a test cannot notice them, and they count neither as noticed nor as missed.
 */
export const unstatedKinds: ReadonlySet<MutationKind> = new Set<MutationKind>([
  'free-unassign',
  'make-public',
  'add-default'
])

/** The kinds that change who may give a role, and no decision about an object. */
export const givingKinds: ReadonlySet<MutationKind> = new Set<MutationKind>([
  'add-assign',
  'assignable',
  'free-assign'
])

/** A kind of change, by its name in `mutationKinds`. */
export type MutationKind = keyof typeof mutationKinds

/** The part of a policy that a mutant changes: nothing else has to be compiled again. */
export interface MutatedPart {
  /** `document` for a change that affects no decision. */
  readonly kind: 'role' | 'systemSubject' | 'scope' | 'resource' | 'setting' | 'document'
  readonly name: string
}

/** One changed policy. */
export interface Mutation {
  readonly kind: MutationKind
  readonly part: MutatedPart
  /** Where, as `roles.owner.grants.site.allow.boundary_log`. */
  readonly path: string
  /** How it differs there, as `without read`. */
  readonly change: string
  /** The changed document, made each time it is asked for. */
  document(): PolicyData
}

/** A mutant that no statement noticed. */
export interface Survivor {
  /** The kind of change. */
  readonly kind: MutationKind
  /** Where, as `roles.owner.grants.site.allow.boundary_log`. */
  readonly path: string
  /** How it differs there, as `without read`. */
  readonly change: string
  /** The permissions that it decides differently: a statement about one of them is missing. */
  readonly permissions: readonly string[]
}

/** A change that no statement can be about: only a reviewer can notice it. */
export interface Unstated {
  /** The kind of change. */
  readonly kind: MutationKind
  /** Where, as `roles.owner.assigns`. */
  readonly path: string
  /** How it differs there. */
  readonly change: string
}

/** The counts for the mutants of one kind. */
export interface KindCount {
  /** The kind of change. */
  readonly kind: MutationKind
  /** How many a statement noticed. */
  readonly killed: number
  /** How many no statement noticed. */
  readonly survived: number
  /** Proved to decide as the policy does; not counted. */
  readonly equivalent: number
}

/** The result for all mutants. */
export interface MutationReport {
  /** The seed that chose them. */
  readonly seed: number
  /** How many mutants there are of the kinds asked for, before any was chosen or proved equivalent. */
  readonly possible: number
  /** How many a statement noticed. */
  readonly killed: number
  /** In the order of their paths. */
  readonly survived: readonly Survivor[]
  /** How many are proved to decide as the policy does; they do not count. */
  readonly equivalent: number
  /** Changes of these kinds that no statement can notice, in the order of the document; no count includes them. */
  readonly unstated: readonly Unstated[]
  /** Killed of those that count, from 0 to 100; 100 where none counts. */
  readonly percent: number
  /** The kinds that were tried, in the order of `mutationKinds`. */
  readonly kinds: readonly KindCount[]
}
