// Changes permission sets by one line or action. A valid set stays valid: no action that a resource lacks, no key on a
// prototype. Removing a line never lets the wildcard reach a resource that the line kept out of it.
import { listHas } from '../compile/permission-set.js'
import type { Catalogue } from '../compile/catalogue.js'
import type { ActionList, PermissionSet } from '../document/types.js'
import type { Effect } from '../types.js'

/** The actions that a key can list, in catalogue order. */
export function actionsUnder({ resources, grid }: Catalogue, key: string): readonly string[] {
  return key === '*' ? [...grid.columns.keys()] : [...(resources.get(key)?.actions.keys() ?? [])]
}

/** The line that a set has under a key. */
export function lineOf(set: PermissionSet | undefined, key: string): ActionList | undefined {
  return set !== undefined && Object.hasOwn(set, key) ? set[key] : undefined
}

/** The actions that a set names for a key: by its own line, or in an allow else by the wildcard. */
export function namedBy(
  set: PermissionSet | undefined,
  effect: Effect,
  key: string,
  catalogue: Catalogue
): ReadonlySet<string> {
  const line = lineOf(set, key) ?? (effect === 'allow' ? lineOf(set, '*') : undefined)
  return new Set(line === undefined ? [] : expand(line, actionsUnder(catalogue, key)))
}

/** The actions of a list, of those that there are. */
export function expand(list: ActionList, actions: readonly string[]): string[] {
  return actions.filter((action) => listHas(list, action))
}

/** Writes actions as a list; a list with `except` stays one. */
export function writeList(
  chosen: ReadonlySet<string>,
  actions: readonly string[],
  like: ActionList | undefined
): ActionList {
  const left = actions.filter((action) => !chosen.has(action))
  if (left.length === 0) return '*'
  const isByException = like === '*' || (like !== undefined && 'except' in like)
  return isByException && chosen.size > 0 ? { except: left } : actions.filter((action) => chosen.has(action))
}

export function withLine(set: PermissionSet | undefined, key: string, list: ActionList): PermissionSet {
  return Object.fromEntries([...Object.entries(set ?? {}).filter(([name]) => name !== key), [key, list]])
}

/** The set without a line; in an allow with a wildcard an empty line stays, to keep the wildcard out. */
export function withoutLine(set: PermissionSet | undefined, effect: Effect, key: string): PermissionSet {
  if (effect === 'allow' && key !== '*' && lineOf(set, '*') !== undefined) return withLine(set, key, [])
  return Object.fromEntries(Object.entries(set ?? {}).filter(([name]) => name !== key))
}

/** The set without an action of a line. */
export function withoutAction(
  set: PermissionSet,
  effect: Effect,
  key: string,
  action: string,
  catalogue: Catalogue
): PermissionSet {
  const actions = actionsUnder(catalogue, key)
  const list = lineOf(set, key) ?? []
  const left = new Set(expand(list, actions).filter((name) => name !== action))
  if (left.size === 0) return withoutLine(set, effect, key)
  return withLine(set, key, writeList(left, actions, list))
}

/** The set with some actions more under a key. */
export function withActions(
  set: PermissionSet | undefined,
  effect: Effect,
  key: string,
  added: Iterable<string>,
  catalogue: Catalogue
): PermissionSet {
  const actions = actionsUnder(catalogue, key)
  const all = new Set([...namedBy(set, effect, key, catalogue), ...added])
  return withLine(set, key, writeList(all, actions, lineOf(set, key)))
}
