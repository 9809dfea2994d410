// A custom role of a policy as a type. Types only.
import type { FixedLevel } from '../types.js'
import type { ContainerOf, RoleOf } from './define.js'
import type { Names, NamesOf } from './names.js'
import type { PermissionSet, RoleDocument, RoleVariant } from './types.js'

/** A permission set with the names of the policy, or any stored one. */
type CustomSet<N extends Names> =
  | PermissionSet
  | {
      readonly [R in (keyof N['resources'] & string) | '*']?: R extends '*'
        ? CustomActions<N['resources'][keyof N['resources']]['actions'], never>
        : CustomActions<N['resources'][R]['actions'], WhereIn<N['resources'][R]['attributes']>>
    }
type CustomActions<Action extends string, Where> =
  | '*'
  | readonly (Action | { readonly actions: '*' | readonly Action[]; readonly where: Where })[]
  | { readonly actions: '*' | readonly Action[]; readonly where: Where }
  | { readonly except: readonly Action[]; readonly where?: Where | undefined }
type WhereIn<Attributes> = { readonly [A in keyof Attributes]?: Attributes[A] | readonly Attributes[A][] }
interface CustomEffects<Set> {
  readonly allow?: Set | undefined
  readonly deny?: Set | undefined
}
type CustomGrants<N extends Names, Set = CustomSet<N>> = {
  readonly [L in FixedLevel | N['containers'] | `${N['containers']}Member`]?: CustomEffects<Set> | undefined
}

/**
 * A custom role, as `withRoles` takes it. Editors complete the policy's resources, actions, attributes, containers and
 * roles; any `RoleDocument` fits, since a stored role is checked when it is used.
 */
export interface CustomRoleOf<P> extends Omit<RoleDocument, 'kind' | 'includes' | 'grants' | 'variants'> {
  /** Where it is held: everywhere, in one organization, or in one container, by the container's name. */
  readonly kind: 'site' | 'org' | ContainerOf<P> | (string & {})
  /** Roles of the policy of the same kind: it grants and denies whatever they do. */
  readonly includes?: readonly (RoleOf<P> | (string & {}))[] | undefined
  /** What it allows and denies, by level. */
  readonly grants?: CustomGrants<NamesOf<P>> | undefined
  /** Grants that replace others under values of options. */
  readonly variants?:
    readonly { readonly when: RoleVariant['when']; readonly grants: CustomGrants<NamesOf<P>> }[] | undefined
}
