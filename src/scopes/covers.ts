// Whether some scopes let through everything that others do; compared by what they let through, never by their names.
import type { Policy } from '../policy/types/index.js'
import { readCeiling, type Ceiling } from '../request/ceiling.js'
import { excessOf } from '../delegate/mint.js'
import type { Names, ScopeOf, TemplateScopeOf } from '../document/index.js'
import { RequestProblems } from '../problems/request-problems.js'
import type { TemplateScope } from '../types.js'
import { compiledOf } from '../compile/compile.js'

/**
 * Whether the held scopes let through everything that the requested scopes do, on every object, also when the catalogue
 * grows. A wildcard (`'*'` or `except`) includes actions added later, so only a wildcard covers it; the key `'*'` also
 * includes resources added later. A composite scope covers the names that it expands to, and those together cover it
 * unless it has a wildcard. A template's own allow list limits what it covers. An empty list of scopes is covered by
 * any list, and covers only an empty list.
 *
 * @throws RequestError with the codes of scopes and templates; `invalid_request` for anything but a list.
 */
export function covers<N extends Names>(
  policy: Policy<N>,
  held: readonly (ScopeOf<Policy<N>> | TemplateScopeOf<Policy<N>>)[],
  requested: readonly (ScopeOf<Policy<N>> | TemplateScopeOf<Policy<N>>)[]
): boolean
export function covers(policy: Policy, held: ScopesGiven, requested: ScopesGiven): boolean {
  const read = (scopes: ScopesGiven, name: string): Ceiling => readScopes(policy, scopes, name)
  return excessOf(compiledOf(policy), [read(held, 'held')], read(requested, 'requested')).length === 0
}

type ScopesGiven = readonly (string | TemplateScope)[]

function readScopes(policy: Policy, scopes: ScopesGiven, name: string): Ceiling {
  const problems = new RequestProblems()
  const ceiling = readCeiling({ scopes }, [name], compiledOf(policy), problems)
  problems.throwFirst()
  if (ceiling === undefined) throw new TypeError('scopes without problems were not read')
  return ceiling
}
