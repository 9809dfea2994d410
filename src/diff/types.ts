// What a comparison of two policies returns: access gained, access lost, and what else a reviewer should see. Plain
// data; every witness in it was asked of both policies before it was returned.
import type { RequestData } from '../verify/space/requests.js'
import type { Values } from '../verify/space/settings.js'

/**
 * Whose access differs: a role held alone, several roles held together, whoever holds no role, a system subject, a
 * key with a declared or low-level scope, a key with a scope template, a key with an allow list.
 */
export type DifferenceKind = 'role' | 'roles' | 'nobody' | 'system' | 'scope' | 'template' | 'list'

/** One permission on one relation that one policy allows and the other does not. */
export interface Difference {
  /** Whose access it is. */
  readonly kind: DifferenceKind
  /**
   * A role's name, `role + role`, `system:NAME`, `scope:NAME`, `template:NAME`, `no role` or `allow list`; a custom
   * organization role is `role in ORG`, one of a container `role in CONTAINER`.
   */
  readonly subject: string
  /** `resource:action`. */
  readonly permission: string
  /** In the words of a matrix column: `own`, `other, own org`, `own project`, `status = draft`, `all`. */
  readonly relation: string
  /** Whether an ACL entry allows, and not a role. */
  readonly byAcl: boolean
  /** The request with the fewest fields that the two policies answer differently. */
  readonly witness: RequestData
  /** The deployment's options under which they do, without those at their default. */
  readonly options: Values
}

/** A name that is gone and a new one, with the same grants for every permission that both policies have. */
export interface Rename {
  /** What has another name. */
  readonly kind: 'role' | 'system' | 'scope'
  /** The name in the old policy. */
  readonly from: string
  /** The name in the new policy. */
  readonly to: string
  /** The organization of a custom organization role. */
  readonly org?: string
  /** The container of a custom role of one: its kind is the container's name. */
  readonly container?: { readonly kind: string; readonly id: string }
  /** Whether `renamed` says so, so that the grants may differ; absent where it was found by equal grants. */
  readonly isDeclared?: true
}

/**
 * A change that lets somebody reach more and is not itself a permission of anybody: a role that may be assigned or that
 * a role may assign, the permission that assigning asks for, a kind of container, where objects may be, an attribute's
 * values and default, an ACL that objects may have or that holds or beats more, an action that implies more, a scope
 * that may be requested or is the default, another name for a scope, what a scope, a template or a list lets through
 * that no role is allowed yet, a deny, a system subject, a setting that allowed less, and `future`: a line that names more
 * of what is added to the catalogue later, and so lets its holder grant, replace or mint more.
 */
export type WideningKind =
  | 'assign'
  | 'assignable'
  | 'assign-permission'
  | 'container'
  | 'placement'
  | 'attribute'
  | 'acl'
  | 'implies'
  | 'public-scope'
  | 'default-scopes'
  | 'alias'
  | 'scope'
  | 'template'
  | 'list'
  | 'deny'
  | 'system'
  | 'setting'
  | 'future'

/** One such change, in the policy that lets somebody reach more. */
export interface Widening {
  /** What it is that lets somebody reach more. */
  readonly kind: WideningKind
  /**
   * What it is about: a role, `system:NAME`, `scope:NAME`, `template:NAME`, a resource, its attribute (`document.status`) or its permission, a
   * container, a scope or its other name, a setting.
   */
  readonly subject: string
  /** The whole of it in a sentence, from the old policy to the new one. */
  readonly message: string
}

/** Everything that differs between two policies. */
export interface PolicyDiff {
  /** What the new policy allows and the old one does not. */
  readonly gained: readonly Difference[]
  /** What the old policy allows and the new one does not. */
  readonly lost: readonly Difference[]
  /** What else lets somebody reach more in the new policy. */
  readonly widened: readonly Widening[]
  /** What else let somebody reach more in the old policy. */
  readonly narrowed: readonly Widening[]
  /** Roles, system subjects and scopes that only have another name. */
  readonly renamed: readonly Rename[]
  /**
   * Roles with a deny that are gone. No request shows this, because one that names such a role is now an error. But its
   * former holders are no longer denied.
   */
  readonly removedDenies: readonly string[]
  /** Other differences, which decide nothing by themselves or which no request can show: one sentence each. */
  readonly changes: readonly string[]
}

/** Under what two policies are compared. */
export interface DiffSettings {
  /** Values of the deployment's options to compare under; the options not named here are ranged over. */
  readonly options?: Values | undefined
  /**
   * From a name of the old policy to its name in the new one: a role, a scope, or `system:NAME`. They are compared as
   * one, whatever their grants; other renames are found only where the grants are the same.
   */
  readonly renamed?: Readonly<Record<string, string>> | undefined
  /** Called as permissions are done, of twice as many as there are: each is compared both ways. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}
