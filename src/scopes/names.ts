// Parses scope names from outside: a declared scope, an alias of one, or a low-level name of the catalogue. The result
// says whether a user may ask for the scope; it is not refused here.
import type { Policy, ScopeInfo } from '../policy/types/index.js'
import type { Names, ScopeOf } from '../document/index.js'
import { findScope, scopeInfo } from '../policy/info.js'
import type { Parsed } from '../policy/parse.js'
import { RequestProblems } from '../problems/request-problems.js'
import { compiledOf } from '../compile/compile.js'

/**
 * A scope from outside by its name or alias, public or internal. A value that is not a text gives `invalid_request`, an
 * unknown name `unknown_scope` with the nearest name; either way it is one problem with an empty path.
 */
export function parseScope<N extends Names>(
  policy: Policy<N>,
  name: unknown
): Parsed<ScopeInfo<ScopeOf<Policy<N>>>>
export function parseScope(policy: Policy, name: unknown): Parsed<ScopeInfo> {
  const compiled = compiledOf(policy)
  const problems = new RequestProblems()
  const scope = findScope(compiled, name, problems)
  return scope === undefined
    ? { ok: false, problems: problems.inOrder() }
    : { ok: true, value: scopeInfo(scope) }
}
