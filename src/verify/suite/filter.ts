// Which statements a filter keeps: by what they name, never by what they happen to look at.
import { splitName } from '../../problems/names.js'
import type { Statement, SuiteFilter } from './types.js'

/**
 * Whether a statement is one that the filter asks for. An invariant with `resource:*` is about each of its actions, and
 * names the subjects that it speaks of, not all whom it binds.
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
