// The token request as a zod schema, for frameworks that use one, and as a plain parser. Both leave the reading to
// read-token-request.ts, so that they cannot disagree.
import { NEVER, unknown, type ZodType } from 'zod'
import type { Policy } from '../../policy/types/index.js'
import type { Names, ScopeOf } from '../../document/index.js'
import { leastLifetime } from '../lifetime.js'
import { TokenProblems, type TokenProblem } from './token-problems.js'
import {
  readTokenRequest,
  tokenRules,
  type StoredToken,
  type TokenRequestSettings,
  type TokenRules
} from './read-token-request.js'
import { compiledOf } from '../../compile/compile.js'

/** The result of parsing a token request: what to store, or every problem. */
export type ParsedToken<S extends string = string> =
  | { readonly ok: true; readonly stored: StoredToken<S> }
  | { readonly ok: false; readonly problems: readonly TokenProblem[] }

/**
 * A zod schema for the body of a token request, `{ scopes, scope, allow_list, lifetime, token_name }`, each of which
 * may be missing; its output is what a server stores.
 *
 * - `scopes` are public scopes by name or alias, stored by their canonical names. The deprecated `scope` is one such
 *   name; together with `scopes` it may be any text and is ignored. Neither means the policy's `defaultScopes`.
 * - `allow_list` has entries `type:id` or `{ type, id }`, stored in normal form; missing means `*:*`.
 * - `lifetime` is a whole number of nanoseconds, a minute or more (`allowShortLifetimes` takes less); missing or 0
 *   means `defaultLifetime`.
 * - `token_name` is 1 to 32 letters, digits and single hyphens inside.
 *
 * An unknown key, `null` or `undefined` in place of a value, and an empty list are problems. All problems are reported
 * at once as issues with `params: { code, hint }`; `z.toJSONSchema(schema, { io: 'input' })` describes the body.
 *
 * @throws CasemateError `invalid_settings` for invalid settings: see `TokenRequestSettings`.
 */
export function tokenRequestSchema<N extends Names>(
  policy: Policy<N>,
  settings: TokenRequestSettings
): ZodType<StoredToken<ScopeOf<Policy<N>>>>
export function tokenRequestSchema(policy: Policy, settings: TokenRequestSettings): ZodType<StoredToken> {
  const rules = tokenRules(compiledOf(policy), settings)
  return unknown()
    .meta(bodySchema(rules))
    .transform((body, context) => {
      const problems = new TokenProblems()
      const stored = readTokenRequest(rules, body, problems)
      for (const [index, { code, value, hint, message }] of problems.list.entries())
        context.issues.push({
          code: 'custom',
          path: [...(problems.paths[index] ?? [])],
          message,
          input: value,
          params: { code, ...(hint === undefined ? {} : { hint }) }
        })
      return stored ?? NEVER
    })
}

/**
 * The same without zod: prepares the rules of the policy once, and returns a function that reads a body.
 *
 * @throws CasemateError `invalid_settings` for invalid settings: see `TokenRequestSettings`.
 */
export function tokenRequestParser<N extends Names>(
  policy: Policy<N>,
  settings: TokenRequestSettings
): (body: unknown) => ParsedToken<ScopeOf<Policy<N>>>
export function tokenRequestParser(
  policy: Policy,
  settings: TokenRequestSettings
): (body: unknown) => ParsedToken {
  const rules = tokenRules(compiledOf(policy), settings)
  return (body) => {
    const problems = new TokenProblems()
    const stored = readTokenRequest(rules, body, problems)
    return stored === undefined ? { ok: false, problems: problems.list } : { ok: true, stored }
  }
}

/** The body as JSON Schema. It cannot express everything, such as aliases; `readTokenRequest` checks the rest. */
function bodySchema({ compiled, settings, publicNames }: TokenRules): Record<string, unknown> {
  const scope = { type: 'string', enum: [...publicNames] }
  const type = { type: 'string', enum: ['*', ...compiled.catalogue.resources.keys()] }
  const id =
    compiled.document.ids === 'uuid' ? { anyOf: [{ const: '*' }, { format: 'uuid' }] } : { minLength: 1 }
  const target = {
    type: 'object',
    properties: { type, id: { type: 'string', ...id } },
    required: ['type', 'id'],
    additionalProperties: false
  }
  return {
    type: 'object',
    properties: {
      scopes: { type: 'array', items: scope, minItems: 1 },
      scope: { type: 'string', deprecated: true },
      allow_list: {
        type: 'array',
        items: { anyOf: [target, { type: 'string', pattern: '^[^:]+:.+$' }] },
        minItems: 1,
        maxItems: settings.maxEntries
      },
      lifetime: { type: 'integer', maximum: settings.maxLifetime, ...leastLifetime(settings) },
      token_name: { type: 'string', maxLength: 32, pattern: '^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$' }
    },
    if: { required: ['scopes'] },
    else: { properties: { scope } },
    additionalProperties: false
  }
}
