// Descriptions of the resources, roles and scopes of a policy, made on demand from the compiled form.
import type { CompiledPolicy } from '../compile/compile.js'
import type { CompiledResource } from '../compile/catalogue.js'
import { fillTemplate } from '../request/ceiling.js'
import { findRole, listRoles } from '../compile/role-index.js'
import type { CompiledRole } from '../compile/roles.js'
import type { CompiledScope } from '../compile/scopes.js'
import type { PolicyScopes, ResourceInfo, RoleInfo, ScopeInfo } from './types/index.js'
import { plainCopy } from '../problems/own-fields.js'
import { RequestProblems, requireText } from '../problems/request-problems.js'
import type { TemplateScope } from '../types.js'

export function resourceInfo(compiled: CompiledPolicy, resource: CompiledResource): ResourceInfo {
  const described = compiled.document.resources[resource.name]?.actions ?? {}
  return {
    name: resource.name,
    description: resource.description,
    org: resource.org,
    acl: resource.acl,
    in: Object.fromEntries(
      compiled.catalogue.containers.map((name, number) => [name, resource.places[number] ?? 'never'])
    ),
    attributes: Object.fromEntries(resource.attributes.map(({ name, values }) => [name, values])),
    actions: Object.entries(described).map(([name, description]) => ({ name, description }))
  }
}

export function roleInfo(role: CompiledRole): RoleInfo {
  const { name, kind, isCustom, document, place } = role
  const { title, description, assignable = true } = document
  return {
    name,
    kind,
    title,
    description,
    isCustom,
    org: kind === 'org' ? place : undefined,
    container: kind === 'org' ? undefined : place,
    isAssignable: assignable,
    document: plainCopy(document)
  }
}

export function roles(compiled: CompiledPolicy): {
  list(): RoleInfo[]
  get(name: string, place?: string, kind?: string): RoleInfo | undefined
} {
  return {
    list: () => listRoles(compiled.roles).map(roleInfo),
    get: (name, place, kind = 'org') => {
      requireText(['name'], 'the name of a role', name)
      if (place !== undefined)
        requireText([kind], kind === 'org' ? 'an organization' : `the id of a ${kind}`, place)
      const role = findRole(compiled.roles, name, place, kind)
      return role && roleInfo(role)
    }
  }
}

export function scopes(compiled: CompiledPolicy): PolicyScopes {
  const index = compiled.scopes
  return {
    list: (filter = {}) => {
      const isPublic = Object.hasOwn(filter, 'public') ? filter.public : undefined
      return index
        .list()
        .filter((scope) => isPublic === undefined || scope.isPublic === isPublic)
        .map((scope) => scopeInfo(scope))
    },
    get: (name) => {
      const scope = index.find(requireText(['name'], 'the name of a scope', name))
      return scope && scopeInfo(scope)
    },
    canonical: (name) => readScopeName(compiled, name),
    template: (name, params) => instantiate(compiled, name, params)
  }
}

export function scopeInfo(scope: CompiledScope): ScopeInfo {
  const { name, kind, isPublic, allow, document } = scope
  return {
    name,
    title: document?.title,
    description: document?.description,
    kind,
    isPublic,
    aliases: document?.aliases ?? [],
    allow: plainCopy(allow),
    permissions: [...new Set(scope.permissions().map((permission) => permission.name))]
  }
}

/** Finds a scope. `casemate/scopes` and `canonical` both use it, so that they agree about every name. */
export function findScope(
  compiled: CompiledPolicy,
  name: unknown,
  problems: RequestProblems
): CompiledScope | undefined {
  if (typeof name !== 'string') {
    problems.addShape([], 'the name of a scope', name)
    return undefined
  }
  const scope = compiled.scopes.find(name)
  if (scope === undefined) problems.addUnknown('unknown_scope', [], 'scope', name, compiled.scopes.names())
  return scope
}

function readScopeName(compiled: CompiledPolicy, name: unknown): string {
  const problems = new RequestProblems()
  const scope = findScope(compiled, name, problems)
  if (scope === undefined) throw problems.toError()
  return scope.name
}

function instantiate<T extends string>(
  compiled: CompiledPolicy,
  name: T,
  params: unknown
): { readonly template: T; readonly params: TemplateScope['params'] } {
  const problems = new RequestProblems()
  const filled = fillTemplate(name, params, [], compiled, problems)
  problems.throwFirst()
  if (filled === undefined) throw new TypeError('a template without problems was not filled')
  return Object.freeze({ template: name, params: filled.params })
}
