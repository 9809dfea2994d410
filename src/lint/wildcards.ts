// Rules about the key `'*'`: it reaches nothing today, or will reach everything that is added.
import { listHas } from '../compile/permission-set.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import type { PermissionSet } from '../document/types.js'
import type { Rule } from './types.js'
import { quoteValue } from '../problems/quote.js'
import { isListEmpty, type Line } from './voters.js'
import { isCastBy, isReachable } from './votes.js'

export const futureWildcard: Rule = {
  id: 'future-wildcard',
  severity: 'warning',
  summary:
    'A wildcard in an allow of a role or a system subject: it will reach the resources that are added.',
  help: 'Name the resources, or say in `lint.ignore` why it may have whatever comes.',
  *find(context) {
    for (const { key, effect, at } of context.lines)
      if (key === '*' && effect === 'allow')
        yield { at, message: 'the wildcard will allow every resource that is added to the policy, too' }
  }
}

export const emptyWildcard: Rule = {
  id: 'empty-wildcard',
  severity: 'warning',
  summary: 'A wildcard that reaches nothing at its level.',
  help: 'Take it out, or move it to the level that was meant.',
  *find(context) {
    const { document, catalogue } = context.compiled
    const { permissions } = context
    for (const line of context.lines) {
      // An empty list belongs to another rule.
      if (line.key !== '*' || isListEmpty(line.list)) continue
      const reached = permissions.filter((permission) => isReachable(line.level, permission, catalogue))
      if (!isReaching(line, reached))
        yield { at: line.at, message: `the wildcard reaches nothing at level ${quoteValue(line.level)}` }
    }
    for (const key of ['scopes', 'scopeTemplates'] as const)
      for (const [name, { allow }] of Object.entries<{ readonly allow: PermissionSet }>(document[key] ?? {}))
        if (isWildcardIdle(allow, permissions))
          yield { at: [key, name, 'allow', '*'], message: 'the wildcard reaches nothing' }
  }
}

/**
 * Whether a wildcard names a permission at its level under some setting; in an allow, one without a line of its own.
 */
function isReaching(line: Line, permissions: readonly CompiledPermission[]): boolean {
  // In a deny the wildcard and the named keys add up.
  if (line.effect === 'deny') return permissions.some(({ action }) => listHas(line.list, action))
  return permissions.some((permission) =>
    line.voter.roleCasesAbout(permission, true).some(({ roleTable }) => isCastBy(roleTable, line, permission))
  )
}

function isWildcardIdle(set: PermissionSet, permissions: readonly CompiledPermission[]): boolean {
  const wildcard = Object.hasOwn(set, '*') ? set['*'] : undefined
  if (wildcard === undefined || isListEmpty(wildcard)) return false
  return !permissions.some(
    ({ resource, action }) => !Object.hasOwn(set, resource) && listHas(wildcard, action)
  )
}
