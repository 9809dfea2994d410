// The page of enumerated values: the possible values of each field of a request.
import type { Policy } from '../../policy/types/index.js'
import { enumerationsOf, listAliases, listRoles } from '../names.js'
import { cellCodes, page, table } from './markdown.js'

export function valuesPage(policy: Policy, generated: string): string {
  const { RBACResource, RBACAction, APIKeyScope } = enumerationsOf(policy)
  const roles = listRoles(policy).map(({ name }) => name)
  const rows: [string, readonly string[]][] = [
    ['`type`', RBACResource],
    ['`action`', RBACAction],
    ['`role`', roles],
    ['`scopes`', APIKeyScope],
    ['`scopes` (deprecated)', listAliases(policy).map(({ name }) => name)]
  ]
  return page([
    '# Enumerated values',
    generated,
    table(
      ['Property', 'Value(s)'],
      rows
        .filter(([, values]) => values.length > 0)
        .map(([property, values]) => [property, cellCodes(values)])
    )
  ])
}
