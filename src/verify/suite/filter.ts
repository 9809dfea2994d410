// Which statements a filter keeps: by the names in them, not by the cells that they look at.
import { splitName } from '../../problems/names.js'
import type { Statement, SuiteFilter } from './types.js'

/**
 * Whether a filter keeps a statement. An invariant about `resource:*` is about each action of the resource; its
 * subjects are those that it names, not all that it restricts.
 */
export function isKept({ subjects, permissions }: Statement, filter: SuiteFilter): boolean {
  const { subject, resource, action } = filter
  if (subject !== undefined && !subjects.includes(subject)) return false
  return (
    (resource === undefined && action === undefined) ||
    permissions.some((name) => isOf(name, resource, action))
  )
}

/** Whether a permission, `resource:action` or `resource:*`, is of this resource and of this action. */
export function isOf(permission: string, resource: string | undefined, action: string | undefined): boolean {
  const [type, verb] = splitName(permission)
  return (
    (resource === undefined || type === resource) && (action === undefined || verb === action || verb === '*')
  )
}
