// The page of enumerated values: what a field of a request can be, as a reference of an API has it.
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
