// Changes permission sets by one line or action. A valid set stays valid: no action that a resource lacks, no key on a
// prototype. Removing a line never lets the wildcard reach a resource that the line kept out of it.
import { listHas, partsOf, type LinePart } from '../compile/permission-set.js'
import type { Catalogue } from '../compile/catalogue.js'
import type { ActionList, PermissionSet } from '../document/types.js'
import type { Effect } from '../types.js'

/** What may stand in a list: an action, or actions of objects with attributes. */
type ListItem = Extract<ActionList, readonly unknown[]>[number]

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

/** Whether a list asks for attributes of objects. */
export function isConditional(list: ActionList): boolean {
  return partsOf(list).some(({ where }) => where !== undefined)
}

/** A list of the parts of one, each of them changed; parts without actions are left out. */
export function mapParts(
  list: ActionList,
  actions: readonly string[],
  change: (part: LinePart, index: number) => LinePart
): readonly ListItem[] {
  return partsOf(list).flatMap((part, index): readonly ListItem[] => {
    const changed = change(part, index)
    const named = namesOf(changed, actions)
    if (named.length === 0) return []
    return changed.where === undefined ? named : [{ actions: named, where: changed.where }]
  })
}

/** The parts of a list as the items of a list. */
export function itemsOf(list: ActionList, actions: readonly string[]): readonly ListItem[] {
  return mapParts(list, actions, (part) => part)
}

/** The actions that a part names, as a list. */
export function namesOf({ names, isExcept }: LinePart, actions: readonly string[]): readonly string[] {
  if (names === '*') return actions
  return isExcept ? actions.filter((action) => !names.includes(action)) : names
}

/** Writes actions as a list; a list with `except` stays one, unless one of those left out is implied by the others. */
export function writeList(
  chosen: ReadonlySet<string>,
  actions: readonly string[],
  like: ActionList | undefined,
  implying: Implying = noneImplied
): ActionList {
  const left = actions.filter((action) => !chosen.has(action))
  if (left.length === 0) return '*'
  const isByException = like === '*' || (like !== undefined && 'except' in like)
  const isImplied = left.some((action) => implying(action).some((other) => chosen.has(other)))
  return isByException && chosen.size > 0 && !isImplied
    ? { except: left }
    : actions.filter((action) => chosen.has(action))
}

/** The actions that imply an action. */
type Implying = (action: string) => readonly string[]

const noneImplied: Implying = () => []

/** What implies an action of a key, in an allow; under the wildcard, of any resource. */
function implyingUnder({ resources }: Catalogue, effect: Effect, key: string): Implying {
  if (effect === 'deny') return noneImplied
  const all = key === '*' ? [...resources.values()] : [resources.get(key)]
  return (action) => all.flatMap((resource) => resource?.implying.get(action) ?? [])
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
  if (isConditional(list)) return withLine(set, key, mapParts(list, actions, without(action, actions)))
  return withLine(set, key, writeList(left, actions, list, implyingUnder(catalogue, effect, key)))
}

/** A part without an action. */
export function without(action: string, actions: readonly string[]): (part: LinePart) => LinePart {
  return (part) => {
    const names = namesOf(part, actions).filter((name) => name !== action)
    return { ...part, names, isExcept: false }
  }
}

/** The set with some actions more under a key, of every object. */
export function withActions(
  set: PermissionSet | undefined,
  effect: Effect,
  key: string,
  added: Iterable<string>,
  catalogue: Catalogue
): PermissionSet {
  const actions = actionsUnder(catalogue, key)
  const line = lineOf(set, key) ?? (effect === 'allow' ? lineOf(set, '*') : undefined)
  if (line !== undefined && isConditional(line)) {
    return withLine(set, key, [...new Set([...itemsOf(line, actions), ...added])])
  }
  const all = new Set([...namedBy(set, effect, key, catalogue), ...added])
  return withLine(set, key, writeList(all, actions, lineOf(set, key), implyingUnder(catalogue, effect, key)))
}
