// Permission sets → which permissions they name, and by which line. The key `'*'` stands for every resource without
// a key of its own; in a deny the wildcard applies in addition to the named keys. An allow of an action is one of those
// that it implies.
import type { ActionList, PermissionSet, Where } from '../document/types.js'
import { formatPath } from '../problems/path.js'
import { isList } from '../problems/plain.js'
import type { Effect } from '../types.js'
import { fulfils } from './attributes.js'
import type { Catalogue, CompiledPermission, CompiledResource } from './catalogue.js'

/** Actions that a line names together: all, some, or all but some, of every object or of those with attributes. */
export interface LinePart {
  readonly names: '*' | readonly string[]
  readonly isExcept: boolean
  readonly where: Where | undefined
  /** The names of a long list, as a set. */
  readonly lookup?: ReadonlySet<string> | undefined
}

/** One line of a permission set, and its place in the document. */
export interface WrittenLine {
  readonly key: string
  readonly list: ActionList
  readonly at: readonly (string | number)[]
  readonly parts: readonly LinePart[]
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
      if (list !== undefined) lines.set(key, { key, list, at: [...at, key], parts: partsOf(list) })
    }
  return lines.size === 0 ? emptySet : lines
}

/** Reads one set whose place in the document is not needed. */
export function writeSet(set: PermissionSet): WrittenSet {
  return writeSets([{ set, at: [] }])
}

/** What a list names, in the order in which it is written; its plain actions come first, together. */
export function partsOf(list: ActionList): readonly LinePart[] {
  if (list === '*') return everything
  if (!isList(list))
    return 'except' in list
      ? [partOf(list.except, true, list.where)]
      : [partOf(list.actions, false, list.where)]
  const plain: string[] = []
  const parts: LinePart[] = []
  for (const item of list) {
    if (typeof item === 'string') plain.push(item)
    else parts.push(partOf(item.actions, false, item.where))
  }
  if (plain.length > 0 || parts.length === 0) parts.unshift(partOf(plain, false, undefined))
  return parts
}

const everything: readonly LinePart[] = Object.freeze([partOf('*', false, undefined)])

function partOf(names: LinePart['names'], isExcept: boolean, where: Where | undefined): LinePart {
  const lookup = names !== '*' && names.length > mostWalked ? new Set(names) : undefined
  return { names, isExcept, where, lookup }
}

/** The line that names a permission: that of the resource before that of the wildcard. */
export function lineFor(
  set: WrittenSet,
  effect: Effect,
  permission: CompiledPermission
): WrittenLine | undefined {
  const own = set.get(permission.resource)
  if (own !== undefined && lineHas(own, effect, permission)) return own
  if (own !== undefined && effect === 'allow') return undefined
  const wildcard = set.get('*')
  return wildcard !== undefined && lineHas(wildcard, effect, permission) ? wildcard : undefined
}

/** Whether a line names a permission. */
export function lineHas(
  { parts }: Pick<WrittenLine, 'parts'>,
  effect: Effect,
  permission: CompiledPermission
): boolean {
  return parts.some((part) => namingAction(part, effect, permission) !== undefined)
}

/** The same of a line's list. */
export function listNames(list: ActionList, effect: Effect, permission: CompiledPermission): boolean {
  return lineHas({ parts: partsOf(list) }, effect, permission)
}

/** The action of a part that names a permission: its own, or one that implies it. */
function namingAction(part: LinePart, effect: Effect, permission: CompiledPermission): string | undefined {
  const { action, definition, attributes } = permission
  if (part.where !== undefined && !fulfils(attributes, part.where)) return undefined
  if (partHas(part, action)) return action
  // In an allow of a checked document nothing implies what is left out; a stand-in for what is added it never lets in.
  if (effect === 'deny' || part.isExcept) return undefined
  return definition.implying.get(action)?.find((implying) => partHas(part, implying))
}

function partHas({ names, isExcept, lookup }: LinePart, action: string): boolean {
  if (names === '*') return true
  return (lookup === undefined ? names.includes(action) : lookup.has(action)) !== isExcept
}

/** Whether a list names an action itself, of some objects at least. */
export function listHas(list: ActionList, action: string): boolean {
  return partsOf(list).some((part) => partHas(part, action))
}

/**
 * Visits every permission that the set names until `visit` returns `true`; returns whether it did. It walks the lines
 * and not the catalogue, since most sets name little of a large catalogue. A permission that several parts or lines
 * name, or that several actions imply, is visited for each.
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
      if (resource !== undefined && someOfLine(line, effect, resource, visit)) return true
    } else
      for (const resource of resources.values())
        if ((effect === 'deny' || !set.has(resource.name)) && someOfLine(line, effect, resource, visit))
          return true
  }
  return false
}

type Visit = (permission: CompiledPermission) => boolean

function someOfLine(
  { parts }: WrittenLine,
  effect: Effect,
  resource: CompiledResource,
  visit: Visit
): boolean {
  const isImplying = effect === 'allow' && resource.implying.size > 0
  return parts.some((part) =>
    isImplying || part.isExcept || part.names === '*'
      ? resource.permissions.some(
          (permission) => namingAction(part, effect, permission) !== undefined && visit(permission)
        )
      : someOfNames(part, part.names, resource, visit)
  )
}

/** The permissions of listed actions, found by their names. */
function someOfNames(
  { where }: LinePart,
  names: readonly string[],
  { actions, permissions }: CompiledResource,
  visit: Visit
): boolean {
  return names.some((name) => {
    const first = actions.get(name)
    if (first === undefined) return false
    if (permissions.length === actions.size) return visit(first)
    return permissions.some(
      (one) => one.action === name && (where === undefined || fulfils(one.attributes, where)) && visit(one)
    )
  })
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

/**
 * The permission as its line writes it: `workspace:read`, `workspace:*`, `*:read`, `workspace:* except ssh`,
 * `document:update where status = draft`. Where the line names it by an action that implies it, that action.
 */
export function writtenPermission(line: WrittenLine, effect: Effect, permission: CompiledPermission): string {
  for (const part of line.parts) {
    const action = namingAction(part, effect, permission)
    if (action === undefined) continue
    const { names, isExcept, where } = part
    const written = names === '*' ? '*' : isExcept ? `* except ${names.join(', ')}` : action
    return `${line.key}:${written}${where === undefined ? '' : ` where ${whereText(where)}`}`
  }
  return permission.name
}

/** A condition on attributes, as `status = draft | published, locked = false`. */
export function whereText(where: Where): string {
  return Object.entries(where)
    .map(([name, value]) => `${name} = ${[value].flat().join(' | ')}`)
    .join(', ')
}

/** The path of a line, as `roles.owner.grants.site.allow.boundary_log`. Explanations name the same few over and over. */
export function linePath(line: WrittenLine): string {
  const written = paths.get(line)
  if (written !== undefined) return written
  const path = formatPath(line.at)
  paths.set(line, path)
  return path
}

const paths = new WeakMap<WrittenLine, string>()
