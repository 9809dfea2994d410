// Permission sets → which permissions they name, and by which line. The key `'*'` stands for every resource without
// a key of its own; in a deny the wildcard applies in addition to the named keys.
import type { ActionList, PermissionSet } from '../document/types.js'
import type { Catalogue, CompiledPermission, CompiledResource } from './catalogue.js'
import { formatPath } from '../problems/path.js'
import type { Effect } from '../types.js'

/** One line of a permission set, and its place in the document. */
export interface WrittenLine {
  readonly key: string
  readonly list: ActionList
  readonly at: readonly (string | number)[]
  /** The actions of a long list (or of its `except`), as a set. */
  readonly names?: ReadonlySet<string> | undefined
}

/** The lines of a set by key: resource names and `'*'`. */
export type WrittenSet = ReadonlyMap<string, WrittenLine>

export const emptySet: WrittenSet = new Map()

/** A permission set, and its place in the document. */
export interface PlacedSet {
  readonly set: PermissionSet | undefined
  readonly at: readonly (string | number)[]
}

/** A list with more names than this is looked up in a set. */
const mostWalked = 8

/** Merges sets: the keys of a later one replace those of an earlier one. */
export function writeSets(layers: Iterable<PlacedSet>): WrittenSet {
  const lines = new Map<string, WrittenLine>()
  for (const { set, at } of layers)
    for (const key of Object.keys(set ?? {})) {
      const list = set?.[key]
      if (list !== undefined) lines.set(key, { key, list, at: [...at, key], names: namesOf(list) })
    }
  return lines.size === 0 ? emptySet : lines
}

/** Reads one set whose place in the document is not needed. */
export function writeSet(set: PermissionSet): WrittenSet {
  return writeSets([{ set, at: [] }])
}

function namesOf(list: ActionList): ReadonlySet<string> | undefined {
  if (list === '*') return undefined
  const names = 'except' in list ? list.except : list
  return names.length > mostWalked ? new Set(names) : undefined
}

/** The line that names a permission: that of the resource before that of the wildcard. */
export function lineFor(
  set: WrittenSet,
  effect: Effect,
  permission: CompiledPermission
): WrittenLine | undefined {
  const own = set.get(permission.resource)
  if (own !== undefined && lineHas(own, permission.action)) return own
  if (own !== undefined && effect === 'allow') return undefined
  const wildcard = set.get('*')
  return wildcard !== undefined && lineHas(wildcard, permission.action) ? wildcard : undefined
}

/** Whether a line names an action. */
export function lineHas({ list, names }: WrittenLine, action: string): boolean {
  if (names === undefined || list === '*') return listHas(list, action)
  return names.has(action) !== 'except' in list
}

/** Whether a line's list names an action. */
export function listHas(list: ActionList, action: string): boolean {
  if (list === '*') return true
  return 'except' in list ? !list.except.includes(action) : list.includes(action)
}

/**
 * Visits every permission that the set names until `visit` returns `true`; returns whether it did. It walks the lines
 * and not the catalogue, since most sets name little of a large catalogue. In a deny, a permission that both the line
 * of its resource and that of the wildcard name is visited twice.
 */
export function someNamed(
  set: WrittenSet,
  effect: Effect,
  { resources }: Catalogue,
  visit: (permission: CompiledPermission) => boolean
): boolean {
  for (const line of set.values()) {
    if (line.key !== '*') {
      const resource = resources.get(line.key)
      if (resource !== undefined && someOfLine(line, resource, visit)) return true
    } else
      for (const resource of resources.values())
        if ((effect === 'deny' || !set.has(resource.name)) && someOfLine(line, resource, visit)) return true
  }
  return false
}

function someOfLine(
  line: WrittenLine,
  { actions }: CompiledResource,
  visit: (permission: CompiledPermission) => boolean
): boolean {
  const { list } = line
  if (list !== '*' && !('except' in list)) {
    for (const action of list) {
      const permission = actions.get(action)
      if (permission !== undefined && visit(permission)) return true
    }
    return false
  }
  for (const permission of actions.values())
    if ((list === '*' || lineHas(line, permission.action)) && visit(permission)) return true
  return false
}

/** Sets a bit for every permission that the set names. */
export function setBits(
  table: Uint8Array,
  bit: number,
  set: WrittenSet,
  effect: Effect,
  catalogue: Catalogue
): void {
  someNamed(set, effect, catalogue, ({ index }) => {
    table[index] = (table[index] ?? 0) | bit
    return false
  })
}

/** The permission as its line writes it: `workspace:read`, `workspace:*`, `*:read`, `workspace:* except ssh`. */
export function writtenPermission(line: WrittenLine, action: string): string {
  if (line.list === '*') return `${line.key}:*`
  if ('except' in line.list) return `${line.key}:* except ${line.list.except.join(', ')}`
  return `${line.key}:${action}`
}

/** The path of a line, as `roles.owner.grants.site.allow.boundary_log`. */
export function linePath(line: WrittenLine): string {
  return formatPath(line.at)
}
