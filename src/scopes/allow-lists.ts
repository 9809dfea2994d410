// Functions on allow lists, for servers that mint keys: parse, normalize, unite, intersect, match. They match exactly
// as decisions do, and a ceiling accepts every list that they return, unless it is too long.
import { splitName } from '../problems/names.js'
import type { Policy } from '../policy/types/index.js'
import { idsMatch, type AllowList, type IdsByType } from '../request/allow-list.js'
import type { Names, ResourceOf } from '../document/index.js'
import type { Parsed } from '../policy/parse.js'
import { rowField } from '../problems/own-fields.js'
import { RequestProblems } from '../problems/request-problems.js'
import { intersectIds, mostEntries, normalEntries, readEntries, uniteIds } from './entries.js'
import { compiledOf } from '../compile/compile.js'

/** An entry in two parts, as in an HTTP API; the other form is the text `type:id`. */
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

/** The parts of an object that a list matches: its type, and its id if it has one. Nothing else is read. */
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
 * Parses a list from outside. Gives its entries as texts in the same order, UUIDs in lower case where the policy's ids
 * are UUIDs; or every problem, each with the path of its entry: `[2]`, or `[2].id` where the entry has two parts.
 *
 * @throws CasemateError `invalid_settings` for a `maxEntries` that is invalid.
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
 * The list in normal form: the same for all lists with the same entries. No duplicates. `*:*` replaces all other
 * entries, `type:*` the ids of its type, `*:id` that id of every type. `*` comes before types, types are in catalogue
 * order, `*` comes before ids.
 *
 * @throws RequestError `invalid_allow_list_entry`; `invalid_request` for anything but a list.
 */
export function normalizeAllowList<N extends Names>(
  policy: Policy<N>,
  list: AllowListInput
): readonly string[]
export function normalizeAllowList(policy: Policy, list: AllowListInput): readonly string[] {
  return normal(policy, idsOf(policy, list, []))
}

/**
 * A list in normal form that matches every object that one of the lists matches; without lists, none. It may have more
 * entries than a ceiling accepts.
 *
 * @throws RequestError `invalid_allow_list_entry`; `invalid_request` for anything but a list.
 */
export function uniteAllowLists<N extends Names>(
  policy: Policy<N>,
  ...lists: readonly AllowListInput[]
): readonly string[]
export function uniteAllowLists(policy: Policy, ...lists: readonly AllowListInput[]): readonly string[] {
  return normal(policy, readAll(policy, lists).reduce<IdsByType>(uniteIds, new Map()))
}

/**
 * A list in normal form that matches every object that all the lists match; without lists, every object. It may have
 * more entries than a ceiling accepts: one for each `type:*` and `*:id` that meet.
 *
 * @throws RequestError `invalid_allow_list_entry`; `invalid_request` for anything but a list.
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
 * Whether an entry of the list matches an object, exactly as in a decision: only `type:*` and `*:*` match an object
 * without id, and ids are compared as they are.
 *
 * @throws RequestError `invalid_allow_list_entry`; `invalid_request` for anything but a list.
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

/** The entries of a list in two parts, as for the response of an HTTP API. Checks nothing; ids may have colons. */
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
