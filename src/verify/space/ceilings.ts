// The ceilings to try for "whoever has this scope": one for a plain scope; for a template, one for each way to give its
// optional parameters and flags. The ids in them stand for every id: nothing else in the template names them.
import { readCeiling, type Ceiling } from '../../request/ceiling.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import type { CompiledTemplate } from '../../compile/scopes.js'
import { RequestProblems } from '../../problems/request-problems.js'
import type { TemplateScope } from '../../types.js'
import { fillExample, waysAbout } from './templates.js'

export interface ScopeCase {
  /** The `scopes` of the subject in a request; `undefined` for no ceiling. */
  readonly scopes: readonly (string | TemplateScope)[] | undefined
  readonly ceilings: readonly Ceiling[]
}

/** No ceiling. */
export const noScope: ScopeCase = Object.freeze({ scopes: undefined, ceilings: [] })

/** The ceilings that a scope can mean, by permission. Without a scope: one case, without ceiling. */
export class ScopeCases {
  readonly scope: string | undefined
  readonly #compiled: CompiledPolicy
  readonly #template: CompiledTemplate | undefined
  readonly #plain: readonly ScopeCase[]
  #asked: CompiledPermission | undefined
  #cases: readonly ScopeCase[] = []

  /** @throws RequestError `unknown_scope`. */
  constructor(compiled: CompiledPolicy, scope: string | undefined) {
    this.#compiled = compiled
    this.scope = scope
    this.#template = scope === undefined ? undefined : compiled.scopes.templates.get(scope)
    if (scope === undefined) this.#plain = [noScope]
    else this.#plain = this.#template === undefined ? [ceilingOf(compiled, [scope])] : []
  }

  /**
   * The ceilings to try about a permission: one for each different part of it that the scope can let through.
   *
   * @throws CasemateError `too_many_cases` where a template's flags make too many.
   */
  about(permission: CompiledPermission): readonly ScopeCase[] {
    const template = this.#template
    if (template === undefined) return this.#plain
    if (this.#asked !== permission) {
      this.#cases = waysAbout([template], permission).map((given) =>
        ceilingOf(this.#compiled, [fillExample(this.#compiled, template, given)])
      )
      this.#asked = permission
    }
    return this.#cases
  }
}

function ceilingOf(compiled: CompiledPolicy, scopes: readonly (string | TemplateScope)[]): ScopeCase {
  const problems = new RequestProblems()
  const ceiling = readCeiling({ scopes }, [], compiled, problems)
  problems.throwFirst()
  return { scopes, ceilings: ceiling === undefined ? [] : [ceiling] }
}
