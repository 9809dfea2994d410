// Entries of allow lists from outside, in both forms, and set operations on lists. A list stands for the objects that
// it matches, including those without id; an operation on lists gives the same operation on those objects.
import { compareNames } from '../problems/names.js'
import { settingsError } from '../problems/settings-error.js'
import {
  addTarget,
  idsMatch,
  readAllowList,
  type AllowListBuilder,
  targetFault,
  type AllowList,
  type ListProblems,
  type IdsByType,
  type TargetFault
} from '../request/allow-list.js'
import { longestAllowList } from '../document/ids.js'
import { ownFields } from '../problems/own-fields.js'
import { quoteValue } from '../problems/quote.js'
import type { AllowListContext } from '../compile/list-context.js'
import type { Path } from '../problems/path.js'

/**
 * Reads a list of entries in either form, `type:id` or `{ type, id }`. Wrong entries are added to `problems` and left
 * out; a list that is too long is not read at all.
 */
export function readEntries(
  given: unknown,
  path: Path,
  most: number,
  context: AllowListContext,
  problems: ListProblems
): AllowList {
  return readAllowList(given, path, context, problems, {
    most,
    readRecord: (list, entry, at) => {
      readTarget(list, entry, at, context, problems)
    }
  })
}

const targetKeys = new Set(['type', 'id'])

const faults: Readonly<Record<TargetFault, { readonly key: 'type' | 'id'; readonly text: string }>> = {
  unknown_type: { key: 'type', text: 'an unknown type' },
  no_id: { key: 'id', text: 'an empty id' },
  not_a_uuid: { key: 'id', text: 'an id that is neither a UUID nor `*`' }
}

/** One entry in two parts: `{ type, id }` without other keys. */
function readTarget(
  list: AllowListBuilder,
  entry: Readonly<Record<string, unknown>>,
  path: Path,
  context: AllowListContext,
  problems: ListProblems
): void {
  for (const key of Object.keys(entry))
    if (!targetKeys.has(key)) problems.addUnknownKey(path, key, targetKeys)
  const { type, id } = ownFields(entry, targetKeys)
  if (typeof type === 'string' && typeof id === 'string') {
    const fault = targetFault(type, id, context)
    if (fault === undefined) {
      addTarget(list, type, id, context)
      return
    }
    const { key, text } = faults[fault]
    const hint = fault === 'unknown_type' ? problems.suggest(type, context.catalogue.resources) : undefined
    const message = `${text}: ${quoteValue(entry[key])}`
    problems.add('invalid_allow_list_entry', [...path, key], message, entry[key], hint)
  } else
    for (const key of targetKeys) {
      if (typeof entry[key] === 'string') continue
      const message = `expected a text, not ${quoteValue(entry[key])}`
      problems.add('invalid_allow_list_entry', [...path, key], message, entry[key])
    }
}

/**
 * The most entries that a caller lets a list have.
 *
 * @throws CasemateError `invalid_settings` for more than any list may have, or for an invalid number.
 */
export function mostEntries(given: number | undefined): number {
  const most = given ?? longestAllowList
  if (Number.isInteger(most) && most >= 0 && most <= longestAllowList) return most
  const fault = `expected a whole number from 0 to ${longestAllowList}, not ${quoteValue(given)}`
  throw settingsError('maxEntries', fault, given)
}

function addId(ids: Map<string, Set<string>>, type: string, id: string): void {
  const ofType = ids.get(type)
  if (ofType === undefined) ids.set(type, new Set([id]))
  else ofType.add(id)
}

/** Whether a list matches all objects of an entry. The entry is matched like an object; its `*` like an id. */
function swallows(list: IdsByType, type: string, id: string): boolean {
  return idsMatch(list, type, id)
}

/** The entries that at least one of the lists has. */
export function uniteIds(a: IdsByType, b: IdsByType): IdsByType {
  const united = new Map<string, Set<string>>()
  for (const [type, id] of [...pairsOf(a), ...pairsOf(b)]) addId(united, type, id)
  return united
}

/** What both lists match: entries of one that the other covers, and `type:id` for each pair `type:*` and `*:id`. */
export function intersectIds(a: IdsByType, b: IdsByType): IdsByType {
  const common = new Map<string, Set<string>>()
  for (const [one, other] of [
    [a, b],
    [b, a]
  ] as const) {
    for (const [type, id] of pairsOf(one)) if (swallows(other, type, id)) addId(common, type, id)
    const ofAnyType = other.get('*') ?? []
    for (const [type, ids] of one) if (ids.has('*')) for (const id of ofAnyType) addId(common, type, id)
  }
  return common
}

/**
 * The normal form: no entry that another one covers; `*` before types, types in catalogue order, `*` before ids, ids
 * sorted by their characters.
 */
export function normalEntries(ids: IdsByType, types: Iterable<string>): readonly string[] {
  const ofAnyType = ids.get('*') ?? new Set()
  if (ofAnyType.has('*')) return ['*:*']
  return ['*', ...types].flatMap((type) => {
    const own = ids.get(type)
    if (own === undefined) return []
    if (own.has('*')) return [`${type}:*`]
    const kept = [...own].filter((id) => type === '*' || !ofAnyType.has(id))
    return kept.sort(compareNames).map((id) => `${type}:${id}`)
  })
}

function* pairsOf(ids: IdsByType): Generator<readonly [type: string, id: string]> {
  for (const [type, own] of ids) for (const id of own) yield [type, id]
}
