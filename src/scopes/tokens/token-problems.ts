// Collects the problems of a token request, each with its path both as text and as a list of keys.
import { Problems } from '../../problems/problems.js'
import type { Problem } from '../../errors.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'
import type { OptionValue } from '../../types.js'

/** Everything that can be wrong with a token request. */
export type TokenProblemCode =
  /** A wrong type, `null`, `undefined`, an unknown key, or a text that UTF-8 cannot hold. */
  | 'invalid_request'
  /** An empty `scopes` or `allow_list`. */
  | 'empty_list'
  | 'unknown_scope'
  /** A scope of the policy that a user may not ask for. */
  | 'internal_scope'
  /** Neither `scopes` nor `scope`, and the policy has no `defaultScopes`. */
  | 'missing_scopes'
  | 'invalid_allow_list_entry'
  | 'allow_list_too_long'
  /** Not a whole number of nanoseconds, or a negative one. */
  | 'invalid_lifetime'
  | 'lifetime_too_long'
  /** Under a minute, where short lifetimes are not allowed. */
  | 'lifetime_too_short'
  /** Not 1 to 32 letters, digits and single hyphens inside. */
  | 'invalid_token_name'

export class TokenProblems extends Problems<TokenProblemCode> {
  /** The path of each problem in `list`, in the same order. */
  readonly paths: Path[] = []

  override add(
    code: TokenProblemCode,
    path: Path,
    message: string,
    value?: unknown,
    hint?: OptionValue
  ): void {
    super.add(code, path, message, value, hint)
    this.paths.push(path)
  }

  /** Adds `invalid_request`: a value of the wrong type. */
  addShape(path: Path, expected: string, value: unknown): void {
    this.add('invalid_request', path, `expected ${expected}, not ${quoteValue(value)}`, value)
  }

  /** Adds `invalid_request` for a key that nothing reads. */
  addUnknownKey(path: Path, key: string, known: ReadonlySet<string>): void {
    const message = `unknown key ${quoteValue(key)}`
    this.add('invalid_request', [...path, key], message, key, this.suggest(key, known))
  }
}

/** One thing that is wrong with a token request. */
export type TokenProblem = Problem<TokenProblemCode>
