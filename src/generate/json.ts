// The names of a policy as JSON for programs in other languages. It has lists of records, so that a name is always a
// value and never a key, which some readers treat specially.
import { compareNames } from '../problems/names.js'
import type { Policy } from '../policy/types/index.js'
import { jsonText } from './escape.js'
import { listResources, listRoles, listScopes, sortByName } from './names.js'

/** The text of the JSON file. What the policy does not say is left out of a record. */
export function generateJson(policy: Policy): string {
  const { document } = policy
  const scopes = listScopes(policy)
  const data = {
    policy: policy.name,
    ids: document.ids ?? 'string',
    containers: document.containers,
    resources: listResources(policy).map(
      ({ name, description, org, in: places, acl, attributes, actions }) => ({
        name,
        description,
        org,
        in: document.containers && Object.entries(places).map(([container, place]) => ({ container, place })),
        acl,
        attributes: someOf(
          Object.entries(attributes).map(([attribute, values]) => ({ name: attribute, values }))
        ),
        actions: actions.map((action) => ({
          ...action,
          implies: document.resources[name]?.implies?.[action.name]
        }))
      })
    ),
    roles: listRoles(policy).map(({ name, kind, title, description, isAssignable, document: role }) => ({
      name,
      kind,
      title,
      description,
      includes: role.includes,
      assignable: isAssignable
    })),
    systemSubjects: sortByName(
      Object.entries(document.systemSubjects ?? {}).map(([name, { title, description }]) => ({
        name,
        title,
        description
      }))
    ),
    scopes: scopes.map(({ name, kind, isPublic, title, description, aliases, permissions }) => ({
      name,
      kind,
      public: isPublic,
      title,
      description,
      aliases,
      permissions: [...permissions].sort(compareNames)
    })),
    publicScopes: scopes.filter(({ isPublic }) => isPublic).map(({ name }) => name),
    defaultScopes: document.defaultScopes,
    scopeTemplates: sortByName(
      Object.entries(document.scopeTemplates ?? {}).map(([name, { title, description, params }]) => ({
        name,
        title,
        description,
        params: Object.entries(params).map(([param, kind]) => ({ name: param, kind }))
      }))
    )
  }
  return `${jsonText(data, '  ')}\n`
}

/** A list that is left out where it is empty. */
function someOf<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list
}
