// The names of a policy in the order of all generated files: by name, and a resource's wildcard before its actions. The
// order of the document does not matter, so a new name adds lines and moves none.
import { compiledOf } from '../compile/compile.js'
import { compareNames } from '../problems/names.js'
import type { Policy, ResourceInfo, RoleInfo, ScopeInfo } from '../policy/types/index.js'

export function sortByName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => compareNames(a.name, b.name))
}

/** A resource as the pages describe it. */
export interface DescribedResource extends ResourceInfo {
  /** By action, all that imply it. */
  readonly implying: ReadonlyMap<string, readonly string[]>
}

/** The resources, each with its actions by name. */
export function listResources(policy: Policy): DescribedResource[] {
  const { resources } = compiledOf(policy).catalogue
  return sortByName(policy.resources.list()).map((resource) => ({
    ...resource,
    actions: sortByName(resource.actions),
    implying: resources.get(resource.name)?.implying ?? new Map()
  }))
}

/** The names of the containers, in the order of the document: it says which is asked first. */
export function listContainers(policy: Policy): string[] {
  return (policy.document.containers ?? []).map(({ name }) => name)
}

/** Every action that some resource has, once. */
export function listActions(policy: Policy): string[] {
  const names = policy.resources.list().flatMap(({ actions }) => actions.map(({ name }) => name))
  return [...new Set(names)].sort(compareNames)
}

/** The shipped roles; those that `withRoles` added belong to one deployment and are left out. */
export function listRoles(policy: Policy): RoleInfo[] {
  return sortByName(policy.roles.list().filter(({ isCustom }) => !isCustom))
}

/** Declared scopes by name, then for each resource its wildcard and its actions. Aliases are left out. */
export function listScopes(policy: Policy): ScopeInfo[] {
  const declared = policy.scopes.list().filter(({ kind }) => kind === 'declared')
  const lowLevel = listResources(policy).flatMap((resource) =>
    ['*', ...resource.actions.map(({ name }) => name)].flatMap(
      (action) => policy.scopes.get(`${resource.name}:${action}`) ?? []
    )
  )
  return [...sortByName(declared), ...lowLevel]
}

/** Every alias with the scope it stands for, by alias. */
export function listAliases(policy: Policy): { readonly name: string; readonly scope: ScopeInfo }[] {
  return sortByName(policy.scopes.list().flatMap((scope) => scope.aliases.map((name) => ({ name, scope }))))
}

/** The sets of values that generated files have in common, in the order in which they list them. */
export interface Enumerations {
  readonly RBACResource: readonly string[]
  readonly RBACAction: readonly string[]
  readonly APIKeyScope: readonly string[]
}

export function enumerationsOf(policy: Policy): Enumerations {
  return {
    RBACResource: ['*', ...listResources(policy).map(({ name }) => name)],
    RBACAction: listActions(policy),
    APIKeyScope: listScopes(policy).map(({ name }) => name)
  }
}
