// Allow lists for whoever mints keys: parsed from outside, in normal form, united, intersected, asked. All of it is the
// the matching of decisions; a list that these functions return is one that a ceiling takes, unless it is too long for
// one.
import { splitName } from '../problems/names.js'
import type { Policy } from '../policy/types/index.js'
import { idsMatch, type AllowList, type IdsByType } from '../request/allow-list.js'
import type { Names, ResourceOf } from '../document/index.js'
import type { Parsed } from '../policy/parse.js'
import { rowField } from '../problems/own-fields.js'
import { RequestProblems } from '../problems/request-problems.js'
import { intersectIds, mostEntries, normalEntries, readEntries, uniteIds } from './entries.js'
import { compiledOf } from '../compile/compile.js'

/** An entry in two parts, as an HTTP API has it; the other form is the text `type:id`. */
export interface AllowListTarget {
  /** A resource, or `*`. */
  readonly type: string
  /** An id, or `*`. */
  readonly id: string
}

/** An entry in either form. */
export type AllowListEntry = string | AllowListTarget

/** A list in either form, or in both. */
export type AllowListInput = readonly AllowListEntry[]

/** Limits of a list. */
export interface AllowListSettings {
  /** The most entries, counted as given: from 0 to 128, which is the default. */
  readonly maxEntries?: number | undefined
}

/** What is asked of a list: an object's type, and its id unless it has none. Whatever else it has is not read. */
export interface ListedObject<R extends string = string> {
  /** The resource. */
  readonly type: R
  /** Which one it is. Without it, only `type:*` and `*:*` match. */
  readonly id?: string | null | undefined
  /** Not read. */
  readonly owner?: unknown
  /** Not read. */
  readonly org?: unknown
  /** Not read. */
  readonly anyOrg?: unknown
  /** Not read. */
  readonly acl?: unknown
}

/**
 * A list from outside, its entries as texts in the order given, UUIDs in lower case where the policy's ids are UUIDs.
 * Otherwise every problem, each with the path of its entry: `[2]`, or `[2].id` where the entry has two parts.
 *
 * @throws CasemateError `invalid_settings` for a `maxEntries` that no list can have.
 */
export function parseAllowList<N extends Names>(
  policy: Policy<N>,
  list: unknown,
  settings?: AllowListSettings
): Parsed<readonly string[]>
export function parseAllowList(
  policy: Policy,
  list: unknown,
  settings: AllowListSettings = {}
): Parsed<readonly string[]> {
  const problems = new RequestProblems()
  const maxEntries = Object.hasOwn(settings, 'maxEntries') ? settings.maxEntries : undefined
  const context = compiledOf(policy).lists
  const { entries } = readEntries(list, [], mostEntries(maxEntries), context, problems)
  return problems.list.length > 0
    ? { ok: false, problems: problems.inOrder() }
    : { ok: true, value: Object.freeze(entries) }
}

/**
 * The list in normal form: the same for all lists with the same entries. No entry twice; `*:*` swallows all, `type:*`
 * the ids of its type, `*:id` that id of every type. `*` comes before types, types in catalogue order, `*` before ids.
 *
 * @throws RequestError `invalid_allow_list_entry`; `invalid_request` for what is no list.
 */
export function normalizeAllowList<N extends Names>(
  policy: Policy<N>,
  list: AllowListInput
): readonly string[]
export function normalizeAllowList(policy: Policy, list: AllowListInput): readonly string[] {
  return normal(policy, idsOf(policy, list, []))
}

/**
 * A list in normal form that matches the objects which any of the lists matches; of no list, none. It may have more
 * entries than a ceiling takes.
 *
 * @throws RequestError `invalid_allow_list_entry`; `invalid_request` for what is no list.
 */
export function uniteAllowLists<N extends Names>(
  policy: Policy<N>,
  ...lists: readonly AllowListInput[]
): readonly string[]
export function uniteAllowLists(policy: Policy, ...lists: readonly AllowListInput[]): readonly string[] {
  return normal(policy, readAll(policy, lists).reduce<IdsByType>(uniteIds, new Map()))
}

/**
 * A list in normal form that matches the objects which all the lists match; of no list, every object. It may have more
 * entries than a ceiling takes: one for each `type:*` and `*:id` that meet.
 *
 * @throws RequestError `invalid_allow_list_entry`; `invalid_request` for what is no list.
 */
export function intersectAllowLists<N extends Names>(
  policy: Policy<N>,
  ...lists: readonly AllowListInput[]
): readonly string[]
export function intersectAllowLists(policy: Policy, ...lists: readonly AllowListInput[]): readonly string[] {
  const everything: IdsByType = new Map([['*', new Set(['*'])]])
  return normal(policy, readAll(policy, lists).reduce<IdsByType>(intersectIds, everything))
}

/**
 * Whether an entry of the list matches an object, exactly as a decision asks it: an object without id is matched by
 * `type:*` and `*:*` alone, and ids are compared as they are.
 *
 * @throws RequestError `invalid_allow_list_entry`; `invalid_request` for what is no list.
 */
export function allowListMatches<N extends Names>(
  policy: Policy<N>,
  list: AllowListInput,
  object: ListedObject<ResourceOf<Policy<N>>>
): boolean
export function allowListMatches(policy: Policy, list: AllowListInput, object: ListedObject): boolean {
  const [type, id] = [rowField(object, 'type'), rowField(object, 'id')]
  const ids = idsOf(policy, list, [])
  return typeof type === 'string' && idsMatch(ids, type, typeof id === 'string' && id !== '' ? id : undefined)
}

/** The entries of a list in two parts, as an HTTP API answers them. Nothing is checked; ids may hold colons. */
export function toAllowListTargets(list: readonly string[]): readonly AllowListTarget[] {
  return list.map((entry) => {
    const [type = '', id] = splitName(entry)
    return { type, id }
  })
}

function readAll(policy: Policy, lists: readonly AllowListInput[]): readonly IdsByType[] {
  return lists.map((list, index) => idsOf(policy, list, [index]))
}

function idsOf(policy: Policy, list: AllowListInput, path: readonly number[]): AllowList['ids'] {
  const problems = new RequestProblems()
  const { ids } = readEntries(list, path, Number.POSITIVE_INFINITY, compiledOf(policy).lists, problems)
  problems.throwFirst()
  return ids
}

function normal(policy: Policy, ids: IdsByType): readonly string[] {
  return Object.freeze(normalEntries(ids, compiledOf(policy).catalogue.resources.keys()))
}
