// Where a key may act: `onlyOrgs` → ids of organizations, `*none` for objects in no organization, `*` for everywhere.
// An entry of another form is a problem; it never counts as an entry that matches nothing.
import type { AllowListContext } from '../compile/list-context.js'
import { isUuid, longestAllowList } from '../document/ids.js'
import type { Path } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'
import type { RequestProblems } from '../problems/request-problems.js'

const everywhere = '*'
const inNone = '*none'

/** The organizations of a key. */
export interface OrgList {
  /** As given; ids in lower case where the policy's ids are UUIDs. Frozen, since explanations return it. */
  readonly entries: readonly string[]
  readonly isEverywhere: boolean
  /** Whether objects in no organization are among them. */
  readonly hasNone: boolean
  readonly ids: ReadonlySet<string>
}

/** Reads the list at `path`. Wrong entries are problems; a list that is too long is not read at all. */
export function readOrgList(
  given: unknown,
  path: Path,
  { ids: form }: AllowListContext,
  problems: RequestProblems
): OrgList {
  const entries: string[] = []
  if (!Array.isArray(given)) problems.addShape(path, 'a list of organizations', given)
  else if (given.length > longestAllowList)
    problems.add(
      'org_list_too_long',
      path,
      `${given.length} entries are more than ${longestAllowList}`,
      given.length
    )
  // By index: a hole is an entry that is missing, and a problem.
  else
    for (let i = 0; i < given.length; i++) {
      const entry: unknown = given[i]
      const fault = faultOf(entry, form)
      if (typeof entry === 'string' && fault === undefined)
        entries.push(form === 'uuid' ? entry.toLowerCase() : entry)
      else problems.add('invalid_org_list_entry', [...path, i], `${fault ?? ''}: ${quoteValue(entry)}`, entry)
    }
  const ids = new Set(entries)
  const list = {
    entries: Object.freeze(entries),
    isEverywhere: ids.has(everywhere),
    hasNone: ids.has(inNone)
  }
  // Neither is ever taken for an id.
  ids.delete(everywhere)
  ids.delete(inNone)
  return { ...list, ids }
}

function faultOf(entry: unknown, form: AllowListContext['ids']): string | undefined {
  if (typeof entry !== 'string') return 'not a text'
  if (entry === '') return 'an entry without id'
  if (form !== 'uuid' || entry === everywhere || entry === inNone || isUuid(entry)) return undefined
  return 'an id that is neither a UUID nor `*` nor `*none`'
}

/** Whether a list holds an object's organization, or `*none` where it has none. */
export function orgListMatches(list: OrgList, org: string | undefined): boolean {
  return list.isEverywhere || (org === undefined ? list.hasNone : list.ids.has(org))
}
