// Allow lists: entries `type:id`, `type:*`, `*:id`, `*:*`, split at the first colon → a matcher.
// An entry of another form is a problem; it never counts as an entry that matches nothing.
import { isPlainObject } from '../problems/plain.js'
import type { Path } from '../problems/path.js'
import { splitName } from '../problems/names.js'
import { isUuid, longestAllowList, uuidAt } from '../document/ids.js'
import type { Problems } from '../problems/problems.js'
import type { RequestErrorCode } from '../errors.js'
import type { RequestProblems } from '../problems/request-problems.js'
import { quoteValue } from '../problems/quote.js'
import { type AllowListContext, listedId } from '../compile/list-context.js'

/** The listed ids by type (or `*`); the id `*` stands for every id and for objects without one. */
export type IdsByType = ReadonlyMap<string, ReadonlySet<string>>

/** An entry in its two parts. */
export interface Target {
  readonly type: string
  readonly id: string
}

export interface AllowList {
  /** As given; ids in lower case where the policy's ids are UUIDs. Frozen, since explanations return it. */
  readonly entries: readonly string[]
  readonly targets: readonly Target[]
  readonly ids: IdsByType
}

/** What collects problems of entries: those of a question, or of a token request. */
export type EntryProblems = Pick<
  Problems<Extract<RequestErrorCode, 'invalid_allow_list_entry' | 'allow_list_too_long'>>,
  'add' | 'suggest'
>

/** What collects problems of a list: those of a question, or of a token request. */
export type ListProblems = EntryProblems & Pick<RequestProblems, 'addShape' | 'addUnknownKey'>

/** How a list may be written. */
export interface ListForm {
  /** How many entries it may have. */
  readonly most?: number
  /** Reads an entry `{ type, id }` or adds its problems; without it, only texts are entries. */
  readonly readRecord?: (list: AllowListBuilder, entry: Readonly<Record<string, unknown>>, path: Path) => void
}

/**
 * Reads the list of entries at `path`. Wrong entries are added to `problems` and left out; a list that is too long is
 * not read at all.
 */
export function readAllowList(
  given: unknown,
  path: Path,
  context: AllowListContext,
  problems: ListProblems,
  { most = longestAllowList, readRecord }: ListForm = {}
): AllowList {
  const list = new AllowListBuilder()
  if (!Array.isArray(given)) problems.addShape(path, 'a list of `type:id`', given)
  else if (given.length > most)
    problems.add('allow_list_too_long', path, `${given.length} entries are more than ${most}`, given.length)
  // By index: a hole is an entry that is missing, and a problem.
  else
    for (let i = 0; i < given.length; i++) {
      const entry: unknown = given[i]
      if (addEntry(list, entry, context)) continue
      if (readRecord !== undefined && isPlainObject(entry)) readRecord(list, entry, [...path, i])
      else refuseEntry(entry, [...path, i], context, problems)
    }
  return list
}

/** A list being read. Its texts and its index are made when first needed: most lists are short and simply walked. */
export class AllowListBuilder implements AllowList {
  readonly targets: Target[] = []
  #entries: readonly string[] | undefined
  #ids: IdsByType | undefined

  get entries(): readonly string[] {
    return (this.#entries ??= Object.freeze(this.targets.map(({ type, id }) => `${type}:${id}`)))
  }

  get ids(): IdsByType {
    return (this.#ids ??= idsOf([this]))
  }

  /** Adds a checked entry. Must not be called after `entries` or `ids` were read. */
  add(type: string, id: string): void {
    this.targets.push({ type, id })
  }
}

/** One index of all entries of several lists. */
export function idsOf(lists: Iterable<Pick<AllowList, 'targets'>>): IdsByType {
  const ids = new Map<string, Set<string>>()
  for (const { targets } of lists)
    for (const { type, id } of targets) {
      const ofType = ids.get(type)
      if (ofType === undefined) ids.set(type, new Set([id]))
      else ofType.add(id)
    }
  return ids
}

/**
 * Checks a text entry and adds it; returns false, and adds nothing, if it is wrong. Fast, since keys are read often.
 */
export function addEntry(list: AllowListBuilder, entry: unknown, context: AllowListContext): boolean {
  if (typeof entry !== 'string') return false
  const colon = entry.indexOf(':')
  if (colon <= 0) return false
  const type = entry.slice(0, colon)
  const id = entry.slice(colon + 1)
  if (context.ids !== 'uuid' || id === '*' || !isType(type, context))
    return addTarget(list, type, id, context)
  const letters = uuidAt(entry, colon + 1)
  if (letters === 'lower') list.add(type, id)
  return letters === 'lower' || (letters === 'mixed' && addTarget(list, type, id, context))
}

/** Checks an entry in two parts and adds it; returns false, and adds nothing, if it is wrong. */
export function addTarget(
  list: AllowListBuilder,
  type: string,
  id: string,
  context: AllowListContext
): boolean {
  if (targetFault(type, id, context) !== undefined) return false
  list.add(type, listedId(id, context))
  return true
}

/** What can be wrong with the two parts of an entry. */
export type TargetFault = 'unknown_type' | 'no_id' | 'not_a_uuid'

/** What is wrong with the type and the id of an entry; `undefined` if nothing is. */
export function targetFault(type: string, id: string, context: AllowListContext): TargetFault | undefined {
  if (!isType(type, context)) return 'unknown_type'
  if (id === '') return 'no_id'
  return id === '*' || context.ids !== 'uuid' || isUuid(id) ? undefined : 'not_a_uuid'
}

function isType(type: string, { catalogue }: AllowListContext): boolean {
  return type === '*' || catalogue.resources.has(type)
}

/** Adds the problem of an entry that `addEntry` refused. */
export function refuseEntry(
  entry: unknown,
  path: readonly (string | number)[],
  context: AllowListContext,
  problems: EntryProblems
): void {
  const refuse = (why: string, hint?: string): void => {
    problems.add('invalid_allow_list_entry', path, `${why}: ${quoteValue(entry)}`, entry, hint)
  }
  if (typeof entry !== 'string') {
    refuse('not a text `type:id`')
    return
  }
  const [type, id] = splitName(entry)
  if (type === undefined) {
    refuse('an entry without a colon; write `type:id`')
    return
  }
  const fault = targetFault(type, id, context)
  if (fault === undefined) throw new TypeError('an entry without a fault was refused')
  const hint = fault === 'unknown_type' ? problems.suggest(type, context.catalogue.resources) : undefined
  refuse(faultTexts[fault], hint === undefined ? undefined : `${hint}:${id}`)
}

const faultTexts: Readonly<Record<TargetFault, string>> = {
  unknown_type: 'an entry of an unknown type',
  no_id: 'an entry without id',
  not_a_uuid: 'an id that is neither a UUID nor `*`'
}

/** A list with more entries than this is looked up in its index. */
const mostWalked = 8

/**
 * Whether an entry matches an object: type equal or `*`, and id equal or `*`. An object without id matches only
 * `type:*` and `*:*`.
 */
export function listMatches(list: AllowList, type: string, id: string | undefined): boolean {
  if (list.targets.length > mostWalked) return idsMatch(list.ids, type, id)
  for (const target of list.targets)
    if ((target.type === type || target.type === '*') && (target.id === '*' || target.id === id)) return true
  return false
}

/** The same, for a list as an index. */
export function idsMatch(ids: IdsByType, type: string, id: string | undefined): boolean {
  return hasId(ids.get(type), id) || hasId(ids.get('*'), id)
}

function hasId(ids: ReadonlySet<string> | undefined, id: string | undefined): boolean {
  return ids !== undefined && (ids.has('*') || (id !== undefined && ids.has(id)))
}
