// Permission sets → which permissions they name, and by which line. The key `'*'` stands for every resource without
// a key of its own; in a deny the wildcard and the named keys add up.
import type { ActionList, Effect, PermissionSet } from '../document/types.js'
import { formatPath } from '../document/suggest.js'
import type { CompiledPermission } from './catalogue.js'

/** One line of a permission set, and where it stands in the document. */
export interface WrittenLine {
  readonly key: string
  readonly list: ActionList
  readonly at: readonly (string | number)[]
}

/** The lines of a set by key: resource names and `'*'`. */
export type WrittenSet = ReadonlyMap<string, WrittenLine>

export const emptySet: WrittenSet = new Map()

/** Reads a set that stands at a path; later sets given on top replace its keys. */
export function writeSet(
  set: PermissionSet | undefined,
  at: readonly (string | number)[],
  under: WrittenSet = emptySet
): WrittenSet {
  if (set === undefined) return under
  const lines = new Map(under)
  for (const key of Object.keys(set)) {
    const list = set[key]
    if (list !== undefined) lines.set(key, { key, list, at: [...at, key] })
  }
  return lines
}

/** The line that names a permission; the resource's own before the wildcard's. */
export function lineFor(
  set: WrittenSet,
  effect: Effect,
  permission: CompiledPermission
): WrittenLine | undefined {
  const own = set.get(permission.resource)
  if (own !== undefined && listHas(own.list, permission.action)) return own
  if (own !== undefined && effect === 'allow') return undefined
  const wildcard = set.get('*')
  return wildcard !== undefined && listHas(wildcard.list, permission.action) ? wildcard : undefined
}

/** Whether a line's list names an action. */
export function listHas(list: ActionList, action: string): boolean {
  if (list === '*') return true
  return 'except' in list ? !list.except.includes(action) : list.includes(action)
}

/** Sets a bit for every permission that the set names. */
export function paint(
  table: Uint8Array,
  bit: number,
  set: WrittenSet,
  effect: Effect,
  permissions: readonly CompiledPermission[]
): void {
  if (set.size === 0) return
  for (const permission of permissions)
    if (lineFor(set, effect, permission) !== undefined)
      table[permission.index] = (table[permission.index] ?? 0) | bit
}

/** The permission as its line has it: `workspace:read`, `workspace:*`, `*:read`, `workspace:* except ssh`. */
export function writtenPermission(line: WrittenLine, action: string): string {
  if (line.list === '*') return `${line.key}:*`
  if ('except' in line.list) return `${line.key}:* except ${line.list.except.join(', ')}`
  return `${line.key}:${action}`
}

/** Where a line stands, as `roles.owner.grants.site.allow.boundary_log`. */
export function linePath(line: WrittenLine): string {
  return formatPath(line.at)
}
