// A stored token → the ceiling of its key. A token that lacks a limit, or whose scopes the policy no longer has, gives
// problems and no ceiling, so that nothing can be used by mistake.
import type { Policy } from '../../policy/types/index.js'
import { readCeiling, ReadyCeiling, type ScopeCeiling } from '../../request/ceiling.js'
import { longestAllowList } from '../../document/ids.js'
import type { Names, ScopeOf, TemplateScopeOf } from '../../document/index.js'
import type { Problem, RequestErrorCode } from '../../errors.js'
import { rowOwnField } from '../../problems/own-fields.js'
import { RequestProblems } from '../../problems/request-problems.js'
import type { CeilingInput, TemplateScope } from '../../types.js'
import { readEntries } from '../entries.js'
import { isRecord } from '../../problems/plain.js'
import { compiledOf } from '../../compile/compile.js'

/** The ceiling of a stored token, for `subject.within`, or every problem of the token. */
export type TokenCeiling<Scope = string | TemplateScope> =
  | {
      readonly ok: true
      readonly ceiling: CeilingInput<Scope> & Required<Pick<CeilingInput<Scope>, 'scopes' | 'allowList'>>
    }
  | { readonly ok: false; readonly problems: readonly Problem<RequestErrorCode>[] }

/**
 * Reads `scopes` and `allow_list` of a stored token and ignores the rest of the row. Both must be lists: a token that
 * lacks one, or has `null` there, is `invalid_request` and never a token without that limit. Scopes may be public or
 * internal, aliases, and templates `{ template, params }`; entries have either form, at most 128 of them. An empty list
 * allows nothing.
 */
export function ceilingOf<N extends Names>(
  policy: Policy<N>,
  stored: unknown
): TokenCeiling<ScopeOf<Policy<N>> | TemplateScopeOf<Policy<N>>>
export function ceilingOf(policy: Policy, stored: unknown): TokenCeiling {
  const compiled = compiledOf(policy)
  const problems = new RequestProblems()
  if (!isRecord(stored)) problems.addShape([], 'a stored token, `{ scopes, allow_list }`', stored)
  else {
    const scopes = rowOwnField(stored, 'scopes')
    const read = readCeiling({ scopes }, [], compiled, problems)
    const list = readEntries(
      rowOwnField(stored, 'allow_list'),
      ['allow_list'],
      longestAllowList,
      compiled.lists,
      problems
    )
    if (problems.list.length === 0 && Array.isArray(scopes) && read?.scopes !== undefined) {
      const copy = copyScopes(scopes, read.scopes)
      const ceiling = new ReadyCeiling(
        copy,
        list.entries,
        { scopes: read.scopes, list, orgs: undefined },
        compiled
      )
      return { ok: true, ceiling }
    }
  }
  return { ok: false, problems: problems.inOrder() }
}

/** A copy of the scopes that shares nothing with the row. */
function copyScopes(given: readonly unknown[], { templates }: ScopeCeiling): (string | TemplateScope)[] {
  let next = 0
  return given.flatMap((scope): (string | TemplateScope)[] => {
    if (typeof scope === 'string') return [scope]
    const filled = templates[next++]
    return filled === undefined ? [] : [{ template: filled.template, params: filled.params }]
  })
}
