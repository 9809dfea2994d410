// Allow lists: entries `type:id`, `type:*`, `*:id`, `*:*`, split at the first colon → a matcher of two lookups.
// An entry that is not of this form is a problem, never an entry that matches nothing.
import { isUuid, longestAllowList } from '../document/ids.js'
import type { Problems } from '../document/problem.js'
import { quoteValue } from '../document/suggest.js'
import type { RequestErrorCode } from '../errors.js'
import type { RequestProblems } from '../request-problems.js'
import type { Catalogue } from './catalogue.js'

export interface AllowList {
  /** As given; ids in lower case where the policy's ids are UUIDs. */
  readonly entries: readonly string[]
  /** By type (or `*`), the ids that are listed; `*` among them for every id and for objects without one. */
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>
}

/** What an entry is checked against. */
export interface AllowListContext {
  readonly catalogue: Catalogue
  readonly ids: 'uuid' | 'string'
}

/** What collects problems of entries: those of a question, or of a token request. */
export type EntryProblems = Pick<Problems<RequestErrorCode>, 'add' | 'suggest'>

/** Reads a list; what is wrong goes to `problems` and is left out. */
export function readAllowList(
  given: unknown,
  path: readonly (string | number)[],
  context: AllowListContext,
  problems: RequestProblems
): AllowList {
  const entries: string[] = []
  const ids = new Map<string, Set<string>>()
  if (!Array.isArray(given)) problems.addShape(path, 'a list of `type:id`', given)
  else if (given.length > longestAllowList)
    problems.add(
      'allow_list_too_long',
      path,
      `${given.length} entries are more than ${longestAllowList}`,
      given.length
    )
  else
    for (let i = 0; i < given.length; i++) {
      const parts = readEntry(given[i], [...path, i], context, problems)
      if (parts === undefined) continue
      const [type, id] = parts
      entries.push(`${type}:${id}`)
      const listed = ids.get(type)
      if (listed === undefined) ids.set(type, new Set([id]))
      else listed.add(id)
    }
  return { entries, ids }
}

/** What can be wrong with a target, an entry split in two. */
export type TargetFault = 'unknown_type' | 'no_id' | 'not_a_uuid'

/** Whatever is wrong with a type and an id that stand for an entry. */
export function targetFault(type: string, id: string, context: AllowListContext): TargetFault | undefined {
  if (type !== '*' && !context.catalogue.resources.has(type)) return 'unknown_type'
  if (id === '') return 'no_id'
  return id === '*' || context.ids !== 'uuid' || isUuid(id) ? undefined : 'not_a_uuid'
}

/** The id as lists have it: in lower case where the policy's ids are UUIDs. */
export function listedId(id: string, context: AllowListContext): string {
  return context.ids === 'uuid' ? id.toLowerCase() : id
}

/** Splits and checks one entry: `[type, id]`, the id in lower case where it is a UUID. */
export function readEntry(
  entry: unknown,
  path: readonly (string | number)[],
  context: AllowListContext,
  problems: EntryProblems
): readonly [type: string, id: string] | undefined {
  const refuse = (why: string, hint?: string): void => {
    problems.add('invalid_allow_list_entry', path, `${why}: ${quoteValue(entry)}`, entry, hint)
  }
  const colon = typeof entry === 'string' ? entry.indexOf(':') : -1
  if (typeof entry !== 'string' || colon < 0) {
    refuse(typeof entry === 'string' ? 'an entry is `type:id`, with a colon' : 'an entry is a text `type:id`')
    return undefined
  }
  const type = entry.slice(0, colon)
  const id = entry.slice(colon + 1)
  const fault = targetFault(type, id, context)
  if (fault === undefined) return [type, listedId(id, context)]
  const hint = fault === 'unknown_type' ? problems.suggest(type, context.catalogue.resources) : undefined
  refuse(faultTexts[fault], hint === undefined ? undefined : `${hint}:${id}`)
  return undefined
}

const faultTexts: Readonly<Record<TargetFault, string>> = {
  unknown_type: 'an entry of an unknown type',
  no_id: 'an entry without id',
  not_a_uuid: 'an id that is neither a UUID nor `*`'
}

/** Whether an entry matches an object: type equal or `*`, and id equal or `*`. No id matches `type:*` and `*:*` only. */
export function listMatches(list: AllowList, type: string, id: string | undefined): boolean {
  return hasId(list.ids.get(type), id) || hasId(list.ids.get('*'), id)
}

function hasId(ids: ReadonlySet<string> | undefined, id: string | undefined): boolean {
  return ids !== undefined && (ids.has('*') || (id !== undefined && ids.has(id)))
}
