// Whether some scopes let through all that others do: compared by what they grant, never by their names.
import type { Policy } from '../policy/types/index.js'
import { readCeiling, type Ceiling } from '../request/ceiling.js'
import { excessOf } from '../delegate/mint.js'
import type { Names, ScopeOf, TemplateScopeOf } from '../document/index.js'
import { RequestProblems } from '../problems/request-problems.js'
import type { TemplateScope } from '../types.js'
import { compiledOf } from '../compile/compile.js'

/**
 * Whether the scopes held let through everything that the scopes requested do, on every object, and will when the
 * catalogue grows: only a wildcard (`'*'` or `except`) covers a wildcard, because it also means the actions added
 * in future, and the key `'*'` also means the resources added. A composite covers the names that it expands to, and
 * those together cover it unless it has a wildcard. A template's own allow list limits what it covers. No scopes are
 * covered by any, and cover nothing else.
 *
 * @throws RequestError with the codes of scopes and templates; `invalid_request` for what is no list.
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
