// The ceilings of "whoever has this scope": one for a scope, and for a template one for each way to give its optional
// parameters and flags. Its ids stand for every id: each is one that nothing else in the template names.
import { readCeiling, type Ceiling } from '../../compile/ceiling.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { RequestProblems } from '../../request-problems.js'
import type { TemplateScope } from '../../types.js'
import { fillExample, waysToGive } from '../templates.js'

export interface ScopeCase {
  /** As the subject of a request has it; `undefined` for no ceiling. */
  readonly scopes: readonly (string | TemplateScope)[] | undefined
  readonly ceilings: readonly Ceiling[]
}

/**
 * No ceiling where no scope is named, else every ceiling that the scope can be.
 *
 * @throws RequestError `unknown_scope`.
 */
export function scopeCases(engine: CompiledPolicy, scope: string | undefined): ScopeCase[] {
  if (scope === undefined) return [{ scopes: undefined, ceilings: [] }]
  const template = engine.scopes.templates.get(scope)
  if (template === undefined) return [ceilingOf(engine, [scope])]
  return waysToGive(template).map((given) => ceilingOf(engine, [fillExample(engine, template, given)]))
}

function ceilingOf(engine: CompiledPolicy, scopes: readonly (string | TemplateScope)[]): ScopeCase {
  const problems = new RequestProblems()
  const ceiling = readCeiling({ scopes }, [], engine, problems)
  problems.throwFirst()
  return { scopes, ceilings: ceiling === undefined ? [] : [ceiling] }
}
